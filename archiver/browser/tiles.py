"""Pictures the whole page in tiles, each in a viewport as tall as the tile. Joining them is nobody's business here."""

from __future__ import annotations

import math
import time

from archiver.browser.record import Record
from archiver.browser.settle import Settling
from archiver.browser.tab import Tab
from archiver.records import Place

HEIGHT = "() => Math.ceil(Math.max(document.scrollingElement?.scrollHeight ?? 0, innerHeight))"
GO = """(top) => { scrollTo({ top, left: 0, behavior: 'instant' });
  return { top: scrollY, height: Math.ceil(document.scrollingElement?.scrollHeight ?? innerHeight) }; }"""
# Bars that stay in place while the window moves would cover the top of every later tile; they are in the first one.
HIDE_BARS = """() => {
  const hidden = globalThis.archiverHidden ??= [];
  for (const element of document.querySelectorAll("body *")) {
    const position = getComputedStyle(element).position;
    if (position !== "fixed" && position !== "sticky") continue;
    const box = element.getBoundingClientRect();
    if (position === "sticky" && box.height > innerHeight / 2) continue;
    const own = element.style;
    hidden.push([element, own.getPropertyValue("visibility"), own.getPropertyPriority("visibility")]);
    own.setProperty("visibility", "hidden", "important");
  }
  return hidden.length;
}"""
SHOW_BARS = """() => {
  for (const [element, value, priority] of globalThis.archiverHidden ?? []) {
    if (value) element.style.setProperty("visibility", value, priority);
    else element.style.removeProperty("visibility");
  }
  globalThis.archiverHidden = [];
}"""
SETTLE_SECONDS = 4.0  # for what a taller viewport brings, each tile


async def picture_all(tab: Tab, settling: Settling, record: Record) -> str:
    """Take the tiles, top to bottom. Returns what was done, in words."""
    request, limits = record.request, record.request.limits
    width, short = request.viewport
    height = await tab.run(HEIGHT, seconds=limits.script_seconds)
    pieces = math.ceil(min(height, limits.max_height) / limits.tile_height)  # of equal height, so that none overlaps
    tall = max(short, math.ceil(min(height, limits.max_height) / pieces))
    if tall != short:
        await tab.resize(width, tall, request.scale)
        record.act("resize", "window", f"{width}x{tall}")
        await settling.rest(SETTLE_SECONDS)
    try:
        painted = await _take(tab, settling, record, tall)
    finally:
        if record.seen.height_painted > tall:
            await tab.run(SHOW_BARS, seconds=limits.script_seconds)
    return f"{len([a for a in record.artifacts if a.role == 'tile'])} tiles, {painted} px"


async def _take(tab: Tab, settling: Settling, record: Record, tall: int) -> int:
    """Each tile begins where the one before ended; the last may overlap above, and says so in its place."""
    limits = record.request.limits
    width, n, top, painted = record.request.viewport[0], 0, 0, 0
    deadline = time.monotonic() + limits.scroll_seconds
    while True:
        at = await tab.run(GO, top, seconds=limits.script_seconds)
        if n:
            await settling.rest(SETTLE_SECONDS)
            at = await tab.run(GO, top, seconds=limits.script_seconds)
        offset, height = round(at["top"]), at["height"]
        record.seen.height_asked = height
        if n and offset + tall <= painted:
            break
        data = await tab.picture(limits.picture_seconds)
        record.keep("tile", "image/png", data, Place(n, 0, offset, width, tall, record.request.scale))
        painted = record.seen.height_painted = offset + tall
        if painted >= height:
            break
        if painted >= limits.max_height or time.monotonic() > deadline:
            why = (
                "the tallest page that is pictured" if painted >= limits.max_height else "the time for pictures was up"
            )
            record.seen.miss(f"pictures below {painted:,} px of {height:,} ({why})")
            break
        if n == 0 and await tab.run(HIDE_BARS, seconds=limits.script_seconds):
            record.act("hide", "bars that stay in place", "in every picture but the first")
        n, top = n + 1, painted
    return painted
