"""Looks once more at one band of a picture, in the plainest way: is a text that should be there, there?

What the careful reading leaves out as too unsure, this one gives. It serves to believe a page, never to tell what it
says.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from archiver.ocr.engine import Engine, RunFailed, run
from archiver.ocr.picture import Refused, open_picture

LARGER = 2  # small print on a screen is 10 px high, and Tesseract wants 20
ONE_BLOCK = 6  # Tesseract's layout: lines, one below the other
SECONDS = 20.0


def look_again(picture: bytes, top: int, bottom: int, engine: Engine, languages: Sequence[str]) -> str:
    """What can be read between two rows of the picture; nothing where it can't be opened."""
    try:
        whole = open_picture(picture).image
        band = whole.crop((0, max(0, top), whole.width, min(whole.height, bottom)))
        stream = io.BytesIO()
        band.resize((band.width * LARGER, band.height * LARGER)).save(stream, "PNG")
        used = [name for name in languages if name in engine.languages] or ["eng"]
        found = run(engine, stream.getvalue(), languages=used, layout=ONE_BLOCK, seconds=SECONDS)
    except (Refused, RunFailed, ValueError):
        return ""
    return " ".join(word.text for word in found)
