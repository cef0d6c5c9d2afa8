"""Paints over parts of a picture, or all of it, and writes it anew from its pixels. Never touches what was kept."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from archiver.bundle.occurrences import Box
from archiver.bundle.sheets import opened

COVERED = "[covered]"
# Pixels that become one: 48 left letters of 200 px legible, such as stand on a picture that is made of words.
BLUR, ACROSS = 96, 8  # at least as many; and no more than so many blocks side by side
SHADES = 32  # of 255: steps of what is left of a colour. Without them a guess could be blurred too, and compared


def burnt(data: bytes, places: Sequence[Box]) -> bytes:
    """The picture with black boxes, as a PNG of its pixels alone. Raises NotAPicture."""
    image = opened(data)
    draw = ImageDraw.Draw(image)
    for box in places:
        draw.rectangle((box.x, box.y, box.x + box.width - 1, box.y + box.height - 1), fill="black")
        if box.label and box.label != COVERED:
            font = ImageFont.load_default(max(8, int(box.height * 0.6)))
            if draw.textlength(box.label, font) < box.width:
                draw.text((box.x + 2, box.y + box.height / 2), box.label, fill="white", font=font, anchor="lm")
    return _png(image)


def blurred(data: bytes) -> bytes:
    """The picture without anything that can be read, or told from another of the same kind. Raises NotAPicture."""
    image = opened(data)
    side = max(BLUR, -(-image.width // ACROSS))
    coarse = image.resize((-(-image.width // side), -(-image.height // side)), Image.Resampling.BOX)
    flat = coarse.point([min(255, round(value / SHADES) * SHADES) for value in range(256)] * 3)
    return _png(flat.resize(image.size, Image.Resampling.BICUBIC))


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
