"""Reads Telegram's public pages: a channel's feed, one post, the embed and landing pages. Never the app itself."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import line_of, link_of
from extractors.once import once
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    closest,
    decode,
    first,
    holds,
    host_of,
    is_host,
    json_of,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    written,
)
from extractors.twins import disagreements

PLATFORM, ROOT = "telegram", "https://t.me/"
HOSTS = CLAIMS["telegram"]
MESSAGE = ".tgme_widget_message"
REPLY, FORWARD = "a.tgme_widget_message_reply", ".tgme_widget_message_forwarded_from_name"
OWNER = (".tgme_widget_message_owner_name", ".tgme_widget_message_author_name")
TEXT = ".tgme_widget_message_text"
REFUSED = ".tgme_widget_message_error, .tme_no_messages_found"
BANNED = re.compile(
    r"(?:unfortunately, )?this (?:channel|group|bot|user|chat) (?:can['’]t|cannot) be (?:displayed|accessed)", re.I
)
DEEPEST = 2  # messages that one may stand in: broken markup nests them, and each is looked through whole
PICTURE = re.compile(r"background-image:\s*url\(\s*['\"]?([^'\")]+)")
DEEP_LINK = re.compile(r"[?&]domain=([A-Za-z0-9_]+)(?:.*?[?&]post=(\d+))?")
PEER = re.compile(r"^c?-?(\d{5,})")
PLACES = {"s", "c", "joinchat", "addstickers", "share", "proxy", "socks", "iv", "login", "addlist", "setlanguage", "bg"}


@once
def read(page: Page) -> Iterator[Post | Problem]:
    root = tree(page)
    if (profile := _feed_head(root) or _landing(page, root)) is not None:
        yield profile
    found = list(_messages(root))
    yield from found
    posts = [post for post in found if isinstance(post, Post)]
    twins = [post for twin in _twins(page) for post in _messages(twin) if isinstance(post, Post)]
    if posts:
        yield from disagreements(posts, twins, where="embed")
    else:
        yield from twins or _preview(page)


def standing(page: Page) -> Standing | None:
    root = tree(page)
    shown = [root, *_twins(page)]
    if any(first(each, MESSAGE + "[data-post]") is not None for each in shown):
        return Standing("live", "Telegram shows the post")
    if (refused := next((r for each in shown if (r := first(each, REFUSED)) is not None), None)) is not None:
        return _refusal(line_of(refused))
    if met := BANNED.match(line_of(first(root, ".tgme_page_description, .tgme_channel_info_description"))):
        return Standing("suspended", f"the page's own words: {met[0]}")
    if first(root, ".tgme_page") is None:
        return None
    if first(root, ".tgme_page_title, .tgme_page_widget, .tgme_page_invite, .tgme_page_status") is None:
        named = DEEP_LINK.search(meta(page, "al:ios:url", "al:android:url"))
        return Standing("removed", "Telegram shows no profile under this name") if named else None
    if first(root, ".tgme_page_widget") is not None:
        told = next(_preview(page), None)
        return Standing("live", "the link preview tells the post") if told else Standing("error", "no post in the page")
    return Standing("live", "Telegram shows the channel or account")


def recognises(page: Page) -> bool:
    if not holds(page, "tgme_"):
        return False
    found = first(tree(page), ".tgme_page_wrap", ".tgme_channel_history", MESSAGE + "[data-post]", REFUSED)
    return found is not None and closest(found, "iframe") is None


def companions(url: str) -> list[str]:
    """The embed of a post, which holds its words and time; for a channel its public feed."""
    known = identity(url)
    if known is None:
        return []
    if known.page == "post" and known.handle:
        return [f"{ROOT}{known.handle}/{known.post}?embed=1&mode=tme"]
    parts = path_parts(url)
    return [f"{ROOT}s/{known.handle}"] if known.page == "profile" and parts[:1] != ["s"] else []


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    if is_host(host_of(url), "web.telegram.org"):
        return Identity(PLATFORM, "inbox")
    parts = path_parts(url)
    if parts[:1] == ["c"] and len(parts) > 2 and parts[1].isdigit():
        return Identity(PLATFORM, "post", post=parts[-1], account=parts[1], within=f"t.me/c/{parts[1]}")
    if parts[:1] == ["s"]:
        parts = parts[1:]
    if not parts or parts[0] in PLACES or parts[0].startswith("+"):
        return Identity(PLATFORM, "other")
    if len(parts) > 2 and parts[1] == "s":
        return Identity(PLATFORM, "story", post=parts[2], handle=parts[0], within=f"t.me/{parts[0].lower()}/s")
    if len(parts) > 1 and parts[-1].isdigit():
        return Identity(PLATFORM, "post", post=parts[-1], handle=parts[0], within=f"t.me/{parts[0].lower()}")
    return Identity(PLATFORM, "profile", handle=parts[0])


# --- messages


def _messages(root: Element) -> Iterator[Post | Problem]:
    blocks = select(root, MESSAGE)
    known = set(blocks)
    for n, block in enumerate(blocks):
        if sum(above in known for above in block.iterancestors()) > DEEPEST:
            yield Problem(f"{MESSAGE} {n}", "a message inside messages")
            continue
        post = _message(block)
        if post.id or post.text or post.media:
            yield post
        elif first(block, REFUSED) is None and line_of(block):
            yield Problem(f"{MESSAGE} {n}", "a message without number, words or pictures")


def _message(block: Element) -> Post:
    id_ = attr(block, "data-post")
    reply = first(block, REPLY)
    inside = set(reply.iter()) if reply is not None else set()
    date = first(block, "a.tgme_widget_message_date")
    when = first(block, ".tgme_widget_message_date time[datetime]", ".tgme_widget_message_meta time[datetime]")
    link = absolute(attr(date, "href"), ROOT).partition("?")[0]
    text, question = _words(block, inside), first(block, ".tgme_widget_message_poll_question")
    return Post(
        PLATFORM,
        "post",
        _author(block, id_, inside),
        text if question is None else "\n\n".join(part for part in (line_of(question), text) if part),
        time=stated(attr(when, "datetime"), line_of(when)) if when is not None else None,
        id=id_.rpartition("/")[2],
        permalink=link or (ROOT + id_ if "/" in id_ else ""),
        in_reply_to=absolute(attr(reply, "href"), ROOT).partition("?")[0],
        quoted=_quoted(block, reply),
        media=_media(block, inside),
        counts=_counts(block),
        labels=tuple(_labels(block)),
    )


def _words(block: Element, inside: set[Element]) -> str:
    texts = [node for node in select(block, TEXT) if node not in inside]
    outer = [
        node for node in texts if closest(node, TEXT) is None
    ]  # an album's text stands in a text of the same class
    return "\n\n".join(words for node in outer if (words := written(node)))


def _author(block: Element, id_: str, inside: set[Element]) -> Account:
    named = next((n for css in OWNER for n in select(block, css) if n not in inside and line_of(n)), None)
    handle = id_.rpartition("/")[0]
    url = link_of(named, ROOT)
    if not url and handle:
        url = ROOT + handle
    parts = path_parts(url)
    if parts and is_host(host_of(url), "t.me") and parts[0] not in PLACES:
        handle = parts[0]
    return Account(line_of(named), handle if not handle.startswith("c/") else "", _peer(block), url)


def _peer(block: Element) -> str:
    """The channel's number, which outlives its name: in `data-peer`, or in the JSON that `data-view` encodes."""
    if met := PEER.match(attr(block, "data-peer")):
        return met[1]
    coded = attr(block, "data-view")
    try:
        view = json_of(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return ""
    met = PEER.match(text_at(view, "c"))
    return met[1] if met else ""


def _quoted(block: Element, reply: Element | None) -> Post | None:
    if reply is not None:
        words = first(reply, ".js-message_reply_text", ".tgme_widget_message_metatext", TEXT)
        name = line_of(first(reply, ".tgme_widget_message_author_name", ".tgme_widget_message_author"))
        link = absolute(attr(reply, "href"), ROOT)
        return Post(PLATFORM, "quoted", Account(name), written(words), permalink=link, id=link.rpartition("/")[2])
    source = first(block, FORWARD)
    if source is None:
        return None
    link = link_of(source, ROOT)
    parts = path_parts(link)
    handle = parts[0] if parts and parts[0] not in PLACES else ""
    who = Account(line_of(source), handle, url=ROOT + handle if handle else "")
    return Post(PLATFORM, "quoted", who, "", permalink=link, labels=("forwarded",), sure=False)


def _media(block: Element, inside: set[Element]) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    for node in block.iter("a", "i", "div", "video", "audio"):
        if node in inside:
            continue
        for media in _one_media(node):
            found.setdefault(media.url, media)
    return tuple(found.values())


def _one_media(node: Element) -> Iterator[Media]:
    kinds = " ".join(name for name in classes(node) if name.startswith("tgme_widget_message_"))
    if node.tag in ("video", "audio") and node.get("src"):
        yield Media("video" if node.tag == "video" else "audio", absolute(attr(node, "src"), ROOT))
    elif "_photo_wrap" in kinds or "_sticker" in kinds:
        picture = PICTURE.search(attr(node, "style"))
        url = attr(node, "data-webp") or (picture[1] if picture else "") or attr(first(node, "img[src]"), "src")
        if url:
            yield Media("image", absolute(url, ROOT))
    elif "_document_wrap" in kinds or "_location_wrap" in kinds:
        yield Media("link", absolute(attr(node, "href"), ROOT), line_of(node))
    elif "_link_preview" in kinds and node.get("href"):
        parts = (written(first(node, css)) for css in (".link_preview_title", ".link_preview_description"))
        yield Media("link", absolute(attr(node, "href"), ROOT), "\n".join(part for part in parts if part))


def _counts(block: Element) -> dict[str, str]:
    counts = {
        name: line_of(node)
        for name, css in (("views", ".tgme_widget_message_views"), ("voters", ".tgme_widget_message_voters"))
        if (node := first(block, css)) is not None
    }
    for option in select(block, ".tgme_widget_message_poll_option"):
        text = line_of(first(option, ".tgme_widget_message_poll_option_text"))
        counts[f"option: {text}"] = line_of(first(option, ".tgme_widget_message_poll_option_percent"))
    for reaction in select(block, ".tgme_reaction"):
        emoji = line_of(first(reaction, ".emoji")) or attr(first(reaction, "tg-emoji"), "emoji-id")
        words = line_of(reaction)
        counts[f"reaction {emoji}".strip()] = words.removeprefix(emoji).strip() or words
    return counts


def _labels(block: Element) -> Iterator[str]:
    info = line_of(first(block, ".tgme_widget_message_meta"))
    if "service_message" in classes(block):
        yield "service message"
    if (signed := line_of(first(block, ".tgme_widget_message_from_author"))) != "":
        yield f"signed: {signed}"
        info = info.replace(signed, "")
    if re.search(r"\bedited\b", info):
        yield "edited"
    if (source := line_of(first(block, FORWARD))) != "":
        yield f"forwarded from: {source}"
    if (poll := line_of(first(block, ".tgme_widget_message_poll_type"))) != "":
        yield poll


# --- pages round them


def _feed_head(root: Element) -> Post | None:
    info = first(root, ".tgme_channel_info")
    if info is None:
        return None
    name = first(info, ".tgme_channel_info_header_title")
    handle = line_of(first(info, ".tgme_channel_info_header_username")).removeprefix("@")
    counts = {
        line_of(first(node, ".counter_type")): line_of(first(node, ".counter_value"))
        for node in select(info, ".tgme_channel_info_counter")
    }
    who = Account(line_of(name), handle, url=ROOT + handle if handle else "")
    words = written(first(info, ".tgme_channel_info_description"))
    verified = ("verified",) if first(info, ".verified-icon") is not None else ()
    return Post(PLATFORM, "profile", who, words, permalink=who.url, counts=counts, labels=verified)


def _landing(page: Page, root: Element) -> Post | None:
    title = first(root, ".tgme_page_title")
    if title is None:
        return None
    known = DEEP_LINK.search(meta(page, "al:ios:url", "al:android:url", "twitter:app:url:iphone"))
    handle = known[1] if known else ""
    extra = line_of(first(root, ".tgme_page_extra"))
    named = first(title, "span")
    who = Account(line_of(title if named is None else named), handle, url=ROOT + handle if handle else "")
    counts = {"members": extra} if extra and not extra.startswith("@") else {}
    verified = ("verified",) if first(title, ".verified-icon") is not None else ()
    words = written(first(root, ".tgme_page_description"))
    return Post(PLATFORM, "profile", who, words, permalink=who.url, counts=counts, labels=verified)


def _preview(page: Page) -> Iterator[Post]:
    """What the wrapper of a single post tells link previews; the post itself is in a frame."""
    known = DEEP_LINK.search(meta(page, "al:ios:url", "al:android:url", "twitter:app:url:iphone"))
    if known is None or not known[2]:
        return
    text = meta(page, "og:description", "twitter:description")
    picture = meta(page, "og:image")
    if text or picture:
        who = Account(meta(page, "og:title"), known[1], url=ROOT + known[1])
        media = (Media("image", picture),) if picture else ()
        link = f"{ROOT}{known[1]}/{known[2]}"
        yield Post(
            PLATFORM, "post", who, text, id=known[2], permalink=link, media=media, source="structured", sure=False
        )


def _twins(page: Page) -> Iterator[Element]:
    for address, data in page.companions.items():
        if any(is_host(host_of(address), host) for host in HOSTS) and "embed=" in urlsplit(address).query:
            yield tree(Page(address, decode(data)))


def _refusal(words: str) -> Standing:
    why = f"the page's own words: {words[:120]}"
    low = words.casefold()
    if "no posts found" in low or not low:
        return Standing("error", why or "Telegram shows no posts")
    if "local law" in low or "your country" in low:
        return Standing("geo_blocked", why)
    if "can't be displayed" in low.replace("’", "'") or "terms of service" in low or "copyright" in low:
        return Standing("suspended", why)
    return Standing("login_wall" if "private" in low else "removed", why)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
