"""The geometry of a screenshot: words to runs, runs to the areas they stand in, areas to sides. Knows no app.

A run is words side by side on one line in one area. A bubble is the smallest area that holds runs, is narrower than the
screen and holds few other areas with words. Which side it stands on is told by the edges that it shares with others.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from extractors.contract import Colour, Region, Screen, Word
from extractors.screen_signs import FACE, is_drawn, near, with_faces
from extractors.screen_times import is_time

Side = Literal["left", "right", "centre"]
WIDE = 0.93  # of the screen's width: what is wider is ground or a bar
PANEL = 4  # areas with words that something holds which is no bubble
GAP = 2.2  # times a word's height: wider gaps part what stands on one line
EDGE = 0.012  # of the screen's width: edges closer than this are one edge
ROUND = 1.15  # of an emoji's height that a bubble has at least; less is its own area
INNER, MOST = 1.5, 0.6  # of a line's height and width that an area has and covers at least in which the line stands
GROUND = 4  # levels by which an area is no other colour than the ground
THIN = 0.12  # share of its box that a bubble fills at least


@dataclass(frozen=True)
class Run:
    """Words side by side. Box in pixels; `area` is the place of its region in the screen's, -1 for the ground."""

    words: tuple[Word, ...]
    x: int
    y: int
    right: int
    bottom: int
    area: int
    ink: Colour

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def tall(self) -> int:
        return self.bottom - self.y

    @property
    def middle(self) -> float:
        return (self.y + self.bottom) / 2


@dataclass(frozen=True)
class Bubble:
    """One area with the runs in it, from top to bottom; `quoted` are runs in an area within it."""

    region: Region
    runs: tuple[Run, ...]
    quoted: tuple[Run, ...] = ()
    side: Side = "left"

    @property
    def right(self) -> int:
        return self.region.x + self.region.width

    @property
    def bottom(self) -> int:
        return self.region.y + self.region.height


def unit_of(screen: Screen) -> float:
    """The usual height of a word, in pixels: what all other lengths are measured in."""
    heights = [word.height for word in screen.words if len(word.text) > 2]
    return float(statistics.median(heights)) if heights else max(8.0, screen.width / 30)


@lru_cache(maxsize=4)  # each app's reader looks at the same screen
def runs_of(screen: Screen) -> tuple[Run, ...]:
    """Every run, in the words' order of lines."""
    inks = screen.inks if len(screen.inks) == len(screen.words) else ((0, 0, 0),) * len(screen.words)
    lines: dict[tuple[int, int], list[tuple[Word, Colour]]] = {}
    holders, known = _holders(screen), bool(screen.regions and len(screen.inks) == len(screen.words))
    for word, ink in zip(screen.words, inks, strict=True):
        if not (known and is_drawn(word, ink, screen.regions[max(0, _area(screen, holders, [word]))])):
            lines.setdefault((word.picture, word.line), []).append((word, ink))
    return tuple(
        _run(part, area)
        for line in lines.values()
        for piece in _parted(with_faces(line))
        for area, part in _in_areas(screen, holders, piece)
    )


@lru_cache(maxsize=4)
def bubbles_of(screen: Screen) -> tuple[Bubble, ...]:
    """Areas that hold runs and are neither ground nor panel, from top to bottom, each with its side."""
    runs = runs_of(screen)
    held: dict[int, list[Run]] = {}
    for run in runs:
        if run.area >= 0:
            held.setdefault(run.area, []).append(run)
    parents = {n: _parent(screen.regions, n, held) for n in held}
    within: dict[int, list[int]] = {}
    for n, parent in parents.items():
        if parent >= 0:
            within.setdefault(parent, []).append(n)
    panels = {n for n, inner in within.items() if len(inner) >= PANEL}
    bubbles = []
    for n, own in held.items():
        if n in panels or (parents[n] >= 0 and parents[n] not in panels):
            continue
        inner = [run for m in within.get(n, ()) for run in held[m]]
        boxes = [screen.regions[m] for m in within.get(n, ())]
        beside = [run for run in own if any(_quoted_with(run, box, own) for box in boxes)]
        rest = [run for run in own if run not in beside]
        bubbles.append(Bubble(screen.regions[n], _sorted(rest), _sorted([*inner, *beside])))
    bubbles.sort(key=lambda bubble: (bubble.region.y, bubble.region.x))
    return tuple(Bubble(b.region, b.runs, b.quoted, side_of(b.region, bubbles, screen.width)) for b in bubbles)


def _quoted_with(run: Run, box: Region, own: Sequence[Run]) -> bool:
    """Whether a line beside or right over a box within a bubble belongs to it: whom a quote quotes, over its answer.

    A box with nothing under it but a time is what the words over it speak of: a link's preview.
    """
    end = box.y + box.height
    answered = any(other.middle > end and not is_time(other.words[0].text) for other in own)
    return answered and box.y - run.tall <= run.middle <= end  # JPEG takes the upper side off too


def side_of(region: Region, bubbles: Sequence[Bubble], width: int) -> Side:
    """The edge that a bubble shares with most others; where none does, the nearer edge of the screen."""
    tolerance = max(3.0, EDGE * width)
    left, right = region.x, width - region.x - region.width
    even = abs(left - right) < 0.05 * width and min(left, right) > 0.1 * width
    votes = {"left": 0.0, "right": 0.0, "centre": 0.0}
    for bubble in bubbles:
        other = bubble.region
        if other is region:
            continue
        weight = 2.0 if near(other.colour, region.colour, 14) else 1.0
        a, b = abs(other.x - region.x) <= tolerance, abs(bubble.right - region.x - region.width) <= tolerance
        votes["left"] += weight * a
        votes["right"] += weight * b
        votes["centre"] += weight * (even and not a and not b and _same_middle(other, region, tolerance))
    most = max(votes.values())
    best = [side for side, count in votes.items() if count == most]
    if most and len(best) == 1:
        return "left" if best[0] == "left" else "right" if best[0] == "right" else "centre"
    if even and (not most or "centre" in best):
        return "centre"
    return "left" if left <= right else "right"


def centred(run: Run, width: int) -> bool:
    """Whether a run stands in the middle of the screen and away from its edges."""
    left, right = run.x, width - run.right
    return abs(left - right) < 0.06 * width and min(left, right) > 0.08 * width


def _same_middle(one: Region, other: Region, tolerance: float) -> bool:
    return abs((2 * one.x + one.width) - (2 * other.x + other.width)) <= 2 * tolerance


def _holders(screen: Screen) -> list[int]:
    """Areas that may hold words and are not as wide as the screen, the smallest first."""
    chosen = [
        n
        for n, region in enumerate(screen.regions)
        if region.width < WIDE * screen.width and region.share >= THIN and region.height < 0.97 * screen.height
    ]
    return sorted(chosen, key=lambda n: screen.regions[n].width * screen.regions[n].height)


def _parted(line: Sequence[tuple[Word, Colour]]) -> list[list[tuple[Word, Colour]]]:
    """A line cut at wide gaps. The words keep their order, which in a right-to-left script is not that of their
    places."""
    order = sorted(range(len(line)), key=lambda n: line[n][0].x)
    tall = statistics.median(word.height for word, _ in line)
    part_of: dict[int, int] = {}
    part, reach = 0, None
    for n in order:
        word = line[n][0]
        if reach is not None and word.x - reach > GAP * max(tall, word.height):
            part += 1
        reach = max(reach or 0, word.x + word.width)
        part_of[n] = part
    return [[line[n] for n in range(len(line)) if part_of[n] == each] for each in range(part + 1)]


def _in_areas(
    screen: Screen, holders: Sequence[int], piece: Sequence[tuple[Word, Colour]]
) -> list[tuple[int, list[tuple[Word, Colour]]]]:
    """A piece in the one area that holds all of it; else each word in its own. A ring in the ground's colour around
    a word of a line that stands on the ground is part of a drawn background."""
    whole = _area(screen, holders, [word for word, _ in piece])
    if whole >= 0 or len(piece) == 1:
        return [(_inner(screen, holders, whole, piece), list(piece))]
    grounds = [region.colour for region in screen.regions if region.width >= WIDE * screen.width]
    parts: list[tuple[int, list[tuple[Word, Colour]]]] = []
    for word, ink in piece:
        area = _area(screen, holders, [word])
        if area >= 0 and any(near(screen.regions[area].colour, colour, GROUND) for colour in grounds):
            area = -1
        if parts and parts[-1][0] == area:
            parts[-1][1].append((word, ink))
        else:
            parts.append((area, [(word, ink)]))
    return parts


def _area(screen: Screen, holders: Sequence[int], words: Sequence[Word]) -> int:
    left, top = min(w.x for w in words), min(w.y for w in words)
    right, bottom = max(w.x + w.width for w in words), max(w.y + w.height for w in words)
    slack, beside = max(2.0, 0.15 * (bottom - top)), max(2.0, 0.2 * (bottom - top))
    pictured = all(word.text == FACE for word in words)
    for n in holders:
        region = screen.regions[n]
        if pictured and region.height < ROUND * (bottom - top):
            continue  # a face's own disc holds nothing
        across = left >= region.x - beside and right <= region.x + region.width + beside
        if across and top >= region.y - slack and bottom <= region.y + region.height + slack:
            return n
    return -1


def _inner(screen: Screen, holders: Sequence[int], whole: int, piece: Sequence[tuple[Word, Colour]]) -> int:
    """The area of another colour within a line's own that most of the line stands in.

    JPEG takes a side off the box of a quote.
    """
    if whole < 0 or len(piece) == 1:
        return whole
    outer = screen.regions[whole]
    left, top = min(w.x for w, _ in piece), min(w.y for w, _ in piece)
    right, bottom = max(w.x + w.width for w, _ in piece), max(w.y + w.height for w, _ in piece)
    for n in holders:
        region = screen.regions[n]
        if n == whole:
            break
        level = region.y <= top and bottom <= region.y + region.height and region.height > INNER * (bottom - top)
        over = min(right, region.x + region.width) - max(left, region.x)
        within = _holds(outer, region) and region.height < MOST * outer.height
        if level and within and over > MOST * (right - left) and not near(region.colour, outer.colour, GROUND):
            return n
    return whole


def _run(part: Sequence[tuple[Word, Colour]], area: int) -> Run:
    words = tuple(word for word, _ in part)
    return Run(
        words,
        min(w.x for w in words),
        min(w.y for w in words),
        max(w.x + w.width for w in words),
        max(w.y + w.height for w in words),
        area,
        max(part, key=lambda each: each[0].width * (each[0].text != "□"))[1],
    )


def _parent(regions: Sequence[Region], n: int, held: dict[int, list[Run]]) -> int:
    """The smallest other area with words around this one; -1 where there is none."""
    own = regions[n]
    around = [m for m in held if m != n and _holds(regions[m], own)]
    return min(around, key=lambda m: regions[m].width * regions[m].height, default=-1)


def _holds(outer: Region, inner: Region) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and outer.x + outer.width >= inner.x + inner.width
        and outer.y + outer.height >= inner.y + inner.height
        and outer.width * outer.height > inner.width * inner.height
    )


def _sorted(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Line by line; along a line as it was read."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: each.middle):
        if rows and abs(run.middle - rows[-1][0].middle) < 0.5 * max(run.tall, rows[-1][0].tall):
            rows[-1].append(run)
        else:
            rows.append([run])
    return tuple(run for row in rows for run in sorted(row, key=lambda each: each.x))
