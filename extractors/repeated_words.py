"""What a block of a page says and shows: its words and pictures without names, times and controls. Knows no list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors import hints
from extractors.contract import Media, StatedTime
from extractors.elements import media_in
from extractors.trees import Element, attr
from extractors.wording import Drop, written

NO_BODY = frozenset({"button", "form", "nav", "select", "textarea", "noscript"})
INLINE = frozenset({"a", "b", "i", "em", "strong", "span", "code", "sub", "sup", "small", "u"})
HEADINGS = frozenset({"h1", "h2", "h3"})
SAYS_NOTHING = re.compile(  # what is left of a line that only says who and when; "no", "+1" and a face are words
    r"(?:[\s\-–—|·•,:;.()«»]|\b(?:by|von|par|por|di|door|posted|published|written|on|am|um|le|el|il|at|says?|said|wrote"
    r"|schrieb|από|от)\b)*",
    re.I,
)
MOST_AFTER = 200  # paragraphs of one article
SMALL = 64  # pixels; a wider picture is no icon and no avatar
HIGHEST = 40  # steps up from a time to its block


@dataclass
class Block:
    """One repeated block: what it is, its first time and the first name in it."""

    node: Element
    time: StatedTime
    time_node: Element
    name: str
    name_node: Element


def up_from(node: Element) -> Iterator[Element]:
    yield node
    for n, up in enumerate(node.iterancestors()):
        if n == HIGHEST:
            return
        yield up


def words_and_media(block: Block, blocks: set[Element], base: str) -> tuple[str, tuple[Media, ...]]:
    """What was written and shown: what a class says it is, else all of the block but name, time and controls."""
    aside = {block.time_node, block.name_node}

    def drop(node: Element) -> bool:
        if node in aside or node.tag in NO_BODY or (node in blocks and node is not block.node):
            return True
        return "beside" in hints.pointed(node)

    marked: dict[Element, None] = {}
    for node in block.node.iter("*"):
        if node is not block.node and "body" in (points := hints.pointed(node)) and "name" not in points:
            above = next((up for up in up_from(node) if up in marked or up in aside or up in blocks), block.node)
            if above is block.node:
                marked[node] = None
    texts = [(text, node) for node in marked if (text := written(node, drop=drop))]
    text, holder = max(texts, key=lambda found: len(found[0]), default=("", block.node))
    if not text:
        text = written(block.node, drop=drop)
        if SAYS_NOTHING.fullmatch(text.replace(block.name, "").replace(block.time.written, "")):
            text = _following(block.node, blocks, drop)
    shown = [node for node in holder.iter("img", "video", "audio") if not any(map(drop, _within_of(node, holder)))]
    return text, media_in([node for node in shown if holder in marked or not _is_small(node)], base)


def _following(node: Element, blocks: set[Element], drop: Drop) -> str:
    """What follows a block that only says who and when: in tables the next row, in articles the paragraphs."""
    text = " ".join((node.tail or "").split())
    for n, after in enumerate(node.itersiblings()):
        if n == MOST_AFTER or after.tag in HEADINGS or any(inside in blocks for inside in after.iter()):
            break
        if (words := written(after, drop=drop)) and not (isinstance(after.tag, str) and drop(after)):
            text += f" {words}" if after.tag in INLINE else f"\n\n{words}"
        text += f" {tail}" if (tail := " ".join((after.tail or "").split())) else ""
        if after.tag == "tr":
            break
    return text.strip()


def _within_of(node: Element, outer: Element) -> Iterator[Element]:
    for up in up_from(node):
        if up is outer:
            return
        yield up


def _is_small(picture: Element) -> bool:
    """An icon, or a person's picture; where no class says what was written, these stand beside it."""
    sizes = (attr(picture, "width"), attr(picture, "height"))
    link = next(picture.iterancestors("a"), None)
    return any(size.isdigit() and int(size[:6]) <= SMALL for size in sizes) or hints.is_person(attr(link, "href"))
