"""Reading over sealed bytes: what becomes a reading, a passage, a problem."""

from __future__ import annotations

from archiver.reading import lines_of, unseen_lines
from extractors.contract import Word


def test_lines_that_are_shown_differently_spaced_are_not_hidden_ones() -> None:
    shown = "Harbour  notes\nsecond LINE and more"
    assert unseen_lines("harbour notes\nsecond line\nnever shown", shown) == "never shown"


def test_very_many_lines_are_compared_whole_and_none_is_lost() -> None:
    hidden = [f"hidden {n}" for n in range(5_000)]
    assert unseen_lines("\n".join(["shown", *hidden]), "shown").splitlines() == hidden


def test_machine_read_words_come_back_in_lines() -> None:
    words = [Word("a", 0, 0, 1, 1, 90, 1), Word("b", 2, 0, 1, 1, 90, 1), Word("c", 0, 5, 1, 1, 90, 2)]
    assert lines_of(words) == "a b\nc"
