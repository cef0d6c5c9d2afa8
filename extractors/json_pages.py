"""The JSON value of a page that is nothing but JSON, as an API answers. Never reads JSON that stands inside a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from extractors.contract import Page
from extractors.toolbox import first, json_of, tree

LONGEST_HEAD = 2_000  # characters before the <pre> in which a browser shows JSON; extensions add styles
GUARDS = re.compile(r"\s*(?:for\s*\(;;\);|while\s*\(1\);|\)\]\}'|&&&START&&&)\s*,?\s*")  # against being run as a script
OPENING = ("{", "[")


def json_page(page: Page) -> Any:
    """The whole page as a JSON value, bare or in the `<pre>` that a browser puts round it; None for any other page."""
    return _value(page.html)


def unescaped(text: str) -> str:
    """Text of an API that escapes only what HTML must: the three marks, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@lru_cache(maxsize=2)  # every reader asks, and an answer of a megabyte costs 15 ms
def _value(html: str) -> Any:
    start = html[:LONGEST_HEAD].lstrip("\ufeff \t\r\n")
    if _begins(start):
        return json_of(_bare(html))
    if "<pre" not in start:
        return None
    pre = first(tree(Page("", html)), "body > pre:first-child")
    text = (pre.text or "").lstrip() if pre is not None else ""
    return json_of(_bare(text)) if _begins(text) else None


def _begins(text: str) -> bool:
    return GUARDS.sub("", text[:200], count=1)[:1] in OPENING


def _bare(text: str) -> str:
    guard = GUARDS.match(text, len(text) - len(text.lstrip("\ufeff \t\r\n")))
    return text[guard.end() :] if guard is not None else text
