"""Reads Isso comments in the page that carries them. Never leaves out the page round them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.blocks import has_blocks
from extractors.comments import ISSO, with_comments
from extractors.contract import Account, Page, PageExtractor, Post, PostKind, Problem, Standing
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages import generic
from extractors.toolbox import dict_at, fragment, from_epoch, holds, text_at, walk, written

PLATFORM = "isso"
JSON_HEAD = 2_000  # characters in which an answer names its first keys
KINDS: dict[str, PostKind] = {"4": "deleted"}  # mode 1: shown, 2: waits, 4: deleted with answers (Isso's API)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_json(value)
        return
    yield from with_comments(page, generic.read(page))


def standing(page: Page) -> Standing | None:
    return Standing("live", "the page shows comments") if has_blocks(page, ISSO) else None


def recognises(page: Page) -> bool:
    if '"total_replies"' in page.html[:JSON_HEAD]:
        return isinstance(dict_at(json_page(page)).get("replies"), list)
    return holds(page, "isso-comment") and has_blocks(page, ISSO)


def _from_json(value: Any) -> Iterator[Post | Problem]:
    found = False
    for _, item in walk(value):
        if "mode" not in item or "text" not in item or "created" not in item:
            continue
        found = True
        yield Post(
            PLATFORM,
            KINDS.get(text_at(item, "mode"), "comment"),
            Account(text_at(item, "author"), url=text_at(item, "website")),
            written(fragment(text_at(item, "text"))),
            time=from_epoch(item.get("created")),
            edited=from_epoch(item.get("modified")),
            id=text_at(item, "id"),
            in_reply_to=text_at(item, "parent"),
            counts={key: text_at(item, key) for key in ("likes", "dislikes") if text_at(item, key)},
            source="json",
        )
    if not found and not isinstance(dict_at(value).get("replies"), list):
        yield Problem("JSON", "no Isso comment in this answer")


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises)
