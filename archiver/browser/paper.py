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

from archiver.browser.beside import Beside
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
        self._beside = Beside("paper")

    def __enter__(self) -> Self:
        self._beside.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove what it wrote."""
        if self._beside.is_running:
            self._beside.do(self._end())
            self._beside.stop()

    def pdf(self, html: bytes, *, seconds: float) -> bytes:
        """A page as PDF: UTF-8 HTML with nothing outside of itself but `data:`. Its own `@page` says the size, else A4.

        Raises PrintError, InstrumentMissing.
        """
        with self._one:
            return self._beside.do(self._print(html, seconds))

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
