"""A watch: one address that is captured again and again. Plain values; knows no schedule and no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

WatchState = Literal["on", "paused", "stopped", "removed"]


@dataclass(frozen=True)
class Watch:
    """One address that is captured again and again, and what its visits have shown so far. Times are RFC 3339."""

    id: str  # "W1"
    url: str  # as it was asked for when it was captured first
    host: str  # whom a visit bothers: visits to one host keep their distance
    capture: str  # the capture that it began with: nothing is watched that was not captured before
    every: int  # seconds between visits, before jitter and back-off
    until: str  # no visit after this; empty: no end
    added: str
    allow_private: bool
    state: WatchState = "on"
    why: str = ""  # why it was stopped
    visits: int = 0
    unchanged: int = 0  # visits in a row that told something and found nothing new
    failures: int = 0  # visits in a row that could not tell (no answer, 429, 5xx)
    last: str = ""  # when it was visited last
    seen: str = ""  # the last capture that told something
    standing: str = ""  # of it
    live: str = ""  # the last capture in which it was up
    live_at: str = ""  # when it was last seen up
    gone_at: str = ""  # when it was first seen gone since then; empty while it is up
    gone_again: str = ""  # when it was seen gone a second time
    edited_after: str = ""  # the last visit before the last edit that still showed the old words
    edited_at: str = ""  # when an edit was last noticed
    changed_at: str = ""  # when anything was last noticed
