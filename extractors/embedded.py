"""JSON that stands in pages: in script elements, after a variable's name, in attributes. Never runs a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml.etree import _Element as Element

from extractors.trees import attr, clean

LONE = re.compile(  # an escaped half of a surrogate pair; an escaped backslash and a whole pair are stepped over
    r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
COMMENTED = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*$"
)
MOST_NODES = 2_000_000  # of one value; 40 MB of real page JSON held 900,000
GAP = 200  # characters between a marker and its JSON


def json_of(text: str) -> Any:
    """The value of a whole JSON text; None where it is not JSON. Lone surrogates become U+FFFD."""
    value = _value(text)
    return value[0] if value is not None and not text[value[1] :].strip(" \t\r\n;\ufeff\0") else None


def json_scripts(root: Element, *types: str) -> Iterator[tuple[str, Any]]:
    """Every script that holds JSON, as (where, value); `types` narrow it to those media types. Broken ones: None."""
    for n, node in enumerate(root.iter("script")):
        kind = attr(node, "type").partition(";")[0].strip().lower()
        if (kind in types) if types else kind.endswith("json"):
            text = COMMENTED.sub("", node.text or "")
            yield f"script {n}" + (f" #{attr(node, 'id')}" if attr(node, "id") else ""), json_of(text)


def find_json(text: str, marker: str) -> Any:
    """The first JSON object or array at most 200 characters after a marker, as in `var data = {…};`; else None."""
    return next(find_all_json(text, marker), None)


def find_all_json(text: str, marker: str, *, most: int = 100) -> Iterator[Any]:
    """Each JSON object or array that follows the marker, at most `most`."""
    start = 0
    for _ in range(most):
        found = text.find(marker, start)
        if found < 0:
            return
        start = found + len(marker)
        opening = re.compile(r"[\[{]").search(text, start, start + GAP)
        if opening is None:
            continue
        value = _value(text, opening.start())
        if value is not None:
            yield value[0]
            start = value[1]


def walk(value: Any, *, most: int = MOST_NODES) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a value with its JSON pointer (RFC 6901), in document order. Iterative and bounded."""
    waiting: list[tuple[str, Any]] = [("", value)]
    for _ in range(most):
        if not waiting:
            return
        pointer, at = waiting.pop()
        if isinstance(at, dict):
            yield pointer, at
            inner = [(f"{pointer}/{key}", part) for key, part in at.items() if isinstance(part, (dict, list))]
        elif isinstance(at, list):
            inner = [(f"{pointer}/{n}", part) for n, part in enumerate(at) if isinstance(part, (dict, list))]
        else:
            continue
        waiting.extend(reversed(inner))


def dig(value: Any, *path: str | int) -> Any:
    """What stands at a path of keys and indexes; None where the path ends early."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """The string or number at a path, as text; empty where there is neither."""
    found = dig(value, *path)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return ""
    return found if isinstance(found, str) else str(found)


def list_at(value: Any, *path: str | int) -> list[Any]:
    found = dig(value, *path)
    return found if isinstance(found, list) else []


def dict_at(value: Any, *path: str | int) -> dict[str, Any]:
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}


def companion_json(companions: Mapping[str, bytes], ending: str) -> tuple[str, Any]:
    """The first companion whose address, less its query, ends so, as (address, value); else ("", None)."""
    for address, data in companions.items():
        if address.partition("?")[0].endswith(ending):
            return address, json_of(data.decode("utf-8", "replace"))
    return "", None


@lru_cache(maxsize=1)
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(strict=False)  # pages carry raw line breaks in strings


def _value(text: str, start: int = 0) -> tuple[Any, int] | None:
    if start == 0:
        text = clean(text)
        start = len(text) - len(text.lstrip(" \t\r\n\ufeff"))
    try:
        value, end = _decoder().raw_decode(text, start)
        if _has_lone(text, start, end):
            value, _ = _decoder().raw_decode(LONE.sub(lambda m: m[1] or "\\ufffd", text[start:end]))
    except (ValueError, RecursionError):
        return None
    return value, end


def _has_lone(text: str, start: int, end: int) -> bool:
    return any(not m[1] for m in LONE.finditer(text, start, end)) if text.find("\\u", start, end) >= 0 else False
