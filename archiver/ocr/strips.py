"""Turn a line on the picture into a strip that Tesseract reads best: black on white, alone, at one size.

Emoji and other small pictures on the line are left out of the strip and named beside it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archiver.ocr.faces import kinds_of
from archiver.ocr.ground import Ground, ground_at, ground_of
from archiver.ocr.lines import Box, Line
from archiver.ocr.marks import CLEAR, FAINT, Marks, Pixels
from archiver.ocr.patches import patches_of

CORE = 20  # strip pixels: height of a small letter without its limbs
MARK = "□"  # stands for a picture the size of a letter: an emoji, a sticker, a badge; no letter of any script
DOT = "·"
GAP = 0.8  # of the small letters' height: a word's space is half of it
WIDE_GAP = 2.5  # the same where the words on both sides are of one size
LARGER = 1.5
MARGIN = 12  # strip pixels of white on every side
AROUND = 2  # pixels of the picture around a line that belong to it: the outermost grey of the letters
TALLEST_STRIP = 110  # strip pixels
REACH = 6  # times the line's height to either side: a row of emoji after the last word
ABOVE = 0.6  # of the line's height: so far emoji may reach above and below it
FEW = 6  # marks: all of them may be one row of emoji
LEAST = 14  # pixels high: a full stop on a coloured ground is as round
SHORT = 5  # times its height: on a shorter line emoji may cover more than the ground does
STROKE = 0.4  # of the line's height: lower marks than letters are eyes and mouths
HIGHEST = 1.7  # times the line's height: emoji; avatars beside a name are higher
HIGHER, EVEN = 2.6, 0.75  # the same where all letters are as high as each other, as in "me"; how nearly
RIM = 0.1  # of a patch's height
NEAR = 1.2  # times the line's height: farther from words or the emoji before, a coloured patch is no part of the line
BLUR = 10  # what is this many times weaker than the letter it stands beside is its blur
LIGHT = 56  # levels: a letter that differs by this in brightness is drawn by it alone; colour is blurred in JPEG
WIDEST_STRIP = 30_000  # strip pixels: Tesseract refuses more than 32,767


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
    sign: str  # what stands for them in the text
    bright: bool  # whether all of these are coloured: an emoji is, an icon seldom
    alone: bool = True  # False: other strips belong to the same line


def strips_of(
    pixels: Pixels, edges: Pixels, marks: Marks, line: Line, seen: Sequence[Box] | None = None
) -> list[Strip]:
    """One strip, or several where wide gaps part the line: a small time stamp behind large words is read better alone.

    `pixels` are grey or YCbCr, `edges` of the same part of the picture. `seen` are coloured patches that were found on
    the line before it was parted.
    """
    every = [_box(marks, n) for n in (*line.marks, *line.round)]
    left, top = max(0, min(box[0] for box in every) - AROUND), max(0, min(box[1] for box in every) - AROUND)
    right = min(pixels.shape[1], max(box[2] for box in every) + AROUND)
    bottom = min(pixels.shape[0], max(box[3] for box in every) + AROUND)
    piece = pixels[top:bottom, left:right].reshape(bottom - top, right - left, -1).astype(np.int16)
    calm = edges[top:bottom, left:right] < FAINT
    if right - left < SHORT * (bottom - top):
        calm[AROUND:-AROUND, AROUND:-AROUND] = False  # a picture fills its box: the ground is what is around it
    ground = ground_of(piece, calm)
    away = piece - ground_at(ground, range(bottom - top), range(right - left))
    depth: Pixels = abs(away).max(axis=2).astype(np.uint8)
    kinds = kinds_of(away, depth, [_around(box, left, top, 0) for box in every], len(line.round))
    faces = _outermost([box for box, kind in zip(every, kinds, strict=True) if kind != "letter"])
    known = every[: len(line.marks)]  # a frame is a face or nothing
    letters = [box for box, kind in zip(known, kinds, strict=False) if kind == "letter" and not _within(box, faces)]
    if seen is None and letters and pixels.ndim == 3:
        high = [box for box in letters if box[3] - box[1] >= STROKE * (line.bottom - line.top)]
        places = [_around(box, left, top, 0) for box in high or letters]
        sizes = [box[3] - box[1] for box in high or letters]
        highest = HIGHER if min(sizes) > EVEN * max(sizes) else HIGHEST
        seen = _patches(pixels, line, (left, top), ground, _colour(away, depth, places), highest)
        if not seen and len(letters) <= FEW and line.bottom - line.top >= LEAST:
            plain = _patches(pixels, line, (left, top), ground, np.zeros(3), highest)
            seen = plain if all(_covered(box, plain) for box in letters) else []
    faces = [*(seen or ()), *(face for face in faces if not _covered(face, seen or ()))]
    letters = [box for box in letters if not _covered(box, seen or ())]
    boxes = sorted([*letters, *faces])
    ink = np.zeros(depth.shape, np.uint8)
    for box in letters:
        place = _around(box, left, top, 1)
        ink[place] = np.maximum(ink[place], _darkened(away[place], depth[place]))
    core = _core(ink)
    dots = _middle_dots(letters, top + core[0], top + core[1])
    parts = _alike(_parted(boxes, GAP * (core[1] - core[0]), dots), dots, ink, left) if letters else [boxes]
    rows = (top + core[0], top + core[1])
    if len(parts) > 1:
        strips = []
        for part in parts:
            one = _part(line, every, part)
            if part[0] in dots or set(part) <= set(faces):
                strips.append(_sign(one, part, rows, DOT if part[0] in dots else MARK))
            else:
                own = [box for box in seen or () if box in part]
                strips += [replace(strip, alone=False) for strip in strips_of(pixels, edges, marks, one, own)]
        return strips
    image, scale = _scaled(ink, CORE / (core[1] - core[0]))
    larger, _ = _scaled(ink, scale * LARGER)
    bright = "icon" not in kinds
    return [Strip(image, larger, left, top, scale, line, rows, tuple(letters), tuple(faces), MARK, bright)]


def _patches(
    pixels: Pixels, line: Line, corner: tuple[int, int], ground: Ground, words: NDArray[np.float64], highest: float
) -> list[Box]:
    """Coloured patches among the words and beside them. `ground` counts from the `corner` (left, top)."""
    tall = line.bottom - line.top
    left, right = max(0, line.left - REACH * tall), min(pixels.shape[1], line.right + REACH * tall)
    top = max(0, line.top - round(ABOVE * tall))
    bottom = min(pixels.shape[0], line.bottom + round(ABOVE * tall))
    rows, columns = range(top - corner[1], bottom - corner[1]), range(left - corner[0], right - corner[0])
    away = pixels[top:bottom, left:right].astype(np.int16) - ground_at(ground, rows, columns)
    found = [(a + left, b + top, c + left, d + top) for a, b, c, d in patches_of(away, words, tall, highest)]
    level = [box for box in found if line.top < (box[1] + box[3]) / 2 < line.bottom]
    kept: list[Box] = []
    first, last = line.left, line.right
    for box in sorted(level, key=lambda box: max(box[0] - line.right, line.left - box[2])):
        if max(box[0] - last, first - box[2]) < NEAR * tall:
            kept.append(box)
            first, last = min(first, box[0]), max(last, box[2])
    return sorted(kept)


def _colour(away: NDArray[np.int16], depth: Pixels, places: Sequence[tuple[slice, slice]]) -> NDArray[np.float64]:
    """Of the words, less the ground: the usual one of the letters' strongest pixels."""
    strongest = [np.median(away[place][depth[place] >= 0.8 * depth[place].max()], axis=0) for place in places]
    colour: NDArray[np.float64] = np.median(strongest, axis=0)
    return colour


def _covered(box: Box, patches: Sequence[Box]) -> bool:
    """Whether its middle lies on a patch or on its rim, where JPEG leaves specks."""
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(
        left - RIM * (bottom - top) <= across <= right + RIM * (bottom - top)
        and top - RIM * (bottom - top) <= down <= bottom + RIM * (bottom - top)
        for left, top, right, bottom in patches
    )


def _sign(line: Line, boxes: Sequence[Box], rows: tuple[int, int], sign: str) -> Strip:
    """Nothing to read: a separator, or emoji apart from the words of their line."""
    nothing = Image.new("L", (1, 1), 255)
    return Strip(nothing, nothing, line.left, line.top, 1.0, line, rows, (), tuple(boxes), sign, True, False)


def _middle_dots(letters: Sequence[Box], top: int, bottom: int) -> list[Box]:
    """Specks that stand in the middle of the line with a space on both sides: separators, which Tesseract reads as
    hyphens and colons, and which spoil the short numbers beside them."""
    core = bottom - top
    dots = []
    for n, box in enumerate(letters):
        width, height, middle = box[2] - box[0], box[3] - box[1], (box[1] + box[3]) / 2
        others = [other for m, other in enumerate(letters) if m != n]
        space = min((max(other[0] - box[2], box[0] - other[2]) for other in others), default=core)
        small = max(width, height) < 0.55 * core and max(width, height) < 1.7 * min(width, height)
        if small and space > 0.2 * core and top + 0.2 * core < middle < bottom - 0.2 * core:
            dots.append(box)
    return dots


def _box(marks: Marks, n: int) -> Box:
    return int(marks.left[n]), int(marks.top[n]), int(marks.right[n]), int(marks.bottom[n])


def _outermost(faces: list[Box]) -> list[Box]:
    return [face for n, face in enumerate(faces) if not _within(face, [*faces[:n], *faces[n + 1 :]])]


def _within(box: Box, faces: Sequence[Box]) -> bool:
    """The eyes and the mouth of an emoji are marks of their own."""
    return any(f[0] < box[0] and f[1] < box[1] and box[2] < f[2] and box[3] < f[3] for f in faces)


def _parted(boxes: Sequence[Box], gap: float, alone: Sequence[Box]) -> list[list[Box]]:
    parts: list[list[Box]] = []
    reach = 0.0
    for n, box in enumerate(boxes):
        if not parts or box[0] - reach > gap or box in alone or boxes[n - 1] in alone:
            parts.append([])
        parts[-1].append(box)
        reach = max(reach, box[2])
    return parts


def _alike(parts: list[list[Box]], dots: Sequence[Box], ink: Pixels, left: int) -> list[list[Box]]:
    """Put together again what is of one size and height, as words in type of one width are."""
    joined = parts[:1]
    for part in parts[1:]:
        if not (part[0] in dots or joined[-1][0] in dots) and _same_size(joined[-1], part, ink, left):
            joined[-1] = [*joined[-1], *part]
        else:
            joined.append(part)
    return joined


def _same_size(one: Sequence[Box], other: Sequence[Box], ink: Pixels, left: int) -> bool:
    (above, below), (top, bottom) = (
        _core(ink[:, max(0, part[0][0] - left) : max(box[2] for box in part) - left]) for part in (one, other)
    )
    core = max(below - above, bottom - top)
    gap = other[0][0] - max(box[2] for box in one)
    return gap < WIDE_GAP * core and abs(above - top) <= 0.2 * core and abs(below - bottom) <= 0.15 * core


def _part(line: Line, boxes: Sequence[Box], part: Sequence[Box]) -> Line:
    inside = set(part)
    places = tuple(n for n, box in zip(line.marks, boxes, strict=False) if box in inside or _within(box, part))
    sides = (min(b[0] for b in part), min(b[1] for b in part), max(b[2] for b in part), max(b[3] for b in part))
    return Line(
        *sides, places, tuple(n for n, box in zip(line.round, boxes[len(line.marks) :], strict=True) if box in inside)
    )


def _darkened(away: NDArray[np.int16], depth: Pixels) -> Pixels:
    """A letter in full black, whatever it was; by brightness alone where that suffices."""
    light = abs(away[..., 0]).astype(np.uint8)
    part = light if light.max() >= LIGHT else depth
    most = max(CLEAR, int(np.percentile(part, 98)))
    least = most // BLUR
    dark = (np.maximum(part, least) - least).astype(np.uint16) * 255 // (most - least)
    return np.minimum(dark, 255).astype(np.uint8)


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


def _core(ink: Pixels) -> tuple[int, int]:
    """First and last row of the band that holds most of the ink: small letters without their limbs."""
    rows = ink.sum(axis=1, dtype=np.int64)
    full = np.flatnonzero(rows > 0.4 * np.percentile(rows, 92))
    if not len(full):
        return 0, max(4, len(rows))
    return int(full[0]), max(int(full[-1]) + 1, int(full[0]) + 4)
