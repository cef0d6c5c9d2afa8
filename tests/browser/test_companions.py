"""The platform's own twin of a page: fetched through the guard, sealed beside the page, read with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.browser import Browser, VisitRequest
from archiver.reading import read_page
from archiver.records import Capture, Snapshot, Step, plain
from extractors.contract import Post, Problem
from tests.browser import conftest
from tests.browser.conftest import QUICK, Visit
from tests.site import DEEDS, Handler, Server

CASE = Path(__file__).parents[2] / "fixtures" / "pages" / "mastodon" / "twin_says_otherwise"
POST = "/@grey_heron/116172970073784327"
TWIN = "/api/v1/statuses/116172970073784327"
THREAD = f"{TWIN}/context"
Deed = Callable[[Handler, dict[str, str]], None]
Put = Callable[..., None]


def answer(body: bytes, media_type: str = "application/json", status: int = 200) -> Deed:
    return lambda handler, values: handler.send(body, media_type, status=status)


def send_on(to: str) -> Deed:
    return lambda handler, values: handler.send(b"", status=302, Location=to)


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """Give the site a post of a made-up server, and whatever answers where its twins are."""

    def at(twin: Deed, thread: Deed, *, page: bytes = b"", head: bytes = b"") -> None:
        body = (page or (CASE / "page.html").read_bytes()).replace(b"</head>", head + b"</head>")
        monkeypatch.setitem(DEEDS, POST, lambda handler, values: handler.send(body, Set_Cookie="seen=here; Path=/"))
        monkeypatch.setitem(DEEDS, TWIN, twin)
        monkeypatch.setitem(DEEDS, THREAD, thread)

    yield at


NO_THREAD = answer(b'{"ancestors": [], "descendants": []}')


def step_of(snapshot: Snapshot) -> Step:
    return next(step for step in snapshot.steps if step.name == "companions")


def twins_of(snapshot: Snapshot) -> dict[str, bytes]:
    return {artifact.url: artifact.data for artifact in snapshot.artifacts if artifact.role == "companion"}


def read(snapshot: Snapshot) -> tuple[Post | Problem, ...]:
    sealed = {artifact.sha256: artifact.data for artifact in snapshot.artifacts}
    capture = Capture("C1", 2, snapshot.finished, plain(snapshot))
    return tuple(
        r for r in read_page(capture, fetch=sealed.__getitem__, at="").records if isinstance(r, Post | Problem)
    )


def test_a_page_s_twins_are_sealed_beside_it_and_what_differs_is_shown(
    put: Put, visit: Visit, server: Server, path: str
) -> None:
    words = (CASE / "companion0.json").read_bytes()
    put(answer(words), NO_THREAD)
    snapshot = visit(POST)
    assert twins_of(snapshot)[server.address(TWIN, "a.example")] == words
    assert len(twins_of(snapshot)) == 2
    assert (step_of(snapshot).outcome, step_of(snapshot).detail) == ("done", "mastodon: 2 of 2 kept")
    records = read(snapshot)
    [post] = [record for record in records if isinstance(record, Post)]
    assert post.author.id == "109300000000000011"
    [problem] = [record for record in records if isinstance(record, Problem)]
    assert "page and twin give different words" in problem.what


def test_a_twin_is_asked_for_without_referrer_and_with_no_cookie_but_the_visit_s_own(
    put: Put, visit: Visit, server: Server
) -> None:
    put(answer(b"{}"), NO_THREAD)
    server.asked.clear()
    server.headers_seen.clear()
    visit(POST)
    [headers] = [h for (_, asked), h in zip(server.asked, server.headers_seen, strict=True) if asked == TWIN]
    assert "Referer" not in headers
    assert headers["Cookie"] == "seen=here"


def test_a_dead_twin_is_named_in_the_step_and_takes_nothing_from_the_page(put: Put, visit: Visit) -> None:
    put(answer(b'{"error": "Record not found"}', status=404), NO_THREAD)
    snapshot = visit(POST)
    assert step_of(snapshot).detail == "mastodon: 1 of 2 kept; twin 1 (a.example): HTTP 404"
    assert len(twins_of(snapshot)) == 1
    put(answer(b"", status=500), lambda handler, values: setattr(handler, "close_connection", True))
    snapshot = visit(POST)
    assert step_of(snapshot).outcome == "failed"
    assert "HTTP 500" in step_of(snapshot).detail
    assert "twin 2 (a.example)" in step_of(snapshot).detail
    assert not any("companions" in missing for missing in snapshot.verdict.missing)
    assert [a.role for a in snapshot.artifacts] == [
        "first-view",
        "first-dom",
        "tile",
        "dom",
        "text",
        "mhtml",
        "network",
    ]


def test_a_twin_on_a_private_address_of_a_public_page_is_refused(put: Put, visit: Visit, server: Server) -> None:
    put(send_on(server.address("/data.json", "inside.a.example")), send_on(server.address("/data.json", "a.example")))
    server.asked.clear()
    snapshot = visit(POST, allow_private=False)
    assert "private network" in step_of(snapshot).detail
    assert len(twins_of(snapshot)) == 1  # a redirect on the platform's own host is followed
    assert [host for host, _ in server.asked if host.startswith("inside")] == []


def test_a_twin_that_sends_on_to_another_site_is_not_followed(put: Put, visit: Visit, server: Server) -> None:
    put(send_on(server.address("/data.json", "other.example")), send_on(TWIN))
    server.asked.clear()
    snapshot = visit(POST)
    assert "twin 1 (a.example): it sends on to other.example" in step_of(snapshot).detail
    assert [path for host, path in server.asked if host.startswith("other")] == []


def test_a_twin_that_is_slow_or_endless_is_given_up(put: Put, visit: Visit) -> None:
    put(answer(b"[" + b"1," * 3000 + b"1]"), DEEDS["/silent"])
    limits = replace(QUICK, companion_seconds=1, companion_bytes=5000)
    snapshot = visit(POST, limits=limits)
    assert "twin 1 (a.example): longer than 5,000 bytes" in step_of(snapshot).detail
    assert "twin 2 (a.example): not there within 1 s" in step_of(snapshot).detail
    assert twins_of(snapshot) == {}


def test_more_twins_than_the_bound_are_named(put: Put, visit: Visit) -> None:
    put(answer(b"{}"), NO_THREAD)
    snapshot = visit(POST, limits=replace(QUICK, companions=1))
    assert step_of(snapshot).detail == "mastodon: 1 of 2 kept; 1 more than are fetched"


def test_a_page_of_no_platform_has_no_twin_and_nothing_is_asked_for(visit: Visit, server: Server) -> None:
    server.asked.clear()
    snapshot = visit("plain.html")
    assert step_of(snapshot).outcome == "skipped"
    assert {path.partition("?")[0] for _, path in server.asked} <= {"/plain.html", "/picture.png", "/favicon.ico"}


FORGER = b"""<script>
navigator.serviceWorker.register("/forger.js").then(() => navigator.serviceWorker.ready);
</script>"""


def test_the_page_s_own_service_worker_can_t_forge_its_twin(
    put: Put, server: Server, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = b"""addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(new Response('{"forged": 1}')));"""
    monkeypatch.setitem(DEEDS, "/forger.js", answer(script, "text/javascript"))
    put(answer(b'{"true": 1}'), NO_THREAD, head=FORGER)
    with Browser() as browser:  # a secure context, which service workers need: the machine's own address
        address = server.address(POST)
        snapshot = browser.visit(VisitRequest("x", address, path, allow_private=True, limits=QUICK))
    assert json.loads(twins_of(snapshot)[server.address(TWIN)]) == {"true": 1}


def test_a_twin_on_another_host_of_the_platform_passes_the_guard_too(server: Server, path: str) -> None:
    """The reader of x.com names twins on hosts of its own; here these names lead inside."""
    names = {"x.com": ["127.0.0.1"], "publish.twitter.com": ["127.0.0.9"], "cdn.syndication.twimg.com": ["10.1.2.3"]}

    def resolve(host: str) -> list[str]:
        return names.get(host) or conftest.resolve(host)

    with Browser(resolve=resolve, rule=conftest.rule) as browser:
        address = server.address("/grey_heron/status/20", "x.com")  # answered with a 404, which is a page as well
        snapshot = browser.visit(VisitRequest("x", address, path, limits=QUICK))
    assert step_of(snapshot).outcome == "failed"
    assert step_of(snapshot).detail.count("private network") == 2
