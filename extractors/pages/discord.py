"""Reads Discord's web app as it stood on the screen, and its messages as JSON. Never opens a channel or an invite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import line_of, media_in
from extractors.fediverse import media_kind
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    DISCORD_EPOCH,
    Element,
    attr,
    dict_at,
    first,
    from_snowflake,
    holds,
    host_of,
    is_host,
    list_at,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)

PLATFORM, HOSTS, ROOT = "discord", CLAIMS["discord"], "https://discord.com/"
MESSAGE = "[id^='chat-messages-']"
DEEPEST = 2  # messages that one may stand in: broken markup nests them, and each is looked through whole
NUMBERS = re.compile(r"chat-messages-(?:___chat-messages-)?(\d{15,20})-(\d{15,20})$")
AVATAR = re.compile(r"/(?:avatars|users)/(\d{15,20})/")
CHANNEL = re.compile(r"/channels/(@me|\d{15,20})(?:/(\d{15,20}))?(?:/(\d{15,20}))?")
INVALID = re.compile(
    r"invite (?:is )?invalid|invite may be expired|(?:einladung|invitation) (?:ungültig|invalide)", re.I
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_json(value)
        return
    root, author = tree(page), Account()
    known = CHANNEL.search(page.url)
    blocks = select(root, MESSAGE)
    outer = set(blocks)
    for n, block in enumerate(blocks):
        numbers = NUMBERS.search(attr(block, "id"))
        if numbers is None or sum(above in outer for above in block.iterancestors()) > DEEPEST:
            yield Problem(f"{MESSAGE} {n}", "a message without its numbers, or inside other messages")
            continue
        author = _author(block, numbers[2]) or author  # a run of messages names its author once
        yield _message(block, author, numbers[1], numbers[2], known[1] if known else "@me")


def standing(page: Page) -> Standing | None:
    root = tree(page)
    if first(root, MESSAGE) is not None:
        return Standing("live", "Discord shows messages")
    if json_page(page) is not None:
        record = next(read(page), None)
        return Standing("live", "the answer holds messages") if isinstance(record, Post) else _refused(json_page(page))
    parts = path_parts(page.url)
    title = line_of(first(root, "h1", "h2", "[class*='title']"))
    if INVALID.search(title):
        return Standing("removed", f"the page's own words: {title[:120]}")
    asked = first(root, "form input[name='email'], form input[type='password']") is not None
    if asked or parts[:1] in (["login"], ["register"]):
        return Standing("login_wall", "Discord asks for a login")
    return Standing("error", "Discord's shell without a message") if parts[:1] == ["channels"] else None


def recognises(page: Page) -> bool:
    return (
        holds(page, "chat-messages-")
        and first(tree(page), "[id^='message-content-']", "[id^='message-username-']") is not None
    )


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    if met := CHANNEL.search(url):
        if met[1] == "@me":
            return Identity(PLATFORM, "inbox", post=met[3] or "")
        return Identity(PLATFORM, "post" if met[3] else "thread", post=met[3] or met[2] or "")
    if met := re.search(r"/users/(\d{15,20})", url):
        return Identity(PLATFORM, "profile", account=met[1])
    return Identity(PLATFORM, "other")


# --- the app


def _author(block: Element, number: str) -> Account | None:
    named = first(block, f"#message-username-{number} [data-text]", f"#message-username-{number}", "h3 [data-text]")
    if named is None:
        return None
    picture = first(block, "img[class*='avatar'][src*='/avatars/']", "img[src*='/avatars/']")
    inside = (
        next((up for up in picture.iterancestors() if "message-reply" in attr(up, "id")), None)
        if picture is not None
        else None
    )
    met = AVATAR.search(attr(picture, "src")) if inside is None else None
    name = attr(named, "data-text").removeprefix("@") or line_of(named)
    return Account(name, id=met[1] if met else attr(named, "data-user-id"))


def _message(block: Element, author: Account, channel: str, number: str, server: str) -> Post:
    body = first(block, f"#message-content-{number}")
    stamp = first(block, f"time#message-timestamp-{number}", f"#message-timestamp-{number} time", "time[datetime][id]")
    changed = first(body, "time[datetime]") if body is not None else None
    beside = first(block, f"#message-accessories-{number}")
    reply = first(block, f"#message-reply-context-{number}")
    quoted = _quoted(reply) if reply is not None else None
    link = f"{ROOT}channels/{server}/{channel}/{number}"
    words = written(body, drop=lambda node: node.tag == "time" or "edited" in attr(node, "class"), pre=True)
    return Post(
        PLATFORM,
        "message",
        author,
        words,
        time=stated(attr(stamp, "datetime"), line_of(stamp)) or from_snowflake(number, epoch=DISCORD_EPOCH),
        edited=stated(attr(changed, "datetime"), line_of(changed)) if changed is not None else None,
        id=number,
        permalink=link,
        in_reply_to=quoted.id if quoted else "",
        thread=channel,
        quoted=quoted,
        media=_media(beside) if beside is not None else (),
        counts=_reactions(block),
        labels=tuple(_labels(block, beside)),
    )


def _quoted(reply: Element) -> Post:
    body = first(reply, "[id^='message-content-']", "[class*='repliedTextContent']")
    id_ = attr(body, "id").rpartition("-")[2]
    name = first(reply, "[class*='username']")
    text = written(body) or line_of(first(reply, "[class*='repliedTextPlaceholder']"))
    met = AVATAR.search(attr(first(reply, "img[src*='/avatars/']"), "src"))
    who = Account(line_of(name).removeprefix("@"), id=met[1] if met else "")
    return Post(
        PLATFORM, "quoted", who, text, id=id_ if id_.isdigit() else "", time=from_snowflake(id_, epoch=DISCORD_EPOCH)
    )


def _media(beside: Element) -> tuple[Media, ...]:
    found = list(media_in(list(beside.iter("img", "video", "audio")), ROOT))
    known = {media.url for media in found}
    for link in select(beside, "a[href*='/attachments/']"):
        if (url := attr(link, "href")) not in known:
            known.add(url)
            found.append(Media("link", url, line_of(link)))
    return tuple(found)


def _reactions(block: Element) -> dict[str, str]:
    counts = {}
    for node in select(block, "[class*='reactionInner']"):
        picture = first(node, "img[alt]")
        counts[f"reaction {attr(picture, 'alt')}".strip()] = line_of(first(node, "[class*='reactionCount']"))
    return counts


def _labels(block: Element, beside: Element | None) -> Iterator[str]:
    if (tag := line_of(first(block, "[class*='botTag']"))) != "":
        yield tag
    for embed in select(beside, "article[class*='embed']") if beside is not None else ():
        yield f"embed: {line_of(embed)[:300]}"


# --- JSON


def _from_json(value: Any) -> Iterator[Post | Problem]:
    found, inside = False, set[int]()
    for _, item in walk(value):
        if id(item) in inside or "content" not in item or not text_at(item, "author", "id"):
            continue
        inside.update(id(part) for _, part in walk(item.get("referenced_message")))
        found = True
        yield _from_message(item)
    if not found:
        yield Problem("JSON", "no Discord message in this answer")


def _from_message(item: dict[str, Any], *, depth: int = 0) -> Post:
    who, answered = dict_at(item, "author"), dict_at(item, "referenced_message")
    media = []
    for part in list_at(item, "attachments"):
        kind = media_kind(text_at(part, "content_type").partition("/")[0])
        media.append(Media(kind, text_at(part, "url"), text_at(part, "description") or text_at(part, "filename")))
    id_ = text_at(item, "id")
    return Post(
        PLATFORM,
        "quoted" if depth else "message",
        Account(text_at(who, "global_name") or text_at(who, "username"), text_at(who, "username"), text_at(who, "id")),
        text_at(item, "content"),
        time=stated(text_at(item, "timestamp")) or from_snowflake(id_, epoch=DISCORD_EPOCH),
        edited=stated(text_at(item, "edited_timestamp")),
        id=id_,
        in_reply_to=text_at(item, "message_reference", "message_id"),
        thread=text_at(item, "channel_id"),
        quoted=_from_message(answered, depth=1) if answered and not depth else None,
        media=tuple(media),
        source="json",
    )


def _refused(value: Any) -> Standing | None:
    code = text_at(value, "code")
    if code in ("10003", "10008"):  # unknown channel, unknown message (Discord's list of error codes)
        return Standing("removed", f"Discord answered {code}: {text_at(value, 'message')[:80]}")
    return Standing("login_wall", f"Discord answered {code or '401'}") if code in ("0", "50001") else None


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, identity=identity)
