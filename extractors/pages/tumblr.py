"""Reads Tumblr: blogs in their own themes, the dashboard's pages, the JSON of both. Never trusts a cut preview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing, StatedTime
from extractors.elements import base_of, media_in
from extractors.fallbacks import ruled, rules, structured
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    Element,
    absolute,
    canonical,
    dict_at,
    find_json,
    fragment,
    from_epoch,
    holds,
    host_of,
    is_host,
    json_scripts,
    list_at,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    visible_text,
    walk,
    written,
)
from extractors.twins import compared

PLATFORM, HOSTS, ROOT = "tumblr", CLAIMS["tumblr"], "https://www.tumblr.com/"
NUMBERED = tuple(f"header a[href*='tumblr.com/'][href*='/{digit}']@href" for digit in range(1, 10))
APP = Shape(
    platform=PLATFORM,
    kind="post",
    post="[data-id] article, article[data-post-id], article[data-id]",
    text=("[data-testid='post-content']", ".post-content", "article > div:not(header):not(footer)"),
    name=("header a[rel='author']", "header a[href]", "header [aria-label] a"),
    named_by_handle=True,
    time=("header time[datetime]", "time[datetime]", "header a[title]"),
    id=("@data-post-id", "@data-id", "header a[href*='/post/']@href", *NUMBERED, "a[href*='/post/']@href"),
    number=re.compile(r"(\d{6,20})"),
    link=("header a[href*='/post/']@href", "a[aria-label='Permalink']@href", *NUMBERED),
    drop="header, footer, button",
    counts={"notes": ("footer [aria-label*='notes']", "footer a[href*='notes']")},
)
STATES = ("___INITIAL_STATE___", "__INITIAL_STATE__")
OLD_API = "tumblr_api_read"
THEME_POSTS = (
    "article, .post, .entry, .text, .caption, .copy, .post-content, .body-text, .postcontent, .content, [class*='post']"
)
MOST_BLOCKS, MOST_READ = 120, 3
DEEP = re.compile(r"[?&]blogName=([\w-]+)(?:.*?[?&]postID=(\d+))?")
ADDRESS = re.compile(r"^(?:/blog/view)?/(?:@?([\w-]{1,60})/)?(?:post/)?(\d{6,20})(?:/|$)")
NOT_BLOGS = {"www", "assets", "api", "static", "media", "embed", "at"}
PLACES = frozenset(
    ("dashboard", "explore", "search", "tagged", "login", "register", "about", "policy", "docs", "oembed")
)
OLD_BODIES = ("regular-body", "photo-caption", "quote-text", "link-description", "conversation-text")
BODIES = frozenset(("content", "body", "caption", "trail", "summary", *OLD_BODIES))
RULES = rules(
    ("suspended", "(?:blog|tumblr) (?:has been|was) (?:terminated|suspended|deactivated)"),
    ("removed", "there's nothing here|the page you were looking for (?:doesn't|no longer) exist|nothing to see here"),
    (
        "login_wall",
        "this tumblr may contain (?:sensitive|adult)|only see it if you're logged in|"
        "only available in the dashboard|log in to (?:view|see)",
    ),
)


@once
@compared
def read(page: Page) -> Iterator[Post | Problem]:
    value = json_page(page)
    if value is not None or OLD_API in page.html[:200]:
        found = list(_from_json(value if value is not None else find_json(page.html, OLD_API)))
        yield from found
        if not found:
            yield Problem("JSON", "no post of Tumblr in this answer")
        return
    stored = list(_stored(page))
    if stored:
        yield from stored
    elif has_blocks(page, APP):
        yield from read_blocks(page, APP)
    elif (post := _themed(page)) is not None:
        yield post


def standing(page: Page) -> Standing | None:
    if next(read(page), None) is not None:
        return Standing("live", "Tumblr shows a post")
    text = visible_text(page)[:3000].replace("’", "'")
    return ruled(text, RULES)


def recognises(page: Page) -> bool:
    if not holds(page, "umblr"):
        return False
    if meta(page, "al:ios:app_name", "al:android:package") in ("Tumblr", "com.tumblr") or holds(
        page, "___INITIAL_STATE___"
    ):
        return "umblr" in meta(page, "al:ios:url", "og:site_name", "al:ios:app_name") or is_host(
            host_of(canonical(page)), HOSTS[0]
        )
    return meta(page, "og:type").startswith("tumblr-feed:") or is_host(host_of(canonical(page)), HOSTS[0])


def companions(url: str) -> list[str]:
    known = identity(url)
    if known is None or known.page != "post" or not known.handle:
        return []
    return [f"{ROOT}oembed/1.0?url=https://{known.handle}.tumblr.com/post/{known.post}"]


def identity(url: str) -> Identity | None:
    host = host_of(url)
    if not is_host(host, HOSTS[0]):
        return None
    blog = host.removesuffix(HOSTS[0]).rstrip(".")
    path = "/" + "/".join(path_parts(url))
    met = ADDRESS.match(path)
    if blog and blog not in NOT_BLOGS:
        return (
            Identity(PLATFORM, "post", post=met[2], handle=blog) if met else Identity(PLATFORM, "profile", handle=blog)
        )
    if met and met[1]:
        return Identity(PLATFORM, "post", post=met[2], handle=met[1])
    parts = [part for part in path_parts(url) if part not in ("blog", "view")]
    if parts[:1] in (["inbox"], ["messages"], ["messaging"]):
        return Identity(PLATFORM, "inbox")
    if parts and parts[0] not in PLACES:
        return Identity(PLATFORM, "profile", handle=parts[0].removeprefix("@"))
    return Identity(PLATFORM, "other")


# --- a theme of the blog's own


def _themed(page: Page) -> Post | None:
    """The post of a permalink page: the head says whose and which, the body has the words whole."""
    known = DEEP.search(meta(page, "al:ios:url", "al:android:url"))
    linked = next((post for post in structured(page, PLATFORM) if post.kind in ("post", "article")), None)
    address = meta(page, "og:url") or canonical(page) or page.url
    number = known[2] if known and known[2] else _number(address)
    if not number and linked is None:
        return None
    blog = known[1] if known else host_of(address).removesuffix(".tumblr.com")
    title, told = meta(page, "og:title"), meta(page, "og:description") or (linked.text if linked else "")
    node = _holding(page, told)
    text = _without_title(written(node), title) if node is not None else told
    if not text and not title:
        return None
    who = Account(meta(page, "og:site_name") or blog, blog, url=f"https://{blog}.tumblr.com/" if blog else "")
    media = media_in(list(node.iter("img", "video", "audio", "iframe")), base_of(page)) if node is not None else ()
    return Post(
        PLATFORM,
        "post",
        who,
        text or title,
        time=_made(page, linked),
        id=number or "",
        permalink=address,
        media=media,
        source="dom" if node is not None else "structured",
        sure=node is not None,
    )


def _made(page: Page, linked: Post | None) -> StatedTime | None:
    if linked is not None and linked.time is not None:
        return linked.time
    return stated(meta(page, "article:published_time"))


def _number(address: str) -> str:
    met = re.search(r"/(?:post/)?(\d{6,20})(?:/|$)", address)
    return met[1] if met else ""


def _holding(page: Page, told: str) -> Element | None:
    """The smallest block that holds the beginning of what the head tells."""
    start = _bare(told.rstrip(".… "))[:80]
    if len(start) < 4:
        return None
    found: Element | None = None
    left = MOST_READ * len(page.html) + 100_000  # characters: blocks in blocks are read again and again
    for node in select(tree(page), THEME_POSTS)[:MOST_BLOCKS]:
        words = written(node)
        left -= len(words)
        if left < 0:
            break
        if start in _bare(words) and (found is None or found in node.iterancestors()):
            found = node
    return found


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _without_title(text: str, title: str) -> str:
    """The words below the heading; the heading is the post's title and stands in the head too."""
    head, _, rest = text.partition("\n")
    return rest.strip() if title and rest and _bare(head) == _bare(title) else text


# --- JSON


def _stored(page: Page) -> Iterator[Post]:
    for _, value in json_scripts(tree(page), "application/json"):
        if holds(page, "umblr"):
            yield from _from_json(value)
    for node in select(tree(page), "script"):
        text = node.text or ""
        name = next((name for name in STATES if name in text[:400]), None)
        if name is not None:
            yield from _from_json(find_json(text, name))


def _from_json(value: Any) -> Iterator[Post]:
    """Posts of the app's state, of the API, of oEmbed and of the oldest API, each once."""
    seen: set[str] = set()
    for _, item in walk(value):
        id_ = text_at(item, "idString") or text_at(item, "id_string") or text_at(item, "id")
        blog = text_at(item, "blogName") or text_at(item, "blog_name") or text_at(item, "tumblelog")
        blog = blog or text_at(item, "tumblelog", "name") or text_at(item, "blog", "name")
        link = text_at(item, "postUrl") or text_at(item, "post_url") or text_at(item, "url")
        if not id_.isdigit() or not blog or id_ in seen or not (link and item.keys() & BODIES):
            continue
        seen.add(id_)
        yield _from_post(item, id_, blog, link)
    if not seen and text_at(value, "provider_name") == "Tumblr" and text_at(value, "html"):
        yield _from_oembed(value)


def _from_post(item: dict[str, Any], id_: str, blog: str, link: str) -> Post:
    text, media = _content(item.get("content"))
    repeated = _trail(item)
    if not text and repeated is None:
        markup = next((text_at(item, key) for key in ("body", "caption", *OLD_BODIES) if text_at(item, key)), "")
        body = fragment(markup)
        text, media = written(body) if "<" in markup else markup, media_in(list(body.iter("img", "video")), link)
    title = text_at(item, "title") or text_at(item, "regular-title")
    notes = text_at(item, "noteCount") or text_at(item, "note_count")
    tags = [str(tag) for tag in list_at(item, "tags")]
    return Post(
        PLATFORM,
        "post",
        Account(
            text_at(item, "blog", "title"),
            blog,
            text_at(item, "blog", "uuid"),
            text_at(item, "blog", "blogViewUrl") or text_at(item, "blog", "url") or f"https://{blog}.tumblr.com/",
        ),
        f"{title}\n\n{text}".strip(),
        time=from_epoch(item.get("timestamp") or item.get("unix-timestamp")),
        id=id_,
        permalink=absolute(link, ROOT),
        in_reply_to=text_at(item, "rebloggedFromUrl") or text_at(item, "reblogged_from_url"),
        quoted=repeated,
        media=media,
        counts={"notes": notes} if notes else {},
        labels=tuple(f"#{tag}" for tag in tags),
        source="json",
    )


def _trail(item: dict[str, Any]) -> Post | None:
    """What a repeated post says above its own words: each layer quotes the one before it."""
    above: Post | None = None
    for layer in list_at(item, "trail")[:50]:
        text, media = _content(dict_at(layer).get("content"))
        blog = text_at(layer, "blog", "name") or text_at(layer, "brokenBlogName") or text_at(layer, "broken_blog_name")
        time, id_ = from_epoch(dict_at(dict_at(layer).get("post")).get("timestamp")), text_at(layer, "post", "id")
        who = Account(text_at(layer, "blog", "title"), blog, text_at(layer, "blog", "uuid"))
        above = Post(PLATFORM, "quoted", who, text, time=time, id=id_, quoted=above, media=media, source="json")
    return above


def _content(blocks: Any) -> tuple[str, tuple[Media, ...]]:
    """Tumblr's own blocks (its "Neue Post Format"): text in paragraphs, pictures with their alt."""
    lines, media = [], []
    for block in blocks if isinstance(blocks, list) else []:
        kind = text_at(block, "type")
        if kind == "text":
            lines.append(text_at(block, "text"))
        elif kind in ("image", "video", "audio"):
            url = text_at(block, "media", 0, "url") or text_at(block, "media", "url") or text_at(block, "url")
            name: Any = kind
            media.append(Media(name, url, text_at(block, "altText") or text_at(block, "alt_text")))
        elif kind == "link":
            media.append(Media("link", text_at(block, "url"), text_at(block, "title")))
    return "\n\n".join(line for line in lines if line), tuple(each for each in media if each.url)


def _from_oembed(value: Any) -> Post:
    body = fragment(text_at(value, "html"))
    link = text_at(value, "url")
    who = Account(text_at(value, "author_name"), text_at(value, "author_name"), url=text_at(value, "author_url"))
    text = written(body) or text_at(value, "title")
    return Post(PLATFORM, "post", who, text, id=_number(link), permalink=link, source="json", sure=False)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
