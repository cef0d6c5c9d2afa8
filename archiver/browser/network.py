"""Watches what a page loads: the main answer, its redirects, what is still under way. Changes nothing of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession

from archiver.records import Hop

ENDLESS = {"EventSource", "WebSocket", "Media", "Ping", "CSPViolationReport", "Preflight"}  # kinds nobody waits for


@dataclass
class MainAnswer:
    """The main document's answer, as Chromium reported it."""

    url: str
    status: int
    media_type: str
    headers: tuple[tuple[str, str], ...]
    security: dict[str, Any] = field(default_factory=dict)  # CDP's securityDetails
    protocol: str = ""


class Network:
    """The network events of one page and its frames."""

    def __init__(self, session: CDPSession, frame_id: str, *, decoded_bytes: int) -> None:
        self.asked = ""  # the newest address that the main frame was sent to
        self.answer: MainAnswer | None = None
        self.hops: list[Hop] = []
        self.failed: dict[str, str] = {}  # address -> Chromium's reason; what the page itself called off is not here
        self.decoded = 0  # bytes after unpacking
        self.too_much = asyncio.Event()  # more was unpacked than the bound allows
        self._bound = decoded_bytes
        self._session = session
        self._frame_id = frame_id
        self._main_request = ""
        self._under_way: dict[str, tuple[str, str]] = {}  # request id -> (kind, address)
        self._changed = asyncio.Event()
        for event, handler in (
            ("requestWillBeSent", self._sent),
            ("responseReceived", self._received),
            ("dataReceived", self._data),
            ("loadingFinished", self._finished),
            ("loadingFailed", self._failed),
        ):
            session.on(f"Network.{event}", handler)

    @property
    def pending(self) -> list[str]:
        """Addresses under way that a page can be waited for."""
        return [url for kind, url in self._under_way.values() if kind not in ENDLESS]

    async def idle(self, seconds: float) -> bool:
        """Wait until nothing is under way; False where something still is when the time is up."""
        try:
            async with asyncio.timeout(seconds):
                while self.pending:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def _sent(self, event: dict[str, Any]) -> None:
        request_id, url = event["requestId"], event["request"]["url"]
        self._under_way[request_id] = (event.get("type", ""), url)
        if event.get("type") != "Document" or event.get("frameId") != self._frame_id:
            return
        answered = event.get("redirectResponse")
        if answered:
            self.hops.append(Hop(answered["url"], answered["status"]))
        elif self.asked and request_id != self._main_request:
            self.hops.append(Hop(self.asked, 0))
        self.asked, self._main_request = url, request_id

    def _received(self, event: dict[str, Any]) -> None:
        if event["requestId"] != self._main_request:
            return
        response = event["response"]
        self.answer = MainAnswer(
            url=response["url"],
            status=response["status"],
            media_type=response.get("mimeType", ""),
            headers=tuple(_header_lines(response["headers"])),
            security=response.get("securityDetails", {}),
            protocol=response.get("protocol", ""),
        )

    def _data(self, event: dict[str, Any]) -> None:
        self.decoded += event["dataLength"]
        if self.decoded > self._bound:
            self.too_much.set()

    def _finished(self, event: dict[str, Any]) -> None:
        self._under_way.pop(event["requestId"], None)
        self._changed.set()

    def _failed(self, event: dict[str, Any]) -> None:
        _, url = self._under_way.pop(event["requestId"], ("", ""))
        if url and not event.get("canceled"):
            self.failed[url] = event.get("blockedReason") or event["errorText"]
        self._changed.set()


def _header_lines(headers: dict[str, str]) -> list[tuple[str, str]]:
    """Name and value, one pair a line as sent; a cookie's value is withheld, that it was set is said."""
    pairs = [(name.lower(), line) for name, value in headers.items() for line in value.split("\n")]
    return [(name, "withheld" if name == "set-cookie" else line) for name, line in pairs]
