"""Goes down the page once so that what loads late loads. Every movement is an action in the record."""

from __future__ import annotations

import time

from archiver.browser.network import Network
from archiver.browser.record import Record, Skip
from archiver.browser.settle import Settling
from archiver.browser.tab import Tab, script

SCROLL = script("scroll")
TO_TOP = "() => { scrollTo({ top: 0, left: 0, behavior: 'instant' }); return scrollY; }"
PICTURES_MS = 15_000  # waited for slow pictures in one pass, all together
LAST_SECONDS = 3.0  # for what the bottom of the page still brings
STOPPED = {
    "time": "the time for scrolling was up",
    "height": "the page is taller than is pictured",
    "stuck": "the page held the window where it was",
}


async def scroll_through(tab: Tab, network: Network, settling: Settling, record: Record) -> str:
    """Scroll to the end and back to the top. Returns what was done, in words."""
    limits = record.request.limits
    if tab.stopped:
        raise Skip("the page's scripts were ended")
    deadline = time.monotonic() + limits.scroll_seconds
    steps, height = 0, -1
    while True:
        left = max(0.0, deadline - time.monotonic())
        bounds = {"maxHeight": limits.max_height, "bound": left * 1000, "picturesBound": PICTURES_MS}
        told = await tab.run(SCROLL, bounds, seconds=left + limits.script_seconds)
        steps += told["steps"]
        if told["steps"]:
            record.act(
                "scroll", "window", f"down to {told['seen']:.0f} px of {told['height']:.0f} in {told['steps']} steps"
            )
        if told["stopped"] != "end" or (told["height"] <= height and not told["steps"]):
            break
        if not told["steps"] and not network.pending:
            break
        height = told["height"]
        await settling.rest(min(LAST_SECONDS, max(0.0, deadline - time.monotonic())))
    if steps:
        await tab.run(TO_TOP, seconds=limits.script_seconds)
        record.act("scroll", "window", "back to the top")
    record.seen.scrolling_stopped = STOPPED.get(told["stopped"], told["stopped"])
    if told["stopped"] != "end":
        record.seen.miss(f"the page below {told['seen']:,.0f} px: {record.seen.scrolling_stopped}")
    return f"{steps} steps, {told['height']:.0f} px"
