"""Set right what the shapes of a line's marks prove: letters whose cases differ in size alone, and spaces overlooked.

Works where a word has as many marks as letters, so that each letter's place is known, and at both ends of the others.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.ocr.clocks import HALF, TIME
from archiver.ocr.engine import Found
from archiver.ocr.lines import Box

ALIKE = frozenset("cosvwxz")  # small and capital differ in size alone
SAME = frozenset("cosuvwxz") | frozenset("COSUVWXZ")  # u too, where both are drawn with or without its stem
SMALL = frozenset("aemnrugpqy")  # as tall as a small letter, at its top
LOW = ALIKE | SMALL
TALL = frozenset("ABDEFGHKLMNPRTYbdhkl&£%?!")
DEEP = frozenset("gpqy")  # have limbs below
LIMBED = frozenset("YP")  # whose small forms look the same and have a limb below
FOOTED = TALL | frozenset("aemnruift")  # stand on the line
CAPITAL = 1.38  # times the height of a small letter: of a capital, where the line shows none
SPACE = 0.8  # times the line's usual space
LOOSE = 2.5  # times the usual gap between the line's letters
NARROW = 0.3  # of a small letter's height: a space where the line shows none to go by; letters keep a fifth
GAPS = 4  # between letters, likewise
SPACES = 2  # that a line must show before it is known how wide they are
BAR = 0.55  # of its height: an upright bar is narrower, its blurred rim counted
STROKE, QUOTE = 1.5, 0.8  # a quote's stroke is higher: times its width; and lower: of a small letter
BARS = frozenset("|]l1[I")  # what a capital I behind a space is read as
WIDE = 1.25  # times the height of a small letter: one letter is narrower, but for W
# How wide letters are, in small letters: where they run together, this tells where among them a space stands.
WIDTHS = (
    dict.fromkeys("mwMW@%", 1.55)
    | dict.fromkeys("iljI.,:;'!|[]", 0.5)
    | dict.fromkeys('ftr()-/"', 0.7)
    | dict.fromkeys("ABCDGHKNOQRTUVXYZ&", 1.25)
)
RISE = 0.15  # of its height: so much higher a capital is at least
LIMB = 0.25  # of a small letter's height: so far below the others' feet a limb reaches at least; it is 0.45 long
CROSSED = 0.55  # of its height: a T is wider, its blurred rim counted, and an I with its serifs is not
LEVEL = 1.3  # times a small letter: a word that is lower holds no capital, its blurred rim counted
STOPS = ".,;:!?"
HALVES = frozenset({"AM", "PM"})  # of the day, in smaller print
SURE = 0.35  # of a small letter's width: how close the table must come


@dataclass(frozen=True)
class _Spelt:
    """A word and its marks, the dots of letters put to their stems."""

    word: Found
    boxes: tuple[Box, ...]

    @property
    def known(self) -> bool:
        """Whether each mark is one letter."""
        return len(self.boxes) == len(self.word.text)


def proven(words: Sequence[Found], marks: Sequence[Box], size: int) -> list[Found]:
    """The words of one line, left to right, with what `marks` (boxes in the same pixels) prove set right.

    `size` is how tall its small letters are, in pixels.
    """
    spelt = [_Spelt(word, _letters(own, size)) for word, own in zip(words, _shared_out(words, marks), strict=True)]
    spelt = _tied(spelt, marks, size)
    parted = [part for one in spelt for part in _parted(one, _least_space(spelt, size))]
    told = [_upright(_limbed(one, size)) for one in parted]
    rows = _rows(told, size)
    return [_cased(_level(one, size), rows) for one in told]


def _shared_out(words: Sequence[Found], marks: Sequence[Box]) -> list[list[Box]]:
    """Each word's marks. Tesseract's boxes may overlap; a mark goes to the word whose middle it is nearest to."""
    shares: list[list[Box]] = [[] for _ in words]
    for box in sorted(marks):
        middle = (box[0] + box[2]) / 2
        off = [abs(middle - word.left - word.width / 2) / max(1, word.width) for word in words]
        nearest = min(range(len(words)), key=off.__getitem__, default=0)
        if words and off[nearest] <= 0.5:
            shares[nearest].append(box)
    return shares


def _letters(inside: Sequence[Box], size: int) -> tuple[Box, ...]:
    """The dots of letters put to their stems, and a quote's two strokes together."""
    boxes: list[Box] = []
    for box in inside:
        last = boxes[-1] if boxes else None
        if last and (_over(last, box) or _a_quote(last, box, size)):
            boxes[-1] = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            boxes.append(box)
    return tuple(boxes)


def _over(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > 0.5 * min(one[2] - one[0], other[2] - other[0])


def _a_quote(one: Box, other: Box, size: int) -> bool:
    """Two upright strokes side by side that are lower than any letter."""
    level = abs(one[1] - other[1]) <= 1 and abs(one[3] - other[3]) <= 1
    upright = all(STROKE * (box[2] - box[0]) < box[3] - box[1] < QUOTE * size for box in (one, other))
    return level and upright and other[0] - one[2] < one[2] - one[0]


def _least_space(spelt: Sequence[_Spelt], size: int) -> float:
    """How wide a gap inside a word must be to be a space: by the line's own spaces, or by the size of its letters."""
    spoken = [one.boxes if not _is_figures(one.word.text) else () for one in spelt]  # a time is in smaller print
    spaces = [after[0][0] - boxes[-1][2] for boxes, after in itertools.pairwise(spoken) if boxes and after]
    gaps = sorted(after[0] - box[2] for boxes in spoken for box, after in itertools.pairwise(boxes))
    letters = gaps[len(gaps) // 3] if len(gaps) >= GAPS else 0.0  # a third at most are spaces that were overlooked
    least = SPACE * statistics.median(spaces) if len(spaces) >= SPACES else NARROW * size
    return max(least, LOOSE * letters)


def _is_figures(text: str) -> bool:
    """A number, a time, a sign, what an emoji was taken for."""
    return _has_figures(text) or not any(letter.isalpha() for letter in text)


def _has_figures(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _tied(spelt: Sequence[_Spelt], marks: Sequence[Box], size: int) -> list[_Spelt]:
    """Names with an underscore put together again where there is no room for a space."""
    tied: list[_Spelt] = []
    for one in spelt:
        last = tied[-1] if tied else None
        underscore = last is not None and (last.word.text[-1] == "_" or one.word.text[0] == "_")
        if last and underscore and one.boxes and _room_before(one, marks) < NARROW * size:
            word = replace(
                last.word,
                width=one.word.left + one.word.width - last.word.left,
                confidence=min(last.word.confidence, one.word.confidence),
                text=last.word.text + one.word.text,
            )
            tied[-1] = _Spelt(word, last.boxes + one.boxes)
        else:
            tied.append(one)
    return tied


def _room_before(one: _Spelt, marks: Sequence[Box]) -> int:
    """Pixels between its first mark and whatever stands before it, whichever word that was given to."""
    first = one.boxes[0][0]
    return min((first - box[2] for box in marks if box[0] < first), default=0)


def _parted(one: _Spelt, space: float) -> list[_Spelt]:
    """The words that it is."""
    text = one.word.text
    gaps = [n for n, (box, after) in enumerate(itertools.pairwise(one.boxes), start=1) if after[0] - box[2] >= space]
    cuts = gaps if one.known else _placed(text, one.boxes, gaps)
    pairs = [(gap, cut) for gap, cut in zip(gaps, cuts, strict=False) if _may_part(text[cut - 1], text[cut])]
    if not pairs:
        return [one]
    parts = []
    for (box, begin), (after, end) in itertools.pairwise([(0, 0), *pairs, (len(one.boxes), len(text))]):
        parts.append(_cut(one, begin, end, one.boxes[box:after]))
    last = parts[-1]
    left, _, right, _ = last.boxes[-1]
    if not one.known and last.word.text in BARS and right - left < BAR * one.word.height:
        parts[-1] = replace(last, word=replace(last.word, text="I"))  # no bracket closes, no bar follows a space
    return parts


def _may_part(before: str, after: str) -> bool:
    """Figures are as wide as each other, and a 1 among them stands alone; what an underscore ties is one name."""
    return (before.isalpha() or after.isalpha()) and "_" not in (before, after)


def _placed(text: str, boxes: Sequence[Box], gaps: Sequence[int]) -> list[int]:
    """Before which letter each gap stands, by the widths of letters; none where that is not clear."""
    if not gaps:
        return []
    inked = [boxes[last - 1][2] - boxes[first][0] for first, last in itertools.pairwise([0, *gaps, len(boxes)])]
    widths = [WIDTHS.get(letter, 1.0) for letter in text]
    upto = list(itertools.accumulate(widths))
    cuts = []
    for share in itertools.accumulate(inked[:-1]):
        wanted = share / sum(inked) * upto[-1]
        off = sorted((abs(upto[n - 1] - wanted), n) for n in range(1, len(text)))
        if not off or off[0][0] > SURE:
            return []
        cuts.append(off[0][1])
    return cuts if sorted(set(cuts)) == cuts else []


def _cut(one: _Spelt, begin: int, end: int, boxes: tuple[Box, ...]) -> _Spelt:
    left, right = boxes[0][0], boxes[-1][2]
    return _Spelt(replace(one.word, text=one.word.text[begin:end], left=left, width=right - left), boxes)


def _rows(spelt: Sequence[_Spelt], size: int) -> tuple[float, float, float] | None:
    """Where small letters, capitals and the line's foot stand; None where the line has too few that are sure."""
    halves = [after for one, after in itertools.pairwise(spelt) if _is_time(one, after)]
    halves += [one for one in spelt if one.word.text.upper() in HALVES]
    spoken = [one for one in spelt if one not in halves and not _has_figures(one.word.text)]
    letters = [
        (letter, box) for one in spoken if one.known for letter, box in zip(one.word.text, one.boxes, strict=True)
    ]
    together = [one for one in spoken if not one.known and one.boxes]
    small = [box[1] for letter, box in letters if letter in SMALL]
    small += [box[1] for one in together if _is_low(one.word.text) for box in one.boxes]
    tall = [box[1] for letter, box in letters if letter in TALL]
    feet = [box[3] for letter, box in letters if letter in FOOTED]
    feet += [box[3] for one in together if set(one.word.text) <= LOW - DEEP | FOOTED for box in one.boxes]
    if not small and not (tall and feet):
        return None
    foot = statistics.median(feet) if feet else statistics.median(small) + size
    top = statistics.median(small) if small else foot - (foot - statistics.median(tall)) / CAPITAL
    tall = [each for each in tall if top - each >= RISE * (foot - top)]  # what is lower was read wrong
    return top, statistics.median(tall) if tall else foot - CAPITAL * (foot - top), foot


def _is_time(one: _Spelt, after: _Spelt) -> bool:
    """Whether `after` is the half of the day of a time; it is in smaller print, and often misread."""
    return bool(TIME.fullmatch(one.word.text) and HALF.fullmatch(after.word.text))


def _is_low(text: str) -> bool:
    """Whether all its letters are small ones without limbs above, and one of them is no letter of two sizes."""
    return set(text) <= LOW and bool(set(text) & SMALL)


def _limbed(one: _Spelt, size: int) -> _Spelt:
    """A Y that reaches below the letters beside it is small, and so are those of its height: "YOU" is "you"."""
    if not one.known:
        return one
    pairs = list(zip(one.word.text, one.boxes, strict=True))
    feet = [box[3] for letter, box in pairs if letter in FOOTED | SAME and letter not in LIMBED]
    deep = [box for letter, box in pairs if letter in LIMBED and feet and box[3] - min(feet) > LIMB * size]
    if not deep:
        return one
    low = deep[0][1] - RISE * size
    text = "".join(letter.lower() if letter in LIMBED | SAME and box[1] > low else letter for letter, box in pairs)
    return replace(one, word=replace(one.word, text=text))


def _upright(one: _Spelt) -> _Spelt:
    """A T that is too narrow for its beam is an I with serifs."""
    if one.word.text != "T" or len(one.boxes) != 1:
        return one
    left, top, right, bottom = one.boxes[0]
    return replace(one, word=replace(one.word, text="I")) if right - left < CROSSED * (bottom - top) else one


def _level(one: _Spelt, size: int) -> _Spelt:
    """A first letter that rises no higher than the small ones after it is small itself."""
    text, tops = one.word.text, [box[1] for box in one.boxes]
    if text[0].lower() not in ALIKE or not text[0].isupper() or not _is_low(text[1:].rstrip(STOPS)) or not tops:
        return one
    tops = [box[1] for box in one.boxes if box[3] - box[1] > 0.5 * size]  # full stops stand low
    level = len(tops) > 1 and max(tops) - min(tops) <= RISE * one.word.height
    low = all(box[3] - box[1] <= LEVEL * size for box in one.boxes)
    return replace(one, word=replace(one.word, text=text.lower())) if level or low else one


def _cased(one: _Spelt, rows: tuple[float, float, float] | None) -> Found:
    if rows is None or not one.boxes or _is_figures(one.word.text):
        return one.word
    text, (small, tall, foot) = one.word.text, rows
    middle = (small + tall) / 2
    if one.known:
        low = [box[1] for letter, box in zip(text, one.boxes, strict=True) if letter in SMALL]
        tall_ones = [box[1] for letter, box in zip(text, one.boxes, strict=True) if letter in TALL]
        if tall_ones and max(tall_ones) > middle and not (low and abs(low[0] - small) < RISE * (foot - small)):
            return one.word  # it is in smaller print than the line
        text = "".join(_letter(letter, box, small, tall, foot) for letter, box in zip(text, one.boxes, strict=True))
    elif all(box[1] > middle for box in one.boxes) and not set(text) & TALL:
        text = "".join(letter.lower() if letter.lower() in LOW else letter for letter in text)
    elif text[0] == "W" and one.boxes[0][1] > small - RISE / 2 * (foot - small):
        text = "w" + text[1:]  # also together with what follows it
    elif text[0] not in "wW" and one.boxes[0][2] - one.boxes[0][0] < WIDE * (foot - small):
        text = _letter(text[0], one.boxes[0], small, tall, foot) + text[1:]
    return replace(one.word, text=text)


def _letter(letter: str, box: Box, small: float, tall: float, foot: float) -> str:
    size = foot - small
    if letter.lower() not in LOW or small - tall < RISE * size or abs(box[3] - foot) > 0.2 * size:
        return letter
    if box[1] > (small + tall) / 2:
        return letter.lower()
    return letter.upper() if letter in ALIKE else letter
