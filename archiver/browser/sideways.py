"""Pictures what boxes on the page hide to the side: rows of cards, wide tables. Names what is beyond a bound."""

from __future__ import annotations

import time

from archiver.browser.harvest import on_feed
from archiver.browser.record import Record
from archiver.browser.settle import Settling
from archiver.browser.tab import Tab, script
from archiver.records import Place

SIDEWAYS = on_feed(script("sideways"))
MOST_BOXES = 20  # feeds with a row of pictures in each post; what drops out of a list is not there any more
MOST_FRAMES = 20  # of one box: platforms allow 10 or 20 pictures in a post
SETTLE_SECONDS = 2.0  # for what moving a box brings


async def picture_sideways(tab: Tab, settling: Settling, record: Record, deadline: float) -> int:
    """Move each such box from its left end to its right and take what was not seen of it. Returns how many."""
    seconds = record.request.limits.script_seconds
    told = await tab.run(SIDEWAYS, {"deed": "find", "most": MOST_BOXES}, seconds=seconds)
    if told["left"]:
        record.seen.miss(f"{told['left']} boxes that scroll to the side: more than are followed")
    if told["slides"]:
        slides = "a slide" if told["slides"] == 1 else f"{told['slides']} slides"
        record.seen.folded.append(f"{slides} beside what is shown")
    for number in range(told["found"]):
        await _box(tab, settling, record, number, deadline)
    return int(told["found"])


async def _box(tab: Tab, settling: Settling, record: Record, number: int, deadline: float) -> None:
    limits, left, frames = record.request.limits, 0.0, 0
    while True:
        go = {"deed": "go", "n": number, "left": left}
        if await tab.run(SIDEWAYS, go, seconds=limits.script_seconds) is None:
            return
        await settling.rest(SETTLE_SECONDS)
        at = await tab.run(SIDEWAYS, go, seconds=limits.script_seconds)
        if at is None:
            return
        again = max(0.0, left - at["at"])  # at its end a box may move less than was asked
        x, width, height = at["x"] + again, round(at["view"] - again), round(at["height"])
        if not at["shown"] and min(width, height) >= 1:
            place = Place(record.tiles, round(x + at["at"]), round(at["y"]), width, height, record.request.scale)
            data = await tab.picture(limits.picture_seconds, (x, at["y"], width, height))
            record.keep("tile", "image/png", data, place)
            frames += 1
        if at["ended"]:
            break
        left = at["at"] + at["view"]
        if frames >= MOST_FRAMES or time.monotonic() > deadline:
            record.seen.miss(f"what a box hides to the side after {left:,.0f} px of {at['width']:,.0f}")
            break
    record.act("scroll", f"box {number + 1} that goes on to the side", f"to {at['at']:.0f} px of {at['width']:.0f}")
    await tab.run(SIDEWAYS, {"deed": "back", "n": number}, seconds=limits.script_seconds)
