"""Sends a few bytes to one address and brings back the answer, bounded in size and time. Follows no redirect.

Says nothing of this computer or program beyond what a connection shows: no User-Agent, no cookie, no language.
"""

from __future__ import annotations

import asyncio
import base64
import http.client
import io
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from archiver.browser.upstream import UpstreamError, upstream_from
from archiver.errors import UsageError

SECONDS = 20.0  # for everything: name, connection, TLS and answer; public authorities take under 2
BODY_BYTES = 64 * 1024  # real answers have 3 to 8 KiB
HEAD_BYTES = 16 * 1024
PIECE_BYTES = 8 * 1024
PORTS = {"http": 80, "https": 443}


class NoAnswer(Exception):
    """Nothing came back that could be an answer; the message is one sentence and names no address."""


@dataclass(frozen=True)
class Answer:
    """An answer with status 200."""

    media_type: str  # lower case, without parameters
    body: bytes


class _Bytes:
    """What http.client takes for a socket: bytes that came."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def post(
    url: str,
    data: bytes,
    *,
    media_type: str,
    proxy: str = "",
    seconds: float = SECONDS,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """The answer to one POST. `trust`: how a server of https is judged; by default as the system does.

    Raises NoAnswer, and UsageError where the address or the proxy's is none.
    """
    parts = split_address(url)
    try:
        raw = asyncio.run(_exchanged(parts, _request(parts, data, media_type), proxy, seconds, trust))
    except TimeoutError as error:
        raise NoAnswer(f"no answer within {seconds:g} seconds") from error
    except ssl.SSLCertVerificationError as error:
        raise NoAnswer("no safe connection: who answers could not be confirmed") from error
    except (UpstreamError, ssl.SSLError) as error:
        raise NoAnswer(f"no safe connection: {error}") from error
    except (OSError, ValueError) as error:
        raise NoAnswer(f"no connection: {getattr(error, 'strerror', None) or error}") from error
    return _answer(raw)


def split_address(url: str) -> SplitResult:
    """Raises UsageError where it is no address that can be sent to."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in PORTS and bool(parts.hostname) and (parts.port or 1) > 0
        url.encode("ascii")
    except ValueError:
        fits = False
    if not fits or any(letter <= " " for letter in url):
        raise UsageError("An authority's address begins with http:// or https://, and is written in plain letters.")
    return parts


def shown(url: str) -> str:
    """The address as it may be recorded: without a user name or password."""
    parts = split_address(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def _request(parts: SplitResult, data: bytes, media_type: str) -> bytes:
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    lines = [
        f"POST {path} HTTP/1.0",  # 1.0: the answer ends with the connection
        f"Host: {parts.netloc.rpartition('@')[2]}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(data)}",
        "Connection: close",
    ]
    if parts.username:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        lines.append(f"Authorization: Basic {base64.b64encode(secret.encode()).decode()}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + data


async def _exchanged(
    parts: SplitResult, request: bytes, proxy: str, seconds: float, trust: ssl.SSLContext | None
) -> bytes:
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    upstream = upstream_from(proxy)
    async with asyncio.timeout(seconds):
        if upstream is not None:
            reader, writer = await upstream.connect(host, port)
        else:
            reader, writer = await asyncio.open_connection(host, port)
        try:
            if parts.scheme == "https":
                await writer.start_tls(trust or ssl.create_default_context(), server_hostname=host)
            writer.write(request)
            await writer.drain()
            return await _all_of(reader)
        finally:
            writer.close()


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    """Until the end, or until the bytes that the head promised are there. Raises ValueError where it is too much."""
    data = b""
    while not _is_whole(data):
        piece = await reader.read(PIECE_BYTES)
        if not piece:
            break
        data += piece
        if len(data) > HEAD_BYTES + BODY_BYTES:
            raise ValueError("the answer is larger than any that there should be")
    return data


def _is_whole(data: bytes) -> bool:
    """Some servers keep the connection open all the same."""
    head, end, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n")[1:] if end else ():
        name, _, value = line.partition(b":")
        if name == b"content-length" and value.strip().isdigit():
            return len(body) >= int(value)
    return False


def _answer(raw: bytes) -> Answer:
    response = http.client.HTTPResponse(_Bytes(raw))  # type: ignore[arg-type]  # it asks a socket for nothing but this
    try:
        response.begin()
        status, body = response.status, response.read(BODY_BYTES + 1)
    except (http.client.HTTPException, ValueError, OSError) as error:
        raise NoAnswer("what answered does not speak HTTP, or broke off") from error
    if status != http.HTTPStatus.OK:
        where = " (it points elsewhere; set the new address)" if 300 <= status < 400 else ""
        raise NoAnswer(f"it answered with HTTP {status}{where}")
    if len(body) > BODY_BYTES:
        raise NoAnswer("the answer is larger than any that there should be")
    promised = response.getheader("Content-Length", "")
    if promised.isdigit() and len(body) < int(promised):
        raise NoAnswer("the answer broke off")
    return Answer(response.headers.get_content_type(), body)
