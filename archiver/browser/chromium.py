"""Starts and ends one Chromium, in its sandbox; visits nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock
from typing import Self

import playwright
from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from archiver.browser.guard import Guard
from archiver.browser.request import VisitRequest
from archiver.browser.scratch import has_room_for_sockets, scratch_folder
from archiver.browser.switches import FEATURES, NOT_SWITCHES, SWITCHES
from archiver.errors import InstrumentMissing

START_SECONDS = 60.0  # a cold start from a slow disk took 9 s
END_SECONDS = 5.0
OFF_AS_ROOT = "off: Chromium has none for the root account"
NO_SANDBOX_WORDS = ("sandbox", "namespace", "zygote")  # in what Chromium says when its sandbox can't be had
if sys.platform == "win32":
    END_AT_ONCE = signal.SIGTERM  # there it is the same
else:
    END_AT_ONCE = signal.SIGKILL
_environment = Lock()  # the driver takes its environment from this process's, once, when it starts


class Chromium:
    """One running browser in a scratch folder of its own."""

    def __init__(self, path: str, *, sandbox: bool = True, shown: bool = False) -> None:
        self.path = path
        self._wanted = sandbox
        self._shown = shown  # in a window that a person sees
        self.sandbox = ""
        self.version = ""
        self.user_agent = ""
        self._pid = 0
        self._killed = False  # Playwright hears of it a moment later
        self._stack = ExitStack()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        # What Chromium itself wants from the network, without a page: nothing gets through, all is noted.
        self.own_traffic = Guard(allow_private=False, wire_bytes=0, resolve=_nowhere)

    @classmethod
    async def start(cls, path: str, *, sandbox: bool = True, shown: bool = False) -> Self:
        """Raises InstrumentMissing where the browser can't be started. `sandbox` False: without Chromium's own."""
        chromium = cls(path, sandbox=sandbox, shown=shown)
        try:
            await chromium._start()
        except (Error, OSError, TimeoutError) as error:
            await chromium.end()
            raise InstrumentMissing(
                f"The browser {path} could not be started ({first_line(error)}); to mend that, run: archiver setup"
            ) from error
        return chromium

    @property
    def running(self) -> bool:
        return self._browser is not None and not self._killed and self._browser.is_connected()

    async def context(self, request: VisitRequest, guard_address: str) -> BrowserContext:
        """A fresh profile: no cookies but those of the login asked for, no permissions; all traffic to the guard."""
        assert self._browser is not None  # noqa: S101 - start() comes first
        return await self._browser.new_context(
            accept_downloads=False,
            locale=request.locale,
            permissions=[],
            storage_state=json.loads(request.state) if request.state else None,
            # Without "<-loopback>" Chromium would go to loopback addresses directly, past the guard.
            proxy={"server": guard_address, "bypass": "<-loopback>"},
            reduced_motion="reduce",
            user_agent=self.user_agent,
            no_viewport=True,  # the tab sets its own, in the session that takes the pictures: else they are at scale 1
        )

    async def paper(self) -> BrowserContext:
        """A fresh profile for a page of our own: no network, no scripts, no downloads."""
        assert self._browser is not None  # noqa: S101 - start() comes first
        return await self._browser.new_context(
            accept_downloads=False, java_script_enabled=False, permissions=[], offline=True
        )

    async def _start(self) -> None:
        folder = self._stack.enter_context(scratch_folder())
        self._playwright = await self._driver(folder)
        nowhere = await self.own_traffic.open()
        self.sandbox = OFF_AS_ROOT if sys.platform.startswith("linux") and os.geteuid() == 0 else "on"
        if not self._wanted:
            self.sandbox = "off: it was started without"
        try:
            self._browser = await self._launch(folder, nowhere)
        except Error as error:
            if self.sandbox != "on" or not any(word in error.message.lower() for word in NO_SANDBOX_WORDS):
                raise
            self.sandbox = "off: this system gives Chromium no sandbox"
            self._browser = await self._launch(folder, nowhere)
        self.version = self._browser.version
        session = await self._browser.new_browser_cdp_session()
        # "HeadlessChrome" is refused by many sites, and tells who reads a site's log that a program looked (SAFETY C)
        self.user_agent = (await session.send("Browser.getVersion"))["userAgent"].replace("HeadlessChrome", "Chrome")
        processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
        self._pid = next(process["id"] for process in processes if process["type"] == "browser")
        await session.detach()

    async def _driver(self, folder: Path) -> Playwright:
        """Playwright's driver makes Chromium's profile in its temporary folder, so that has to be ours."""
        ours = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)) | _compiled()
        with _environment:
            before = {name: os.environ.get(name) for name in ours}
            os.environ.update(ours)
            try:
                return await _started_driver()
            finally:
                for name, value in before.items():
                    os.environ.pop(name) if value is None else os.environ.update({name: value})

    async def _launch(self, folder: Path, proxy: str) -> Browser:
        assert self._playwright is not None  # noqa: S101 - _start() comes first
        own = {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        if has_room_for_sockets(folder):
            own["TMPDIR"] = str(folder)
        return await self._playwright.chromium.launch(
            executable_path=self.path,
            headless=not self._shown,
            chromium_sandbox=self.sandbox == "on",
            args=[*SWITCHES, FEATURES],
            ignore_default_args=list(NOT_SWITCHES),
            env={**os.environ, **own},
            proxy={"server": proxy, "bypass": "<-loopback>"},
            timeout=START_SECONDS * 1000,
            handle_sigint=False,  # Ctrl-C is for the program: it ends the visit in order
            handle_sigterm=False,
            handle_sighup=False,
        )

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._killed = True
        if self._pid:
            with suppress(OSError):  # it has ended by itself
                os.kill(self._pid, END_AT_ONCE)
            self._pid = 0

    async def end(self) -> None:
        """Close it, or kill it where it does not close; remove its folder."""
        try:
            if self._browser is not None:
                await asyncio.wait_for(self._browser.close(), END_SECONDS)
        except (Error, TimeoutError):
            self.kill()
        try:
            if self._playwright is not None:
                await asyncio.wait_for(self._playwright.stop(), END_SECONDS)
        except (Error, TimeoutError):
            pass  # the driver ends when this process's end of its pipe closes
        await self.own_traffic.close()
        self._stack.close()


def _compiled() -> dict[str, str]:
    """Where the driver keeps its own program compiled: beside it, as Python does (it starts in 0.35 s, not 0.47). Where
    that folder can't be written to, it does without; nothing of a page is in it.
    """
    if sys.dont_write_bytecode or "NODE_COMPILE_CACHE" in os.environ:
        return {}
    return {"NODE_COMPILE_CACHE": str(Path(playwright.__file__).parent / "driver" / "__pycache__")}


async def _started_driver() -> Playwright:
    """Raises OSError: where its program can't run, Playwright 1.65 raises a plain Exception, which nobody can name."""
    starting = asyncio.ensure_future(async_playwright().start())
    await asyncio.wait({starting}, timeout=START_SECONDS)
    if not starting.done():
        starting.cancel()
        raise TimeoutError("Playwright's driver did not start in time")
    error = starting.exception()
    if error is not None:
        raise OSError(f"Playwright's driver did not start: {error}") from error
    return starting.result()


def first_line(error: BaseException) -> str:
    """The part of an error that says what happened; Playwright adds call logs below it."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].removeprefix("BrowserType.launch: ")[:300]


def _nowhere(host: str) -> list[str]:
    raise OSError(f"{host}: the browser itself may not use the network")
