"""What is put on a line and what is not, told by boxes alone: drawn bars stand for letters."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from archiver.ocr.lines import Box, lines_of
from archiver.ocr.marks import Indices, Marks, edges_of, marks_of

WORD = [(left, 40, left + 12, 60) for left in range(20, 110, 17)]


def lines(boxes: list[tuple[Box, str]]) -> list[tuple[int, int]]:
    """Left and right of each line on white."""
    image = Image.new("RGB", (260, 120), "white")
    draw = ImageDraw.Draw(image)
    for box, colour in boxes:
        draw.rectangle(box, colour)
    found = lines_of(marks_of(edges_of(np.asarray(image.convert("YCbCr")))))
    return sorted((line.left, line.right) for line in found)


def ends(found: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> bool:
    return len(found) == len(wanted) and bool(np.abs(np.array(found) - np.array(wanted)).max() <= 2)


@pytest.mark.parametrize("small", [(124, 54, 128, 60), (124, 35, 128, 43)])
def test_a_single_letter_behind_a_full_stop_or_a_quote_is_on_the_line(small: Box) -> None:
    black = [(box, "black") for box in [*WORD, small, (142, 34, 145, 60)]]
    assert ends(lines(black), [(20, 146)])


def test_a_single_mark_further_off_is_not() -> None:
    black = [(box, "black") for box in [*WORD, (124, 54, 128, 60), (165, 34, 168, 60)]]
    assert ends(lines(black), [(20, 129), (165, 169)])


def test_a_piece_of_a_rim_much_fainter_than_words_is_no_line() -> None:
    black = [(box, "black") for box in WORD]
    assert ends(lines([*black, ((200, 44, 204, 56), "#dedede")]), [(20, 118)])
    assert ends(lines([*black, ((200, 44, 204, 56), "#a0a0a0")]), [(20, 118), (200, 205)])
    assert ends(lines([*black, ((124, 44, 128, 56), "#dedede")]), [(20, 118)])


def test_a_bar_that_reaches_above_and_below_the_words_beside_it_is_no_letter() -> None:
    black = [(box, "black") for box in WORD]
    assert ends(lines([*black, ((4, 34, 8, 66), "red")]), [(20, 118)])
    assert ends(lines([*black, ((7, 30, 11, 70), "red")]), [(20, 118)])
    assert ends(lines([*black, ((14, 30, 17, 70), "red")]), [(14, 118)])  # a bracket stands close
    assert ends(lines([*black, ((4, 34, 8, 60), "red")]), [(4, 118)])  # an I stands on the line


@pytest.mark.parametrize(
    ("foot", "hole", "several"),
    [(59, (126, 45, 134, 54), True), (59, (124, 44, 130, 50), False), (64, (126, 45, 134, 54), True)],
)
def test_an_o_or_a_q_in_bold_is_a_letter_and_a_frame_with_something_in_it_is_not(
    foot: int, hole: Box, several: bool
) -> None:
    black = [(box, "black") for box in [*WORD, (121, 40, 139, foot)]]
    found = lines([*black, (hole, "white")])
    assert ends(found, [(20, 140)]) is several


@pytest.mark.parametrize(("foot", "several"), [(70, True), (80, False)])
def test_two_tall_letters_in_one_mark_are_a_word_and_an_icon_is_not(foot: int, several: bool) -> None:
    """ "by" reaches above and below the letters beside it, and a word's space parts it from them."""
    black = [(box, "black") for box in [*WORD, (122, 33, 134, 60), (150, 33, 182, foot)]]
    assert ends(lines(black), [(20, 183)]) is several


def test_a_quote_before_small_letters_alone_is_theirs_and_not_the_word_befores() -> None:
    word = [(box, "black") for box in [(20, 40, 32, 68), *WORD[1:4]]]
    small = [(box, "black") for box in [(109, 40, 121, 60), (125, 40, 137, 60)]]
    found = lines([*word, ((98, 33, 102, 42), "black"), *small])
    assert ends(found, [(20, 138)])


def test_a_word_in_small_print_under_something_tall_is_no_dot_of_it() -> None:
    black = [(box, "black") for box in WORD]
    tall = [((140, 60, 180, 100), "red"), ((186, 60, 190, 100), "red")]
    small = ((142, 106, 178, 115), "black")
    assert ends(lines([*black, *tall, small]), [(20, 118), (140, 191), (142, 179)])


def test_a_point_smaller_than_any_dot_is_noise() -> None:
    image = np.full((120, 260, 3), 128, np.uint8)
    image[..., 0] = 255
    for left, top, right, bottom in WORD:
        image[top:bottom, left:right, 0] = 0
    marks = marks_of(edges_of(image))
    speck = Marks(
        *(np.append(side, value) for side, value in zip(_sides(marks), (124, 50, 126, 52, 90, 0), strict=True))
    )
    assert [line.right for line in lines_of(speck)] == [line.right for line in lines_of(marks)]


def _sides(marks: Marks) -> list[Indices]:
    return [marks.left, marks.top, marks.right, marks.bottom, marks.strength, marks.inner]
