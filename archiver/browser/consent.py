"""Refuses a consent banner where it can be refused. Never accepts one, sends no keys and hides nothing.

A banner is found by what stands before the page, speaks of consent and holds no post; its way to refuse by the known
platforms' own buttons, else by what refusing is called. What can't be refused stays, and is named if it covers
the page.
"""

from __future__ import annotations

from typing import Any

from playwright.async_api import Error

from archiver.browser.consent_words import words
from archiver.browser.frames import Document, documents
from archiver.browser.harvest import on_feed
from archiver.browser.record import Record, Skip
from archiver.browser.settle import Settling
from archiver.browser.tab import PageMoved, ScriptError, Tab, script

CONSENT = on_feed(script("consent"))
GONE_MS = 2_000  # banners fade out; the slowest seen take 1 s
SETTLE_SECONDS = 3.0
COVERS = 25  # of 100 points of the window: less is a bar at an edge, which hides nothing in the pictures
LEVELS = 2  # the banner, and the settings behind it


async def refuse_consent(tab: Tab, settling: Settling, record: Record) -> str:
    """Returns what was done, in words. Raises Skip where there is no banner."""
    if tab.stopped:
        raise Skip("the page's scripts were ended")
    for document in await documents(tab, record.request.limits):
        try:
            told = await _refuse(tab, settling, record, document)
        except (PageMoved, ScriptError, Error):
            if not document.name:
                raise
            continue  # a frame that went away: most do when they were answered
        if told:
            return told
    raise Skip("there is no banner")


async def _refuse(tab: Tab, settling: Settling, record: Record, document: Document) -> str:
    """One document's banner. Empty where it has none."""
    for level in range(LEVELS):
        told = await _ask(tab, record, document, "refuse")
        if told is None:
            return "refused in its settings" if level else ""
        if told["clicked"]:
            _act(record, document, "refuse-consent", told)
            return await _after(tab, settling, record, document)
        if level or not told["settings"]:
            return _stays(record, told["covers"], "it offers no way to refuse that is known")
        told = await _ask(tab, record, document, "settings")
        if told is None or not told["clicked"]:
            break
        _act(record, document, "open-consent-settings", told)
        await settling.rest(SETTLE_SECONDS)
    return ""


async def _after(tab: Tab, settling: Settling, record: Record, document: Document) -> str:
    """Let the page settle again, and look whether the banner went."""
    try:
        told = await _ask(tab, record, document, "gone")
    except (PageMoved, Error):
        if not document.name:
            raise
        told = None  # its frame was taken away
    await settling.rest(SETTLE_SECONDS)
    if told is None or told["gone"]:
        return "refused"
    return _stays(record, told["covers"], "it stayed after it was refused")


def _stays(record: Record, covers: int, why: str) -> str:
    if covers >= COVERS:
        record.seen.miss(f"what a consent banner covers, about {covers} % of the window: {why}")
    return f"a consent banner stays over {covers} % of the window: {why}"


def _act(record: Record, document: Document, what: str, told: dict[str, Any]) -> None:
    record.act(what, " in ".join(filter(None, (told["target"], document.name))), told["text"])


async def _ask(tab: Tab, record: Record, document: Document, deed: str) -> dict[str, Any] | None:
    given = {"deed": deed, "words": words(), "held": document.held, "framed": bool(document.name), "bound": GONE_MS}
    seconds = record.request.limits.script_seconds
    told: dict[str, Any] | None = await document.run(tab, CONSENT, given, seconds=seconds)
    return told
