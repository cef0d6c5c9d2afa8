"""Tell words from what only looked like words to Tesseract: icons, avatars, texture. Drops nothing that reads well."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from archiver.ocr.engine import Found
from archiver.ocr.lines import Box
from archiver.ocr.strips import DOT, LARGER, MARGIN, Strip

SIGNS = frozenset("©®¥«»°§=~<>|\\{}[]^*@&%€¢#")  # what icons are taken for
LARGE = 1.9  # times the usual small letter: a capital is 1.4, an icon 2.4
POOR = 70  # percent: lines of another script come out at 20 to 60
UNREAD = 40  # percent: what is surer than this holds more right letters than wrong ones
SPOKEN = frozenset("?!….")  # a message may consist of these alone; of other signs without letters it hardly does
ALIKE = str.maketrans("o|il", "0111", ".,·-'’")


@dataclass(frozen=True)
class Said:
    """What Tesseract made of one strip. The box holds the small letters, so that close lines do not overlap."""

    left: int
    top: int
    right: int
    bottom: int
    words: tuple[Found, ...]  # boxes in pixels of the picture
    strip: Strip


def said_of(strip: Strip, found: Sequence[Found], second: Sequence[Found] | None = None) -> Said:
    """Tesseract's words put back on the picture, with what its boxes prove set right.

    `second` is what it read on the larger strip. The surer one stands; where a letter or two are read as something
    else each time, they are none.
    """
    words = [_mended(_back(word, strip, 1.0), strip) for word in found]
    if second is not None:
        others = [_mended(_back(word, strip, LARGER), strip) for word in second]
        short = _letters(words) <= 3 or _letters(others) <= 3
        if len(strip.marks) <= 3 and short and _shape(words) != _shape(others):
            words, others = [], []
        if sure(others) > sure(words):
            words = others
    line = strip.line
    return Said(line.left, strip.core[0], line.right, strip.core[1], tuple(words), strip)


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


def sure(words: Sequence[Found]) -> float:
    """Mean confidence by letter, percent."""
    weight = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0


def unsure(found: Sequence[Found]) -> bool:
    """Whether a second look is worth its time."""
    return not found or _letters(found) <= 3 or sure(found) < 85 or min(word.confidence for word in found) < 60


def sifted(said: Sequence[Said]) -> list[Said]:
    """What reads as words, and small pictures on lines of words."""
    plain = [s for s in said if _letters(s.words) >= 4 and sure(s.words) > 80]
    usual = statistics.median(s.bottom - s.top for s in plain) if plain else 0.0
    kept = {n: mended for n, one in enumerate(said) if (mended := _sifted(one, usual)) is not None}
    noise = [one for n, one in enumerate(said) if n not in kept and len(one.strip.marks) in (1, 2)]
    return [_with_faces(one) for one in kept.values() if not _among_icons(one, noise)]


def _among_icons(one: Said, noise: Sequence[Said]) -> bool:
    """A letter or two in a row of icons is one more icon that happens to look like it."""
    text = "".join(word.text for word in one.words)
    if (
        not one.strip.alone
        or len(one.strip.marks) > 2
        or len(text) > 2
        or not one.strip.marks
        or any(c.isdigit() for c in text)
    ):
        return False
    tall, middle = _tall(one), (one.top + one.bottom) / 2
    beside = (
        other
        for other in noise
        if 0.6 * tall < _tall(other) < 1.8 * tall and abs((other.top + other.bottom) / 2 - middle) < 0.5 * tall
    )
    return sum(1 for _ in beside) >= 2


def surer(one: Said, found: Sequence[Found]) -> Said:
    """`one`, or what another reading of its larger strip gives where that is surer by far."""
    words = tuple(_back(word, one.strip, LARGER) for word in found)
    return replace(one, words=words) if sure(words) > sure(one.words) + 10 else one


def lightened(one: Said) -> Said:
    """Without the strips' pixels where nobody will want them again: a long page has a thousand."""
    if poor(one):
        return one
    nothing = Image.new("L", (1, 1), 255)
    return replace(one, strip=replace(one.strip, image=nothing, larger=nothing))


def poor(one: Said) -> bool:
    """A run of marks that is as long as a word at least and that the language it was read in does not fit."""
    line = one.strip.line
    long = len(one.strip.marks) > 3 or (one.strip.marks and line.right - line.left > 2.5 * (line.bottom - line.top))
    return bool(long) and sure(one.words) < POOR


def _tall(one: Said) -> int:
    return one.strip.line.bottom - one.strip.line.top


def _letters(words: Sequence[Found]) -> int:
    return sum(character.isalnum() for word in words for character in word.text)


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


def _sifted(one: Said, usual: float) -> Said | None:
    words = list(one.words)
    if not one.strip.marks:
        return one if _emoji_alone(one, usual) else None
    words = _unspaced(words)
    while words and _noise_at_end(words[0], len(words)):
        words.pop(0)
    while words and _noise_at_end(words[-1], len(words)):
        words.pop()
    if not words:
        return None
    count, level, tall = _letters(words), sure(words), _tall(one)
    large = bool(usual) and tall > LARGE * usual
    alone = one.strip.alone and len(one.strip.marks) <= 2 and one.right - one.left < 2 * tall
    text = "".join(word.text for word in words)
    if count == 0 and (level < 85 or large or (one.strip.alone and not set(text) <= SPOKEN)):
        return None
    if len(words) > 1 and all(len(word.text) == 1 for word in words) and _spread(words) > 0.6 * tall:
        return None
    if one.strip.line.framed and not any(character.isdigit() for character in text):
        return None
    if alone and count <= 2 and (level < 85 or large):
        return None
    if (count <= 2 and level < 60) or (count <= 4 and level < 45) or level < UNREAD:
        return None
    return replace(one, words=tuple(words))


def _unspaced(words: Sequence[Found]) -> list[Found]:
    """Chinese and Japanese are written without spaces and Tesseract gives nearly every sign as a word; it parts Korean
    words as well, which keep their spaces where they are wide."""
    joined: list[Found] = []
    for word in words:
        before = joined[-1] if joined else None
        gap = word.left - before.left - before.width if before else 0
        near = 0.8 if before and _wide(before.text[-1]) == _wide(word.text[0]) == "sign" else 0.2
        if before and _wide(before.text[-1]) and _wide(word.text[0]) and gap < near * max(before.height, word.height):
            joined[-1] = _one(before, word)
        else:
            joined.append(word)
    return joined


def _wide(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "syllable"
    return "sign" if 0x3000 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xFF00 <= code <= 0xFF60 else ""


def _one(before: Found, after: Found) -> Found:
    right, bottom = after.left + after.width, max(before.top + before.height, after.top + after.height)
    left, top = min(before.left, after.left), min(before.top, after.top)
    sureness = min(before.confidence, after.confidence)
    right = max(right, before.left + before.width)
    text = before.text + after.text
    return replace(before, left=left, top=top, width=right - left, height=bottom - top, confidence=sureness, text=text)


def _spread(words: Sequence[Found]) -> float:
    """The mean gap between words, in pixels."""
    gaps = [after.left - before.left - before.width for before, after in itertools.pairwise(words)]
    return statistics.fmean(gaps)


def _emoji_alone(one: Said, usual: float) -> bool:
    """A separator, or a message of emoji alone; apps show these larger, and avatars larger still."""
    tallest = max(bottom - top for _, top, _, bottom in one.strip.faces)
    if one.strip.sign == DOT:
        return True
    return one.strip.bright and bool(usual) and tallest <= (3.2 if len(one.strip.faces) == 1 else 8.0) * usual


def _noise_at_end(word: Found, of: int) -> bool:
    """An icon before or after words."""
    count = _letters([word])
    if count == 0 and of > 1 and word.confidence < 80 and set(word.text) <= SIGNS:
        return True
    return (word.confidence < 60 and count <= 2 and of > 1 and word.text not in "·…-–—") or (
        word.confidence < 20 and count < 2
    )


def _with_faces(one: Said) -> Said:
    words = list(one.words)
    for box in one.strip.faces:
        face = _face(box, one)
        place = next((n for n, word in enumerate(words) if word.left >= box[0]), len(words))
        words.insert(place, face)
    return replace(one, words=tuple(words))


def _face(box: Box, one: Said) -> Found:
    left, top, right, bottom = box
    page, block, line = (one.words[0].page, one.words[0].block, one.words[0].line) if one.words else (0, 0, (0, 0, 0))
    return Found(page, block, line, left, top, right - left, bottom - top, 0.0, one.strip.sign)
