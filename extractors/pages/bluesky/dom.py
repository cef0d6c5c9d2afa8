"""Posts of Bluesky as its web app lays them out: items with test ids and links. Never reads class names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.contract import Account, Media, Post, StatedTime
from extractors.inline import plain_text
from extractors.pages.bluesky.json import ADDRESS, APP, BIDI, shown_and_counted
from extractors.toolbox import Element, absolute, attr, host_of, select, written

ITEMS = "[data-testid^='postThreadItem-by-'], [data-testid^='feedItem-by-']"
DID = re.compile(r"did:(?:plc|web):[A-Za-z0-9.:%_-]+")
COUNTS = {
    "replyBtn": "replies",
    "repostCount": "reposts",
    "likeCount": "likes",
    "quoteCount": "quotes",
    "bookmarkCount": "bookmarks",
}
NUMBER = re.compile(r"\d[\d.,]*(?:\s?[KMB]\b)?")


def posts(root: Element, own_address: str) -> Iterator[Post]:
    """Every item of a thread or feed in order; `own_address` is the address of the page's own post, if any."""
    seen: set[Element] = set()
    for node in select(root, ITEMS):
        if not any(parent in seen for parent in node.iterancestors()):
            seen.add(node)
            if (post := item(node, own_address)) is not None:
                yield post


def item(node: Element, own_address: str) -> Post | None:
    """One item of a thread or feed; a quotation inside is a link of its own."""
    quoted = _quote(node)
    inner = set(quoted.iter()) if quoted is not None else set()
    own = [part for part in node.iter("*") if part not in inner]
    handle = attr(node, "data-testid").partition("-by-")[2]
    key = _key(own, handle, own_address)
    author = author_in(own, handle)
    text = next((plain_text(part) for part in own if _is_text(part)), "")
    if not (key or text or author.name):
        return None
    address = f"{author.url}/post/{key}" if key else ""
    return Post(
        "bluesky",
        "post",
        author,
        text,
        time=_time(own, key),
        id=key,
        permalink=address,
        quoted=_quoted(quoted),
        media=tuple(_media(own)),
        counts=_counts(own),
        labels=tuple(_labels(own)),
        sure=bool(key),
    )


def _quote(node: Element) -> Element | None:
    """A link inside the item that holds a text or a time of its own."""
    for found in select(node, "div[role='link'], a[role='link']"):
        if found is not node and any(_is_text(part) or _is_time(part) for part in found.iter("*") if part is not found):
            return found
    return None


def _quoted(node: Element | None) -> Post | None:
    if node is None:
        return None
    own = list(node.iter("*"))
    address = next((m for part in own if _is_time(part) and (m := ADDRESS.match(attr(part, "href")))), None)
    address = address or ADDRESS.match(attr(node, "href"))
    handle, key = (address["actor"], address["key"]) if address else ("", "")
    author = author_in(own, handle)
    text = next((plain_text(part) for part in own if _is_text(part)), "")
    link = f"{author.url}/post/{key}" if key else ""
    media = tuple(_media(own))
    return Post("bluesky", "quoted", author, text, time=_time(own, key), id=key, permalink=link, media=media)


def _is_text(node: Element) -> bool:
    return node.get("data-word-wrap") == "1" or node.get("data-testid") == "postText"


def _is_time(node: Element) -> bool:
    return node.tag == "a" and "data-tooltip" in node.attrib and "/post/" in attr(node, "href")


def _key(own: list[Element], handle: str, own_address: str) -> str:
    """The record's key: from the link round the time, else from the counts' links, else from the page's address."""
    links = [m for part in own if part.tag == "a" and (m := ADDRESS.match(attr(part, "href")))]
    for found in links:
        if found["actor"].lower() == handle.lower() and not _in_text(own, found):
            return found["key"]
    here = ADDRESS.match(own_address)
    return here["key"] if here is not None and here["actor"].lower() == handle.lower() and not links else ""


def _in_text(own: list[Element], found: re.Match[str]) -> bool:
    """Whether this address stands in the text alone: a link that the person wrote."""
    holders = [part for part in own if part.tag == "a" and attr(part, "href") == found.string]
    return all(any(_is_text(parent) for parent in part.iterancestors()) for part in holders[:5])


def author_in(own: list[Element], handle: str) -> Account:
    """Name and handle from the links to the profile; the immutable id from the avatar's address."""
    name = ""
    for part in own:
        if part.tag == "a" and "/profile/" in attr(part, "href") and "/post/" not in attr(part, "href"):
            shown = [line for line in written(part).translate(BIDI).split("\n") if line.strip()]
            handle = handle or next((line[1:] for line in shown if line.startswith("@")), "")
            name = name or next((line.strip() for line in shown if not line.startswith("@") or len(shown) > 1), "")
        if name and handle:
            break
    if not name and not handle:
        shown = [run for part in own if (run := (part.text or "").translate(BIDI).strip())]
        handle = next((run[1:] for run in shown if run.startswith("@")), "")
        name = shown[0] if handle and shown and shown[0] != f"@{handle}" else ""
    picture = next((part for part in own if part.tag == "img" and "/avatar" in attr(part, "src")), None)
    did = DID.search(attr(picture, "src"))
    return Account(name, handle, did[0] if did else "", f"{APP}/profile/{handle}" if handle else "")


def _time(own: list[Element], key: str) -> StatedTime | None:
    """The tooltip says minutes in the reader's own zone; the record's key says when, in UTC."""
    link = next((part for part in own if _is_time(part)), None)
    if link is not None:
        return shown_and_counted(attr(link, "data-tooltip"), key)
    shown = next((run for part in own if " · " in (run := (part.text or "")) and re.search(r"\d\d\d\d", run)), "")
    return shown_and_counted(shown, key)


def _media(own: list[Element]) -> Iterator[Media]:
    seen = set()
    for part in own:
        url, alt = attr(part, "src"), attr(part, "alt")
        if part.tag == "img" and "/feed_" in url and url not in seen and not _in_card(part):
            yield Media("image", url, alt)
        elif part.tag == "video" and (url := absolute(url, APP) or absolute(attr(part, "poster"), APP)):
            yield Media("video", url, attr(part, "aria-label"))
        elif part.tag == "a" and attr(part, "aria-label") and host_of(url := attr(part, "href")) and url not in seen:
            yield Media("link", url, attr(part, "aria-label"))
        seen.add(url)


def _in_card(picture: Element) -> bool:
    return any(parent.tag == "a" and attr(parent, "href").startswith("http") for parent in picture.iterancestors())


def _counts(own: list[Element]) -> dict[str, str]:
    counts: dict[str, str] = {}
    for part in own:
        testid = attr(part, "data-testid").removesuffix("-expanded")
        if name := COUNTS.get(testid):
            shown = NUMBER.search(written(part)) or NUMBER.search(attr(part, "aria-label"))
            if shown is not None:
                counts.setdefault(name, shown[0])
    return counts


def _labels(own: list[Element]) -> Iterator[str]:
    for part in own:
        label = attr(part, "aria-label")
        if label.startswith("Reposted by"):
            yield " ".join(written(part).split()) or label
        elif "verification" in label.lower() or label.lower().startswith("verified"):
            yield "verified"
