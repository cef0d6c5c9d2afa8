"""The guard alone: what it connects to, what it refuses, what it writes down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

from archiver.browser.guard import Guard, Refused
from archiver.browser.socks import SocksError, ask
from archiver.browser.upstream import upstream_from
from archiver.errors import UsageError

T = TypeVar("T")
PUBLIC, PRIVATE = "93.184.216.34", "10.0.0.5"


def run(work: Coroutine[object, object, T]) -> T:
    async def bounded() -> T:
        async with asyncio.timeout(20):
            return await work

    return asyncio.run(bounded())


def names(*answers: str) -> Callable[[str], Sequence[str]]:
    return lambda host: list(answers)


def guard(
    resolve: Callable[[str], Sequence[str]], *, allow_private: bool = False, proxy: str = "", wire_bytes: int = 10**6
) -> Guard:
    return Guard(allow_private=allow_private, wire_bytes=wire_bytes, upstream=upstream_from(proxy), resolve=resolve)


@asynccontextmanager
async def echo(received: list[bytes] | None = None) -> AsyncIterator[int]:
    """A server on loopback that says back what it hears; yields its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if received is not None:
                received.append(data)
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def through(address: str, host: str, port: int, data: bytes = b"ping") -> bytes:
    """Ask a SOCKS5 relay for a host, send, and return what comes back."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        await ask(reader, writer, host, port, user="", password="")
        writer.write(data)
        return await reader.readexactly(len(data))
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((PRIVATE,), "private"),
        (("127.0.0.1",), "private"),
        (("::1",), "private"),
        (("169.254.169.254",), "never"),
        (("::ffff:169.254.169.254",), "never"),
        (("64:ff9b::a9fe:a9fe",), "never"),
        (("fd00:ec2::254",), "never"),
        (("fe80::1%eth0",), "never"),
        (("0.0.0.0",), "never"),
        (("224.0.0.1",), "never"),
        ((PRIVATE, "169.254.169.254"), "never"),
        ((), "name"),
    ],
)
def test_what_a_name_leads_to_is_judged(answers: tuple[str, ...], kind: str) -> None:
    with pytest.raises(Refused) as refused:
        run(guard(names(*answers)).addresses("x.example"))
    assert refused.value.kind == kind


def test_only_the_public_ones_of_several_addresses_are_left() -> None:
    assert run(guard(names(PRIVATE, PUBLIC)).addresses("x.example")) == [PUBLIC]


def test_with_leave_private_ones_are_opened_and_metadata_ones_never() -> None:
    mixed = guard(names(PRIVATE, "169.254.169.254", PUBLIC), allow_private=True)
    assert run(mixed.addresses("x.example")) == [PRIVATE, PUBLIC]
    with pytest.raises(Refused):
        run(guard(names("169.254.169.254"), allow_private=True).addresses("x.example"))


def test_a_name_that_changes_its_answer_gets_no_second_question() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    rebinding = guard(lambda host: next(answers))

    async def twice() -> list[list[str]]:
        return [await rebinding.addresses("x.example"), await rebinding.addresses("x.example")]

    assert run(twice()) == [[PUBLIC], [PUBLIC]]


def test_a_connection_is_relayed_and_written_down() -> None:
    async def go() -> None:
        one = guard(names("127.0.0.1"), allow_private=True)
        async with echo() as port:
            assert await through(await one.open(), "X.example", port) == b"ping"
            await one.close()
        [record] = one.connections
        assert (record.host, record.port, record.address) == ("x.example", port, "127.0.0.1")
        assert (record.sent, record.received, record.refused) == (4, 4, "")

    run(go())


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async def go() -> None:
        one = guard(names("::1", "127.0.0.1"), allow_private=True)  # nobody listens on ::1
        async with echo() as port:
            assert await through(await one.open(), "x.example", port) == b"ping"
        await one.close()

    run(go())


def test_a_refused_host_is_not_connected_to_and_the_browser_is_told() -> None:
    async def go() -> None:
        heard: list[bytes] = []
        one = guard(names("127.0.0.1"))
        async with echo(heard) as port:
            with pytest.raises(SocksError, match="not allowed"):
                await through(await one.open(), "x.example", port)
        await one.close()
        assert heard == []
        assert [(c.refused, c.why) for c in one.connections] == [("private", "127.0.0.1")]

    run(go())


def test_more_than_the_bound_is_cut_and_nothing_new_is_opened() -> None:
    async def go() -> None:
        one = guard(names("127.0.0.1"), allow_private=True, wire_bytes=1000)
        async with echo() as port:
            address = await one.open()
            with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
                await through(address, "x.example", port, b"x" * 5000)
            with pytest.raises(SocksError):
                await through(address, "x.example", port)
        await one.close()
        assert one.bound_reached
        assert one.connections[-1].refused == "bound"

    run(go())


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"\x05\x00", b"\x04\x01\x00\x50", b"", b"\x05\x01\x00\x05\x02"]
)
def test_whoever_speaks_no_socks_is_let_go(data: bytes) -> None:
    async def go() -> bytes:
        one = guard(names(PUBLIC))
        parts = urlsplit(await one.open())
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(data)
        writer.write_eof()
        said = await reader.read()
        await one.close()
        assert one.connections == []
        return said

    assert len(run(go())) <= 12


def test_a_connection_is_made_through_a_chosen_socks_proxy_which_resolves_the_name() -> None:
    async def go() -> None:
        far = guard(names("127.0.0.1"), allow_private=True)  # our own relay stands for somebody's proxy
        near = guard(names(), proxy=await far.open())
        async with echo() as port:
            assert await through(await near.open(), "x.example", port) == b"ping"
        await near.close()
        await far.close()
        assert [c.host for c in far.connections] == ["x.example"]
        assert near.connections[0].address == ""

    run(go())


@asynccontextmanager
async def http_proxy(heads: list[bytes], answer: bytes) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        writer.write(await reader.read(65536))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def test_a_connection_is_made_through_a_chosen_http_proxy_with_its_password() -> None:
    async def go() -> None:
        heads: list[bytes] = []
        async with http_proxy(heads, b"HTTP/1.1 200 Connection established\r\n\r\n") as port:
            near = guard(names(), proxy=f"http://me:s%40fe@127.0.0.1:{port}")
            assert await through(await near.open(), "x.example", 443) == b"ping"
            await near.close()
        assert heads[0].startswith(b"CONNECT x.example:443 HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic bWU6c0BmZQ==" in heads[0]

    run(go())


def test_a_proxy_that_will_not_connect_is_named_without_its_password() -> None:
    async def go() -> str:
        async with http_proxy([], b"HTTP/1.1 403 Forbidden\r\n\r\n") as port:
            near = guard(names(), proxy=f"http://me:secret@127.0.0.1:{port}")
            with pytest.raises(SocksError):
                await through(await near.open(), "x.example", 443)
            await near.close()
        return near.connections[0].why

    why = run(go())
    assert "403" in why
    assert "secret" not in why


@pytest.mark.parametrize(
    ("host", "kind"),
    [("127.0.0.1", "private"), ("localhost", "private"), ("169.254.169.254", "never"), ("::1", "private")],
)
def test_a_proxy_is_not_asked_for_what_is_private_by_its_writing(host: str, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        run(guard(names(), proxy="socks5://127.0.0.1:1").addresses(host))
    assert refused.value.kind == kind


@pytest.mark.parametrize("proxy", ["ftp://x:1", "http://", "socks4://x:1", "http://x:99999999", "nonsense"])
def test_a_proxy_address_that_is_none_is_refused(proxy: str) -> None:
    with pytest.raises(UsageError):
        upstream_from(proxy)
