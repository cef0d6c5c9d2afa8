"""Reads Reddit's JSON: listings of its API, the state that its pages of 2018 to 2023 carried, oEmbed. Knows no page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from extractors.contract import Account, Media, Post, Problem, Standing
from extractors.toolbox import (
    absolute,
    attr,
    dict_at,
    dig,
    find_json,
    first,
    fragment,
    from_epoch,
    list_at,
    text_at,
    walk,
    written,
)

HOME = "https://www.reddit.com/"
KINDS = {"t1": "comment", "t3": "post", "t4": "message"}
GONE = {"[deleted]", "[removed]", "[ Removed by Reddit ]", "[deleted by user]"}
BY = {"deleted": "deleted by author", "author": "deleted by author", "moderator": "removed by moderator"}
TAGS = re.compile(r"<[^>]+>")


def posts(value: Any) -> Iterator[Post]:
    """Every thing of kind t1, t3 or t4 in a listing, in its order; or what an oEmbed answer says."""
    if isinstance(value, dict) and text_at(value, "provider_name").lower() == "reddit":
        yield _embedded(value)
        return
    for _, item in walk(value):
        if item.get("kind") in KINDS and isinstance(item.get("data"), dict):
            yield _thing(item["data"], str(item["kind"]))


def left_out(value: Any) -> Iterator[Problem]:
    """What a listing names and does not hold: "load more comments", "continue this thread"."""
    for where, item in walk(value):
        if item.get("kind") == "more" and isinstance(item.get("data"), dict):
            count = item["data"].get("count")
            said = f"{count:,} more answers" if isinstance(count, int) and count > 0 else "more answers"
            yield Problem(where, f"{said} to {text_at(item['data'], 'parent_id') or 'a post'} are not in this answer")


def embedded(page: str) -> Iterator[Post]:
    """Posts and comments of the state object that pages carried: `window.___r = {…}`."""
    state = find_json(page, "window.___r")
    models = [dict_at(state, "posts", "models"), dict_at(state, "features", "comments", "models")]
    models += [dict_at(state, "comments", "models")]
    for model in models:
        for item in model.values():
            if isinstance(item, dict) and text_at(item, "id")[:3] in ("t1_", "t3_"):
                yield _model(item)


def standing(value: Any) -> Standing | None:
    """What an error answer, or a thread's own post, says of itself."""
    if isinstance(value, dict) and isinstance(value.get("error"), int):
        why = f"Reddit's answer: {value['error']} {text_at(value, 'reason') or text_at(value, 'message')}".strip()
        reason = text_at(value, "reason")
        if reason in ("private", "quarantined", "gold_only", "gated"):
            return Standing("login_wall", why)
        if value["error"] in (404, 410) or reason == "banned":
            return Standing("removed", why)
        return Standing("challenge" if value["error"] in (403, 429) else "error", why)
    if isinstance(value, dict) and dig(value, "data", "is_suspended") is True:
        return Standing("suspended", "Reddit's answer: is_suspended")
    if isinstance(value, list):  # a thread: its post, then its comments
        main: dict[str, Any] = next(
            (
                item["data"]
                for _, item in walk(value)
                if item.get("kind") == "t3" and isinstance(item.get("data"), dict)
            ),
            {},
        )
        if by := text_at(main, "removed_by_category"):
            return Standing("removed", f"Reddit's answer: {BY.get(by, 'removed: ' + by)}")
        if main and (text_at(main, "selftext") in GONE or text_at(main, "title") in GONE):
            return Standing("removed", f"the post's own words: {text_at(main, 'selftext') or text_at(main, 'title')}")
    found = next(posts(value), None)
    return Standing("live", f"{found.kind} {found.id} stands in the answer".strip()) if found else None


def recognises(value: Any) -> bool:
    head = value[0] if isinstance(value, list) and value else value
    if text_at(head, "kind") in ("Listing", "t2", "t3", "t5") and isinstance(dig(head, "data"), dict):
        return True
    return text_at(head, "provider_name").lower() == "reddit"


def _thing(data: dict[str, Any], kind: str) -> Post:
    title = html.unescape(text_at(data, "title") or text_at(data, "link_title" if kind == "none" else "subject"))
    body = html.unescape(text_at(data, "selftext") or text_at(data, "body"))
    by = text_at(data, "removed_by_category")
    gone = body in GONE or title in GONE or bool(by)
    author = text_at(data, "author") if text_at(data, "author") not in GONE else ""
    labels = [
        name for name in ("archived", "locked", "stickied", "over_18", "spoiler", "pinned") if data.get(name) is True
    ]
    labels += [text for text in (text_at(data, "distinguished"), text_at(data, "link_flair_text")) if text]
    labels += [BY.get(by, f"removed: {by}")] if by else [body] if gone else []
    counts = {"score": text_at(data, "score"), "comments": text_at(data, "num_comments")}
    return Post(
        "reddit",
        "deleted" if gone else "comment" if kind == "t1" else "message" if kind == "t4" else "post",
        Account("", author, text_at(data, "author_fullname"), f"{HOME}user/{author}/" if author else ""),
        "\n\n".join(part for part in (title, body) if part),
        from_epoch(data.get("created_utc")),
        from_epoch(data.get("edited")),
        text_at(data, "name") or f"{kind}_{text_at(data, 'id')}",
        absolute(text_at(data, "permalink") or text_at(data, "context"), HOME),
        text_at(data, "parent_id"),
        text_at(data, "link_id"),
        media=_media(data),
        counts={name: count for name, count in counts.items() if count},
        labels=tuple(labels),
        source="json",
    )


def _media(data: dict[str, Any]) -> tuple[Media, ...]:
    video = text_at(data, "media", "reddit_video", "fallback_url")
    found = [Media("video", html.unescape(video))] if video else []
    gallery = dict_at(data, "media_metadata")
    found += [
        Media("image", html.unescape(text_at(each, "s", "u")), text_at(each, "caption"))
        for each in gallery.values()
        if text_at(each, "s", "u")
    ]
    url = text_at(data, "url_overridden_by_dest")
    if url and not video and "/gallery/" not in url:
        found.append(Media("image" if text_at(data, "post_hint") == "image" else "link", html.unescape(url)))
    return tuple(found)


def _model(item: dict[str, Any]) -> Post:
    author = text_at(item, "author")
    author = "" if author in GONE else author
    title = text_at(item, "title")
    content = dig(item, "media", "richtextContent", "document")
    body = _rich(content) if isinstance(content, list) else TAGS.sub("", text_at(item, "media", "content"))
    comment = text_at(item, "id").startswith("t1_")
    edited = item.get("editedAt") or item.get("edited")
    counts = {"score": text_at(item, "score"), "comments": text_at(item, "numComments")}
    return Post(
        "reddit",
        "deleted" if item.get("isDeleted") is True or body in GONE else "comment" if comment else "post",
        Account("", author, text_at(item, "authorId"), f"{HOME}user/{author}/" if author else ""),
        "\n\n".join(part for part in (title, body) if part),
        from_epoch(item.get("created")),
        from_epoch(edited) if edited else None,
        text_at(item, "id"),
        absolute(text_at(item, "permalink"), HOME),
        text_at(item, "parentId") or (text_at(item, "postId") if comment else ""),
        text_at(item, "postId") if comment else "",
        counts={name: count for name, count in counts.items() if count},
        source="json",
    )


def _rich(document: list[Any]) -> str:
    """Rich text as lines: one for each paragraph, list item or line of code."""
    lines = []
    for block in document:
        code = text_at(block, "e") == "code"
        runs = [text_at(item, "t") for _, item in walk(list_at(block, "c")) if text_at(item, "t")]
        lines.append(("\n" if code else "").join(runs))
    return "\n\n".join(line for line in lines if line)


def _embedded(value: dict[str, Any]) -> Post:
    link = first(fragment(text_at(value, "html")), "a[href*='/comments/']")
    author = text_at(value, "author_name")
    words = text_at(value, "title") or written(link)
    url = attr(link, "href").partition("?")[0]
    account = Account("", author, "", f"{HOME}user/{author}/" if author else "")
    found = re.search(r"/comments/([a-z0-9]+)", url)
    number = f"t3_{found[1]}" if found else ""
    return Post("reddit", "post", account, words, id=number, permalink=url, source="structured")
