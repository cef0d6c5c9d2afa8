"""Read one band of a picture: find its lines, make strips of them, hand them to Tesseract. Never decodes a picture.

A band reaches beyond its own rows by more than a line's height, so no line is ever cut: a line belongs to the band
in whose own rows it ends, and what two bands both claim is dropped once.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from archiver.ocr.engine import Engine, Found, run
from archiver.ocr.lines import TALLEST, lines_of
from archiver.ocr.marks import edges_of, marks_of
from archiver.ocr.said import Said, lightened, moved, said_of, surer, unsure
from archiver.ocr.strips import Strip, sheaf, strips_of

LARGEST = 3_000_000  # pixels in a band's own rows: its arrays take about 40 bytes a pixel while it is read
TALLEST_BAND = 1_200  # rows: a phone's screen is two bands, one for each core
SMALLEST = 400  # rows; below it a start of Tesseract (0.1 s) costs more than the second core brings
MARGIN = TALLEST + 40  # rows beyond its own that a band sees
SLACK = 4  # rows about a band's end within which both neighbours claim a line
SHEAF = 60  # strips for one start of Tesseract
LAYOUT = 7  # Tesseract's --psm: each page is one line


@dataclass(frozen=True)
class Band:
    """Rows of the picture that are read together: its own, `top` to `bottom`, and the margins around them."""

    top: int
    bottom: int


def bands_of(width: int, height: int) -> list[Band]:
    """The same for the same picture, however many are read at a time: the words must not hang on that."""
    count = max(1, round(height / min(TALLEST_BAND, max(SMALLEST, LARGEST // width))), 2 * (height >= 2 * SMALLEST))
    cuts = [height * n // count for n in range(count + 1)]
    return [Band(top, bottom) for top, bottom in itertools.pairwise(cuts)]


def read_band(image: Image.Image, band: Band, engine: Engine, languages: Sequence[str], seconds: float) -> list[Said]:
    """What is said in the band's own rows, unordered, in pixels of the picture. Raises `RunFailed`."""
    start = max(0, band.top - MARGIN)
    strips = _strips(image, start, band)
    until = time.monotonic() + seconds
    with_letters = [n for n, strip in enumerate(strips) if strip.marks]
    read = _recognised(engine, [strips[n].image for n in with_letters], languages, until)
    first = dict(zip(with_letters, read, strict=True))
    again = [n for n, found in first.items() if unsure(found)]
    larger = _recognised(engine, [strips[n].larger for n in again], languages, until)
    second = dict(zip(again, larger, strict=True))
    said = [lightened(said_of(strip, first.get(n, []), second.get(n))) for n, strip in enumerate(strips)]
    return [moved(one, start) for one in said]


def read_again(said: Sequence[Said], engine: Engine, languages: Sequence[str], seconds: float) -> list[Said]:
    """The same lines in other languages; for each the surer of the two readings. Raises `RunFailed`."""
    until = time.monotonic() + seconds
    found = _recognised(engine, [one.strip.larger for one in said], languages, until)
    return [surer(one, words) for one, words in zip(said, found, strict=True)]


def without_doubles(said: Sequence[Said]) -> list[Said]:
    """Each line once, where two neighbouring bands both claimed it."""
    kept: list[Said] = []
    for one in sorted(said, key=lambda each: each.strip.line.top):
        near = (other for other in reversed(kept[-200:]) if other.bottom > one.top)
        if not any(_same(one, other) for other in near):
            kept.append(one)
    return kept


def _same(one: Said, other: Said) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide, tall = (
        max(one.right - one.left, other.right - other.left),
        max(one.bottom - one.top, other.bottom - other.top),
    )
    return across > 0.7 * wide and down > 0.5 * tall


def _strips(image: Image.Image, start: int, band: Band) -> list[Strip]:
    cut = image.crop((0, start, image.width, min(image.height, band.bottom + MARGIN)))
    pixels = np.asarray(cut.convert("YCbCr") if cut.mode == "RGB" else cut)
    edges = edges_of(pixels)
    marks = marks_of(edges)
    first = band.top - start - SLACK if band.top else 0
    last = band.bottom - start + SLACK
    lines = [line for line in lines_of(marks) if first < line.bottom <= last]
    return [strip for line in lines for strip in strips_of(pixels, edges, marks, line)]


def _recognised(
    engine: Engine, images: Sequence[Image.Image], languages: Sequence[str], until: float
) -> list[list[Found]]:
    """Words of each strip."""
    found: list[list[Found]] = [[] for _ in images]
    for begin in range(0, len(images), SHEAF):
        left = max(1.0, until - time.monotonic())
        pages = sheaf(images[begin : begin + SHEAF])
        for word in run(engine, pages, languages=languages, layout=LAYOUT, seconds=left):
            found[begin + word.page].append(replace(word, page=0))
    return found
