"""Posts of twitter.com as its server rendered them from 2009 to 2020, and of its embeds. Reads no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from extractors.contract import Account, Media, Post, StatedTime
from extractors.inline import plain_text
from extractors.pages.x.address import account, handle_of, permalink, shown_and_counted, status_of, time_in, time_of
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    dict_at,
    first,
    from_epoch,
    json_of,
    matches,
    select,
    stated,
    text_at,
    written,
)

TWITTER = "https://twitter.com"  # the host of those years
DESKTOP = "div.tweet[data-tweet-id], div.tweet[data-item-id]"  # 2011 to 2020
TOMBSTONE = "div.Tombstone, .StreamTombstone, .withheld-tweet"
MOBILE = "table.tweet, table.main-tweet"  # mobile.twitter.com without script
HENTRY = "li.hentry.status, div.hentry.status, #permalink .status, .hentry .status-body"  # 2007 to 2011
EMBED = "blockquote.Tweet, div.EmbeddedTweet, blockquote.twitter-tweet, blockquote.twitter-video"
WORDS = frozenset({"js-tweet-text", "tweet-text"})
MEDIA = frozenset({"media", "js-media-image-link", "media-thumbnail", "is-preview"})
ALL = f"{DESKTOP}, {TOMBSTONE}, {MOBILE}, {HENTRY}, {EMBED}"
QUOTE = "QuoteTweet-innerContainer"
COUNTS = {
    "ProfileTweet-action--reply": "replies",
    "ProfileTweet-action--retweet": "reposts",
    "ProfileTweet-action--favorite": "likes",
    "js-stat-retweets": "reposts",
    "js-stat-favorites": "likes",
}
SIGNED = re.compile(r"\(@(\w{1,20})\)", re.ASCII)


def posts(root: Element) -> Iterator[Post]:
    """Every post and notice in page order; copies in dialogs and templates are left out."""
    seen: set[str] = set()
    outer: set[Element] = set()
    for node in select(root, ALL):
        if any(parent in outer for parent in node.iterancestors()):
            continue
        post = _any(node)
        if post is None:
            continue
        outer.add(node)
        key = f"{post.id} {attr(node, 'data-retweet-id')}"
        if post.kind == "deleted" or not post.id or key not in seen:
            seen.add(key)
            yield post


def embedded(root: Element) -> Iterator[Post]:
    """The posts of `<blockquote>`s that X hands out for embedding."""
    for node in select(root, EMBED):
        if (post := _embed(node)) is not None:
            yield post


def _any(node: Element) -> Post | None:
    if matches(node, TOMBSTONE):
        words = " ".join(written(node).split())
        return Post("x", "deleted", Account(), words) if words else None
    if node.tag == "table":
        return _mobile(node)
    if matches(node, EMBED):
        return _embed(node)
    return _desktop(node) if attr(node, "data-tweet-id") or attr(node, "data-item-id") else _hentry(node)


def _desktop(node: Element) -> Post | None:
    identifier = attr(node, "data-tweet-id") or attr(node, "data-item-id")
    handle = attr(node, "data-screen-name")
    quote, own = _parts(node)
    words = next((part for part in own if not WORDS.isdisjoint(classes(part))), None)
    if not identifier.isdigit() or words is None:
        return None
    name = attr(node, "data-name") or written(_first_of(own, "fullname"))
    return Post(
        "x",
        "post",
        account(" ".join(name.split()), handle, attr(node, "data-user-id"), base=TWITTER),
        plain_text(words),
        time=_desktop_time(own) or time_in(identifier),
        id=identifier,
        permalink=absolute(attr(node, "data-permalink-path"), TWITTER) or permalink(handle, identifier, base=TWITTER),
        thread=_thread(node, own, identifier),
        quoted=_desktop_quote(quote),
        media=_desktop_media(own),
        counts=_desktop_counts(own),
        labels=_desktop_labels(node, own),
    )


def _parts(node: Element) -> tuple[Element | None, list[Element]]:
    """The quotation inside, and all elements outside it. One walk: a selector a field took four times as long."""
    own: list[Element] = []
    quote = None
    skipped: set[Element] = set()
    for part in node.iter("*"):
        if part in skipped:
            continue
        if quote is None and QUOTE in classes(part):
            quote = part
            skipped = set(part.iter("*"))
        else:
            own.append(part)
    return quote, own


def _first_of(own: list[Element], name: str) -> Element | None:
    return next((part for part in own if name in classes(part)), None)


def _desktop_time(own: list[Element]) -> StatedTime | None:
    stamp = next((part for part in own if "data-time" in part.attrib or "data-time-ms" in part.attrib), None)
    if stamp is None:
        return None
    shown = attr(next(stamp.iterancestors("a"), None), "title") or written(stamp)
    moment = from_epoch(attr(stamp, "data-time-ms") or attr(stamp, "data-time"))
    if moment is None:
        return stated("", shown)
    return StatedTime(shown or moment.written, moment.utc, moment.zone, moment.basis)


def _thread(node: Element, own: list[Element], identifier: str) -> str:
    conversation = attr(node, "data-conversation-id") or attr(_first_of(own, "tweet-timestamp"), "data-conversation-id")
    return conversation if conversation != identifier else ""


def _desktop_quote(node: Element | None) -> Post | None:
    if node is None:
        return None
    own = list(node.iter("*"))
    identifier, handle = attr(node, "data-item-id"), attr(node, "data-screen-name")
    name = written(_first_of(own, "QuoteTweet-fullname"))
    return Post(
        "x",
        "quoted",
        account(name, handle, attr(node, "data-user-id"), base=TWITTER),
        plain_text(_first_of(own, "QuoteTweet-text")),
        time=time_in(identifier),
        id=identifier,
        permalink=permalink(handle, identifier, base=TWITTER),
        media=_desktop_media(own),
    )


def _desktop_media(own: list[Element]) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    for part in own:
        kind: Literal["video", "image"] = "video" if part.tag == "video" else "image"
        url = attr(part, "data-image-url")
        if not url and (part.tag == "video" or (part.tag == "img" and _in_media(part))):
            url = attr(part, "src") or attr(part, "poster")
        if url and url not in found:
            picture = first(part, "img") if kind == "image" else None
            alt = attr(part if picture is None else picture, "alt")
            found[url] = Media(kind, absolute(url, TWITTER), alt)
    return tuple(media for media in found.values() if media.url)


def _in_media(picture: Element) -> bool:
    above = picture.getparent()
    return above is not None and not MEDIA.isdisjoint(classes(above))


def _desktop_counts(own: list[Element]) -> dict[str, str]:
    counts: dict[str, str] = {}
    name = ""
    for part in own:
        labels = classes(part)
        name = next((COUNTS[label] for label in labels if label in COUNTS), name)
        if name and ("ProfileTweet-actionCountForPresentation" in labels or (part.tag == "strong" and not labels)):
            shown = written(part).strip()
            if shown:
                counts.setdefault(name, shown)
    return counts


def _desktop_labels(node: Element, own: list[Element]) -> tuple[str, ...]:
    names = {name for part in own for name in classes(part)}
    labels = ["verified"] if "Icon--verified" in names else []
    if "promoted-tweet" in classes(node):
        labels.append("promoted")
    if attr(node, "data-protected") == "true" or "Icon--protected" in names:
        labels.append("protected")
    lines = (_first_of(own, name) for name in ("js-retweet-text", "js-pinned-text") if name in names)
    return (*labels, *(line for part in lines if (line := " ".join(written(part).split()))))


def _mobile(node: Element) -> Post | None:
    words = first(node, "div.tweet-text")
    link = attr(node, "href") or attr(first(node, ".metadata a", ".timestamp a"), "href")
    status = status_of(link)
    identifier = attr(words, "data-id") or (status[1] if status else "")
    handle = written(first(node, ".username")).strip().lstrip("@").strip()
    if words is None or not identifier:
        return None
    shown = " ".join(written(first(node, ".metadata", ".timestamp")).split())
    when = shown_and_counted(shown, identifier)
    name = " ".join(written(first(node, "strong.fullname", ".fullname")).split())
    address = permalink(handle, identifier, base=TWITTER)
    text = plain_text(first(words, "div.dir-ltr", "div.dir-rtl") if len(words) else words)
    return Post("x", "post", account(name, handle, base=TWITTER), text, time=when, id=identifier, permalink=address)


def _hentry(node: Element) -> Post | None:
    words = first(node, ".entry-content")
    status = next((found for link in select(node, "a[href]") if (found := status_of(attr(link, "href")))), None)
    identifier = status[1] if status else attr(node, "id").rpartition("_")[2]
    if words is None or not identifier.isdigit():
        return None
    user = first(node, "a.screen-name", "a.tweet-url.screen-name", ".tweet-screen-name", ".screen-name")
    handle = written(user).strip().lstrip("@") or (status[0] if status else "")
    name = " ".join((attr(user, "title") or written(first(node, ".full-name", ".tweet-full-name"))).split())
    stamp = first(node, ".published[data]", ".published[title]", ".published")
    given = text_at(dict_at(json_of(attr(stamp, "data").replace("{time:'", '{"time":"').replace("'}", '"}'))), "time")
    when = (time_of(given) if given else stated("", attr(stamp, "title") or written(stamp))) or time_in(identifier)
    address = permalink(handle, identifier, base=TWITTER)
    author = account(name, handle, base=TWITTER)
    return Post("x", "post", author, plain_text(words), time=when, id=identifier, permalink=address)


def _embed(node: Element) -> Post | None:
    """Widgets' own markup, and the `<blockquote>` that oEmbed gives: text, then name, handle and day."""
    words = first(node, ".Tweet-text", ".e-entry-title", "p")
    links = [(link, status) for link in select(node, "a[href]") if (status := status_of(attr(link, "href")))]
    cited = status_of(attr(node, "cite"))
    status = cited or (links[-1][1] if links else None)  # links to posts in the text stand before the post's own
    if words is None or status is None:
        return None
    handle, identifier, _ = status
    written_name = written(first(node, ".TweetAuthor-name", ".p-name")).strip()
    shown_handle = written(first(node, ".TweetAuthor-screenName", ".p-nickname")).strip().lstrip("@")
    if not written_name:
        tail = "".join(child.tail or "" for child in node)
        signed = SIGNED.search(tail)
        written_name, shown_handle = (tail[: signed.start()].strip(), signed[1]) if signed else ("", "")
    handle = handle or shown_handle or handle_of(attr(first(node, "a.TweetAuthor-link"), "href"))
    stamp = first(node, "time[datetime]", "[datetime]")
    shown = written(stamp if stamp is not None else (links[-1][0] if links else None))
    when = stated(attr(stamp, "datetime"), shown) if stamp is not None else shown_and_counted(shown, identifier)
    author = account(written_name.lstrip("—– ").strip(), handle, base=TWITTER)
    address = permalink(handle, identifier, base=TWITTER)
    return Post("x", "post", author, plain_text(words), time=when, id=identifier, permalink=address)
