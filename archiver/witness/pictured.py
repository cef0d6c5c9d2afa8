"""The page's text and its pictures, each looked for in the other. Pure.

A run counts from a length on at which it can't be a misread label; see LEAST. Left alone are words of a script that the
reading of pictures does not know, and lines that the edge between two pictures may have cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archiver.witness.letters import Letters, letters_of, script_of, weight
from archiver.witness.matching import NOWHERE, is_garbled, pieces_of, places, runs, seeds_of
from archiver.witness.sides import Difference, Picture, Sides
from extractors.contract import Word

LEAST = 24  # weight of a run that counts: four or five words
FEWEST_WORDS = 3  # of a run of the page's text
LEAST_WORDS = 4  # of a picture's run: a brand's name in large letters is no message
FOUND_FROM = 5  # weight of the longest word of what search is told of: lists are numbered by the browser
SURE = 70  # percent: what is read in textures and icons comes out below
ALL = 0.85  # of a line's letters: the rest agrees with something by chance
GAP = 4  # letters inside a run that stand elsewhere by chance
EDGE = 48  # pixels at a picture's edge where a line can be cut
CUT_AT_MOST = 400  # letters: more is not one line
LOOKS = 12  # at the pictures again, a page: each takes up to a second
TALLEST = 800  # pixels of picture that are looked at again at once
MARGIN = 6  # pixels around them
NEAR = 200  # letters between a run and what was found beside it
KNOWN_SHARE = 0.2  # of a script's letters in the text that the pictures' words must have, to say that it can be read

Band = tuple[int, int, int]  # picture, top and bottom row in its pixels
Look = Callable[[int, int, int], str]  # what can be read there, however unsurely


@dataclass(frozen=True)
class _Read:
    """All pictures' words as one run of letters."""

    words: tuple[Word, ...]
    heights: tuple[int, ...]
    letters: Letters

    def at_edge(self, letter: int) -> bool:
        """Whether the word of that letter stands where one picture ends and another begins."""
        word = self.words[self.letters.word[letter]]
        height = self.heights[word.picture]
        first, last = word.picture == 0, word.picture == len(self.heights) - 1
        at_top, at_foot = word.y < EDGE, bool(height) and word.y + word.height > height - EDGE
        return (at_top and not first) or (at_foot and not last)


def not_pictured(sides: Sides, look: Look) -> Iterator[Difference]:
    """Lines, or long parts of lines, that the browser laid out as text and that no picture shows.

    Where what stands before and behind a run was found, the pictures are looked at again between the two.
    """
    looks = LOOKS
    read = _read(sides.pictures)
    if not len(read.letters):
        return
    lines = sides.shown.splitlines()
    said = letters_of(lines)
    found = places(said.text, read.letters.text, seeds_of(read.letters.text))
    pieces = pieces_of(read.letters.text)
    unknown = _unknown_scripts(said.text, read.letters.text)
    for number, start, end in _lines(said):
        for first, last in runs(found, start, end, GAP):
            run = said.text[first:last]
            if weight(run) < LEAST or _is_of(run, unknown) or _is_cut(read, found, first, last):
                continue
            if is_garbled(run, pieces):
                continue
            bands = _between(read, found, first, last) if looks else []
            looks -= len(bands)
            if not any(is_garbled(run, pieces_of(letters_of([look(*band)]).text)) for band in bands):
                text = _part(lines[number], said, number, first, last)
                if _is_prose(text, FEWEST_WORDS):
                    yield Difference("not-pictured", text, number)


def only_pictured(sides: Sides) -> Iterator[Difference]:
    """Runs of words on a picture that are long enough to be a message and stand nowhere in the page's file."""
    for found in said_only_in_pictures(sides):
        if weight("".join(found.text.split())) >= LEAST and _is_prose(found.text, LEAST_WORDS):
            yield found


def said_only_in_pictures(sides: Sides) -> Iterator[Difference]:
    """Every run of surely read words that stands on a picture only, down to one word: what search is told of."""
    read = _read(sides.pictures)
    known = letters_of([sides.shown, sides.written, sides.dropped])
    found = places(read.letters.text, known.text, seeds_of(known.text))
    pieces = pieces_of(known.text)
    for group in _loose(read, found):
        text = " ".join(word.text for word in group)
        letters = letters_of([text]).text
        longest = max(weight("".join(filter(str.isalpha, word.text))) for word in group)
        if longest >= FOUND_FROM and not is_garbled(letters, pieces):
            yield Difference("only-picture", text, group[0].picture, group[0].y)


def _is_prose(text: str, words: int) -> bool:
    """Several words, or a script without spaces; an address or a digest is misread as a whole."""
    return len(text.split()) >= words or weight(text) > 2 * len(text)


def _read(pictures: Sequence[Picture]) -> _Read:
    words = tuple(word for picture in pictures for word in picture.words)
    return _Read(words, tuple(picture.height for picture in pictures), letters_of([word.text for word in words]))


def _lines(said: Letters) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each line that has letters."""
    start = 0
    while start < len(said):
        end = bisect_right(said.word, said.word[start])
        yield said.word[start], start, end
        start = end


def _is_cut(read: _Read, found: Sequence[int], first: int, last: int) -> bool:
    """Whether the run may be a line that was cut between two pictures: what stands beside it stands at an edge."""
    if last - first > CUT_AT_MOST:
        return False
    beside = [found[at] for at in (first - 1, last) if 0 <= at < len(found)]
    return any(place != NOWHERE and read.at_edge(place) for place in beside)


def _between(read: _Read, found: Sequence[int], first: int, last: int) -> list[Band]:
    """Where the run should stand: below what was found last before it, above what was found first behind it."""
    before = next((found[at] for at in range(first - 1, max(-1, first - NEAR), -1) if found[at] != NOWHERE), NOWHERE)
    behind = next((found[at] for at in range(last, min(len(found), last + NEAR)) if found[at] != NOWHERE), NOWHERE)
    above = read.words[read.letters.word[before]] if before != NOWHERE else None
    below = read.words[read.letters.word[behind]] if behind != NOWHERE else None
    if above and below and above.picture == below.picture and 0 <= below.y - above.y <= TALLEST:
        return [(above.picture, above.y - MARGIN, below.y + below.height + MARGIN)]
    bands = [(above.picture, above.y - MARGIN, above.y + TALLEST // 2)] if above else []
    return bands + ([(below.picture, below.y - TALLEST // 2, below.y + below.height + MARGIN)] if below else [])


def _unknown_scripts(text: str, read: str) -> frozenset[str]:
    there, seen = Counter(map(script_of, text)), Counter(map(script_of, read))
    return frozenset(script for script, count in there.items() if script and seen[script] < KNOWN_SHARE * count)


def _is_of(run: str, scripts: frozenset[str]) -> bool:
    return sum(script_of(char) in scripts for char in run) * 2 > len(run)


def _part(line: str, said: Letters, number: int, first: int, last: int) -> str:
    """The part of the line that holds the run, to whole words."""
    start, end = bisect_right(said.word, number - 1), bisect_right(said.word, number)
    if last - first >= ALL * (end - start):
        return line.strip()
    words = line.split()
    spread = letters_of(words)
    if len(spread) != end - start:  # folded across its spaces, which is rare
        return line.strip()
    return " ".join(words[spread.word[first - start] : spread.word[last - start - 1] + 1])


def _loose(read: _Read, found: Sequence[int]) -> Iterator[list[Word]]:
    """Words of which most letters stand nowhere, those next to each other together, over line ends too."""
    lost = Counter(read.letters.word[at] for at, place in enumerate(found) if place == NOWHERE)
    size = Counter(read.letters.word)
    group: list[Word] = []
    for number, word in enumerate(read.words):
        if not size[number]:  # an emoji, a dash
            continue
        if lost[number] * 2 > size[number] and word.confidence >= SURE and (not group or _are_near(group[-1], word)):
            group.append(word)
            continue
        if group:
            yield group
        group = [word] if lost[number] * 2 > size[number] and word.confidence >= SURE else []
    if group:
        yield group


def _are_near(one: Word, other: Word) -> bool:
    return one.picture == other.picture and other.line - one.line <= 1
