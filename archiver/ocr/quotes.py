"""Tell straight quotes from curly ones by their strokes, where Tesseract gives what is usual. Changes no other sign.

Strokes of straight quotes stand upright and are alike above and below; those of curly ones lean, or hang from a dot.
Where they show neither, what was read stands.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from archiver.ocr.engine import Found
from archiver.ocr.marks import boxes_of
from archiver.ocr.strips import MARGIN, Strip

DOUBLE, SINGLE = '"“”', "'‘’"
LEANS, UPRIGHT = 0.06, 0.03  # of its height: its upper half stands so far right of its lower; curly ones reach 0.08
DOT_BELOW, DOT_ABOVE = 0.47, 0.54  # share of its ink in the upper half: less and more where a dot is below, above
INKED = 128  # levels of 255
LOWEST, DEEPEST = 0.3, 0.5  # of a small letter's height: how high a stroke is, how far below its top it reaches
STEM = 0.6  # of the same: what reaches lower stands on the line, and a dot over it is its own
BESIDE = 2  # strip pixels around a word

Kind = Literal["straight", "curly", ""]


@dataclass(frozen=True)
class _Stroke:
    place: int  # -1 before the word's letters, 1 behind them, 0 among them
    lean: float
    above: float  # share of its ink


def with_quotes(words: Sequence[Found], strip: Strip) -> list[Found]:
    """The words of this strip (boxes in the picture's pixels) with their quotes as they are drawn."""
    if set(DOUBLE + SINGLE).isdisjoint("".join(word.text for word in words)):
        return list(words)
    strokes = [_strokes(word, strip) for word in words]
    kinds = [_double(word, own) for word, own in zip(words, strokes, strict=True)]
    double: Kind = next((kind for kind in kinds if kind), "")
    return [_single(_doubled(word, double), own) for word, own in zip(words, strokes, strict=True)]


def _double(word: Found, strokes: Sequence[_Stroke]) -> Kind:
    before = _kind(strokes, -1) if word.text[0] in DOUBLE else ""
    return before or (_kind(strokes, 1) if word.text.rstrip(".,;:!?")[-1:] in tuple(DOUBLE) else "")


def _doubled(word: Found, kind: Kind) -> Found:
    """Curly ones that were read as such stay what they are: a word may also end in “."""
    core = word.text.strip(DOUBLE)
    if kind == "" or not core:
        return word
    if kind == "straight":
        return replace(word, text="".join('"' if letter in DOUBLE else letter for letter in word.text))
    first, last = word.text.index(core), len(word.text.rstrip(DOUBLE))
    before, behind = word.text[:first].replace('"', "“"), word.text[last:].replace('"', "”")
    return replace(word, text=before + core + behind)


def _single(word: Found, strokes: Sequence[_Stroke]) -> Found:
    text = word.text
    last = len(text.rstrip(SINGLE + ".,;:!?"))
    for n, letter in enumerate(text):
        if letter in SINGLE and len(text) > 1:
            place = -1 if n == 0 else 1 if n >= last else 0
            kind = _kind(strokes, place)
            curly = letter if letter != "'" else "‘" if place < 0 else "’"
            text = text[:n] + {"straight": "'", "curly": curly, "": letter}[kind] + text[n + 1 :]
    return replace(word, text=text)


def _kind(strokes: Sequence[_Stroke], place: int) -> Kind:
    own = [stroke for stroke in strokes if stroke.place == place]
    if not own:
        return ""
    lean = statistics.median(stroke.lean for stroke in own)
    above = statistics.median(stroke.above for stroke in own)
    if lean >= LEANS:
        return "curly"
    if lean > UPRIGHT:
        return ""
    if place < 0:
        return "straight" if above > DOT_BELOW else "curly"
    return "straight" if above < DOT_ABOVE else ""


def _strokes(word: Found, strip: Strip) -> list[_Stroke]:
    """The small upright strokes that stand as high as capitals do, left to right."""
    top, size = (strip.core[0] - strip.top) * strip.scale + MARGIN, (strip.core[1] - strip.core[0]) * strip.scale
    left = max(0, round((word.left - strip.left) * strip.scale) + MARGIN - BESIDE)
    right = round((word.left + word.width - strip.left) * strip.scale) + MARGIN + BESIDE
    ink = 255 - np.asarray(strip.image)[:, left:right].astype(np.int32)
    boxes = sorted(boxes_of(ink > INKED))
    stems = [box for box in boxes if box[3] > top + STEM * size and box[3] - box[1] > STEM * size]
    strokes = []
    for box in boxes:
        over = any(min(box[2], stem[2]) - max(box[0], stem[0]) > 0.5 * (box[2] - box[0]) for stem in stems)
        high = box[3] < top + DEEPEST * size and box[3] - box[1] > LOWEST * size
        if high and not over and stems:
            before, behind = box[2] <= stems[0][0] + 1, box[0] >= max(stem[2] for stem in stems) - 1
            strokes.append(_stroke(ink[box[1] : box[3], box[0] : box[2]], behind - before))
    return strokes


def _stroke(ink: np.ndarray[tuple[int, ...], np.dtype[np.int32]], place: int) -> _Stroke:
    half = len(ink) // 2
    above, below = ink[:half].sum(axis=0), ink[-half:].sum(axis=0)
    columns = np.arange(ink.shape[1])
    lean = (above @ columns / max(1, above.sum()) - below @ columns / max(1, below.sum())) / len(ink)
    return _Stroke(place, float(lean), float(above.sum() / max(1, above.sum() + below.sum())))
