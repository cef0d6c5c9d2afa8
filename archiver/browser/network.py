"""Watches what a page loads: the main answer, its redirects, what is still under way. Changes nothing of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession

from archiver.records import Hop

# Kinds that nobody waits for: endless ones, and documents, whose end is the load event. The end of a frame's document
# is told to the frame's own process, so it would look pending for ever from here.
NOT_AWAITED = {"EventSource", "WebSocket", "Media", "Ping", "CSPViolationReport", "Preflight", "Document"}


@dataclass
class MainAnswer:
    """The main document's answer, as Chromium reported it."""

    url: str
    status: int
    media_type: str
    security: dict[str, Any] = field(default_factory=dict)  # CDP's securityDetails
    protocol: str = ""


class Network:
    """The network events of one page and its frames."""

    def __init__(self, session: CDPSession, frame_id: str, *, decoded_bytes: int) -> None:
        self.asked = ""  # the newest address that the main frame was sent to
        self.answer: MainAnswer | None = None
        self.sets_cookies = False  # the main answer, or a redirect on the way to it
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
            ("responseReceivedExtraInfo", self._received_more),
            ("dataReceived", self._data),
            ("loadingFinished", self._finished),
            ("loadingFailed", self._failed),
        ):
            session.on(f"Network.{event}", handler)

    @property
    def pending(self) -> list[str]:
        """Addresses under way that a page can be waited for."""
        return [url for kind, url in self._under_way.values() if kind not in NOT_AWAITED]

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
            security=response.get("securityDetails", {}),
            protocol=response.get("protocol", ""),
        )

    def _received_more(self, event: dict[str, Any]) -> None:
        """The headers that Chromium tells nowhere else."""
        if event["requestId"] == self._main_request:
            self.sets_cookies |= any(name.lower() == "set-cookie" for name in event["headers"])

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
