"""Pictures the page in tiles, in a window as tall as a tile, then what inner panes still hide, frame by frame.

Each tile begins where the one before ended, held on to by the post that stands there, since lists shift while they
are moved. Places are those of the page unrolled: as if everything that scrolls had been opened to its full height.
Joining tiles is nobody's business here.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any

from archiver.browser.frames import rest_frames
from archiver.browser.harvest import on_feed
from archiver.browser.painted import blank_from
from archiver.browser.record import Record
from archiver.browser.settle import Settling
from archiver.browser.sideways import picture_sideways
from archiver.browser.tab import Tab, script
from archiver.records import Place

FRAME = on_feed(script("frame"))
BARS = on_feed(script("bars"))
CONTENT = on_feed(script("content"))
MEASURE = on_feed("""() => ({
  height: archiver.scroller(0).height(),
  panes: archiver.panes().map((pane) => pane.isConnected ? pane.clientHeight : 0),
  hidden: archiver.panes().map((pane) => pane.isConnected ? pane.scrollHeight - pane.clientHeight : 0),
  right: archiver.right(),
})""")
INTO_VIEW = on_feed("""(which) => {
  const pane = archiver.scroller(which).element;
  pane.scrollIntoView({ block: "start", behavior: "instant" });
  return pane.clientHeight > 0;
}""")
SETTLE_SECONDS = 4.0  # for what a taller window brings, each tile
FEWEST = 8  # CSS pixels: less than this hidden in a pane is a matter of rounding
EARLIER = 200  # CSS pixels that a picture may end before the window does, so that it cuts through no line (feed.js)
WIDER = 50  # CSS pixels: less than this to the right of the window is a slip of the page's, with nothing in it
LATE = 100  # CSS pixels: less than this is a line that moved
WITH_IT = 0.9  # of what the window grew by: a page that grew as much measures itself by the window


@dataclass
class _Way:
    """How far one scroller has been pictured."""

    which: int  # 0: the window
    deadline: float
    painted: float = 0  # CSS pixels of it, from its top


async def picture_all(tab: Tab, settling: Settling, record: Record) -> str:
    """Take the tiles, top to bottom. Returns what was done, in words."""
    request, limits = record.request, record.request.limits
    measured = await tab.run(MEASURE, seconds=limits.script_seconds)
    deadline = time.monotonic() + limits.scroll_seconds
    wide, measured = await _widen(tab, settling, record, measured)
    await _grow(tab, settling, record, measured, wide)
    more = max([measured["height"], *measured["hidden"]]) > request.viewport[1]
    if more and await tab.run(BARS, {"foot": True}, seconds=limits.script_seconds):
        record.act("unstick", "bars that stay in place", "what sticks stands in its place; bars at the foot are hidden")
    try:
        await _window(tab, settling, record, _Way(0, deadline), wide)
        after = await tab.run(MEASURE, seconds=limits.script_seconds)
        for number, hidden in enumerate(after["hidden"], start=1):
            if hidden > FEWEST:
                await _pane(tab, settling, record, _Way(number, deadline))
        await picture_sideways(tab, settling, record, deadline)
        record.seen.height_left = _in_all(await tab.run(MEASURE, seconds=limits.script_seconds))
    finally:
        await tab.run(BARS, {"undo": True}, seconds=limits.script_seconds)
    return f"{record.tiles} tiles, {record.seen.height_painted} px"


async def _widen(tab: Tab, settling: Settling, record: Record, measured: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Make the window as wide as a page that goes on to the side. Returns its width, and the page measured in it."""
    limits, (width, short) = record.request.limits, record.request.viewport
    if measured["right"] < WIDER:
        return width, measured
    wide = min(width + math.ceil(measured["right"]), max(width, limits.max_width))
    await tab.resize(wide, short, record.request.scale)
    record.act("resize", "window", f"{wide}x{short}")
    await settling.rest(SETTLE_SECONDS)
    measured = await tab.run(MEASURE, seconds=limits.script_seconds)
    if measured["right"] >= WIDER:
        record.seen.miss(f"pictures to the right of {wide:,} px of {wide + measured['right']:,.0f}")
    return wide, measured


async def _grow(tab: Tab, settling: Settling, record: Record, measured: dict[str, Any], width: int) -> None:
    """Make the window as tall as one tile of the page may be; by what its panes hide too, where they grow with it.

    Not where the page grows with it for ever, since its parts are as tall as the window: they are pictured as seen.
    """
    limits, scale = record.request.limits, record.request.scale
    short = record.request.viewport[1]
    wanted = [measured["height"]]
    if max([0, *measured["hidden"]]) > FEWEST:
        wanted.insert(0, measured["height"] + max(measured["hidden"]))
    tall, now = short, measured
    for height in wanted:
        new = max(short, _piece(min(height, limits.max_height), limits.tile_height))
        if new != tall:
            await tab.resize(width, new, scale)
            record.act("resize", "window", f"{width}x{new}")
            await settling.rest(SETTLE_SECONDS)
            tall = new
            now = await tab.run(MEASURE, seconds=limits.script_seconds)
        if height > measured["height"] and any(
            a > b + FEWEST for a, b in zip(now["panes"], measured["panes"], strict=False)
        ):
            break  # a pane grew with the window
    if tall > short and _in_all(now) - _in_all(measured) >= WITH_IT * (tall - short):
        await tab.resize(width, short, scale)
        record.act("resize", "window", f"{width}x{short}: the page is as tall as the window makes it")
        await settling.rest(SETTLE_SECONDS)


def _piece(height: float, most: int) -> int:
    """The height of one picture, where a page is cut into as few as possible, nearly alike."""
    if height <= most:
        return math.ceil(height)
    return math.ceil(height / math.ceil(height / (most - EARLIER))) + EARLIER


async def name_what_grew(tab: Tab, record: Record) -> None:
    """Name what came to the page's end after its pictures were taken."""
    left = record.seen.height_left
    if left is not None and not tab.stopped:
        more = _in_all(await tab.run(MEASURE, seconds=record.request.limits.script_seconds)) - left
        if more >= LATE:
            record.seen.miss(f"{more:,.0f} px that came to the page after its pictures were taken")


def _in_all(measured: dict[str, Any]) -> float:
    """CSS pixels of the page with what its fullest pane hides."""
    return float(measured["height"] + max([0, *measured["hidden"]]))


async def _window(tab: Tab, settling: Settling, record: Record, way: _Way, width: int) -> None:
    limits, seen, scale = record.request.limits, record.seen, record.request.scale
    while True:
        at = await _bring(tab, settling, record, way)
        top = max(0, round(at["seam"]))
        height = round(at["view"]) - top
        if way.painted and height < 1:
            break
        part = top or height < round(at["edge"])
        clip = (0.0, round(at["at"]) + top, width, height) if part else None
        place = Place(record.tiles, 0, round(way.painted), width, height, scale)
        await _take(tab, record, place, clip, top)
        seen.height_painted = place.y + height
        way.painted = seen.height_painted
        seen.height_asked = max(seen.height_painted, 0 if at["ended"] else math.ceil(at["height"]))
        last = at["ended"] or _enough(record, way, math.ceil(at["height"]))
        if place.n == 0 and (at["covered"] or not last):
            if await tab.run(BARS, {"foot": False}, seconds=limits.script_seconds):
                record.act("hide", "bars that stay in place", "in every picture but the first")
            if at["covered"]:  # what stands over posts is in the first picture, and what it stands over in the next
                await _take(tab, record, replace(place, n=record.tiles), clip, top)
        if last:
            break


async def _pane(tab: Tab, settling: Settling, record: Record, way: _Way) -> None:
    """Frames of what a pane hides; its top is in the window's tiles already, and stands again in none."""
    limits, scale = record.request.limits, record.request.scale
    if not await tab.run(INTO_VIEW, way.which, seconds=limits.script_seconds):
        return
    first = True
    while True:
        at = await _bring(tab, settling, record, way, first=first)
        if first:  # what the window's tiles show of it
            first, start = False, at["box"]["y"]
            way.painted = at["view"]
            continue
        top, box = max(0.0, at["seam"]), at["box"]
        height = round(at["view"] - top)
        if height >= 1:
            place = Place(record.tiles, round(box["x"]), round(start + way.painted), round(box["width"]), height, scale)
            await _take(tab, record, place, (box["x"], box["y"] + top, box["width"], height), round(top))
            way.painted += height
        if at["ended"] or height < 1 or _enough(record, way, math.ceil(at["height"])):
            break
    record.act("scroll", f"pane {way.which}", f"down to {at['at']:.0f} px, for its pictures")
    record.seen.height_painted = max(record.seen.height_painted, round(start + way.painted))
    record.seen.height_asked = max(record.seen.height_asked, record.seen.height_painted)


async def _bring(
    tab: Tab, settling: Settling, record: Record, way: _Way, *, first: bool | None = None
) -> dict[str, Any]:
    """Move, let come what comes, move again to where it belongs, and note which posts the picture will show."""
    first = not way.painted if first is None else first
    seconds = record.request.limits.script_seconds
    where = {"which": way.which, "top": way.painted, "first": first}
    if not first:
        await tab.run(FRAME, {**where, "last": False}, seconds=seconds)
        await settling.rest(SETTLE_SECONDS)
    await rest_frames(tab, record.request.limits, SETTLE_SECONDS / 2)
    told: dict[str, Any] = await tab.run(FRAME, {**where, "last": True}, seconds=seconds)
    if not first and told["seam"] < -2:
        record.seen.miss(f"{-told['seam']:,.0f} px between two pictures: the page moved them meanwhile")
    return told


async def _take(
    tab: Tab, record: Record, place: Place, clip: tuple[float, float, float, float] | None, top: int
) -> None:
    """Keep one picture. Where its tail is blank and the page has content there it is taken again, then named."""
    limits = record.request.limits
    data = await tab.picture(limits.picture_seconds, clip)
    blank = await _blank(tab, record, data, place, top)
    if blank is not None:
        again = await tab.picture(limits.picture_seconds, clip)
        if await _blank(tab, record, again, place, top) is None:
            data = again
        else:
            record.seen.miss(f"picture {place.n} below {blank} px: it was painted blank where the page has content")
    record.keep("tile", "image/png", data, place)


async def _blank(tab: Tab, record: Record, data: bytes, place: Place, top: int) -> int | None:
    blank = blank_from(data, place.scale)
    if blank is None:
        return None
    between = {"from": blank + top, "to": place.height + top}
    return blank if await tab.run(CONTENT, between, seconds=record.request.limits.script_seconds) else None


def _enough(record: Record, way: _Way, height: int) -> bool:
    """Whether a bound ends the pictures here; it is named."""
    limits = record.request.limits
    why = ""
    if way.painted >= limits.max_height:
        why = "the tallest page that is pictured"
    elif time.monotonic() > way.deadline:
        why = "the time for pictures was up"
    elif sum(len(a.data) for a in record.artifacts if a.role == "tile") > limits.picture_bytes:
        why = f"more than {limits.picture_bytes:,} bytes of pictures"
    if why:
        where = f"of pane {way.which} " if way.which else ""
        record.seen.miss(f"pictures {where}below {way.painted:,.0f} px of {height:,} ({why})")
    return bool(why)
