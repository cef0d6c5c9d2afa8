"""Looks whether a picture was painted to its end. Reads pixels; changes none."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

BLANK_ROWS = 100  # CSS pixels of one colour at a picture's end that are worth a question to the page
BIG_PIXELS = 4_000_000  # smaller pictures are far below what Chromium has memory to paint; looking costs 10 ms each


def blank_from(data: bytes, scale: int) -> int | None:
    """CSS pixels from the top where a picture's tail of one colour begins; None where there is none to speak of."""
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height < BIG_PIXELS:
            return None
        picture = opened.convert("RGB")
    corner = picture.getpixel((picture.width - 1, picture.height - 1))
    last = picture.crop((0, picture.height - BLANK_ROWS * scale, picture.width, picture.height))
    if _painted(last, corner):
        return None
    box = _painted(picture, corner)
    return (box[3] if box else 0) // scale


def _painted(picture: Image.Image, ground: object) -> tuple[int, int, int, int] | None:
    plain = Image.new("RGB", picture.size, ground)  # type: ignore[arg-type] # getpixel's type is wider than what RGB gives
    return ImageChops.difference(picture, plain).getbbox()
