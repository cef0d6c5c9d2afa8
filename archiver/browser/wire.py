"""Listens to what a page and everything below it asks for and gets, and keeps the answers' bytes. Changes none of it.

Bodies are read when they have ended, from the copies that Chromium keeps in its network process (durable messages):
byte for byte as they came, unpacked. Nothing waits for us, so a page that streams is shown as it streams.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from archiver.browser.exchange import Exchange, has_body
from archiver.browser.record import Clock
from archiver.browser.request import Limits
from archiver.browser.spares import Spares
from archiver.browser.targets import Speaks, Targets


@dataclass
class _Request:
    """All exchanges of one request, redirects before what they led to."""

    exchanges: list[Exchange] = field(default_factory=list)
    owner: Speaks | None = None  # the session that told of it; another may tell of its end
    sent: list[dict[str, str]] = field(default_factory=list)  # headers as they went out, one an exchange
    received: list[list[tuple[str, str]]] = field(default_factory=list)  # headers as they came, one an exchange
    status: int = 0  # as it came with the newest of them


class Wire:
    """What went over the network in one visit, bounded in number and bytes."""

    def __init__(self, limits: Limits, now: Clock) -> None:
        self.left_out = 0  # requests beyond the bound
        self._limits = limits
        self._now = now
        self._room = limits.record_bytes
        self._session: CDPSession | None = None
        self._requests: dict[str, _Request] = {}
        self._ended: set[str] = set()  # a frame's document ends in its own session, perhaps before we hear of it
        self._tasks: set[asyncio.Task[None]] = set()
        self._targets = Targets(self._heard, self._enable)
        self._spares = Spares(limits, now)

    async def begin(self, session: CDPSession, page: Page, context: BrowserContext) -> None:
        self._session = session
        self._spares.begin(page, context)
        for name in HANDLERS:
            session.on(name, lambda event, name=name: self._heard(session, name, event))
        await self._enable(session)
        await self._targets.begin(session)

    async def end(self, seconds: float) -> None:
        """Wait for the bodies that are under way, and listen no longer."""
        for (
            request_id,
            request,
        ) in self._requests.items():  # a worker's own script, whose end was told before we listened
            if self._session and request.status and request.exchanges and not request.exchanges[-1].status:
                self._finished(self._session, {"requestId": request_id})
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)
        await self._spares.end(seconds)
        await self.stop()

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(self._targets.end(), self._spares.stop(), *self._tasks, return_exceptions=True)

    def exchanges(self) -> list[Exchange]:
        """In the order in which they were asked for, each with the headers that Chromium tells apart."""
        found = []
        for request in self._requests.values():
            sent, received = iter(request.sent), iter(request.received)
            for exchange in request.exchanges:
                if exchange.more:
                    exchange.asked = next(sent, exchange.asked)
                    exchange.headers = next(received, exchange.headers)
            found += request.exchanges
        found += self._spares.missing()
        return sorted(found, key=lambda exchange: exchange.at)

    async def _enable(self, session: Speaks) -> None:
        bounds = {
            "maxTotalBufferSize": self._limits.record_bytes,
            "maxResourceBufferSize": self._limits.record_body_bytes,
        }
        await session.send("Network.enable", {"enableDurableMessages": True, **bounds})
        await session.send("Network.configureDurableMessages", bounds)

    def _heard(self, whose: Speaks, name: str, event: dict[str, Any]) -> None:
        handler = HANDLERS.get(name)
        if handler is not None:
            handler(self, whose, event)

    def _sent(self, whose: Speaks, event: dict[str, Any]) -> None:
        asked, known = event["request"], self._requests.get(event["requestId"])
        if known is not None and known.exchanges and "redirectResponse" in event:
            last = known.exchanges[-1]
            _answer(last, event["redirectResponse"], more=event.get("redirectHasExtraInfo", False))
            last.finished = True
        if not asked["url"].startswith(("http:", "https:")):
            return
        if known is not None and known.exchanges and "redirectResponse" not in event:
            return  # told by the page and by a frame of its
        self._spares.heard(asked["method"], asked["url"])
        if len(self._requests) >= self._limits.record_answers or self._room <= 0:
            self.left_out += 1
            return
        request = self._requests.setdefault(event["requestId"], _Request())
        posted = asked.get("postData", "")[: self._limits.record_body_bytes]
        request.owner = whose
        request.exchanges.append(Exchange(asked["url"], asked["method"], self._now(), asked["headers"], posted))
        self._room -= len(posted) + len(asked["url"])

    def _sent_more(self, whose: Speaks, event: dict[str, Any]) -> None:
        if self._room > 0:
            self._requests.setdefault(event["requestId"], _Request()).sent.append(event["headers"])
            self._room -= _length(event["headers"].items())

    def _received(self, whose: Speaks, event: dict[str, Any]) -> None:
        request = self._requests.get(event["requestId"])
        if request is not None and request.exchanges:
            _answer(request.exchanges[-1], event["response"], more=event.get("hasExtraInfo", False))
            if event["requestId"] in self._ended:
                self._finished(whose, event)

    def _received_more(self, whose: Speaks, event: dict[str, Any]) -> None:
        if self._room > 0:
            headers = _headers(event["headers"], event.get("headersText", ""))
            request = self._requests.setdefault(event["requestId"], _Request())
            request.received.append(headers)
            request.status = event.get("statusCode", 0)
            self._room -= _length(headers)

    def _data(self, whose: Speaks, event: dict[str, Any]) -> None:
        request = self._requests.get(event["requestId"])
        if request is not None and request.exchanges:
            request.exchanges[-1].seen += event["dataLength"]

    def _finished(self, whose: Speaks, event: dict[str, Any]) -> None:
        request = self._requests.get(event["requestId"])
        self._ended.add(event["requestId"])
        if request is None or not request.exchanges:
            return
        exchange = request.exchanges[-1]
        if not exchange.status and request.status:  # a worker's own script: its answer is told by its headers only
            exchange.status, exchange.more = request.status, True
        if not exchange.status:
            return
        if exchange.body is None and not exchange.finished:
            exchange.finished = True
            task = asyncio.create_task(self._take([whose, request.owner, self._session], event["requestId"], exchange))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _failed(self, whose: Speaks, event: dict[str, Any]) -> None:
        request = self._requests.get(event["requestId"])
        if request is not None and request.exchanges:
            request.exchanges[-1].cut = "disconnect"

    async def _take(self, sessions: Iterable[Speaks | None], request_id: str, exchange: Exchange) -> None:
        """The body, where there is room for it, from the first session that has it."""
        if exchange.made_by or not has_body(exchange):
            return
        body = None
        if exchange.seen <= min(self._limits.record_body_bytes, self._room):
            for session in dict.fromkeys(session for session in sessions if session is not None):
                body = await _body(session, request_id)
                if body is not None:
                    break
        exchange.body = body[: max(0, self._room)] if body is not None else None
        exchange.cut = "length" if len(exchange.body or b"") < exchange.seen else ""
        self._room -= len(exchange.body or b"")


async def _body(session: Speaks, request_id: str) -> bytes | None:
    try:
        told = await session.send("Network.getResponseBody", {"requestId": request_id})
    except Error:
        return None
    return base64.b64decode(told["body"]) if told["base64Encoded"] else str(told["body"]).encode()


def _answer(exchange: Exchange, response: dict[str, Any], *, more: bool) -> None:
    exchange.status, exchange.reason = response["status"], response.get("statusText", "")
    exchange.protocol, exchange.security = response.get("protocol", ""), response.get("securityDetails", {})
    exchange.headers, exchange.more = _headers(response["headers"], response.get("headersText", "")), more
    if response.get("fromServiceWorker"):
        exchange.made_by = "service worker"
    elif response.get("fromDiskCache") or response.get("fromPrefetchCache"):
        exchange.made_by = "cache"


def _headers(told: dict[str, str], text: str) -> list[tuple[str, str]]:
    """In the order and the letters of the server where Chromium has them; several of one name stand one by one."""
    if text:
        lines = (line.partition(":") for line in text.splitlines()[1:] if ":" in line)
        return [(name.strip(), value.strip()) for name, _, value in lines]
    return [(name, value) for name, values in told.items() for value in values.split("\n")]


def _length(headers: Any) -> int:
    return sum(len(name) + len(value) for name, value in headers)


HANDLERS = {
    "Network.requestWillBeSent": Wire._sent,
    "Network.requestWillBeSentExtraInfo": Wire._sent_more,
    "Network.responseReceived": Wire._received,
    "Network.responseReceivedExtraInfo": Wire._received_more,
    "Network.dataReceived": Wire._data,
    "Network.loadingFinished": Wire._finished,
    "Network.loadingFailed": Wire._failed,
}
