"""Settings become a ready archive: captures, logins and watches get their instruments. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from archiver import (
    assembly,
    browser,
    clock,
    keys,
    recapture,
    schedule,
    taking_in,
    vault,
)
from archiver.assembly.opened import Opened
from archiver.assembly.visiting import How, request_for
from archiver.browser import BrowserFound, visit_in_worker
from archiver.capture import Kept, Lost, Order, capture_all, neighbour, order_for
from archiver.errors import AddressError, UnknownId
from archiver.records import PAGE, Capture, Snapshot
from archiver.watched import Watch
from archiver.workers import shared, worker_pool
from extractors.hosts import host_of
from extractors.registry import page_extractors

if TYPE_CHECKING:
    from archiver.watching import Visited


class Archive(Opened):
    """One opened vault with its instruments at hand. Use as a context manager."""

    def capture(
        self,
        orders: Iterable[Order],
        how: How,
        found: BrowserFound,
        pool: Callable[[], Executor] | None = None,
        go_on: Callable[[], bool] | None = None,
    ) -> Iterator[Kept | Lost]:
        """Visit and keep. `pool` is any executor; by default worker processes on this machine.

        `go_on`: asked before each further visit, once the last one is kept; those under way end and are kept.
        """

        def visit(executor: Executor, order: Order) -> Future[Snapshot]:
            request = request_for(order, how, self.settings, found)
            if how.login:
                request = replace(request, login=how.login, state=self.vault.login(how.login).state)
            under_way = executor.submit(visit_in_worker, request)
            page_extractors()  # what reads is wanted when it comes back; to import it now costs nobody anything
            import_module(f"{assembly.__name__}.reads")
            return under_way

        def keep(order: Order, snapshot: Snapshot) -> Capture:
            return self.vault.append_capture(snapshot, note=how.note, by=how.by)

        return capture_all(
            orders, visit=visit, keep=keep, pool=pool or worker_pool(how.jobs), jobs=how.jobs, go_on=go_on
        )

    def sign_in(
        self,
        name: str,
        order: Order,
        how: How,
        *,
        also: tuple[str, ...] = (),
        attend: browser.Attend,
        shown: bool = True,
    ) -> vault.Login:
        """A person signs in, in a window, and the login is kept. Raises InstrumentMissing, UsageError."""
        hosts = tuple(dict.fromkeys(site.lower().removeprefix("www.") for site in (host_of(order.cleaned), *also)))
        request = request_for(order, how, self.settings, self.found)
        state = browser.sign_in(request, hosts, attend=attend, shown=shown)
        made = vault.Login(vault.checked_name(name), hosts, clock.rfc3339(clock.utc_now()), state)
        self.vault.keep_login(made, by=how.by)
        return made

    def host_for_watch(self, url: str) -> str:
        """Whom a visit bothers: watches of one host keep their distance."""
        return neighbour(url)

    @property
    def pace(self) -> recapture.Pace:
        return recapture.Pace(quiet=self.settings.quiet_hours, shut=self.settings.shut_hosts)

    def watch_round(
        self,
        how: How,
        *,
        now: Callable[[], datetime] = clock.local_now,
        pool: Callable[[], Executor] | None = None,
    ) -> Iterator[Visited]:
        """Visits what is due, a few at a time; each visit is in the log before it is yielded.

        A watch is claimed just before it is visited, so that a second runner leaves it alone and nothing is lost when
        this one is killed. A runner that has no key holds no claims: while one visits, there is nothing to do here.
        """
        with self._turn() as mine, shared(pool or worker_pool(how.jobs)) as one_pool:
            if not mine:
                return
            chosen = recapture.due(self.vault.watches(), now(), pace=self.pace)
            for private in (False, True):
                waiting = [watch for watch in chosen if watch.allow_private == private]
                while waiting:
                    few, waiting = waiting[: how.jobs * 2], waiting[how.jobs * 2 :]
                    yield from self._visit_few(few, replace(how, allow_private=private), now=now, pool=one_pool)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        if not self.is_unattended():
            yield True
            return
        with keys.turn_to_visit(self.vault.id, where=self.here, shared=True) as mine:
            if mine:
                list(self.take_in())  # what a runner without a key visited meanwhile is not due
            yield mine

    def _visit_few(
        self, few: list[Watch], how: How, *, now: Callable[[], datetime], pool: Callable[[], Executor]
    ) -> Iterator[Visited]:
        orders: list[Order] = []
        claims: dict[str, tuple[Watch, vault.Claim]] = {}  # by address: a vault has no two watches of one
        for watch in few:
            claim = self.vault.claim_watch(watch, now=int(now().timestamp()))
            if claim is None:
                continue
            claims[watch.url] = watch, claim
            try:
                orders.append(order_for(watch.url, allow_private=how.allow_private))
            except AddressError as error:
                yield from self._keep_visit(assembly.lost(watch, str(error)), claims.pop(watch.url)[1], now())
        try:
            for ended in self.capture(orders, how, self.found, pool) if orders else ():
                watch, claim = claims.pop(ended.order.supplied)
                if isinstance(ended, Lost):
                    made = assembly.lost(watch, ended.sentence)
                else:
                    list(self.read(ended.capture, (PAGE,)))  # words in pictures: read --missing
                    made = assembly.visited(self, watch, ended.capture.id)
                yield from self._keep_visit(made, claim, now())
        finally:
            for _, claim in claims.values():
                self.vault.release_watch(claim)

    def take_in(self) -> Iterator[taking_in.Taken]:
        """What was sealed while the vault was locked comes into the log; the words in pictures: read --missing."""

        def now() -> str:
            return clock.rfc3339(clock.utc_now())

        yield from taking_in.take_in(self.vault, now=now, kept=self._read_taken)

    def is_unattended(self) -> bool:
        """Whether this computer was let in to visit what is watched while the vault is locked."""
        return keys.list_path(self.vault.id, where=self.here).exists()

    def let_in(self) -> str:
        """Gives this computer the list of what to visit, and says where the list's key lies: keyring or file."""
        secret, recipient = self.vault.mailbox()
        with keys.turn_to_write_list(self.vault.id, where=self.here):
            made = schedule.schedule_of(self.vault.id, recipient, keys.voucher_key(secret), self.vault.watches())
            return keys.keep_list(self.vault.id, schedule.to_bytes(made), where=self.here)

    def shut_out(self) -> None:
        with keys.turn_to_write_list(self.vault.id, where=self.here):
            keys.forget_list(self.vault.id, where=self.here)

    def renew_list(self) -> None:
        """After a change to what is watched; nothing, where this computer has no list."""
        if self.is_unattended():
            self.let_in()

    def _read_taken(self, capture: Capture, identifier: str) -> None:
        list(self.read(capture, (PAGE,)))
        try:
            watch = self.vault.watch(identifier)
        except UnknownId:  # none, or none that is here: the capture is kept, and says for which it was made
            return
        self.vault.append_taken_visit(watch.id, capture, assembly.visited(self, watch, capture.id).body, at=capture.at)

    def _keep_visit(self, made: Visited, claim: vault.Claim, at: datetime) -> Iterator[Visited]:
        if self.vault.append_visit(claim, made.body, at=clock.rfc3339(at)):
            yield made
