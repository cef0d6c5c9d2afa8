"""A session that goes away while it is spoken to: one error for whoever asked, and no word on standard error."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from playwright.async_api import Error

from archiver.browser.targets import Child


class Goes:
    """The session above; it takes the one below with it when something is to be sent."""

    child: Child

    async def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        self.child.gone()
        raise Error("no session with that id")


def test_a_session_that_goes_while_it_is_asked_leaves_no_error_that_nobody_heard() -> None:
    unheard: list[str] = []

    async def ask() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context["message"]))
        above = Goes()
        above.child = Child(above, "1")
        with pytest.raises(Error, match="no session"):
            await above.child.send("Network.enable")
        gc.collect()

    asyncio.run(ask())
    assert unheard == []
