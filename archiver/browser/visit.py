"""One visit as a list of named steps: first the page as it is, untouched; then the page worked through.

A step that fails is recorded and loses nothing of the others. Never raises for what the outside world does.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Coroutine
from datetime import datetime

from playwright.async_api import Dialog, Error, Page

from archiver.browser import dom, provenance
from archiver.browser.answer import Answers
from archiver.browser.chromium import Chromium
from archiver.browser.failure import load_failure
from archiver.browser.guard import Guard
from archiver.browser.network import Network
from archiver.browser.record import Note, Record, Skip
from archiver.browser.scrolling import scroll_through
from archiver.browser.settle import settle
from archiver.browser.tab import Tab, script
from archiver.browser.tiles import picture_all
from archiver.records import Failure, Place, Role

IMAGES = script("images")
STEPS_OF_A_PAGE = ("settle", "first-view", "first-dom", "scroll", "tiles", "dom", "text", "mhtml", "certificate")
LOGGED = 40  # dialogs and windows that are listed one by one; a storm of them is counted
CLOSE_SECONDS = 5.0


class Visit:
    """A visit under way. `record` holds what it has brought at any moment."""

    def __init__(self, chromium: Chromium, guard: Guard, record: Record) -> None:
        self.record = record
        self.crashed = asyncio.Event()
        self._chromium = chromium
        self._guard = guard
        self._limits = record.request.limits
        self._answered_at: datetime | None = None
        self._interruptions = 0
        self._tasks: set[asyncio.Task[bool]] = set()

    async def run(self, guard_address: str) -> None:
        """Do all the steps. What was gathered is in the record, also when this is cancelled."""
        context = await self._chromium.context(self.record.request, guard_address)
        try:
            tab = await Tab.open(context)
            self._watch(tab)
            network = Network(tab.session, tab.frame_id, decoded_bytes=self._limits.decoded_bytes)
            answers = Answers(tab.session, tab.frame_id, response_bytes=self._limits.response_bytes)
            await answers.begin()
            stopper = asyncio.create_task(self._stop_when_too_much(tab, network))
            try:
                await self._steps(tab, network, answers)
            finally:
                self._describe(network)
                stopper.cancel()
                await asyncio.gather(stopper, *self._tasks, return_exceptions=True)
                await answers.end()
        finally:
            if not await quietly(context.close()):
                self._chromium.kill()

    async def _steps(self, tab: Tab, network: Network, answers: Answers) -> None:
        await self._open(tab, network, answers)
        if not self.record.failure:
            await self._settle(tab, network)
        if self.record.failure or self._empty(network):
            why = "there is a file and no page" if answers.file else "there is no page"
            for name in STEPS_OF_A_PAGE:
                async with self.record.step(name, 1):
                    raise Skip(why)
            return
        await self._untouched(tab)
        answers.hold()
        await self._worked(tab, network)
        for url in answers.held[:LOGGED]:
            self.record.act("stay", "window", f"the page wanted to go to {url}")

    # -- the way to the page ------------------------------------------------------------------------------------------

    async def _open(self, tab: Tab, network: Network, answers: Answers) -> None:
        record, url = self.record, self.record.request.cleaned
        async with record.step("open", self._limits.seconds) as note:
            try:
                async with asyncio.timeout(self._limits.answer_seconds):
                    told = await tab.send("Page.navigate", url=url)
            except TimeoutError:
                seconds = f"{self._limits.answer_seconds:.0f} s"
                record.failure = Failure("timeout", f"{network.asked or url} did not answer within {seconds}.")
                note.trouble = record.failure.sentence
                return
            self._answered_at = record.now()
            if answers.file is not None:
                self._keep_file(answers, note)
            elif told.get("errorText") and not self._empty(network):
                record.failure = load_failure(network.asked or url, told["errorText"], self._guard)
                note.trouble = record.failure.sentence
            elif network.answer is not None:
                note.detail = f"HTTP {network.answer.status}"

    def _keep_file(self, answers: Answers, note: Note) -> None:
        file, record = answers.file, self.record
        assert file is not None  # noqa: S101 - asked before
        record.keep("response", file.media_type, file.data)
        what = f"The address gave a file ({file.media_type}) and no page"
        if file.whole:
            record.failure = Failure("download", f"{what}; the file was kept as it came, {len(file.data):,} bytes.")
            return
        of = f" of {file.stated_length:,}" if file.stated_length else ""
        record.failure = Failure("too-large", f"{what}; the first {len(file.data):,} bytes{of} were kept.")
        record.seen.miss(f"the file after its first {len(file.data):,} bytes{of}")
        note.detail = record.failure.sentence

    @staticmethod
    def _empty(network: Network) -> bool:
        """An answer with a status and nothing in it: Chromium would show words of its own in its place."""
        answer = network.answer
        return answer is not None and (
            answer.status in (204, 205)
            or (answer.status >= 400 and "ERR_HTTP_RESPONSE_CODE_FAILURE" in network.failed.get(answer.url, ""))
        )

    async def _settle(self, tab: Tab, network: Network) -> None:
        async with self.record.step("settle", self._limits.settle_seconds * 2) as note:
            late = await settle(tab, network, self._limits.settle_seconds)
            if late:
                self.record.seen.miss(
                    f"what had not come after {self._limits.settle_seconds:.0f} s ({', '.join(late)})"
                )
            note.detail = f"still under way: {', '.join(late)}" if late else "at rest"
        tree = (await tab.send("Page.getFrameTree"))["frameTree"]["frame"]
        unreachable = tree.get("unreachableUrl")
        if unreachable:  # the page itself sent the browser on, to somewhere that does not answer
            self.record.failure = load_failure(unreachable, network.failed.get(unreachable, ""), self._guard)

    # -- the two layers -----------------------------------------------------------------------------------------------

    async def _untouched(self, tab: Tab) -> None:
        request = self.record.request
        async with self.record.step("first-view", self._limits.picture_seconds):
            place = Place(0, 0, 0, *request.viewport, request.scale)
            self.record.keep("first-view", "image/png", await tab.picture(), place)
        await self._read(tab, "first-dom")

    async def _worked(self, tab: Tab, network: Network) -> None:
        record, limits = self.record, self._limits
        async with record.step("scroll", limits.scroll_seconds + 10) as note:
            note.detail = await scroll_through(tab, network, record)
        async with record.step("tiles", limits.scroll_seconds + limits.picture_seconds) as note:
            note.detail = await picture_all(tab, network, record)
        reading = await self._read(tab, "dom")
        async with record.step("text", 1) as note:
            if reading is None:
                raise Skip("the page could not be read")
            record.keep_text("text", "text/plain; charset=utf-8", reading.text)
            note.detail = f"{len(reading.text)} characters"
        async with record.step("mhtml", limits.picture_seconds) as note:
            taken = await tab.send("Page.captureSnapshot", format="mhtml")
            if len(taken["data"]) > limits.document_bytes:
                raise Skip(f"it is longer than {limits.document_bytes} bytes")
            record.keep_text("mhtml", "multipart/related", taken["data"])
        async with record.step("certificate", limits.script_seconds):
            chain = await provenance.certificate_chain(tab, record.final)
            if not chain:
                raise Skip("the page came without encryption")
            record.keep("certificate", "application/x-pem-file", chain)
        async with record.step("count", limits.script_seconds):
            await self._count(tab)

    async def _read(self, tab: Tab, role: Role) -> dom.Reading | None:
        reading = None
        async with self.record.step(role, self._limits.script_seconds * 3) as note:
            reading = await dom.read(tab, self._limits)
            self.record.keep_text(role, "text/html; charset=utf-8", reading.html)
            self.record.title, self.record.final = reading.title, reading.url
            note.detail = f"{reading.frames} frames" if reading.frames else ""
            for what in reading.missing:
                self.record.seen.miss(what)
        return reading

    async def _count(self, tab: Tab) -> None:
        seen = self.record.seen
        told = await tab.run(IMAGES, seconds=self._limits.script_seconds)
        seen.images_complete, seen.images_broken, seen.images_pending = (
            told["complete"],
            told["broken"],
            told["pending"],
        )
        if told["zone"]:
            self.record.provenance = dataclasses.replace(self.record.provenance, time_zone=told["zone"])

    # -- what happens beside the steps -------------------------------------------------------------------------------

    def _watch(self, tab: Tab) -> None:
        tab.page.on("dialog", lambda dialog: self._later(self._dismiss(dialog)))
        tab.page.on("download", lambda download: self._interrupted("refuse-download", download.url))
        tab.page.on("crash", lambda _: self.crashed.set())
        tab.context.on("page", lambda page: self._later(self._close_window(page)))

    async def _dismiss(self, dialog: Dialog) -> None:
        self._interrupted("dismiss-dialog", dialog.type, dialog.message[:200])
        await dialog.dismiss()

    async def _close_window(self, page: Page) -> None:
        self._interrupted("close-window", "window", page.url[:200])
        await page.close()

    def _interrupted(self, what: str, target: str, detail: str = "") -> None:
        self._interruptions += 1
        if self._interruptions <= LOGGED:
            self.record.act(what, target, detail)
        elif self._interruptions == LOGGED + 1:
            self.record.act(what, target, "and more of them, which are not listed")

    def _later(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop_when_too_much(self, tab: Tab, network: Network) -> None:
        await network.too_much.wait()
        self.record.seen.miss(f"what came after {self._limits.decoded_bytes:,} bytes")
        await quietly(tab.send("Page.stopLoading"))

    def _describe(self, network: Network) -> None:
        """What the network and the guard know, at the end or wherever the visit was cut."""
        record, answer = self.record, network.answer
        record.redirects = network.hops
        if self._guard.bound_reached:
            record.seen.miss(f"what came after {self._limits.wire_bytes:,} bytes")
        if answer is None:
            return
        record.status = answer.status
        record.provenance = dataclasses.replace(
            record.provenance,
            headers=answer.headers,
            tls=provenance.tls_words(answer.security),
            server_address=provenance.server_address(answer.url, self._guard),
            clock_check=provenance.clock_words(answer, self._answered_at or record.now()),
        )


async def quietly(work: Coroutine[object, object, object], seconds: float = CLOSE_SECONDS) -> bool:
    """Try something that the page may make impossible. False where it could not be done in time."""
    with contextlib.suppress(Error, TimeoutError):
        await asyncio.wait_for(work, seconds)
        return True
    return False
