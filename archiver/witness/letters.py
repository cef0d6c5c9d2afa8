"""Text as the letters that stand in it, folded so that a machine's misreadings stay near the truth. Knows no file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Letters that Tesseract takes for one another. Folded on both sides, a mistake among them is none.
ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "ß": "b", "ı": "l"})
WIDE_FROM = 0x2E80  # from here on a character is a syllable or a word: CJK, Kana, Hangul


@dataclass(frozen=True)
class Letters:
    """The letters of a run of words, and for each of them which word it belongs to."""

    text: str
    word: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)


def letters_of(words: Iterable[str]) -> Letters:
    """One string without spaces: where a word is parted or joined wrongly, the letters still agree."""
    parts, owners = [], []
    for number, word in enumerate(words):
        folded = fold(word)
        parts.append(folded)
        owners += [number] * len(folded)
    return Letters("".join(parts), tuple(owners))


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Letters and digits without case and accents, look-alikes as one; an `rn` is an `m`."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if char.isalnum()).translate(ALIKE).replace("rn", "m")


def is_wide(char: str) -> bool:
    return ord(char) >= WIDE_FROM


def weight(text: str) -> int:
    """How much text it is, in letters of an alphabet: a character of a wide script counts for two and a half."""
    wide = sum(map(is_wide, text))
    return len(text) + wide * 3 // 2


def script_of(char: str) -> str:
    """The first word of the character's Unicode name: LATIN, ARABIC, CJK; digits belong to none."""
    return "" if char.isdigit() else unicodedata.name(char, "?").partition(" ")[0].partition("-")[0]
