"""Fetches the platform's own machine-readable twins of the page, as the page's reader names them. Reads none of them.

A twin is fetched in a window of its own of the same fresh profile, as if someone had typed its address: through the
guard, with no referrer, never by the page's service worker. Its bytes are taken before the browser could show them, so
nothing in them runs. A twin that does not come takes nothing from the page: it is named in the step.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Error

from archiver.browser.chromium import first_line
from archiver.browser.dom import Reading
from archiver.browser.failure import load_failure
from archiver.browser.guard import Guard
from archiver.browser.record import Note, Record, Skip
from archiver.browser.tab import Tab
from archiver.records import Artifact
from extractors.contract import Page, PageExtractor
from extractors.hosts import host_of, is_host
from extractors.registry import extractor_for

READ_BYTES = 1024 * 1024
HOPS = 5  # redirects of one twin: www, a slash and a language are three
BY_DOCUMENT = [{"resourceType": "Document", "requestStage": stage} for stage in ("Request", "Response")]


class Refused(Exception):
    """A twin that is not kept; its words say why."""


@dataclass(frozen=True)
class Twin:
    """One answer."""

    media_type: str
    data: bytes


async def keep_companions(tab: Tab, guard: Guard, record: Record, read: Reading | None, note: Note) -> None:
    """Keep what comes of the twins of the page that the record is about."""
    limits = record.request.limits
    if read is None:
        raise Skip("the page could not be read")
    page = Page(record.final, read.html, record.status)
    reader, addresses = await _twins(page)
    if not addresses:
        raise Skip(f"{reader.platform} names no public twin of this page")
    deadline = time.monotonic() + limits.companion_seconds
    wanted, kept, lost = addresses[: limits.companions], 0, []
    window = await _Window.open(tab, guard)
    for n, address in enumerate(wanted, start=1):
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                twin = await window.fetch(address, _is_ours(page.url, reader), limits.companion_bytes)
        except (Refused, TimeoutError) as error:
            why = str(error) or f"not there within {limits.companion_seconds:.0f} s for all"
            lost.append(f"twin {n} ({host_of(address)}): {why}")
            continue
        record.artifacts.append(Artifact("companion", twin.media_type, twin.data, url=address))
        kept += 1
    if len(addresses) > len(wanted):
        lost.append(f"{len(addresses) - len(wanted)} more than are fetched")
    note.detail = "; ".join([f"{reader.platform}: {kept} of {len(addresses)} kept", *lost])
    note.trouble = "" if kept else note.detail


async def _twins(page: Page) -> tuple[PageExtractor, list[str]]:
    """In a thread, since a long page takes a reader a second; a reader that breaks on it breaks nothing here."""
    asking = asyncio.create_task(asyncio.to_thread(_twins_of, page))
    await asyncio.wait({asking})
    if (broken := asking.exception()) is not None:
        raise Skip(f"the reader of this page broke: {type(broken).__name__}")
    return asking.result()


def _twins_of(page: Page) -> tuple[PageExtractor, list[str]]:
    """The reader that claims the page, and the addresses that it names: of its own platform only."""
    reader = extractor_for(page.url, page)
    ours = _is_ours(page.url, reader)
    return reader, list(dict.fromkeys(address for address in reader.companions(page.url) if ours(address)))


def _is_ours(page: str, reader: PageExtractor) -> Callable[[str], bool]:
    """Whether an address belongs to the page's platform: below the page's host, or of a host that its reader claims."""
    secure = page.startswith("https:")

    def ours(address: str) -> bool:
        if not address.startswith("https://" if secure else ("https://", "http://")):
            return False
        host = host_of(address)
        return is_host(host, host_of(page).removeprefix("www.")) or any(is_host(host, each) for each in reader.hosts)

    return ours


class _Window:
    """A window that shows nothing: each answer is taken at its door."""

    def __init__(self, session: CDPSession, guard: Guard) -> None:
        self._session = session
        self._guard = guard
        self._paused: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    @classmethod
    async def open(cls, tab: Tab, guard: Guard) -> _Window:
        session = await tab.own_window()
        window = cls(session, guard)
        session.on("Fetch.requestPaused", window._paused.put_nowait)
        await asyncio.gather(session.send("Page.enable"), session.send("Network.enable"))
        await session.send("Network.setBypassServiceWorker", {"bypass": True})
        await session.send("Fetch.enable", {"patterns": BY_DOCUMENT})
        return window

    async def fetch(self, url: str, ours: Callable[[str], bool], most: int) -> Twin:
        """Raises Refused where nothing came that is a twin."""
        while not self._paused.empty():
            self._paused.get_nowait()
        going = asyncio.create_task(self._session.send("Page.navigate", {"url": url}))
        try:
            return await self._answer(url, going, ours, most)
        except Error as error:
            raise Refused(first_line(error)) from error
        finally:
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)

    async def _answer(
        self, url: str, going: asyncio.Task[dict[str, Any]], ours: Callable[[str], bool], most: int
    ) -> Twin:
        hops = 0
        while True:
            event = await self._next(url, going)
            request, at = {"requestId": event["requestId"]}, event["request"]["url"]
            status = event.get("responseStatusCode")
            if "responseErrorReason" in event:
                await self._session.send("Fetch.continueRequest", request)
                raise Refused(load_failure(at, str(event["responseErrorReason"]), self._guard).sentence)
            if status is not None and status // 100 != 3:
                try:
                    return await self._taken(event, most)
                finally:
                    await self._end(request)
            hops += status is not None
            if hops > HOPS or not ours(at):
                await self._end(request)
                raise Refused("too many redirects" if hops > HOPS else f"it sends on to {host_of(at)}")
            await self._session.send("Fetch.continueRequest", request)

    async def _next(self, url: str, going: asyncio.Task[dict[str, Any]]) -> dict[str, Any]:
        """What Chromium asks about next. Raises Refused where it has given up."""
        waiting = asyncio.create_task(self._paused.get())
        try:
            await asyncio.wait({waiting, going}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                return waiting.result()
            reason = str(going.result().get("errorText", "")) or "no answer"
            raise Refused(load_failure(url, reason, self._guard).sentence)
        finally:
            waiting.cancel()

    async def _taken(self, event: dict[str, Any], most: int) -> Twin:
        status = event["responseStatusCode"]
        if not 200 <= status < 300:
            raise Refused(f"HTTP {status}")
        headers = {h["name"].lower(): h["value"] for h in event.get("responseHeaders", ())}
        stream = await self._session.send("Fetch.takeResponseBodyAsStream", {"requestId": event["requestId"]})
        data = bytearray()
        while len(data) <= most:
            piece = await self._session.send("IO.read", {"handle": stream["stream"], "size": READ_BYTES})
            data += base64.b64decode(piece["data"]) if piece.get("base64Encoded") else piece["data"].encode()
            if piece["eof"]:
                break
        if not data or len(data) > most:  # half of a JSON answer is nothing that a reader could read
            raise Refused(f"longer than {most:,} bytes" if data else f"HTTP {status} and nothing in it")
        return Twin(headers.get("content-type", "") or "application/octet-stream", bytes(data))

    async def _end(self, request: dict[str, str]) -> None:
        await self._session.send("Fetch.failRequest", {**request, "errorReason": "Aborted"})
