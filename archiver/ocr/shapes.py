"""Set right what the shapes of a line's marks prove: letters whose cases differ in size alone, and spaces overlooked.

Works where a word has as many marks as letters, so that each letter's place is known. Where they run together, it
leaves the word as it was read.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.ocr.engine import Found
from archiver.ocr.lines import Box

ALIKE = frozenset("cosvwxz")  # small and capital differ in size alone
SMALL = frozenset("aemnrugpqy")  # as tall as a small letter, at its top
TALL = frozenset("ABDEFGHKLMNPRTYbdhkl")
FOOTED = TALL | frozenset("aemnru")  # stand on the line
CAPITAL = 1.38  # times the height of a small letter: of a capital, where the line shows none
SPACE = 0.8  # times the line's usual space
LOOSE = 2.5  # times the usual gap between the line's letters
SPACES = 2  # that a line must show before it is known how wide they are
BARS = frozenset("|]l1[")  # what a capital I that stands alone is read as


@dataclass(frozen=True)
class _Spelt:
    """A word and the mark of each of its letters; none where they can't be told apart."""

    word: Found
    boxes: tuple[Box, ...]


def proven(words: Sequence[Found], marks: Sequence[Box]) -> list[Found]:
    """The words of one line, left to right, with what `marks` (boxes in the same pixels) prove set right."""
    spelt = [_Spelt(word, _letters(word, marks)) for word in words]
    parted = [part for one in spelt for part in _parted(one, _least_space(spelt))]
    rows = _rows(parted)
    return [_cased(one, *rows) if rows else one.word for one in parted]


def _letters(word: Found, marks: Sequence[Box]) -> tuple[Box, ...]:
    inside = sorted(box for box in marks if word.left <= (box[0] + box[2]) / 2 <= word.left + word.width)
    boxes: list[Box] = []
    for box in inside:
        last = boxes[-1] if boxes else None
        if last and min(last[2], box[2]) - max(last[0], box[0]) > 0.5 * min(last[2] - last[0], box[2] - box[0]):
            boxes[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            boxes.append(box)
    return tuple(boxes) if len(boxes) == len(word.text) else ()


def _least_space(spelt: Sequence[_Spelt]) -> float:
    """How wide a gap inside a word must be to be a space; endless where the line does not show it."""
    sure = [(one.boxes, after.boxes) for one, after in itertools.pairwise(spelt) if one.boxes and after.boxes]
    spaces = [after[0][0] - boxes[-1][2] for boxes, after in sure]
    gaps = [after[0] - box[2] for one in spelt for box, after in itertools.pairwise(one.boxes)]
    if len(spaces) < SPACES or not gaps:
        return float("inf")
    return max(SPACE * statistics.median(spaces), LOOSE * statistics.median(gaps))


def _parted(one: _Spelt, space: float) -> list[_Spelt]:
    cuts = [n for n, (box, after) in enumerate(itertools.pairwise(one.boxes), start=1) if after[0] - box[2] >= space]
    if not cuts:
        return [one]
    parts = []
    for begin, end in itertools.pairwise([0, *cuts, len(one.boxes)]):
        text, boxes = one.word.text[begin:end], one.boxes[begin:end]
        left, right = boxes[0][0], boxes[-1][2]
        parts.append(_Spelt(replace(one.word, text=text, left=left, width=right - left), boxes))
    return parts


def _rows(spelt: Sequence[_Spelt]) -> tuple[float, float, float] | None:
    """Where small letters, capitals and the line's foot stand; None where the line has too few that are sure."""
    letters = [(letter, box) for one in spelt for letter, box in zip(one.word.text, one.boxes, strict=False)]
    small = [box[1] for letter, box in letters if letter in SMALL]
    if len(small) < 2:
        return None
    top = statistics.median(small)
    feet = [box[3] for letter, box in letters if letter in FOOTED]
    if not feet:
        return None
    foot = statistics.median(feet)
    tall = [box[1] for letter, box in letters if letter in TALL]
    return top, statistics.median(tall) if tall else foot - CAPITAL * (foot - top), foot


def _cased(one: _Spelt, small: float, tall: float, foot: float) -> Found:
    text = "".join(
        _letter(letter, box, small, tall, foot) for letter, box in zip(one.word.text, one.boxes, strict=False)
    )
    if len(one.boxes) == 1 and text in BARS:
        left, top, right, bottom = one.boxes[0]
        upright = right - left < 0.35 * (bottom - top) and abs(bottom - foot) <= 0.1 * (foot - tall)
        text = "I" if upright and abs(top - tall) <= 0.1 * (foot - tall) else text
    return replace(one.word, text=text) if text else one.word


def _letter(letter: str, box: Box, small: float, tall: float, foot: float) -> str:
    size = foot - small
    if letter.lower() not in ALIKE or small - tall < 0.15 * size or abs(box[3] - foot) > 0.2 * size:
        return letter
    return letter.lower() if box[1] > (small + tall) / 2 else letter.upper()
