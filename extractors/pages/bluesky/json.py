"""Posts in the JSON of Bluesky: threads, feeds, records and profiles of the AT Protocol, oEmbed. Calls nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Account, Media, Post, StatedTime
from extractors.toolbox import (
    Element,
    attr,
    dict_at,
    dig,
    first,
    fragment,
    from_tid,
    list_at,
    select,
    stated,
    text_at,
    written,
)

APP = "https://bsky.app"
AT = re.compile(r"at://(?P<actor>[^/]+)/app\.bsky\.feed\.post/(?P<key>[\w.:~-]+)", re.ASCII)
ADDRESS = re.compile(r"(?:https://bsky\.app)?/profile/(?P<actor>[^/?#]+)/post/(?P<key>[\w.:~-]+)", re.ASCII)
GONE = {"notFound": "not found", "blocked": "blocked", "detached": "removed by author"}
COUNTS = {
    "replyCount": "replies",
    "repostCount": "reposts",
    "likeCount": "likes",
    "quoteCount": "quotes",
    "bookmarkCount": "bookmarks",
}
MOST = 500_000  # values that are looked at
DEEPEST = 4  # quotations in quotations
BIDI = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))  # the app puts them round names
EMBED = "blockquote[data-bluesky-uri]"
SIGNED = re.compile(r"\(\s*$")


def posts(value: Any) -> Iterator[Post]:
    """Every post in a JSON value: what a thread's post answers before it, its replies after it."""
    seen: set[str] = set()
    waiting = [value]
    for _ in range(MOST):
        if not waiting:
            return
        at = waiting.pop()
        if isinstance(at, list):
            waiting.extend(reversed(at))
        elif isinstance(at, dict):
            post = post_of(at)
            if post is None:
                waiting.extend(_inner(at))
            elif not post.permalink or post.permalink not in seen:
                seen.add(post.permalink)
                yield post


def post_of(found: dict[str, Any], depth: int = 0) -> Post | None:
    """The post that this object is: a view, a bare record, a gap in a thread, an oEmbed answer, a profile."""
    if depth > DEEPEST:
        return None
    uri = text_at(found, "uri")
    for flag, words in GONE.items():
        if found.get(flag) is True and uri.startswith("at://"):
            return replace(_blank(uri, words), author=account(dict_at(found, "author")))
    record = dict_at(found, "record") or dict_at(found, "value")
    if AT.fullmatch(uri) and "text" in record:
        return _view(found, record, depth)
    if text_at(found, "$type") == "app.bsky.unspecced.defs#threadItemNotFound":
        return Post("bluesky", "deleted", Account(), "not found", source="json")
    if "html" in found and "bsky.app" in text_at(found, "provider_url"):
        return next(embedded(fragment(text_at(found, "html"))), None)
    if text_at(found, "did") and "followersCount" in found and "handle" in found:
        author = account(found)
        return Post("bluesky", "profile", author, text_at(found, "description"), permalink=author.url, source="json")
    return None


def embedded(root: Element) -> Iterator[Post]:
    """The posts of `<blockquote>`s that Bluesky hands out for embedding."""
    for node in select(root, EMBED):
        found = AT.fullmatch(attr(node, "data-bluesky-uri"))
        words = first(node, "p")
        links = select(node, "a[href]")
        if found is None or words is None or not links:
            continue
        text = written(words).removesuffix("[image or embed]").rstrip()
        name = SIGNED.sub("", words.tail or "").strip().lstrip("—– ").strip()
        handle = next((h[1:] for link in links if (h := written(link).strip()).startswith("@")), "")
        author = Account(name, handle, found["actor"], f"{APP}/profile/{handle or found['actor']}")
        when = shown_and_counted(written(links[-1]), found["key"])
        address = f"{author.url}/post/{found['key']}"
        yield Post("bluesky", "post", author, text, time=when, id=found["key"], permalink=address, source="structured")


def account(author: dict[str, Any]) -> Account:
    handle, did = text_at(author, "handle"), text_at(author, "did")
    return Account(
        text_at(author, "displayName"), handle, did, f"{APP}/profile/{handle or did}" if handle or did else ""
    )


def shown_and_counted(shown: str, key: str) -> StatedTime | None:
    """The time as shown, in UTC from the record's key: what is shown carries no zone."""
    shown, counted = " ".join(shown.split()), from_tid(key)
    return StatedTime(shown or key, counted.utc, counted.zone, "id") if counted else stated("", shown)


def address_of(uri: str) -> str:
    """The web address of an AT address of a post; other addresses stay."""
    found = AT.fullmatch(uri)
    return f"{APP}/profile/{found['actor']}/post/{found['key']}" if found else uri


def _inner(at: dict[str, Any]) -> list[Any]:
    """What is looked at next, last first: in a thread the parent, then the post, then the replies."""
    if "post" in at and ("replies" in at or "parent" in at or "reason" in at or "reply" in at):
        post = at["post"]
        reason = dict_at(at, "reason")
        if isinstance(post, dict) and reason:
            post = {**post, "_reason": reason}
        return [part for part in (at.get("replies"), post, at.get("parent")) if isinstance(part, (dict, list))]
    return [part for part in reversed(at.values()) if isinstance(part, (dict, list))]


def _view(found: dict[str, Any], record: dict[str, Any], depth: int) -> Post:
    uri = text_at(found, "uri")
    at = AT.fullmatch(uri)
    actor, key = (at["actor"], at["key"]) if at else ("", "")
    author = account(dict_at(found, "author") or {"did": actor})
    embeds = [dict_at(found, "embed"), *(e for e in list_at(found, "embeds")[:DEEPEST] if isinstance(e, dict))]
    return Post(
        "bluesky",
        "post",
        author,
        text_at(record, "text"),
        time=stated(text_at(record, "createdAt")) or from_tid(key),
        id=key,
        permalink=f"{author.url}/post/{key}",
        in_reply_to=address_of(text_at(record, "reply", "parent", "uri")),
        thread=address_of(text_at(record, "reply", "root", "uri")),
        quoted=next((post for embed in embeds if (post := _quoted(embed, depth)) is not None), None),
        media=tuple(media for embed in embeds or [dict_at(record, "embed")] for media in _media(embed)),
        counts={name: shown for key, name in COUNTS.items() if (shown := text_at(found, key))},
        labels=tuple(_labels(found, record)),
        source="json",
    )


def _quoted(embed: dict[str, Any], depth: int) -> Post | None:
    record = dict_at(embed, "record", "record") or dict_at(embed, "record")
    post = post_of(record, depth + 1) if record else None
    return post if post is None or post.kind == "deleted" else replace(post, kind="quoted")


def _media(embed: dict[str, Any]) -> Iterator[Media]:
    for part in (embed, dict_at(embed, "media")):
        for image in list_at(part, "images"):
            if url := text_at(image, "fullsize") or text_at(image, "thumb"):
                yield Media("image", url, text_at(image, "alt"))
        if url := text_at(part, "playlist"):
            yield Media("video", url, text_at(part, "alt"))
        if url := text_at(part, "external", "uri"):
            yield Media("link", url, text_at(part, "external", "title"))


def _labels(found: dict[str, Any], record: dict[str, Any]) -> Iterator[str]:
    if text_at(found, "author", "verification", "verifiedStatus") == "valid":
        yield "verified"
    for label in (*list_at(found, "labels"), *list_at(found, "author", "labels"), *list_at(record, "labels", "values")):
        if value := text_at(label, "val"):
            yield value
    if "reasonRepost" in text_at(found, "_reason", "$type"):
        by = account(dict_at(found, "_reason", "by"))
        yield f"reposted by {by.name or by.handle} (@{by.handle})"
    elif "reasonPin" in text_at(found, "_reason", "$type"):
        yield "pinned"


def _blank(uri: str, words: str) -> Post:
    at = AT.fullmatch(uri)
    key = at["key"] if at else ""
    return Post("bluesky", "deleted", Account(), words, id=key, permalink=address_of(uri), source="json")


def has_record(value: Any) -> bool:
    """Whether this is an answer of the AT Protocol at all."""
    if not isinstance(value, dict):
        return False
    kind = (
        text_at(value, "value", "$type")
        or text_at(value, "thread", "$type")
        or text_at(value, "thread", 0, "value", "$type")
    )
    return (
        kind.startswith("app.bsky.")
        or text_at(value, "uri").startswith("at://")
        or bool(dig(value, "feed", 0, "post", "uri"))
    )
