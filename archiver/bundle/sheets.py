"""Cuts pictures into pieces that fit a page of paper and stay legible. Never scales a pixel and loses no row.

Print engines clip one huge picture silently, so each piece is a picture of its own. A cut runs where no words stand,
as far as there is such a place near the foot of the page.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, UnidentifiedImageError

PAGE_WIDTH, PAGE_HEIGHT = 184.0, 236.0  # millimetres that a picture may take on A4 beside margins, foot and caption
MM_PER_PIXEL = 25.4 / 96  # a CSS pixel: nothing is printed larger than it was
WIDEST = 1600  # pixels at scale 1 side by side: 16 px letters stay 1.9 mm high; a wider picture is cut into columns
QUIET_SHARE = 0.2  # of a piece's height in which a quiet row is looked for
EDGE = 24  # of 255: two neighbouring pixels that differ by more are a letter's edge
MOST_PIXELS = 89_000_000  # of one picture; a tile of 1,280 x 16,384 px at scale 2 has 84 million


class NotAPicture(ValueError):
    """The bytes can't be opened as a picture, or it is larger than can be printed."""


@dataclass(frozen=True)
class Piece:
    """A part of a picture, in its own pixels; `right` and `bottom` are not part of it."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Sheet:
    """One piece, ready to be printed."""

    piece: Piece
    width: int  # of the whole picture, pixels
    height: int
    png: bytes
    wide: int  # CSS pixels: how wide it is printed


def sheets(data: bytes, *, scale: int = 1, grey: bool = False) -> Iterator[Sheet]:
    """The pieces of a picture, row by row. Raises NotAPicture. `scale`: its pixels for one CSS pixel."""
    image = opened(data)
    rows = _quiet(image, scale)
    for piece in pieces(image.width, image.height, rows, scale=scale):
        part = image.crop((piece.left, piece.top, piece.right, piece.bottom))
        stream = io.BytesIO()
        (part.convert("L") if grey else part).save(stream, "PNG")
        wide, high = part.width * MM_PER_PIXEL / scale, part.height * MM_PER_PIXEL / scale
        shrunk = min(1.0, PAGE_WIDTH / wide, PAGE_HEIGHT / high)
        yield Sheet(piece, image.width, image.height, stream.getvalue(), max(1, int(wide * shrunk / MM_PER_PIXEL)))


def opened(data: bytes) -> Image.Image:
    """A picture's pixels on white, upright, and nothing else of it: no metadata, no palette, no second frame."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPicture(f"it has {image.width} by {image.height} pixels")
            turned = _upright(image)
            if turned.mode == "RGB":
                return _only_pixels(turned)
            ground = Image.new("RGBA", turned.size, "white")
            ground.alpha_composite(turned.convert("RGBA"))
            return _only_pixels(ground.convert("RGB"))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, MemoryError) as error:
        raise NotAPicture(f"it can't be opened ({type(error).__name__})") from error


def pieces(width: int, height: int, quiet: list[int], *, scale: int = 1) -> list[Piece]:
    """Pieces that cover the picture once. `quiet`: for each row how loud it is, 0 where nothing stands on it."""
    columns = max(1, -(-width // (WIDEST * scale)))
    edges = [round(n * width / columns) for n in range(columns + 1)]
    widest = max(right - left for left, right in pairwise(edges))
    wide_mm = widest * MM_PER_PIXEL / scale
    tall = max(1, int(PAGE_HEIGHT * max(1.0, wide_mm / PAGE_WIDTH) / MM_PER_PIXEL * scale))
    cuts = [0]
    while height - cuts[-1] > tall:
        cuts.append(_cut(quiet, cuts[-1], tall))
    cuts.append(height)
    return [Piece(left, top, right, bottom) for top, bottom in pairwise(cuts) for left, right in pairwise(edges)]


def _cut(quiet: list[int], top: int, tall: int) -> int:
    """In the middle of the last gap near the foot: of the rows with the least on them."""
    from_row, to_row = top + int(tall * (1 - QUIET_SHARE)), top + tall
    least = min(quiet[from_row:to_row])
    last = next(row for row in range(to_row - 1, from_row - 1, -1) if quiet[row] == least)
    first = next((row for row in range(last, from_row - 1, -1) if quiet[row] != least), from_row - 1) + 1
    return last + 1 if last == to_row - 1 and first == from_row else (first + last) // 2 + 1


def _quiet(image: Image.Image, scale: int) -> list[int]:
    """How many edges of letters stand on each row, of 255; looked at with the rows beside it."""
    grey = image.convert("L")
    shifted = ImageChops.offset(grey, 1, 0)
    edges = ImageChops.difference(grey, shifted).point([255 if value > EDGE else 0 for value in range(256)])
    return list(edges.resize((1, image.height), Image.Resampling.BOX).tobytes())


def _upright(image: Image.Image) -> Image.Image:
    """As its EXIF says that it is held; pixels alone would lie on their side once that is gone."""
    turn = TURNS.get(image.getexif().get(0x0112, 1))
    return image.transpose(turn) if turn is not None else image


def _only_pixels(image: Image.Image) -> Image.Image:
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


TURNS = {  # EXIF's Orientation (tag 0x0112)
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
