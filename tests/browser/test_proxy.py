"""A visit through a proxy on loopback: page, parts and twins all go through it, and it alone looks names up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from archiver.browser import Browser, VisitRequest, socks
from tests.browser.conftest import QUICK
from tests.site import DEEDS, Server

CASE = Path(__file__).parents[2] / "fixtures" / "pages" / "mastodon" / "twin_says_otherwise"
POST, TWIN = "/@grey_heron/116172970073784327", "/api/v1/statuses/116172970073784327"
HOME, ELSEWHERE = "quiet-pond.example", "pictures.elsewhere.example"  # names that only the proxy knows


@dataclass
class Proxy:
    """A SOCKS5 or CONNECT proxy that leads every name to one port of this computer, and notes what was asked for."""

    kind: str
    leads_to: int
    port: int = 0
    asked: list[str] = field(default_factory=list)
    greeted: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, socks.SocksError):
            if self.kind == "socks5":
                host, _ = await socks.requested(reader, writer)
                granted = socks.reply(socks.GRANTED)
            else:
                head = await reader.readuntil(b"\r\n\r\n")
                self.greeted.append(head)
                host, granted = head.split()[1].decode().rpartition(":")[0], b"HTTP/1.1 200 OK\r\n\r\n"
            self.asked.append(host)
            far = await asyncio.open_connection("127.0.0.1", self.leads_to)
            writer.write(granted)
            await asyncio.gather(_pass_on(reader, far[1]), _pass_on(far[0], writer))
        writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


@contextlib.contextmanager
def running(kind: str, leads_to: int) -> Iterator[Proxy]:
    proxy, loop = Proxy(kind, leads_to), asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(proxy.serve, "127.0.0.1", 0))
    proxy.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.parametrize(("kind", "user"), [("socks5", ""), ("http", "me:s%40fe@")])
def test_page_parts_and_twins_go_through_the_proxy_and_no_name_is_looked_up_here(
    kind: str, user: str, server: Server, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        looked_up.append(host)
        raise OSError(-2, "Name or service not known")

    picture = f'<img src="http://{ELSEWHERE}:{server.server_port}/plain.html"></head>'.encode()
    page = (CASE / "page.html").read_bytes().replace(b"</head>", picture)
    monkeypatch.setitem(DEEDS, POST, lambda handler, values: handler.send(page))
    monkeypatch.setitem(DEEDS, TWIN, lambda handler, values: handler.send(b'{"id": "1"}', "application/json"))
    address = server.address(POST, HOME)
    with running(kind, server.server_port) as proxy, Browser(resolve=resolve) as browser:
        chosen = f"{kind}://{user}127.0.0.1:{proxy.port}"
        snapshot = browser.visit(VisitRequest(address, address, path, proxy=chosen, limits=QUICK))
    assert (snapshot.status, snapshot.failure.sentence) == (200, "")
    assert [artifact.url for artifact in snapshot.artifacts if artifact.role == "companion"] != []
    assert looked_up == []
    assert set(proxy.asked) >= {HOME, ELSEWHERE}  # and a host of pictures that the page names
    told = snapshot.provenance
    assert (told.proxy, told.names_resolved_by) == (f"{kind}://127.0.0.1:{proxy.port}", "the proxy")
    assert told.server_address == ""  # the proxy's address is not the server's
    assert all(b"Proxy-Authorization: Basic bWU6c0BmZQ==" in head for head in proxy.greeted)


def test_where_the_proxy_is_gone_nothing_goes_around_it(server: Server, path: str) -> None:
    with running("socks5", server.server_port) as proxy:
        gone = proxy.port
    looked_up: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"]

    address = server.address("/plain.html", HOME)
    with Browser(resolve=resolve) as browser:
        snapshot = browser.visit(VisitRequest(address, address, path, proxy=f"socks5://127.0.0.1:{gone}", limits=QUICK))
    assert snapshot.status is None
    assert snapshot.failure.kind == "connection"
    assert looked_up == []
