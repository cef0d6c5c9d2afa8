"""A visible window in which a person signs in to a site, and what a browser needs to be signed in there afterwards.

Types and clicks nothing itself, and keeps nothing: the profile lies in a scratch folder that is gone at the end. What
is brought back is only of the sites that the login is for: cookies and local storage, no history and no password.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from playwright.async_api import BrowserContext, Error, Page

from archiver.browser.chromium import Chromium
from archiver.browser.guard import Guard
from archiver.browser.request import VisitRequest
from archiver.browser.upstream import upstream_from
from archiver.errors import InstrumentMissing, UsageError
from extractors.hosts import host_of, is_host

LOOK_SECONDS = 0.5  # between two looks at what the window holds: what was there when it was closed is at most that old
NO_SCREEN = (
    "A window to sign in with can't be shown here, since there is no screen; run this on a computer that has one."
)
ANSWER_SECONDS = 5.0  # for one look: a page that was just then on its way was once seen never to answer
STORED = "() => [location.origin, Object.entries(localStorage).map(([name, value]) => ({ name, value }))]"

Attend = Callable[[Page], Awaitable[None]]  # whoever signs in; when it returns, they are done


def sign_in(request: VisitRequest, hosts: Sequence[str], *, attend: Attend, shown: bool = True) -> str:
    """The storage state after a person was done with the window, JSON. Raises InstrumentMissing without a screen.

    UsageError where the sites left nothing behind: nobody is signed in then. `shown` False lets the same run without a
    screen, for a script in the person's place.
    """
    if shown and not has_screen(os.environ):
        raise InstrumentMissing(NO_SCREEN)
    state = asyncio.run(_signed_in(request, hosts, attend, shown))
    if not state["cookies"] and not state["origins"]:
        raise UsageError("Nothing is kept: the site left no sign of a login. Sign in, then close the window.")
    return json.dumps(state)


def has_screen(environ: Mapping[str, str]) -> bool:
    if sys.platform.startswith("linux"):
        return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return True


def is_for(host: str, hosts: Sequence[str]) -> bool:
    """Whether a login for `hosts` may be used on `host`: on the hosts themselves and those below them."""
    return any(is_host(host, each) for each in hosts)


async def until_closed(page: Page, done: Callable[[], bool]) -> None:
    """A person's way to be done: they close the window, or something else says so."""
    while not (page.is_closed() or done()):
        await asyncio.sleep(LOOK_SECONDS)


async def _signed_in(request: VisitRequest, hosts: Sequence[str], attend: Attend, shown: bool) -> dict[str, Any]:
    guard = Guard(
        allow_private=request.allow_private,
        wire_bytes=request.limits.wire_bytes,
        upstream=upstream_from(request.proxy),
    )
    chromium = await Chromium.start(request.browser, shown=shown)
    try:
        context = await chromium.context(request, await guard.open())
        page = await context.new_page()
        window = _Window(context, hosts)
        looking = asyncio.create_task(window.look_again())
        try:
            await _go(page, request.cleaned)
            await attend(page)
            await window.look()
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        return window.state()
    finally:
        await chromium.end()
        await guard.close()


async def _go(page: Page, url: str) -> None:
    """What goes wrong is shown in the window; the person decides what to do about it."""
    try:
        await page.goto(url, wait_until="commit")
    except Error:
        return


class _Window:
    """What the window's sites have stored so far; looked at again and again, for a closed window tells nothing."""

    def __init__(self, context: BrowserContext, hosts: Sequence[str]) -> None:
        self._context = context
        self._hosts = hosts
        self._cookies: list[dict[str, Any]] = []
        self._origins: dict[str, list[dict[str, str]]] = {}

    async def look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Keeps what was told before the window was closed, or before a page on its way let the time pass."""
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(self._told(), ANSWER_SECONDS)

    async def _told(self) -> None:
        self._cookies = [dict(cookie) for cookie in await self._context.cookies()]
        for page in self._context.pages:
            origin, stored = await page.evaluate(STORED)
            self._origins[origin] = stored

    def state(self) -> dict[str, Any]:
        """As Playwright's `storage_state` has it; nothing of other sites."""
        cookies = [cookie for cookie in self._cookies if self._is_ours(str(cookie["domain"]).lstrip("."))]
        stored = {origin: items for origin, items in self._origins.items() if items and self._is_ours(host_of(origin))}
        return {
            "cookies": cookies,
            "origins": [{"origin": origin, "localStorage": items} for origin, items in stored.items()],
        }

    def _is_ours(self, host: str) -> bool:
        """A cookie of the domain above a host goes to the host too."""
        return is_for(host, self._hosts) or any(is_host(each, host) for each in self._hosts)
