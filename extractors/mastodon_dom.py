"""Mastodon's pages as a browser draws them, from the server-made ones to the web app of 2026. Reads no JSON.

The classes of 4.x (`.detailed-status`, `.status[data-id]`) come first. The app's newer look has hashed class names, so
it is read by what it can't do without: `article[data-id]`, the author's hover card, a time inside a link to the post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.contract import Account, Media, Post, StatedTime
from extractors.fediverse import full_handle
from extractors.mastodon_json import BASIS_OF_ID, PLATFORM
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    closest,
    emoji,
    first,
    from_snowflake,
    path_parts,
    select,
    stated,
    written,
)

MAIN = "detailed-status"
BLOCKS = ".detailed-status, div.status, article[data-id]"
AUTHORS = (
    "a.detailed-status__display-name",
    "a.status__display-name",
    ".p-author a[href]",
    "a[data-hover-card-account]",
)
TIMES = ("a.detailed-status__datetime", "a.status__relative-time", "a.u-url:has(time)", "header a:has(time)")
CONTENT = (".status__content__text", ".e-content", ".status__content")
WARNING = (".content-warning", ".p-summary", ".status__content__spoiler-text")
NAMES = (".display-name__html", ".p-author .p-name", ".display-name strong", "bdi")
HASHTAGS = ".hashtag-bar a"
NOT_WORDS = frozenset({"button", "header", "footer", "nav"})
NOT_WORDS_CLASSES = frozenset(
    {"poll", "status__content__spoiler-link", "translate-button", "media-gallery", "hashtag-bar", "status__quote"}
    | {"status__action-bar", "detailed-status__meta", "status-card", "quote-inline", "content-warning"}
)
COUNTS = {  # in the app's own words where a look has them, else by the icon beside the number
    "likes": (".detailed-status__favorites", "button:has(.icon-star) .icon-button__counter"),
    "boosts": (".detailed-status__reblogs", "button:has(.icon-retweet) .icon-button__counter"),
    "replies": ("button:has(.icon-reply) .icon-button__counter", ".status__action-bar__counter__label"),
}
VISIBILITY = re.compile(r"^status-(unlisted|private|direct|limited)$")
ICONS = {"icon-unlock": "unlisted", "icon-lock": "private", "icon-at": "direct"}
POST_PATH = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses|web/(?:@[^/]+|statuses)|ap/users/\d+/statuses)/(\d{6,})")
ATTACHED = "figure, [class*='media-gallery'], [class*='video-player'], [class*='audio-player'], [class*='ttachment']"
MEDIA = "img[src], video[src], audio[src], a.status-card[href], a[class*='thumbnail'][href]"


@dataclass(frozen=True)
class Block:
    """One post's element; what belongs to a post inside it is not its own."""

    node: Element
    others: frozenset[Element]

    def all(self, css: str) -> list[Element]:
        return [found for found in select(self.node, css) if self.owns(found)]

    def first(self, *css: str) -> Element | None:
        return next((found for each in css for found in self.all(each)), None)

    def owns(self, found: Element) -> bool:
        """Whether this post is the nearest around an element, and the line above it ("… boosted") is not nearer."""
        for up in found.iterancestors():
            if "status__prepend" in classes(up):
                return False
            if up in self.others:
                return up is self.node
        return False


def posts_in(root: Element, base: str) -> Iterator[Post]:
    """Every post that is drawn, in order; the first of a conversation is the thread of the others."""
    nodes = frozenset(select(root, BLOCKS))
    blocks = [block for node in select(root, BLOCKS) if (block := Block(node, nodes)).first(*AUTHORS) is not None]
    known = {block.node for block in blocks}
    outer = [block for block in blocks if not any(up in known for up in block.node.iterancestors())]
    found = [post for block in outer if (post := _post(block, base, blocks)) is not None]
    conversation = any(MAIN in classes(block.node) for block in outer) and len(found) > 1
    thread = found[0].permalink if conversation else ""
    yield from (replace(post, thread=thread) if post.permalink != thread else post for post in found)


def profile_in(root: Element, base: str) -> Post | None:
    """The head of an account's page."""
    head = first(root, ".account__header, .account-timeline__header, .public-account-header")
    if head is None:
        return None
    shown = first(head, ".display-name__html", "h1 bdi", "h1 > span", "h1")
    handle = written(first(head, "h1 small, [class*='account__header__tabs__name'] small, .display-name__account"))
    name = written(shown, drop=lambda inner: inner.tag == "small")
    handle = next((word for word in handle.split() if word.startswith("@")), "").removeprefix("@")
    bio = written(first(head, ".account__header__content"))
    owner = Account(name, full_handle(handle, base), "", base)
    return Post(PLATFORM, "profile", owner, bio) if handle else None


def _post(block: Block, base: str, blocks: Sequence[Block], *, quoted: bool = False) -> Post | None:
    link = block.first(*TIMES)
    address = absolute(attr(link, "href"), base)
    identifier = _id(block.node, address)
    author = _author(block, base)
    if not (author.handle or author.name):
        return None
    inner = next((one for one in blocks if block.node in one.node.iterancestors()), None)
    reply = "status-reply" in classes(block.node)
    return Post(
        platform=PLATFORM,
        kind="quoted" if quoted else "comment" if reply else "post",
        author=author,
        text=_words(block),
        time=_time(block, link, identifier),
        edited=_edited(block),
        id=identifier,
        permalink=address if POST_PATH.search(address) or "/statuses/" in address else "",
        quoted=_post(inner, base, blocks, quoted=True) if inner is not None and not quoted else None,
        media=tuple(_media(block, base)),
        counts=_counts(block),
        labels=tuple(dict.fromkeys(_labels(block))),
    )


def _id(node: Element, address: str) -> str:
    found = POST_PATH.search(address)
    return found[1] if found else attr(node, "data-id")


def _author(block: Block, base: str) -> Account:
    link = block.first(*AUTHORS)
    shown = written(block.first(".display-name__account", ".p-author .nickname", "header p:last-child a")).split()
    url = absolute(attr(link, "href"), base)
    said = [*shown, *(part for part in path_parts(url) if part.startswith("@")), f"@{attr(link, 'title')}"]
    handle = next((word for word in said if word.startswith("@") and len(word) > 1), "").lstrip("@")
    return Account(written(block.first(*NAMES)), full_handle(handle, base), attr(link, "data-hover-card-account"), url)


def _words(block: Block) -> str:
    """The author's words, with the row of hashtags that the app takes off their end."""
    body = block.first(*CONTENT)
    if body is None and block.node.tag == "article":
        body = block.first("[lang]")
        body = body if body is not None else block.node
    folded = block.first(".p-summary") is not None  # a server-made page hides the words behind the warning by style

    def drop(inner: Element) -> bool:
        if inner.tag in NOT_WORDS or inner in block.others or (folded and "p-summary" in classes(inner)):
            return True
        return bool(NOT_WORDS_CLASSES.intersection(classes(inner)))

    text = written(body, drop=drop, everything=folded)
    tags = " ".join(written(tag) for tag in block.all(HASHTAGS))
    return f"{text}\n\n{tags}".strip() if tags else text


def _time(block: Block, link: Element | None, identifier: str) -> StatedTime | None:
    """What is stated; where only words in the reader's own zone stand there, the id proves the moment."""
    moment = first(link, "time[datetime]") if link is not None else None
    shown = written(link)
    time = stated(attr(moment, "datetime") or attr(block.first("data.dt-published[value]"), "value"), shown)
    if time is not None and time.utc is not None:
        return time
    proven = from_snowflake(identifier, **BASIS_OF_ID)
    return StatedTime(shown or identifier, proven.utc, "Z", "id") if proven is not None else time


def _edited(block: Block) -> StatedTime | None:
    mark = block.first(".status__relative-time abbr[title]")
    if mark is not None:
        return stated("", attr(mark, "title"))
    mark = block.first(".detailed-status__meta .dropdown-menu__text-button", "time.dt-updated")
    moment = first(mark, "time[datetime]") if mark is not None else None
    return stated(attr(moment, "datetime"), written(mark)) if mark is not None else None


def _media(block: Block, base: str) -> Iterator[Media]:
    for found in block.all(MEDIA):
        alt = attr(found, "alt") or attr(found, "aria-label") or attr(found, "title")
        if "status-card" in classes(found):
            yield Media("link", absolute(attr(found, "href"), base), written(first(found, "strong, [class*='title']")))
        elif not _is_attached(found):
            continue
        elif found.tag == "img" and not emoji(found):
            whole = closest(found, "a[class*='thumbnail']")
            yield Media("image", absolute(attr(whole, "href") or attr(found, "src"), base), alt)
        elif found.tag in ("video", "audio"):
            yield Media("video" if found.tag == "video" else "audio", absolute(attr(found, "src"), base), alt)
        elif found.tag == "a" and first(found, "img") is None:
            yield Media("image", absolute(attr(found, "href"), base), alt)


def _is_attached(found: Element) -> bool:
    """Inside the post's attachments; not its author's picture, not the picture of a linked page."""
    return closest(found, ATTACHED) is not None and closest(found, ".status-card") is None


def _counts(block: Block) -> dict[str, str]:
    shown = {name: written(block.first(*css)) for name, css in COUNTS.items()}
    return {name: count for name, count in shown.items() if any(char.isdigit() for char in count)}


def _labels(block: Block) -> Iterator[str]:
    if above := _above(block.node):
        yield above
    warning = block.first(*WARNING)
    if warning is not None:
        words = written(warning, drop=lambda inner: inner.tag == "button")
        yield f"content warning: {' '.join(words.split())}"
    yield from (f"visibility: {seen[1]}" for name in classes(block.node) if (seen := VISIBILITY.match(name)))
    for icon in block.all(".detailed-status__meta svg"):
        yield from (f"visibility: {word}" for name, word in ICONS.items() if name in classes(icon))
    for option in block.all(".poll li"):
        share = written(first(option, ".poll__number"))
        yield f"poll option: {written(first(option, '.poll__option__text'))}" + (f" ({share})" if share else "")
    for said in (block.first(".translate-button__meta"), block.first(".status__quote--error")):
        if said is not None:
            yield " ".join(written(said).split())


def _above(node: Element) -> str:
    """What stands above the author: who boosted it, whom it answers, or that it is a private mention."""
    wrapper = closest(node, ".status__wrapper")
    before = first(node if wrapper is None else wrapper, ".status__prepend")
    if before is None and node.tag == "article":
        head = first(node, "header")
        before = head.getprevious() if head is not None and head.getparent() is node else None
    return " ".join(written(before).split())
