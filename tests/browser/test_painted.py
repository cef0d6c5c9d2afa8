"""The white-tail check: a picture that was not painted to its end is seen, taken again, and named."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from archiver.browser import Browser, VisitRequest, chromium
from archiver.browser.painted import BIG_PIXELS, BLANK_ROWS, blank_from
from tests.browser.conftest import Visit, resolve, rule
from tests.browser.test_unfold import PATIENT
from tests.browser.test_visit import tiles_of
from tests.site import Server

WIDE, TALL = 2_000, 2_200


def _as_chromium_writes(picture: Image.Image) -> bytes:
    """A PNG whose rows are all told by their difference from the row above."""
    stride, pixels = picture.width * len(picture.getbands()), picture.tobytes()
    above, rows = bytes(stride), bytearray()
    for start in range(0, len(pixels), stride):
        row = pixels[start : start + stride]
        rows += b"\x02" + bytes((a - b) & 255 for a, b in zip(row, above, strict=True))
        above = row
    colour = {"RGB": 2, "RGBA": 6}[picture.mode]
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", picture.width, picture.height, 8, colour, 0, 0, 0),
        b"IDAT": zlib.compress(bytes(rows), 1),
        b"IEND": b"",
    }
    told = (
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part))
        for name, part in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def _as_pillow_writes(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


@pytest.mark.parametrize("write", [_as_chromium_writes, _as_pillow_writes])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize(
    ("mark", "blank"),
    [
        pytest.param([(300, 0, 1_000, 1_499)], 1_500, id="words, then nothing"),
        pytest.param([(300, 0, 1_000, TALL - BLANK_ROWS - 1)], TALL - BLANK_ROWS, id="the fewest rows"),
        pytest.param([(300, 0, 1_000, TALL - BLANK_ROWS)], None, id="one row less"),
        pytest.param([(300, 0, 1_000, 900), (0, TALL - 1, 0, TALL - 1)], None, id="a pixel in the last row"),
        pytest.param([(0, 0, 0, TALL)], None, id="rows that are all alike, and not of one colour"),
        pytest.param([], 0, id="nothing at all"),
    ],
)
def test_a_tail_of_one_colour_is_seen_however_its_rows_are_written(
    write: Callable[[Image.Image], bytes], mode: str, mark: list[tuple[int, int, int, int]], blank: int | None
) -> None:
    picture = Image.new(mode, (WIDE, TALL), "#eeeeee")
    assert WIDE * TALL > BIG_PIXELS
    for box in mark:
        ImageDraw.Draw(picture).rectangle(box, fill="#334455")
    assert blank_from(write(picture), 1) == blank


def test_a_picture_that_was_painted_white_below_is_named(
    server: Server, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = ["--force-gpu-mem-available-mb=1" if "gpu-mem" in one else one for one in chromium.SWITCHES]
    monkeypatch.setattr(chromium, "SWITCHES", tuple(little))  # as on a computer that has no memory to paint with
    address = server.address("many-lines.html", "a.example")
    with Browser(resolve=resolve, rule=rule) as poor:
        snapshot = poor.visit(VisitRequest(address, address, path, allow_private=True, limits=PATIENT))
    assert not snapshot.verdict.complete
    [named] = [what for what in snapshot.verdict.missing if "painted blank where the page has content" in what]
    assert named.startswith("picture 0 below ")
    assert named in snapshot.verdict.sentence


def test_the_same_page_is_painted_to_its_end_and_nothing_is_named(visit: Visit) -> None:
    snapshot = visit("many-lines.html", limits=PATIENT)
    assert len(tiles_of(snapshot)) == 1
    assert snapshot.verdict.complete, snapshot.verdict.sentence
