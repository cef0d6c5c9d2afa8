"""Words that are none: emoji, edges of bubbles, drawn backgrounds, told by their colours. Knows no geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.contract import Colour, Region, Word
from extractors.screen_times import is_time

FACE = "□"
TINTED = 70  # levels between the channels in which an emoji differs from the words beside it
DRAWN = frozenset("@®©*¢€#~^°«»()[]{}<>|\\")  # what small pictures are taken for
THIN_WORDS = frozenset(  # no picture is taken for these
    ("I", "l", "1", "i", "&", "a", "-", "–", "—", "!", "?", "...", "…")
)
DOUBTFUL = 65  # percent: words in the colour of their line are read more surely, also short ones
STROKES = 3  # characters: what is as short, and no thin word, is a picture if no other word has its colour
FAINT = 32  # levels: what differs less from what it stands on is an edge, or drawn; the faintest print differs by 60
HALVES = ("am", "pm")


def near(one: Colour, other: Colour, levels: int) -> bool:
    """Whether two colours differ by no more than that in each channel."""
    return all(abs(a - b) <= levels for a, b in zip(one, other, strict=True))


def is_drawn(word: Word, ink: Colour, paper: Region) -> bool:
    """Whether it is the edge of a bubble or part of a drawn background: nobody writes in the colour of the paper."""
    if word.text == FACE or word.width < 3 or (len(word.text) > STROKES and word.confidence >= DOUBTFUL):
        return False
    if is_time(word.text) or word.text.casefold() in HALVES:
        return False  # over a photograph a white time stands in a white bubble
    disc = paper.height < 1.5 * word.height and paper.width < 3 * word.height  # of an emoji
    return not disc and near(ink, paper.colour, FAINT)


def with_faces(line: list[tuple[Word, Colour]]) -> list[tuple[Word, Colour]]:
    """Short words in a colour that the rest of their line has not are emoji that were taken for a sign or two."""
    if len(line) < 2:
        return line
    sure = [each for each in line if each[0].text != FACE and each[0].confidence >= DOUBTFUL] or line
    longest = max(sure, key=lambda each: each[0].width if each[0].text != FACE else 0)
    tinted = [ink for word, ink in sure if len(word.text) > STROKES and _tint(ink, longest[1]) > TINTED]
    return [
        (replace(word, text=FACE, confidence=0), ink) if _is_face(word, ink, longest, tinted) else (word, ink)
        for word, ink in line
    ]


def _is_face(word: Word, ink: Colour, longest: tuple[Word, Colour], tinted: Sequence[Colour]) -> bool:
    if len(word.text) > 6 or word is longest[0] or len(longest[0].text) < 2 or word.text in ("·", "•", "-"):
        return False
    doubtful = word.confidence < DOUBTFUL and word.text not in THIN_WORDS
    alone = len(word.text) <= STROKES and word.text not in THIN_WORDS and not tinted  # a link has longer words
    return (doubtful or alone or set(word.text) <= DRAWN) and _tint(ink, longest[1]) > TINTED


def _tint(ink: Colour, other: Colour) -> int:
    """How much more two colours differ in one channel than in another: grey beside black not at all."""
    apart = [a - b for a, b in zip(ink, other, strict=True)]
    return max(apart) - min(apart)
