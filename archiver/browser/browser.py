"""The door of this room: one Chromium kept warm, one visit at a time, a fresh profile for each.

Everything runs in a thread and an event loop of its own, so that a deadline can be kept from outside whatever the page,
the browser or its driver do. What the outside world does wrong comes back in the snapshot, never as an exception.
"""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from playwright.async_api import Error

from archiver.address import address_rule
from archiver.browser.beside import Beside
from archiver.browser.chromium import Chromium, first_line
from archiver.browser.guard import Guard, Resolve, Rule, system_resolve
from archiver.browser.profile import Profile
from archiver.browser.provenance import first_provenance
from archiver.browser.record import Clock, Record, rfc3339
from archiver.browser.request import VisitRequest
from archiver.browser.upstream import upstream_from
from archiver.browser.verdict import verdict_of
from archiver.browser.visit import Visit
from archiver.records import Failure, Snapshot

VISITS_PER_BROWSER = 100  # then a new one is started: a browser's memory only grows
UNWIND_SECONDS = 15.0  # to end what a visit had under way; each of its ends is bounded by 5 s
CRASHED = Failure("crash", "The browser ended while it was showing this page.")


def utc_now() -> datetime:
    return datetime.now(UTC)


class Browser:
    """One Chromium kept warm. Use as a context manager; visits from several threads wait for each other.

    `resolve` looks names up, `rule` judges what they lead to. Raises InstrumentMissing where no browser can be started.
    """

    def __init__(self, *, now: Clock = utc_now, resolve: Resolve = system_resolve, rule: Rule = address_rule) -> None:
        self._now = now
        self._resolve = resolve
        self._rule = rule
        self._chromium: Chromium | None = None
        self._visits = 0
        self._spare: Profile | None = None
        self._one = threading.Lock()
        self._beside = Beside("browser")

    def __enter__(self) -> Self:
        self._beside.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the browser and remove what it wrote."""
        if self._beside.is_running:
            self._beside.do(self._end())
            self._beside.stop()

    def visit(self, request: VisitRequest) -> Snapshot:
        """Visit one address and bring back what was there, or why there was nothing."""
        with self._one:
            return self._beside.do(self._visit(request))

    def start(self, like: VisitRequest) -> None:
        """Start the browser that the next visit will use, with a profile for it. Raises InstrumentMissing, UsageError.

        `like` differs from what will be visited in its addresses alone; else the profile is not used.
        """
        with self._one:
            self._beside.do(self._start(like))

    async def _start(self, like: VisitRequest) -> None:
        guard = self._guard(like)
        chromium = await self._ready(like.browser)
        if like.login or self._spare is not None:  # what a login needs is not here yet
            return
        try:
            self._spare = await Profile.open(chromium, guard, like)
        except (Error, TimeoutError):  # the visit opens its own, and says what is wrong
            await guard.close()

    def _guard(self, request: VisitRequest) -> Guard:
        return Guard(
            allow_private=request.allow_private,
            wire_bytes=request.limits.wire_bytes,
            upstream=upstream_from(request.proxy),
            resolve=self._resolve,
            rule=self._rule,
        )

    async def _visit(self, request: VisitRequest) -> Snapshot:
        fresh = self._guard(request)
        chromium = await self._ready(request.browser)
        spare = await self._spare_for(chromium, request)
        guard = spare.guard if spare else fresh
        self._visits += 1
        started = self._now()
        record = Record(request, self._now, started, request.cleaned)
        record.provenance = first_provenance(request, chromium, started)
        try:
            await self._bounded(Visit(chromium, guard, record, spare))
        finally:
            await guard.close()
        return snapshot_of(record)

    async def _spare_for(self, chromium: Chromium, request: VisitRequest) -> Profile | None:
        """The profile that lies ready, where it is one for this visit; it is gone then, whatever comes of it."""
        spare, self._spare = self._spare, None
        if spare is None or spare.is_for(chromium, request):
            return spare
        await _put_away(spare)
        return None

    async def _bounded(self, visit: Visit) -> None:
        """Run a visit to its end, its deadline or the browser's end, whichever comes first."""
        record, limits = visit.record, visit.record.request.limits
        steps = asyncio.create_task(visit.run())
        crash = asyncio.create_task(visit.crashed.wait())
        await asyncio.wait({steps, crash}, timeout=limits.seconds, return_when=asyncio.FIRST_COMPLETED)
        if not steps.done():
            late = f"The visit was ended after {limits.seconds:.0f} s, the longest that one may take."
            failure = CRASHED if crash.done() else Failure("timeout", late)
            record.seen.miss(
                "what was not reached when " + ("the browser ended" if crash.done() else "the time was up")
            )
            if not any(artifact.role in ("first-view", "tile") for artifact in record.artifacts):
                record.failure = failure
        crash.cancel()
        steps.cancel()
        if not (await asyncio.wait({steps}, timeout=UNWIND_SECONDS))[0] and self._chromium:
            self._chromium.kill()
        try:
            await steps
        except asyncio.CancelledError:
            if not steps.cancelled():  # it is this task that is being cancelled, and not the steps
                raise
        except Error as error:  # outside any step: the browser is gone
            record.failure = record.failure or Failure("crash", f"{CRASHED.sentence} ({first_line(error)})")

    async def _ready(self, path: str) -> Chromium:
        chromium = self._chromium
        if chromium and (not chromium.running or chromium.path != path or self._visits >= VISITS_PER_BROWSER):
            await self._end()
            chromium = None
        if chromium is None:
            chromium = self._chromium = await Chromium.start(path)
            self._visits = 0
        return chromium

    async def _end(self) -> None:
        chromium, self._chromium = self._chromium, None
        spare, self._spare = self._spare, None
        if spare is not None:
            await _put_away(spare)
        if chromium is not None:
            await chromium.end()


async def _put_away(spare: Profile) -> None:
    await spare.close()
    await spare.guard.close()


def snapshot_of(record: Record) -> Snapshot:
    """The record as it stands, with its verdict."""
    return Snapshot(
        requested=record.request.requested,
        cleaned=record.request.cleaned,
        final=record.final,
        started=rfc3339(record.started),
        finished=rfc3339(record.now()),
        status=record.status,
        failure=record.failure,
        title=record.title,
        redirects=tuple(record.redirects),
        steps=tuple(record.steps),
        actions=tuple(record.actions),
        artifacts=tuple(record.artifacts),
        verdict=verdict_of(record),
        provenance=record.provenance,
    )


def visit_alone(request: VisitRequest, *, now: Clock = utc_now, resolve: Resolve = system_resolve) -> Snapshot:
    """Start a browser, visit one address, end the browser. Raises InstrumentMissing where none can be started."""
    with Browser(now=now, resolve=resolve) as browser:
        return browser.visit(request)
