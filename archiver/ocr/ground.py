"""What a line of text stands on: one colour, or a gradient. Knows nothing of letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ground = NDArray[np.float64]  # a row a summand, a column a channel: at the corner, for each row down, for each column


def ground_of(piece: NDArray[np.int16], calm: NDArray[np.bool_]) -> Ground:
    """The colour that most of the calm pixels have, or the plane through them where it changes along the line."""
    colours = piece[calm]
    if len(colours) < 8:
        colours = piece.reshape(-1, piece.shape[2])
    code = np.zeros(len(colours), np.int32)
    for channel in range(colours.shape[1]):
        code = code * 32 + (colours[:, channel] >> 3)
    ground = np.median(colours[code == np.bincount(code).argmax()], axis=0).astype(np.int16)
    if len(colours) >= 64 and np.percentile(abs(colours - ground).max(axis=1), 60) > 6:
        return _slope(piece, calm)
    flat: Ground = np.stack([ground, np.zeros_like(ground), np.zeros_like(ground)]).astype(np.float64)
    return flat


def _slope(piece: NDArray[np.int16], calm: NDArray[np.bool_]) -> Ground:
    """A gradient, as bubbles and wallpapers have them."""
    rows, columns = np.nonzero(calm)
    step = max(1, len(rows) // 2000)
    rows, columns = rows[::step], columns[::step]
    known = np.stack([np.ones(len(rows)), rows, columns], axis=1)
    plane: Ground = np.linalg.lstsq(known, piece[rows, columns].astype(np.float64), rcond=None)[0].astype(np.float64)
    return plane


def ground_at(ground: Ground, rows: range, columns: range) -> NDArray[np.int16]:
    """The ground's colour at these places, or one for all."""
    if not ground[1:].any():
        flat: NDArray[np.int16] = ground[0].astype(np.int16)
        return flat
    down, across = np.array(rows)[:, None, None], np.array(columns)[None, :, None]
    plane: NDArray[np.int16] = (ground[0] + down * ground[1] + across * ground[2]).astype(np.int16)
    return plane
