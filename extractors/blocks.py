"""Reads posts that software lays out as blocks, from a description of what stands where. Knows no platform.

A `Shape` is data: places in a block, tried in order, each `css`, `css @attribute` or `@attribute` of the block itself.
Blocks may stand inside each other (threaded comments): what belongs to an inner block is never read as the outer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from extractors.contract import Account, Media, Page, Post, PostKind, Problem, StatedTime
from extractors.elements import address_of, base_of, line_of, link_of, media_in, time_of
from extractors.hints import CLOCK, FULL_DATE
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    first,
    select,
    stated,
    tree,
    written,
)

Places = tuple[str, ...]

PLACE = re.compile(r"(.*?)\s*@([\w-]+)\s*")
DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
WHOLE_DAY = re.compile(rf"(?:\b[^\W\d]{{2,3}},? )?(?:{FULL_DATE.pattern})(?:{CLOCK})?", re.I)
LAST_NUMBER = re.compile(r"(\d+)(?!.*\d)")


@dataclass(frozen=True)
class Shape:
    """How one era of one software lays out a post."""

    platform: str
    post: str  # CSS of the block
    text: Places  # what was written
    kind: PostKind = "comment"
    opens: PostKind | None = None  # the kind of the first block, where the page begins with it
    name: Places = ()
    handle: Places = ()
    handle_part: re.Pattern[str] | None = None  # group 1: the handle, in what stands at `handle`
    named_by_handle: bool = False  # the name shown is the account's unique name
    profile: Places = ()  # where it is not the name's own link
    person: re.Pattern[str] | None = None  # the immutable id, in the profile's address or in `person_at`
    person_at: Places = ()
    time: Places = ()
    clock: re.Pattern[str] | None = None  # group 1: the time, among other words; the name is taken out before
    clock_drop: str = ""  # what stands round the time and is none of it
    edited: Places = ()
    id: Places = ("@id",)
    number: re.Pattern[str] = LAST_NUMBER  # group 1: the post's id, in what stands at `id`
    numbered: bool = False  # a block without an id is no post
    link: Places = ()
    anchor: str = ""  # "#post-{id}": a permalink is made so where the page gives none
    reply: Places = ()  # the id or address of what it answers, in the block
    nested: bool = False  # a block in a block answers it
    title: Places = ()  # a heading that is part of what was written, in the first block
    extra: Places = ()  # pictures and files outside the text
    drop: str = ""  # what stands in the text and was not written by the author
    skip: str = ""  # blocks that are no posts
    gone: str = ""  # blocks whose post was removed
    counts: Mapping[str, Places] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)  # label -> CSS that must be met in the block
    tags: Mapping[str, Places] = field(default_factory=dict)  # "label: words" -> where the words stand


@lru_cache(maxsize=2048)
def parted(place: str) -> tuple[str, str]:
    """A place's CSS and its attribute; an `@` in a value, as in `a[href*='/@']`, is part of the CSS."""
    met = PLACE.fullmatch(place)
    return (met[1], met[2]) if met is not None else (place.strip(), "")


def read_blocks(page: Page, *shapes: Shape) -> Iterator[Post | Problem]:
    """The posts of the first shape that the page has any blocks of."""
    root = tree(page)
    for shape in shapes:
        found = Blocks(root, shape.post)
        if found.blocks:
            yield from _posts(page, shape, found)
            return


def has_blocks(page: Page, *shapes: Shape) -> bool:
    return first(tree(page), *(shape.post for shape in shapes)) is not None


class Blocks:
    """The blocks of a page, and what is each one's own."""

    def __init__(self, root: Element, css: str) -> None:
        self.root = root
        self.blocks = select(root, css)
        self.set = set(self.blocks)
        self.hits: dict[str, set[Element]] = {}
        self.firsts: dict[str, dict[Element, Element]] = {}  # CSS -> block -> the first of its own elements that match
        self._own: tuple[Element | None, list[Element]] = (None, [])

    def own(self, block: Element) -> list[Element]:
        """Every element of the block, in order, that is in no inner block."""
        if self._own[0] is not block:
            inside, waiting = [], list(reversed(block))
            while waiting:
                node = waiting.pop()
                if node not in self.set and isinstance(node.tag, str):
                    inside.append(node)
                    waiting.extend(reversed(node))
            self._own = (block, inside)
        return self._own[1]

    def met(self, css: str) -> set[Element]:
        if css not in self.hits:
            self.hits[css] = set(select(self.root, css)) if css else set()
        return self.hits[css]

    def all(self, block: Element, css: str) -> list[Element]:
        met = self.met(css)
        return [node for node in self.own(block) if node in met] if met else []

    def element(self, block: Element, places: Places) -> Element | None:
        for place in places:
            css = parted(place)[0]
            if not css:
                return block
            if (node := self._first(css).get(block)) is not None:
                return node
        return None

    def _first(self, css: str) -> dict[Element, Element]:
        if css not in self.firsts:
            found = self.firsts[css] = {}
            for node in select(self.root, css):
                if node not in self.set and (block := self.outer(node)) is not None:
                    found.setdefault(block, node)
        return self.firsts[css]

    def value(self, block: Element, places: Places) -> str:
        """The attribute or the words at the first place that has any."""
        for place in places:
            css, name = parted(place)
            node = self.element(block, (css,)) if css else block
            if node is not None and (found := attr(node, name).strip() if name else line_of(node)):
                return found
        return ""

    def outer(self, block: Element) -> Element | None:
        return next((parent for parent in block.iterancestors() if parent in self.set), None)


# --- one block


def _posts(page: Page, shape: Shape, found: Blocks) -> Iterator[Post | Problem]:
    base = base_of(page)
    thread = address_of(page).partition("#")[0]
    skipped, gone = found.met(shape.skip), found.met(shape.gone)
    ids: dict[Element, str] = {}
    opens = shape.opens
    for n, block in enumerate(found.blocks):
        if block in skipped:
            continue
        post = _post(found, block, shape, base)
        if shape.numbered and not post.id:
            continue
        ids[block] = post.id or post.permalink
        if shape.nested and not post.in_reply_to:
            outer = found.outer(block)
            post = replace(post, in_reply_to=ids.get(outer, "") if outer is not None else "")
        if not (post.text or post.media or post.author.name or post.author.handle):
            if line_of(block):
                yield Problem(f"{shape.post} {n}", "a post in which neither author nor words were found")
            continue
        kind = opens or (shape.kind if block not in gone else "deleted")
        yield replace(post, kind=kind, thread=thread, sure=bool(post.text or post.media))
        opens = None


def _post(found: Blocks, block: Element, shape: Shape, base: str) -> Post:
    body = found.element(block, shape.text)
    number = shape.number.search(found.value(block, shape.id))
    id_ = number[1] if number else ""
    link = absolute(found.value(block, shape.link), base)
    if id_ and shape.anchor and (not link or (id_ not in link and "#" not in link)):
        link = (link or base.partition("#")[0]) + shape.anchor.format(id=id_)
    text = _text(found, body, shape)
    title = found.value(block, shape.title)
    answers = found.value(block, shape.reply)
    author = _account(found, block, shape, base)
    return Post(
        platform=shape.platform,
        kind=shape.kind,
        author=author,
        text=f"{title}\n\n{text}".strip() if title else text,
        time=_time(found, found.element(block, shape.time), shape, author.name),
        edited=_changed(found, found.element(block, shape.edited), shape, author.name),
        id=id_,
        permalink=link,
        in_reply_to=_answered(answers, shape, base),
        media=_media(found, block, body, shape, base),
        counts={key: value for key, places in shape.counts.items() if (value := found.value(block, places))},
        labels=(
            *(label for label, css in shape.labels.items() if _labelled(found, block, css)),
            *(f"{label}: {words}" for label, places in shape.tags.items() if (words := found.value(block, places))),
        ),
    )


def _text(found: Blocks, body: Element | None, shape: Shape) -> str:
    dropped = found.met(shape.drop)
    return written(body, drop=lambda node: node in dropped or node in found.set)


def _time(found: Blocks, node: Element | None, shape: Shape, name: str) -> StatedTime | None:
    if node is None or shape.clock is None or node.get("datetime"):
        return time_of(node)
    dropped = found.met(shape.clock_drop)
    line = " ".join(written(node, drop=lambda inner: inner in dropped).split())
    for inner in node.iter("span", "time", "abbr"):  # "Yesterday, 10:15", whose day stands in a title
        if DAY.match(day := attr(inner, "title")) and (said := line_of(inner)):
            line = line.replace(said, day, 1)
    met = shape.clock.search(line.replace(name, " ", 1) if name else line)
    return time_of(node, met[1].strip() if met else "")


def _changed(found: Blocks, node: Element | None, shape: Shape, name: str) -> StatedTime | None:
    """When a post was changed; "Last edited by Jo on 5 March 2024, 20:12, once in all" says more than that."""
    day = None if node is None or node.get("datetime") else WHOLE_DAY.search(line_of(node))
    return stated(day[0]) if day is not None else _time(found, node, shape, name)


def _answered(value: str, shape: Shape, base: str) -> str:
    if not value or value.isdigit():
        return value
    number = shape.number.search(value)
    return number[1] if number else absolute(value, base)


def _account(found: Blocks, block: Element, shape: Shape, base: str) -> Account:
    name = found.value(block, shape.name)
    handle = found.value(block, shape.handle) or (name if shape.named_by_handle else "")
    if handle and shape.handle_part is not None:
        part = shape.handle_part.search(handle)
        handle = part[1] if part else ""
    url = absolute(found.value(block, shape.profile), base) if shape.profile else ""
    if not url and name and (named := found.element(block, shape.name)) is not block:
        url = link_of(named, base)
    met = None
    if shape.person is not None:
        met = shape.person.search(found.value(block, shape.person_at)) or shape.person.search(url)
    id_ = next((group for group in met.groups() if group), "") if met else ""
    return Account(name=name, handle=handle.lstrip("@"), id=id_, url=url)


def _media(found: Blocks, block: Element, body: Element | None, shape: Shape, base: str) -> tuple[Media, ...]:
    dropped = found.met(shape.drop)
    nodes: list[Element] = []
    if body is not None:
        waiting = list(reversed(body))
        while waiting:
            node = waiting.pop()
            if node not in dropped and node not in found.set and isinstance(node.tag, str):
                nodes.append(node)
                waiting.extend(reversed(node))
    for css in shape.extra:
        nodes += found.all(block, css)
    return media_in(nodes, base)


def _labelled(found: Blocks, block: Element, css: str) -> bool:
    met = found.met(css)
    return block in met or any(node in met for node in found.own(block))
