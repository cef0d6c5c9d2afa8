"""Tell the drawn sound of a voice message from letters: a row of upright strokes. Reads nothing.

Such a row stands close before the message's length ("0:23") and would be one line with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archiver.ocr.marks import Indices, Marks

LEAST = 8  # strokes that are higher than wide; no word has so many at one pitch and about one middle
SLIM = 1.5  # times its width: a stroke is higher
WIDEST = 24  # pixels
OFF = 3  # half pixels: how far middles may be apart, also after a picture was made smaller
WIDE = 1.5  # pixels by which widths may differ
PITCH = 0.1  # of the pitch, or a pixel: how exactly it is kept
CLOSE = 5.0  # times a stroke's width: the pitch at most
MISSED = 3  # pitches from one stroke to the next: quiet moments are dots
UNEVEN = 1.8  # times the lowest: the highest stroke; brackets, bars and l stand in rows of one height


def strokes_of(marks: Marks) -> NDArray[np.bool_]:
    """Which marks belong to such rows, the dots among the strokes counted."""
    found = np.zeros(len(marks), bool)
    width, height = marks.right - marks.left, marks.bottom - marks.top
    middle = marks.top + marks.bottom  # in half pixels
    slim = np.flatnonzero((width <= WIDEST) & (height >= SLIM * width))
    slim = slim[np.argsort(middle[slim], kind="stable")]
    level = middle[slim]
    first, last = np.searchsorted(level, level, "left"), np.searchsorted(level, level + OFF, "right")
    for start, end in sorted({(int(a), int(b)) for a, b in zip(first, last, strict=True) if b - a >= LEAST}):
        row = slim[start:end]
        for run in _runs(marks, row[np.argsort(marks.left[row], kind="stable")]):
            found |= _within(marks, run)
    return found


def _runs(marks: Marks, row: Indices) -> list[Indices]:
    """Strokes of one width, at one pitch and of different heights, left to right."""
    widths = (marks.right - marks.left)[row]
    wide = float(np.median(widths))
    row = row[abs(widths - wide) <= WIDE]
    if len(row) < LEAST:
        return []
    step = np.diff(marks.left[row])
    pitch = float(np.median(step))
    if not wide < pitch <= CLOSE * wide:
        return []
    times = np.clip(np.round(step / pitch), 1, MISSED)
    kept = abs(step - times * pitch) <= times * max(1.0, PITCH * pitch)
    parts = np.split(row, np.flatnonzero(~kept) + 1)
    heights = marks.bottom - marks.top
    return [run for run in parts if len(run) >= LEAST and heights[run].max() >= UNEVEN * heights[run].min()]


def _within(marks: Marks, run: Indices) -> NDArray[np.bool_]:
    """All that stands among the strokes, and the dots before and after them."""
    width, pitch = (marks.right - marks.left)[run].max(), np.median(np.diff(marks.left[run]))
    left, right = marks.left[run[0]], marks.right[run[-1]]
    level = (marks.top >= marks.top[run].min()) & (marks.bottom <= marks.bottom[run].max())
    among = (marks.left >= left) & (marks.right <= right)
    centred = abs(marks.top + marks.bottom - np.median((marks.top + marks.bottom)[run])) <= OFF
    dot = centred & (marks.right - marks.left <= width) & (marks.bottom - marks.top <= SLIM * width)
    dot &= (marks.left >= left - MISSED * pitch) & (marks.right <= right + MISSED * pitch)
    inside: NDArray[np.bool_] = level & (among | dot)
    return inside
