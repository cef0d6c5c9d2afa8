"""Posts and comments in the JSON of Instagram and Threads, of 2013 to today. Calls nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from extractors.contract import Account, Media, Post, PostKind, StatedTime
from extractors.toolbox import (
    Element,
    dict_at,
    dig,
    find_json,
    from_epoch,
    from_instagram,
    json_of,
    json_scripts,
    list_at,
    text_at,
)

MOST = 500_000  # values that are looked at
DEEPEST = 3  # quotations in quotations
UNASKED = frozenset(  # what the platform would like to be read next
    {"relatedPosts", "related_posts", "edge_web_media_to_related_media", "chaining_results", "suggested_users"}
)
MARKERS = ("window._sharedData", "window.__additionalDataLoaded(", "window.__additionalData", '"media":')
CONTEXT = re.compile(r'"contextJSON"\s*:\s*("(?:[^"\\]|\\.)*")')  # the embed page: JSON in a string in JSON
COMMENTS = (
    "edge_media_to_parent_comment",
    "edge_media_to_comment",
    "edge_media_to_hoisted_comment",
    "edge_media_preview_comment",
    "edge_threaded_comments",
)
COUNTS = {
    "like_count": "likes",
    "comment_count": "comments",
    "comment_like_count": "likes",
    "view_count": "views",
    "play_count": "views",
    "video_view_count": "views",
}
EDGES = {
    "edge_media_preview_like": "likes",
    "edge_liked_by": "likes",
    "likes": "likes",
    "edge_media_to_parent_comment": "comments",
    "edge_media_to_comment": "comments",
    "comments": "comments",
}
FRAGMENTS = ("text_post_app_info", "text_fragments", "fragments")
TEXT_COUNTS = {
    "direct_reply_count": "replies",
    "repost_count": "reposts",
    "quote_count": "quotes",
    "reshare_count": "shares",
}


@dataclass(frozen=True)
class Site:
    """Where posts and accounts of a platform stand."""

    platform: str
    profile: str  # with {handle}
    post: str  # with {handle} and {code}


INSTAGRAM = Site("instagram", "https://www.instagram.com/{handle}/", "https://www.instagram.com/p/{code}/")
THREADS = Site("threads", "https://www.threads.com/@{handle}", "https://www.threads.com/@{handle}/post/{code}")


def values(root: Element) -> Iterator[Any]:
    """Every JSON value in a page's scripts that may hold posts: typed scripts, and those set by a statement."""
    for _, value in json_scripts(root, "application/json"):
        if value is not None:
            yield value
    for script in root.iter("script"):
        text = script.text or ""
        if (context := CONTEXT.search(text)) is not None:
            yield json_of(text_at([json_of(context[1])], 0))
        for marker in MARKERS:
            if marker in text and not script.get("type", "").endswith("json"):
                yield find_json(text, marker)


def posts(value: Any, site: Site) -> Iterator[Post]:
    """Every post with its comments behind it, and comments that stand alone, in document order."""
    seen: set[str] = set()
    waiting = [value]
    for _ in range(MOST):
        if not waiting:
            return
        at = waiting.pop()
        found: list[Post] = []
        if isinstance(at, list):
            waiting.extend(reversed(at))
        elif isinstance(at, dict):
            found = _found(at, site)
            if not found:
                waiting.extend(v for k, v in reversed(at.items()) if isinstance(v, (dict, list)) and k not in UNASKED)
        for post in found:
            key = f"{post.kind} {post.id}"
            if not post.id or key not in seen:
                seen.add(key)
                yield post


def _found(at: dict[str, Any], site: Site) -> list[Post]:
    if "thread_items" in at:
        return list(_thread(list_at(at, "thread_items"), site))
    media = media_of(at, site)
    if media is not None:
        return [media, *_comments(at, media, site)]
    comment = comment_of(at, site)
    return [comment] if comment is not None else []


def media_of(at: dict[str, Any], site: Site, depth: int = 0) -> Post | None:
    """A post: `shortcode_media` of 2016 to 2023, media objects of the API, and the flat ones before."""
    code = text_at(at, "shortcode") or text_at(at, "code")
    user = dict_at(at, "user") or dict_at(at, "owner")
    when = from_epoch(dig(at, "taken_at")) or from_epoch(dig(at, "taken_at_timestamp")) or from_epoch(dig(at, "date"))
    if not code or not user or depth > DEEPEST or not (when or "caption" in at or "edge_media_to_caption" in at):
        return None
    author = account(user, site)
    text = (
        text_at(at, "caption", "text")
        or text_at(at, "caption")
        or text_at(at, "edge_media_to_caption", "edges", 0, "node", "text")
        or "".join(text_at(part, "plaintext") for part in list_at(at, *FRAGMENTS))
    )
    info = dict_at(at, "text_post_app_info")
    return Post(
        site.platform,
        "post",
        author,
        text,
        time=when or from_instagram(code),
        edited=_edited(at),
        id=text_at(at, "pk") or text_at(at, "id").partition("_")[0],
        permalink=site.post.format(handle=author.handle, code=code),
        quoted=_quoted(info, site, depth),
        media=tuple(_media(at)),
        counts=_counts(at, info),
        labels=tuple(_labels(at, user, info)),
        source="json",
    )


def comment_of(at: dict[str, Any], site: Site, kind: PostKind = "comment") -> Post | None:
    user = dict_at(at, "user") or dict_at(at, "owner")
    identifier = text_at(at, "pk") or text_at(at, "id")
    timed = "created_at" in at or "created_at_utc" in at or "viewer_can_delete" in at
    if "text" not in at or not identifier or not text_at(user, "username") or not timed:
        return None
    return Post(
        site.platform,
        kind,
        account(user, site),
        text_at(at, "text"),
        time=from_epoch(dig(at, "created_at_utc")) or from_epoch(dig(at, "created_at")),
        id=identifier,
        in_reply_to=text_at(at, "parent_comment_id"),
        counts=_counts(at, {}),
        labels=tuple(_labels(at, user, {})),
        source="json",
    )


def account(user: dict[str, Any], site: Site) -> Account:
    handle = text_at(user, "username")
    identifier = text_at(user, "pk") or text_at(user, "id")
    url = site.profile.format(handle=handle) if handle else ""
    return Account(text_at(user, "full_name"), handle, identifier if identifier.isdecimal() else "", url)


def _thread(items: list[Any], site: Site) -> Iterator[Post]:
    """The posts of one chain: each answers the one before it."""
    before = ""
    for item in items:
        at = dict_at(item, "post")
        post = media_of(at, site)
        if post is None:
            if reason := text_at(item, "parent_post_unavailable_reason"):
                yield Post(site.platform, "deleted", Account(), reason, source="json")
            continue
        answers = before if dig(at, "text_post_app_info", "is_reply") is not False else ""
        yield replace(post, in_reply_to=answers) if answers else post
        before = post.id


def _comments(at: dict[str, Any], media: Post, site: Site) -> Iterator[Post]:
    listed = [edge for key in COMMENTS for edge in list_at(at, key, "edges")]
    for holder in (
        *listed,
        *list_at(at, "comments", "nodes"),
        *list_at(at, "comments", "data"),
        *list_at(at, "comments"),
    ):
        node = dict_at(holder, "node") or (holder if isinstance(holder, dict) else {})
        comment = comment_of(node, site)
        if comment is None:
            continue
        address = f"{media.permalink}c/{comment.id}/" if media.permalink and comment.time else media.permalink
        comment = replace(comment, thread=media.id, in_reply_to=comment.in_reply_to or media.id, permalink=address)
        yield comment
        for edge in list_at(node, "edge_threaded_comments", "edges"):
            answer = comment_of(dict_at(edge, "node"), site)
            if answer is not None:
                yield replace(answer, thread=media.id, in_reply_to=comment.id)


def _edited(at: dict[str, Any]) -> StatedTime | None:
    return from_epoch(dig(at, "caption", "edited_at")) or from_epoch(dig(at, "text_post_app_info", "edited_at"))


def _quoted(info: dict[str, Any], site: Site, depth: int) -> Post | None:
    share = dict_at(info, "share_info")
    for key in ("quoted_post", "reposted_post", "quoted_attachment_post"):
        post = media_of(dict_at(share, key), site, depth + 1)
        if post is not None:
            return replace(post, kind="quoted")
    return None


def _media(at: dict[str, Any]) -> Iterator[Media]:
    parts = list_at(at, "carousel_media") or [
        dict_at(e, "node") for e in list_at(at, "edge_sidecar_to_children", "edges")
    ]
    for part in parts or [at]:
        alt = text_at(part, "accessibility_caption")
        if url := text_at(part, "video_versions", 0, "url") or text_at(part, "video_url"):
            yield Media("video", url, alt)
        elif url := (
            text_at(part, "image_versions2", "candidates", 0, "url")
            or text_at(part, "display_url")
            or text_at(part, "display_src")
            or text_at(part, "images", "standard_resolution", "url")
        ):
            yield Media("image", url, alt)
    if url := text_at(at, "text_post_app_info", "link_preview_attachment", "url"):
        yield Media("link", url, text_at(at, "text_post_app_info", "link_preview_attachment", "title"))


def _counts(at: dict[str, Any], info: dict[str, Any]) -> dict[str, str]:
    counts = {name: shown for key, name in COUNTS.items() if (shown := text_at(at, key))}
    for key, name in EDGES.items():
        if shown := text_at(at, key, "count"):
            counts.setdefault(name, shown)
    counts |= {name: shown for key, name in TEXT_COUNTS.items() if (shown := text_at(info, key))}
    return counts


def _labels(at: dict[str, Any], user: dict[str, Any], info: dict[str, Any]) -> Iterator[str]:
    if user.get("is_verified") is True:
        yield "verified"
    if user.get("is_private") is True:
        yield "private"
    if (
        text_at(info, "pinned_post_info", "is_pinned_to_profile") == "True"
        or dig(info, "pinned_post_info", "is_pinned_to_profile") is True
    ):
        yield "pinned"
    if answered := text_at(info, "reply_to_author", "username"):
        yield f"Replying to @{answered}"
    if place := text_at(at, "location", "name"):
        yield f"place: {place}"
