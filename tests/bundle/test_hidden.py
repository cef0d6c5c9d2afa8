"""Where a picture was taken, in layers that hide it well; and hostile files that are looked through all the same."""

from __future__ import annotations

import base64
import io
import random
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from PIL import Image, PngImagePlugin

from archiver.bundle.check import check
from archiver.bundle.hidden import tells_a_place
from archiver.bundle.source import opened
from archiver.bundle.write import How
from archiver.errors import UsageError
from tests.bundle.bags import bundled, fill, picture_with_place

PLACE = picture_with_place().data
NO_PLACE = PLACE.replace(b"\x25\x88", b"\x25\x89")
XMP = b'<rdf:Description exif:GPSLatitude="51,28.6N" exif:GPSLongitude="0,0.1W"/>'
FLIPS = 400


def png(name: str, text: str, *, packed: bool, wide: bool = False) -> bytes:
    """A picture with one text in it: tEXt, zTXt or iTXt."""
    stream, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    if wide:
        notes.add_itxt(name, text, zip=packed)
    else:
        notes.add_text(name, text, zip=packed)
    Image.new("RGB", (4, 4)).save(stream, "PNG", pnginfo=notes)
    return stream.getvalue()


def profile(data: bytes) -> str:
    """EXIF as programs write it into a PNG's text: a name, a length, and hex in lines."""
    digits = (b"Exif\0\0" + data[data.index(b"II*\0") :]).hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return f"\nexif\n    {len(digits) // 2}\n{lines}\n"


LAYERS: dict[str, Callable[[bytes], bytes]] = {
    "hex in a picture's text": lambda data: png("Raw profile type exif", profile(data), packed=False),
    "hex in a packed text": lambda data: png("Raw profile type APP1", profile(data), packed=True),
    "such a picture inside a file": lambda data: (
        b"WARC/1.1\r\n" + png("Raw profile type exif", profile(data), packed=True)
    ),
    "JSON with slashes escaped": lambda data: (
        b'{"a":"data:image/jpeg;base64,%s"}' % base64.b64encode(data).replace(b"/", b"\\/")
    ),
    "JSON with signs by their number": lambda data: (
        b'{"a":"data:image/jpeg;base64,%s"}'
        % base64.b64encode(data).replace(b"/", b"\\u002f").replace(b"+", b"\\u002B").replace(b"=", b"\\u003D")
    ),
    "an address without base64": lambda data: b"url(data:image/jpeg," + quote_from_bytes(data).encode() + b")",
    "an address twice written out": lambda data: (
        b'"data:image/jpeg;base64,%s"' % base64.b64encode(data).replace(b"/", b"%2F").replace(b"+", b"%2b")
    ),
    "a damaged zip": lambda data: zipped(("first.txt", b"x" * 99), ("second.jpg", data)),
}


def zipped(*files: tuple[str, bytes]) -> bytes:
    """A zip whose first file is damaged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files:
            packed.writestr(name, data)
    return stream.getvalue().replace(zlib.compress(b"x" * 99)[2:-4], b"\xff\xff\xff\xff", 1)


@pytest.mark.parametrize("layer", LAYERS)
def test_where_a_picture_was_taken_is_found_in_every_layer(layer: str) -> None:
    assert tells_a_place(LAYERS[layer](PLACE))
    assert not tells_a_place(LAYERS[layer](NO_PLACE))


def test_xmp_in_a_picture_s_text_and_a_place_in_a_film_are_found() -> None:
    for packed in (False, True):
        assert tells_a_place(png("XML:com.adobe.xmp", XMP.decode(), packed=packed, wide=True))
        assert not tells_a_place(png("XML:com.adobe.xmp", "<rdf/>", packed=packed, wide=True))
    assert tells_a_place(b"moov....udta\0\0\0\x1e\xa9xyz\0\x12\x15\xc7+51.4770-000.0005/")
    assert not tells_a_place(b"moov....udta\0\0\0\x1e\xa9xyz\0\x12\x15\xc7")


def test_no_damaged_zip_stops_a_bundle_from_being_written() -> None:
    chance, stream = random.Random(20_260_303), io.BytesIO()
    for packing in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(stream, "a", packing) as packed:
            packed.writestr(f"{packing}.txt", b"made up " * 40)
    for _ in range(FLIPS):
        data = bytearray(stream.getvalue())
        data[chance.randrange(len(data))] = chance.randrange(256)
        assert not tells_a_place(bytes(data[: chance.choice((len(data), chance.randrange(len(data))))]))


def test_a_bundle_s_zip_with_any_bit_turned_is_checked_or_refused_in_words(tmp_path: Path) -> None:
    """The dates and rights that a zip notes are covered by nothing: docs/BUNDLE.md says so. Its files are."""
    fill(tmp_path / "vault", captures=1)
    bundled(tmp_path / "vault", tmp_path / "bag.zip", how=How(zipped=True))
    whole, chance = (tmp_path / "bag.zip").read_bytes(), random.Random(20_260_303)
    with zipfile.ZipFile(tmp_path / "bag.zip") as packed:
        end = packed.start_dir
    for n in range(FLIPS // 10):
        data, at = bytearray(whole), chance.randrange(end, len(whole)) if n % 2 else chance.randrange(end)
        data[at] ^= 1 << chance.randrange(8)
        (tmp_path / "other.zip").write_bytes(data)
        try:
            with opened(tmp_path / "other.zip") as source:
                seen = list(check(source))
        except UsageError:
            continue
        assert seen
