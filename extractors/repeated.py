"""Posts from a page's layout alone: repeated blocks that each hold a name and a time. Always marked as not sure.

For forums, blogs and comment lists of software that nobody wrote a reader for. A name and a time are taken only where
markup points at them (a tag, an attribute, a class word, a link to a person); text alone never makes a post.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extractors import hints
from extractors.contract import Account, Post, PostKind, StatedTime
from extractors.trees import Element, absolute, attr
from extractors.wording import written

OUTSIDE = frozenset({"nav", "footer", "aside", "form", "select", "button", "noscript", "header"})
NO_BODY = frozenset({"button", "form", "nav", "select", "textarea", "noscript"})
BYLINE = re.compile(r"^(?:by|von|par|por|di|door|posted by|written by|geschrieben von|reply by)\b:?\s*", re.I)
SAYS = re.compile(r"\s*(?:says?|said|wrote|schrieb|sagt|meint|a écrit|dice|escribió)?\s*:?\s*$", re.I)
DIGITS = re.compile(r"\d+")
MOST_TIMES = 3_000  # of one page
HIGHEST = 40  # steps up from a time to its block
FEWEST = 2  # blocks alike make a list


@dataclass
class Block:
    """One repeated block: what it is, its first time and the name nearest before it."""

    node: Element
    time: StatedTime
    time_node: Element
    name: str
    name_node: Element


def repeated(root: Element, base: str, platform: str) -> Iterator[Post]:
    """The posts of every list of blocks alike, in document order."""
    blocks = _blocks(root)
    alike: dict[tuple[str, str], list[Block]] = defaultdict(list)
    for block in blocks:
        alike[_signature(block.node)].append(block)
    nodes = {block.node for block in blocks}
    for block in blocks:
        kind = _kind(block.node)
        if len(alike[_signature(block.node)]) < FEWEST and kind != "comment":
            continue
        post = _post(block, nodes, kind, base, platform)
        if post.text:
            yield post


def _blocks(root: Element) -> list[Block]:
    """For each time the smallest element that also names somebody, grown until it would reach the next one."""
    times, names = _pointed(root)
    holding = Counter(up for node, _ in names for up in _up(node))
    found: dict[Element, tuple[Element, StatedTime]] = {}
    for node, time in times:
        small = next((up for up in _up(node) if holding[up]), None)
        if small is not None and small not in found and small.tag not in ("body", "html"):
            found[small] = (node, time)
    for outer in [node for node in found if any(up in found for up in node.iterancestors())]:
        if _is_person_panel(outer):
            del found[outer]
    inside = Counter(up for node in found for up in _up(node))
    blocks = []
    for small, (node, time) in found.items():
        grown = small
        while (up := grown.getparent()) is not None and inside[up] == 1 and up.tag not in ("body", "html", "main"):
            grown = up
        named = [(one, name) for one, name in names if holding[small] and _within(one, small)]
        if named and not any(up.tag in OUTSIDE for up in small.iterancestors()):
            blocks.append(Block(grown, time, node, _name(named[0][1]), named[0][0]))
    return blocks


def _pointed(root: Element) -> tuple[list[tuple[Element, StatedTime]], list[tuple[Element, str]]]:
    """Every element whose markup points at a time or a person, innermost where they stand inside each other."""
    times: list[tuple[Element, StatedTime]] = []
    names: list[tuple[Element, str]] = []
    for node in root.iter("*"):
        if len(times) < MOST_TIMES and (time := hints.time_at(node)):
            if times and _within(node, times[-1][0]):
                times.pop()
            times.append((node, time))
        elif name := hints.name_at(node):
            if names and _within(node, names[-1][0]):
                names.pop()
            names.append((node, name))
    return times, names


def _up(node: Element) -> Iterator[Element]:
    yield node
    for n, up in enumerate(node.iterancestors()):
        if n == HIGHEST:
            return
        yield up


def _within(node: Element, outer: Element) -> bool:
    return any(up is outer for up in _up(node))


def _is_person_panel(node: Element) -> bool:
    """A block that holds a name and the day they joined, and nothing that was written."""
    return len(written(node)) < 120


def _signature(node: Element) -> tuple[str, str]:
    words = sorted({DIGITS.sub("", word) for word in attr(node, "class").split()})
    steady = [
        word for word in words if not re.match(r"(?:odd|even|alt|first|last|byuser|depth|thread|row|bg)\b", word, re.I)
    ]
    return str(node.tag), " ".join(steady[:3])


def _kind(node: Element) -> PostKind:
    for n, up in enumerate(_up(node)):
        if n > 6 or up.tag == "body":
            break
        if "comment" in hints.pointed(up):
            return "comment"
    return "article" if node.tag == "article" else "post"


def _post(block: Block, blocks: set[Element], kind: PostKind, base: str, platform: str) -> Post:
    link = next((up for up in _up(block.time_node) if up.tag == "a" and up.get("href")), None)
    own = next((attr(up, "id") for up in _up(block.time_node) if attr(up, "id") and _within(up, block.node)), "")
    own = attr(block.node, "id") or own
    person = next((up for up in _up(block.name_node) if up.tag == "a" and up.get("href")), None)
    if person is None:
        person = next(iter(block.name_node.iter("a")), None)
    permalink = absolute(attr(link, "href"), base) or (absolute(f"#{own}", base) if own else "")
    return Post(
        platform=platform,
        kind=kind,
        author=Account(name=block.name, url=absolute(attr(person, "href"), base)),
        text=_body(block, blocks),
        time=block.time,
        id=own,
        permalink=permalink,
        source="visible",
        sure=False,
    )


def _body(block: Block, blocks: set[Element]) -> str:
    """What was written: the element whose class says so, else all of the block but name, time and controls."""
    aside = {block.time_node, block.name_node}

    def drop(node: Element) -> bool:
        if node in aside or node.tag in NO_BODY or (node in blocks and node is not block.node):
            return True
        return "beside" in hints.pointed(node)

    marked = [node for node in block.node.iter("*") if node is not block.node and "body" in hints.pointed(node)]
    outer = [
        node for node in marked if not any(up in aside or (up in blocks and up is not block.node) for up in _up(node))
    ]
    texts = [text for node in outer if (text := written(node, drop=drop))]
    text = max(texts, key=len, default="") or written(block.node, drop=drop)
    if len(text) < 3:  # tables: a row for the head, the next one for the words
        after = block.node.getnext()
        text = written(after, drop=drop) if after is not None and after not in blocks else ""
    return text


def _name(text: str) -> str:
    return SAYS.sub("", BYLINE.sub("", text)).strip(" ,·•|-–—")
