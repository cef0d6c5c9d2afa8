"""Reads the elements of Reddit's pages: shreddit's own, `.thing` of old Reddit, and those of 2018 to 2023. No JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from extractors.contract import Account, Media, Page, Post, StatedTime
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    first,
    from_epoch,
    host_of,
    is_host,
    matches,
    path_parts,
    select,
    stated,
    tree,
    written,
)

PLATFORM = "reddit"
HOME = "https://www.reddit.com/"
UNITS = "shreddit-post, shreddit-comment, shreddit-profile-comment, .thing, [id^='t3_'], [id^='t1_'], .reddit-embed"
THING = re.compile(r"t[134]_[a-z0-9]+", re.I)
BARE = re.compile(r"[a-z0-9]{4,13}", re.I)
BODY = {"text-body", "comment", "post-media-container"}
TEXT = ".usertext-body .md, .usertext-body, .RichTextJSON-root, .reddit-embed-content"
LEVEL = re.compile(r"level\s+(\d+)")
ABSENT = re.compile(r"^\[?(deleted|removed|unavailable)( by (user|moderator|reddit|admin)s?)?\]?$", re.I)
GONE_COMMENT = re.compile(r"^(comment|post) (deleted|removed) by (user|moderator|reddit|admin)s?\b.*$", re.I)
PLACEHOLDER = "[data-testid='post-comment-header-deleted'], [slot='comment-deleted'], .deleted-comment"
NO_MEDIA = re.compile(r"redditstatic\.com|/avatars?/|communityIcon|profileIcon|emoji|award|styles\.redditmedia", re.I)


def elements(page: Page) -> Iterator[Post]:
    """Each post and comment once, outermost element first; what it answers comes from nesting, depth or level."""
    seen: set[str] = set()
    above: list[str] = []  # ids of the comments on the way down to the present one
    thread = ""
    for node in select(tree(page), UNITS):
        found = _shreddit(node, page) if "shreddit" in str(node.tag) else _thing(node, page)
        if found is None or (found.id and found.id in seen):
            continue
        seen.add(found.id)
        if found.kind != "comment" and not found.id.startswith("t1_"):
            thread, above = found.id, []
            yield found
            continue
        level = _level(node)
        above = [*above[:level], found.id]
        parent = found.in_reply_to or (above[-2] if len(above) > 1 else thread)
        yield replace(found, in_reply_to=parent, thread=found.thread or thread)


def _shreddit(node: Element, page: Page) -> Post | None:
    tag = str(node.tag)
    if tag not in ("shreddit-post", "shreddit-comment", "shreddit-profile-comment"):
        return None
    main = tag == "shreddit-post"
    identifier = attr(node, "id" if main else "thingid") or attr(node, "comment-id")
    body = next(
        (part for part in _own(node) if attr(part, "slot") in BODY and attr(part, "slot") != "post-media-container"),
        None,
    )
    title = attr(node, "post-title") or written(next((h for h in _own(node) if attr(h, "slot") == "title"), None))
    ago = first(node, "faceplate-timeago")
    given = attr(node, "created-timestamp") or attr(node, "created") or attr(ago, "ts")
    counts = {
        "score": attr(node, "score"),
        "comments": attr(node, "comment-count"),
        "awards": attr(node, "award-count"),
    }
    return _post(
        page,
        main,
        identifier,
        Account("", _handle(attr(node, "author")), attr(node, "author-id"), _profile(attr(node, "author"))),
        "\n\n".join(part for part in (title, written(body)) if part),
        stated(given, written(ago)),
        permalink=attr(node, "permalink") or attr(node, "href"),
        parent=attr(node, "parentid"),
        thread=attr(node, "postid"),
        media=_media(node, page) if main else _media(body, page),
        counts=counts,
        labels=[name for name in ("archived", "locked", "nsfw", "spoiler", "stickied", "edited") if _said(node, name)],
        gone=_said(node, "is-comment-deleted") or (_said(node, "is-author-deleted") and not written(body)),
    )


def _thing(node: Element, page: Page) -> Post | None:
    """An element of old Reddit (`.thing`) or of the pages of 2018 to 2023 (`id="t3_…"`, `id="t1_…"`)."""
    old = "thing" in classes(node) or "reddit-embed" in classes(node)
    identifier = attr(node, "data-fullname") or attr(node, "id") if old else attr(node, "id")
    named = THING.search(identifier) or THING.search(attr(node, "class"))
    if not old and not (
        THING.fullmatch(identifier)
        and (
            first(node, "h1, h3, [data-testid='comment'], [data-test-id='comment'], [data-testid$='-deleted']")
            is not None
        )
    ):
        return None
    if old and {"promoted", "morechildren", "morerecursion"} & {*classes(node)}:
        return None
    comment = named[0].startswith("t1") if named else "comment" in classes(node)
    inner = next((child for child in node if "entry" in classes(child)), node) if old else node
    gone = first(inner, PLACEHOLDER)
    linked = first(inner, ".tagline a.author", "a.author", "a[data-testid$='author_link']", ".reddit-embed-author")
    linked = linked if linked is not None else first(inner, "a[href*='/user/']")
    handle = _handle(attr(node, "data-author") or written(linked) or "".join(path_parts(attr(linked, "href"))[1:2]))
    title = written(first(inner, "a.title", "h1", "h3")) if not comment else ""
    body = first(inner, TEXT, "[data-testid='comment'], [data-test-id='comment']")
    said = written(body)
    text = "\n\n".join(part for part in (title, said) if part) or _gone_words(gone)
    moment = first(inner, "time[datetime]", "time[title]", "[data-testid$='_timestamp']", "[id*='--Created--']", "time")
    shown = written(moment)
    time = stated(attr(moment, "datetime"), shown) or from_epoch(attr(node, "data-timestamp")) or stated(shown)
    edited = first(inner, "time.edited-timestamp")
    link = first(
        inner, "a.bylink", "a[data-testid='comment_timestamp']", "a[id*='--Created--']", "a.title[href*='/comments/']"
    )
    return _post(
        page,
        not comment,
        named[0] if named else "",
        Account("", handle, attr(node, "data-author-fullname"), _profile(handle)),
        text,
        time,
        permalink=attr(node, "data-permalink") or attr(link, "href"),
        edited=stated(attr(edited, "datetime"), attr(edited, "title")) if edited is not None else None,
        media=_media(inner if not comment else body, page, link=attr(node, "data-url")),
        counts={
            "score": attr(node, "data-score") or written(first(inner, ".score.unvoted", "[id^='vote-arrows'] > div")),
            "comments": attr(node, "data-comments-count"),
        },
        labels=[
            written(each) for each in select(inner, ".stickied-tagline, .locked-tagline, .nsfw-stamp, .spoiler-stamp")
        ],
        gone=gone is not None or "deleted" in classes(node) or bool(ABSENT.match(said)),
    )


def _post(
    page: Page,
    main: bool,
    identifier: str,
    author: Account,
    text: str,
    time: StatedTime | None,
    *,
    permalink: str,
    edited: StatedTime | None = None,
    parent: str = "",
    thread: str = "",
    media: tuple[Media, ...] = (),
    counts: dict[str, str],
    labels: Iterable[str] = (),
    gone: bool = False,
) -> Post:
    link = absolute(permalink, HOME).partition("?")[0]
    gone = gone or bool(ABSENT.match(text) or GONE_COMMENT.match(text))
    return Post(
        PLATFORM,
        "deleted" if gone else "post" if main else "comment",
        author,
        text,
        time,
        edited,
        identifier or _from_link(link, main),
        link,
        parent,
        thread,
        media=media,
        counts={name: count for name, count in counts.items() if count},
        labels=tuple(label for label in [*labels, *([text] if gone and text else [])] if label),
    )


# --- small parts


def _own(node: Element) -> Iterator[Element]:
    """Parts of the element itself: comments nest in comments."""
    waiting = list(reversed(node))
    while waiting:
        part = waiting.pop()
        if not isinstance(part.tag, str) or part.tag == "shreddit-comment":
            continue
        yield part
        if not attr(part, "slot"):
            waiting.extend(reversed(part))


def _media(node: Element | None, page: Page, *, link: str = "") -> tuple[Media, ...]:
    if node is None:
        return ()
    found: dict[str, Media] = {}
    for part in select(node, "img[src], video, source[src], shreddit-player[src], shreddit-player-2[src]"):
        url = absolute(attr(part, "src") or attr(part, "poster"), page.url)
        inside = any(
            matches(up, "[slot='credit-bar'], [slot='commentAvatar'], shreddit-comment") for up in part.iterancestors()
        )
        if url and url not in found and not NO_MEDIA.search(url) and not inside:
            found[url] = Media("image" if part.tag == "img" else "video", url, attr(part, "alt"))
    if link and not is_host(host_of(absolute(link, HOME)), "reddit.com"):
        found.setdefault(link, Media("image" if re.search(r"\.(jpe?g|png|gif|webp)$", link) else "link", link))
    return tuple(found.values())


def _level(node: Element) -> int:
    if depth := attr(node, "depth"):
        return int(depth) if depth.isdigit() and len(depth) < 4 else 0
    if found := LEVEL.search(written(next((s for s in select(node, "span") if LEVEL.match(s.text or "")), None))):
        return max(0, int(found[1][:3]) - 1)
    return sum(1 for up in node.iterancestors() if "comment" in classes(up) and "thing" in classes(up))


def _gone_words(placeholder: Element | None) -> str:
    words = written(placeholder) if placeholder is not None else ""
    return next((line.strip() for line in words.split("·") if line.strip()), "")


def _handle(name: str) -> str:
    name = name.strip().removeprefix("/").removeprefix("u/")
    return "" if name in ("[deleted]", "[removed]") else name


def _profile(name: str) -> str:
    return f"{HOME}user/{_handle(name)}/" if _handle(name) else ""


def _from_link(link: str, main: bool) -> str:
    """The id in the address of a thread (`…/comments/ID/slug/`) or comment (`…/comments/ID/slug/COMMENT/`)."""
    parts = path_parts(link)
    at = parts.index("comments") + (1 if main else 3) if "comments" in parts else len(parts)
    return f"t{3 if main else 1}_{parts[at]}" if at < len(parts) else ""


def _said(node: Element, name: str) -> bool:
    return name in node.attrib and attr(node, name).lower() not in ("false", "0")
