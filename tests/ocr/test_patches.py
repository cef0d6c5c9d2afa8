"""Small coloured pictures beside words: found by their colour and thickness, on drawings without any words to read."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from archiver.ocr.lines import Box
from archiver.ocr.patches import patches_of

TALL = 30  # the line's height, pixels
BLACK = np.array([-255.0, 0.0, 0.0])
PALE = "#ffcc33"


def less_white(draw_on: Image.Image) -> NDArray[np.int16]:
    return np.asarray(draw_on.convert("YCbCr"), np.int16) - np.array([255, 128, 128], np.int16)


def blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (300, 60), "white")
    return image, ImageDraw.Draw(image)


def near(found: list[Box], wanted: list[Box]) -> bool:
    return len(found) == len(wanted) and bool(np.abs(np.array(found) - np.array(wanted)).max() <= 2)


def test_a_pale_face_is_found_by_its_colour() -> None:
    image, draw = blank()
    draw.ellipse((100, 15, 130, 45), PALE)
    draw.ellipse((108, 24, 112, 28), "black")
    draw.ellipse((118, 24, 122, 28), "black")
    assert near(patches_of(less_white(image), BLACK, TALL, 1.7), [(100, 15, 131, 46)])


def test_three_that_touch_are_three() -> None:
    image, draw = blank()
    for left in (100, 130, 160):
        draw.ellipse((left, 15, left + 30, 45), PALE)
    wanted = [(100, 15, 130, 46), (130, 15, 161, 46), (161, 15, 191, 46)]
    assert near(patches_of(less_white(image), BLACK, TALL, 1.7), wanted)


@pytest.mark.parametrize("stroke", [4, 8])
def test_coloured_letters_are_none_even_in_bold(stroke: int) -> None:
    image, draw = blank()
    draw.line((100, 15, 100, 45), "red", stroke)
    draw.line((100, 45, 125, 45), "red", stroke)
    assert patches_of(less_white(image), BLACK, TALL, 1.7) == []


def test_words_in_the_colour_of_the_line_are_none_however_thick() -> None:
    image, draw = blank()
    draw.rectangle((100, 15, 130, 45), "blue")
    blue = less_white(image)[30, 115].astype(float)
    assert patches_of(less_white(image), blue, TALL, 1.7) == []
    assert patches_of(less_white(image), BLACK, TALL, 1.7) != []


def test_a_part_of_something_larger_is_none() -> None:
    """An avatar that a line of words crosses: one of its colours lies in the line, others around it."""
    image, draw = blank()
    draw.rectangle((90, 0, 150, 59), "#202020")
    draw.ellipse((105, 18, 135, 42), "#20a0c0")
    assert patches_of(less_white(image), BLACK, TALL, 1.7) == []


def test_a_ground_of_its_own_behind_a_word_is_none() -> None:
    image, draw = blank()
    draw.rectangle((60, 16, 200, 44), "#ffe066")
    for left in range(70, 190, 15):
        draw.line((left, 24, left, 38), "black", 3)
    assert patches_of(less_white(image), BLACK, TALL, 1.7) == []


def test_what_goes_on_beyond_the_rim_is_none() -> None:
    image, draw = blank()
    draw.rectangle((270, 10, 299, 45), "red")
    assert patches_of(less_white(image), BLACK, TALL, 1.7) == []
