"""Find the marks on a picture: runs of pixels that differ from their neighbours, joined where they touch.

Works on edges, so dark on light and light on dark, and colour on colour of the same brightness, are one case.
Knows nothing of letters.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Indices = NDArray[np.int64]

FAINT = 14  # levels of 255 between pixels two apart: a mark's outermost pixels
CLEAR = 26  # a mark that nowhere differs by this much is wallpaper, shadow or compression noise
BLUR = 4  # within 3 pixels of something this many times stronger an edge is its blur
RINGING = 5  # within 9 pixels, the reach of a JPEG block, it is compression noise


@dataclass(frozen=True)
class Marks:
    """Connected marks, one row each, unordered. All in pixels."""

    left: Indices
    top: Indices
    right: Indices  # the first column beyond
    bottom: Indices  # the first row beyond
    strength: Indices  # its strongest edge, levels of 255
    inner: Indices  # how many of its edge pixels lie in the middle of its box, a quarter of its height from every side

    def __len__(self) -> int:
        return len(self.left)


def edges_of(pixels: Pixels) -> Pixels:
    """How much each pixel's neighbours differ, the most of any direction. `pixels` is h x w, or h x w x 3 in YCbCr.

    Colour counts half: letters that differ from their ground in colour alone differ by much, while the colour noise
    that JPEG leaves around letters is larger than its noise in brightness.
    """
    height, width = pixels.shape[:2]
    flat = pixels.reshape(height, -1)
    step = flat.shape[1] // width
    most = np.zeros_like(flat)
    if width > 2:
        ahead, behind = flat[:, 2 * step :], flat[:, : -2 * step]
        np.subtract(np.maximum(ahead, behind), np.minimum(ahead, behind), out=most[:, step:-step])
    if height > 2:
        below, above = flat[2:], flat[:-2]
        np.maximum(most[1:-1], np.maximum(below, above) - np.minimum(below, above), out=most[1:-1])
    if step == 1:
        return most
    planes = most.reshape(height, width, step)
    strongest: Pixels = np.maximum(planes[..., 0], np.maximum(planes[..., 1], planes[..., 2]) >> 1)
    return strongest


def marks_of(edges: Pixels) -> Marks:
    """Edge pixels that touch (also by a corner) are one mark."""
    height, width = edges.shape
    row = width + 2
    start, end = _runs(edges >= _least(edges))
    if not len(start):
        none = np.zeros(0, np.int64)
        return Marks(none, none, none, none, none, none)
    peaks = np.zeros((height, row), np.uint8)
    peaks[:, 1:-1] = edges
    changes = np.stack([start, end], axis=1).ravel()
    peak = np.maximum.reduceat(peaks.ravel(), changes)[0::2]  # of each run; every second stretch is between runs
    label, count = joined(start, end, row)
    order = np.argsort(label, kind="stable")
    firsts = np.searchsorted(label[order], np.arange(count))
    line, left, right = (start // row)[order], (start % row)[order] - 1, (end - 1) % row
    right = right[order]
    found = Marks(
        np.minimum.reduceat(left, firsts),
        np.minimum.reduceat(line, firsts),
        np.maximum.reduceat(right, firsts),
        np.maximum.reduceat(line, firsts) + 1,
        np.maximum.reduceat(peak[order], firsts).astype(np.int64),
        np.zeros(count, np.int64),
    )
    inset = np.repeat((found.bottom - found.top) // 4, np.diff(np.append(firsts, len(order))))
    which = label[order]
    length = np.minimum(right, found.right[which] - inset) - np.maximum(left, found.left[which] + inset)
    level = (line >= found.top[which] + inset) & (line < found.bottom[which] - inset)
    np.add.reduceat(np.where(level, np.maximum(length, 0), 0), firsts, out=found.inner)
    return _only(found, found.strength >= CLEAR)


def boxes_of(mask: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of all that touches, also by a corner; unordered."""
    row = mask.shape[1] + 2
    start, end = _runs(mask)
    if not len(start):
        return []
    label, count = joined(start, end, row)
    sides = np.zeros((4, count), np.int64)
    sides[:2] = mask.size
    line, left, right = start // row, start % row - 1, (end - 1) % row
    for side, values, smallest in ((0, left, True), (1, line, True), (2, right, False), (3, line + 1, False)):
        (np.minimum if smallest else np.maximum).at(sides[side], label, values)
    return [(int(box[0]), int(box[1]), int(box[2]), int(box[3])) for box in sides.T]


def _runs(mask: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Where runs along the rows start and end, counted through rows that have a pixel more on either side."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), bool)
    padded[:, 1:-1] = mask
    changes = np.flatnonzero(padded.ravel()[1:] != padded.ravel()[:-1]) + 1
    return changes[0::2], changes[1::2]


def _least(edges: Pixels) -> Pixels:
    """What an edge must reach at each place to count."""
    near = _widest(edges, (1, 2))
    far = _widest(near, (2, 4))
    return np.maximum(np.maximum(near // BLUR, far // RINGING), FAINT)


def _widest(edges: Pixels, steps: tuple[int, ...]) -> Pixels:
    """The largest value within the sum of the steps, in each direction."""
    most = edges.copy()
    for step in steps:
        before = most.copy()
        np.maximum(most[step:], before[:-step], out=most[step:])
        np.maximum(most[:-step], before[step:], out=most[:-step])
        before = most.copy()
        np.maximum(most[:, step:], before[:, :-step], out=most[:, step:])
        np.maximum(most[:, :-step], before[:, step:], out=most[:, :-step])
    return most


def _only(marks: Marks, keep: NDArray[np.bool_]) -> Marks:
    return Marks(*(getattr(marks, field.name)[keep] for field in fields(marks)))


def joined(start: Indices, end: Indices, row: int) -> tuple[Indices, int]:
    """Which mark each run of pixels belongs to, numbered from 0, and how many marks there are.

    Each run first points at one run that touches it in the row above; following the pointers gives trees. Runs that
    touch more than one are few, and join the trees.
    """
    above_first = np.searchsorted(end, start - row, "left")
    above_last = np.searchsorted(start, end - row, "right")
    touching = above_last - above_first
    root = np.where(touching > 0, above_first, np.arange(len(start)))
    root = _followed(root)
    several = np.flatnonzero(touching > 1)
    extra = touching[several] - 1
    one = np.repeat(root[several], extra)
    within = np.arange(len(one)) - np.repeat(np.cumsum(extra) - extra, extra)
    other = root[np.repeat(above_first[several], extra) + 1 + within]
    while len(one):
        high, low = np.maximum(one, other), np.minimum(one, other)
        apart = high != low
        one, other = high[apart], low[apart]
        if not len(one):
            break
        np.minimum.at(root, one, other)  # a tree's root now points at a smaller root
        root = _followed(root)
        one, other = root[one], root[other]
    names, label = np.unique(root, return_inverse=True)
    return label, len(names)


def _followed(root: Indices) -> Indices:
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further
