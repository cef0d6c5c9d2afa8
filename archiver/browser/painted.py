"""Looks whether a picture was painted to its end. Reads pixels; changes none."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

BLANK_ROWS = 100  # CSS pixels of one colour at a picture's end that are worth a question to the page
BIG_PIXELS = 4_000_000  # smaller pictures are far below what Chromium has memory to paint; looking costs 10 ms each


def blank_from(data: bytes, scale: int) -> int | None:
    """CSS pixels from the top where a picture's tail of one colour begins; None where there is none to speak of."""
    with Image.open(io.BytesIO(data)) as picture:
        if picture.width * picture.height < BIG_PIXELS:
            return None
        rows, ground, foot = BLANK_ROWS * scale, _last_pixel(picture), picture.height
        while foot > 0:
            top = max(0, foot - rows)
            painted = _painted(picture.crop((0, top, picture.width, foot)).convert("RGB"), ground)
            if painted:
                return None if foot == picture.height else (top + painted) // scale
            foot = top
    return 0


def _last_pixel(picture: Image.Image) -> Image.Image:
    """The picture's lower right corner."""
    return picture.crop((picture.width - 1, picture.height - 1, picture.width, picture.height)).convert("RGB")


def _painted(part: Image.Image, ground: Image.Image) -> int:
    """How many rows of a part of a picture there are down to the last one of another colour than `ground`; 0: none."""
    box = ImageChops.difference(part, ground.resize(part.size)).getbbox()
    return box[3] if box else 0
