"""Capturing while the vault is locked: each visit is sealed to the vault's public key. Reads nothing that was kept.

Of pages it looks at one thing, in memory: whether they ask for a login or for proof of a person, since a watch stops
there. All else is read when the vault is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from archiver import clock, keys, parcel, reading, recapture, schedule
from archiver.assembly import How, browser_for, request_for
from archiver.browser import visit_in_worker
from archiver.browser.find import BrowserFound
from archiver.capture import Lost, Order, capture_all, order_for
from archiver.errors import AddressError, VaultError, VaultForeign
from archiver.parcel import Parcel
from archiver.records import Capture, Reading, Snapshot, plain
from archiver.schedule import NotASchedule, Schedule
from archiver.settings import Settings
from archiver.vault import inbox
from archiver.watched import Watch
from archiver.watching import STOPS
from archiver.workers import shared, worker_pool
from extractors.contract import Standing

NO_LIST = "This computer has no list of what to visit while the vault is locked; once it is open: watch unattended on"
SWAPPED = "The inbox's key was changed since this computer was let in: somebody else could read what is sealed for it."


@dataclass(frozen=True)
class Sealed:
    """A visit that lies in the inbox."""

    order: Order
    n: int
    capture: Capture  # as it will be kept; its id is given when it is taken in
    reading: Reading
    watch: str = ""

    @property
    def standing(self) -> str:
        return next((each.state for each in self.reading.records if isinstance(each, Standing)), "error")


class Locked:
    """A vault without its key. `where` is where this computer keeps its list of what to visit."""

    def __init__(self, settings: Settings, *, where: keys.Device | None = None) -> None:
        """Raises VaultMissing, VaultForeign, VaultError: where the inbox is not the one that this computer knows."""
        self.settings = settings
        self.folder: Path = settings.vault
        self.where = where or keys.Device()
        self.address = inbox.address_of(self.folder)
        self._known = self._schedule()
        if self._known is not None and self._known.recipient != self.address.recipient:
            raise VaultForeign(f"{SWAPPED} Nothing was visited. Open the vault once: that puts it right.")

    def capture(
        self,
        orders: Iterable[Order],
        how: How,
        found: BrowserFound,
        pool: Callable[[], Executor] | None = None,
        watches: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[Sealed | Lost]:
        """Visit and seal. `watches`: by address, the watch that the visit is for. Raises DiskFull, VaultError."""
        sealed: dict[str, Sealed] = {}

        def visit(executor: Executor, order: Order) -> Future[Snapshot]:
            return executor.submit(visit_in_worker, request_for(order, how, self.settings, found))

        def keep(order: Order, snapshot: Snapshot) -> Capture:
            made = self._seal(order, snapshot, how, watches.get(order.supplied, ""))
            sealed[order.supplied] = made
            return made.capture

        for ended in capture_all(orders, visit=visit, keep=keep, pool=pool or worker_pool(how.jobs), jobs=how.jobs):
            yield ended if isinstance(ended, Lost) else sealed.pop(ended.order.supplied)

    def watch_round(
        self, how: How, *, now: Callable[[], datetime] = clock.local_now, pool: Callable[[], Executor] | None = None
    ) -> Iterator[Sealed | Lost]:
        """Visits what is due by this computer's list; each is in the inbox before it is yielded.

        Nothing, where another program visits for this vault at the moment. Raises VaultError where there is no list.
        """
        if self._known is None:
            raise VaultError(NO_LIST)
        with (
            keys.turn_to_visit(self.address.vault, where=self.where) as mine,
            shared(pool or worker_pool(how.jobs)) as one_pool,
        ):
            listed = self._schedule() if mine else None
            pace = recapture.Pace(quiet=self.settings.quiet_hours, shut=self.settings.shut_hosts)
            chosen = recapture.due(listed.watches, now(), pace=pace) if listed else []
            for watch in chosen:
                if self._is_on(watch):  # it may have been paused since
                    yield from self._visit(watch, replace(how, allow_private=watch.allow_private), now, one_pool)

    def _visit(
        self, watch: Watch, how: How, now: Callable[[], datetime], pool: Callable[[], Executor]
    ) -> Iterator[Sealed | Lost]:
        try:
            order = order_for(watch.url, allow_private=how.allow_private)
        except AddressError as error:
            self._write_down(watch.id, "error", clock.rfc3339(now()))
            yield Lost(Order(watch.url, watch.url), str(error))
            return
        for ended in self.capture([order], how, browser_for(self.settings), pool, {order.supplied: watch.id}):
            self._write_down(watch.id, ended.standing if isinstance(ended, Sealed) else "error", clock.rfc3339(now()))
            yield ended

    def _seal(self, order: Order, snapshot: Snapshot, how: How, watch: str) -> Sealed:
        address, mark = self.address, bytes.fromhex(self._known.voucher) if self._known else None

        def seal(n: int, prev: str) -> bytes:
            at = clock.rfc3339(clock.utc_now())
            made = Parcel(address.vault, n, prev, at, snapshot, how.by, how.note, watch)
            return keys.seal(address.recipient, parcel.to_bytes(made, mark=mark))

        n = inbox.put(self.folder, seal)
        capture = Capture(f"inbox {n}", 0, snapshot.finished, _body(snapshot, how.note))
        held = {artifact.sha256: artifact.data for artifact in snapshot.artifacts}
        page = reading.read_page(capture, fetch=held.__getitem__, at=snapshot.finished)
        return Sealed(order, n, capture, page, watch)

    def _is_on(self, watch: Watch) -> bool:
        listed = self._schedule()
        return listed is not None and any(each.id == watch.id and each.state == "on" for each in listed.watches)

    def _write_down(self, watch: str, standing: str, at: str) -> None:
        """In the list as it is now: it may have been made anew since, or be gone."""
        with keys.turn_to_write_list(self.address.vault, where=self.where):
            listed = self._schedule()
            if listed is not None:
                made = schedule.after_visit(listed, watch, standing, at, stops=STOPS)
                keys.keep_list(self.address.vault, schedule.to_bytes(made), where=self.where)

    def _schedule(self) -> Schedule | None:
        data = keys.kept_list(self.address.vault, where=self.where)
        try:
            return schedule.from_bytes(data) if data is not None else None
        except NotASchedule as error:
            raise VaultError(f"{error}. Make it again: watch unattended on") from error


def _body(snapshot: Snapshot, note: str) -> dict[str, Any]:
    listed = [plain(artifact) | {"size": len(artifact.data)} for artifact in snapshot.artifacts]
    return {**plain(snapshot), "note": note, "artifacts": listed}
