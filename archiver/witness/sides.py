"""What is compared: the readings of one page as plain text and words, and the differences found. Holds no logic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractors.contract import Word

Kind = Literal[
    "only-picture",  # on a picture, and nowhere in the page's file
    "not-pictured",  # the browser laid it out as text, and no picture shows it
    "not-sent",  # shown as text, and in nothing that came over the network
    "replaced",  # in what came as the page, or in it as it was loaded, and no longer in it at the end
]


@dataclass(frozen=True)
class Picture:
    """One picture with its machine-read words."""

    words: tuple[Word, ...]
    height: int  # pixels; 0: not known


@dataclass(frozen=True)
class Sides:
    """The readings of one page. An empty one was not taken, and is not compared."""

    shown: str  # as the browser laid it out
    written: str  # all words in the page's file, hidden ones and those in attributes too
    dropped: str = ""  # posts that were in the page while it was scrolled
    before: tuple[str, ...] = ()  # the page's words as they came, and as they stood before it was scrolled
    pictures: tuple[Picture, ...] = ()
    sent: tuple[str, ...] = ()  # every text that came over the network


@dataclass(frozen=True)
class Difference:
    """A run of words that one reading has and the other has not."""

    kind: Kind
    text: str  # exactly as read
    place: int  # the picture's number, or the line of the text, from 0
    down: int = 0  # pixels from the picture's top
