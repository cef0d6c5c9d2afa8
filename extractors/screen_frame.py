"""What stands around the messages: the bar on top with the name of the conversation, the field for writing below.

Splits a screen into these and the body between; drops nothing that could be a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.contract import Problem, Region, Screen
from extractors.screen_pieces import WIDE, Bubble, Run, bubbles_of, centred, runs_of, unit_of
from extractors.screen_signs import near
from extractors.screen_times import is_when, time_in
from extractors.screen_words import CALL, PRESENCE, STATUS, bare, is_composer

TOP = 9.5  # usual heights of a word: status bar and a tall header with a picture over the name
KEYS = 7  # on one row of a keyboard at least
LEADING, BESIDE = 2.5, 0.3  # of a word's usual height: between two comments at most; how exactly they begin
TITLE = 0.62  # of the tallest line in the header: what may be the name beside a larger count or letter


@dataclass(frozen=True)
class Frame:
    """A screen without its furniture."""

    conversation: str  # as the header names it; empty where there is none
    top: int  # rows; the body is between
    bottom: int
    rows: tuple[tuple[Run, ...], ...]  # lines of the body that stand in no bubble
    bubbles: tuple[Bubble, ...]
    problems: tuple[Problem, ...]
    alone: bool  # the header does not speak of several people


@lru_cache(maxsize=8)  # each app's reader asks for the same
def frame_of(screen: Screen, *, bubbly: bool = True) -> Frame:
    """The furniture of a screen. Without `bubbly` all words of the body come as rows."""
    runs, bubbles = runs_of(screen), bubbles_of(screen) if bubbly else ()
    body = [bubble for bubble in bubbles if bubble.side != "centre" or is_when(" ".join(r.text for r in bubble.runs))]
    top, head = _header(screen, runs, bubbles, body)
    bottom, problems = _bottom(screen, runs, bubbles, top)
    kept = tuple(b for b in bubbles if b.region.y + b.region.height / 2 >= top and b.bottom <= bottom)
    inside = {id(run) for bubble in bubbles for run in (*bubble.runs, *bubble.quoted)}
    loose = [run for run in runs if id(run) not in inside and top <= run.middle < bottom]
    sub = " ".join(run.text for run in head)
    several = sub.count(",") >= 2 or bool(PRESENCE.search(sub) and "member" in sub)
    return Frame(_title(head), top, bottom, tuple(map(tuple, rows_of(loose))), kept, tuple(problems), not several)


def rows_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that stand level, from top to bottom; along a row from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: each.middle):
        if rows and abs(run.middle - rows[-1][0].middle) < 0.5 * max(run.tall, rows[-1][0].tall):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda each: each.x) for row in rows]


def _header(
    screen: Screen, runs: Sequence[Run], bubbles: Sequence[Bubble], body: Sequence[Bubble]
) -> tuple[int, list[Run]]:
    """Where the body begins, and the lines of the bar on top."""
    unit = unit_of(screen)
    bar = _bar(screen, unit)
    first = min((bubble.region.y for bubble in body if bubble.region.y > unit), default=screen.height)
    limit = min(first, int(TOP * unit)) if bar is None else bar.y + bar.height
    limit = min(limit, first)
    if not any(run.middle >= limit and not is_composer(run.text) for run in runs):
        return 0, []  # a cut-out of a message or two: it has no bar, and nothing may be taken for one
    head: list[Run] = []
    for row in rows_of([run for run in runs if run.middle < limit]):
        text = " ".join(run.text for run in row)
        if bar is None and is_when(text) and len(row) == 1 and centred(row[0], screen.width):
            return row[0].y, head
        if bar is None and time_in(text) and any(c.isalpha() for c in text) and not _is_furniture(text):
            return row[0].y, head  # who wrote a message, and when: no bar says that
        head += row
    if bar is None and head:
        limit = max(run.bottom for run in head) + 1
        inside = {id(run) for bubble in bubbles for run in bubble.runs}
        below = [run for run in runs if run.middle >= limit]
        if below and id(rows_of(below)[0][0]) not in inside:
            limit, head = _given_back(head, below, limit, unit)
    return min(limit, first), head


def _given_back(head: list[Run], body: Sequence[Run], limit: int, unit: float) -> tuple[int, list[Run]]:
    """Without a bar, lines close above the body's first one that begin where it does are comments and no header."""
    rows, below = rows_of(head), rows_of(body)
    while rows and below:
        last, next_ = rows[-1], below[0]
        close = min(run.y for run in next_) - max(run.bottom for run in last) <= LEADING * unit
        dated = is_when(" ".join(run.text for run in next_))  # a day in the middle can begin where the name does
        if dated or not close or abs(last[0].x - next_[0].x) > BESIDE * unit:
            break
        limit = min(run.y for run in last)
        below = [rows.pop()]
    return limit, [run for row in rows for run in row]


def _bar(screen: Screen, unit: float) -> Region | None:
    """A bar of another colour than the ground, from edge to edge."""
    if not screen.regions:
        return None
    ground = max(screen.regions, key=lambda region: region.width * region.height * region.share)
    bars = [
        region
        for region in screen.regions
        if region.width >= WIDE * screen.width
        and region.y < 4 * unit
        and unit < region.height < 1.5 * TOP * unit
        and region.height < 0.4 * screen.height
        and not near(region.colour, ground.colour, 3)
    ]
    return max(bars, key=lambda region: region.y + region.height, default=None)


def _bottom(screen: Screen, runs: Sequence[Run], bubbles: Sequence[Bubble], top: int) -> tuple[int, list[Problem]]:
    """Where the body ends: over the field for writing, or over a keyboard. What is being written there is told."""
    unit = unit_of(screen)
    keys = [row for row in rows_of([run for run in runs if run.y > 0.4 * screen.height]) if _is_keyboard(row)]
    floor = min([*(run.y for row in keys for run in row), *_keys(screen, unit)], default=screen.height)
    runs = [run for run in runs if run.bottom <= floor]
    bubbles = [bubble for bubble in bubbles if bubble.bottom <= floor]
    ends = [
        run.y - int(0.6 * unit) for run in runs if run.middle > max(top, 0.4 * screen.height) and is_composer(run.text)
    ]
    fields = [
        bubble.region.y
        for bubble in bubbles
        if any(is_composer(run.text) for run in bubble.runs) and len(bubble.runs) == 1
    ]
    ends += [y for y in fields if y > 0.4 * screen.height]
    ends += _fields(screen, bubbles, unit, floor)
    if not ends and floor < screen.height:
        ends += _over_keys(screen, [run for run in runs if run.middle > top], unit)
    last = max(bubbles, key=lambda bubble: bubble.bottom, default=None)
    if not ends and last is not None and len(bubbles) > 2 and _is_field(last, bubbles, screen):
        ends.append(last.region.y)
    end = max(ends, default=floor)
    written = " ".join(run.text for row in rows_of([run for run in runs if run.middle > end]) for run in row)
    drafted = bool(written) and any(len(word) > 1 and word.isalpha() for word in written.split())
    if not drafted or any(is_composer(run.text) for run in runs if run.middle > end):
        return end, []
    return end, [Problem(f"row {end}", f"Words in the field for writing, not sent: {written}")]


def _keys(screen: Screen, unit: float) -> list[int]:
    """Tops of rows of areas that are keys by their number and size: their letters, one by one, are often not read."""
    small = [
        region
        for region in screen.regions
        if region.y > 0.4 * screen.height
        and 0.05 * screen.width < region.width < 0.13 * screen.width
        and 1.2 * unit < region.height < 6 * unit
    ]
    tops = []
    for one in small:
        alike = [other for other in small if abs(other.y - one.y) <= 3 and abs(other.height - one.height) <= 4]
        if len(alike) >= KEYS:
            tops.append(one.y)
    return tops


def _over_keys(screen: Screen, runs: Sequence[Run], unit: float) -> list[int]:
    """The lines right over a keyboard, if no field is to be seen: apps have it there. Words that the keyboard offers
    stand side by side."""
    rows = rows_of(runs)
    if len(rows) > 1 and len(rows[-1]) > 1 and rows[-1][-1].right - rows[-1][0].x > 0.5 * screen.width:
        rows.pop()
    tops = [min(run.y for run in row) for row in rows]
    ends = [max(run.bottom for run in row) for row in rows]
    while len(tops) > 1 and tops[-1] - ends[-2] < 0.8 * unit:
        tops.pop()
        ends.pop()
    return [tops[-1] - int(0.3 * unit)] if len(tops) > 1 else []


def _fields(screen: Screen, bubbles: Sequence[Bubble], unit: float, floor: int) -> list[int]:
    """Tops of outlined fields in the ground's colour that lie under all bubbles but themselves."""
    if not screen.regions:
        return []
    ground = screen.regions[0].colour
    fields = [
        region
        for region in screen.regions
        if 0.55 * screen.width < region.width < WIDE * screen.width
        and 1.4 * unit < region.height < 5 * unit
        and region.y > 0.3 * screen.height
        and region.y + region.height <= floor
        and near(region.colour, ground, 4)
    ]
    last = max((b.bottom for b in bubbles if not near(b.region.colour, ground, 4)), default=0)
    return [region.y for region in fields if region.y >= last]


def _is_keyboard(row: Sequence[Run]) -> bool:
    words = [word.text for run in row for word in run.words]
    return len(words) >= KEYS and sum(len(word) == 1 for word in words) >= 0.85 * len(words)


def _is_field(bubble: Bubble, bubbles: Sequence[Bubble], screen: Screen) -> bool:
    """A wide box at the very bottom in a colour that no message has."""
    wide = bubble.region.width > 0.55 * screen.width and bubble.bottom > 0.88 * screen.height and len(bubble.runs) == 1
    return wide and not any(
        near(other.region.colour, bubble.region.colour, 6) for other in bubbles if other is not bubble
    )


def _title(head: Sequence[Run]) -> str:
    """The name of the conversation among the lines of the bar: the tallest that is no status, presence or count."""
    names = []
    for row in rows_of(head):
        parts = [run for run in row if not _is_furniture(run.text)]
        if parts:
            names.append(parts)
    if not names:
        return ""
    tallest = max(word.height for row in names for run in row for word in run.words)
    for row in names:
        best = max(row, key=lambda run: run.right - run.x)
        if max(word.height for word in best.words) >= TITLE * tallest:
            return _clean(best)
    return ""


def _clean(run: Run) -> str:
    """Without what an arrow, a dot or a picture beside the name was read as."""
    words = [word.text for word in run.words]
    while len(words) > 1 and not any(c.isalnum() for c in words[0]):
        words.pop(0)
    while len(words) > 1 and not any(c.isalnum() for c in words[-1]):
        words.pop()
    return " ".join(words).strip("<>‹›〈〉←& ")


def _is_furniture(text: str) -> bool:
    plain = bare(text)
    if len(plain) < 2 or not any(c.isalpha() for c in plain):
        return True
    return (
        bool(STATUS.search(text) or PRESENCE.search(text))
        or plain in ("edit", "back", "done", "chats", "messages")
        or bool(CALL.fullmatch(plain))
    )
