"""JSON that fediverse software shares: statuses of Mastodon's API, ActivityPub objects. Reads no page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from extractors.contract import Account, Media, Post
from extractors.toolbox import absolute, dict_at, fragment, host_of, list_at, path_parts, stated, text_at, walk, written

MediaKind = Literal["image", "video", "audio", "link"]
KINDS: dict[str, MediaKind] = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}
NOTES = ("Note", "Article", "Question", "Page", "Video")


def words_of(html: str) -> str:
    """The words of HTML that stands in JSON, as laid out; text without any tag stays as it is."""
    return written(fragment(html)) if "<" in html or "&" in html else html


def full_handle(acct: str, url: str) -> str:
    """user@host, where the host is the server's own and only the address says it."""
    host = host_of(url)
    return acct if "@" in acct or not acct or not host else f"{acct}@{host}"


def statuses(value: Any, platform: str, base: str) -> Iterator[Post]:
    """Every status of a Mastodon-API answer, in order; what it repeats of others stands in `quoted`."""
    inside: set[int] = set()
    for _, item in walk(value):
        if id(item) in inside or "content" not in item or not dict_at(item, "account") or not text_at(item, "id"):
            continue
        inside.update(id(part) for key in ("reblog", "quote", "pleroma") for _, part in walk(item.get(key)))
        yield status(item, platform, base)


def status(item: dict[str, Any], platform: str, base: str, *, depth: int = 0) -> Post:
    who, link = dict_at(item, "account"), text_at(item, "url") or text_at(item, "uri")
    repeated = dict_at(item, "reblog") or dict_at(item, "quote") or dict_at(item, "pleroma", "quote")
    warning = text_at(item, "spoiler_text") or text_at(item, "cw_title")
    media = (
        Media(media_kind(text_at(part, "type")), text_at(part, "url"), text_at(part, "description"))
        for part in list_at(item, "media_attachments")
        if text_at(part, "url")
    )
    counts = {
        name: text_at(item, key)
        for name, key in (("likes", "favourites_count"), ("reposts", "reblogs_count"), ("replies", "replies_count"))
    }
    url = text_at(who, "url")
    return Post(
        platform,
        "quoted" if depth else "comment" if text_at(item, "in_reply_to_id") else "post",
        Account(text_at(who, "display_name"), full_handle(text_at(who, "acct"), url or base), text_at(who, "id"), url),
        words_of(text_at(item, "content")) or text_at(item, "content_text"),
        time=stated(text_at(item, "created_at")),
        edited=stated(text_at(item, "edited_at")),
        id=text_at(item, "id"),
        permalink=absolute(link, base),
        in_reply_to=text_at(item, "in_reply_to_id"),
        quoted=status(repeated, platform, base, depth=1) if repeated and not depth else None,
        media=tuple(media),
        counts={name: count for name, count in counts.items() if count},
        labels=(f"content warning: {warning}",) if warning else (),
        source="json",
    )


def notes(value: Any, platform: str) -> Iterator[Post]:
    """Every ActivityPub object that holds words or a picture; a tombstone is a deleted post."""
    for _, item in walk(value):
        kind, id_ = text_at(item, "type"), text_at(item, "id")
        if kind == "Tombstone" and id_:
            yield Post(platform, "deleted", Account(), "", time=stated(text_at(item, "deleted")), id=id_, source="json")
        elif kind in NOTES and id_ and text_at(item, "attributedTo"):
            yield _note(item, platform, id_)


def _note(item: dict[str, Any], platform: str, id_: str) -> Post:
    author, parts = text_at(item, "attributedTo"), path_parts(text_at(item, "attributedTo"))
    handle = parts[-1].removeprefix("@") if parts else ""
    title, words = text_at(item, "name"), words_of(text_at(item, "content"))
    made, changed = text_at(item, "published"), text_at(item, "updated")
    warning = text_at(item, "summary")
    media = (
        Media(media_kind(text_at(part, "mediaType").partition("/")[0]), text_at(part, "url"), text_at(part, "name"))
        for part in list_at(item, "attachment")
        if text_at(part, "url")
    )
    return Post(
        platform,
        "comment" if text_at(item, "inReplyTo") else "post",
        Account(handle=full_handle(handle, author), url=author),
        f"{title}\n\n{words}".strip(),
        time=stated(made),
        edited=stated(changed) if changed and changed != made else None,
        id=id_,
        permalink=text_at(item, "url") or id_,
        in_reply_to=text_at(item, "inReplyTo"),
        media=tuple(media),
        labels=(f"content warning: {warning}",) if warning and item.get("sensitive") is True else (),
        source="json",
    )


def media_kind(kind: str) -> MediaKind:
    return KINDS.get(kind.lower(), "link")
