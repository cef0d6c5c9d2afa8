"""The text of one post whose inner elements all stand in line, for web apps that lay mentions out in `<div>`s."""

from __future__ import annotations

import re
from collections.abc import Callable

from extractors.toolbox import Element, emoji

Drop = Callable[[Element], bool]
INDENT = re.compile(r"\n[ \t]+")


def plain_text(node: Element | None, *, drop: Drop | None = None) -> str:
    """The text of one post: everything inside stands in line, white space is kept, emoji pictures as their alt.

    X lays mentions out in `<div>`s that do not break the line. A link that is shown whole is given whole, with the
    scheme that is only hidden; a link that is cut with "…" is given as it is shown.
    """
    if node is None:
        return ""
    parts: list[str] = []
    indented = any(INDENT.match(child.tail or "") for child in node)  # saved through a program that indents
    inside: list[tuple[Element, bool]] = [(node, False)]
    while inside:
        element, closing = inside.pop()
        if not closing:
            inside.append((element, True))
            if isinstance(element.tag, str) and not _unshown(element) and not (drop is not None and drop(element)):
                parts.append("\n" if element.tag == "br" else emoji(element) if element.tag == "img" else "")
                parts.append(_run(element.text, indented))
                inside.extend((child, False) for child in reversed(element))
        elif element is not node:
            parts.append(_run(element.tail, indented))
    return "".join(parts).strip()


def _run(text: str | None, indented: bool) -> str:
    if not text:
        return ""
    if not indented:
        return text
    return INDENT.sub("\n", text) if text.strip() else ""


def _unshown(node: Element) -> bool:
    """The hidden scheme and rest of a link that is shown cut; whatever else is hidden from the eye."""
    if node.tag in ("svg", "style", "script", "button"):
        return True
    if node.get("aria-hidden") != "true":
        return False
    parent = node.getparent()
    if parent is None or parent.tag != "a":
        return False
    words = (node.text or "").strip()
    cut = parent[-1].get("aria-hidden") == "true" and (parent[-1].text or "").strip() == "…"
    return cut and words != "…"
