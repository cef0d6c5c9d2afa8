"""Pages that mean harm: each costs bounded time and memory, harms nothing, and still gives a capture.

Others stand in test_failures.py: redirects in a circle, dialogs, window storms, endless downloads, a gzip bomb, a page
that drips for ever, a busy loop, a renderer that crashes, redirects to private addresses.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.browser.conftest import QUICK, Visit
from tests.browser.test_visit import text_of, tiles_of
from tests.site import Server

CHILD_SECONDS = 280
MOST_MEBIBYTES = 500
ROOMY = replace(QUICK, seconds=90, script_seconds=15, picture_seconds=30)


def test_a_feed_without_end_is_kept_to_its_bound_and_says_so(visit: Visit) -> None:
    snapshot = visit("endless.html?posts=1000000", limits=replace(ROOMY, max_height=4000))
    verdict = snapshot.verdict
    assert not verdict.complete
    assert verdict.scrolling_stopped == "the page is taller than is pictured"
    assert verdict.posts_met >= 15
    assert any("below 4,0" in what for what in verdict.missing), verdict.missing


def test_a_page_that_sends_its_visitors_round_for_ever_ends(visit: Visit) -> None:
    snapshot = visit("/round", limits=ROOMY)
    assert not snapshot.verdict.complete
    assert snapshot.redirects


def test_a_page_that_asks_for_permissions_is_given_none(visit: Visit) -> None:
    snapshot = visit("permissions.html", host="127.0.0.1", limits=ROOMY)  # a host that may ask
    assert "A page that asks for everything" in text_of(snapshot)
    assert "given-" not in text_of(snapshot)


def test_a_page_that_gives_files_away_leaves_none(visit: Visit) -> None:
    snapshot = visit("downloads.html", limits=ROOMY)
    assert "A page that gives files away" in text_of(snapshot)
    assert tiles_of(snapshot)
    refused = [action for action in snapshot.actions if action.what == "refuse-download"]
    assert 0 < len(refused) <= 41


def test_a_page_that_clears_itself_when_it_is_left_or_printed_is_kept_with_its_words(visit: Visit) -> None:
    snapshot = visit("clears.html", limits=ROOMY)
    assert "words-that-clear-themselves" in text_of(snapshot)
    first, saved = snapshot.first("first-dom"), snapshot.first("mhtml")
    assert first is not None
    assert saved is not None
    assert b"words-that-clear-themselves" in first.data
    assert b"nothing here" not in saved.data.partition(b"<script>")[0]


def test_a_file_of_this_computer_is_never_shown(visit: Visit) -> None:
    snapshot = visit("files.html", limits=ROOMY)
    assert "words-beside-files" in text_of(snapshot)
    everything = b"".join(artifact.data for artifact in snapshot.artifacts)
    assert b"root:x:" not in everything


def test_a_service_worker_that_answers_for_the_server_is_outlived(visit: Visit) -> None:
    snapshot = visit("intercepted.html", host="127.0.0.1", limits=ROOMY)  # a host that may have one
    assert "words-made-by-the-worker" in text_of(snapshot)
    assert "words-beside-a-worker" in text_of(snapshot)
    assert "another page" not in text_of(visit("intercepted.html", host="127.0.0.1", limits=ROOMY))


@pytest.fixture
def inside() -> Iterator[socket.socket]:
    """Something that listens on a private address, and would note whoever comes."""
    with socket.create_server(("127.0.0.9", 0)) as listening:
        listening.setblocking(False)
        yield listening


def test_no_part_of_a_page_reaches_a_private_address(visit: Visit, server: Server, inside: socket.socket) -> None:
    server.asked.clear()
    port = inside.getsockname()[1]
    snapshot = visit(f"private-parts.html?port={port}", host="public.example", allow_private=False, limits=ROOMY)
    assert "words-beside-what-is-private" in text_of(snapshot)
    assert any(asked.startswith("/redirect?to=http://inside.example") for asked in server.paths())  # it did try
    with pytest.raises(BlockingIOError):
        inside.accept()
    with socket.create_connection(inside.getsockname()):  # and there was somebody who would have noted it
        inside.setblocking(True)
        inside.accept()[0].close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the most memory that was held")
def test_heavy_pages_are_kept_or_named_and_take_little_memory_here(server: Server, path: str) -> None:
    pages = ["/big?megabytes=100", "/bomb?megabytes=200", "/nodes?count=200000", "huge-picture.html"]
    command = [sys.executable, "-m", "tests.browser.hostile_child", path]
    command += [server.address(page, "a.example") for page in pages]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=CHILD_SECONDS, check=True)
    told = dict(zip(pages, map(json.loads, ran.stdout.splitlines()), strict=True))
    for page, one in told.items():
        assert "first-view" in one["roles"] or one["failure"], (page, one)
        assert not one["complete"], (page, one)
        assert one["missing"], (page, one)
        assert one["mebibytes"] < MOST_MEBIBYTES, (page, one)


def test_a_page_that_names_its_parts_as_our_own_things_is_kept_whole(visit: Visit) -> None:
    snapshot = visit("named.html", limits=ROOMY)
    assert snapshot.verdict.complete, snapshot.verdict.sentence
    assert snapshot.verdict.posts_met == snapshot.verdict.posts_pictured == 40
    assert "Folded words 40." in text_of(snapshot)


def test_a_page_whose_form_hides_what_it_is_is_pictured_all_the_same_and_not_called_whole(visit: Visit) -> None:
    snapshot = visit("form-names.html", limits=ROOMY)
    verdict, [tile] = snapshot.verdict, tiles_of(snapshot)
    assert verdict.sentence.startswith("The page was kept, but not all of it. Missing: ")
    assert any(what.startswith("tiles: ") for what in verdict.missing), verdict.missing
    assert "heliotrope" in text_of(snapshot)
    assert tile.place is not None
    assert tile.place.height > 3000
    assert verdict.height_painted == verdict.height_asked == tile.place.height


def test_what_of_a_page_that_cannot_be_measured_is_below_its_picture_is_named(visit: Visit) -> None:
    snapshot = visit("form-names.html", limits=replace(ROOMY, tile_height=2000))
    assert any(what.startswith("pictures below 2,000 px of 3,") for what in snapshot.verdict.missing)
