"""The pages that we make, looked at by axe-core: closed and with all that is folded open. No violation of any kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from archiver.browser import find_browser
from archiver.cli.timeline_command import page_of
from archiver.compare import compare, show
from archiver.keys.sheet import sheet
from archiver.timeline import Event
from tests.bundle.test_pages import made
from tests.month import picture
from tests.test_compare import MAIN, again, seen
from tests.test_recovery import CODE
from tests.vault.made import AT

TOOL = os.environ.get("AXE", "")  # the folder of npm's axe-core; without it a page's own tests hold what they can
OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"
SAID = "axe.run(document).then(told => told.violations.map(one => [one.id, one.nodes.map(node => node.html)]))"


def pages() -> dict[str, bytes]:
    """Every kind of page, by name."""
    edited = compare(seen(MAIN), again(seen(replace(MAIN, text="Other words"))))
    shown = show.page(edited, [picture("door")], [picture("gate"), picture("wall")])
    events = [Event(AT, "kept", "Kept for the first time.", "https://fen.example/1", 2, "C1")]
    printed = sheet(CODE, made="2026-03-03", slot="aabb", fingerprint="ab" * 32)
    return made() | {"comparison": shown.encode(), "timeline": page_of(events).encode(), "sheet": printed}


if TOOL:

    @pytest.fixture(scope="module")
    def browser() -> Iterator[Page]:
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=find_browser().path)
            yield started.new_page()
            started.close()

    @pytest.mark.parametrize("name", pages())
    def test_axe_finds_nothing(name: str, browser: Page) -> None:
        browser.goto("about:blank")
        browser.set_content(pages()[name].decode())
        browser.evaluate((Path(TOOL) / "axe.min.js").read_text())
        assert browser.evaluate(SAID) == []
        browser.evaluate(OPEN)
        assert browser.evaluate(SAID) == []
