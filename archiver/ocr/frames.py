"""Tell outlines that hold something from letters: buttons, bubbles, input fields. Reads nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archiver.ocr.marks import Marks

SHORTEST = 5  # pixels: what is lower and stands alone is noise
EMPTY = 0.06  # share of its middle that a frame's own edges fill, as wallpaper behind a bubble does; a word fills 0.3
HOLE = 0.35  # of its height: what a bold O leaves open at least
CENTRED = 0.06  # of its height: how exactly it does so in the middle


def frames_of(marks: Marks) -> NDArray[np.bool_]:
    """Buttons, bubbles, input fields: an outline with marks in it, and itself empty in the middle.

    A thick O or 8 is empty in the middle too; what is in it are its own inner outlines, and together nearly as tall;
    of the O of a bold name it is one, in the very middle, but for the tail that a Q has below.
    """
    width, height = marks.right - marks.left, marks.bottom - marks.top
    frame: NDArray[np.bool_] = (marks.inner == 0) & (height >= 14) & (width > 1.6 * height)  # a bar of one colour
    middle = np.maximum(width - height // 4 * 2, 1) * np.maximum(height - height // 4 * 2, 1)
    empty = marks.inner <= np.maximum(width // 16, EMPTY * middle)
    for n in np.flatnonzero((height >= 14) & (width >= 14) & (empty | (width > 6 * height))):
        inside = (
            (marks.left > marks.left[n])
            & (marks.right < marks.right[n])
            & (marks.top > marks.top[n])
            & (marks.bottom < marks.bottom[n])
            & (height >= SHORTEST)
        )
        wide = width[n] > 2.5 * height[n]
        if not empty[n]:  # as a bar of buttons is that has lines between them
            frame[n] = wide and inside.sum() > 4 and np.median(height[inside]) > 0.3 * height[n]
        elif inside.any():
            filled = marks.bottom[inside].max() - marks.top[inside].min()
            hole = (
                inside.sum() == 1
                and filled > HOLE * height[n]
                and _is_centred(marks, int(n), int(np.flatnonzero(inside)[0]))
            )
            frame[n] = wide or (filled < 0.55 * height[n] and not hole) or inside.sum() > 4
    return frame


def _is_centred(marks: Marks, outer: int, inner: int) -> bool:
    left, right = marks.left[inner] - marks.left[outer], marks.right[outer] - marks.right[inner]
    above, below = marks.top[inner] - marks.top[outer], marks.bottom[outer] - marks.bottom[inner]
    least = 2 * CENTRED * (marks.bottom[outer] - marks.top[outer])
    tailed = above < below and abs(above - (left + right) / 2) <= least / 2
    return bool(abs(left - right) <= least and (abs(above - below) <= least or tailed))
