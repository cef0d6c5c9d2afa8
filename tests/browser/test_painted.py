"""The white-tail check: a picture that was not painted to its end is seen, taken again, and named."""

from __future__ import annotations

import pytest

from archiver.browser import Browser, VisitRequest, chromium
from tests.browser.conftest import Visit, resolve, rule
from tests.browser.test_unfold import PATIENT
from tests.browser.test_visit import tiles_of
from tests.site import Server


def test_a_picture_that_was_painted_white_below_is_named(
    server: Server, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = ["--force-gpu-mem-available-mb=1" if "gpu-mem" in one else one for one in chromium.SWITCHES]
    monkeypatch.setattr(chromium, "SWITCHES", tuple(little))  # as on a computer that has no memory to paint with
    address = server.address("many-lines.html", "a.example")
    with Browser(resolve=resolve, rule=rule) as poor:
        snapshot = poor.visit(VisitRequest(address, address, path, allow_private=True, limits=PATIENT))
    assert not snapshot.verdict.complete
    [named] = [what for what in snapshot.verdict.missing if "painted blank where the page has content" in what]
    assert named.startswith("picture 0 below ")
    assert named in snapshot.verdict.sentence


def test_the_same_page_is_painted_to_its_end_and_nothing_is_named(visit: Visit) -> None:
    snapshot = visit("many-lines.html", limits=PATIENT)
    assert len(tiles_of(snapshot)) == 1
    assert snapshot.verdict.complete, snapshot.verdict.sentence
