"""What stands on a screen in no bubble: lines between messages, under one, or over one. Knows no app."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.contract import Screen
from extractors.screen_frame import Frame
from extractors.screen_pieces import Bubble, Run, centred, unit_of
from extractors.screen_times import age_at, end_time, is_time, is_when, time_in
from extractors.screen_words import CALL, DELETED, MARK, RECEIPT, REPLYING, SYSTEM, UNDER

Kind = Literal["message", "system", "call", "deleted"]


@dataclass(frozen=True)
class Item:
    """One thing on the way down the screen, not yet a record."""

    y: int
    bottom: int
    kind: Kind | Literal["date", "under", "above", "reaction", "problem"]
    text: str
    side: str = ""
    sender: str = ""
    time: str = ""
    labels: tuple[str, ...] = ()


def ground_items(frame: Frame, bubbles: Sequence[Bubble], screen: Screen) -> Iterator[Item]:
    """Lines that stand in no bubble: between messages, under one, or over one."""
    for row in frame.rows:
        text = " ".join(run.text for run in row)
        left, right = min(run.x for run in row), max(run.right for run in row)
        y, bottom = min(run.y for run in row), max(run.bottom for run in row)
        whole = replace(row[0], x=left, right=right, y=y, bottom=bottom)
        above = max(
            (b for b in bubbles if b.bottom <= y + 4 and b.side != "centre"), key=lambda b: b.bottom, default=None
        )
        close = above is not None and y - above.bottom < 1.6 * unit_of(screen)
        under = (
            close and above is not None and not (centred(whole, screen.width) and not _hugs(whole, above, screen.width))
        )
        if above is not None and under and _is_under(text, whole, above, screen.width):
            yield Item(y, bottom, "under", text, above.side, time=_under_time(text))
        elif centred(whole, screen.width) or is_when(text) or (CALL.search(text) and len(text) < 40):
            yield Item(y, bottom, between_kind(text), text, time=time_in(text) if CALL.search(text) else "")
        elif RECEIPT.match(text) and len(text) < 40:
            yield Item(y, bottom, "under", text, "right", time=_under_time(text))
        else:
            yield _over_or_bare(whole, text, bubbles, screen)


def _is_under(text: str, run: Run, bubble: Bubble, width: int) -> bool:
    if is_time(_first(text)) or RECEIPT.match(text):
        return True
    return (is_when(text) and _hugs(run, bubble, width)) or (
        len(text) < 60 and bool(UNDER.search(text)) and bool(age_at(text) or is_time(text.split()[0]))
    )


def _hugs(run: Run, bubble: Bubble, width: int) -> bool:
    """Whether a line under a bubble keeps to the bubble's side."""
    if bubble.side == "right":
        return abs(run.right - bubble.right) < 0.06 * width
    return abs(run.x - bubble.region.x) < 0.06 * width or run.x < 0.12 * width


def _under_time(text: str) -> str:
    found = end_time(text) or time_in(text)
    if found:
        return found
    if UNDER.search(text):
        return age_at(text)
    return _first(text) if is_when(_first(text)) else ""


def _first(text: str) -> str:
    """What stands before the dot in "10:21 · Sent", which is easily read as a dash."""
    return re.split(r"\s*[·•|–—]\s*|\s*-\s+", text.strip())[0]


def _over_or_bare(run: Run, text: str, bubbles: Sequence[Bubble], screen: Screen) -> Item:
    """A small line right over a bubble is its writer's name, or says what is answered; else words without a bubble."""
    unit = unit_of(screen)
    below = min((b for b in bubbles if b.region.y >= run.bottom - 4), key=lambda b: b.region.y, default=None)
    close = below is not None and below.region.y - run.bottom < 1.2 * unit and below.side != "centre"
    if close and below is not None and REPLYING.match(text):
        return Item(run.y, run.bottom, "above", text, below.side, labels=(text,))
    if (
        close
        and below is not None
        and below.side == "left"
        and abs(run.x - below.region.x) < 0.08 * screen.width
        and len(text) < 40
    ):
        return Item(run.y, run.bottom, "above", text, "left", sender=text)
    if REPLYING.match(text) or SYSTEM.search(text):
        return Item(run.y, run.bottom, "system", text)
    if not any(c.isalnum() or c == MARK for c in text):
        return Item(run.y, run.bottom, "problem", f"Signs that are no words: {text}")
    side = "right" if run.x > 0.35 * screen.width and screen.width - run.right < 0.2 * screen.width else "left"
    return Item(run.y, run.bottom, "message", text, side if bubbles else "", labels=("no bubble",))


def between_kind(text: str) -> Literal["date", "call", "system", "deleted"]:
    if is_when(text):
        return "date"
    if CALL.search(text):
        return "call"
    return "deleted" if DELETED.search(text) else "system"
