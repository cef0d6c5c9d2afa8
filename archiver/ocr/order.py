"""Bring what was read into the order in which a person reads it: columns, then rows, then along the row."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Anything with a box, in pixels."""

    @property
    def left(self) -> int: ...
    @property
    def top(self) -> int: ...
    @property
    def right(self) -> int: ...
    @property
    def bottom(self) -> int: ...


P = TypeVar("P", bound=Placed)
FEWEST = 3  # rows on either side that make a column
LEVEL = 0.5  # share of the lower box that two boxes on one row have in common
DEEPEST = 40  # cuts within cuts; a page has about five


def in_reading_order(pieces: Sequence[P], depth: int = 0) -> list[list[P]]:
    """Rows of pieces, from first to last; along a row from left to right."""
    if len(pieces) < 2:
        return [list(pieces)] if pieces else []
    if all(_level(one, other) for one, other in itertools.pairwise(pieces)) and _one_row(pieces):
        return [sorted(pieces, key=lambda piece: piece.left)]
    for cut in (_columns, _bands, _halves):
        parts = cut(list(pieces)) if depth < DEEPEST else [list(pieces)]
        if len(parts) > 1:
            return [row for part in parts for row in in_reading_order(part, depth + 1)]
    return [[piece] for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom, piece.left))]


def _one_row(pieces: Sequence[P]) -> bool:
    return max(p.top for p in pieces) < min(p.bottom for p in pieces)


def _level(one: Placed, other: Placed) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared >= LEVEL * min(one.bottom - one.top, other.bottom - other.top)


def _columns(pieces: list[P]) -> list[list[P]]:
    """Cut where a gap runs from top to bottom and the rows on its sides have nothing to do with each other.

    Bubbles on the left and on the right of a chat never stand side by side; a name and its time do, on one row.
    """
    pieces = sorted(pieces, key=lambda piece: piece.left)
    reach = pieces[0].right
    for n, piece in enumerate(pieces):
        tall = piece.bottom - piece.top
        if n and piece.left - reach > 0.8 * tall and _independent(pieces[:n], pieces[n:]):
            return [pieces[:n], pieces[n:]]
        reach = max(reach, piece.right)
    return [pieces]


def _independent(before: list[P], after: list[P]) -> bool:
    if min(len(before), len(after)) < FEWEST:
        return False
    few, many = sorted((before, after), key=len)
    top, bottom = min(p.top for p in many), max(p.bottom for p in many)
    beside = [piece for piece in few if piece.bottom > top and piece.top < bottom]
    if len(beside) < max(FEWEST, 0.5 * len(few)):
        return False
    level = sum(any(_level(piece, other) for other in many) for piece in beside)
    astride = sum(any(_astride(piece, other) for other in many) for piece in beside)
    return level < 0.6 * len(beside) and astride + level >= 0.3 * len(beside)


def _astride(one: Placed, other: Placed) -> bool:
    return min(one.bottom, other.bottom) > max(one.top, other.top) and not _level(one, other)


def _bands(pieces: list[P]) -> list[list[P]]:
    """Cut where no box stands: between rows."""
    return _cut(pieces, lambda p: p.top, lambda p: p.bottom)


def _halves(pieces: list[P]) -> list[list[P]]:
    """Within a band that can't be cut between rows: a button beside two lines, say."""
    return _cut(pieces, lambda p: p.left, lambda p: p.right)


def _cut(pieces: list[P], start: Callable[[P], int], end: Callable[[P], int]) -> list[list[P]]:
    parts: list[list[P]] = []
    reach = 0
    for piece in sorted(pieces, key=start):
        if not parts or start(piece) >= reach:
            parts.append([])
        parts[-1].append(piece)
        reach = max(reach, end(piece))
    return parts
