"""The JSON value of a page that is nothing but JSON, as an API answers. Never reads JSON that stands inside a page."""

from __future__ import annotations

from typing import Any

from extractors.contract import Page
from extractors.toolbox import first, json_of, tree

LONGEST_HEAD = 2_000  # characters before the <pre> in which a browser shows JSON; extensions add styles


def json_page(page: Page) -> Any:
    """The whole page as a JSON value, bare or in the `<pre>` that a browser puts round it; None for any other page."""
    start = page.html[:LONGEST_HEAD].lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return json_of(page.html)
    if "<pre" not in start:
        return None
    pre = first(tree(page), "body > pre:first-child")
    text = (pre.text or "").lstrip() if pre is not None else ""
    return json_of(text) if text[:1] in ("{", "[") else None


def unescaped(text: str) -> str:
    """Text of an API that escapes only what HTML must: the three marks, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
