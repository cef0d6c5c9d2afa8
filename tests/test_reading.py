"""Reading over sealed bytes: what becomes a reading, a passage, a problem."""

from __future__ import annotations

import hashlib
import json

from archiver.reading import lines_of, read_page, unseen_lines
from archiver.records import Capture
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


def test_posts_that_the_page_dropped_again_are_found_by_search() -> None:
    posts = [{"text": "Still here\nas before"}, {"text": "Ann\ndropped words"}]
    files = {
        "dom": b"<!doctype html><p>Still here<p>as before",
        "text": b"Still here\nas before",
        "harvest": json.dumps({"posts": posts}).encode(),
    }
    kept = {hashlib.sha256(data).hexdigest(): data for data in files.values()}
    listed = [
        {"role": role, "sha256": sha256, "media_type": "text/plain", "url": ""}
        for role, sha256 in zip(files, kept, strict=True)
    ]
    body = {"final": "http://a.example/", "status": 200, "failure": {"kind": "", "sentence": ""}, "artifacts": listed}
    reading = read_page(Capture("C1", 1, "2026-03-03T09:15:00Z", body), fetch=kept.__getitem__, at="")
    found = [passage for passage in reading.passages if passage.sha256 == listed[2]["sha256"]]
    assert [(passage.text, passage.where) for passage in found] == [
        ("Ann\ndropped words", "posts seen while scrolling")
    ]
    assert listed[2]["sha256"] in reading.of
