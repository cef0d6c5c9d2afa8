"""The statements: facts, counts, limits, room for the person's own words; and words that none of them uses."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup

from archiver.bundle import statement
from archiver.bundle.chosen import Chosen, Original
from tests.bundle.samples import awkward, exhibit

FORBIDDEN = ("proves that", "certificate", "court-ready", "tamper-proof", "forensic", "alleged", "claim", "victim")


def text_of(html: bytes) -> str:
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").split())


def test_the_export_statement_names_tools_versions_times_hashes_and_limits() -> None:
    said = text_of(statement.export(awkward()))
    for fact in (
        "Archiver 0.1.0",
        "Chromium 156.0.8078.79",
        "Linux 6.18",
        "mastodon 1, Tesseract 5.3.0 eng",
        "2026-03-29T00:30:00.000Z",
        "cd" * 32,
        "ab" * 32,
    ):
        assert fact in said
    assert "They do not show that what a page said is true" in said
    assert "SHA-256 (FIPS 180-4)" in said


def test_it_says_which_entries_no_authority_had_seen_and_when_there_is_none_at_all() -> None:
    assert "No authority had seen the entries of AB/4, AB/5" in text_of(statement.export(awkward()))
    alone = replace(awkward(), tokens=())
    assert "No outside authority has put a time on any of this" in text_of(statement.export(alone))


def test_the_selection_statement_counts_all_and_gives_the_persons_reason() -> None:
    said = text_of(statement.selection(awkward()))
    for fact in (
        "8 kept pages",
        "5 kept pages",
        "3 kept pages",
        "These are the ones from that account.",
        "C8 shows my child",
    ):
        assert fact in said
    assert "it may name the person's own account" in said  # a file that is held back


def test_it_says_that_pages_are_whole_or_where_it_stands_what_was_covered() -> None:
    assert "what everyone wrote on a page, on every side, is in its copy" in text_of(statement.selection(awkward()))
    covered = Original("tile", "image/png", 9, "0" * 64, "data/changed/AB-1/tile-001.png", copy_of="1" * 64)
    changed = replace(awkward(), exhibits=(exhibit(1, (covered,)),))
    assert "Something was covered or blurred" in text_of(statement.selection(changed))


def test_a_selection_of_everything_says_that_nothing_was_left_out() -> None:
    everything: Chosen = replace(awkward(), left_out=(), items=5, reason="")
    said = text_of(statement.selection(everything))
    assert "Nothing was left out." in said
    assert "none was given" in said


def test_the_statement_asks_and_puts_no_words_into_a_mouth() -> None:
    for html in (statement.witness(awkward()), statement.witness_on_paper(awkward())):
        said = text_of(html)
        for label in ("AB/1", "AB/5"):
            assert f"I produce exhibit {label}" in said
        assert "It is not legal advice" in said
        assert "leave anything empty" in said
        for word in ("why did you", "should have", "threat", "hear from me", *FORBIDDEN):
            assert word not in said.lower()


def test_it_can_be_filled_in_without_a_script_and_every_field_has_its_question() -> None:
    soup = BeautifulSoup(statement.witness(awkward()), "lxml")
    fields = soup.find_all(["input", "textarea"])
    assert len(fields) == 5 + 4 * 5 + 8
    assert all(field.find_parent("label") is not None for field in fields)
