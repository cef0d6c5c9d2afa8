"""Reads TikTok's data: of its pages, its answers and its player, in all the shapes it had. Knows no element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Account, Media, Post, Standing, StatedTime
from extractors.toolbox import dict_at, dig, from_epoch, from_snowflake, list_at, text_at, walk

PLATFORM = "tiktok"
HOME = "https://www.tiktok.com/"
COUNTS = (("likes", "diggCount"), ("comments", "commentCount"), ("shares", "shareCount"), ("views", "playCount"))
CODES = {  # statusCode of a video's or person's data
    "10202": ("removed", "no such account"),
    "10204": ("removed", "no such video"),
    "10215": ("removed", "under review"),
    "10216": ("login_wall", "private video"),
    "10221": ("removed", "no such account"),
    "10222": ("login_wall", "private account"),
    "10223": ("suspended", "account banned"),
    "10231": ("geo_blocked", "not available in this region"),
}


def posts(value: Any) -> Iterator[Post]:
    """Videos and comments of any of TikTok's shapes of data, each once, in order."""
    if text_at(value, "provider_name") == "TikTok":
        author = account_of(text_at(value, "author_name"), text_at(value, "author_unique_id"), "")
        identifier = text_at(value, "embed_product_id")
        yield post_of("post", author, text_at(value, "title"), None, identifier, "structured")
        return
    seen: set[str] = set()
    for _, item in walk(value):
        post = _video(item) or _comment(item) or _embedded(item) or _person(item)
        if post is not None and f"{post.kind} {post.id}" not in seen:
            seen.add(f"{post.kind} {post.id}")
            yield post


def _video(item: dict[str, Any]) -> Post | None:
    if (
        "desc" not in item
        or not (item.get("createTime") or item.get("create_time"))
        or not ({"author", "authorId"} & item.keys())
    ):
        return None
    author = item["author"] if isinstance(item.get("author"), dict) else {}
    account = account_of(
        text_at(author, "nickname") or text_at(item, "nickname"),
        text_at(author, "uniqueId") or text_at(author, "unique_id") or text_at(item, "author"),
        text_at(author, "id") or text_at(author, "uid") or text_at(item, "authorId"),
    )
    identifier = text_at(item, "id") or text_at(item, "aweme_id")
    time = from_epoch(item.get("createTime") or item.get("create_time"))
    counts = {name: text_at(item, "statsV2", key) or text_at(item, "stats", key) for name, key in COUNTS}
    pictures = [text_at(each, "imageURL", "urlList", 0) for each in list_at(item, "imagePost", "images")]
    media = tuple(Media("image", url) for url in pictures if url)
    video = text_at(item, "video", "playAddr") or text_at(item, "video", "cover")
    marks = (("verified", author.get("verified")), ("private", item.get("privateItem")))
    post = post_of("post", account, text_at(item, "desc"), time, identifier, "json")
    shown = (Media("video", video),) if video else ()
    labels = tuple(word for word, so in marks if so is True)
    return replace(post, media=media or shown, counts=some(counts), labels=labels)


def _comment(item: dict[str, Any]) -> Post | None:
    if "cid" not in item or "text" not in item:
        return None
    user = dict_at(item, "user") or item
    account = account_of(
        text_at(user, "nickname"), text_at(user, "unique_id") or text_at(user, "uniqueId"), text_at(user, "uid")
    )
    thread, parent = text_at(item, "aweme_id"), text_at(item, "reply_id")
    time = from_epoch(item.get("create_time") or item.get("createTime"))
    post = post_of("comment", account, text_at(item, "text"), time, text_at(item, "cid"), "json")
    counts = {"likes": text_at(item, "digg_count"), "replies": text_at(item, "reply_comment_total")}
    pinned = ("pinned",) if item.get("author_pin") is True else ()
    parent = parent if parent not in ("", "0") else thread
    return replace(post, permalink="", in_reply_to=parent, thread=thread, counts=some(counts), labels=pinned)


def _embedded(item: dict[str, Any]) -> Post | None:
    """The data of a player on somebody else's page."""
    about, author = dict_at(item, "itemInfos"), dict_at(item, "authorInfos")
    if not about or not author:
        return None
    account = account_of(text_at(author, "nickName"), text_at(author, "uniqueId"), text_at(author, "userId"))
    return post_of(
        "post", account, text_at(about, "text"), from_epoch(about.get("createTime")), text_at(about, "id"), "json"
    )


def _person(item: dict[str, Any]) -> Post | None:
    user = dict_at(item, "userInfo", "user")
    if not text_at(user, "uniqueId"):
        return None
    account = account_of(text_at(user, "nickname"), text_at(user, "uniqueId"), text_at(user, "id"))
    followers = text_at(item, "userInfo", "statsV2", "followerCount") or text_at(
        item, "userInfo", "stats", "followerCount"
    )
    post = post_of("profile", account, text_at(user, "signature") or account.name, None, account.id, "json")
    labels = tuple(
        word for word, key in (("verified", "verified"), ("private", "privateAccount")) if user.get(key) is True
    )
    return replace(post, permalink=account.url, counts=some({"followers": followers}), labels=labels)


def standing(value: Any) -> Standing | None:
    """The status of what was asked for, in the page's data or in an answer."""
    scope = dict_at(value, "__DEFAULT_SCOPE__")
    places = [dict_at(scope, "webapp.video-detail"), dict_at(scope, "webapp.reflow.video.detail")]
    places += [dict_at(scope, "webapp.user-detail"), dict_at(value, "VideoPage"), dict_at(value, "UserPage")]
    places += (
        [value] if (isinstance(value, dict) and "status_code" in value | {}) or text_at(value, "statusCode") else []
    )
    for place in places:
        code = text_at(place, "statusCode") or text_at(place, "status_code")
        said = text_at(place, "statusMsg") or text_at(place, "status_msg")
        if code in CODES:
            state, meaning = CODES[code]
            return Standing(state, f"TikTok's answer: {code} {said or meaning}")  # type: ignore[arg-type]  # the table's values are states
        if code not in ("", "0") and not dig(place, "itemInfo", "itemStruct"):
            return Standing("error", f"TikTok's answer: {code} {said}".strip())
    return None


def post_of(kind: Any, author: Account, text: str, time: StatedTime | None, identifier: str, source: Any) -> Post:
    link = f"{author.url}/video/{identifier}" if author.url and identifier else ""
    time = time or (by_id(identifier) if kind == "post" else None)
    return Post(PLATFORM, kind, author, text, time, id=identifier, permalink=link, source=source)


def by_id(identifier: str) -> StatedTime | None:
    """The upper half of an id counts seconds since 1970."""
    return from_snowflake(identifier, epoch=0, shift=32, unit=1000) if len(identifier) == 19 else None


def account_of(name: str, handle: str, identifier: str) -> Account:
    handle = handle.removeprefix("@")
    return Account(name, handle, identifier, f"{HOME}@{handle}" if handle else "")


def some(counts: dict[str, str]) -> dict[str, str]:
    return {name: count for name, count in counts.items() if count}
