"""Which addresses a browser may be sent to, judged by how they are written. Pure; no name is looked up here.

Source of the ranges: the IANA special-purpose address registries as Python's `ipaddress` holds them, and the public
documentation of the clouds' metadata services.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Literal
from urllib.parse import urlsplit

from archiver.errors import AddressError

AddressRule = Literal["public", "private", "never"]

CLOUD_METADATA = frozenset(
    ipaddress.ip_address(ip)
    for ip in ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
CLOUD_METADATA_NAMES = frozenset({"metadata.google.internal", "metadata.goog", "instance-data"})
THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*:(?!\d+([/?#]|$))")  # "host:8080/" is no scheme
WITHOUT_SCHEME = re.compile(
    r"^https://([^/?#]*[.:\[][^/?#]*|localhost)([/?#]|$)"
)  # "a.example/b" is one, "hello" is not


def address_from(text: str) -> str:
    """The http(s) address that a person meant. Raises AddressError with one sentence where there is none."""
    address = text.strip()
    if not address or any(c.isspace() or ord(c) < 32 for c in address):
        raise AddressError(f"This is not one web address: {_short(text)}")
    if SCHEME.match(address) is None:
        address = f"https://{address.removeprefix('//')}"
        if not WITHOUT_SCHEME.match(address):
            raise AddressError(f"This is not a web address: {_short(text)}")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressError(f"This is not a web address: {_short(text)} ({error}).") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise AddressError(f"Only http and https addresses can be captured, not “{parts.scheme}:”: {_short(text)}")
    if not host or not _is_host_name(host):
        raise AddressError(f"This address has no host name that could exist: {_short(text)}")
    return address


def address_rule(ip: str) -> AddressRule:
    """Whether an IP address may be connected to: always, only when private ones are allowed, or never.

    Never: link-local (169.254.0.0/16, fe80::/10), multicast, unspecified, and the addresses where clouds keep their
    machines' secrets. Wrapped IPv4 (mapped, NAT64, 6to4) is judged by what is inside.
    """
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return "never"
    inner = _unwrapped(address)
    if inner is not None:
        address = inner
    if address in CLOUD_METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return "never"
    if isinstance(address, ipaddress.IPv4Address) and address in THIS_NETWORK:
        return "never"
    return "public" if address.is_global else "private"


def literal_rule(url: str) -> AddressRule | None:
    """The rule for an address that is written as numbers, or is this machine's own name; None for other names."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return "private"
    if host in CLOUD_METADATA_NAMES:
        return "never"
    try:
        return address_rule(str(ipaddress.ip_address(host.partition("%")[0])))
    except ValueError:
        return _loose_ipv4_rule(host)


def _unwrapped(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in NAT64 or (int(address) >> 32 == 0 and int(address) > 1):  # ::a.b.c.d, long deprecated
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _loose_ipv4_rule(host: str) -> AddressRule | None:
    """Browsers read 2130706433, 0x7f.1 and 017700000001 as IPv4 addresses (WHATWG URL, "IPv4 parser")."""
    pieces = host.split(".")
    if not 1 <= len(pieces) <= 4 or not all(re.fullmatch(r"0[xX][0-9a-fA-F]*|\d+", piece) for piece in pieces):
        return None
    try:
        numbers = [_loose_number(piece) for piece in pieces]
        value = sum(number << (24 - 8 * i) for i, number in enumerate(numbers[:-1])) + numbers[-1]
        return address_rule(str(ipaddress.IPv4Address(value)))
    except (ValueError, ipaddress.AddressValueError):
        return "never"


def _loose_number(piece: str) -> int:
    if piece[:2].lower() == "0x":
        return int(piece[2:] or "0", 16)
    return int(piece, 8) if len(piece) > 1 and piece.startswith("0") else int(piece)


def _is_host_name(host: str) -> bool:
    if len(host) > 253 or ".." in host or host.startswith("."):
        return False
    return ":" in host or re.search(r"[^\w.\-]", host) is None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:77]}…"
