"""Consent banners are refused where refusing exists, never accepted, and never cost a post."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.test_unfold import PATIENT
from tests.browser.test_visit import text_of
from tests.site import Server

LANGUAGES = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ar", "hi", "ja"]


@pytest.mark.parametrize("kind", [*LANGUAGES, "known", "shadow", "frame", "settings"])
def test_a_banner_is_refused_after_the_untouched_layer(visit: Visit, server: Server, kind: str) -> None:
    server.deeds.clear()
    snapshot = visit(f"consent.html?kind={kind}", limits=PATIENT)
    assert server.deeds == ["/did/refuse"]
    assert "the answer was refuse" in text_of(snapshot)
    names = [step.name for step in snapshot.steps]
    assert names.index("first-dom") < names.index("consent") < names.index("scroll")
    first = snapshot.first("first-dom")
    assert first is not None
    assert b"the answer was refuse" not in first.data
    assert [action.what for action in snapshot.actions if "consent" in action.what][-1] == "refuse-consent"
    assert snapshot.verdict.complete, snapshot.verdict.sentence


@pytest.mark.parametrize("kind", ["pay", "none"])
def test_a_banner_that_can_not_be_refused_stays_and_is_named(visit: Visit, server: Server, kind: str) -> None:
    server.deeds.clear()
    snapshot = visit(f"consent.html?kind={kind}", limits=PATIENT)
    assert server.deeds == []
    assert not snapshot.verdict.complete
    assert any(words.startswith("what a consent banner covers, about 100 %") for words in snapshot.verdict.missing)


def test_a_bar_that_covers_little_stays_and_costs_nothing(visit: Visit, server: Server) -> None:
    server.deeds.clear()
    snapshot = visit("consent.html?kind=bar", limits=PATIENT)
    assert server.deeds == []
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_a_post_in_a_dialog_stays_and_is_unfolded(visit: Visit) -> None:
    snapshot = visit("post-dialog.html", limits=PATIENT)
    assert "words-in-the-dialog" in text_of(snapshot)
    assert "words-folded-in-the-dialog" in text_of(snapshot)
    assert snapshot.verdict.complete, snapshot.verdict.sentence
