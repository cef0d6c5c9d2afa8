"""Microdata and RDFa Lite as the same plain objects that JSON-LD gives. Reads attributes; knows no vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, cast

from lxml import etree

from extractors.trees import Element, attr
from extractors.wording import written

LINKS = {"a": "href", "area": "href", "link": "href", "img": "src", "audio": "src", "video": "src", "source": "src"}
LINKS |= {"embed": "src", "iframe": "src", "object": "data", "track": "src"}
PROSE = frozenset({"text", "articleBody", "description", "commentText", "reviewBody", "headline", "name"})
# one test for each element; a union of selectors took four times as long (it sorts)
ITEMS = cast("Callable[[Element], list[Element]]", etree.XPath("//*[@itemscope or @itemprop]"))
TYPED = cast("Callable[[Element], list[Element]]", etree.XPath("//*[@typeof or (@property and ancestor::*[@typeof])]"))
MOST = 20_000  # items and properties of one page


def microdata(root: Element) -> list[dict[str, Any]]:
    """The page's top items; items that are a property's value stand inside their owner."""
    return _objects(ITEMS(root), "itemscope", "itemtype", "itemprop", "itemid")


def rdfa(root: Element) -> list[dict[str, Any]]:
    """The page's top `typeof` objects with their `property` values (RDFa Lite 1.1)."""
    return _objects(TYPED(root), "typeof", "typeof", "property", "resource")


def _objects(nodes: list[Element], scope: str, kind: str, prop: str, ident: str) -> list[dict[str, Any]]:
    """One pass in document order: an owner comes before what it owns."""
    objects: dict[Element, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    for node in nodes[:MOST]:
        value: Any = None
        if scope in node.attrib:
            value = objects[node] = {"@type": attr(node, kind).split()}
            if attr(node, ident):
                value["@id"] = attr(node, ident)
        names = attr(node, prop).split()
        owner = next((objects[up] for up in node.iterancestors() if up in objects), None) if names else None
        if owner is None:
            if value is not None:
                top.append(value)
            continue
        for name in names:
            name = name.rpartition("/")[2].rpartition(":")[2]
            _add(owner, name, _value(node, name) if value is None else value)
    return top


def _add(owner: dict[str, Any], name: str, value: Any) -> None:
    if name not in owner:
        owner[name] = value
    elif isinstance(owner[name], list):
        owner[name].append(value)
    else:
        owner[name] = [owner[name], value]


def _value(node: Element, name: str) -> str:
    """The property's value. Words are escaped as JSON-LD's often are, so that a `<` somebody wrote stays one."""
    tag = str(node.tag)
    if "content" in node.attrib:
        return escape(attr(node, "content"), quote=False) if name in PROSE else attr(node, "content")
    if tag == "time" and attr(node, "datetime"):
        return attr(node, "datetime")
    if tag in LINKS and name not in PROSE:
        return attr(node, LINKS[tag])
    if tag in ("data", "meter"):
        return attr(node, "value")
    return escape(written(node), quote=False)
