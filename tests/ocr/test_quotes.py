"""Straight and curly quotes, as they are drawn and not as they are usual."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archiver.ocr import find_engine, read_picture
from archiver.ocr.engine import Found
from archiver.ocr.lines import lines_of as lines_of_marks
from archiver.ocr.marks import edges_of, marks_of
from archiver.ocr.quotes import with_quotes
from archiver.ocr.strips import strips_of
from archiver.reading import lines_of

FACES = [
    path
    for path in map(
        Path, ("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    )
    if path.exists()
]
STRAIGHT = ['say "no name" to him', '"by accident" at the gym.', 'he said "stop lying."', "you'll see what I've sent"]
CURLY = ["say “no name” to him", "“by accident” at the gym.", "he said “stop lying.”", "you’ll see what I’ve sent"]


def read(lines: list[str], face: ImageFont.FreeTypeFont | ImageFont.ImageFont, size: int) -> list[str]:
    image = Image.new("RGB", (16 * size, 2 * size * (len(lines) + 1)), "white")
    draw = ImageDraw.Draw(image)
    for n, line in enumerate(lines):
        draw.text((size + 0.37 * n, size + 2 * size * n), line, "black", face)
    data = io.BytesIO()
    image.save(data, "PNG")
    return lines_of(read_picture(data.getvalue(), find_engine()).words).splitlines()


def quotes(lines: list[str]) -> list[str]:
    return ["".join(sign for sign in line if sign in "'‘’\"“”") for line in lines]


@pytest.mark.parametrize("size", [16, 28, 48])
def test_straight_quotes_are_read_as_straight(size: int) -> None:
    assert quotes(read(STRAIGHT, ImageFont.load_default(size), size)) == quotes(STRAIGHT)


@pytest.mark.parametrize("path", FACES)
def test_both_kinds_on_one_picture_are_told_apart(path: Path) -> None:
    lines = [*STRAIGHT, *CURLY]
    assert read(lines, ImageFont.truetype(str(path), 34), 34) == lines


@pytest.mark.parametrize(
    ("drawn", "was_read", "wanted"),
    [
        ("„now“", "„now“", "„now“"),
        ("“now”", '"now"', "“now”"),
        ('"now"', "“now”", '"now"'),
        ("don’t", "don't", "don’t"),
    ],
)
@pytest.mark.parametrize("path", FACES)
def test_what_was_read_as_curly_and_is_stays_what_it_is(path: Path, drawn: str, was_read: str, wanted: str) -> None:
    image = Image.new("RGB", (240, 80), "white")
    ImageDraw.Draw(image).text((20, 20), drawn, "black", ImageFont.truetype(str(path), 34))
    pixels = np.asarray(image.convert("YCbCr"))
    edges = edges_of(pixels)
    marks = marks_of(edges)
    (line,) = lines_of_marks(marks)
    (strip,) = strips_of(pixels, edges, marks, line)
    word = Found(0, 0, (0, 0, 0), line.left, line.top, line.right - line.left, line.bottom - line.top, 90.0, was_read)
    assert [one.text for one in with_quotes([word], strip)] == [wanted]
