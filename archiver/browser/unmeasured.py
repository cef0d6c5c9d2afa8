"""Pictures a page that our own scripts can't measure, by what Chromium says of it. Runs nothing on the page but the
wait for its rest.
"""

from __future__ import annotations

import math

from archiver.browser.record import Record
from archiver.browser.settle import Settling
from archiver.browser.tab import Tab
from archiver.records import Place

SETTLE_SECONDS = 4.0  # for what a taller window brings


async def picture_unmeasured(tab: Tab, settling: Settling, record: Record) -> str:
    """One picture, as tall as a tile may be; names what is below it. Returns what was done, in words."""
    request, limits, seen = record.request, record.request.limits, record.seen
    width, short = request.viewport
    told = await tab.send("Page.getLayoutMetrics")
    height = math.ceil(told["cssContentSize"]["height"])
    tall = max(short, min(height, limits.tile_height))
    await tab.resize(width, tall, request.scale)
    record.act("resize", "window", f"{width}x{tall}")
    await settling.rest(SETTLE_SECONDS)
    top = round((await tab.send("Page.getLayoutMetrics"))["cssVisualViewport"]["pageY"])
    data = await tab.picture(limits.picture_seconds)
    record.keep("tile", "image/png", data, Place(record.tiles, 0, top, width, tall, request.scale))
    seen.height_painted = max(seen.height_painted, top + tall)
    seen.height_asked = max(seen.height_painted, height)
    if top:
        seen.miss(f"pictures above {top:,} px: the page could not be measured")
    if seen.height_asked > seen.height_painted:
        seen.miss(f"pictures below {seen.height_painted:,} px of {height:,}: the page could not be measured")
    return f"1 tile, {tall} px"
