"""Reads YouTube's JSON: player and page data, comment and live chat answers, the Data API, oEmbed. Knows no element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.contract import Account, Media, Post, Standing
from extractors.fallbacks import rules
from extractors.toolbox import absolute, dict_at, dig, from_epoch, list_at, path_parts, stated, text_at, walk

PLATFORM = "youtube"
HOME = "https://www.youtube.com/"
CHANNEL = re.compile(r"UC[\w-]{22}")
PRIVATE = (
    r"priva(?:te|do|da|t|to|ta|tno)\b|privée?\b|priv[aá]d|частн|приватн|soukrom|prywatn|özel|非公開|私人|비공개|خاص"
)
COUNTRY = r"\b(?:country|countr|país|pais|pays|land|paese|kraju|страна|стране|ülke)|国|地域|국가|بلد"
PAID = r"member|premium|purchase|rent|buy|miembro|membre|mitglied|membro|subscri|abbon|会員|メンバー|회원"
PLAYABILITY = rules(
    ("geo_blocked", COUNTRY),
    ("challenge", r"not a bot|kein bot|no eres un bot|pas un robot|não é um robô|ボットではない"),
    ("removed", PRIVATE),
    ("login_wall", PAID),
    ("login_wall", r"\bage\b|inappropriate for some|edad|âge|alter\b|idade|età|возраст|年齢|sign in"),
    ("removed", r"removed|deleted|terminated|closed|no longer|isn't available|unavailable|does not exist|copyright"),
)
STATES = {  # where the words of the reason are in a language that the rules do not know
    "LOGIN_REQUIRED": "login_wall",
    "AGE_VERIFICATION_REQUIRED": "login_wall",
    "AGE_CHECK_REQUIRED": "login_wall",
    "CONTENT_CHECK_REQUIRED": "login_wall",
    "ERROR": "removed",
    "UNPLAYABLE": "error",
}


def words(value: Any) -> str:
    """The text of YouTube's three text shapes: `simpleText`, `runs` with emoji, `content`."""
    if isinstance(value, str):
        return value
    if given := text_at(value, "simpleText") or text_at(value, "content"):
        return given
    return "".join(_emoji(run) or text_at(run, "text") for run in list_at(value, "runs"))


def video(player: Any, data: Any = None) -> Post | None:
    """The video of a watch page, from its player response filled up from its page data."""
    details, about = dict_at(player, "videoDetails"), dict_at(player, "microformat", "playerMicroformatRenderer")
    first, second = _renderer(data, "videoPrimaryInfoRenderer"), _renderer(data, "videoSecondaryInfoRenderer")
    owner = dict_at(second, "owner", "videoOwnerRenderer")
    title = text_at(details, "title") or words(about.get("title")) or words(first.get("title"))
    if not title:
        return None
    told = text_at(details, "shortDescription") or words(about.get("description"))
    told = told or words(second.get("attributedDescription")) or words(second.get("description"))
    identifier = text_at(details, "videoId") or text_at(data, "currentVideoEndpoint", "watchEndpoint", "videoId")
    profile = text_at(about, "ownerProfileUrl") or _endpoint(owner, "navigationEndpoint")
    name = text_at(details, "author") or text_at(about, "ownerChannelName") or words(owner.get("title"))
    channel = text_at(details, "channelId") or text_at(about, "externalChannelId")
    published = text_at(about, "publishDate") or text_at(about, "uploadDate")
    counts = {
        "views": text_at(details, "viewCount") or words(dig(first, "viewCount", "videoViewCountRenderer", "viewCount"))
    }
    live = details.get("isLiveContent") is True
    return Post(
        PLATFORM,
        "post",
        account(name, channel or text_at(owner, "navigationEndpoint", "browseEndpoint", "browseId"), profile),
        f"{title}\n\n{told}".strip(),
        stated(published, words(first.get("dateText"))),
        id=identifier,
        permalink=f"{HOME}watch?v={identifier}" if identifier else "",
        media=_picture(details),
        counts={key: count for key, count in counts.items() if count},
        labels=tuple(
            label for label, so in (("live stream", live), ("private", details.get("isPrivate") is True)) if so
        ),
        source="json",
    )


def posts(value: Any, thread: str = "") -> Iterator[Post]:
    """Comments, live chat messages, community posts, Data API items, in the order of the answer."""
    payloads = {}
    for _, item in walk(value):
        if isinstance(payload := item.get("commentEntityPayload"), dict):
            payloads[text_at(payload, "key") or text_at(payload, "properties", "commentId")] = payload
    used: set[str] = set()
    for _, item in walk(value):
        for key, inside in item.items():
            if not isinstance(inside, dict):
                continue
            if key == "commentViewModel" and (text_at(inside, "commentKey") in payloads):
                used.add(text_at(inside, "commentKey"))
                yield _entity(payloads[text_at(inside, "commentKey")], inside, thread)
            elif key in READERS and (post := READERS[key](inside, thread)) is not None:
                yield post
        if text_at(item, "kind") in ("youtube#comment", "youtube#video") and isinstance(item.get("snippet"), dict):
            yield _api(item)
    for name, payload in payloads.items():
        if name not in used:
            yield _entity(payload, {}, thread)
    if text_at(value, "provider_name") == "YouTube":
        yield _embedded(value)


def playability(player: Any) -> Standing | None:
    """What the player says of the video: `playabilityStatus`, in whatever language its reason is."""
    status = dict_at(player, "playabilityStatus") or dict_at(player, "previewPlayabilityStatus")
    state = text_at(status, "status")
    if not state:
        return None
    if state in ("OK", "LIVE_STREAM_OFFLINE"):
        return Standing("live", f"the player's answer: {state}")
    screen = dict_at(status, "errorScreen", "playerErrorMessageRenderer")
    reason = text_at(status, "reason") or words(screen.get("reason"))
    said = " ".join([reason, words(screen.get("subreason")), *map(str, list_at(status, "messages"))])
    why = f"the player's answer: {state} {reason}".strip()
    if "desktopLegacyAgeGateReason" in status:
        return Standing("login_wall", why)
    exact, vague = PLAYABILITY[:-1], PLAYABILITY[-1:]  # "Video unavailable" stands above more exact words
    tries = ((reason, exact), (said, exact), (said, vague))
    found = next((kind for text, table in tries for kind, rule in table if rule.search(text)), None)
    return Standing(found or STATES.get(state, "error"), why)  # type: ignore[arg-type]  # the table's values are states


def alert(data: Any) -> Standing | None:
    """The error that a channel's or playlist's page shows in place of its content."""
    for item in list_at(data, "alerts"):
        if text_at(item, "alertRenderer", "type") == "ERROR":
            said = words(dig(item, "alertRenderer", "text"))
            gone = not re.search(r"unviewable|try again|something went wrong|unknown error", said, re.I)
            return Standing("removed" if gone else "error", f"the page's own words: {said}")
    return None


def channel(data: Any) -> Post | None:
    """Whose channel a page is, and what it says of itself."""
    about = dict_at(data, "metadata", "channelMetadataRenderer")
    if not about:
        return None
    author = account(text_at(about, "title"), text_at(about, "externalId"), text_at(about, "vanityChannelUrl"))
    text = text_at(about, "description") or text_at(about, "title")
    return Post(PLATFORM, "profile", author, text, permalink=author.url, id=author.id, source="json")


def account(name: str, channel_id: str, url: str) -> Account:
    """An author: a name that starts with @ is the handle, and so is the last part of the channel's address."""
    parts = path_parts(absolute(url, HOME))
    last = parts[-1] if parts else ""
    handle = name if name.startswith("@") else last if last.startswith("@") or "user" in parts[:-1] else ""
    shown = "" if name.startswith("@") else name
    found = CHANNEL.fullmatch(channel_id) or CHANNEL.fullmatch(last)
    link = (
        absolute(url, HOME).replace("http://", "https://") if url else f"{HOME}{name}" if name.startswith("@") else ""
    )
    link = link or (f"{HOME}channel/{found[0]}" if found else "")
    return Account(shown, handle.removeprefix("@"), found[0] if found else "", link)


def comment_link(thread: str, identifier: str) -> str:
    return f"{HOME}watch?v={thread}&lc={identifier}" if thread else f"{HOME}watch?lc={identifier}"


def _embedded(value: Any) -> Post:
    """An oEmbed answer: the player's address carries the video's id."""
    author = account(text_at(value, "author_name"), "", text_at(value, "author_url"))
    found = re.search(
        r"/(?:embed|vi|shorts)/([\w-]{11})", f"{text_at(value, 'html')} {text_at(value, 'thumbnail_url')}"
    )
    identifier = found[1] if found else ""
    link = f"{HOME}watch?v={identifier}" if identifier else ""
    title = text_at(value, "title")
    return Post(PLATFORM, "post", author, title, id=identifier, permalink=link, source="structured")


def _entity(payload: dict[str, Any], model: dict[str, Any], thread: str) -> Post:
    about, author, bar = dict_at(payload, "properties"), dict_at(payload, "author"), dict_at(payload, "toolbar")
    identifier = text_at(about, "commentId") or text_at(model, "commentId")
    url = text_at(author, "channelCommand", "innertubeCommand", "commandMetadata", "webCommandMetadata", "url")
    labels = [text_at(model, "pinnedText")]
    labels += [
        word
        for word, key in (("verified", "isVerified"), ("author of the video", "isCreator"))
        if author.get(key) is True
    ]
    counts = {"likes": text_at(bar, "likeCountNotliked"), "replies": text_at(bar, "replyCount")}
    named = account(text_at(author, "displayName"), text_at(author, "channelId"), url)
    return _comment(
        identifier, thread, named, words(about.get("content")), text_at(about, "publishedTime"), counts, labels
    )


def _renderer_comment(item: dict[str, Any], thread: str) -> Post | None:
    if not text_at(item, "commentId") or "contentText" not in item:
        return None
    author = account(
        words(item.get("authorText")),
        text_at(item, "authorEndpoint", "browseEndpoint", "browseId"),
        text_at(item, "authorEndpoint", "browseEndpoint", "canonicalBaseUrl"),
    )
    counts = {
        "likes": words(item.get("voteCount")) or text_at(item, "likeCount"),
        "replies": text_at(item, "replyCount"),
    }
    labels = [words(dig(item, "pinnedCommentBadge", "pinnedCommentBadgeRenderer", "label"))]
    labels += ["verified"] if "authorCommentBadge" in item else []
    labels += ["author of the video"] if item.get("authorIsChannelOwner") is True else []
    shown = words(item.get("publishedTimeText"))
    return _comment(text_at(item, "commentId"), thread, author, words(item.get("contentText")), shown, counts, labels)


def _comment(
    identifier: str, thread: str, author: Account, text: str, shown: str, counts: dict[str, str], labels: list[str]
) -> Post:
    parent = identifier.partition(".")[0] if "." in identifier else thread
    return Post(
        PLATFORM,
        "comment",
        author,
        text,
        stated("", shown),
        id=identifier,
        permalink=comment_link(thread, identifier),
        in_reply_to=parent,
        thread=thread,
        counts={name: count for name, count in counts.items() if count.strip()},
        labels=tuple(label for label in labels if label),
        source="json",
    )


def _chat(item: dict[str, Any], thread: str) -> Post | None:
    text = words(item.get("message")) or words(item.get("headerSubtext"))
    author = account(words(item.get("authorName")), text_at(item, "authorExternalChannelId"), "")
    paid = words(item.get("purchaseAmountText"))
    return Post(
        PLATFORM,
        "comment",
        author,
        text,
        from_epoch(text_at(item, "timestampUsec")),
        id=text_at(item, "id"),
        in_reply_to=thread,
        thread=thread,
        labels=tuple(label for label in ("live chat", paid) if label),
        source="json",
    )


def _community(item: dict[str, Any], thread: str) -> Post | None:
    identifier = text_at(item, "postId")
    author = account(
        words(item.get("authorText")),
        text_at(item, "authorEndpoint", "browseEndpoint", "browseId"),
        text_at(item, "authorEndpoint", "browseEndpoint", "canonicalBaseUrl"),
    )
    return Post(
        PLATFORM,
        "post",
        author,
        words(item.get("contentText")),
        stated("", words(item.get("publishedTimeText"))),
        id=identifier,
        permalink=f"{HOME}post/{identifier}" if identifier else "",
        counts={"likes": words(item.get("voteCount"))} if words(item.get("voteCount")) else {},
        source="json",
    )


def _api(item: dict[str, Any]) -> Post:
    about, comment = dict_at(item, "snippet"), text_at(item, "kind") == "youtube#comment"
    thread, identifier = text_at(about, "videoId"), text_at(item, "id")
    url = text_at(about, "authorChannelUrl")
    name = text_at(about, "authorDisplayName") or text_at(about, "channelTitle")
    author = account(name, text_at(about, "authorChannelId", "value") or text_at(about, "channelId"), url)
    text = text_at(about, "textOriginal") or text_at(about, "textDisplay")
    text = text or f"{text_at(about, 'title')}\n\n{text_at(about, 'description')}".strip()
    changed = text_at(about, "updatedAt")
    counts = {"likes": text_at(about, "likeCount") or text_at(item, "statistics", "likeCount")}
    return Post(
        PLATFORM,
        "comment" if comment else "post",
        author,
        text,
        stated(text_at(about, "publishedAt")),
        stated(changed) if changed and changed != text_at(about, "publishedAt") else None,
        identifier,
        comment_link(thread, identifier) if comment else f"{HOME}watch?v={identifier}",
        text_at(about, "parentId") or thread,
        thread,
        counts={name: count for name, count in counts.items() if count},
        source="json",
    )


READERS = {
    "commentRenderer": _renderer_comment,
    "liveChatTextMessageRenderer": _chat,
    "liveChatPaidMessageRenderer": _chat,
    "backstagePostRenderer": _community,
    "sharedPostRenderer": _community,
}


def _renderer(data: Any, name: str) -> dict[str, Any]:
    contents = list_at(data, "contents", "twoColumnWatchNextResults", "results", "results", "contents")
    contents += list_at(data, "contents", "singleColumnWatchNextResults", "results", "results", "contents")
    return next((found for item in contents if (found := dict_at(item, name))), {})


def _endpoint(item: Any, name: str) -> str:
    return text_at(item, name, "browseEndpoint", "canonicalBaseUrl") or text_at(
        item, name, "commandMetadata", "webCommandMetadata", "url"
    )


def _emoji(run: Any) -> str:
    given = dict_at(run, "emoji")
    name = text_at(given, "emojiId")
    return (text_at(given, "shortcuts", 0) or name) if given.get("isCustomEmoji") is True else name


def _picture(details: dict[str, Any]) -> tuple[Media, ...]:
    pictures = list_at(details, "thumbnail", "thumbnails")
    return (Media("image", text_at(pictures[-1], "url")),) if pictures and text_at(pictures[-1], "url") else ()
