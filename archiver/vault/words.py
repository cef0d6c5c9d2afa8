"""Text as search compares it, and the original words around a hit. Pure; the text that was kept is never changed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from archiver.integrity import sound_text

SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u0060\u00b4"
DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
AROUND = 60  # characters shown on each side of a hit
WINDOW = 2_000  # characters of a long text that are folded at a time to find a hit's place

# What is not seen and must not hinder: format characters (bidi marks, zero-width, soft hyphen), variation selectors,
# the fillers that Unicode calls default-ignorable. Controls become spaces.
_IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_ALIKE = str.maketrans(
    dict.fromkeys(SINGLE_QUOTES, "'") | dict.fromkeys(DOUBLE_QUOTES, '"') | dict.fromkeys(DASHES, "-")
)
_TERM = re.compile(r'"([^"]*)(?:"|$)|([^\s"]+)')


def search_text(text: str) -> str:
    """The text as it is indexed and asked for: NFKC, without case, plain quotes and dashes, nothing invisible.

    Any run of white space is one space, so that a phrase is found across a line's end.
    """
    shown = _IGNORED.sub("", sound_text(text).translate(_ALIKE))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", shown).casefold())
    return _SPACE.sub(" ", _IGNORED.sub("", folded)).strip()


def terms_of(asked: str) -> list[str]:
    """What must be found, in search text: each word, and each phrase in quotes as a whole. No character has a meaning
    but the quote; one that is not closed reaches to the end."""
    found = (search_text(phrase or word) for phrase, word in _TERM.findall(search_text(asked)))
    return list(dict.fromkeys(term for term in found if term))


def snippet(text: str, term: str) -> str:
    """The original words around the first place where the term stands; white space and controls as single spaces."""
    start, end = place_of(text, term)
    left, right = max(0, start - AROUND), min(len(text), end + AROUND)
    words = _SPACE.sub(" ", text[left:right]).strip()
    return f"{'…' if left else ''}{words}{'…' if right < len(text) else ''}"


def place_of(text: str, term: str) -> tuple[int, int]:
    """Start and end in the original of the first run that folds to the term; (0, 0) where there is none."""
    overlap = 4 * len(term) + 64  # a folded character can have come from several: combining marks, invisible ones
    for at in range(0, max(1, len(text)), WINDOW):
        start, end = _place_in(text[at : at + WINDOW + overlap], term)
        if end:
            return at + start, at + end
    return 0, 0


def _place_in(piece: str, term: str) -> tuple[int, int]:
    """The same in a piece that is short enough to be folded a few dozen times."""

    def ends_by(end: int) -> bool:
        return term in search_text(piece[:end])

    if not ends_by(len(piece)):
        return 0, 0
    end = bisect_left(range(len(piece)), True, key=ends_by)

    def is_behind(start: int) -> bool:
        return term not in search_text(piece[start:end])

    return bisect_left(range(end), True, key=is_behind) - 1, end
