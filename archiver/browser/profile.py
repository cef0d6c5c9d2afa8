"""A fresh profile with its own way out and one empty tab: what a visit begins with. Opens no page."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Self

from playwright.async_api import Page

from archiver.browser.chromium import Chromium
from archiver.browser.guard import Guard
from archiver.browser.request import VisitRequest
from archiver.browser.tab import Tab, quietly


@dataclass
class Profile:
    """A profile that nothing was visited with yet. It is used once."""

    chromium: Chromium
    guard: Guard
    tab: Tab
    fits: VisitRequest  # any request that differs from it in its addresses alone
    crashed: bool = False  # while nobody used it

    @classmethod
    async def open(cls, chromium: Chromium, guard: Guard, request: VisitRequest) -> Self:
        """Raises Error, TimeoutError; nothing is left open then."""
        context = await chromium.context(request, await guard.open())
        async with AsyncExitStack() as undo:
            undo.push_async_callback(lambda: quietly(context.close()))
            tab = await Tab.open(context)
            await tab.resize(*request.viewport, request.scale)
            undo.pop_all()
        opened = cls(chromium, guard, tab, _without_addresses(request))
        tab.page.once("crash", opened._crash)
        return opened

    def is_for(self, chromium: Chromium, request: VisitRequest) -> bool:
        return not self.crashed and self.chromium is chromium and self.fits == _without_addresses(request)

    def _crash(self, page: Page) -> None:
        self.crashed = True

    async def close(self) -> None:
        """Forget all that was in it. A browser that does not do it in time is ended."""
        self.guard.shut()  # a page that is being closed sends nothing more, whatever it kept for its end
        if not await quietly(self.tab.context.close()):
            self.chromium.kill()


def _without_addresses(request: VisitRequest) -> VisitRequest:
    return replace(request, requested="", cleaned="")
