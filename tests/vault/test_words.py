"""Search text, and the way back from it to the words that were kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.vault.words import place_of, search_text, snippet, terms_of

ALIKE = [
    ("STRASSE", "Straße"),
    ("don't", "don’t"),
    ('"so"', "“so”"),
    ("e-mail", "e‑mail"),
    ("cafe\u0301", "caf\u00e9"),
    ("ﬁne", "fine"),
    ("a b", "a\u00a0\n\t b"),
    ("stalker", "stal\u00adker"),
    ("stalker", "s\u200bt\u200ca\u200dl\u2060k\ufeffer"),
    ("\u05e9\u05dc\u05d5\u05dd", "\u200f\u05e9\u05dc\u05d5\u05dd\u202c"),
    ("ＨＥＬＬＯ", "hello"),
    ("x y", "x\x00y"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("❤", "❤️"),
    ("wait...", "wait…"),
    ("İ", "i\u0307"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_reads_alike_is_compared_alike(one: str, other: str) -> None:
    assert search_text(one) == search_text(other)


@given(st.text(st.characters()))  # lone surrogates too
def test_search_text_of_search_text_is_itself_and_can_be_stored(text: str) -> None:
    once = search_text(text)
    assert search_text(once) == once
    assert once == once.strip()
    assert "\x00" not in once
    assert once.encode("utf-8").decode("utf-8") == once


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("two words", ["two", "words"]),
        ('"a phrase" and', ["a phrase", "and"]),
        ("“a phrase” and", ["a phrase", "and"]),
        ('"not closed at', ["not closed at"]),
        ('say"so"now', ["say", "so", "now"]),
        ('""', []),
        ("", []),
        ("\u200b \u00ad", []),
        ("Same same", ["same"]),
        ("don’t", ["don't"]),
        ("a OR b NOT c*", ["a", "or", "b", "not", "c*"]),
    ],
)
def test_words_and_phrases_are_what_must_be_found(asked: str, terms: list[str]) -> None:
    assert terms_of(asked) == terms


def test_a_snippet_shows_the_words_as_they_were_written() -> None:
    text = "x" * 100 + " Sie wohnt in der\nGroßen Straße 4, " + "y" * 100
    assert snippet(text, "grossen strasse") == f"…{'x' * 42} Sie wohnt in der Großen Straße 4, {'y' * 56}…"
    assert snippet("Straße", "strasse") == "Straße"


def test_controls_of_a_terminal_do_not_get_into_a_snippet() -> None:
    assert snippet("red \x1b[31malert\x07 here", "here") == "red [31malert here"


@given(st.text(min_size=1), st.data())
def test_any_run_of_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    term = search_text(text[start : data.draw(st.integers(start + 1, len(text)))])
    if term and term in search_text(text):
        left, right = place_of(text, term)
        assert term in search_text(text[left:right])


def test_a_hit_at_the_end_of_a_long_text_is_found_quickly() -> None:
    text = "Ein langer Absatz über nichts. " * 33_000 + "die NADEL’s Stelle"
    started = time.process_time()
    left, right = place_of(text, "nadel's")
    assert text[left:right] == "NADEL’s"
    assert time.process_time() - started < 10  # a hang, not a measurement
