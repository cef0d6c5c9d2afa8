"""Ordinary pages: what a visit brings back, step by step."""

from __future__ import annotations

import io
import pickle
from dataclasses import replace

import pytest
from PIL import Image

from archiver.browser import Browser, VisitRequest, visit_in_worker
from archiver.records import Artifact, Snapshot
from tests.browser.conftest import QUICK, Visit
from tests.site import Server


def text_of(snapshot: Snapshot) -> str:
    artifact = snapshot.first("text")
    assert artifact is not None, snapshot.steps
    return artifact.data.decode()


def html_of(snapshot: Snapshot) -> str:
    artifact = snapshot.first("dom")
    assert artifact is not None, snapshot.steps
    return artifact.data.decode()


def tiles_of(snapshot: Snapshot) -> list[Artifact]:
    return [artifact for artifact in snapshot.artifacts if artifact.role == "tile"]


def pixels(artifact: Artifact) -> Image.Image:
    return Image.open(io.BytesIO(artifact.data)).convert("RGB")


@pytest.fixture(scope="module")
def plain(warm: Browser, server: Server, path: str) -> Snapshot:
    address = server.address("plain.html?utm_source=x", "a.example")
    return warm.visit(VisitRequest("as typed", address, path, allow_private=True, limits=QUICK))


def test_an_ordinary_page_is_kept_whole_and_says_so(plain: Snapshot) -> None:
    assert (plain.status, plain.failure.kind, plain.title) == (200, "", "Harbour walk")
    assert plain.verdict.complete, plain.verdict
    assert plain.verdict.missing == ()
    assert (plain.verdict.images_complete, plain.verdict.images_broken, plain.verdict.images_pending) == (1, 0, 0)
    assert plain.verdict.scrolling_stopped == "end"


def test_each_part_is_there_once_and_every_step_is_named_and_timed(plain: Snapshot) -> None:
    roles = [artifact.role for artifact in plain.artifacts]
    assert roles == ["first-view", "first-dom", "tile", "dom", "text", "mhtml", "network"]
    steps = {step.name: step.outcome for step in plain.steps}
    assert len(steps) == len(plain.steps)
    nothing_to_do = ("certificate", "companions", "consent", "unfold")
    assert steps == {**dict.fromkeys(steps, "done"), **dict.fromkeys(nothing_to_do, "skipped")}
    assert all(step.ms >= 0 for step in plain.steps)


def test_the_address_is_kept_as_typed_as_fetched_and_as_it_ended(plain: Snapshot, server: Server) -> None:
    address = server.address("plain.html?utm_source=x", "a.example")
    assert (plain.requested, plain.cleaned, plain.final) == ("as typed", address, address)


def test_pictures_have_the_size_that_their_place_says(plain: Snapshot) -> None:
    for artifact in (plain.first("first-view"), *tiles_of(plain)):
        assert artifact is not None
        assert artifact.place is not None
        assert pixels(artifact).size == (artifact.place.width, artifact.place.height)


def test_a_picture_at_scale_two_has_twice_the_pixels(visit: Visit) -> None:
    [tile] = tiles_of(visit("plain.html", scale=2))
    assert tile.place is not None
    assert pixels(tile).size == (2 * tile.place.width, 2 * tile.place.height)
    assert tile.place.scale == 2


def test_visible_text_is_text_and_hidden_text_is_markup_only(plain: Snapshot) -> None:
    assert "The tide was out and the marigold boats" in text_of(plain)
    assert " two\n   steps" in text_of(plain)
    assert "nobody sees this" not in text_of(plain)
    assert "nobody sees this" in html_of(plain)
    assert html_of(plain).startswith("<!DOCTYPE html>")


def test_provenance_says_how_the_visit_was_made(plain: Snapshot, server: Server) -> None:
    known = plain.provenance
    assert known.server_address == f"127.0.0.1:{server.server_port}"
    assert dict(known.headers)["content-type"] == "text/html; charset=utf-8"
    assert known.clock_check == "agrees with the server's clock within 2 seconds"
    assert known.browser.startswith("Chromium 1")
    assert "Chrome/" in known.user_agent
    assert (known.viewport, known.locale, known.proxy) == ("1280x800 at scale 1", "en-GB", "none")
    assert known.names_resolved_by == "this machine"
    assert known.sandbox == "on" or known.sandbox.startswith("off: ")
    assert known.local_time[:16] <= plain.finished[:10] + "T24"
    assert known.time_zone
    assert known.allow_private is True


def test_times_come_from_the_clock_that_was_handed_in(plain: Snapshot) -> None:
    assert plain.started < plain.finished
    assert plain.started.endswith("Z")


def test_the_untouched_layer_comes_before_any_action(visit: Visit) -> None:
    snapshot = visit("tall.html")
    first = snapshot.first("first-view")
    assert first is not None
    assert pixels(first).getpixel((640, 75)) == (0, 255, 128)  # band 0, straight below the bar: nothing was scrolled
    assert snapshot.actions[0].what == "scroll"


def test_a_tall_page_is_pictured_band_for_band_without_loss_or_doubling(visit: Visit) -> None:
    snapshot = visit("tall.html")
    tiles = tiles_of(snapshot)
    assert len(tiles) == 4  # 24,060 px in pieces of at most 8,000
    bands: dict[int, tuple[int, int, int]] = {}
    for tile in tiles:
        assert tile.place is not None
        picture = pixels(tile)
        for y in range(tile.place.height):
            colour = picture.getpixel((900, y))
            assert isinstance(colour, tuple)
            bands[tile.place.y + y] = (colour[0], colour[1], colour[2])
    seen = [bands[60 + 100 * n + 50] for n in range(240)]
    wrong = [n for n, colour in enumerate(seen) if colour != (n, 255 - n, 128)]
    assert wrong == []
    assert snapshot.verdict.height_asked == snapshot.verdict.height_painted == 24060


def test_pictures_that_load_late_are_all_loaded_and_pictured(visit: Visit) -> None:
    snapshot = visit("lazy.html")
    assert (snapshot.verdict.images_complete, snapshot.verdict.images_pending) == (40, 0)
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_a_feed_that_grows_at_its_end_is_followed_to_its_end(visit: Visit) -> None:
    snapshot = visit("endless.html?posts=60")
    text = text_of(snapshot)
    assert [n for n in range(1, 61) if f"Post number {n}." not in text] == []
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_where_a_bound_ends_the_page_the_verdict_names_it(visit: Visit) -> None:
    snapshot = visit("tall.html", limits=replace(QUICK, max_height=4000))
    assert not snapshot.verdict.complete
    assert any("below 4," in what for what in snapshot.verdict.missing), snapshot.verdict.missing
    assert snapshot.verdict.height_painted < snapshot.verdict.height_asked


@pytest.mark.parametrize(
    "words", ["declared-in-shadow", "slotted-words", "post-in-shadow", "reply-two-deep", "Words in shadow roots"]
)
def test_open_shadow_roots_are_in_the_markup_and_in_the_text_once(visit: Visit, words: str) -> None:
    snapshot = visit("shadow.html")
    assert text_of(snapshot).count(words) == 1
    assert words in html_of(snapshot).partition("<script>")[0]
    assert '<template shadowrootmode="open">' in html_of(snapshot)
    assert snapshot.verdict.images_complete == 1


FRAME_WORDS = ["inner-words", "frame-from-srcdoc", "far-inner-words", "frame-in-shadow"]


def test_frames_are_in_the_markup_and_in_the_text_also_of_other_sites(visit: Visit) -> None:
    snapshot = visit("frames.html")
    text, html = text_of(snapshot), html_of(snapshot)
    for words in FRAME_WORDS:
        assert words in text, words
    assert text.count("frame-in-frame") == 2
    assert html.count("<template data-archiver-frame=") == 6
    far = html.index("other.example", html.index('<div id="far">'))
    assert html.index("far-inner-words", far) < html.index("<script>", far) or "far-inner-words" in html[far:]
    assert '<archiver-html lang="en" class="inner">' in html
    assert html.count("<html") == html.count("<body") == 1
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_a_frame_that_did_not_load_is_missing_and_its_error_page_is_no_text(visit: Visit) -> None:
    snapshot = visit("dead-frame.html")
    assert text_of(snapshot).split() == ["words-beside-it"]
    assert not snapshot.verdict.complete
    assert "a frame that did not load: http://nobody.invalid/words" in snapshot.verdict.missing


def test_a_site_is_told_of_an_ordinary_browser_and_the_record_says_so(visit: Visit, server: Server) -> None:
    server.headers_seen.clear()
    told = visit("plain.html").provenance.user_agent
    assert "Chrome/" in told
    assert "Headless" not in told
    assert {headers["User-Agent"] for headers in server.headers_seen} == {told}


def test_half_letters_from_a_script_break_nothing(visit: Visit) -> None:
    snapshot = visit("halves.html")
    assert "half \ufffd of a letter, \u200e🙂 whole" in text_of(snapshot)
    assert snapshot.title == "half \ufffd"


def test_a_request_can_be_sent_to_another_process(path: str) -> None:
    request = VisitRequest("a", "b", path)
    assert pickle.loads(pickle.dumps(request)) == request  # noqa: S301 - our own bytes


def test_a_visit_leaves_nothing_for_the_next_one(visit: Visit) -> None:
    visit("/cookie")
    assert "cookie none" in text_of(visit("/cookie"))


def test_a_cookie_is_withheld_and_said_to_be(visit: Visit) -> None:
    snapshot = visit("/cookie")
    assert ("set-cookie", "withheld") in snapshot.provenance.headers
    assert "secretvalue" not in repr(snapshot)


def test_no_referrer_is_sent(visit: Visit, server: Server) -> None:
    server.headers_seen.clear()
    visit("plain.html")
    assert "Referer" not in server.headers_seen[0]


def test_a_worker_keeps_its_browser_for_the_next_visit(server: Server, path: str) -> None:
    request = VisitRequest("x", server.address("plain.html"), path, allow_private=True, limits=QUICK)
    assert visit_in_worker(request).status == 200
    assert visit_in_worker(request).status == 200
