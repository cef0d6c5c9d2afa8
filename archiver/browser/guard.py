"""The one way out for a visit: a relay that looks a name up once, judges the address and connects to that very address.

Chromium is given it as its SOCKS5 proxy, so that redirects, parts of a page, frames, service workers and websockets all
pass here, and a second DNS answer can't lead elsewhere. Never connects to link-local or metadata addresses.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from archiver.address import AddressRule, address_rule, literal_rule
from archiver.browser.socks import ADDRESS_REFUSED, CONNECTION_REFUSED, GRANTED, HOST_UNREACHABLE, SocksError
from archiver.browser.socks import reply as socks_reply
from archiver.browser.socks import requested as socks_requested
from archiver.browser.upstream import Upstream, UpstreamError

Refusal = Literal["", "name", "connection", "timeout", "private", "never", "bound", "proxy"]
Resolve = Callable[[str], Sequence[str]]  # a host name to IP addresses; raises OSError where there are none
Rule = Callable[[str], AddressRule]  # whether an IP address may be connected to

CONNECT_SECONDS = 20.0  # Linux itself gives up after 130 s; servers that are there answer within 3
RESOLVE_SECONDS = 20.0  # two name servers, two tries of 5 s each
STAGGER_SECONDS = 0.3  # RFC 8305 recommends 0.25 s between tries of different addresses
CHUNK = 64 * 1024
ANSWERS = {"private": ADDRESS_REFUSED, "never": ADDRESS_REFUSED, "name": HOST_UNREACHABLE}


@dataclass
class Connection:
    """One connection that Chromium asked for, and what came of it."""

    host: str
    port: int
    address: str = ""  # the IP address that was connected to; empty where none was, or where a proxy resolved it
    received: int = 0  # bytes from the network
    sent: int = 0
    refused: Refusal = ""
    why: str = ""  # the system's words, or the address that was refused


class Refused(Exception):
    """A host that is not connected to, and why."""

    def __init__(self, kind: Refusal, why: str) -> None:
        super().__init__(why)
        self.kind: Refusal = kind
        self.why = why


def system_resolve(host: str) -> list[str]:
    """The operating system's answer. Bytes go in, since Python's own IDNA step refuses names that DNS knows."""
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """A SOCKS5 relay on 127.0.0.1 for one visit. `connections` is the record of everything that was asked for."""

    def __init__(
        self,
        *,
        allow_private: bool,
        wire_bytes: int,
        upstream: Upstream | None = None,
        resolve: Resolve = system_resolve,
        rule: Rule = address_rule,
    ) -> None:
        self.connections: list[Connection] = []
        self.received = 0
        self.bound_reached = False
        self._shut = False
        self._allow_private = allow_private
        self._wire_bytes = wire_bytes
        self._upstream = upstream
        self._resolve = resolve
        self._rule = rule
        self._answers: dict[str, asyncio.Task[list[str]]] = {}
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="names")
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Start listening; returns the proxy address to give to Chromium."""
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0, limit=CHUNK)
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is not None:
            self._server.close()
        self._cut()
        for task in (*self._tasks, *self._answers.values()):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._answers.values(), return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def shut(self) -> None:
        """Cut every connection and open none any more."""
        self._shut = True
        self._cut()

    def last(self, host: str, port: int) -> Connection | None:
        """The newest record of what became of a host and port; what is still being tried is none yet."""
        matching = (c for c in reversed(self.connections) if (c.host, c.port) == (host.lower(), port))
        return next((c for c in matching if c.refused or c.address or c.received), None)

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a host that may be connected to. Raises Refused, with the reason, where there are none."""
        if self._upstream is not None:
            self._judge_unresolved(host)
            return []
        answer = self._answers.get(host)
        if answer is None:  # asked once a visit: an answer that changes under a page is how it gets inside (rebinding)
            answer = self._answers[host] = asyncio.create_task(self._look_up(host))
        found = await asyncio.shield(answer)
        rules = {ip: self._rule(ip) for ip in found}
        allowed = [ip for ip in found if rules[ip] == "public" or (rules[ip] == "private" and self._allow_private)]
        if not allowed:
            kind: Refusal = "never" if "never" in rules.values() else "private"
            raise Refused(kind, ", ".join(found))
        return allowed

    async def reach(self, host: str, port: int) -> None:
        """Connect once and hang up. Raises Refused where the host can't be reached."""
        _, writer = await self._recorded(Connection(host.lower(), port))
        writer.close()

    def _judge_unresolved(self, host: str) -> None:
        """What can be judged when a proxy resolves the names: addresses written as numbers, and this machine's name."""
        rule = literal_rule(f"http://[{host}]/" if ":" in host else f"http://{host}/")
        if rule == "never" or (rule == "private" and not self._allow_private):
            raise Refused(rule, host)

    async def _look_up(self, host: str) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            asked = loop.run_in_executor(self._threads, self._resolve, host)
            found = list(await asyncio.wait_for(asked, RESOLVE_SECONDS))
        except TimeoutError as error:
            raise Refused("name", f"no answer within {RESOLVE_SECONDS:.0f} s") from error
        except (OSError, UnicodeError) as error:
            raise Refused("name", getattr(error, "strerror", None) or str(error)) from error
        if not found:
            raise Refused("name", "no address")
        return found

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._attend(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            host, port = await socks_requested(reader, writer)
            await self._serve(Connection(host.lower(), port), reader, writer)
        except (SocksError, OSError, asyncio.IncompleteReadError):
            pass  # the browser hung up, or it was no browser
        finally:
            self._drop(writer)

    async def _serve(self, record: Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._recorded(record)
        except Refused as refused:
            writer.write(socks_reply(ANSWERS.get(refused.kind, CONNECTION_REFUSED)))
            await writer.drain()
            return
        self._writers.add(far_writer)
        try:
            writer.write(socks_reply(GRANTED))
            await self._relay(record, (reader, writer), (far_reader, far_writer))
        finally:
            self._drop(far_writer)

    async def _recorded(self, record: Connection) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.connections.append(record)
        try:
            return await self._connect(record)
        except Refused as refused:
            record.refused, record.why = refused.kind, refused.why
            raise

    async def _connect(self, record: Connection) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._shut:
            raise Refused("bound", "the visit is over")
        if self.bound_reached:
            raise Refused("bound", f"more than {self._wire_bytes} bytes")
        addresses = await self.addresses(record.host)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if self._upstream is not None:
                    return await self._upstream.connect(record.host, record.port)
                streams = await connect_to_any(addresses, record.port)
        except TimeoutError as error:
            raise Refused("timeout", f"no answer within {CONNECT_SECONDS:.0f} s") from error
        except UpstreamError as error:
            raise Refused("proxy", str(error)) from error
        except OSError as error:
            raise Refused("connection", error.strerror or str(error)) from error
        record.address = str(streams[1].get_extra_info("peername")[0])
        return streams

    async def _relay(
        self,
        record: Connection,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        outward = asyncio.create_task(self._pump(near[0], far[1], record, inward=False))
        inward = asyncio.create_task(self._pump(far[0], near[1], record, inward=True))
        try:
            await asyncio.wait({outward, inward}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (outward, inward):
                task.cancel()
            await asyncio.gather(outward, inward, return_exceptions=True)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, record: Connection, *, inward: bool
    ) -> None:
        while data := await source.read(CHUNK):
            if inward:
                record.received += len(data)
                self.received += len(data)
            else:
                record.sent += len(data)
            if self.received > self._wire_bytes:
                self.bound_reached = True
                self._cut()
                return
            sink.write(data)
            await sink.drain()

    def _cut(self) -> None:
        for writer in tuple(self._writers):
            self._drop(writer, at_once=True)

    def _drop(self, writer: asyncio.StreamWriter, *, at_once: bool = False) -> None:
        self._writers.discard(writer)
        if at_once:
            writer.transport.abort()
        else:
            writer.close()


async def connect_to_any(addresses: Sequence[str], port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The first address that answers; the next is tried when one fails or is slow. Raises the last OSError."""
    waiting = list(addresses)
    trying: set[asyncio.Task[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = set()
    failed = OSError("no address to connect to")
    try:
        while waiting or trying:
            if waiting:
                trying.add(asyncio.create_task(asyncio.open_connection(waiting.pop(0), port, limit=CHUNK)))
            pause = STAGGER_SECONDS if waiting else None
            done, trying = await asyncio.wait(trying, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                error = task.exception()
                if error is None:
                    trying |= done - {task}  # two at once: the others are closed below
                    return task.result()
                if not isinstance(error, OSError):
                    raise error
                failed = error
        raise failed
    finally:
        await _close_losers(trying)


async def _close_losers(tasks: set[asyncio.Task[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError, OSError):
            (await task)[1].close()
