"""Find small coloured pictures beside words: patches of another colour, thicker than a stroke. Names none of them.

The outline of a yellow face is paler than the noise about its own mouth, so that its edges do not show it; its colour
does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from archiver.ocr.lines import Box
from archiver.ocr.marks import boxes_of

TINT = 32  # levels of Cb or Cr beside the mixtures of ground and words
THICK = 0.36  # of the line's height: a patch holds a square of this size, strokes of bold letters keep to a quarter
LOWEST = 0.6  # times the line's height
NARROWEST = 0.5  # of its height
WIDE = 1.7  # times its height: two pictures that touch, or a word with a ground of its own
FLAT = 0.8  # share of its first row that such a ground fills; round things fill less
FINE = 24  # rows of a line are enough to see this
BESIDE = 3  # of these rows above it and below it
OTHER, SHARE = 40, 0.3  # levels that are no ground; of the pixels there


def patches_of(away: NDArray[np.int16], words: NDArray[np.float64], tall: int, highest: float) -> list[Box]:
    """Their boxes, left to right; several for those that touch. Pixels of `away`, which is h x w x 3 less the ground.

    `words` is the colour of the words less the ground, `tall` the height of their line; no picture is more
    than `highest` times as high. What touches the rim of `away` goes on beyond it and is no small picture.
    """
    if (abs(away[..., 1:]) > TINT).sum() < (THICK * tall) ** 2:
        return []
    step = max(1, tall // FINE)
    fine = away[::step, ::step]
    coloured = _aside(fine.astype(np.float32), words.astype(np.float32)) > TINT
    thick = _opened(coloured, max(3, round(THICK * tall / step)))
    if not thick.any():
        return []
    found: list[Box] = []
    for left, top, right, bottom in boxes_of(coloured):
        wide, high = right - left, bottom - top
        inside = left > 0 and top > 0 and right < coloured.shape[1] and bottom < coloured.shape[0]
        sized = LOWEST * tall <= high * step <= highest * tall and wide >= NARROWEST * high
        if not (inside and sized and thick[top:bottom, left:right].any()):
            continue
        beyond = fine[[max(0, top - BESIDE), min(len(fine) - 1, bottom - 1 + BESIDE)], left:right]
        if (abs(beyond).max(axis=2) > OTHER).mean() > SHARE:
            continue  # a part of something larger, as an avatar is
        if wide > WIDE * high and coloured[top + high // 8, left:right].mean() > FLAT:
            continue
        count = max(1, round(wide / high))
        cuts = [left + wide * n // count for n in range(count + 1)]
        found += [(cuts[n] * step, top * step, cuts[n + 1] * step, bottom * step) for n in range(count)]
    return sorted(found)


def _aside(away: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each pixel's Cb or Cr is from what a mixture of ground and words would have."""
    share = np.clip(away @ words / max(1.0, float(words @ words)), 0, 1)
    rest: NDArray[np.float32] = abs(away[..., 1:] - share[..., None] * words[1:]).max(axis=2)
    return rest


def _opened(mask: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
    """Where the mask holds a square of so many pixels: the squares' first corners."""
    for _ in range(2):
        if mask.shape[0] < size:
            return np.zeros((0, 0), np.bool_)
        sums = np.cumsum(np.vstack([np.zeros((1, mask.shape[1]), np.int32), mask]), axis=0, dtype=np.int32)
        mask = (sums[size:] - sums[:-size] == size).T
    whole = np.zeros((mask.shape[0] + size - 1, mask.shape[1] + size - 1), np.bool_)
    whole[: mask.shape[0], : mask.shape[1]] = mask
    return whole
