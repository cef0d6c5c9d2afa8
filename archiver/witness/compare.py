"""The comparison as one pure function: the readings of a page in, every difference out, most telling kinds first."""

from __future__ import annotations

from archiver.witness.pictured import Look, not_pictured, only_pictured
from archiver.witness.sent import not_sent, replaced
from archiver.witness.sides import Difference, Kind, Picture, Sides

__all__ = ["Difference", "Kind", "Picture", "Sides", "compare_text"]


def nothing_more(picture: int, top: int, bottom: int) -> str:
    """For who can't look at the pictures again."""
    return ""


def compare_text(sides: Sides, *, look: Look = nothing_more) -> list[Difference]:
    """Every run of words that one reading has and the other lacks. A reading that was not taken is not compared.

    `look` reads a band of a picture once more, and is believed where it finds what the first reading did not.
    """
    return [*replaced(sides), *not_sent(sides), *not_pictured(sides, look), *only_pictured(sides)]
