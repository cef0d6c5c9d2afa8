"""One page under our own hand: commands, scripts that the page can't see or hang, pictures. Decides nothing."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Coroutine
from contextlib import suppress
from importlib import resources
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Error, Frame, Page

WORLD = "w"  # our scripts run in a world of their own: the page can neither see them nor change what they call
STOP_SECONDS = 2.0
CLOSE_SECONDS = 5.0  # for what ends a page, a window or a profile
SEND_SECONDS = 10.0  # one command; a page whose own scripts never pause leaves commands unanswered for ever
GONE_WORDS = ("context", "navigated", "destroyed", "Cannot find")  # the page moved on while a script ran
ABSENT = "its library is not there"


class Script(str):
    """The source of one function that may use what another, its library, leaves in our world. `there`: an expression
    that tells whether it has been run in it. To send both with each call takes the page twice as long to read.
    """

    library: str
    there: str

    def __new__(cls, source: str, *, library: str, there: str) -> Script:
        made = super().__new__(cls, source)
        made.library, made.there = library, there
        return made


class ScriptError(Exception):
    """A script of ours threw on the page."""


class PageMoved(Exception):
    """The page went elsewhere while a script of ours ran on it."""


def script(name: str) -> str:
    """The source of one script; each file holds one function expression."""
    return resources.files(__package__).joinpath("scripts", f"{name}.js").read_text("utf-8")


class Tab:
    """A page and a session of ours with it. `world` numbers are Chromium's execution context ids."""

    def __init__(self, context: BrowserContext, page: Page, session: CDPSession, frame_id: str) -> None:
        self.context = context
        self.page = page
        self.session = session
        self.frame_id = frame_id  # of the main frame
        self.stopped = False  # the page's own scripts let nobody in and were ended
        self._worlds: dict[str, int] = {}
        self._opening = False  # a window of our own

    @classmethod
    async def open(cls, context: BrowserContext) -> Tab:
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        tree = await session.send("Page.getFrameTree")
        tab = cls(context, page, session, tree["frameTree"]["frame"]["id"])
        session.on("Page.frameNavigated", tab._went)
        await asyncio.gather(*(session.send(f"{domain}.enable") for domain in ("Page", "Network", "DOM")))
        return tab

    async def send(self, method: str, *, seconds: float = SEND_SECONDS, **parameters: Any) -> dict[str, Any]:
        """One command of Chromium's own protocol. Raises Error and TimeoutError."""
        async with asyncio.timeout(seconds):
            answer: dict[str, Any] = await self.session.send(method, parameters)
        return answer

    async def run(self, source: str, *arguments: Any, seconds: float) -> Any:
        """Call a function on the main frame and wait for its value.

        Where the page's own scripts keep it out they are ended for good; functions that wait can't run after that.
        Raises ScriptError, PageMoved, TimeoutError, Error.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._call(source, *arguments)
        except TimeoutError:
            if not self.stopped:
                await self._stop_scripts()
            raise

    async def _stop_scripts(self) -> None:
        """End the script that runs in the page, and let the page start no other. Ours still run."""
        self.stopped = True
        await asyncio.gather(
            self.send("Runtime.terminateExecution", seconds=STOP_SECONDS),
            self.send("Emulation.setScriptExecutionDisabled", seconds=STOP_SECONDS, value=True),
            return_exceptions=True,
        )

    async def _call(self, source: str, *arguments: Any) -> Any:
        try:
            return await self.call(self.session, await self.world(), source, *arguments)
        except PageMoved:  # perhaps only before the script began: its world was an older document's
            self._worlds.clear()
            return await self.call(self.session, await self.world(), source, *arguments)

    def _went(self, event: dict[str, Any]) -> None:
        """Numbers of worlds begin anew in another process: an old one may be the page's own there, or a frame's."""
        if event["frame"]["id"] == self.frame_id:
            self._worlds.clear()

    async def world(self) -> int:
        """Our world in the main frame's present document."""
        if self.frame_id not in self._worlds:
            self._worlds[self.frame_id] = await self.world_of(self.session, self.frame_id)
        return self._worlds[self.frame_id]

    async def world_of(self, session: CDPSession, frame_id: str) -> int:
        made = await session.send("Page.createIsolatedWorld", {"frameId": frame_id, "worldName": WORLD})
        number: int = made["executionContextId"]
        return number

    async def call(self, session: CDPSession, world: int, source: str, *arguments: Any) -> Any:
        """Call a function in a world and wait for its value. Raises ScriptError, PageMoved, Error."""
        call = f"({source})({', '.join(json.dumps(argument) for argument in arguments)})"
        if not isinstance(source, Script):
            return await self._evaluate(session, world, call)
        call = f"{source.there} ? {call} : {json.dumps(ABSENT)}"
        value = await self._evaluate(session, world, call)
        if value == ABSENT:
            await self._evaluate(session, world, f"({source.library})()")
            value = await self._evaluate(session, world, call)
        return value

    async def _evaluate(self, session: CDPSession, world: int, call: str) -> Any:
        parameters = {"expression": call, "contextId": world, "awaitPromise": True, "returnByValue": True}
        try:
            answer = await session.send("Runtime.evaluate", parameters)
        except Error as error:
            if any(word in error.message for word in GONE_WORDS):
                raise PageMoved(error.message) from error
            raise
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise ScriptError(str(details.get("exception", {}).get("description") or details.get("text"))[:300])
        return answer["result"].get("value")

    async def session_of(self, frame: Frame) -> CDPSession | None:
        """The session of a frame that runs in a process of its own; None for one that shares its parent's."""
        try:
            return await self.context.new_cdp_session(frame)
        except Error:
            return None

    async def own_window(self) -> CDPSession:
        """A second window of the same profile, for us alone: no page opened it, none can reach it."""
        self._opening = True
        return await self.context.new_cdp_session(await self.context.new_page())

    def expects_window(self) -> bool:
        """Whether the window that has just opened is our own; true once for each."""
        expected, self._opening = self._opening, False
        return expected

    async def resize(self, width: int, height: int, scale: int) -> None:
        """Give the page a window of that many CSS pixels."""
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    async def picture(self, seconds: float, clip: tuple[float, float, float, float] | None = None) -> bytes:
        """The viewport as PNG, or of it: x, y, width, height in CSS pixels from the page's own top left corner."""
        # optimizeForSpeed: 0.36 s where the default takes 0.54 s (1,280 x 11,768 px); the file is 40 % larger
        part = {"clip": dict(zip(("x", "y", "width", "height"), clip, strict=True)) | {"scale": 1}} if clip else {}
        taken = await self.send("Page.captureScreenshot", seconds=seconds, format="png", optimizeForSpeed=True, **part)
        return base64.b64decode(taken["data"])


async def quietly(work: Coroutine[object, object, object], seconds: float = CLOSE_SECONDS) -> bool:
    """Try something that the page may make impossible. False where it could not be done in time."""
    with suppress(Error, TimeoutError):
        await asyncio.wait_for(work, seconds)
        return True
    return False
