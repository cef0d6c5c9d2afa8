"""Goes through what scrolls, window and inner panes, so that what loads late loads. Every movement is an action."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import Error

from archiver.browser.chromium import first_line
from archiver.browser.frames import Document, documents
from archiver.browser.harvest import LIMIT, on_feed
from archiver.browser.network import Network
from archiver.browser.record import Record, Skip
from archiver.browser.settle import Settling
from archiver.browser.tab import PageMoved, ScriptError, Tab, script

SCROLL = on_feed(script("scroll"))
GROW = on_feed(script("grow"))
BARS = on_feed(script("bars"))
PANES = on_feed("() => archiver.findPanes()")
WHERE = on_feed("(which) => archiver.scroller(which).at()")
TO_TOP = on_feed("(which) => archiver.scroller(which).go(0)")
HIDDEN = on_feed("""() => {
  const page = archiver.scroller(0);
  const roots = [document.documentElement, document.body ?? page.element];
  const styles = roots.map((one) => getComputedStyle(one).overflowY);
  const fixed = styles.some((overflow) => /hidden|clip/.test(overflow));
  const panes = archiver.panes().map((pane) => (pane.isConnected ? pane.scrollHeight - pane.clientHeight : 0));
  return { hidden: Math.max(fixed ? 0 : page.height() - innerHeight, 0, ...panes), view: innerHeight };
}""")
OPEN_PANES = on_feed("""() => {
  for (const pane of archiver.panes()) {
    pane.style.setProperty("max-height", "none", "important");
    pane.style.setProperty("height", `${pane.scrollHeight}px`, "important");
  }
}""")
TALL = """(height, bound) => new Promise((resolve) => {
  // Until the frame has heard of its height and has been drawn with it, twice.
  setTimeout(resolve, bound);
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(resolve));
  const look = () => (innerHeight >= height - 1 ? drawn() : setTimeout(look, 20));
  look();
})"""
FEWEST = 8  # CSS pixels: less than this hidden in a frame is a matter of rounding
MOST_GROWTH = 6  # times that a frame is made taller; lists whose heights were guessed settle within three
PICTURES_MS = 15_000  # waited for slow pictures in one pass, all together
LAST_SECONDS = 3.0  # for what the end still brings
GROW_MS = {  # for the next piece, by what speaks for it
    "busy": 4_000,  # the page shows that it is loading
    "changed": 3_000,  # it changed something when its end was reached, as "Loading" in words
    "grew": 600,  # it has grown before; timers of feeds are shorter
    "feed": 250,  # it is a list of posts: libraries look again up to so long after its last movement
}
STOPPED = {
    "time": "the time for scrolling was up",
    "height": "the page is taller than is pictured",
    "stuck": "the page held the window where it was",
}


async def scroll_through(
    tab: Tab, network: Network, settling: Settling, record: Record, seconds: float | None = None
) -> str:
    """Scroll the window and the panes to their ends and back to their tops, then what scrolls inside frames. Returns
    what was done, in words.
    """
    limits = record.request.limits
    if tab.stopped:
        raise Skip("the page's scripts were ended")
    deadline = time.monotonic() + (seconds or limits.scroll_seconds)
    await tab.run(LIMIT, limits.document_bytes // 2, seconds=limits.script_seconds)
    told, record.seen.scrolling_stopped = [], "end"
    main, *frames = await documents(tab, limits)
    way = _Way(tab, network, settling, record, main, deadline)
    for which in range(await _panes(way) + 1):
        told.append(await _through(way, which))
    for frame in frames:
        try:
            told += await _frame(replace(way, where=frame))
        except (Error, PageMoved, ScriptError, TimeoutError) as error:
            record.seen.miss(f"what scrolls in a {frame.name}: {first_line(error)}")
    return "; ".join(told)


@dataclass(frozen=True)
class _Way:
    """What scrolling needs in one document."""

    tab: Tab
    network: Network
    settling: Settling
    record: Record
    where: Document
    deadline: float

    async def run(self, source: str, *arguments: Any, seconds: float | None = None) -> Any:
        seconds = seconds or self.record.request.limits.script_seconds
        return await self.where.run(self.tab, source, *arguments, seconds=seconds)

    def named(self, what: str) -> str:
        return f"{what} of {self.where.name}" if self.where.name else what


async def _panes(way: _Way) -> int:
    found = await way.run(PANES)
    if found["left"]:
        way.record.seen.miss(way.named(f"{found['left']} inner panes that scroll: more than are followed"))
    return int(found["panes"])


async def _frame(way: _Way) -> list[str]:
    """Go through what scrolls in a frame, then make the frame as tall as what is in it, so that pictures show it."""
    panes = await _panes(way)
    if (await way.run(HIDDEN))["hidden"] <= FEWEST:
        return []
    told = [await _through(way, which) for which in range(panes + 1)]
    if await way.run(BARS, {"foot": True}):
        way.record.act("unstick", way.named("bars that stay in place"), "what sticks stands in its place")
    for _ in range(MOST_GROWTH):
        now = await way.run(HIDDEN)
        by = min(now["hidden"], way.record.request.limits.max_height - now["view"])
        if by <= FEWEST or time.monotonic() > way.deadline:
            break
        await way.where.grow(by)
        way.record.act("resize", way.where.name, f"taller by {by:.0f} px")
        await way.run(
            TALL, now["view"] + by, LAST_SECONDS * 1000, seconds=2 * LAST_SECONDS
        )  # a frame of another site hears of it later
        await way.where.rest(way.tab, LAST_SECONDS)
        if panes and (await way.run(HIDDEN))["hidden"] >= now["hidden"]:
            await way.run(OPEN_PANES)
            way.record.act("resize", way.named("panes"), "as tall as what is in them")
            await way.where.rest(way.tab, LAST_SECONDS)
    left = (await way.run(HIDDEN))["hidden"]
    if left > FEWEST:
        way.record.seen.miss(f"{left:,.0f} px in the pictures of a {way.where.name}")
    return told


async def _through(way: _Way, which: int) -> str:
    """One scroller: up first where it does not begin at its top, then down, then to the top."""
    record, what = way.record, way.named(f"pane {which}" if which else "window")
    steps = 0
    if await way.run(WHERE, which) > 1:
        told = await _to_end(way, which, "up")
        steps += told["steps"]
        if told["stopped"] != "end":
            _name(record, f"{what} above the {told['height'] - told['at']:,.0f} px that were gone through", told)
            steps += 1
    told = await _to_end(way, which, "down")
    steps += told["steps"]
    if told["stopped"] != "end":
        _name(record, f"{way.named('the pane' if which else 'the page')} below {told['seen']:,.0f} px", told)
    if steps:
        await way.run(TO_TOP, which)
        record.act("scroll", what, "back to the top")
    return f"{what}: {steps} steps, {told['height']:.0f} px"


def _name(record: Record, where: str, told: dict[str, Any]) -> None:
    record.seen.scrolling_stopped = STOPPED.get(str(told["stopped"]), str(told["stopped"]))
    record.seen.miss(f"{where}: {record.seen.scrolling_stopped}")


async def _to_end(way: _Way, which: int, going: str) -> dict[str, Any]:
    """Step to the end, wait for growth there, go on, until nothing comes any more or a bound is reached."""
    record, limits = way.record, way.record.request.limits
    steps, height, grew, asked = 0, -1.0, False, False
    while True:
        left = max(0.0, way.deadline - time.monotonic())
        bounds = {"maxHeight": limits.max_height, "bound": left * 1000, "picturesBound": PICTURES_MS, "nudge": grew}
        told: dict[str, Any] = await way.run(
            SCROLL, {"which": which, "going": going, **bounds}, seconds=left + limits.script_seconds
        )
        steps += int(told["steps"])
        if told["steps"]:
            target = way.named(f"pane {which}" if which else "window")
            where = f"{told['at'] if going == 'up' else told['seen']:.0f} px of {told['height']:.0f}"
            record.act("scroll", target, f"{going} to {where} in {told['steps']} steps")
        if told["stopped"] != "end":
            break
        grown = 0 <= height < told["height"]
        grew = grew or grown
        if not grown and not told["steps"] and (height >= 0 or not way.network.pending):
            waits = {name: min(ms, left * 1000) for name, ms in GROW_MS.items()} | ({} if grew else {"grew": 0})
            grows = await way.run(GROW, {"which": which, "height": told["height"], **waits})
            if not grows and (asked or not way.network.pending):
                break
            asked = not grows  # for more, while we waited: what comes of it is waited for, once
        height = told["height"]
        await way.settling.rest(min(LAST_SECONDS, max(0.0, way.deadline - time.monotonic())))
    return {**told, "steps": steps}
