"""The network record: what came over the wire, byte for byte, as a WARC that others' tools read."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archiver.browser import Browser, VisitRequest
from archiver.records import Snapshot, Step
from tests.browser.conftest import QUICK, Visit
from tests.site import DEEDS, Handler, Server

Deed = Callable[[Handler, dict[str, str]], None]
Serve = Callable[..., None]
ODD = b"<!doctype html><meta charset=windows-1252><title>Odd</title><p>caf\xe9 \x81 \x93tide\x94</p>"


@dataclass(frozen=True)
class Line:
    """One record of a WARC."""

    kind: str
    url: str
    warc: dict[str, str]
    status: str
    http: list[tuple[str, str]]
    body: bytes


def lines_of(snapshot: Snapshot) -> list[Line]:
    artifact = snapshot.first("network")
    assert artifact is not None, snapshot.steps
    assert artifact.media_type == "application/warc"
    found = []
    for record in ArchiveIterator(io.BytesIO(artifact.data), no_record_parse=False):
        http = record.http_headers
        found.append(
            Line(
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                dict(record.rec_headers.headers),
                http.get_statuscode() if http and record.rec_type == "response" else "",
                list(http.headers) if http else [],
                record.raw_stream.read(),
            )
        )
    return found


def answers(snapshot: Snapshot, ending: str) -> list[Line]:
    return [line for line in lines_of(snapshot) if line.kind == "response" and line.url.endswith(ending)]


def step_of(snapshot: Snapshot) -> Step:
    return next(step for step in snapshot.steps if step.name == "network")


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    def at(path: str, body: bytes, media_type: str = "text/html", status: int = 200, **more: str) -> None:
        deed: Deed = lambda handler, values: handler.send(body, media_type, status=status, **more)  # noqa: E731 - one use
        monkeypatch.setitem(DEEDS, path, deed)

    return at


def test_the_main_document_is_byte_for_byte_what_the_server_sent(visit: Visit, serve: Serve, server: Server) -> None:
    serve("/odd", ODD, Vary="Accept, Cookie")
    snapshot = visit("/odd")
    [line] = answers(snapshot, "/odd")
    assert (line.body, line.status) == (ODD, "200")
    assert line.warc["WARC-IP-Address"] == "127.0.0.1"
    assert line.warc["WARC-Protocol"] == "http/1.1"
    assert ("Vary", "Accept, Cookie") in line.http
    assert ("Content-Length", str(len(ODD))) in line.http
    [request] = [line for line in lines_of(snapshot) if line.kind == "request" and line.url.endswith("/odd")]
    assert ("Host", f"a.example:{server.server_port}") in request.http
    assert request.warc["WARC-Concurrent-To"] == line.warc["WARC-Record-ID"]
    assert step_of(snapshot).outcome == "done"


def test_warcio_finds_every_digest_right(visit: Visit, tmp_path: Path) -> None:
    artifact = visit("frames.html").first("network")
    assert artifact is not None
    file = tmp_path / "network.warc"
    file.write_bytes(artifact.data)
    command = [sys.executable, "-m", "warcio.cli", "check", str(file)]
    assert subprocess.run(command, check=False).returncode == 0
    file.write_bytes(artifact.data.replace(b"inner-words", b"other-words"))
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


def test_a_packed_body_stands_unpacked_with_the_servers_header_beside_it(visit: Visit, serve: Serve) -> None:
    serve("/packed", gzip.compress(ODD), Content_Encoding="gzip")
    [line] = answers(visit("/packed"), "/packed")
    assert line.body == ODD
    assert ("X-Archiver-Sent-Content-Encoding", "gzip") in line.http
    assert ("Content-Length", str(len(ODD))) in line.http


def test_redirects_are_there_one_by_one_and_what_they_led_to(visit: Visit) -> None:
    snapshot = visit("/redirect?to=/redirect?code=301%26to=/plain.html")
    statuses = [line.status for line in lines_of(snapshot) if line.kind == "response"][:3]
    assert statuses == ["302", "301", "200"]
    assert ("Location", "/plain.html") in lines_of(snapshot)[3].http


def test_cookies_are_withheld_and_the_record_says_so(visit: Visit, serve: Serve) -> None:
    script = b"<script>fetch('/data.json', {headers: {authorization: 'Bearer secret' + 'word'}})</script>"
    serve("/cookies", b"<h1>Cookies</h1>" + script, Set_Cookie="seen=secretvalue; Path=/")
    snapshot = visit("/cookies")
    artifact = snapshot.first("network")
    assert artifact is not None
    assert b"secretvalue" not in artifact.data
    assert b"secretword" not in artifact.data
    [page] = answers(snapshot, "/cookies")
    assert ("Set-Cookie", "withheld") in page.http
    [asked] = [line for line in lines_of(snapshot) if line.kind == "request" and line.url.endswith("/data.json")]
    assert ("Cookie", "withheld") in [(name.title(), value) for name, value in asked.http]
    assert ("Authorization", "withheld") in [(name.title(), value) for name, value in asked.http]
    [info] = [line for line in lines_of(snapshot) if line.kind == "warcinfo"]
    assert b"withheld: the values of the headers authorization, cookie" in info.body


def test_frames_of_other_sites_and_what_they_load_are_in_it(visit: Visit, serve: Serve, server: Server) -> None:
    there = server.address("/far", "other.example")
    serve("/near", f'<iframe src="{there}" width=300 height=200></iframe>'.encode())
    serve("/far", b"<p>far</p><img src='/picture.png?text=FAR'><script>fetch('/far.json')</script>")
    serve("/far.json", b'{"far": 1}', "application/json")
    snapshot = visit("/near")
    assert [line.body for line in answers(snapshot, "/far.json")] == [b'{"far": 1}']
    assert answers(snapshot, "/far")[0].body.startswith(b"<p>far</p>")
    assert answers(snapshot, "text=FAR")[0].body.startswith(b"\x89PNG")


WORKERS = b"""<p id=p>waiting</p><script>
const worker = new Worker("/worker.js"), restless = setInterval(() => p.append("."), 50);  // until all have answered
worker.onmessage = () => clearInterval(restless);
navigator.serviceWorker.register("/service.js").then(() => navigator.serviceWorker.ready).then(async () => {
  if (!navigator.serviceWorker.controller)
    await new Promise((go) => navigator.serviceWorker.addEventListener("controllerchange", go));
  p.textContent = await (await fetch("/asked")).text();
  worker.postMessage("go");
});
</script>"""
ASKS = b"onmessage = async () => postMessage(await (await fetch('/from-worker')).text())"
SERVICE = b"""addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.url.endsWith("/asked")) event.respondWith(fetch("/from-service"));
});"""


def test_what_workers_and_service_workers_load_is_in_it(serve: Serve, server: Server, path: str) -> None:
    serve("/workers", WORKERS)
    serve("/worker.js", ASKS, "text/javascript")
    serve("/service.js", SERVICE, "text/javascript")
    for name in ("/from-service", "/from-worker"):
        serve(name, f"words {name}".encode(), "text/plain")
    with Browser() as browser:  # a secure context, which service workers need: the machine's own address
        address = server.address("/workers")
        snapshot = browser.visit(VisitRequest("x", address, path, True, limits=replace(QUICK, settle_seconds=10)))
    assert [line.body for line in answers(snapshot, "/from-worker")] == [b"words /from-worker"]
    [served] = answers(snapshot, "/from-service")  # perhaps over before we listened; then its body can be out of reach
    assert served.body == b"words /from-service" or served.warc["WARC-Truncated"] == "unspecified"
    assert ("Content-Length", "19") in served.http
    settled = next(step for step in snapshot.steps if step.name == "settle")
    assert settled.detail == "at rest"  # a worker's own script is not waited for
    assert answers(snapshot, "/worker.js")[0].body == ASKS
    assert answers(snapshot, "/asked") == []  # the service worker made that answer; nothing came over the wire


def test_a_body_beyond_the_bound_is_named_and_its_headers_are_kept(visit: Visit, serve: Serve) -> None:
    serve("/heavy", b"<script>fetch('/film')</script><h1>Heavy</h1>")
    serve("/film", b"x" * 300_000, "video/mp4")
    snapshot = visit("/heavy", limits=replace(QUICK, record_body_bytes=100_000))
    [film] = answers(snapshot, "/film")
    assert film.warc["WARC-Truncated"] == "length"
    assert ("Content-Length", "300000") in film.http
    assert film.body == b""
    assert "1 without all of their body" in step_of(snapshot).detail


def test_an_endless_answer_and_a_page_that_fails_leave_a_record_too(visit: Visit) -> None:
    snapshot = visit("/drip", limits=replace(QUICK, seconds=4))
    [drip] = answers(snapshot, "/drip")
    assert drip.warc["WARC-Truncated"] == "time"
    assert step_of(visit("http://nobody.example/")).outcome == "skipped"
    assert [line.status for line in answers(visit("/status?code=404"), "code=404")] == ["404"]
