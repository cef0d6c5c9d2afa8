"""Pages of software that nobody wrote a reader for: what their layout says, and what of it was not read."""

from __future__ import annotations

import pytest

from extractors import repeated
from extractors.contract import Page, Post, Problem
from extractors.registry import generic_extractor


def test_what_a_page_of_unknown_software_holds_beyond_the_bound_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeated, "MOST_TIMES", 3)
    row = "<li class=c><b class=author>Ada {0}</b> <time datetime=2026-03-0{0}>x</time> <p>Words {0}</p></li>"
    rows = [row.format(n) for n in range(1, 6)]
    read = list(generic_extractor().read(Page("https://site.example/a/b", f"<ul>{''.join(rows)}</ul>")))
    assert [record.text for record in read if isinstance(record, Post)] == ["Words 1", "Words 2", "Words 3"]
    assert [record.what for record in read if isinstance(record, Problem)] == [
        "what stands after the first 3 times of it was not read"
    ]
