"""One request of a page and what became of it, as the network record keeps it. Listens to nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Exchange:
    """One request and what became of it."""

    url: str
    method: str
    at: datetime
    asked: dict[str, str]  # request headers
    posted: str = ""
    status: int = 0
    reason: str = ""
    protocol: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    security: dict[str, Any] = field(default_factory=dict)  # CDP's securityDetails
    made_by: str = ""  # "service worker" or "cache", where it did not come over the network
    more: bool = False  # Chromium tells more of its headers in events of their own
    body: bytes | None = None
    cut: str = ""  # why there is no body, or not all of it: WARC-Truncated's word
    seen: int = 0  # bytes of the body that the page was given
    finished: bool = False


def has_body(exchange: Exchange) -> bool:
    """RFC 9110, 6.4.1: answers that never have one."""
    return exchange.method != "HEAD" and exchange.status >= 200 and exchange.status not in (204, 205, 304)
