"""The readable pages: nothing of what was captured gets out of its place, runs, or asks the network for anything."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, sync_playwright
from pypdf import PdfReader

from archiver.browser import find_browser
from archiver.bundle import chronology, markup, pages, statement
from archiver.bundle.chosen import File
from tests.bundle.samples import FORMULA, HOSTILE, awkward
from tests.bundle.test_words import FORBIDDEN

OURS = ("data/pages/AB-2.html", "data/chronology.html", "data/export-statement.html", "data/selection-statement.html")


def made() -> dict[str, bytes]:
    """Every readable page of the made-up selection, by path."""
    chosen = awkward()
    rest = [*chronology.files(chosen, _unprinted), *statement.files(chosen, _unprinted)]
    readable: list[File] = [*(file for file in rest if file.path.endswith(".html"))]
    readable += pages.files(chosen, [*(file.path for file in rest), "data/wacz/AB-1.wacz"])
    return {file.path: b"".join(file.chunks()) for file in readable}


def _unprinted(html: bytes) -> bytes:
    raise AssertionError("nothing is printed here")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages and the pictures that they show, as files."""
    folder = tmp_path_factory.mktemp("bundle")
    kept = {o.path: o.read() for e in awkward().exhibits for o in e.originals if o.leaves}
    for path, data in {**made(), **kept}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    """A reader's browser, with scripts on: what could run would run."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_browser().path)
        yield started.new_page()
        started.close()


def test_every_page_is_one_that_runs_nothing_and_links_to_nothing_but_its_own_bundle() -> None:
    there = made()
    assert {*OURS, "data/index.html", "data/pages/AB-5.html", "data/witness-statement.html"} <= there.keys()
    for path, data in there.items():
        soup = BeautifulSoup(data, "lxml")
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy is not None
        assert "default-src 'none'" in str(policy["content"])
        assert "unsafe" not in str(policy["content"])
        assert (
            soup.find_all(["script", "iframe", "object", "embed", "base", "link", "form", "svg", "audio", "video"])
            == []
        )
        tags = soup.find_all(True)
        assert [tag for tag in tags if any(name.startswith("on") or name == "style" for name in tag.attrs)] == []
        for tag in soup.select("[href], [src]"):
            to = str(tag.get("href") or tag.get("src"))
            assert re.fullmatch(r"#pictures|[\w./-]+", to), f"{path} leads to {to}"
            if not to.startswith("#"):
                assert posixpath.normpath(posixpath.join(posixpath.dirname(path), to)).startswith("data/")


def test_hostile_words_are_shown_and_do_nothing(written: Path, browser: Page) -> None:
    asked: list[str] = []
    browser.on("request", lambda request: asked.append(request.url))
    for path in OURS:
        browser.goto((written / path).as_uri())
        assert browser.title() != "ran"
    browser.goto((written / "data/pages/AB-2.html").as_uri())
    shown = browser.locator("article").first.inner_text()
    assert HOSTILE in shown
    assert FORMULA.splitlines()[0] in shown
    assert {url.partition(":")[0] for url in asked} == {"file"}


def test_the_style_and_the_pictures_pass_the_pages_own_policy(written: Path, browser: Page) -> None:
    refused: list[str] = []
    browser.on("console", lambda message: refused.append(message.text))
    browser.goto((written / "data/pages/AB-1.html").as_uri())
    browser.locator("img").last.scroll_into_view_if_needed()
    browser.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")
    assert browser.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse") == "collapse"
    assert refused == []


def test_a_page_fits_a_narrow_window_and_each_picture_says_what_it_is(written: Path, browser: Page) -> None:
    browser.set_viewport_size({"width": 320, "height": 700})
    exhibits = ("data/pages/AB-1.html", "data/pages/AB-2.html", "data/pages/AB-4.html")
    for path in ("data/index.html", *exhibits, "data/witness-statement.html"):
        browser.goto((written / path).as_uri())
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert browser.locator("img:not([alt]), html:not([lang])").count() == 0
        assert browser.locator("h1").count() == 1
        unnamed = "[...document.querySelectorAll('input, textarea')].filter((field) => !field.labels.length).length"
        assert browser.evaluate(unnamed) == 0


def test_text_that_turns_the_direction_of_writing_stays_in_its_own_element_and_is_named() -> None:
    page = made()["data/pages/AB-2.html"].decode()
    assert '<blockquote class="q" dir="auto">' in page
    assert "characters that turn the direction of writing" in page
    assert "\x00" not in page
    assert "\u2400" in page  # the picture of a NUL
    assert markup.captured("half \ud83d pair") == '<bdi dir="auto">half \ufffd pair</bdi>'


def test_what_was_read_is_marked_and_what_is_known_of_the_time_is_said() -> None:
    page = BeautifulSoup(made()["data/pages/AB-1.html"], "lxml")
    assert [head.get_text(" ", strip=True) for head in page.find_all("h2")][1] == "Posts machine-read"
    words = page.get_text(" ")
    for said in (
        "@alexm@social.example",
        "1094",
        "from the post's number",
        "28 March 2026, 22:15:00 UTC",
        "The page was there.",
    ):
        assert said in words
    assert "does not prove which moment that was" in made()["data/pages/AB-2.html"].decode()


def test_every_kept_file_is_listed_and_what_stays_is_listed_with_its_reason() -> None:
    said = BeautifulSoup(made()["data/pages/AB-1.html"], "lxml").get_text(" ")
    for original in awkward().exhibits[0].originals:
        assert original.sha256 in said
        assert (original.path if original.leaves else original.held_back) in said
    assert "data/wacz/AB-1.wacz" in said


def test_the_list_shows_no_captured_words_and_links_what_is_there() -> None:
    index = made()["data/index.html"].decode()
    assert "hear from me" not in index
    assert "Harbour walk" not in index
    assert 'href="pages/AB-5.html"' in index
    assert 'href="chronology.pdf"' in index
    assert "redactions" not in index
    assert "5 of 8 kept pages" in index


def test_our_own_words_stay_with_facts() -> None:
    for path, data in made().items():
        text = BeautifulSoup(data, "lxml").get_text(" ").lower()
        assert [word for word in FORBIDDEN if re.search(rf"\b{word}", text)] == [], path


def test_printed_no_table_is_cut_and_each_sheet_names_its_exhibit(written: Path, browser: Page) -> None:
    browser.set_viewport_size({"width": 1000, "height": 700})
    for path, name in (("data/pages/AB-1.html", "Exhibit AB/1"), ("data/pages/AB-4.html", "Exhibit AB/4")):
        browser.goto((written / path).as_uri())
        paper = PdfReader(io.BytesIO(browser.pdf(prefer_css_page_size=True)))
        for n, page in enumerate(paper.pages, start=1):
            words = " ".join(page.extract_text().split())
            assert f"page {n} of {len(paper.pages)}" in words
            assert name in words
        browser.emulate_media(media="print")
        browser.set_viewport_size({"width": 688, "height": 1000})  # A4 without its margins
        assert browser.evaluate("document.documentElement.scrollWidth") <= 688, path
        browser.emulate_media(media="screen")
