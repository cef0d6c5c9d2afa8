"""Tell words from what only looked like words to Tesseract: icons, avatars, texture. Drops nothing that reads well."""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.ocr.clocks import TIME
from archiver.ocr.engine import Found
from archiver.ocr.lines import Box
from archiver.ocr.said import Said, letters, sure
from archiver.ocr.shapes import HALVES
from archiver.ocr.spacing import unspaced
from archiver.ocr.strips import DOT

SIGNS = frozenset("©®¥«»°§=~<>|\\{}[]^*@&%€¢#")  # what icons are taken for
BARS = frozenset("iIl|1!j/\\")  # what upright lines are taken for
SPOKEN = frozenset("?!….")  # a message may consist of these alone; of other signs without letters it hardly does
SMILE = re.compile(r"[:;]-?[()]")
ALIKE_IN_BOTH = frozenset("cosvwxz")
FELLOWS = 3  # lines that begin or end where a word does make it one of them; it may count itself
ASIDE = 0.12  # of a small letter's height: how exactly
LARGE, SMALL = 2.1, 0.5  # times the usual small letter: "by" is 1.95, an icon 2.4, three dots of a menu 0.4
UNREAD = 40  # percent: what is surer than this holds more right letters than wrong ones
ONCE = 85  # percent: a line that gave nothing at all on the second look


def sifted(said: Sequence[Said]) -> list[Said]:
    """What reads as words, and small pictures on lines of words."""
    plain = [one for one in said if letters(one.words) >= 2 and sure(one.words) > 80]
    usual = statistics.median(one.bottom - one.top for one in plain) if plain else 0.0
    page = _Page(usual, Counter(one.left for one in plain), Counter(one.right for one in plain))
    kept = {n: mended for n, one in enumerate(said) if (mended := _sifted(one, page)) is not None}
    noise = [one for n, one in enumerate(said) if n not in kept and len(one.strip.marks) in (1, 2)]
    words = [one for one in kept.values() if page.lines_up(one) or not _among_icons(one, noise)]
    return [_with_faces(_cased(one, usual)) for one in _each_face_once(words)]


def _each_face_once(said: Sequence[Said]) -> list[Said]:
    """Without eyes and mouths that were taken for words, and each small picture on the line of most letters."""
    lines = sorted((one for one in said if one.strip.faces), key=lambda one: -letters(one.words))
    taken: list[Box] = []
    result: dict[int, Said | None] = {}
    for one in lines:
        own = tuple(face for face in one.strip.faces if not _on(face, taken))
        taken += own
        result[id(one)] = replace(one, strip=replace(one.strip, faces=own)) if own or one.strip.marks else None
    for one in said:
        others = [face for face in taken if face not in one.strip.faces]
        if one.strip.marks and all(_on(mark, others) for mark in one.strip.marks):
            result[id(one)] = None
    return [kept for one in said if (kept := result.get(id(one), one)) is not None]


def _on(box: Box, faces: Sequence[Box]) -> bool:
    """Whether its middle lies on one of them."""
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(face[0] <= across <= face[2] and face[1] <= down <= face[3] for face in faces)


@dataclass(frozen=True)
class _Page:
    """What the surely read lines of a page have in common."""

    usual: float  # pixels: height of a small letter; 0 where no line was read surely
    lefts: Counter[int]  # where lines begin
    rights: Counter[int]  # where lines end

    def lines_up(self, one: Said) -> bool:
        """Whether it begins or ends where others do, as a message of one word does in its bubble and an icon seldom."""
        near = range(-max(1, round(ASIDE * self.usual)), max(1, round(ASIDE * self.usual)) + 1)
        at_left = sum(self.lefts[one.left + step] for step in near)
        at_right = sum(self.rights[one.right + step] for step in near)
        return max(at_left, at_right) >= FELLOWS


def _sifted(one: Said, page: _Page) -> Said | None:
    """The same without icons at its ends; None where nothing of it is words."""
    if not one.strip.marks:
        return one if one.strip.faces and _emoji_alone(one, page.usual) else None
    words = [word for word in unspaced(one.words) if word.confidence >= 15 or letters([word])]
    while words and (_icon_before(words) or _noise(words[0], len(words))):
        words.pop(0)
    while words and _noise(words[-1], len(words)) and not _is_half(words):
        words.pop()
    kept = replace(one, words=tuple(words))
    return None if not words or _is_noise(kept, page) else kept


def _icon_before(words: Sequence[Found]) -> bool:
    """An icon and its count: a sign or two that are no number, then a number."""
    first = words[0]
    return (
        len(words) == 2
        and words[1].text[0].isdigit()
        and len(first.text) <= 2
        and first.confidence < 85
        and not first.text.isdigit()
    )


def _is_half(words: Sequence[Found]) -> bool:
    """Whether they end in a time and the half of the day, which is no icon however unsure it was read."""
    return len(words) > 1 and words[-1].text in HALVES and bool(TIME.fullmatch(words[-2].text))


def _noise(word: Found, of: int) -> bool:
    """An icon before or after words."""
    count = letters([word])
    if count == 0 and of > 1 and word.confidence < 80 and set(word.text) <= SIGNS:
        return True
    doubtful = word.confidence < 60 and count <= 2 and of > 1 and word.text not in "·…-–—"
    return doubtful or (word.confidence < 20 and count < 2)


def _is_noise(one: Said, page: _Page) -> bool:
    usual = page.usual
    count, level, text = letters(one.words), sure(one.words), one.text
    if (
        (level < UNREAD and not one.steady)
        or (count <= 2 and level < 60)
        or (count <= 4 and level < 45)
        or (one.faint and level < ONCE)
    ):
        return True
    if one.strip.alone and usual and one.tall < SMALL * usual:
        return True
    large = bool(usual) and one.tall > LARGE * usual
    smile = bool(SMILE.fullmatch(text))
    if (
        count == 0
        and not (smile and level > 70)
        and (level < 85 or large or (one.strip.alone and not set(text) <= SPOKEN))
    ):
        return True
    if len(one.words) > 1 and all(len(word.text) == 1 for word in one.words) and _spread(one.words) > 0.6 * one.tall:
        return True
    return _alone(one) and _alone_is_noise(one, count, level, page)


def _alone(one: Said) -> bool:
    return one.strip.alone and len(one.strip.marks) <= 2 and one.right - one.left < 2 * one.tall


def _alone_is_noise(one: Said, count: int, level: float, page: _Page) -> bool:
    """One or two marks that belong to no line must look like a word of the page in size and shape, and read surely."""
    if page.usual and count <= 2 and one.tall > LARGE * page.usual:
        return True
    if page.lines_up(one):
        return level < 60
    if count <= 2 and one.right - one.left < 0.4 * one.tall and set(one.text) <= BARS:
        return not (one.text == "1" and level > 90)
    return level < (85 if count <= 2 else 75 if count <= 4 else UNREAD)


def _cased(one: Said, usual: float) -> Said:
    """Letters whose small and capital forms differ in size alone, in the case that their size says."""
    if not usual or not one.text or not set(one.text.lower()) <= ALIKE_IN_BOTH:
        return one
    small = one.bottom - one.top < 1.2 * usual
    words = (replace(word, text=word.text.lower() if small else word.text.upper()) for word in one.words)
    return replace(one, words=tuple(words))


def _spread(words: Sequence[Found]) -> float:
    """The mean gap between words, in pixels."""
    return statistics.fmean(after.left - before.left - before.width for before, after in itertools.pairwise(words))


def _among_icons(one: Said, noise: Sequence[Said]) -> bool:
    """A letter or two in a row of icons is one more icon that happens to look like it."""
    short = one.strip.alone and 1 <= len(one.strip.marks) <= 2 and len(one.text) <= 2
    if not short or any(character.isdigit() for character in one.text):
        return False
    middle = (one.top + one.bottom) / 2
    beside = (
        other
        for other in noise
        if 0.6 * one.tall < other.tall < 1.8 * one.tall
        and abs((other.top + other.bottom) / 2 - middle) < 0.5 * one.tall
    )
    return sum(1 for _ in beside) >= 2


def _emoji_alone(one: Said, usual: float) -> bool:
    """A separator, or a message of emoji alone; apps show these larger, and avatars larger still."""
    if one.strip.sign == DOT or not one.strip.alone:
        return True
    tallest = max(bottom - top for _, top, _, bottom in one.strip.faces)
    return one.strip.bright and bool(usual) and tallest <= (3.2 if len(one.strip.faces) == 1 else 8.0) * usual


def _with_faces(one: Said) -> Said:
    words = list(one.words)
    for box in one.strip.faces:
        place = next((n for n, word in enumerate(words) if word.left >= box[0]), len(words))
        words.insert(place, _face(box, one))
    return replace(one, words=tuple(words))


def _face(box: Box, one: Said) -> Found:
    left, top, right, bottom = box
    return Found(0, 0, (0, 0, 0), left, top, right - left, bottom - top, 0.0, one.strip.sign)
