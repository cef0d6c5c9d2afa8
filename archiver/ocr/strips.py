"""Turn a line on the picture into a strip that Tesseract reads best: black on white, alone, at one size.

Emoji and other small pictures on the line are left out of the strip and named beside it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archiver.ocr.lines import Line
from archiver.ocr.marks import CLEAR, FAINT, Marks, Pixels

CORE = 20  # strip pixels: height of a small letter without its limbs
LARGER = 1.5
MARGIN = 12  # strip pixels of white on every side
AROUND = 2  # pixels of the picture around a line that belong to it: the outermost grey of the letters
TALLEST_STRIP = 110  # strip pixels
BLUR = 10  # what is this many times weaker than the letter it stands beside is its blur
LIGHT = 56  # levels: a letter that differs by this in brightness is drawn by it alone; colour is blurred in JPEG
WIDEST_STRIP = 30_000  # strip pixels: Tesseract refuses more than 32,767
FULL = 0.66  # share of its box that a mark inks: a bold M inks half of its own, an emoji four fifths
FULL_SMALL = 0.74  # the same for marks up to 24 pixels high, where letters run together
HALF_FULL = 0.45  # the same for what has another colour than the words: a bold coloured letter inks 0.42 of its box
TINT = 32  # levels of Cb or Cr that make another colour
MOTLEY = 0.15  # share of a mark's ink that is no mixture of the ground and one other colour

Box = tuple[int, int, int, int]  # left, top, right, bottom in the picture


@dataclass(frozen=True)
class Strip:
    """One line made ready, and the way back to the picture."""

    image: Image.Image
    larger: Image.Image  # the same at `LARGER` times the size, for a second opinion
    left: int  # in the picture: where the strip's left margin ends
    top: int
    scale: float  # strip pixels for one picture pixel
    line: Line
    core: tuple[int, int]  # rows of the picture between which small letters stand
    marks: tuple[Box, ...]  # what was drawn on the strip, from left to right
    faces: tuple[Box, ...]  # emoji and other small pictures among the words, left out


def strip_of(pixels: Pixels, edges: Pixels, marks: Marks, line: Line) -> Strip | None:
    """None where nothing of the line is text. `pixels` are grey or YCbCr, `edges` of the same part of the picture."""
    left, top = max(0, line.left - AROUND), max(0, line.top - AROUND)
    right, bottom = min(pixels.shape[1], line.right + AROUND), min(pixels.shape[0], line.bottom + AROUND)
    piece = pixels[top:bottom, left:right].reshape(bottom - top, right - left, -1).astype(np.int16)
    away = piece - _ground(piece, edges[top:bottom, left:right] < FAINT)
    depth = _depth(away)
    boxes = [(int(marks.left[n]), int(marks.top[n]), int(marks.right[n]), int(marks.bottom[n])) for n in line.marks]
    faces = _pictures(away, depth, [_around(box, left, top, 0) for box in boxes])
    ink = np.zeros(depth.shape, np.uint8)
    for box in (box for box, face in zip(boxes, faces, strict=True) if not face):
        place = _around(box, left, top, 1)
        light = abs(away[place][..., 0]).astype(np.uint8)
        part = light if light.max() >= LIGHT else depth[place]
        most = max(CLEAR, int(np.percentile(part, 98)))
        least = most // BLUR
        dark = (np.maximum(part, least) - least).astype(np.uint16) * 255 // (most - least)
        ink[place] = np.maximum(ink[place], np.minimum(dark, 255))
    drawn = tuple(box for box, face in zip(boxes, faces, strict=True) if not face)
    aside = tuple(box for box, face in zip(boxes, faces, strict=True) if face)
    if not drawn:
        return None
    core = _core(ink)
    image, scale = _scaled(ink, CORE / (core[1] - core[0]))
    larger, _ = _scaled(ink, scale * LARGER)
    return Strip(image, larger, left, top, scale, line, (top + core[0], top + core[1]), drawn, aside)


def sheaf(strips: Sequence[Image.Image]) -> bytes:
    """The strips as the pages of one TIFF, in memory: one start of Tesseract (0.1 s) reads them all."""
    data = io.BytesIO()
    first, *rest = strips
    first.save(data, "TIFF", save_all=True, append_images=rest)
    return data.getvalue()


def _scaled(ink: Pixels, scale: float) -> tuple[Image.Image, float]:
    grey = Image.fromarray(255 - ink)
    scale = min(max(scale, 0.2), 5.0, TALLEST_STRIP / grey.height, WIDEST_STRIP / grey.width)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    strip = Image.new("L", (size[0] + 2 * MARGIN, size[1] + 2 * MARGIN), 255)
    strip.paste(
        grey.resize(size, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC), (MARGIN, MARGIN)
    )
    return strip, scale


def _around(box: Box, left: int, top: int, more: int) -> tuple[slice, slice]:
    return (
        slice(max(0, box[1] - more - top), box[3] + more - top),
        slice(max(0, box[0] - more - left), box[2] + more - left),
    )


def _ground(piece: NDArray[np.int16], calm: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The colour that most of the calm pixels have, or the plane through them where it changes along the line."""
    colours = piece[calm]
    if len(colours) < 8:
        colours = piece.reshape(-1, piece.shape[2])
    code = np.zeros(len(colours), np.int32)
    for channel in range(colours.shape[1]):
        code = code * 32 + (colours[:, channel] >> 3)
    ground: NDArray[np.int16] = np.median(colours[code == np.bincount(code).argmax()], axis=0).astype(np.int16)
    if len(colours) >= 64 and np.percentile(abs(colours - ground).max(axis=1), 60) > 6:
        return _slope(piece, calm)
    return ground


def _slope(piece: NDArray[np.int16], calm: NDArray[np.bool_]) -> NDArray[np.int16]:
    """A gradient, as bubbles and wallpapers have them."""
    rows, columns = np.nonzero(calm)
    step = max(1, len(rows) // 2000)
    rows, columns = rows[::step], columns[::step]
    known = np.stack([np.ones(len(rows)), rows, columns], axis=1)
    plane, *_ = np.linalg.lstsq(known, piece[rows, columns].astype(float), rcond=None)
    down, across = np.arange(piece.shape[0])[:, None, None], np.arange(piece.shape[1])[None, :, None]
    ground: NDArray[np.int16] = (plane[0] + down * plane[1] + across * plane[2]).astype(np.int16)
    return ground


def _depth(away: NDArray[np.int16]) -> Pixels:
    """How far each pixel is from the ground, in brightness or in colour."""
    depth: Pixels = abs(away).max(axis=2).astype(np.uint8)
    return depth


def _pictures(away: NDArray[np.int16], depth: Pixels, places: list[tuple[slice, slice]]) -> list[bool]:
    """Which marks of a line are emoji, badges or avatars.

    They are about as tall as the line and square, and full of ink, of several colours, or of another colour than the
    words beside them.
    """
    inked = [depth[place] > 0.4 * max(CLEAR, int(depth[place].max())) for place in places]
    full = [float(ink.mean()) for ink in inked]
    colour = [
        away[place][ink].mean(axis=0) if ink.any() else np.zeros(away.shape[2])
        for place, ink in zip(places, inked, strict=True)
    ]
    words = [c for c, share in zip(colour, full, strict=True) if share < HALF_FULL]
    usual = np.median(words, axis=0) if words else None
    pictures = []
    for place, share, own in zip(places, full, colour, strict=True):
        height, width = depth[place].shape
        if height < 8 or height < 0.7 * (len(depth) - 2 * AROUND) or not 0.6 < width / height < 1.7:
            pictures.append(False)
            continue
        other = (
            len(own) == 3 and abs(own - usual)[1:].max() > TINT
            if usual is not None
            else abs(own[1:]).max(initial=0) > TINT
        )
        pictures.append(
            share > (FULL if height > 24 else FULL_SMALL)
            or (other and share >= HALF_FULL)
            or (len(own) == 3 and share >= HALF_FULL and _motley(away[place]))
        )
    return pictures


def _motley(away: NDArray[np.int16]) -> bool:
    """Whether it has colours that are no mixture of the ground and one other colour."""
    height, width = away.shape[:2]
    rows, columns = height // 3 * 3, width // 3 * 3  # averaged, since the screens of Windows tint the rims of letters
    mean = away[:rows, :columns].reshape(rows // 3, 3, columns // 3, 3, 3).mean(axis=(1, 3)).reshape(-1, 3)
    strength = abs(mean).max(axis=1)
    strongest = mean[int(strength.argmax())]
    inked = mean[strength > 0.4 * strength.max()]
    share = inked @ strongest / max(1.0, float(strongest @ strongest))
    return bool((abs(inked - share[:, None] * strongest).max(axis=1) > 30).mean() > MOTLEY)


def _core(ink: Pixels) -> tuple[int, int]:
    """First and last row of the band that holds most of the ink: small letters without their limbs."""
    rows = ink.sum(axis=1, dtype=np.int64)
    full = np.flatnonzero(rows > 0.4 * np.percentile(rows, 92))
    if not len(full):
        return 0, max(4, len(rows))
    return int(full[0]), max(int(full[-1]) + 1, int(full[0]) + 4)
