"""What is said of a capture: that there is a page where any of it was kept, and never that it is whole."""

from __future__ import annotations

from datetime import UTC, datetime

from archiver.browser import VisitRequest
from archiver.browser.record import Record
from archiver.browser.verdict import verdict_of

AT = datetime(2026, 3, 3, 9, 15, tzinfo=UTC)


def record() -> Record:
    address = "https://site.example/1"
    return Record(VisitRequest(address, address, ""), lambda: AT, AT, address, status=200)


def test_a_page_that_was_seen_is_not_called_none_where_its_tiles_failed() -> None:
    seen = record()
    seen.keep("first-view", "image/png", b"picture")
    seen.end("tiles", "failed", "it could not be measured", 0)
    verdict = verdict_of(seen)
    assert not verdict.complete
    assert verdict.sentence == (
        "The page was kept, but not all of it. Missing: tiles: it could not be measured; "
        "pictures of the page below its first view."
    )


def test_a_first_view_alone_is_never_the_whole_page() -> None:
    seen = record()
    seen.keep("first-view", "image/png", b"picture")
    assert not verdict_of(seen).complete
    assert verdict_of(seen).missing == ("pictures of the page below its first view",)


def test_an_answer_without_a_page_is_called_so() -> None:
    assert verdict_of(record()).sentence == "The server answered 200 and sent no page."
