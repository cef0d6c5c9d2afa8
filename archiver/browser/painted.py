"""Looks whether a picture was painted to its end. Reads pixels; changes none."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageChops

BLANK_ROWS = 100  # CSS pixels of one colour at a picture's end that are worth a question to the page
BIG_PIXELS = 4_000_000  # smaller pictures are far below what Chromium has memory to paint; looking costs 10 ms each
CHANNELS = {2: 3, 6: 4}  # by a PNG's kind of colour: bytes of a pixel
PIECE = 64 * 1024  # bytes that are unpacked at a time
LEFT, ABOVE = 1, 2  # PNG's filters: what is written of a byte is its difference from that pixel's


def blank_from(data: bytes, scale: int) -> int | None:
    """CSS pixels from the top where a picture's tail of one colour begins; None where there is none to speak of."""
    rows = BLANK_ROWS * scale
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height < BIG_PIXELS or _changes(data, rows):
            return None
        ground, foot = _last_pixel(picture), picture.height
        while foot > 0:
            top = max(0, foot - rows)
            painted = _painted(picture.crop((0, top, picture.width, foot)).convert("RGB"), ground)
            if painted:
                return None if foot == picture.height else (top + painted) // scale
            foot = top
    return 0


def _changes(data: bytes, rows: int) -> bool:
    """Whether a PNG's last rows, as they are written (PNG 1.2, 6), are surely not of one colour. False: perhaps not.

    Takes a third of the time of reading the pixels, and no memory for them.
    """
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if depth != 8 or colour not in CHANNELS or interlaced:
        return False
    length = 1 + width * CHANNELS[colour]
    tail = _end_of_rows(data, (height - rows) * length)
    for start in range(length, len(tail), length):  # the first is told by its difference from one above the tail
        kind, row = tail[start], tail[start + 1 : start + length]
        if kind == ABOVE and any(row):
            return True
        if kind == LEFT and any(row[CHANNELS[colour] :]):
            return True
    return False


def _end_of_rows(data: bytes, after: int) -> bytes:
    """A PNG's rows as they are written, unpacked, without the first `after` bytes of them."""
    unpacking, end, at, seen = zlib.decompressobj(), bytearray(), 8, 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        packed = data[at + 8 : at + 8 + size] if name == b"IDAT" else b""
        while packed:
            piece = unpacking.decompress(packed, PIECE)
            packed = unpacking.unconsumed_tail
            end += piece[max(0, after - seen) :]
            seen += len(piece)
        at += size + 12
    return bytes(end)


def _last_pixel(picture: Image.Image) -> Image.Image:
    """The picture's lower right corner."""
    return picture.crop((picture.width - 1, picture.height - 1, picture.width, picture.height)).convert("RGB")


def _painted(part: Image.Image, ground: Image.Image) -> int:
    """How many rows of a part of a picture there are down to the last one of another colour than `ground`; 0: none."""
    box = ImageChops.difference(part, ground.resize(part.size)).getbbox()
    return box[3] if box else 0
