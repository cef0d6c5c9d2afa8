"""Where our scripts run: in a world of their own, in the document that is there now."""

from __future__ import annotations

import asyncio

from archiver.browser import VisitRequest
from archiver.browser.chromium import Chromium
from archiver.browser.guard import Guard
from archiver.browser.profile import Profile
from tests.site import Server, site

LOOKS = "() => [location.href, typeof word]"


def test_a_script_runs_in_no_world_of_a_page_that_came_from_another_site(server: Server, path: str) -> None:
    # Worlds are numbered anew in each process: the number of ours was that of a frame's own in the next page's.
    async def look(*addresses: str) -> list[list[str]]:
        chromium = await Chromium.start(path)
        profile = await Profile.open(
            chromium, Guard(allow_private=True, wire_bytes=10**8), VisitRequest("", "", path, allow_private=True)
        )
        told = []
        for address in addresses:
            await profile.tab.page.goto(address)
            told.append(await profile.tab.run(LOOKS, seconds=10))
        await profile.close()
        await profile.guard.close()
        await chromium.end()
        return told

    with site("127.0.0.2") as other:
        plain, framed = server.address("plain.html"), other.address("many-frames.html")
        visited = [plain, framed, plain, plain, framed]
        assert asyncio.run(look(*visited)) == [[address, "undefined"] for address in visited]
