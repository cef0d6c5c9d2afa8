"""Prints our own pages as PDF, offline and with scripts off. Never opens an address and leaves no words behind.

What is printed goes to Chromium over its pipe and comes back the same way; what Chromium writes meanwhile lies in its
scratch folder, which is in memory where the system can, and is swept at the next start after a kill.
"""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Self

from playwright.async_api import BrowserContext, Error, Route

from archiver.browser.chromium import Chromium, first_line
from archiver.errors import ArchiverError

ADDRESS = "http://paper.invalid/"  # RFC 2606: a name that nobody has; it is answered here and by nobody else
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
END_SECONDS = 15.0  # to end a profile whose page was late


class PrintError(ArchiverError):
    """The browser could not make a PDF of these pages; the other files hold the same words."""


class Printer:
    """One Chromium that prints. Use as a context manager; it starts with the first page.

    `sandbox` False starts Chromium without its own. Pages from several threads wait for each other.
    """

    def __init__(self, *, executable: str, sandbox: bool) -> None:
        self._executable = executable
        self._sandbox = sandbox
        self._chromium: Chromium | None = None
        self._one = threading.Lock()
        self._loop = asyncio.new_event_loop()  # in a thread of its own, wherever this is called from
        self._thread = threading.Thread(target=self._loop.run_forever, name="paper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove what it wrote."""
        if not self._thread.is_alive():
            return
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def pdf(self, html: bytes, *, seconds: float) -> bytes:
        """A page as PDF: UTF-8 HTML with nothing outside of itself but `data:`. Its own `@page` says the size, else A4.

        Raises PrintError, InstrumentMissing.
        """
        with self._one:
            return asyncio.run_coroutine_threadsafe(self._print(html, seconds), self._loop).result()

    async def _print(self, html: bytes, seconds: float) -> bytes:
        if self._chromium is None or not self._chromium.running:
            await self._end()
            self._chromium = await Chromium.start(self._executable, sandbox=self._sandbox)
        try:
            return await _printed(self._chromium, html, seconds)
        except TimeoutError as error:
            self._chromium.kill()
            await self._end()
            raise PrintError(f"The browser did not print a page within {seconds:.0f} s.") from error
        except Error as error:
            raise PrintError(f"The browser could not print a page ({first_line(error)}).") from error

    async def _end(self) -> None:
        chromium, self._chromium = self._chromium, None
        if chromium is not None:
            await chromium.end()


def print_pdf(html: bytes, *, executable: str, sandbox: bool, seconds: float) -> bytes:
    """Start a browser, print one page, end the browser. See `Printer.pdf`."""
    with Printer(executable=executable, sandbox=sandbox) as printer:
        return printer.pdf(html, seconds=seconds)


async def _printed(chromium: Chromium, html: bytes, seconds: float) -> bytes:
    context = await chromium.paper()
    try:
        async with asyncio.timeout(seconds):
            return await _pdf(context, html, seconds)
    finally:
        await asyncio.wait_for(context.close(), END_SECONDS)


async def _pdf(context: BrowserContext, html: bytes, seconds: float) -> bytes:
    async def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            await route.fulfill(status=200, headers=HEADERS, body=html)
        else:
            await route.abort()

    await context.route("**/*", answer)
    page = await context.new_page()
    await page.goto(ADDRESS, wait_until="load", timeout=seconds * 1000)
    return await page.pdf(format="A4", prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
