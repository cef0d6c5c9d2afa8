"""Writes down how and with what a visit was made. Says only what is known; withholds cookies and passwords."""

from __future__ import annotations

import base64
import platform
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from archiver import __version__
from archiver.browser.chromium import Chromium
from archiver.browser.failure import connection_of
from archiver.browser.guard import Guard
from archiver.browser.request import VisitRequest
from archiver.browser.tab import Tab
from archiver.browser.upstream import upstream_from
from archiver.records import Provenance

CLOSE_SECONDS = 2  # the Date header counts whole seconds (RFC 9110, 6.6.1), and an answer takes a moment


def first_provenance(request: VisitRequest, chromium: Chromium, now: datetime) -> Provenance:
    """What is known before anything was fetched."""
    upstream = upstream_from(request.proxy)
    width, height = request.viewport
    local = now.astimezone()
    return Provenance(
        tool=f"Archiver {__version__}",
        browser=f"Chromium {chromium.version}",
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        user_agent=chromium.user_agent,
        viewport=f"{width}x{height} at scale {request.scale}",
        locale=request.locale,
        time_zone=f"{local.tzname()} ({local:%z})",
        local_time=local.isoformat(timespec="milliseconds"),
        sandbox=chromium.sandbox,
        proxy=upstream.shown if upstream else "none",
        names_resolved_by="the proxy" if upstream else "this machine",
        logged_in_as=request.login,
        allow_private=request.allow_private,
    )


def server_address(url: str, guard: Guard) -> str:
    """IP address and port that answered for an address; empty where a proxy stood between."""
    connection = connection_of(url, guard)
    if connection is None or not connection.address:
        return ""
    address = f"[{connection.address}]" if ":" in connection.address else connection.address
    return f"{address}:{connection.port}"


def tls_words(security: dict[str, Any]) -> str:
    """Protocol, cipher and certificate as Chromium saw them; empty for a page without encryption."""
    if not security.get("protocol"):
        return ""
    key_exchange = security.get("keyExchangeGroup") or security.get("keyExchange") or ""
    parts = [
        " ".join(part for part in (security["protocol"], security.get("cipher", ""), key_exchange) if part),
        f"certificate for {security.get('subjectName', '')}",
        f"issued by {security.get('issuer', '')}",
        f"valid {_day(security.get('validFrom', 0))} to {_day(security.get('validTo', 0))}",
    ]
    return ", ".join(parts)


def clock_words(headers: tuple[tuple[str, str], ...], seen_at: datetime) -> str:
    """How this machine's clock and the server's Date header differ."""
    stated = dict(headers).get("date", "")
    try:
        theirs = parsedate_to_datetime(stated)
    except ValueError:
        return "the server gave no time to compare with"
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    seconds = round((seen_at - theirs).total_seconds())
    if abs(seconds) <= CLOSE_SECONDS:
        return f"agrees with the server's clock within {CLOSE_SECONDS} seconds"
    return f"{abs(seconds)} seconds {'ahead of' if seconds > 0 else 'behind'} the server's clock"


async def certificate_chain(tab: Tab, url: str) -> bytes:
    """The chain that the browser itself saw for an address, as PEM; empty where there is none."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return b""
    told = await tab.send("Network.getCertificate", origin=f"https://{parts.netloc.rpartition('@')[2]}")
    return "".join(ssl.DER_cert_to_PEM_cert(base64.b64decode(der)) for der in told["tableNames"]).encode()


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
