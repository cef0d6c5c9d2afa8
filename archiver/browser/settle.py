"""Waits until a page has come to rest, by events and within bounds. Touches nothing on it."""

from __future__ import annotations

import asyncio
import time

from archiver.browser.network import Network
from archiver.browser.tab import PageMoved, Tab, script

QUIET_MS = 100  # nothing added for so long: 6 frames; frameworks add their next piece within one or two
MOVES = 20  # pages that send the browser on by script or refresh; Chromium itself stops after 20 HTTP redirects
GRACE_SECONDS = 2.0  # above what the script is told, before it counts as hanging

SETTLE = script("settle")


async def settle(tab: Tab, network: Network, seconds: float, *, quiet_ms: int = QUIET_MS) -> list[str]:
    """What was still missing when the page was at rest or the time was up; empty where nothing was.

    Raises PageMoved where the page never stops going elsewhere, TimeoutError where its scripts let nobody in.
    """
    deadline = time.monotonic() + seconds
    moves = 0
    while True:
        left = max(0.0, deadline - time.monotonic())
        try:
            told = await tab.run(SETTLE, {"bound": left * 1000, "quiet": quiet_ms}, seconds=left + GRACE_SECONDS)
        except PageMoved:
            moves += 1
            if moves > MOVES or time.monotonic() > deadline:
                raise
            await asyncio.sleep(0)  # let the events of the new document in
            continue
        late = [str(what) for what in told["late"]]
        if not network.pending or time.monotonic() >= deadline:
            return [*late, *(["network"] if network.pending else [])]
        await network.idle(max(0.0, deadline - time.monotonic()))
