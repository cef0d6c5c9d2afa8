"""Goes through what scrolls, window and inner panes, so that what loads late loads. Every movement is an action."""

from __future__ import annotations

import time
from typing import Any

from archiver.browser.harvest import LIMIT, on_feed
from archiver.browser.network import Network
from archiver.browser.record import Record, Skip
from archiver.browser.settle import Settling
from archiver.browser.tab import Tab, script

SCROLL = on_feed(script("scroll"))
GROW = on_feed(script("grow"))
PANES = on_feed("() => archiver.findPanes()")
WHERE = on_feed("(which) => archiver.scroller(which).at()")
TO_TOP = on_feed("(which) => archiver.scroller(which).go(0)")
PICTURES_MS = 15_000  # waited for slow pictures in one pass, all together
LAST_SECONDS = 3.0  # for what the end still brings
GROW_MS = 600  # for the next piece of what has grown before; timers of feeds are shorter
STOPPED = {
    "time": "the time for scrolling was up",
    "height": "the page is taller than is pictured",
    "stuck": "the page held the window where it was",
}


async def scroll_through(
    tab: Tab, network: Network, settling: Settling, record: Record, seconds: float | None = None
) -> str:
    """Scroll the window and the panes to their ends and back to their tops. Returns what was done, in words."""
    limits = record.request.limits
    if tab.stopped:
        raise Skip("the page's scripts were ended")
    deadline = time.monotonic() + (seconds or limits.scroll_seconds)
    await tab.run(LIMIT, limits.document_bytes // 2, seconds=limits.script_seconds)
    found = await tab.run(PANES, seconds=limits.script_seconds)
    if found["left"]:
        record.seen.miss(f"{found['left']} inner panes that scroll: more than are followed")
    told, record.seen.scrolling_stopped = [], "end"
    for which in range(found["panes"] + 1):
        told.append(await _through(tab, network, settling, record, which, deadline))
    return "; ".join(told)


async def _through(tab: Tab, network: Network, settling: Settling, record: Record, which: int, deadline: float) -> str:
    """One scroller: up first where it does not begin at its top, then down, then to the top."""
    what = f"pane {which}" if which else "window"
    steps = 0
    if which and await tab.run(WHERE, which, seconds=record.request.limits.script_seconds) > 1:
        told = await _to_end(tab, network, settling, record, which, "up", deadline)
        steps += told["steps"]
        if told["stopped"] != "end":
            _name(record, f"{what} above the {told['height'] - told['at']:,.0f} px that were gone through", told)
            steps += 1
    told = await _to_end(tab, network, settling, record, which, "down", deadline)
    steps += told["steps"]
    if told["stopped"] != "end":
        _name(record, f"{'the pane' if which else 'the page'} below {told['seen']:,.0f} px", told)
    if steps:
        await tab.run(TO_TOP, which, seconds=record.request.limits.script_seconds)
        record.act("scroll", what, "back to the top")
    return f"{what}: {steps} steps, {told['height']:.0f} px"


def _name(record: Record, where: str, told: dict[str, Any]) -> None:
    record.seen.scrolling_stopped = STOPPED.get(str(told["stopped"]), str(told["stopped"]))
    record.seen.miss(f"{where}: {record.seen.scrolling_stopped}")


async def _to_end(
    tab: Tab, network: Network, settling: Settling, record: Record, which: int, going: str, deadline: float
) -> dict[str, Any]:
    """Step to the end, wait for growth there, go on, until nothing comes any more or a bound is reached."""
    limits = record.request.limits
    steps, height, grew = 0, -1.0, False
    while True:
        left = max(0.0, deadline - time.monotonic())
        bounds = {"maxHeight": limits.max_height, "bound": left * 1000, "picturesBound": PICTURES_MS, "nudge": grew}
        told: dict[str, Any] = await tab.run(
            SCROLL, {"which": which, "going": going, **bounds}, seconds=left + limits.script_seconds
        )
        steps += int(told["steps"])
        if told["steps"]:
            target = f"pane {which}" if which else "window"
            where = f"{told['at'] if going == 'up' else told['seen']:.0f} px of {told['height']:.0f}"
            record.act("scroll", target, f"{going} to {where} in {told['steps']} steps")
        if told["stopped"] != "end":
            break
        grown = 0 <= height < told["height"]
        grew = grew or grown
        if not grown and not told["steps"] and (height >= 0 or not network.pending):
            more = {"which": which, "height": told["height"], "bound": min(GROW_MS, left * 1000)}
            if not grew or not await tab.run(GROW, more, seconds=limits.script_seconds):
                break
        height = told["height"]
        await settling.rest(min(LAST_SECONDS, max(0.0, deadline - time.monotonic())))
    return {**told, "steps": steps}
