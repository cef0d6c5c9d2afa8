"""Counts the posts with author and time that extruct and trafilatura give for pages. Run by `reading_peers.py` alone.

Reads a JSON list of HTML texts from its input, writes a JSON list of counts. Imports nothing of the project: it runs
in another interpreter, which has the two libraries.
"""

from __future__ import annotations

import importlib
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

AUTHOR = ("author", "creator", "dc:creator", "article:author")
TIME = (
    *("datePublished", "dateCreated", "uploadDate", "published", "article:published_time", "date", "dc:date"),
    *("dcterms:created", "dc:date.issued"),
)
TEXT = ("articleBody", "text", "description", "content", "summary", "headline", "name", "og:title", "title")
Said = tuple[str, str, str]  # who, which day, the first letters of what


def main() -> None:
    logging.disable()
    extruct, trafilatura = importlib.import_module("extruct"), importlib.import_module("trafilatura")
    answers = []
    for html in json.load(sys.stdin):
        marked = joined(_of_extruct(extruct, html))
        shown = joined(_of_trafilatura(trafilatura, html))
        answers.append({"extruct": len(marked), "trafilatura": len(shown), "both": len(joined([*marked, *shown]))})
    json.dump(answers, sys.stdout)


def joined(every: list[Said]) -> list[Said]:
    """Each post once: the same person on the same day, and one text the beginning of the other."""
    kept: list[Said] = []
    for who, day, text in sorted(every, key=lambda said: -len(said[2])):
        same = (one for one in kept if one[:2] == (who, day) and (one[2].startswith(text) or text in one[2]))
        if next(same, None) is None:
            kept.append((who, day, text))
    return kept


def _of_extruct(extruct: Any, html: str) -> list[Said]:
    found = extruct.extract(html, base_url="https://unknown.example/", uniform=False, errors="ignore")
    return [said for syntax in found.values() for node in _dicts(syntax) if (said := _said(node)) is not None]


def _of_trafilatura(trafilatura: Any, html: str) -> list[Said]:
    found = trafilatura.bare_extraction(html, with_metadata=True, include_comments=True)
    given = found.as_dict() if hasattr(found, "as_dict") else found or {}
    if not (given.get("author") and given.get("date")):
        return []
    return [(_bare(given["author"]), given["date"][:10], "")]


def _said(node: dict[str, Any]) -> Said | None:
    flat = {**node, **_properties(node)}
    who, when = (_word(next((flat[name] for name in names if flat.get(name)), "")) for names in (AUTHOR, TIME))
    text = _word(next((flat[name] for name in TEXT if flat.get(name)), ""))
    return (_bare(who), when[:10], _bare(text)[:60]) if who and when else None


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    """Microdata and microformats keep what they know one step down; Open Graph and Dublin Core keep pairs."""
    inner = node.get("properties")
    if isinstance(inner, dict):
        return inner
    pairs = inner if isinstance(inner, list) else node.get("elements")
    if not isinstance(pairs, list):
        return {}
    named = [pair for pair in pairs if isinstance(pair, list) and len(pair) == 2]
    dublin = [(pair.get("name", "").lower().replace(".", ":", 1), pair.get("content")) for pair in pairs
              if isinstance(pair, dict) and isinstance(pair.get("name"), str)]  # fmt: skip
    return {str(name): value for name, value in [*named, *dublin]}


def _word(value: Any) -> str:
    if isinstance(value, list):
        return _word(value[0]) if value else ""
    if isinstance(value, dict):
        held = value.get("properties")
        inner: dict[str, Any] = held if isinstance(held, dict) else value
        return _word(inner.get("name") or inner.get("value") or inner.get("@value") or inner.get("@id") or "")
    return str(value or "")


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _dicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _dicts(inner)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"<[^>]*>", "", text)).casefold()


if __name__ == "__main__":
    main()
