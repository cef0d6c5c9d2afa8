"""Answers that were over before we listened to the worker they were made for, as Playwright heard them. Asks nothing.

A worker waits for its start until somebody lets it go, and Playwright does that as soon as it listens itself; our own
session may come later. What both heard is not kept here twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable

from playwright.async_api import BrowserContext, Error, Page, Request

from archiver.browser.exchange import Exchange, has_body
from archiver.browser.record import Clock
from archiver.browser.request import Limits

Key = tuple[str, str]  # method and address


class Spares:
    """What came to its end by Playwright's word, bounded as the rest of the record is."""

    def __init__(self, limits: Limits, now: Clock) -> None:
        self._limits = limits
        self._now = now
        self._room = limits.record_bytes
        self._told: Counter[Key] = Counter()
        self._kept: list[Exchange] = []
        self._known: Counter[Key] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, page: Page, context: BrowserContext) -> None:
        page.on("requestfinished", self._finished)
        context.on("requestfinished", lambda request: self._finished(request) if request.service_worker else None)

    def heard(self, method: str, url: str) -> None:
        """We heard of this one ourselves."""
        self._known[method, url] += 1

    async def end(self, seconds: float) -> None:
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=seconds)
        await self.stop()

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def missing(self) -> Iterable[Exchange]:
        """One for each that Playwright heard and we did not: of several to one address, the first ones."""
        left = self._told - self._known
        for exchange in self._kept:
            key = exchange.method, exchange.url
            if left[key] > 0:
                left[key] -= 1
                yield exchange

    def _finished(self, request: Request) -> None:
        key = request.method, request.url
        if not request.url.startswith(("http:", "https:")):
            return
        self._told[key] += 1
        if self._told[key] > self._known[key] and len(self._kept) + len(self._tasks) < self._limits.record_answers:
            task = asyncio.create_task(self._take(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _take(self, request: Request) -> None:
        with contextlib.suppress(Error):  # gone with its worker: then it stays unknown, as it was
            response = await request.response()
            if response is None or response.from_service_worker:
                return
            posted = (request.post_data_buffer or b"").decode("utf-8", "replace")[: self._limits.record_body_bytes]
            exchange = Exchange(request.url, request.method, self._now(), await request.all_headers(), posted)
            exchange.status, exchange.reason = response.status, response.status_text
            exchange.headers = [(line["name"], line["value"]) for line in await response.headers_array()]
            exchange.finished = True
            self._kept.append(exchange)
            if not has_body(exchange):
                return
            exchange.cut = "length"
            if (await request.sizes())["responseBodySize"] > min(self._limits.record_body_bytes, self._room):
                return
            exchange.cut = "unspecified"  # of a service worker's answers, Playwright often has an empty one
            body = await response.body()
            if len(body) <= self._room and (body or response.headers.get("content-length") == "0"):
                exchange.body, exchange.cut = body, ""
                self._room -= len(body)
