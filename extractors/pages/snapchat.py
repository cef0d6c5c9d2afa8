"""Reads Snapchat's public pages: profiles, stories and Spotlight, from the data that they carry. Opens no story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.fallbacks import (
    belongs,
    names_itself,
    opengraph,
    ruled,
    rules,
    structured,
    wall_words,
    without_post,
)
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    canonical,
    dict_at,
    from_epoch,
    holds,
    host_of,
    is_host,
    json_scripts,
    list_at,
    path_parts,
    text_at,
    title_of,
    tree,
    walk,
)

PLATFORM = "snapchat"
HOME = "https://www.snapchat.com/"
HOSTS = CLAIMS["snapchat"]
STORIES = (("story", "story"), ("curatedHighlights", "story"), ("savedHighlights", "story"))
MEDIA = {"0": "image", "1": "video", "2": "video"}
COUNTS = (("views", "viewCount"), ("shares", "shareCount"), ("comments", "commentCount"), ("likes", "recommendCount"))
WALLS = rules(
    ("challenge", r"access denied|verify you are human|unusual traffic"),
    (
        "removed",
        r"(?:page|content|story|snap|user|account) (?:was |is |could )?(?:not|n't) (?:be )?(?:found|available)",
    ),
    (
        "removed",
        r"(?:sorry, )?(?:we couldn't find|this (?:content|snap|story|lens|page) (?:is no longer|isn't) available)",
    ),
    ("removed", r"nothing to see here|this story has expired|no longer available"),
    ("login_wall", r"log in to (?:snapchat|continue|see)"),
    ("error", r"something went wrong|internal server error"),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """Whose page it is, then each snap of its stories and Spotlight, in the order of the page's data; else JSON-LD."""
    value = json_page(page)
    values = [value] if value is not None else [data for _, data in json_scripts(tree(page), "application/json")]
    posts = [post for data in values for post in _data(data)]
    if value is not None and not posts:
        yield Problem("/", "a JSON answer without posts")
    posts = posts or list(structured(page, PLATFORM))
    about = _identity(page)
    if not posts and value is None and about is not None and about.page in ("profile", "post", "story"):
        kind = "profile" if about.page == "profile" else "post"
        preview = opengraph(page, PLATFORM, kind=kind, author=_account("", about.handle))  # type: ignore[arg-type]  # both kinds are
        named = preview is not None and about.handle != "" and about.handle in preview.text
        posts = [replace(preview, id=about.post)] if preview is not None and named else []
    yield from posts


def standing(page: Page) -> Standing | None:
    """What the data says of the page, else the page's own notices."""
    for _, data in json_scripts(tree(page), "application/json"):
        properties = dict_at(data, "props", "pageProps")
        kind, code = text_at(properties, "pageType"), text_at(properties, "statusCode")
        if code in ("404", "410") or text_at(data, "page") in ("/404", "/_error"):
            return Standing("removed", f"the page's data: {code or text_at(data, 'page')} {kind}".strip())
    posts = [record for record in read(page) if isinstance(record, Post) and record.sure]
    if posts:
        return Standing("live", f"{posts[0].kind} {posts[0].id or posts[0].author.handle} stands in the page".strip())
    about = _identity(page)
    wanted = about is not None and about.page in ("post", "story")
    return ruled(wall_words(page), WALLS) or (without_post(page, "Snapchat") if wanted else None)


def identity(url: str) -> Identity | None:
    """Profile, story or Spotlight, from the address alone."""
    parts = path_parts(url)
    if not is_host(host_of(url), "snapchat.com"):
        return None
    head = parts[0] if parts else ""
    handle = head[1:] if head.startswith("@") else ""
    if is_host(host_of(url), "story.snapchat.com"):
        return Identity(PLATFORM, "story", parts[-1] if parts else "", handle or parts[-1] if parts else "")
    if "spotlight" in parts[:2] and len(parts) > parts.index("spotlight") + 1:
        return Identity(PLATFORM, "post", parts[parts.index("spotlight") + 1], handle)
    if head in ("add", "u", "s") and len(parts) > 1:
        return Identity(PLATFORM, "profile" if head != "s" else "story", handle=parts[1])
    if head in ("t", "p", "o") and len(parts) > 1:
        return Identity(PLATFORM, "story", parts[-1])
    if handle:
        story = parts[1] if len(parts) > 1 else ""
        return Identity(PLATFORM, "story" if story else "profile", story, handle)
    return Identity(PLATFORM, "inbox" if head == "web" or host_of(url).startswith("web.") else "other")


def recognises(page: Page) -> bool:
    """Its canonical address, its name, or the shape of its data."""
    if json_page(page) is not None:
        return False
    if belongs(page, "snapchat.com") or names_itself(page, "snapchat"):
        return True
    title = title_of(page)
    return title.endswith("| Snapchat") or (holds(page, '"publicProfileInfo"') and holds(page, '"snapcodeImageUrl"'))


# --- data


def _data(value: Any) -> Iterator[Post]:
    properties = dict_at(value, "props", "pageProps") or (value if isinstance(value, dict) else {})
    owner = _owner(properties)
    if owner is not None:
        yield owner
    seen: set[str] = set()
    author = owner.author if owner is not None else Account()
    lists = [dict_at(properties, "story")]
    lists += [item for key in ("curatedHighlights", "savedHighlights") for item in list_at(properties, key)]
    for story in lists:
        for post in _snaps(story, author):
            if post.id not in seen:
                seen.add(post.id)
                yield post
    for _, item in walk(properties.get("spotlightFeed") or properties.get("spotlightHighlights") or {}):
        spot = _spotlight(item, author)
        if spot is not None and spot.id not in seen:
            seen.add(spot.id)
            yield spot


def _owner(properties: dict[str, Any]) -> Post | None:
    profile = dict_at(properties, "userProfile")
    told = dict_at(profile, "publicProfileInfo") or dict_at(profile, "userInfo") or dict_at(properties, "userInfo")
    handle = text_at(told, "username")
    if not handle:
        return None
    author = _account(text_at(told, "title") or text_at(told, "displayName"), handle)
    followers = text_at(told, "subscriberCount")
    return Post(
        PLATFORM,
        "profile",
        author,
        text_at(told, "bio") or author.name or handle,
        permalink=author.url,
        counts={"subscribers": followers} if followers not in ("", "0") else {},
        labels=("verified",) if text_at(told, "badge") not in ("", "0") else (),
        source="json",
    )


def _snaps(story: Any, author: Account) -> Iterator[Post]:
    title = _value(story, "storyTitle") or _value(story, "title")
    thread = _value(story, "storyId")
    for snap in list_at(story, "snapList"):
        identifier = _value(snap, "snapId")
        url = text_at(snap, "snapUrls", "mediaUrl") or _value(dict_at(snap, "snapUrls"), "mediaPreviewUrl")
        kind = MEDIA.get(text_at(snap, "snapMediaType"), "image")
        shown = _value(snap, "snapTitle") or text_at(snap, "title") or title
        yield Post(
            PLATFORM,
            "story",
            author,
            shown,
            from_epoch(_value(snap, "timestampInSec")),
            id=identifier or f"{thread}/{text_at(snap, 'snapIndex')}",
            thread=thread,
            media=(Media("video" if kind == "video" else "image", url),) if url else (),
            source="json",
        )


def _spotlight(item: dict[str, Any], owner: Account) -> Post | None:
    about = dict_at(item, "metadata", "videoMetadata")
    if not about:
        return None
    person = dict_at(about, "creator", "personCreator") or dict_at(about, "creator")
    author = _account(text_at(person, "name"), text_at(person, "username")) if text_at(person, "username") else owner
    identifier = _value(dict_at(item, "story"), "storyId") or text_at(about, "videoId") or text_at(about, "embedUrl")
    texts = (text_at(about, "name"), text_at(about, "description"))
    counts = {name: text_at(item, "metadata", "engagementStats", key) or text_at(about, key) for name, key in COUNTS}
    video = text_at(about, "contentUrl") or _value(dict_at(about), "videoUrl") or text_at(about, "thumbnailUrl")
    return Post(
        PLATFORM,
        "post",
        author,
        "\n\n".join(dict.fromkeys(text for text in texts if text)),
        from_epoch(text_at(about, "uploadDateMs")),
        id=identifier,
        permalink=f"{HOME}spotlight/{identifier}" if identifier else "",
        media=(Media("video", video),) if video else (),
        counts={name: count for name, count in counts.items() if count not in ("", "0")},
        source="json",
    )


def _value(item: Any, name: str) -> str:
    """A string, or the `value` of the small object that wraps one."""
    return text_at(item, name) or text_at(item, name, "value")


def _account(name: str, handle: str) -> Account:
    return Account(name, handle, "", f"{HOME}@{handle}" if handle else "")


def _identity(page: Page) -> Identity | None:
    own = identity(canonical(page))
    return own if own is not None and own.page != "other" else identity(page.url)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, identity=identity)
