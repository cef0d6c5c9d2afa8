"""The few bytes of SOCKS5 (RFC 1928, RFC 1929) that the relay and a chained proxy speak. Opens no connection itself."""

from __future__ import annotations

import asyncio
import ipaddress

VERSION = 5
NO_AUTHENTICATION, USER_AND_PASSWORD, NONE_ACCEPTABLE = 0, 2, 0xFF
CONNECT = 1
IPV4, NAME, IPV6 = 1, 3, 4
GRANTED, ADDRESS_REFUSED, HOST_UNREACHABLE, CONNECTION_REFUSED, COMMAND_UNKNOWN = 0, 2, 4, 5, 7
REASONS = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time ran out",
    7: "command not supported",
    8: "address type not supported",
}


class SocksError(Exception):
    """The other side does not speak SOCKS5, or says no."""


async def requested(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """The server's side: greet, and return the host and port that are asked for."""
    version, count = await reader.readexactly(2)
    if version != VERSION:
        raise SocksError(f"version {version}")
    methods = await reader.readexactly(count)
    if NO_AUTHENTICATION not in methods:
        writer.write(bytes((VERSION, NONE_ACCEPTABLE)))
        raise SocksError("authentication asked for")
    writer.write(bytes((VERSION, NO_AUTHENTICATION)))
    version, command, _, kind = await reader.readexactly(4)
    host = await _host(reader, kind)
    port = int.from_bytes(await reader.readexactly(2), "big")
    if version != VERSION or command != CONNECT:
        writer.write(reply(COMMAND_UNKNOWN))
        raise SocksError(f"command {command}")
    return host, port


def reply(code: int) -> bytes:
    return bytes((VERSION, code, 0, IPV4)) + bytes(6)


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int, *, user: str, password: str
) -> None:
    """The client's side: have a proxy connect to a host by its name. Raises SocksError with the proxy's reason."""
    methods = (NO_AUTHENTICATION, USER_AND_PASSWORD) if user else (NO_AUTHENTICATION,)
    writer.write(bytes((VERSION, len(methods), *methods)))
    version, method = await reader.readexactly(2)
    if version != VERSION or method not in methods:
        raise SocksError("it wants a user name and a password" if method == NONE_ACCEPTABLE else "it speaks no SOCKS5")
    if method == USER_AND_PASSWORD:
        writer.write(b"\x01" + _counted(user) + _counted(password))
        if (await reader.readexactly(2))[1] != 0:
            raise SocksError("it did not accept the user name and password")
    writer.write(bytes((VERSION, CONNECT, 0, NAME)) + _counted(host) + port.to_bytes(2, "big"))
    _, code, _, kind = await reader.readexactly(4)
    if code != GRANTED:
        raise SocksError(REASONS.get(code, f"code {code}"))
    await _host(reader, kind)
    await reader.readexactly(2)


async def _host(reader: asyncio.StreamReader, kind: int) -> str:
    if kind == NAME:
        raw = await reader.readexactly((await reader.readexactly(1))[0])
        try:
            return raw.decode("ascii").strip("[]")
        except UnicodeDecodeError as error:
            raise SocksError("a host name that is not ASCII") from error
    if kind not in (IPV4, IPV6):
        raise SocksError(f"address type {kind}")
    return str(ipaddress.ip_address(await reader.readexactly(4 if kind == IPV4 else 16)))


def _counted(text: str) -> bytes:
    data = text.encode()
    if len(data) > 255:
        raise SocksError("longer than SOCKS5 allows")
    return bytes((len(data),)) + data
