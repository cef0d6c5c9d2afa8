"""Times of day that were read wrong, looked at once more on the picture itself."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from archiver.ocr.clocks import with_clocks
from archiver.ocr.engine import find_engine
from extractors.contract import Word


def looked_at(first: str, half: str, *, drawn: str) -> list[str]:
    """What is left of a time that was read as `first` and `half` where the picture shows `drawn`."""
    image = Image.new("RGB", (300, 80), "#203040")
    font = ImageFont.load_default(24)
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), drawn, "#a0b0c0", font)
    time, _, _ = drawn.partition(" ")
    left, top, right, bottom = (round(side) for side in draw.textbbox((20, 20), time, font))
    words = [Word(first, left, top, right - left, bottom - top, 70, 0)]
    left, top, right, bottom = (round(side) for side in draw.textbbox((20, 20), drawn, font))
    words.append(Word(half, words[0].x + words[0].width + 6, top, right - words[0].x - words[0].width - 6, 18, 70, 0))
    return [word.text for word in with_clocks(image, words, find_engine(), ("eng",), 20.0)]


def test_signs_that_a_figure_and_a_half_of_the_day_were_taken_for_are_looked_at_again() -> None:
    assert looked_at("¢:19", "pw", drawn="6:19 PM") == ["6:19", "PM"]
    assert looked_at("10:12", "pu", drawn="10:12 PM") == ["10:12", "PM"]


def test_a_word_behind_a_time_stays_a_word() -> None:
    assert looked_at("7:45", "an", drawn="7:45 an") == ["7:45", "an"]
