"""Rows of strokes beside a voice message's length, told from letters by their boxes alone."""

from __future__ import annotations

import numpy as np
import pytest

from archiver.ocr.lines import Box
from archiver.ocr.marks import Marks
from archiver.ocr.waveforms import strokes_of


def marks(boxes: list[Box]) -> Marks:
    left, top, right, bottom = np.array(boxes).T
    return Marks(left, top, right, bottom, np.full(len(boxes), 200), np.zeros(len(boxes), np.int64))


def strokes(heights: list[int], *, pitch: float = 10, wide: int = 6, foot: int = 0) -> list[Box]:
    """Strokes about row 50, or on the row `foot`."""
    lefts = [20 + round(n * pitch) for n in range(len(heights))]
    tops = [foot - height if foot else 50 - height // 2 for height in heights]
    return [(left, top, left + wide, top + height) for left, top, height in zip(lefts, tops, heights, strict=True)]


UNEVEN = [6, 34, 18, 46, 30, 14, 42, 26, 10, 38, 22, 6, 34, 18, 46]
FIGURES = [(190, 38, 207, 64), (210, 43, 216, 49), (210, 56, 216, 63), (219, 38, 236, 63)]


@pytest.mark.parametrize("pitch", [10, 8.25, 7.4])
def test_a_row_of_uneven_strokes_about_one_middle_is_found_and_the_figures_beside_it_are_not(pitch: float) -> None:
    row = strokes(UNEVEN, pitch=pitch)
    assert strokes_of(marks([*row, *FIGURES])).tolist() == [True] * len(row) + [False] * len(FIGURES)


def test_quiet_moments_are_dots_and_belong_to_it() -> None:
    row = strokes([6, 6, 34, 18, 46, 6, 6, 30, 14, 42, 26, 38, 22, 6])
    assert strokes_of(marks(row)).all()


@pytest.mark.parametrize(
    "row",
    [
        strokes(UNEVEN[:7]),  # too few
        strokes([34] * 15),  # a row of l
        strokes(UNEVEN, foot=70),  # bars of a chart stand on a line, as letters do
        strokes(UNEVEN, pitch=40),  # far apart
    ],
)
def test_other_rows_are_none(row: list[Box]) -> None:
    assert not strokes_of(marks(row)).any()


def test_strokes_at_no_pitch_are_none() -> None:
    lefts = [20, 33, 40, 61, 70, 88, 96, 115, 133, 141, 163]
    row = [(left, 50 - tall // 2, left + 6, 50 + tall // 2) for left, tall in zip(lefts, UNEVEN, strict=False)]
    assert not strokes_of(marks(row)).any()
