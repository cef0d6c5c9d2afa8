"""Reads Pleroma and Akkoma: the app's DOM, the static view, API and ActivityPub JSON. Never asks another server."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, read_blocks
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import address_of
from extractors.fediverse import full_handle, notes, statuses
from extractors.forums import forum_standing
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import first, holds, json_of, meta, tree
from extractors.twins import disagreements

PLATFORM = "pleroma"
APP = Shape(
    platform=PLATFORM,
    kind="post",
    post=".status-container, .Status .status-container, .status-el:not(.Status)",
    text=(".StatusBody .text", ".StatusContent .text", ".StatusContent", ".status-content"),
    name=(".status-username", ".user-name", ".username"),
    handle=(".account-name@title", ".account-name", ".screen-name"),
    profile=("a.account-name@href", ".user-screen-name@href", "a.username@href"),
    time=(".heading-right time[datetime]", "a.timeago-faint time[datetime]", "time[datetime]"),
    edited=(".heading-edited-row time[datetime]",),
    id=("a.timeago-faint@href", ".timeago a@href", "a[href*='/notice/']@href"),
    number=re.compile(r"/(?:notice|objects|activities)/([\w-]+)"),
    link=("a.timeago-faint@href", ".timeago a@href", "a[href*='/notice/']@href"),
    extra=(".attachments img", ".attachments video"),
    drop=".greentext-none, .cw-status-hider, .status-unhider, .quoted-status, .attachments",
    gone=".status-container.-deleted",
    counts={"likes": (".favorite-button + span", ".stat-count-favorites"), "reposts": (".retweet-button + span",)},
)
STATIC = Shape(
    platform=PLATFORM,
    kind="post",
    post=".activity",
    text=(".activity-content .e-content", ".e-content", ".activity-content"),
    name=(".display-name bdi", ".display-name"),
    handle=(".nickname",),
    profile=("a.p-author[href]@href", "a.u-url[href]@href", ".h-card a[href]@href"),
    time=("time.dt-published[datetime]", "time[datetime]"),
    id=("@id",),
    number=re.compile(r"(.+)"),
    link=("a.activity-link@href",),
    extra=(".activity-content img", ".attachment img"),
    drop=".attachment",
)
DRAWN = ".status-container .status-heading .account-name"  # of a page that was saved without its scripts
NOTICE = re.compile(r"/(?:notice|objects|activities)/([\w-]+)")


@once
def read(page: Page) -> Iterator[Post | Problem]:
    base = address_of(page)
    if (value := json_page(page)) is not None:
        found: list[Post | Problem] = [*(list(statuses(value, PLATFORM, base)) or notes(value, PLATFORM))]
        yield from found or [Problem("JSON", "no status in this answer")]
        return
    stored = list(_initial(page, base))
    shown: list[Post] = []
    for record in read_blocks(page, APP, STATIC):
        if isinstance(record, Post):
            handle = full_handle(record.author.handle, record.author.url or base)
            record = replace(record, author=replace(record.author, handle=handle), thread="")
            shown.append(record)
        yield record
    if not shown:
        yield from stored
    for address, data in page.companions.items():
        value = json_of(data.decode("utf-8", "replace"))
        yield from disagreements(shown, statuses(value, PLATFORM, base), where=address)


def standing(page: Page) -> Standing | None:
    if json_page(page) is not None or next(_initial(page, page.url), None) is not None:
        return Standing("live", "the page carries a status") if isinstance(next(read(page), None), Post) else None
    return forum_standing(page, [APP, STATIC], refusal=".error-page, .status-deleted", name="Pleroma")


def recognises(page: Page) -> bool:
    if first(tree(page), DRAWN) is not None:
        return True
    if not holds(page, "leroma") and not holds(page, "kkoma"):
        return False
    if meta(page, "generator").startswith(("Pleroma", "Akkoma")):
        return True
    if first(tree(page), "script#initial-results", "link[href*='/static-fe/']", "noscript + #app") is None:
        return holds(page, '"pleroma"') and bool(next(statuses(json_page(page), PLATFORM, page.url), None))
    return True


def companions(url: str) -> list[str]:
    known = re.search(r"/notice/([\w-]+)", url)
    return [f"{url[: known.start()]}/api/v1/statuses/{known[1]}"] if known else []


def identity(url: str) -> Identity | None:
    met = NOTICE.search(url)
    return Identity(PLATFORM, "post", post=met[1]) if met else None


def _initial(page: Page, base: str) -> Iterator[Post]:
    """Answers that the server put into the page, each a JSON text in base 64 under its address."""
    held = json_of(first_text(page, "script#initial-results"))
    for coded in held.values() if isinstance(held, dict) else ():
        value: Any = None
        if isinstance(coded, str):
            try:
                value = json_of(base64.b64decode(coded, validate=True).decode("utf-8", "replace"))
            except (binascii.Error, ValueError):
                continue
        yield from statuses(value, PLATFORM, base)


def first_text(page: Page, css: str) -> str:
    node = first(tree(page), css)
    return (node.text or "") if node is not None else ""


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, companions, identity)
