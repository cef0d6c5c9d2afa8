"""What Tesseract made of each strip, back on the picture, and how far it is to be believed. Drops nothing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from archiver.ocr.engine import Found
from archiver.ocr.quotes import with_quotes
from archiver.ocr.shapes import proven
from archiver.ocr.strips import LARGER, MARGIN, Strip

ALIKE = str.maketrans("o|il", "0111", ".,·-'’")  # letters that look alike, and specks
POOR = 70  # percent: lines of another script come out at 20 to 60
SAME = 0.75  # share of the letters that two looks at words have in common, at texture a third
STEADY = 88  # percent: so sure once, a short word stands though the other look gave another


@dataclass(frozen=True)
class Said:
    """What Tesseract made of one strip. The box holds the small letters, so that close lines do not overlap."""

    left: int
    top: int
    right: int
    bottom: int
    words: tuple[Found, ...]  # boxes in pixels of the picture
    strip: Strip
    faint: bool = False  # the second look saw nothing at all
    steady: bool = False  # both looks saw nearly the same word or more

    @property
    def tall(self) -> int:
        """Height of all that stands on the line, limbs included."""
        return self.strip.line.bottom - self.strip.line.top

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


def said_of(strip: Strip, found: Sequence[Found], second: Sequence[Found] | None = None) -> Said:
    """Tesseract's words put back on the picture, with what its boxes prove set right.

    `second` is what it read on the larger strip. The surer one stands; where a letter or two are read as something
    else each time, and no time surely, they are none.
    """
    words = [_mended(_back(word, strip, 1.0), strip) for word in found]
    steady = False
    if second is not None:
        others = [_mended(_back(word, strip, LARGER), strip) for word in second]
        short = letters(words) <= 3 or letters(others) <= 3
        differ = len(strip.marks) <= 3 and short and _shape(words) != _shape(others)
        if differ and max(sure(words), sure(others)) < (STEADY if words and others else 101):
            words, others = [], []
        steady = letters(words) > 4 and _likeness(words, others) > SAME
        if sure(others) > sure(words):
            words, others = others, words
        words = [_agreed(word, others) for word in words]
    line = strip.line
    faint = second is not None and not second
    return Said(
        line.left,
        strip.core[0],
        line.right,
        strip.core[1],
        tuple(proven(with_quotes(words, strip), strip.marks, strip.core[1] - strip.core[0])),
        strip,
        faint,
        steady,
    )


def _agreed(word: Found, others: Sequence[Found]) -> Found:
    """The word as sure as the surer of two looks that gave it at one place; of a single sign this says nothing."""
    same = [
        other.confidence for other in others if other.text == word.text and abs(other.left - word.left) < word.height
    ]
    return replace(word, confidence=max(word.confidence, *same)) if same and letters([word]) > 1 else word


def surer(one: Said, found: Sequence[Found]) -> Said:
    """`one`, or what another reading of its larger strip gives where that is surer by far."""
    words = tuple(_back(word, one.strip, LARGER) for word in found)
    return replace(one, words=words) if sure(words) > sure(one.words) + 10 else one


def unsure(found: Sequence[Found]) -> bool:
    """Whether a second look is worth its time."""
    return not found or letters(found) <= 3 or sure(found) < 85 or min(word.confidence for word in found) < 60


def poor(one: Said) -> bool:
    """A run of marks that is as long as a word at least and that the language it was read in does not fit."""
    line = one.strip.line
    wide = line.right - line.left > 3 * (line.bottom - line.top)
    return bool(one.strip.marks) and wide and sure(one.words) < POOR


def moved(one: Said, down: int) -> Said:
    """The same, `down` rows further down."""
    strip, line = one.strip, one.strip.line
    return replace(
        one,
        top=one.top + down,
        bottom=one.bottom + down,
        words=tuple(replace(word, top=word.top + down) for word in one.words),
        strip=replace(
            strip,
            top=strip.top + down,
            line=replace(line, top=line.top + down, bottom=line.bottom + down),
            core=(strip.core[0] + down, strip.core[1] + down),
            marks=tuple((left, top + down, right, bottom + down) for left, top, right, bottom in strip.marks),
            faces=tuple((left, top + down, right, bottom + down) for left, top, right, bottom in strip.faces),
        ),
    )


def lightened(one: Said) -> Said:
    """Without the strips' pixels where nobody will want them again: a long page has a thousand."""
    if poor(one):
        return one
    nothing = Image.new("L", (1, 1), 255)
    return replace(one, strip=replace(one.strip, image=nothing, larger=nothing))


def sure(words: Sequence[Found]) -> float:
    """Mean confidence by letter, percent."""
    weight = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0


def letters(words: Sequence[Found]) -> int:
    return sum(character.isalnum() for word in words for character in word.text)


def _likeness(words: Sequence[Found], others: Sequence[Found]) -> float:
    return difflib.SequenceMatcher(None, _shape(words), _shape(others), autojunk=False).ratio()


def _shape(words: Sequence[Found]) -> str:
    """The text with letters alike that look alike."""
    return "".join(word.text for word in words).lower().translate(ALIKE)


def _back(word: Found, strip: Strip, larger: float) -> Found:
    scale = strip.scale * larger
    left = strip.left + (word.left - MARGIN) / scale
    top = strip.top + (word.top - MARGIN) / scale
    width, height = round(word.width / scale), round(word.height / scale)
    return replace(word, left=max(0, round(left)), top=max(0, round(top)), width=max(1, width), height=max(1, height))


def _mended(word: Found, strip: Strip) -> Found:
    """A bar that ends where letters end is an I."""
    core = strip.core[1] - strip.core[0]
    marks = [box for box in strip.marks if min(box[2], word.left + word.width) - max(box[0], word.left) > 0]
    text = word.text
    if text.startswith("|") and text.strip("|'’,.!?") in ("", "m", "ll", "d", "ve", "t", "s", "f", "n") and marks:
        bottom = marks[0][3] if len(text) == 1 else strip.core[1]
        if bottom <= strip.core[1] + 0.2 * core:
            return replace(word, text="I" + text[1:])
    return word
