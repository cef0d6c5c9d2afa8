"""Waits until a page has come to rest, by events and within bounds. Touches nothing on it."""

from __future__ import annotations

import asyncio
import time

from archiver.browser.network import Network
from archiver.browser.tab import PageMoved, Tab, script

QUIET_MS = 100  # nothing added for so long: 6 frames; frameworks add their next piece within one or two
FADING_MS = 1_500  # for what fades or slides in: pages take 200-800; longer ones are for show
MOVES = 20  # pages that send the browser on by script or refresh; Chromium itself stops after 20 HTTP redirects
GRACE_SECONDS = 2.0  # above what the script is told, before it counts as hanging
RESTLESS_SECONDS = 0.5  # for a page that did not come to rest when it had all the time: it will not later either

SETTLE = script("settle")


class Settling:
    """Waits for one page, again and again. `late` names what was missing the last time."""

    def __init__(self, tab: Tab, network: Network) -> None:
        self.late: list[str] = []
        self._tab = tab
        self._network = network

    async def rest(self, seconds: float) -> list[str]:
        """What was still missing when the page was at rest or the time was up; empty where nothing was.

        Raises PageMoved where the page never stops going elsewhere, TimeoutError where its scripts let nobody in.
        """
        if self._tab.stopped:  # without scripts there are no timers for ours either; nothing is added any more
            self.late = [] if await self._network.idle(seconds) else ["network"]
            return self.late
        deadline = time.monotonic() + (min(seconds, RESTLESS_SECONDS) if self.late else seconds)
        moves = 0
        while True:
            left = max(0.0, deadline - time.monotonic())
            bounds = {"bound": left * 1000, "quiet": QUIET_MS, "fading": FADING_MS}
            try:
                told = await self._tab.run(SETTLE, bounds, seconds=left + GRACE_SECONDS)
            except PageMoved:
                moves += 1
                if moves > MOVES or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0)  # let the events of the new document in
                continue
            except TimeoutError:
                if not self._tab.stopped:
                    raise
                return await self.rest(seconds)
            if self._network.pending and time.monotonic() < deadline:
                await self._network.idle(deadline - time.monotonic())
                continue
            self.late = [*map(str, told["late"]), *(["network"] if self._network.pending else [])]
            return self.late
