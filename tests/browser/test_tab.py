"""Where our scripts run: in a world of their own, in the document that is there now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Error

from archiver.browser import Limits, VisitRequest
from archiver.browser.chromium import Chromium
from archiver.browser.frames import documents
from archiver.browser.guard import Guard
from archiver.browser.profile import Profile
from archiver.browser.tab import PageMoved, Tab
from tests.site import Server, site

LOOKS = "() => [location.href, typeof word]"


@asynccontextmanager
async def opened(path: str) -> AsyncIterator[Tab]:
    chromium = await Chromium.start(path)
    guard = Guard(allow_private=True, wire_bytes=10**8)
    profile = await Profile.open(chromium, guard, VisitRequest("", "", path, allow_private=True))
    yield profile.tab
    await profile.close()
    await guard.close()
    await chromium.end()


def test_a_script_runs_in_no_world_of_a_page_that_came_from_another_site(server: Server, path: str) -> None:
    # Worlds are numbered anew in each process: the number of ours was that of a frame's own in the next page's.
    async def look(*addresses: str) -> list[list[str]]:
        told = []
        async with opened(path) as tab:
            for address in addresses:
                await tab.page.goto(address)
                told.append(await tab.run(LOOKS, seconds=10))
        return told

    with site("127.0.0.2") as other:
        plain, framed = server.address("plain.html"), other.address("many-frames.html")
        visited = [plain, framed, plain, plain, framed]
        assert asyncio.run(look(*visited)) == [[address, "undefined"] for address in visited]


def test_nor_in_one_of_what_came_into_a_frame_meanwhile(server: Server, path: str) -> None:
    async def look(page: str, other: str) -> None:
        async with opened(path) as tab:
            await tab.page.goto(page)
            frame = tab.page.frames[1]
            [_, there] = await documents(tab, Limits())
            assert (await there.run(tab, LOOKS, seconds=10))[1] == "undefined"
            await frame.goto(other)
            with pytest.raises((PageMoved, Error)):
                await there.run(tab, LOOKS, seconds=10)

    with site("127.0.0.2") as other, site("127.0.0.3") as third:
        framed = server.address(f"one-frame.html?{other.address('plain.html')}")
        asyncio.run(look(framed, third.address("many-frames.html")))
