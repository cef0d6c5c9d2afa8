"""The outside world at its worst: every failure is a snapshot with one sentence, and ends within its bound."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from archiver.browser import Browser, VisitRequest
from archiver.errors import InstrumentMissing, UsageError
from archiver.records import Snapshot
from tests.browser.conftest import QUICK, Visit
from tests.browser.test_visit import text_of
from tests.site import Server


def steps_of(snapshot: Snapshot) -> dict[str, str]:
    return {step.name: step.outcome for step in snapshot.steps}


@pytest.mark.parametrize("status", [404, 410, 451, 500, 403])
def test_an_error_page_is_kept_with_its_status(visit: Visit, status: int) -> None:
    snapshot = visit(f"/status?code={status}")
    assert (snapshot.status, snapshot.failure.kind) == (status, "")
    assert f"Answer {status}" in text_of(snapshot)


@pytest.mark.parametrize("status", [404, 500, 204])
def test_an_answer_without_a_page_keeps_its_status_and_no_words_of_the_browser(visit: Visit, status: int) -> None:
    snapshot = visit(f"/status?code={status}&empty")
    assert (snapshot.status, snapshot.failure.kind) == (status, "")
    assert [artifact.role for artifact in snapshot.artifacts] == ["network"]
    assert steps_of(snapshot)["dom"] == "skipped"
    assert not snapshot.verdict.complete
    assert str(status) in snapshot.verdict.sentence


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        ("http://nobody.example/", "name", "There is no computer of the name nobody.example"),
        ("http://127.0.0.1:7009/", "connection", "127.0.0.1 did not accept the connection on port 7009"),
        ("http://metadata.example/latest", "private", "never opened"),
        ("http://169.254.169.254/latest", "private", "never opened"),
        ("http://[fe80::1]/", "private", "never opened"),
    ],
)
def test_an_address_that_can_not_be_reached_says_why(visit: Visit, address: str, kind: str, words: str) -> None:
    snapshot = visit(address)
    assert (snapshot.failure.kind, snapshot.status, snapshot.artifacts) == (kind, None, ())
    assert words in snapshot.failure.sentence
    assert snapshot.verdict.sentence == snapshot.failure.sentence
    assert snapshot.final == address
    assert steps_of(snapshot)["open"] == "failed"


@pytest.fixture(scope="module")
def strict() -> Iterator[Browser]:
    """A browser with the real rule and the system's own names."""
    with Browser() as browser:
        yield browser


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_not_opened_without_leave(strict: Browser, server: Server, path: str, host: str) -> None:
    server.asked.clear()
    address = server.address("plain.html", host)
    snapshot = strict.visit(VisitRequest(address, address, path, limits=QUICK))
    assert snapshot.failure.kind == "private", snapshot.failure
    assert "--allow-private" in snapshot.failure.sentence
    assert server.asked == []


def test_a_private_address_is_opened_with_leave(strict: Browser, server: Server, path: str) -> None:
    address = server.address("plain.html", "localhost")
    snapshot = strict.visit(VisitRequest(address, address, path, allow_private=True, limits=QUICK))
    assert snapshot.verdict.complete, snapshot.verdict


def test_a_redirect_to_a_private_address_is_not_followed(visit: Visit, server: Server) -> None:
    server.asked.clear()
    target = server.address("plain.html", "inside.example")
    snapshot = visit(f"/redirect?to={target}", host="public.example", allow_private=False)
    assert snapshot.failure.kind == "private"
    assert "inside.example is on a private network (127.0.0.9)" in snapshot.failure.sentence
    assert [(hop.status, hop.url) for hop in snapshot.redirects] == [
        (302, server.address(f"/redirect?to={target}", "public.example"))
    ]
    assert [path for path in server.paths() if "plain" in path and not path.startswith("/redirect")] == []


@pytest.mark.parametrize("target", ["http://inside.example/", "http://nobody.example/", "http://127.0.0.1:7009/"])
@pytest.mark.parametrize("how", ["refresh", "script"])
def test_a_page_that_sends_its_visitors_to_where_nobody_answers_is_kept_itself(
    visit: Visit, how: str, target: str
) -> None:
    snapshot = visit(f"/sends-on?how={how}&to={target}", allow_private=False)
    assert snapshot.failure.kind == ""
    assert "words-before-leaving" in text_of(snapshot)
    assert any(action.what == "stay" and target in action.detail for action in snapshot.actions), snapshot.actions
    assert not snapshot.verdict.complete
    assert "failed" not in steps_of(snapshot).values()
    assert snapshot.redirects == ()


@pytest.mark.parametrize("how", ["refresh", "script"])
def test_a_page_that_sends_its_visitors_on_is_followed(visit: Visit, how: str) -> None:
    snapshot = visit(f"/sends-on?how={how}&to=/plain.html")
    assert snapshot.title == "Harbour walk"
    assert [hop.status for hop in snapshot.redirects] == [0]
    assert snapshot.verdict.complete, snapshot.verdict


def test_a_page_that_leaves_while_it_is_being_kept_is_held(visit: Visit) -> None:
    snapshot = visit("/sends-on?how=scroll&to=/plain.html")
    assert "words-before-leaving" in text_of(snapshot)
    assert any("plain.html" in action.detail for action in snapshot.actions if action.what == "stay")


def test_redirects_are_listed_in_order(visit: Visit, server: Server) -> None:
    snapshot = visit("/redirect?code=301&to=/redirect?to=/plain.html")
    assert [hop.status for hop in snapshot.redirects] == [301, 302]
    assert snapshot.final == server.address("plain.html", "a.example")
    assert snapshot.status == 200


def test_redirects_in_a_circle_end(visit: Visit) -> None:
    snapshot = visit("/circle")
    assert snapshot.failure.kind == "other"
    assert "redirects" in snapshot.failure.sentence


def test_a_server_that_never_answers_ends_with_the_bound(visit: Visit) -> None:
    since = time.monotonic()
    snapshot = visit("/silent", limits=replace(QUICK, answer_seconds=1))
    assert time.monotonic() - since < 15
    assert snapshot.failure.kind == "timeout"
    assert "did not answer within 1 s" in snapshot.failure.sentence


def test_a_slow_answer_within_the_bound_is_kept(visit: Visit) -> None:
    assert "Here at last" in text_of(visit("/slow?wait=1"))


def test_a_broken_connection_is_named(visit: Visit) -> None:
    snapshot = visit("/hang-up")
    assert snapshot.failure.kind == "connection"


def test_a_server_without_encryption_fails_as_tls(visit: Visit, server: Server) -> None:
    snapshot = visit(f"https://a.example:{server.server_port}/plain.html")
    assert snapshot.failure.kind in ("tls", "connection")


def test_a_page_that_drips_for_ever_is_kept_as_far_as_it_came(visit: Visit) -> None:
    snapshot = visit("/drip")
    assert "First words" in text_of(snapshot)
    assert not snapshot.verdict.complete
    assert "load" in " ".join(snapshot.verdict.missing)


@pytest.mark.parametrize("media_type", ["application/pdf", "application/octet-stream", "text/csv", "application/zip"])
def test_a_file_is_kept_as_it_came(visit: Visit, media_type: str) -> None:
    snapshot = visit(f"/file?type={media_type}&body=these-bytes")
    [response] = [artifact for artifact in snapshot.artifacts if artifact.role != "network"]
    assert (response.role, response.media_type, response.data) == ("response", media_type, b"these-bytes")
    assert snapshot.failure.kind == "download"
    assert snapshot.verdict.complete


def test_an_attachment_is_a_file_whatever_its_type(visit: Visit) -> None:
    snapshot = visit("/file?attached&type=text/html&body=<p>x")
    assert [(a.role, a.data) for a in snapshot.artifacts if a.role != "network"] == [("response", b"<p>x")]


def test_a_download_without_end_is_cut_at_its_bound(visit: Visit) -> None:
    bound = 4 * 1024 * 1024
    snapshot = visit("/endless.zip", limits=replace(QUICK, response_bytes=bound))
    assert snapshot.failure.kind == "too-large"
    assert [len(a.data) for a in snapshot.artifacts if a.role != "network"] == [bound]
    assert "2,147,483,648" in snapshot.failure.sentence
    assert not snapshot.verdict.complete


def test_bytes_on_the_wire_are_bounded(visit: Visit) -> None:
    snapshot = visit("/endless.zip", limits=replace(QUICK, wire_bytes=8 * 1024 * 1024))
    assert snapshot.failure.kind == "too-large"
    assert 0 < len(snapshot.artifacts[0].data) <= 8 * 1024 * 1024


def test_a_gzip_bomb_ends_at_the_bound(visit: Visit) -> None:
    snapshot = visit("/bomb?megabytes=32", limits=replace(QUICK, decoded_bytes=2 * 1024 * 1024, max_height=8000))
    assert not snapshot.verdict.complete
    assert any("2,097,152 bytes" in what for what in snapshot.verdict.missing), snapshot.verdict


def test_what_chromium_shows_by_itself_is_a_page(visit: Visit) -> None:
    snapshot = visit("/data.json")
    assert snapshot.failure.kind == ""
    assert "jsonic" in text_of(snapshot)


def test_dialogs_are_dismissed_and_listed(visit: Visit) -> None:
    snapshot = visit("dialogs.html")
    assert "confirmed 0 times" in text_of(snapshot)
    dismissed = [action for action in snapshot.actions if action.what == "dismiss-dialog"]
    assert {"alert", "confirm", "prompt"} <= {action.target for action in dismissed}
    assert len(dismissed) <= 41


def test_a_storm_of_windows_is_kept_out(visit: Visit, warm: Browser) -> None:
    snapshot = visit("windows.html")
    assert "A storm of windows" in text_of(snapshot)


def test_a_page_that_loops_for_ever_still_gives_its_words(visit: Visit) -> None:
    since = time.monotonic()
    snapshot = visit("busy.html", limits=replace(QUICK, script_seconds=2))
    assert time.monotonic() - since < 60
    assert "words-before-the-loop" in text_of(snapshot)


def test_the_longest_time_of_a_visit_is_kept_from_outside(visit: Visit) -> None:
    since = time.monotonic()
    snapshot = visit("/drip", limits=replace(QUICK, seconds=5, settle_seconds=200))
    assert time.monotonic() - since < 100
    assert snapshot.failure.kind == "timeout"
    assert "the longest that one may take" in snapshot.failure.sentence
    assert steps_of(snapshot)["settle"] == "failed"


def test_a_renderer_that_crashes_is_a_capture_with_that_standing(visit: Visit) -> None:
    snapshot = visit("chrome://crash")
    assert snapshot.failure.kind in ("crash", "other")
    assert visit("plain.html").verdict.complete  # and the next visit has a browser again


def test_no_browser_is_one_sentence_that_ends_with_the_command(tmp_path: object) -> None:
    with Browser() as browser, pytest.raises(InstrumentMissing, match=r"run: archiver setup$"):
        browser.visit(VisitRequest("x", "http://a.example/", f"{tmp_path}/nothing"))


def test_a_proxy_that_is_none_is_said_to_be(path: str) -> None:
    with Browser() as browser, pytest.raises(UsageError):
        browser.visit(VisitRequest("x", "http://a.example/", path, proxy="ftp://x"))
