"""Tell emoji, badges and avatars from the letters that they stand among, by shape and colour. Names none of them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from archiver.ocr.marks import CLEAR, Pixels

Kind = Literal["letter", "emoji", "icon"]  # an icon here is a small picture without colour

SMALLEST = 8  # pixels high
TALL = 0.6  # of the line's height
FULL = 0.66  # share of its box that a mark inks: a bold M inks half of its own, an emoji four fifths
FULL_SMALL = 0.74  # the same for marks up to 24 pixels high, where letters run together
HALF_FULL = 0.45  # the same for what has another colour than the words: a bold coloured letter inks 0.42 of its box
BOLD = 0.54  # the same for letters of the boldest type, where a line has no others
FILLED = 60  # percent: a disc fills 78 of its box
TINT = 32  # levels of Cb or Cr that make another colour
MOTLEY = 0.15  # share of a mark's ink that is no mixture of the ground and one other colour
ASIDE = 30  # levels from that mixture


def kinds_of(away: NDArray[np.int16], depth: Pixels, places: list[tuple[slice, slice]], frames: int) -> list[Kind]:
    """What each mark of a line is. `away` is the line less its ground, `depth` the most of its channels.

    The last so many places are `frames`: what fills one may be much paler than what is drawn on it, as a face is.

    Small pictures are about as tall as the line and square, and full of ink, of several colours, or of another colour
    than the words beside them.
    """
    fills = [100] * (len(places) - frames) + [FILLED] * frames
    inked = [
        depth[place] > 0.4 * max(CLEAR, float(np.percentile(depth[place], fill)))
        for place, fill in zip(places, fills, strict=True)
    ]
    full = [float(ink.mean()) for ink in inked]
    colours = [_colour(away[place], ink) for place, ink in zip(places, inked, strict=True)]
    words = [colour for colour, share in zip(colours, full, strict=True) if share < HALF_FULL]
    words = words or [colour for colour, share in zip(colours, full, strict=True) if share < BOLD]
    words = words or _flat(away, places, full, colours)
    usual = np.median(words, axis=0) if words else np.zeros(2)
    kinds: list[Kind] = []
    for place, share, colour in zip(places, full, colours, strict=True):
        height, width = depth[place].shape
        if height < SMALLEST or height < TALL * len(depth) or not 0.6 < width / height < 1.7 or share < HALF_FULL:
            kinds.append("letter")
        elif abs(colour - usual).max() > TINT or (away.shape[2] == 3 and _motley(away[place])):
            kinds.append("emoji")
        else:
            kinds.append("icon" if share > (FULL if height > 24 else FULL_SMALL) else "letter")
    return kinds


def _flat(
    away: NDArray[np.int16],
    places: list[tuple[slice, slice]],
    full: list[float],
    colours: list[NDArray[np.float64]],
) -> list[NDArray[np.float64]]:
    """Of a line without thin letters: the marks of one plain colour, as a name in bold capitals has ("ME" in red)."""
    plain = []
    for place, share, colour in zip(places, full, colours, strict=True):
        mark = away[place]
        large = min(mark.shape[:2]) >= SMALLEST
        if large and share < FULL and not (mark.shape[2] == 3 and _motley(mark)):
            plain.append(colour)
    return plain


def _colour(away: NDArray[np.int16], ink: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean Cb and Cr of the ink against its ground; zeros in a grey picture."""
    if away.shape[2] == 1 or not ink.any():
        return np.zeros(2)
    mean: NDArray[np.float64] = away[ink].mean(axis=0)[1:]
    return mean


def _motley(away: NDArray[np.int16]) -> bool:
    """Whether it has colours that are no mixture of the ground and one other colour."""
    height, width = away.shape[:2]
    rows, columns = height // 3 * 3, width // 3 * 3  # averaged, since the screens of Windows tint the rims of letters
    mean = away[:rows, :columns].reshape(rows // 3, 3, columns // 3, 3, 3).mean(axis=(1, 3)).reshape(-1, 3)
    strength = abs(mean).max(axis=1)
    strongest = mean[int(strength.argmax())]
    inked = mean[strength > 0.4 * strength.max()]
    share = inked @ strongest / max(1.0, float(strongest @ strongest))
    return bool((abs(inked - share[:, None] * strongest).max(axis=1) > ASIDE).mean() > MOTLEY)
