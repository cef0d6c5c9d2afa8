"""One visit as a list of named steps: first the page as it is, untouched; then the page worked through.

A step that fails is recorded and loses nothing of the others. Never raises for what the outside world does.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Coroutine

from playwright.async_api import Dialog, Page

from archiver.browser import dom, provenance
from archiver.browser.answer import Answers
from archiver.browser.chromium import Chromium
from archiver.browser.companions import keep_companions
from archiver.browser.consent import refuse_consent
from archiver.browser.failure import load_failure
from archiver.browser.gate import Gate
from archiver.browser.guard import Guard
from archiver.browser.harvest import keep_harvest
from archiver.browser.network import Network
from archiver.browser.opening import is_empty, open_page, rest_where_it_is
from archiver.browser.profile import Profile
from archiver.browser.record import Record, Skip
from archiver.browser.scrolling import scroll_through
from archiver.browser.settle import Settling
from archiver.browser.tab import CLOSE_SECONDS, Tab, quietly, script
from archiver.browser.tiles import name_what_grew, picture_all
from archiver.browser.unfold import unfold
from archiver.browser.unmeasured import picture_unmeasured
from archiver.browser.wire import Wire
from archiver.browser.wired import keep_network
from archiver.records import Place, Role
from extractors.registry import page_extractors

IMAGES = script("images")
STEPS_OF_A_PAGE = (
    "settle",
    "first-view",
    "first-dom",
    "consent",
    "scroll",
    "unfold",
    "tiles",
    "harvest",
    "dom",
    "text",
    "mhtml",
    "certificate",
    "count",
    "companions",
)  # and "network" at the very end, whatever came
LOGGED = 40  # dialogs and windows that are listed one by one; a storm of them is counted


class Visit:
    """A visit under way. `record` holds what it has brought at any moment."""

    def __init__(self, chromium: Chromium, guard: Guard, record: Record, opened: Profile | None = None) -> None:
        """`opened`: a profile that lies ready, with that guard."""
        self.record = record
        self.crashed = asyncio.Event()
        self._chromium = chromium
        self._guard = guard
        self._opened = opened
        self._limits = record.request.limits
        self._interruptions = 0
        self._tasks: set[asyncio.Task[bool]] = set()

    async def run(self) -> None:
        """Do all the steps. What was gathered is in the record, also when this is cancelled."""
        profile = self._opened or await Profile.open(self._chromium, self._guard, self.record.request)
        tab = profile.tab
        try:
            self._watch(tab)
            network = Network(
                tab.session,
                tab.frame_id,
                decoded_bytes=self._limits.decoded_bytes,
                document_bytes=self._limits.document_bytes,
            )
            answers = Answers(tab.session, tab.frame_id, self._guard, response_bytes=self._limits.response_bytes)
            gate = Gate(self.record)
            gate.hear(tab.session)
            wire = Wire(self._limits, self.record.now)
            await wire.begin(tab.session, tab.page, tab.context)
            await answers.begin()
            self._later(self._stop_when_too_much(tab, network), self._limits.seconds)
            try:
                await self._steps(tab, network, answers, gate)
                await wire.end(self._limits.script_seconds)
            finally:
                keep_network(wire, self._guard, self.record)
                self._describe(network, answers)
                for task in self._tasks:
                    task.cancel()
                await asyncio.gather(*self._tasks, answers.end(), gate.end(), wire.stop(), return_exceptions=True)
        finally:
            await profile.close()

    async def _steps(self, tab: Tab, network: Network, answers: Answers, gate: Gate) -> None:
        record, settling = self.record, Settling(tab, network)
        await open_page(tab, network, answers, self._guard, record)
        if not record.failure and not is_empty(network):
            await self._settle(tab, network, answers, settling)
        if record.failure or is_empty(network):
            self._skip_the_rest("there is a file and no page" if answers.file else "there is no page")
            return
        await self._untouched(tab)
        answers.hold(may_reload=record.final)  # as some pages do when they were answered
        async with record.step("consent", 4 * self._limits.script_seconds) as note:
            note.detail = await refuse_consent(tab, settling, record)
        answers.hold()
        await self._worked(tab, network, settling, gate)
        for url, why in [*answers.held.items()][:LOGGED]:
            record.act("stay", "window", f"the page wanted to go to {url}: {why}")
            record.seen.miss(f"where the page sends its visitors: {url}")
        if tab.stopped:
            record.act("stop-scripts", "window", "the page's own scripts never paused")
            record.seen.miss("what the page's scripts had still done: they never paused and were ended")

    def _skip_the_rest(self, why: str) -> None:
        named = {step.name for step in self.record.steps}
        for name in STEPS_OF_A_PAGE:
            if name not in named:
                self.record.end(name, "skipped", why, time.monotonic())

    async def _settle(self, tab: Tab, network: Network, answers: Answers, settling: Settling) -> None:
        limits, record = self._limits, self.record
        async with record.step("settle", 2 * limits.settle_seconds + 3 * limits.script_seconds) as note:
            late = await rest_where_it_is(tab, network, answers, settling, record)
            if late:
                record.seen.miss(f"what had not come after {limits.settle_seconds:.0f} s ({', '.join(late)})")
            note.detail = f"still under way: {', '.join(late)}" if late else "at rest"
            frame = (await tab.send("Page.getFrameTree"))["frameTree"]["frame"]
            unreachable = frame.get("unreachableUrl")
            if unreachable and not is_empty(network):  # the page sent the browser on to where nothing answers
                record.failure = load_failure(unreachable, network.failed.get(unreachable, ""), self._guard)
                note.trouble = record.failure.sentence

    # -- the two layers -----------------------------------------------------------------------------------------------

    async def _untouched(self, tab: Tab) -> None:
        request, limits = self.record.request, self._limits
        async with self.record.step("first-view", limits.picture_seconds):
            place = Place(0, 0, 0, *request.viewport, request.scale)
            self.record.keep("first-view", "image/png", await tab.picture(limits.picture_seconds), place)
        await self._read(tab, "first-dom")

    async def _worked(self, tab: Tab, network: Network, settling: Settling, gate: Gate) -> None:
        record, limits = self.record, self._limits
        self._later(asyncio.to_thread(page_extractors))  # wanted at the end; here, loading them keeps nobody waiting
        async with record.step("scroll", limits.scroll_seconds + 2 * limits.script_seconds) as note:
            note.detail = await scroll_through(tab, network, settling, record)
        async with record.step("unfold", limits.unfold_seconds + 3 * limits.script_seconds) as note:
            note.detail = await unfold(tab, settling, gate, record)
        if record.steps[-1].outcome != "skipped":
            async with record.step("scroll-again", limits.scroll_seconds / 2 + 2 * limits.script_seconds) as note:
                note.detail = await scroll_through(tab, network, settling, record, limits.scroll_seconds / 2)
        async with record.step("tiles", limits.scroll_seconds + limits.picture_seconds) as note:
            note.detail = await picture_all(tab, settling, record)
        if record.steps[-1].outcome == "failed" and not record.tiles:
            async with record.step("tile-unmeasured", 2 * limits.picture_seconds) as note:
                note.detail = await picture_unmeasured(tab, settling, record)
        async with record.step("harvest", limits.script_seconds) as note:
            note.detail = await keep_harvest(tab, record)
        reading = await self._read(tab, "dom")
        async with record.step("text", 1) as note:
            if reading is None:
                raise Skip("the page could not be read")
            record.keep_text("text", "text/plain; charset=utf-8", reading.text)
            note.detail = f"{len(reading.text)} characters"
        async with record.step("mhtml", limits.picture_seconds):
            taken = await tab.send("Page.captureSnapshot", seconds=limits.picture_seconds, format="mhtml")
            if len(taken["data"]) > limits.document_bytes:
                raise Skip(f"it is longer than {limits.document_bytes:,} bytes")
            record.keep_text("mhtml", "multipart/related", taken["data"])
        async with record.step("certificate", limits.script_seconds):
            chain = await provenance.certificate_chain(tab, record.final)
            if not chain:
                raise Skip("the page came without encryption")
            record.keep("certificate", "application/x-pem-file", chain)
        async with record.step("count", 3 * limits.script_seconds):
            await self._count(tab)
        async with record.step("companions", limits.companion_seconds + 2 * limits.script_seconds) as note:
            await keep_companions(tab, self._guard, record, reading, note)

    async def _read(self, tab: Tab, role: Role) -> dom.Reading | None:
        reading = None
        async with self.record.step(role, 3 * self._limits.script_seconds) as note:
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
        await name_what_grew(tab, self.record)
        if told["zone"]:
            self.record.provenance = dataclasses.replace(self.record.provenance, time_zone=told["zone"])

    # -- what happens beside the steps --------------------------------------------------------------------------------

    def _watch(self, tab: Tab) -> None:
        tab.page.on("dialog", lambda dialog: self._later(self._dismiss(dialog)))
        tab.page.on("download", lambda download: self._interrupted("refuse-download", download.url))
        tab.page.on("crash", lambda _: self.crashed.set())
        tab.context.on("page", lambda page: self._window_opened(tab, page))

    def _window_opened(self, tab: Tab, page: Page) -> None:
        if not tab.expects_window():
            self._later(self._close_window(page))

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

    def _later(self, work: Coroutine[object, object, object], seconds: float = CLOSE_SECONDS) -> None:
        task = asyncio.create_task(quietly(work, seconds))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop_when_too_much(self, tab: Tab, network: Network) -> None:
        await network.too_much.wait()
        self.record.seen.miss(f"what came after {network.bound:,} bytes")
        await quietly(tab.send("Page.stopLoading"))

    def _describe(self, network: Network, answers: Answers) -> None:
        """What the network and the guard know, at the end or wherever the visit was cut."""
        record, answer = self.record, network.answer
        record.redirects = network.hops
        if self._guard.bound_reached:
            record.seen.miss(f"what came after {self._limits.wire_bytes:,} bytes")
        if answer is None:
            return
        record.status = answer.status
        cookies = (("set-cookie", "withheld"),) if network.sets_cookies else ()
        record.provenance = dataclasses.replace(
            record.provenance,
            headers=answers.headers + cookies,
            tls=provenance.tls_words(answer.security),
            server_address=provenance.server_address(answer.url, self._guard),
            clock_check=provenance.clock_words(answers.headers, record.answered or record.now()),
        )
