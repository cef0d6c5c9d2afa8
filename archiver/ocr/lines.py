"""Put marks together to lines of text, and tell them from frames, rules and avatars by their shape. Reads no letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from archiver.ocr.frames import SHORTEST, frames_of
from archiver.ocr.marks import Indices, Marks
from archiver.ocr.waveforms import strokes_of

TALLEST = 180  # pixels: no letter on a screenshot is taller
SPECK = 3  # pixels: edges reach a pixel beyond the smallest dot on either side; what is less is compression noise
UNEVEN = 2.4  # times: a bracket beside an e; a full stop beside a letter is another matter, see `_with_dots`
APART = 0.8  # of the lower mark's height: a word's space is 0.6 of a small letter; wider gaps are bridged by `_bridged`
ICON = 1.4  # times the tallest other mark of the line; "by" in one mark is 1.32 times a d
ALOOF = 0.18  # of its own height: an icon keeps this distance from letters, letters from each other do not
SLIM = 0.32  # of its height: a bar is narrower
BEYOND = 0.08  # of its own height: so far a bar reaches above and below letters; an I does not, a bracket is close by
FAR_BEYOND, NEAR = 0.14, 0.1  # the same of a bubble's end, and how near it may stand; a bracket stands at 0.06
FAINT_PIECE = 0.2  # of the usual strength of words; grey print on white has 0.35 of black
DOT = 0.55  # of the line's height: what is lower may be a dot or a quote of it; beside "no", a quote has 0.52
WORD = 0.5  # of the usual word's height: what is as high and wide is a word itself
STOP = 0.4  # of the line's height: a comma or a quote is less high
SEVERAL = 2.0  # times the usual mark: capital, small letter and descender together make 1.6
TOO_TALL = 1.6  # times the usual line
BAR = 8  # times its width: a small L is at most 6 times as tall as it is wide
WEAK = 0.35  # of a line's usual strength: a speck that is weaker is compression noise
SHELF = 32  # rows: marks are looked up by the shelves they cross

Box = tuple[int, int, int, int]  # left, top, right, bottom; pixels, the last two are the first beyond


@dataclass(frozen=True)
class Line:
    """Marks that stand side by side on one line. Box in pixels, the ends are the first beyond."""

    left: int
    top: int
    right: int
    bottom: int
    marks: tuple[int, ...]  # places in `Marks`, from left to right
    round: tuple[int, ...] = ()  # square or round frames close by, about as tall: an emoji with a face, or a badge


def lines_of(marks: Marks) -> list[Line]:
    """Every line, unordered. A mark that is on no line is a rule, a frame or larger than letters are."""
    width, height = marks.right - marks.left, marks.bottom - marks.top
    rule = ((width >= 60) & (height <= 6)) | ((height >= 40) & (width <= 6)) | (width > 40 * height)
    rule |= (height >= 40) & (height >= BAR * width)  # beside a quote, at three pixels for one
    frame = frames_of(marks)
    speck = np.maximum(width, height) < SPECK
    letter = ~rule & ~frame & (height <= TALLEST) & ~speck & ~strokes_of(marks)
    groups, icons = _without_icons(marks, _side_by_side(marks, np.flatnonzero(letter)))
    groups = [*_bridged(marks, _with_dots(marks, groups)), *icons]
    square = np.flatnonzero(frame & (width > 0.7 * height) & (width < 1.4 * height))
    lines = _without_holders([_line(marks, group) for group in _firm(marks, groups)])
    return [_with_round(line, marks, square) for line in lines]


def _firm(marks: Marks, groups: list[list[int]]) -> list[list[int]]:
    """Without marks at their ends that are much fainter than words are: pieces of a bubble's rim."""
    long = [len(group) > 1 or _is_wide(marks, group[0]) for group in groups]
    strongest = [float(marks.strength[group].max()) for group in groups]
    words = [strength for strength, several in zip(strongest, long, strict=True) if several]
    page = float(np.median(words)) if words else 0.0
    kept = []
    for group, strength, several in zip(groups, strongest, long, strict=True):
        least = FAINT_PIECE * (strength if several else page)
        inside = sorted(group, key=lambda n: int(marks.left[n]))
        firm = [place for place, n in enumerate(inside) if marks.strength[n] >= least]
        kept.append(inside[firm[0] : firm[-1] + 1] if firm else [])
    return [group for group in kept if group]


def _is_wide(marks: Marks, n: int) -> bool:
    """A word whose letters run together."""
    return bool(marks.right[n] - marks.left[n] > 1.5 * (marks.bottom[n] - marks.top[n]))


def _with_round(line: Line, marks: Marks, square: Indices) -> Line:
    tall = line.bottom - line.top
    level = np.minimum(marks.bottom[square], line.bottom) - np.maximum(marks.top[square], line.top) > 0.6 * tall
    near = np.maximum(marks.left[square] - line.right, line.left - marks.right[square]) < 1.2 * tall
    size = (marks.bottom - marks.top)[square] < 1.5 * tall  # an avatar beside a name is higher
    if not len(square) or line.right - line.left < 1.5 * tall or not (level & near & size).any():
        return line
    return replace(line, round=tuple(int(n) for n in square[level & near & size]))


def _without_holders(lines: list[Line]) -> list[Line]:
    """A single mark around a line of others is a frame that was not seen to be one."""
    several = np.array([(line.left, line.top, line.right, line.bottom) for line in lines if len(line.marks) > 1])
    if not len(several):
        return lines
    kept = []
    for line in lines:
        inside = (several[:, 0] > line.left) & (several[:, 1] > line.top)
        inside &= (several[:, 2] < line.right) & (several[:, 3] < line.bottom)
        if len(line.marks) > 1 or not inside.any():
            kept.append(line)
    return kept


def _side_by_side(marks: Marks, chosen: Indices) -> list[list[int]]:
    """Marks that overlap in height and stand a word's space apart or less."""
    order = chosen[np.argsort(marks.left[chosen], kind="stable")]
    left, right = marks.left[order].tolist(), marks.right[order].tolist()
    top, bottom = marks.top[order].tolist(), marks.bottom[order].tolist()
    leader = list(range(len(order)))
    open_on: dict[int, list[int]] = {}
    for n in range(len(order)):
        tall = bottom[n] - top[n]
        for row in range(top[n] // SHELF, (bottom[n] - 1) // SHELF + 1):
            still = []
            for m in open_on.get(row, ()):
                gap, other = left[n] - right[m], bottom[m] - top[m]
                if gap > other + 2:
                    continue  # nothing further to the right can join it
                still.append(m)
                low, high = (tall, other) if tall < other else (other, tall)
                shared = min(bottom[n], bottom[m]) - max(top[n], top[m])
                if gap <= APART * low + 2 and shared >= 0.5 * low and high < UNEVEN * low:
                    leader[_lead(leader, n)] = _lead(leader, m)
            still.append(n)
            open_on[row] = still
    return _led(leader, [[int(n)] for n in order])


def _without_icons(marks: Marks, groups: list[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    """A mark taller than its line that keeps its distance is an avatar or an icon: it stands alone from here on."""
    parted: list[list[int]] = []
    alone: list[list[int]] = []
    for group in groups:
        rims = _rims(marks, np.array(group))
        inside = [n for n in group if n not in rims]
        icons = _icons(marks, np.array(inside)) if len(inside) > 1 else []
        alone += [[n] for n in icons]
        rest = [n for n in inside if n not in icons]
        parts = _side_by_side(marks, np.array(rest)) if len(rest) < len(group) and rest else [rest] if rest else []
        parted += [row for part in parts for row in _rows(marks, part)]
    return parted, alone


def _rows(marks: Marks, group: list[int]) -> list[list[int]]:
    """A group that is much taller than most of its marks may be several rows that something tall held together."""
    inside = np.array(group)
    height = (marks.bottom - marks.top)[inside]
    usual = _usual(height, (marks.right - marks.left)[inside])
    if int(marks.bottom[inside].max() - marks.top[inside].min()) < SEVERAL * usual:
        return [group]
    tall = height > 1.3 * usual
    rows = _side_by_side(marks, inside[~tall])
    tops, bottoms = [marks.top[row].min() for row in rows], [marks.bottom[row].max() for row in rows]
    if not tall.any() or max(tops) < min(bottoms):
        return [group]
    return [*rows, *([int(n)] for n in inside[tall])]


def _usual(height: Indices, width: Indices) -> int:
    """The height that three quarters of the marks, by width, keep to."""
    order = np.argsort(height, kind="stable")
    share = np.cumsum(width[order])
    return int(height[order][np.searchsorted(share, 0.75 * share[-1])])


def _icons(marks: Marks, group: Indices) -> list[int]:
    """Icons with what is drawn inside them, and avatars that hold two rows of words together."""
    left, top, right, bottom = (side[group] for side in (marks.left, marks.top, marks.right, marks.bottom))
    height, width = bottom - top, right - left
    found = np.zeros(len(group), bool)
    for n in np.flatnonzero((width > 0.5 * height) & (width < 1.9 * height) & (height >= np.median(height))):
        shared = np.minimum(right, right[n]) - np.maximum(left, left[n])
        within = shared > 0.15 * np.minimum(width, width[n])  # itself, what is drawn in it, its other half
        if within.all():
            continue
        others = ~within
        usual = _usual(height[others], width[others])
        aloof = np.maximum(left - right[n], left[n] - right)[others] > ALOOF * height[n]
        beside = others & (height < 0.7 * height[n])
        rows = beside.any() and top[beside].max() >= bottom[beside].min()
        if height[n] > ICON * (usual if rows else height[others].max()) and (aloof.all() or rows):
            found |= within
    return [int(n) for n in group[found]]


def _rims(marks: Marks, group: Indices) -> list[int]:
    """The bar beside a quotation, a bubble's end: apart from all that is beside them, and higher and lower than it."""
    left, top, right, bottom = (side[group] for side in (marks.left, marks.top, marks.right, marks.bottom))
    tall = bottom - top
    rims = []
    for n in np.flatnonzero(right - left < SLIM * tall):
        level = np.minimum(bottom, bottom[n]) - np.maximum(top, top[n]) > 0.5 * np.minimum(tall, tall[n])
        level[n] = False
        if not level.any():
            continue
        beyond = min(top[level].min() - top[n], bottom[n] - bottom[level].max()) / tall[n]
        apart = (ALOOF if beyond < FAR_BEYOND else NEAR) * tall[n]
        if beyond >= BEYOND and ((left[level] > right[n] + apart).all() or (right[level] < left[n] - apart).all()):
            rims.append(int(group[n]))
    return rims


def _with_dots(marks: Marks, groups: list[list[int]]) -> list[list[int]]:
    """Full stops, the dots of letters, dashes, quotes: low beside a line, they go to the mark they are closest to."""
    if not groups:
        return []
    left, top, right, bottom = _boxes(marks, groups)
    tall, wide = bottom - top, right - left
    strength = np.array([np.median(marks.strength[group]) for group in groups])
    several = np.array([len(group) for group in groups]) > 1
    words = several | (wide > 3 * tall)
    usual = float(np.median(tall[words])) if words.any() else float(TALLEST)
    line = several | (tall <= TOO_TALL * usual)  # what is large and alone is an avatar and takes nothing in
    gone: dict[int, int] = {}
    for n in np.argsort(tall, kind="stable"):
        across = np.maximum(left - right[n], left[n] - right)
        down = np.maximum(top - bottom[n], top[n] - bottom)
        near = line & (tall[n] <= DOT * tall) & (wide[n] < 2.2 * tall) & (across < 0.5 * tall) & (down < 0.25 * tall)
        if words[n] and tall[n] >= WORD * usual:
            near &= down <= 0  # a time under emoji is no dot of theirs
        if several[n]:
            near &= (down <= 0) | (wide[n] < 3 * wide)  # a name over an upright bar is no dot of it
        elif near.any():
            near &= marks.strength[groups[n][0]] >= WEAK * strength
        if near.any():
            near &= tall >= 0.5 * tall[near].max()  # rather a line than another speck; small letters alone make 0.55
        choice = np.flatnonzero(near).tolist()
        if choice:
            box = (left[n], top[n], right[n], bottom[n])
            gone[int(n)] = min(choice, key=lambda m: _distance(marks, np.array(groups[m]), box))
    for n, home in gone.items():
        while home in gone:
            home = gone[home]
        groups[home] = groups[home] + groups[n]
    return [group for n, group in enumerate(groups) if n not in gone and tall[n] >= SHORTEST]


def _distance(marks: Marks, group: Indices, box: tuple[int, int, int, int]) -> float:
    across = np.maximum(np.maximum(marks.left[group] - box[2], box[0] - marks.right[group]), 0)
    down = np.maximum(np.maximum(marks.top[group] - box[3], box[1] - marks.bottom[group]), 0)
    return float(np.hypot(across, down).min())


def _bridged(marks: Marks, groups: list[list[int]]) -> list[list[int]]:
    """Join runs of words that a dash, a quote or a wide space had kept apart: equally tall, level and close.

    A single mark is not joined so, since it may be an icon, but for an I or an A behind a full stop or a quote.
    """
    if not groups:
        return []
    left, top, right, bottom = (side.tolist() for side in _boxes(marks, groups))
    leader = list(range(len(groups)))
    order = sorted(range(len(groups)), key=lambda n: left[n])
    for place, n in enumerate(order):
        tall = bottom[n] - top[n]
        for m in order[place + 1 :]:
            other = bottom[m] - top[m]
            if left[m] - right[n] > tall:
                break
            shared = min(bottom[n], bottom[m]) - max(top[n], top[m])
            even = max(tall, other) < 1.6 * min(tall, other) and shared > 0.6 * min(tall, other)
            words = all(len(groups[k]) > 1 or right[k] - left[k] > 1.5 * (bottom[k] - top[k]) for k in (n, m))
            words = words or (left[m] - right[n] < 0.6 * tall and _ends_small(marks, groups[n]))
            if even and words and left[m] - right[n] > -tall:
                leader[_lead(leader, m)] = _lead(leader, n)
    return _led(leader, groups)


def _ends_small(marks: Marks, group: list[int]) -> bool:
    """Whether its last mark is a full stop, a comma or a quote: what is behind is further from it than from letters."""
    inside = np.array(group)
    last = inside[int(np.argmax(marks.right[inside]))]
    tall = marks.bottom[inside].max() - marks.top[inside].min()
    return bool(len(group) > 2 and marks.bottom[last] - marks.top[last] < STOP * tall)


def _lead(leader: list[int], n: int) -> int:
    while leader[n] != n:
        leader[n] = leader[leader[n]]
        n = leader[n]
    return n


def _led(leader: list[int], members: Sequence[list[int]]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for n, own in enumerate(members):
        groups.setdefault(_lead(leader, n), []).extend(own)
    return list(groups.values())


def _boxes(marks: Marks, groups: list[list[int]]) -> tuple[Indices, Indices, Indices, Indices]:
    flat = np.concatenate([np.array(group) for group in groups])
    firsts = np.concatenate([[0], np.cumsum([len(group) for group in groups])[:-1]])
    return (
        np.minimum.reduceat(marks.left[flat], firsts),
        np.minimum.reduceat(marks.top[flat], firsts),
        np.maximum.reduceat(marks.right[flat], firsts),
        np.maximum.reduceat(marks.bottom[flat], firsts),
    )


def _line(marks: Marks, group: list[int]) -> Line:
    inside = np.array(group)
    return Line(
        int(marks.left[inside].min()),
        int(marks.top[inside].min()),
        int(marks.right[inside].max()),
        int(marks.bottom[inside].max()),
        tuple(int(n) for n in inside[np.argsort(marks.left[inside], kind="stable")]),
    )
