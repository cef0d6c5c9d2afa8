"""Reads the data of Facebook's present pages: stories, what they share, media, comments. Knows no element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Account, Media, Post
from extractors.pages.facebook.address import HOME, account, link, post_id
from extractors.toolbox import (
    dict_at,
    from_epoch,
    list_at,
    text_at,
    walk,
)

PLATFORM = "facebook"
APART = (
    "/attached_story",
    "/comments/",
    "/display_comments",
    "/interesting_top_level_comments",
    "/comment_rendering",
    "/replies",
)
MEDIA = {"Photo": "image", "Video": "video"}
STORY_ID = re.compile(r"^(?:pfbid\w+|\d+(?:_\d+)?)$")


def stories(value: Any) -> Iterator[Post]:
    """Stories, media and comments of a page's or an answer's data, each once, told together from all its parts."""
    found: dict[str, Post] = {}
    for pointer, item in walk(value):
        apart = "/attached_story" in pointer
        post = (
            None
            if apart
            else _comment(item)
            if _is_comment(item)
            else _story(item)
            if _is_story(item)
            else _medium(item)
        )
        if post is None:
            continue
        key = f"{post.kind == 'comment'} {post.id}"
        found[key] = _together(found[key], post) if key in found else post
    names = {post_id(post.permalink): post.id for post in found.values() if post.kind == "post"}
    for post in found.values():
        if post.text or post.media:
            parent, thread = names.get(post.in_reply_to, post.in_reply_to), names.get(post.thread, post.thread)
            yield replace(post, in_reply_to=parent, thread=thread)


# --- present pages


def _is_story(item: dict[str, Any]) -> bool:
    kind = text_at(item, "__typename")
    named = bool(text_at(item, "post_id")) and bool(
        item.get("comet_sections") or item.get("message") or item.get("actors")
    )
    return named or (
        kind == "Story" and bool(item.get("message") or item.get("comet_sections")) and bool(_story_id(item))
    )


def _is_comment(item: dict[str, Any]) -> bool:
    told = "body" in item or "preferred_body" in item or "body_renderer" in item
    return (
        told
        and isinstance(item.get("author"), dict)
        and bool(item.get("legacy_fbid") or text_at(item, "__typename") == "Comment")
    )


def _story(item: dict[str, Any]) -> Post | None:
    parts = list(_parts(item))
    actor = next((dict_at(part, "actors", 0) for part in parts if text_at(part, "actors", 0, "name")), {})
    message = next((said for part in parts if (said := text_at(part, "message", "text"))), "")
    created = next((from_epoch(part["creation_time"]) for part in parts if part.get("creation_time")), None)
    url = next(
        (given for key in ("wwwURL", "permalink_url", "url") for part in parts if post_id(given := text_at(part, key))),
        "",
    )
    shared = next((part["attached_story"] for part in parts if isinstance(part.get("attached_story"), dict)), None)
    quoted = _story(shared) if shared is not None and shared is not item else None
    return Post(
        PLATFORM,
        "post",
        _person(actor),
        message,
        created,
        id=_story_id(item),
        permalink=link(url) if url else "",
        quoted=replace(quoted, kind="quoted") if quoted is not None and (quoted.text or quoted.author.name) else None,
        media=_media(parts),
        counts=_counts(parts),
        source="json",
    )


def _comment(item: dict[str, Any]) -> Post:
    text = text_at(item, "preferred_body", "text") or text_at(item, "body", "text")
    text = text or text_at(item, "body_renderer", "text")
    url = text_at(item, "feedback", "url") or text_at(item, "url")
    url = url or next(
        (given for _, part in walk(item, most=500) if "comment_id=" in (given := text_at(part, "url"))), ""
    )
    parent = dict_at(item, "comment_parent") or dict_at(item, "comment_direct_parent")
    return Post(
        PLATFORM,
        "comment",
        _person(dict_at(item, "author")),
        text,
        from_epoch(item.get("created_time")),
        id=text_at(item, "legacy_fbid") or post_id(url),
        permalink=link(url) if url else "",
        in_reply_to=text_at(parent, "legacy_fbid") or _post_of(url),
        thread=_post_of(url),
        media=_media(list_at(item, "attachments")),
        counts=_counts([item]),
        labels=("edited",)
        if item.get("edit_history") and text_at(item, "edit_history", "count") not in ("", "0")
        else (),
        source="json",
    )


def _medium(item: dict[str, Any]) -> Post | None:
    """A photo or video that is shown alone, with its own words."""
    kind = text_at(item, "__typename") or text_at(item, "__isMedia")
    owner = dict_at(item, "owner")
    created = from_epoch(item.get("created_time") or item.get("publish_time"))
    text = text_at(item, "message", "text") or text_at(item, "savable_description", "text")
    if kind not in MEDIA or not text_at(owner, "name") or created is None:
        return None
    identifier = text_at(item, "id") or text_at(item, "videoId")
    url = text_at(item, "url") or text_at(item, "permalink_url") or f"{HOME}{identifier}"
    title = text_at(item, "title", "text") or text_at(item, "name")
    text = "\n\n".join(part for part in (title, text) if part)
    return Post(
        PLATFORM,
        "post",
        _person(owner),
        text,
        created,
        id=identifier,
        permalink=link(url),
        media=_media([item]),
        source="json",
    )


def _parts(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every object of a story but those of its comments and of what it shares."""
    waiting: list[tuple[str, Any]] = [("", item)]
    for _ in range(20_000):
        if not waiting:
            return
        key, at = waiting.pop()
        if isinstance(at, dict):
            yield at
            inner = [
                (name, part) for name, part in at.items() if isinstance(part, (dict, list)) and f"/{name}" not in APART
            ]
            waiting.extend(
                reversed([each for each in inner if "comment" not in each[0] or each[0].startswith("comet")])
            )
        else:
            waiting.extend((key, part) for part in reversed(at) if isinstance(part, (dict, list)))


def _story_id(item: dict[str, Any]) -> str:
    given = text_at(item, "post_id") or text_at(item, "legacy_story_hideable_id")
    url = text_at(item, "wwwURL") or text_at(item, "permalink_url") or text_at(item, "url")
    return given or post_id(url)


def _post_of(url: str) -> str:
    """The post that a comment's address names beside the comment."""
    return post_id(re.sub(r"[?&](?:reply_)?comment_id=[^&]*", "", url).replace("&", "?", 1) if "?" in url else url)


def _person(item: dict[str, Any]) -> Account:
    found = account(text_at(item, "url") or text_at(item, "profile_url"), text_at(item, "name"))
    return replace(found, id=found.id or text_at(item, "id"))


def _media(parts: list[Any]) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    for part in parts:
        for _, item in walk(part, most=400) if isinstance(part, dict) and "attachments" not in part else ():
            kind = MEDIA.get(text_at(item, "__typename"))
            pictures = (text_at(item, key, "uri") for key in ("photo_image", "viewer_image", "image", "thumbnailImage"))
            url = (
                text_at(item, "playable_url")
                or text_at(item, "browser_native_hd_url")
                or next((uri for uri in pictures if uri), "")
            )
            if kind and url:
                shown = text_at(item, "accessibility_caption")
                found.setdefault(text_at(item, "id") or url, Media("video" if kind == "video" else "image", url, shown))
    return tuple(found.values())


def _counts(parts: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        for name, paths in (
            ("reactions", (("reaction_count", "count"), ("reactors", "count_reduced"), ("i18n_reaction_count",))),
            (
                "comments",
                (("total_comment_count",), ("comments_count_summary_renderer", "feedback", "total_comment_count")),
            ),
            ("shares", (("share_count", "count"), ("i18n_share_count",))),
        ):
            for path in paths:
                if name not in found and (said := text_at(part, *path)):
                    found[name] = said
    return found


def _together(one: Post, other: Post) -> Post:
    """One post from two parts of the data: what the first leaves empty comes from the second."""
    return replace(
        one,
        author=one.author if one.author.name else other.author,
        text=one.text if len(one.text) >= len(other.text) else other.text,
        time=one.time or other.time,
        permalink=one.permalink or other.permalink,
        quoted=one.quoted or other.quoted,
        media=one.media or other.media,
        counts={**other.counts, **one.counts},
    )
