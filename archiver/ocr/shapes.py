"""Set right what the shapes of a line's marks prove: letters whose cases differ in size alone, and spaces overlooked.

Works where a word has as many marks as letters, so that each letter's place is known, and at both ends of the others.
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
GAPS = 4  # between letters, likewise
SPACES = 2  # that a line must show before it is known how wide they are
BAR = 0.55  # of its height: an upright bar is narrower, its blurred rim counted
WIDE = 1.25  # times the height of a small letter: one letter is narrower, but for W
BARS = frozenset("|]l1[I")  # what a capital I behind a space is read as


@dataclass(frozen=True)
class _Spelt:
    """A word and its marks, the dots of letters put to their stems."""

    word: Found
    boxes: tuple[Box, ...]

    @property
    def known(self) -> bool:
        """Whether each mark is one letter."""
        return len(self.boxes) == len(self.word.text)


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
    return tuple(boxes)


def _least_space(spelt: Sequence[_Spelt]) -> float:
    """How wide a gap inside a word must be to be a space; endless where the line does not show it."""
    sure = [(one.boxes, after.boxes) for one, after in itertools.pairwise(spelt) if one.boxes and after.boxes]
    spaces = [after[0][0] - boxes[-1][2] for boxes, after in sure]
    gaps = [after[0] - box[2] for one in spelt for box, after in itertools.pairwise(one.boxes)]
    if len(spaces) < SPACES:
        return float("inf")
    letters = statistics.median(gaps) if len(gaps) >= GAPS else 0.0  # in small print most letters run together
    return max(SPACE * statistics.median(spaces), LOOSE * letters)


def _parted(one: _Spelt, space: float) -> list[_Spelt]:
    """The words that it is. Where letters run together, only an I at its end is told."""
    text = one.word.text
    cuts = [n for n, (box, after) in enumerate(itertools.pairwise(one.boxes), start=1) if after[0] - box[2] >= space]
    if one.known:  # figures are as wide as each other, and a 1 among them stands alone
        cuts = [n for n in cuts if text[n - 1].isalpha() or text[n].isalpha()]
    if cuts and not one.known:
        left, _, right, _ = one.boxes[-1]
        bar = text[-1] in BARS and right - left < BAR * one.word.height
        if cuts[-1] != len(one.boxes) - 1 or not bar or len(text) < 2:
            return [one]
        before, after = _cut(one, 0, len(text) - 1, one.boxes[:-1]), _cut(one, len(text) - 1, len(text), one.boxes[-1:])
        return [before, replace(after, word=replace(after.word, text="I"))]  # no bracket closes, no bar follows a space
    ends = itertools.pairwise([0, *cuts, len(text)])
    return [_cut(one, begin, end, one.boxes[begin:end]) for begin, end in ends] if cuts else [one]


def _cut(one: _Spelt, begin: int, end: int, boxes: tuple[Box, ...]) -> _Spelt:
    left, right = boxes[0][0], boxes[-1][2]
    return _Spelt(replace(one.word, text=one.word.text[begin:end], left=left, width=right - left), boxes)


def _rows(spelt: Sequence[_Spelt]) -> tuple[float, float, float] | None:
    """Where small letters, capitals and the line's foot stand; None where the line has too few that are sure."""
    letters = [
        (letter, box) for one in spelt if one.known for letter, box in zip(one.word.text, one.boxes, strict=True)
    ]
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
    text = one.word.text
    if one.known:
        text = "".join(_letter(letter, box, small, tall, foot) for letter, box in zip(text, one.boxes, strict=True))
    elif one.boxes and text[0] not in "wW" and one.boxes[0][2] - one.boxes[0][0] < WIDE * (foot - small):
        text = _letter(text[0], one.boxes[0], small, tall, foot) + text[1:]
    return replace(one.word, text=text)


def _letter(letter: str, box: Box, small: float, tall: float, foot: float) -> str:
    size = foot - small
    if letter.lower() not in ALIKE or small - tall < 0.15 * size or abs(box[3] - foot) > 0.2 * size:
        return letter
    return letter.lower() if box[1] > (small + tall) / 2 else letter.upper()
