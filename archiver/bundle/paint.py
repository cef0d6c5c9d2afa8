"""Paints over parts of a picture, or all of it, and writes it anew from its pixels. Never touches what was kept."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from archiver.bundle.occurrences import Box
from archiver.bundle.sheets import opened

COVERED = "[covered]"
BLUR = 48  # pixels that become one: letters are 10 to 30 high


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
    """The picture without anything that can be read. Raises NotAPicture."""
    image = opened(data)
    coarse = (max(1, image.width // BLUR), max(1, image.height // BLUR))
    return _png(image.resize(coarse, Image.Resampling.BOX).resize(image.size, Image.Resampling.BICUBIC))


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()
