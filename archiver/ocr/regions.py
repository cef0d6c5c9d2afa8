"""Find what a picture is painted with behind its words: areas of one colour, and the colour of each word. Reads
nothing.

An area is what can be walked through without a step in colour: so a gradient is one area, a bubble on a ground of
nearly
its own colour is another, and words in it are holes.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archiver.ocr.marks import Pixels, edges_of, joined
from extractors.contract import Colour, Region, Word

SMALL = 11  # pixels: words are brought down to about this height, which also evens out what JPEG leaves
FIRM = (
    12,
    30,
)  # as below, for what is told from its ground at a glance: JPEG's noise around its words is no step there
STEP = 5  # levels of brightness within two pixels; the faintest bubbles (white, and grey of 240) differ by 12
TINGE = (
    8  # the same for brightness, Cb and Cr together: JPEG spreads the colour of a light green bubble on a light brown
)
# ground, which differs by 3, 10 and 18, over four pixels; a bubble of one line that fades from purple to blue has 8
FLAT = 0.15  # share of a picture that its commonest colour (in steps of 4) has where the ground is of one colour
OTHER = 12  # levels of Cb and Cr together from the ground's; noise on plain areas reaches 5
BRIGHT = 14  # levels of brightness within which tinge is all that tells; beyond it there is a step
SAME = 4  # levels between the colours of an area and of a part of it
LEAST = 60  # pixels of the smaller picture, and
LOWEST = 7  # as high and wide at least: the inside of a letter is no area
MOST = 3_000  # areas; a long chat has 500
RIM = 2  # pixels around a word from which its ground is told
FAR = 0.6  # of the way from the ground to the farthest pixel: what is further is ink and not its rim


def regions_of(image: Image.Image, words: Sequence[Word]) -> tuple[Region, ...]:
    """Areas of one colour, largest first, in pixels of the picture."""
    tall = statistics.median(word.height for word in words) if words else SMALL
    factor = max(1, round(tall / SMALL))
    small = image.convert("RGB")
    small = small.reduce(factor) if factor > 1 else small
    rgb, pixels = np.asarray(small), np.asarray(small.convert("YCbCr"))
    plain, tinted = _steps_within(pixels, *FIRM), _tinted(pixels)
    firm = _flat(rgb, plain & ~tinted)
    plain &= _steps_within(pixels, STEP, TINGE)
    found = [*firm, *_new([*_flat(rgb, plain & tinted), *_flat(rgb, plain & ~tinted)], firm)]
    found.sort(key=lambda area: -area[4])
    return tuple(
        Region(
            left * factor,
            top * factor,
            min(image.width, right * factor) - left * factor,
            min(image.height, bottom * factor) - top * factor,
            colour,
            round(area / ((right - left) * (bottom - top)), 3),
        )
        for left, top, right, bottom, area, colour in found
    )


def inks_of(image: Image.Image, words: Sequence[Word]) -> tuple[Colour, ...]:
    """The colour of each word's letters: of the pixels that are furthest from the word's ground."""
    rgb = np.asarray(image.convert("RGB"))
    return tuple(_ink(rgb[slice(*_around(w.y, w.height)), slice(*_around(w.x, w.width))]) for w in words)


def _around(start: int, length: int) -> tuple[int, int]:
    """With a rim of ground: that of a tight box around "me" is mostly letters."""
    return max(0, start - RIM), max(0, start + length + RIM)


def _ink(pixels: Pixels) -> Colour:
    flat = pixels.reshape(-1, 3).astype(np.int16)
    if not len(flat):
        return (0, 0, 0)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    away = abs(flat - np.median(rim, axis=0)).max(axis=1)
    return _colour(flat[away >= FAR * away.max()].mean(axis=0))


Area = tuple[int, int, int, int, int, Colour]  # left, top, right, bottom, plain pixels, mean colour


def _steps_within(pixels: Pixels, step: int, tinge: int) -> NDArray[np.bool_]:
    """Pixels whose neighbours differ by no more than `step` in brightness and `tinge` in all."""
    steps = [edges_of(pixels[..., n]) for n in range(3)]
    together = steps[0].astype(np.uint16) + steps[1] + steps[2]
    return (steps[0] <= step) & (together <= tinge)


def _new(areas: Sequence[Area], firm: Sequence[Area]) -> list[Area]:
    """Areas that are no part of a firm one: those have its colour and lie in its box, or nearly are it."""
    new = []
    for area in areas:
        left, top, right, bottom, _, colour = area
        part = any(
            left >= other[0] - 1 and top >= other[1] - 1 and right <= other[2] + 1 and bottom <= other[3] + 1
            and max(abs(a - b) for a, b in zip(colour, other[5], strict=True)) <= SAME
            for other in firm
        )  # fmt: skip
        if not part:
            new.append(area)
    return new


def _flat(rgb: Pixels, chosen_pixels: NDArray[np.bool_]) -> list[Area]:
    """The areas that the chosen pixels make, largest first."""
    height, width = rgb.shape[:2]
    row = width + 2
    plain = np.zeros((height, row), bool)
    plain[:, 1:-1] = chosen_pixels
    changes = np.flatnonzero(plain.ravel()[1:] != plain.ravel()[:-1]) + 1
    start, end = changes[0::2], changes[1::2]
    if not len(start):
        return []
    label, count = joined(start, end, row)
    order = np.argsort(label, kind="stable")
    firsts = np.searchsorted(label[order], np.arange(count))
    start, end = start[order], end[order]
    line, left, right = start // row, start % row - 1, (end - 1) % row
    area = np.add.reduceat(right - left, firsts)
    box = (
        np.minimum.reduceat(left, firsts),
        np.minimum.reduceat(line, firsts),
        np.maximum.reduceat(right, firsts),
        np.maximum.reduceat(line, firsts) + 1,
    )
    large = (area >= LEAST) & (box[2] - box[0] >= LOWEST) & (box[3] - box[1] >= LOWEST)
    sums = [np.add.reduceat(_run_sums(rgb[..., n], line, left, right), firsts) for n in range(3)]
    chosen = [int(n) for n in np.flatnonzero(large)]
    chosen.sort(key=lambda n: -int(area[n]))
    return [
        (
            int(box[0][n]),
            int(box[1][n]),
            int(box[2][n]),
            int(box[3][n]),
            int(area[n]),
            _colour(np.array([total[n] for total in sums]) / area[n]),
        )
        for n in chosen[:MOST]
    ]


def _tinted(pixels: Pixels) -> NDArray[np.bool_]:
    """Where the tinge is not the ground's though the brightness is, if most of the picture is of one colour.

    A light green bubble on light brown, saved as JPEG, has no step that noise has not; but its tinge is another all
    over.
    """
    height, width = pixels.shape[:2]
    coarse = (pixels >> 2).reshape(-1, 3).astype(np.int32)
    counts = np.bincount(coarse[:, 0] << 12 | coarse[:, 1] << 6 | coarse[:, 2])
    most = int(counts.argmax())
    if counts[most] < FLAT * height * width:
        return np.zeros((height, width), bool)
    away = abs(pixels.astype(np.int16) - (np.array([most >> 12, most >> 6 & 63, most & 63]) * 4 + 2))
    tinted: NDArray[np.bool_] = (away[..., 1] + away[..., 2] > OTHER) & (away[..., 0] < BRIGHT)
    return tinted


def _run_sums(
    plane: Pixels, line: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The sum of one channel over each run of pixels."""
    height, width = plane.shape
    total = np.zeros(height * width + 1, np.int64)
    np.cumsum(plane.ravel(), dtype=np.int64, out=total[1:])
    sums: NDArray[np.int64] = total[line * width + right] - total[line * width + left]
    return sums


def _colour(mean: NDArray[np.float64]) -> Colour:
    red, green, blue = (round(float(value)) for value in mean)
    return red, green, blue
