"""Where a text stands in a string, and on a picture whose words were read. Finds too much rather than too little.

Compared are letters and digits alone, without case, accents, spaces and signs, so that `Jane Smith`, `jane.smith`,
`JANE%20SMITH` and a spelling with invisible characters are one. On pictures, letters that reading confuses are one too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from extractors.contract import Word

SHORT = 4  # letters: a shorter text counts only where it is a whole word; else "Al" is covered in "also"
UNSPACED = 0x0E00  # from Thai on, most scripts put no spaces between words, and two letters are a whole name
PERCENT = re.compile(r"(?:%(?:25)*[0-9A-Fa-f]{2})+|.", re.DOTALL)
AGAIN = re.compile(r"%(?:25)+(?=[0-9A-Fa-f]{2})")  # %2520: an address inside another one, or inside two
LIKE = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b", "2": "z", "6": "b", "9": "g"}
)
PAD = 3  # pixels around a word's box: engines draw them tight


@dataclass(frozen=True)
class Span:
    """A part of a string or, in `places`, of a list of words; `end` is not part of it."""

    start: int
    end: int
    label: str  # what takes its place


@dataclass(frozen=True)
class Box:
    """A rectangle of a picture, in its own pixels."""

    x: int
    y: int
    width: int
    height: int
    label: str = ""


def replaced(text: str, sought: Sequence[tuple[str, str]], *, alike: bool = False) -> str:
    """The text with each occurrence replaced. `sought`: pairs of what is looked for and what takes its place.

    `alike` takes letters that reading pictures confuses for one.
    """
    parts, at = [], 0
    for span in spans(text, sought, alike=alike):
        parts += [text[at : span.start], span.label]
        at = span.end
    return "".join((*parts, text[at:]))


def spans(text: str, sought: Sequence[tuple[str, str]], *, alike: bool = False) -> list[Span]:
    """Every occurrence, in order, none over another; where one stands inside a word, the whole word."""
    fold = _alike if alike else str
    letters = [(fold(letter), start, end) for letter, start, end in _letters(text)]
    found = [
        _whole_word(text, Span(start, end, label))
        for needle, label in sought
        for start, end in _found(text, letters, needle, fold)
    ]
    return _apart(found)


def boxes(words: Sequence[Word], sought: Sequence[tuple[str, str]]) -> list[Box]:
    """Every occurrence on one picture, by the words that were read on it: whole words are covered."""
    letters = [(_alike(letter), n) for n, word in enumerate(words) for letter, _, _ in _letters(word.text)]
    folded = "".join(letter for letter, _ in letters)
    owners = [n for letter, n in letters for _ in letter]
    found = []
    for needle, label in sought:
        wanted = "".join(_alike(letter) for letter, _, _ in _letters(needle))
        for start in _starts(folded, wanted):
            first, last = owners[start], owners[start + len(wanted) - 1]
            whole = start == owners.index(first) and start + len(wanted) == len(owners) - owners[::-1].index(last)
            if whole or _counts(wanted):
                found.append(Span(first, last + 1, label))
    return [box for span in _apart(found) for box in _by_line(words[span.start : span.end], span.label)]


def _found(
    text: str, letters: Sequence[tuple[str, int, int]], needle: str, fold: Callable[[str], str]
) -> Iterator[tuple[int, int]]:
    wanted = "".join(fold(letter) for letter, _, _ in _letters(needle))
    if not wanted:  # signs alone, an emoji: as it stands
        yield from ((start, start + len(needle)) for start in _starts(text, needle))
        return
    folded = "".join(letter for letter, _, _ in letters)
    for start in _starts(folded, wanted):
        span = letters[start][1], letters[start + len(wanted) - 1][2]
        if _counts(wanted) or _is_word(text, *span):
            yield span


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Each letter or digit, folded to one character, with the place of what it was made from."""
    for run in PERCENT.finditer(text):
        said = run.group()
        if len(said) > 1:
            said = unquote_to_bytes(AGAIN.sub("%", said)).decode("utf-8", "replace")
        for letter in unicodedata.normalize("NFKD", said).casefold():
            if letter.isalnum():
                yield letter, run.start(), run.end()


def _starts(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _counts(wanted: str) -> bool:
    """Whether it is covered wherever it stands, also inside a word."""
    return len(wanted) >= SHORT or any(map(_unspaced, wanted))


def _unspaced(letter: str) -> bool:
    return ord(letter) >= UNSPACED


def _is_word(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


def _whole_word(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start and not _unspaced(text[start]) and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and not _unspaced(text[end - 1]) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return Span(start, end, span.label)


def _apart(found: Iterable[Span]) -> list[Span]:
    """Overlapping ones become one, under the label of the longest."""
    merged: list[tuple[Span, int]] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        length = span.end - span.start
        if merged and span.start < merged[-1][0].end:
            last, longest = merged[-1]
            label = span.label if length > longest else last.label
            merged[-1] = Span(last.start, max(last.end, span.end), label), max(longest, length)
        else:
            merged.append((span, length))
    return [span for span, _ in merged]


def _by_line(words: Sequence[Word], label: str) -> Iterator[Box]:
    for line in dict.fromkeys(word.line for word in words):
        there = [word for word in words if word.line == line]
        left, top = min(word.x for word in there) - PAD, min(word.y for word in there) - PAD
        right = max(word.x + word.width for word in there) + PAD
        bottom = max(word.y + word.height for word in there) + PAD
        yield Box(max(0, left), max(0, top), right - max(0, left), bottom - max(0, top), label)


def _alike(letter: str) -> str:
    return letter.translate(LIKE)
