"""A whole page's tree beside an index of the names in it: what can't match is not looked for. Knows no platform.

A selector costs 0.3 ms on a page of 0.1 MB and readers ask for hundreds; a name is looked up in a microsecond.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

from cssselect import HTMLTranslator
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element

ALTERNATIVE = re.compile(r"(?:[^,(\[]|\([^)]*\)|\[[^\]]*\])+")  # of a selector, parted by commas
COMPOUND = re.compile(r"(\s*>\s*|\s+|^)((?:[^\s>+~(\[]|\([^)]*\)|\[[^\]]*\])+)")
INNER = re.compile(r":[a-z-]+\([^)]*\)")  # `:not(…)` and its like ask for nothing
NAMED = re.compile(r"""([.#][\w-]+)(?![^\[]*\])|=\s*['"]([^'"]+)['"]|(?:^|[\s>+~]|\[(?=data-))([a-z]+-[a-z-]+)""")
PLAIN = re.compile(r"[\w-]+")  # of a value: what no page writes as an entity
ONE_CLASS = re.compile(r"\.[\w-]+")
FEW = 60  # candidates whose ancestors are looked at one by one; past it one pass over the tree is cheaper
EMPTY = etree.Element("title")

Elements = Callable[[Element], list[Element]]
Texts = Callable[[Element], list[str]]
CLASSES = cast(Texts, etree.XPath("//@class", smart_strings=False))
IDS = cast(Texts, etree.XPath("//@id", smart_strings=False))
MARKED = cast(Elements, etree.XPath("//*[@class or @id]"))


@dataclass(frozen=True)
class Part:
    """One alternative of a selector."""

    css: str
    needed: tuple[str, ...]  # what must stand in a page: `.class`, `#id`, or a word of a value or tag
    steps: tuple[tuple[str, str], ...] = ()  # (compound, what joins it to the next), from the right; empty: not parted
    key: str = ""  # a `.class` or `#id` of the last compound


class Document:
    """One tree and the names in it. The tree is shared between readers, so nobody changes it."""

    def __init__(self, markup: bytes, parse: Callable[[bytes], Element]) -> None:
        self.markup = markup
        self.root = parse(markup)
        self.title = "".join(map(str, next(iter(self.root.iter("title")), EMPTY).itertext()))
        self.known: dict[str, bool] = {}
        for names in frozenset(CLASSES(self.root)):
            self.known.update((f".{name}", True) for name in names.split())
        self.known.update((f"#{name}", True) for name in IDS(self.root))
        _recent.append(self)

    def holds(self, word: str) -> bool:
        """Whether a word stands anywhere in the markup."""
        known = self.known.get(word)
        if known is None:
            sought = word.encode()
            known = self.known[word] = sought in (self._runs if sought.split() == [sought] else self.markup)
        return known

    def possible(self, css: str) -> list[Part]:
        """The alternatives of a selector that can match in this page at all."""
        return [part for part in parts_of(css) if all(map(self._has, part.needed))]

    def select(self, css: str) -> list[Element]:
        """All elements of the tree that match, in order."""
        parts = self.possible(css)
        if not parts:
            return []
        if any(not part.key or (len(part.steps) > 1 and len(self._by.get(part.key, ())) > FEW) for part in parts):
            return selector(", ".join(part.css for part in parts))(self.root)
        found = [[node for node in self._by.get(part.key, ()) if _fits(node, part.steps)] for part in parts]
        if len(found) == 1:
            return found[0]
        return sorted({node for nodes in found for node in nodes}, key=self._place.__getitem__)

    def _has(self, name: str) -> bool:
        return self.known.get(name, False) if name[0] in ".#" else self.holds(name)

    @cached_property
    def _runs(self) -> bytes:
        """Each run without white space once: half of a page's markup, a tenth where scripts repeat themselves."""
        return b"\n".join(set(self.markup.split()))

    @cached_property
    def _place(self) -> dict[Element, int]:
        return {node: n for n, node in enumerate(MARKED(self.root))}

    @cached_property
    def _by(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for node in self._place:
            for name in dict.fromkeys((node.get("class") or "").split()):
                found.setdefault(f".{name}", []).append(node)
            if own := node.get("id"):
                found.setdefault(f"#{own}", []).append(node)
        return found


_recent: deque[Document] = deque(maxlen=3)  # the page at hand, a twin of it, and what was found inside one


def document_of(node: Element) -> Document | None:
    """The indexed document that an element stands in, if it is one of the last."""
    root = node.getroottree().getroot()
    return next((document for document in _recent if document.root is root), None)


@lru_cache(maxsize=2048)
def selector(css: str) -> Elements:
    return cast(Elements, CSSSelector(css, translator="html"))


@lru_cache(maxsize=1024)
def self_selector(css: str) -> Elements:
    """Whether an element itself is what one compound says."""
    return cast(Elements, etree.XPath(HTMLTranslator().css_to_xpath(css, prefix="self::")))


@lru_cache(maxsize=2048)
def parts_of(css: str) -> tuple[Part, ...]:
    return tuple(_part(css) for each in ALTERNATIVE.findall(css) if (css := each.strip()))


def _part(css: str) -> Part:
    needed = tuple(_names(INNER.sub(" ", css)))
    met = list(COMPOUND.finditer(css))
    if "".join(found[0] for found in met) != css:  # siblings, or what is not understood here
        return Part(css, needed)
    steps = tuple((found[2], found[1].strip()) for found in reversed(met))
    key = next((name for name in _names(INNER.sub(" ", steps[0][0])) if name[0] in ".#"), "")
    return Part(css, needed, steps, key)


def _names(part: str) -> Iterator[str]:
    for name, value, tag in NAMED.findall(part):
        if word := name or tag or max(PLAIN.findall(value), key=len, default=""):
            yield word


def _fits(node: Element, steps: tuple[tuple[str, str], ...]) -> bool:
    """Whether an element is what the steps say, from the last compound up through what stands round it."""
    (compound, joined), above = steps[0], steps[1:]
    if not _is(node, compound):
        return False
    if not above:
        return True
    if joined == ">":
        parent = node.getparent()
        return parent is not None and _fits(parent, above)
    return any(_fits(up, above) for up in node.iterancestors())


def _is(node: Element, compound: str) -> bool:
    if ONE_CLASS.fullmatch(compound):
        return compound[1:] in (node.get("class") or "").split()
    return bool(self_selector(compound)(node))
