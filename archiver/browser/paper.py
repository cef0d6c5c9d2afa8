"""Prints our own pages as PDF, offline and with scripts off. Never opens an address and leaves no words behind.

What is printed goes to Chromium over its pipe and comes back the same way; what Chromium writes meanwhile lies in its
scratch folder, which is in memory where the system can, and is swept at the next start after a kill.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from playwright.async_api import BrowserContext, Error, Route

from archiver.browser.chromium import Chromium, first_line
from archiver.errors import ArchiverError

ADDRESS = "http://paper.invalid/"  # RFC 2606: a name that nobody has; it is answered here and by nobody else
HEADERS = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
END_SECONDS = 15.0  # to end a browser that was late


class PrintError(ArchiverError):
    """The browser could not make a PDF of these pages; the other files hold the same words."""


def print_pdf(html: bytes, *, executable: str, sandbox: bool, seconds: float) -> bytes:
    """One page as PDF; its own `@page` says the size, A4 where it says none. See `print_pdfs`."""
    return print_pdfs([html], executable=executable, sandbox=sandbox, seconds=seconds)[0]


def print_pdfs(pages: Sequence[bytes], *, executable: str, sandbox: bool, seconds: float) -> list[bytes]:
    """Each page (UTF-8 HTML with nothing outside of itself but `data:`) as a PDF, with one browser for all.

    `sandbox` False starts Chromium without its own. `seconds` is for each page. Raises PrintError, InstrumentMissing.
    """
    with ThreadPoolExecutor(1, "paper") as own:  # an event loop of its own, wherever this is called from
        return own.submit(asyncio.run, _print_all(pages, executable, sandbox, seconds)).result()


async def _print_all(pages: Sequence[bytes], executable: str, sandbox: bool, seconds: float) -> list[bytes]:
    chromium = await Chromium.start(executable, sandbox=sandbox)
    try:
        return [await _print(chromium, page, seconds) for page in pages]
    except TimeoutError as error:
        chromium.kill()
        raise PrintError(f"The browser did not print a page within {seconds:.0f} s.") from error
    except Error as error:
        raise PrintError(f"The browser could not print a page ({first_line(error)}).") from error
    finally:
        await chromium.end()


async def _print(chromium: Chromium, html: bytes, seconds: float) -> bytes:
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
    page.set_default_timeout(seconds * 1000)
    await page.goto(ADDRESS, wait_until="load", timeout=seconds * 1000)
    return await page.pdf(format="A4", prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
