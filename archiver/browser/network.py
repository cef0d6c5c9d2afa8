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

    request_id: str  # Chromium's
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
        self.main_finished = asyncio.Event()  # the main answer has come to its end
        self.sets_cookies = False  # the main answer, or a redirect on the way to it
        self._hops: list[Hop] = []  # on the way to the newest answer
        self._way: list[Hop] = []  # since then; the page may be sent somewhere that never answers
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
        """Addresses under way that a page can be waited for; what a page makes up itself (blob:, data:) is not.

        A worker's own script is not either: its end is told to the worker. Its request is named like the worker, where
        all others have a process and a number, with a dot between.
        """
        return [
            url
            for request_id, (kind, url) in self._under_way.items()
            if kind not in NOT_AWAITED and url.startswith("http") and "." in request_id
        ]

    @property
    def hops(self) -> list[Hop]:
        """The redirects on the way to the page, or, where nothing answered, on the way to nowhere."""
        return self._hops if self.answer else self._way

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
            self._way.append(Hop(answered["url"], answered["status"]))
        elif self.answer:
            self._way = [Hop(self.answer.url, 0)]
        self.asked, self._main_request = url, request_id

    def _received(self, event: dict[str, Any]) -> None:
        if event["requestId"] != self._main_request:
            return
        response = event["response"]
        self._hops, self._way = [*self._hops, *self._way], []
        self.main_finished.clear()
        self.answer = MainAnswer(
            request_id=event["requestId"],
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
        if self.answer and event["requestId"] == self.answer.request_id:
            self.main_finished.set()
        self._under_way.pop(event["requestId"], None)
        self._changed.set()

    def _failed(self, event: dict[str, Any]) -> None:
        _, url = self._under_way.pop(event["requestId"], ("", ""))
        if url and not event.get("canceled"):
            self.failed[url] = event.get("blockedReason") or event["errorText"]
        self._changed.set()
