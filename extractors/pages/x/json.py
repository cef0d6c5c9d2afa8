"""Posts in the JSON of X (Twitter): GraphQL, older REST answers, syndication, oEmbed, fxtwitter. Calls nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Account, Media, Post, StatedTime
from extractors.json_pages import unescaped
from extractors.pages.x.address import account, permalink, status_of, time_in, time_of
from extractors.pages.x.legacy import embedded
from extractors.toolbox import dict_at, dig, fragment, from_epoch, list_at, text_at

MOST = 500_000  # values that are looked at
DEEPEST = 6  # steps, at most two for each post in a post
MOST_LINKS = 100  # of one post
COUNTS = {
    "reply_count": "replies",
    "conversation_count": "replies",
    "replies": "replies",
    "retweet_count": "reposts",
    "retweets": "reposts",
    "favorite_count": "likes",
    "like_count": "likes",
    "likes": "likes",
    "quote_count": "quotes",
    "bookmark_count": "bookmarks",
}
GONE = frozenset({"TweetTombstone", "TweetUnavailable", "TimelineTombstone"})
QUOTED = ("quoted_status_result", "quotedRefResult", "quoted_status", "quoted_tweet", "quote", "qrt")

Users = dict[str, dict[str, Any]]


def posts(value: Any) -> Iterator[Post]:
    """Every post in a JSON value in document order, notices in a post's place as kind "deleted"."""
    users = _users(value)
    seen: set[str] = set()
    waiting = [value]
    for _ in range(MOST):
        if not waiting:
            return
        at = waiting.pop()
        if isinstance(at, list):
            waiting.extend(reversed(at))
        elif isinstance(at, dict):
            if (post := post_of(at, users)) is None:
                waiting.extend(part for part in reversed(at.values()) if isinstance(part, (dict, list)))
            elif not post.id or post.id not in seen:
                seen.add(post.id)
                yield post


def post_of(found: dict[str, Any], users: Users, depth: int = 0) -> Post | None:
    """The post that this object is; None where it is something else."""
    if depth > DEEPEST:
        return None
    kind = text_at(found, "__typename")
    if kind in GONE or ("tombstone" in found and "core" not in found and isinstance(found["tombstone"], dict)):
        return _gone(found)
    if kind == "TweetWithVisibilityResults":
        post = post_of(dict_at(found, "tweet"), users, depth + 1)
        notice = _words(dig(found, "tweetInterstitial", "text")) or _words(dig(found, "softInterventionPivot", "text"))
        return replace(post, labels=(*post.labels, notice)) if post is not None and notice else post
    if "legacy" in found and "rest_id" in found and "full_text" in dict_at(found, "legacy"):
        return _graphql(found, users, depth)
    if "html" in found and "author_url" in found:
        return _oembed(found)
    if "author" in found and "screen_name" in dict_at(found, "author") and "text" in found:
        return _fxtwitter(found, users, depth)
    if "user_screen_name" in found and "tweetID" in found:
        return _vxtwitter(found)
    if "id_str" in found and ("full_text" in found or "text" in found) and ("user" in found or "user_id_str" in found):
        return _rest(found, users, depth)
    if "author_id" in found and "text" in found and "id" in found:
        return _second(found, users)
    return None


def _users(value: Any) -> Users:
    """Accounts that stand apart from posts (API version 2, the web app's own state), by id."""
    found: Users = {}
    tables = (
        dig(value, "includes", "users"),
        dig(value, "entities", "users", "entities"),
        dig(value, "globalObjects", "users"),
    )
    for table in tables:
        for user in table.values() if isinstance(table, dict) else table if isinstance(table, list) else ():
            if identifier := text_at(user, "id_str") or text_at(user, "id"):
                found[identifier] = user
    return found


def _graphql(found: dict[str, Any], users: Users, depth: int) -> Post | None:
    """`result` of GraphQL: the old object under `legacy`, author under `core`; long texts under `note_tweet`."""
    legacy = dict_at(found, "legacy")
    user = dict_at(found, "core", "user_results", "result")
    post = _rest({**legacy, "id_str": text_at(found, "rest_id"), "user": user}, users, depth + 1)
    if post is None:
        return None
    note = dict_at(found, "note_tweet", "note_tweet_results", "result")
    text = _text(note, dict_at(note, "entity_set")) if note else post.text
    repost = dict_at(legacy, "retweeted_status_result", "result")
    original = post_of(repost, users, depth + 1) if repost else None
    if original is not None:
        by = f"reposted by {post.author.name} (@{post.author.handle})"
        return replace(original, labels=(*original.labels, by))
    counts = dict(post.counts)
    if views := text_at(found, "views", "count"):
        counts["views"] = views
    quoted = _quoted(found, users, depth) or post.quoted
    return replace(post, text=text, counts=counts, quoted=quoted, edited=_edited(found), source="json")


def _rest(found: dict[str, Any], users: Users, depth: int) -> Post | None:
    """The object of the REST API 1.1, which syndication and the web app's state share."""
    identifier = text_at(found, "id_str")
    user = dict_at(found, "user") or users.get(text_at(found, "user_id_str") or text_at(found, "user"), {})
    author = _account(user)
    when = time_of(text_at(found, "created_at")) or time_in(identifier)
    original = post_of(dict_at(found, "retweeted_status"), users, depth + 1)
    if original is not None:
        return replace(original, labels=(*original.labels, f"reposted by {author.name} (@{author.handle})"))
    thread = text_at(found, "conversation_id_str")
    return Post(
        "x",
        "post",
        author,
        _text(found, dict_at(found, "entities")),
        time=when,
        edited=_edited(found),
        id=identifier,
        permalink=permalink(author.handle, identifier),
        in_reply_to=text_at(found, "in_reply_to_status_id_str"),
        thread=thread if thread != identifier else "",
        quoted=_quoted(found, users, depth),
        media=_media(found),
        counts=_counts(found),
        labels=_labels(found, user),
        source="json",
    )


def _second(found: dict[str, Any], users: Users) -> Post | None:
    """The object of the API's version 2: the author stands apart, what it answers in a list."""
    identifier = text_at(found, "id")
    author = _account({"id_str": text_at(found, "author_id"), **users.get(text_at(found, "author_id"), {})})
    answered = [
        text_at(ref, "id") for ref in list_at(found, "referenced_tweets") if text_at(ref, "type") == "replied_to"
    ]
    thread = text_at(found, "conversation_id")
    return Post(
        "x",
        "post",
        author,
        _text(found, dict_at(found, "entities")),
        time=time_of(text_at(found, "created_at")) or time_in(identifier),
        id=identifier,
        permalink=permalink(author.handle, identifier),
        in_reply_to=answered[0] if answered else "",
        thread=thread if thread != identifier else "",
        counts=_counts(dict_at(found, "public_metrics")),
        source="json",
    )


def _fxtwitter(found: dict[str, Any], users: Users, depth: int) -> Post | None:
    identifier = text_at(found, "id")
    pieces = list_at(found, "media", "all")
    media = [
        Media("image" if text_at(m, "type") == "photo" else "video", text_at(m, "url"), text_at(m, "altText"))
        for m in pieces
    ]
    author = _account(dict_at(found, "author"))
    return Post(
        "x",
        "post",
        author,
        text_at(found, "text"),
        time=time_of(text_at(found, "created_at"))
        or from_epoch(dig(found, "created_timestamp"))
        or time_in(identifier),
        id=identifier,
        permalink=text_at(found, "url") or permalink(author.handle, identifier),
        in_reply_to=text_at(found, "replying_to_status"),
        quoted=_quoted(found, users, depth),
        media=tuple(media),
        counts=_counts(found),
        source="json",
    )


def _vxtwitter(found: dict[str, Any]) -> Post:
    identifier, handle = text_at(found, "tweetID"), text_at(found, "user_screen_name")
    return Post(
        "x",
        "post",
        account(text_at(found, "user_name"), handle),
        text_at(found, "text"),
        time=from_epoch(dig(found, "date_epoch")) or time_in(identifier),
        id=identifier,
        permalink=text_at(found, "tweetURL") or permalink(handle, identifier),
        counts=_counts(found),
        source="json",
    )


def _oembed(found: dict[str, Any]) -> Post | None:
    """oEmbed gives a `<blockquote>`; the author's own fields beside it are surer than its last line."""
    status = status_of(text_at(found, "url"))
    post = next(embedded(fragment(text_at(found, "html"))), None)
    if post is None or (status is None and not post.id):
        return None
    author = replace(post.author, name=text_at(found, "author_name") or post.author.name)
    return replace(post, author=author, permalink=text_at(found, "url") or post.permalink, source="json")


def _gone(found: dict[str, Any]) -> Post:
    words = _words(dig(found, "tombstone", "text")) or _words(dig(found, "tombstoneInfo", "text"))
    words = words or text_at(found, "tombstone", "richText", "text") or text_at(found, "reason") or "unavailable"
    return Post("x", "deleted", Account(), words, source="json")


def _words(text: Any) -> str:
    return text if isinstance(text, str) else text_at(text, "text")


def _account(user: dict[str, Any]) -> Account:
    """2025 moved name and handle from `legacy` to `core`."""
    inner = {**user, **dict_at(user, "legacy"), **dict_at(user, "core")}
    handle = text_at(inner, "screen_name") or text_at(inner, "username")
    identifier = text_at(user, "rest_id") or text_at(user, "id_str") or text_at(user, "id")
    return account(text_at(inner, "name"), handle, identifier if identifier.isdigit() else "")


def _text(found: dict[str, Any], entities: dict[str, Any]) -> str:
    """The text with the addresses that were typed in place of t.co's; the address of the post's own media is cut."""
    text = text_at(found, "full_text") or text_at(found, "text")
    for url in list_at(entities, "urls")[:MOST_LINKS]:
        if (short := text_at(url, "url")) and (whole := text_at(url, "expanded_url")):
            text = text.replace(short, whole)
    for media in (*list_at(entities, "media"), *list_at(found, "mediaDetails"))[:MOST_LINKS]:
        if (short := text_at(media, "url")) and text.rstrip().endswith(short):
            text = text.rstrip()[: -len(short)].rstrip()
    return unescaped(text)


def _quoted(found: dict[str, Any], users: Users, depth: int) -> Post | None:
    for key in QUOTED:
        inner = dict_at(found, key)
        post = post_of(dict_at(inner, "result") or inner, users, depth + 1) if inner else None
        if post is not None:
            return post if post.kind == "deleted" else replace(post, kind="quoted")
    return None


def _edited(found: dict[str, Any]) -> StatedTime | None:
    """An edited post is a new id after the first one: its own id counts the edit."""
    control = dict_at(found, "edit_control")
    ids = list_at(control, "edit_tweet_ids") or list_at(control, "edit_control_initial", "edit_tweet_ids")
    own = text_at(found, "rest_id") or text_at(found, "id_str")
    return time_in(own) if len(ids) > 1 and own in ids[1:] else None


def _media(found: dict[str, Any]) -> tuple[Media, ...]:
    pieces = (
        list_at(found, "extended_entities", "media")
        or list_at(found, "mediaDetails")
        or list_at(found, "entities", "media")
    )
    media = []
    for piece in pieces:
        picture, alt = text_at(piece, "media_url_https") or text_at(piece, "media_url"), text_at(piece, "ext_alt_text")
        videos = [v for v in list_at(piece, "video_info", "variants") if text_at(v, "content_type") == "video/mp4"]
        if videos:
            best = max(videos, key=_bitrate)
            media.append(Media("video", text_at(best, "url"), alt))
        elif picture:
            media.append(Media("image", picture, alt))
    return tuple(media)


def _bitrate(variant: Any) -> int:
    given = text_at(variant, "bitrate")
    return int(given) if given.isdecimal() and len(given) < 12 else 0


def _counts(found: dict[str, Any]) -> dict[str, str]:
    return {name: shown for key, name in COUNTS.items() if (shown := text_at(found, key)) and shown[0].isdigit()}


def _labels(found: dict[str, Any], user: dict[str, Any]) -> tuple[str, ...]:
    labels = []
    if (
        any(user.get(key) is True for key in ("verified", "is_blue_verified"))
        or dict_at(user, "legacy").get("verified") is True
    ):
        labels.append("verified")
    if found.get("possibly_sensitive") is True:
        labels.append("possibly sensitive")
    if countries := list_at(found, "withheld_in_countries"):
        labels.append("withheld in " + ", ".join(map(str, countries)))
    return tuple(labels)
