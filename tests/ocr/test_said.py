"""Which of two looks at a line is believed, and what of a line is left out as no word. Pure: no picture is read."""

from __future__ import annotations

import pytest
from PIL import Image

from archiver.ocr.engine import Found
from archiver.ocr.lines import Line
from archiver.ocr.said import said_of
from archiver.ocr.sift import sifted
from archiver.ocr.strips import MARGIN, MARK, Strip

MARKS = tuple((20 * n, 0, 20 * n + 16, 20) for n in range(8))


def strip() -> Strip:
    line = Line(0, 0, 160, 20, tuple(range(8)))
    white = Image.new("L", (160 + 2 * MARGIN, 20 + 2 * MARGIN), 255)
    return Strip(white, white, 0, 0, 1.0, line, (0, 20), MARKS, (), MARK, True)


def words(*read: tuple[str, float], larger: float = 1.0) -> list[Found]:
    """Side by side, 60 pixels each."""
    return [
        Found(0, 0, (0, 0, 0), round(MARGIN + 60 * n * larger), MARGIN, round(50 * larger), 20, sure, text)
        for n, (text, sure) in enumerate(read)
    ]


def test_a_word_that_both_looks_gave_is_as_sure_as_the_surer_of_them() -> None:
    said = said_of(strip(), words(("9:06", 95), ("AM", 49)), words(("9:06", 94), ("AM", 92), ("Ww", 13), larger=1.5))
    assert [(word.text, word.confidence) for word in said.words] == [("9:06", 95), ("AM", 92)]


@pytest.mark.parametrize(("before", "kept"), [("9:06", True), ("near", False)])
def test_the_half_of_the_day_behind_a_time_is_no_icon_however_unsure(before: str, kept: bool) -> None:
    (said,) = sifted([said_of(strip(), words((before, 95), ("AM", 0)))])
    assert ("AM" in said.text) is kept
