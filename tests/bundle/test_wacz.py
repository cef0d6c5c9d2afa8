"""A web archive of each capture: by its specification, and shown by the real ReplayWeb.page where that is at hand.

ReplayWeb.page (npm `replaywebpage`) is a tool of the tests alone. Where REPLAYWEBPAGE names its unpacked folder, with
`ui.js` and `sw.js` in it, the archive is opened in it; nothing of it is ever shipped.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError, sync_playwright
from warcio.archiveiterator import ArchiveIterator

from archiver.browser import find_browser
from archiver.bundle import wacz
from tests.bundle.samples import ADDRESS, awkward, exhibit, original, tall_picture, warc
from tests.program import served

TOOL = os.environ.get("REPLAYWEBPAGE", "")
PAGE = b"<!doctype html><meta charset=utf-8><title>Harbour walk</title><h1>You will hear from me again</h1>"
LOCAL = "http://harbour.example/next?b=2&a=1"


@pytest.fixture(scope="module")
def made() -> zipfile.ZipFile:
    first = awkward().exhibits[0]
    [record] = first.of_role("network")
    return zipfile.ZipFile(io.BytesIO(wacz.wacz(first, record.read())))


def test_the_network_record_stands_in_it_as_it_was_sealed(made: zipfile.ZipFile) -> None:
    [record] = awkward().exhibits[0].of_role("network")
    assert hashlib.sha256(made.read("archive/data.warc")).hexdigest() == record.sha256


def test_every_part_is_listed_with_its_size_and_digest_and_stands_unpacked(made: zipfile.ZipFile) -> None:
    package = json.loads(made.read("datapackage.json"))
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    listed = {part["path"]: part for part in package["resources"]}
    assert listed.keys() | {"datapackage.json", "datapackage-digest.json"} == set(made.namelist())
    for path, part in listed.items():
        data = made.read(path)
        assert (part["bytes"], part["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    said = json.loads(made.read("datapackage-digest.json"))
    assert said["hash"] == f"sha256:{hashlib.sha256(made.read('datapackage.json')).hexdigest()}"
    assert {part.compress_type for part in made.infolist()} == {zipfile.ZIP_STORED}
    assert made.comment == b""


def test_each_line_of_the_index_leads_to_its_own_record(made: zipfile.ZipFile) -> None:
    lines = made.read("indexes/index.cdxj").decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 2
    whole = made.read("archive/data.warc")
    for line in lines:
        key, stamp, fields = line.split(" ", 2)
        told = json.loads(fields)
        assert (key.partition(")")[0], stamp) == ("example,harbour", "20260329003001")
        part = whole[int(told["offset"]) : int(told["offset"]) + int(told["length"])]
        [record] = list(ArchiveIterator(io.BytesIO(part)))
        assert record.rec_headers.get_header("WARC-Target-URI") == told["url"]
        assert record.rec_type == "response"


def test_the_page_that_opens_is_the_one_where_the_visit_ended(made: zipfile.ZipFile) -> None:
    head, page = [json.loads(line) for line in made.read("pages/pages.jsonl").splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert (page["url"], page["title"]) == (ADDRESS, "Harbour walk")
    assert json.loads(made.read("datapackage.json"))["mainPageUrl"] == ADDRESS


@pytest.mark.parametrize("final", [f"{ADDRESS}#end", "http://elsewhere.example/"])
def test_an_address_that_the_record_spells_otherwise_still_opens_a_page_that_is_there(final: str) -> None:
    lines = wacz.answers(warc({"http://harbour.example/a.png": ("image/png", b"x"), ADDRESS: ("text/html", PAGE)}))
    assert wacz.main_page(replace(awkward().exhibits[0], final=final), lines)[0] == ADDRESS


def test_a_record_without_an_answer_or_with_damage_makes_no_archive() -> None:
    for data in (warc({}), b"no record at all", warc({ADDRESS: ("text/html", PAGE)})[:200]):
        with pytest.raises(wacz.NothingToReplay):
            wacz.wacz(exhibit(1), data)


def test_only_captures_that_were_answered_and_whose_record_leaves_get_one() -> None:
    record = original("network", warc({ADDRESS: ("text/html", PAGE)}), "application/warc", "AB/1", "network.warc")
    chosen = replace(
        awkward(),
        exhibits=(
            exhibit(1, (record,)),
            exhibit(2, (record,), status=None),
            exhibit(3, (replace(record, path="", held_back="it can't be covered"),)),
            exhibit(4),
        ),
    )
    assert [file.path for file in wacz.files(chosen)] == ["data/wacz/AB-1.wacz"]


def test_addresses_sort_by_host_from_its_end() -> None:
    assert wacz.surt("http://www.Harbour.example:8080/Walk?b=2&a=1") == "example,harbour:8080)/walk?a=1&b=2"
    assert wacz.surt("https://harbour.example") == "example,harbour)/"


DOOR = "http://harbour.example/door.png"
SHOWN = "You will hear from me again"
REPLAYED = {  # the page, and what else came with it
    "a post": (PAGE + b'<img src="/door.png" alt=""><script>document.title += location.pathname</script>', "200 OK"),
    "a page that is gone": (PAGE, "410 Gone"),
    "a post in a frame": (b'<!doctype html><iframe src="/framed"></iframe>', "200 OK"),
    "a post that a script brings": (
        b"<!doctype html><main></main><script>fetch('/framed').then(a => a.text()).then(words => "
        b"document.querySelector('main').innerHTML = words)</script>",
        "200 OK",
    ),
}


@pytest.fixture
def replay(request: pytest.FixtureRequest) -> Iterator[str]:
    """ReplayWeb.page on loopback, with the archive beside it."""
    page, status = REPLAYED[request.param]
    html = "text/html; charset=utf-8"
    came = {ADDRESS: (html, page), "http://harbour.example/framed": (html, PAGE), DOOR: ("image/png", tall_picture(3))}
    shell = (
        '<!doctype html><meta charset="utf-8"><script src="/ui.js"></script>'
        f'<replay-web-page source="/one.wacz" url="{ADDRESS}" embed="replayonly" replayBase="/replay/">'
        "</replay-web-page>"
    )
    script = "text/javascript"
    files = {
        "/": (200, "text/html", shell.encode()),
        "/ui.js": (200, script, (Path(TOOL) / "ui.js").read_bytes()),
        "/replay/sw.js": (200, script, (Path(TOOL) / "sw.js").read_bytes()),
        "/one.wacz": (200, "application/wacz", wacz.wacz(exhibit(1), warc(came, status=status))),
    }
    with served(files) as site:
        yield site


if TOOL:

    @pytest.mark.parametrize(
        ("replay", "frames"), [(name, name.count("in a frame")) for name in REPLAYED], indirect=["replay"]
    )
    def test_replaywebpage_opens_it_and_shows_the_post(replay: str, frames: int) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser().path, args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
            )
            page = browser.new_page()
            shown = page.frame_locator("replay-web-page iframe").frame_locator("iframe")
            for _ in range(frames):
                shown = shown.frame_locator("iframe")
            heading = shown.get_by_role("heading", name=SHOWN)
            for _ in range(3):  # on a busy computer the player may show its frame before its own worker answers
                page.goto(f"{replay}/")
                with suppress(TimeoutError):
                    heading.wait_for(timeout=20_000)
                    break
            assert heading.inner_text(timeout=1_000) == SHOWN
            browser.close()
