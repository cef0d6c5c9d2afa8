"""A proxy that the person chose, which every connection is then made through. It resolves the names; we never do."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from archiver.browser.socks import SocksError, ask
from archiver.errors import UsageError

DEFAULT_PORTS = {"http": 80, "https": 443, "socks5": 1080}
HEAD_BYTES = 16 * 1024  # of a proxy's answer to CONNECT; real ones have a few hundred


class UpstreamError(Exception):
    """The proxy could not be reached, or would not connect."""


@dataclass(frozen=True)
class Upstream:
    """One proxy."""

    scheme: str  # "http", "https" or "socks5"
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """What may be recorded: never a user name or password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    async def connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        try:
            reader, writer = await asyncio.open_connection(
                self.host, self.port, ssl=self.scheme == "https" or None, limit=HEAD_BYTES
            )
        except OSError as error:
            raise UpstreamError(f"{self.shown} did not answer: {error.strerror or error}") from error
        try:
            if self.scheme == "socks5":
                await ask(reader, writer, host, port, user=self.user, password=self.password)
            else:
                await self._connect_by_http(reader, writer, host, port)
        except (SocksError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            writer.close()
            raise UpstreamError(f"{self.shown} would not connect: {error}") from error
        return reader, writer

    async def _connect_by_http(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int
    ) -> None:
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if self.user:
            secret = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {secret}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.split(b"\r\n", 1)[0].split()
        if len(status) < 2 or status[1] != b"200":
            words = b" ".join(status[1:]).decode("ascii", "replace")
            raise SocksError(words or "it speaks no HTTP")


def upstream_from(proxy: str) -> Upstream | None:
    """The proxy that an address names; None for an empty one. Raises UsageError where it names none."""
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"The proxy's address can't be read: {error}") from error
    scheme = {"socks5h": "socks5", "socks": "socks5"}.get(parts.scheme, parts.scheme)
    if scheme not in DEFAULT_PORTS or not parts.hostname:
        raise UsageError("A proxy is given as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT")
    return Upstream(
        scheme,
        parts.hostname,
        port or DEFAULT_PORTS[scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
