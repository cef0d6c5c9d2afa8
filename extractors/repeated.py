"""Posts from a page's layout alone: repeated blocks that each hold a name and a time. Always marked as not sure.

For forums, blogs and comment lists of software that nobody wrote a reader for. A name and a time are taken only where
markup points at them (a tag, an attribute, a class word, a link to a person); text alone never makes a post.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from lxml import etree

from extractors import hints
from extractors.contract import Account, Post, PostKind, Problem, StatedTime
from extractors.repeated_words import Block, up_from, words_and_media
from extractors.trees import Element, absolute, attr
from extractors.wording import written

OUTSIDE = frozenset({"nav", "footer", "aside", "select", "button", "noscript", "header"})
FIELDS = frozenset({"text", "password", "email", "search"})  # of a form that is one; boards put a thread in a form too
LISTS = frozenset({"body", "html", "main", "ul", "ol", "dl"})
BYLINE = re.compile(r"^(?:by|von|par|por|di|door|posted by|written by|geschrieben von|reply by)\b:?\s*", re.I)
SAYS = re.compile(r"\s*(?:says?|said|wrote|schrieb|sagt|meint|a écrit|dice|escribió)?\s*:?\s*$", re.I)
DIGITS = re.compile(r"\d+")
PLACES = re.compile(r"-|(?:(?:odd|even|alt|first|last|byuser|depth|thread|row|bg)\b|(?:is|has|js)-)", re.I)
Found = Callable[[Element], list[Any]]  # elements and runs of text
BY_ATTRIBUTE = " or ".join(f"@{name}" for name in hints.EPOCHS)
DIGIT = "contains(translate(., '123456789', '000000000'), '0')"
TIMED = cast(
    Found,
    etree.XPath(
        f"//time | //*[{BY_ATTRIBUTE}] | //*[(self::abbr or self::span or self::a) and @title]"
        f" | //text()[string-length(.) > 3 and string-length(.) < 100 and {DIGIT}"
        " and not(parent::script or parent::style or parent::option or parent::time)]"
    ),
)
NAMED = cast(
    Found,
    etree.XPath(
        "//*[@class or @rel or @data-testid or @itemprop or (self::a and @href)][not(self::body or self::html)]"
    ),
)
MOST_TIMES = 10_000  # of one page
NEAR = 8  # siblings looked at on each side
FEWEST = 2  # blocks alike make a list


def repeated(root: Element, base: str, platform: str, *, alone: bool = False) -> Iterator[Post | Problem]:
    """The posts of every list of blocks alike, in document order; `alone`: also of a block that is the only one."""
    times = list(islice(_times(root), MOST_TIMES + 1))
    if len(times) > MOST_TIMES:
        yield Problem("the page's layout", f"what stands after the first {MOST_TIMES:,} times of it was not read")
    blocks = _blocks(root, times[:MOST_TIMES])
    alike = Counter(_signature(block.node) for block in blocks)
    nodes = {block.node for block in blocks}
    first_in: dict[Element, Block] = {}
    for block in blocks:
        for up in up_from(block.node):
            first_in.setdefault(up, block)
    ids: dict[int, str] = {}
    for block in blocks:
        kind = _kind(block.node)
        if alike[_signature(block.node)] < FEWEST and kind != "comment" and not (alone and len(blocks) == 1):
            continue
        outer = _outermost(block, first_in)
        ids[id(block)] = own = next((attr(up, "id") for up in _between(block.time_node, outer) if attr(up, "id")), "")
        above = next((up for up in outer.iterancestors() if _signature(up) == _signature(outer)), None)
        answered = ids.get(id(first_in[above]), "") if above is not None and above in first_in else ""
        post = _post(block, nodes, kind, base, platform, own)
        if post.text or post.media:
            yield replace(post, in_reply_to=absolute(f"#{answered}", base) if answered else "")


def _outermost(block: Block, first_in: dict[Element, Block]) -> Element:
    """The largest element that begins with this block; its answers may stand in it too."""
    outer = block.node
    for up in outer.iterancestors():
        if first_in.get(up) is not block or up.tag in ("body", "main"):
            break
        if up.tag == "li" or (_is_box(up) and _is_numbered(up)):  # an answer is often the only one in its list
            outer = up
    return outer


def _asks(form: Element) -> bool:
    """Whether a form is there to be filled in."""
    return any(node.tag == "textarea" or attr(node, "type") in FIELDS for node in form.iter("input", "textarea"))


def _is_box(node: Element) -> bool:
    return node.tag in ("article", "div", "section") and bool(attr(node, "id") or attr(node, "class"))


def _is_numbered(node: Element) -> bool:
    """Whether an element is one of several alike, and not what holds them all: by its id, or by one beside it."""
    beside = (*islice(node.itersiblings(), NEAR), *islice(node.itersiblings(preceding=True), NEAR))
    return bool(DIGITS.search(attr(node, "id"))) or any(_signature(each) == _signature(node) for each in beside)


def _between(node: Element, outer: Element) -> Iterator[Element]:
    yield outer
    for up in up_from(node):
        if up is outer:
            return
        yield up


def _blocks(root: Element, times: Sequence[tuple[Element, StatedTime]]) -> list[Block]:
    """For each time the smallest element that also names somebody, grown until it would reach the next one."""
    names = [(node, name) for node in NAMED(root) if (name := hints.name_at(node))]
    names += [(node, said[0]) for node, _ in times if (said := hints.said_by(node.text or "")) is not None]
    named: dict[Element, tuple[Element, str]] = {}
    for node, name in names:
        for up in up_from(node):
            named.setdefault(up, (node, name))
    found: dict[Element, tuple[Element, StatedTime]] = {}
    for node, time in times:
        small = next((up for up in up_from(node) if up in named), None)
        if small is not None and small not in found and small.tag not in ("body", "html"):
            found[small] = (node, time)
    for node in _no_blocks(found, named):
        del found[node]
    inside = Counter(up for node in found for up in up_from(node))
    asking = {form for form in root.iter("form") if _asks(form)}
    blocks = []
    for small, (node, time) in found.items():
        grown = next((up for up in up_from(small) if not _grows_into(up.getparent(), inside)), small)
        if not any(up.tag in OUTSIDE or up in asking for up in grown.iterancestors()):
            blocks.append(Block(grown, time, node, _name(named[small][1]), named[small][0]))
    return blocks


def _no_blocks(found: Iterable[Element], named: dict[Element, tuple[Element, str]]) -> list[Element]:
    """What states a time and a name and is no post: a region that only holds posts, and a panel about a person.

    A region's first name stands in one of its posts. A panel names whom its post names; an answer inside a post looks
    like that post, or names somebody else.
    """
    known = set(found)
    above = {node: next((up for up in node.iterancestors() if up in known), None) for node in known}
    holds = Counter(up for node in known if (up := above[node]) is not None)
    regions = {
        up for node in known if (up := above[node]) is not None and holds[up] > 1 and _within(named[up][0], node)
    }
    panels = {
        node
        for node in known - regions
        if (up := above[node]) is not None and up not in regions
        and named[node][1] == named[up][1] and _signature(node) != _signature(up) and _is_person_panel(node)
    }  # fmt: skip
    return [*regions, *panels]


def _grows_into(up: Element | None, inside: Counter[Element]) -> bool:
    return up is not None and inside[up] == 1 and up.tag not in LISTS


def _times(root: Element) -> Iterator[tuple[Element, StatedTime]]:
    """Every element that states a time, in document order: by its attributes, or by a short run of text."""
    met: set[Element] = set()
    for item in TIMED(root):
        if isinstance(item, str):
            holder = _holder(item)
            time = hints.time_in(item, holder) if holder is not None else None
            if time is not None and hints.is_of_a_person(item, _label(item)):
                continue
        else:
            holder, time = item, hints.time_at(item)
        if time is not None and holder is not None and not any(up in met for up in up_from(holder)):
            met.add(holder)
            yield holder, time


def _label(run: Any) -> str:
    """What stands right before a run of text: "Joined:", in an element of its own."""
    node: Element | None = run.getparent()
    if node is not None and not run.is_tail:
        node = node.getprevious()
    return (node.text or "") if node is not None and not len(node) else ""


def _holder(run: Any) -> Element | None:
    """The element in which a run of text stands: text after a closing tag belongs to that tag's parent."""
    parent: Element | None = run.getparent()
    return parent.getparent() if run.is_tail and parent is not None else parent


def _within(node: Element, outer: Element) -> bool:
    return any(up is outer for up in up_from(node))


def _is_person_panel(node: Element) -> bool:
    """A name with the day they joined, beside what they wrote: nothing in it is long enough to be words."""
    return len(written(node)) < 120


def _signature(node: Element) -> tuple[str, str]:
    return str(node.tag), _steady(node.get("class") or "")


@lru_cache(maxsize=4096)
def _steady(names: str) -> str:
    """The class words that blocks of one list share: without numbers, and without what marks a place in the list."""
    words = sorted({DIGITS.sub("", word) for word in names.split()})
    return " ".join([word for word in words if not PLACES.match(word)][:3])


def _kind(node: Element) -> PostKind:
    for n, up in enumerate(up_from(node)):
        if n > 6 or up.tag == "body":
            break
        if "comment" in hints.pointed(up):
            return "comment"
    return "article" if node.tag == "article" else "post"


def _post(block: Block, blocks: set[Element], kind: PostKind, base: str, platform: str, own: str) -> Post:
    link = next((up for up in up_from(block.time_node) if up.tag == "a" and up.get("href")), None)
    person = next((up for up in up_from(block.name_node) if up.tag == "a" and up.get("href")), None)
    if person is None:
        person = next(iter(block.name_node.iter("a")), None)
    permalink = absolute(attr(link, "href"), base) or (absolute(f"#{own}", base) if own else "")
    text, media = words_and_media(block, blocks, base)
    return Post(
        platform=platform,
        kind=kind,
        author=Account(name=block.name, url=absolute(attr(person, "href"), base)),
        text=text,
        time=block.time,
        id=own,
        permalink=permalink,
        media=media,
        source="visible",
        sure=False,
    )


def _name(text: str) -> str:
    return SAYS.sub("", BYLINE.sub("", text)).strip(" ,·•|-–—")
