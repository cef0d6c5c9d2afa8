"""Capture: addresses become kept entries. Decides what may be visited, in what order, and what is tried again.

Knows no browser and no database: both are handed in. A failure of the outside world is kept as a capture; only what
must not be visited at all is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Thread

from archiver.address import address_from, literal_rule
from archiver.caution import Caution, cautions_for, clean
from archiver.errors import AddressError
from archiver.records import Capture, Snapshot
from extractors.hosts import host_of

TRIES = 2  # a page whose worker was killed is visited once more; twice is the page's own doing


@dataclass(frozen=True)
class Order:
    """One address that someone asked to keep, judged and ready to be visited."""

    supplied: str  # exactly as it was given
    cleaned: str  # what will be fetched
    cautions: tuple[Caution, ...] = ()
    tries: int = 0


@dataclass(frozen=True)
class Kept:
    """A visit that is in the log."""

    order: Order
    capture: Capture


@dataclass(frozen=True)
class Lost:
    """A visit whose worker ended before it could answer, more than once. Nothing was kept of it."""

    order: Order
    sentence: str


@dataclass
class _Queue:
    """Orders that wait and visits that run: one a host at a time, so that nobody is hammered.

    What is tried again runs alone, so that a page which kills its worker can't take an innocent one with it twice.
    """

    waiting: deque[Order]
    running: dict[Future[Snapshot], Order] = field(default_factory=dict)

    def next_order(self) -> Order | None:
        if any(order.tries for order in self.running.values()):
            return None
        busy = {neighbour(order.cleaned) for order in self.running.values()}
        for order in self.waiting:
            if neighbour(order.cleaned) not in busy and not (order.tries and self.running):
                self.waiting.remove(order)
                return order
        return None


def order_for(supplied: str, *, allow_private: bool = False) -> Order:
    """The order for what a person typed. Raises AddressError where it is no address, or one that stays shut."""
    address = address_from(supplied)
    rule = literal_rule(address)
    if rule == "never":
        raise AddressError(f"This address belongs to a machine's own inner workings and is never opened: {supplied}")
    if rule == "private" and not allow_private:
        raise AddressError(f"This address is on a private network; add --allow-private to open it: {supplied}")
    return Order(supplied, clean(address))


def cautioned(order: Order, *, own_names: tuple[str, ...] = ()) -> Order:
    """The same order with what a person should know first. `own_names` are their own handles and addresses."""
    return replace(order, cautions=cautions_for(address_from(order.supplied), own_names=own_names))


def capture_all(
    orders: Iterable[Order],
    *,
    visit: Callable[[Executor, Order], Future[Snapshot]],
    keep: Callable[[Order, Snapshot], Capture],
    pool: Callable[[], Executor],
    jobs: int,
    go_on: Callable[[], bool] | None = None,
) -> Iterator[Kept | Lost]:
    """Visit in workers, keep in this process, as each comes back. When a `Kept` is yielded, it is in the log.

    The next visit begins while the last one is being kept; where there is a `go_on`, only once that one was kept and
    `go_on` says yes to the next. What is under way is always kept.
    A worker that dies takes its pool with it: the orders that were under way are visited again in a fresh one.
    """
    queue = _Queue(deque(orders))
    while queue.waiting and (go_on is None or go_on()):
        with _ended(pool()) as (executor, end):
            try:
                yield from _drain(queue, partial(visit, executor), end, keep=keep, jobs=jobs, go_on=go_on)
            except BrokenExecutor:
                yield from _give_up_or_requeue(queue)


def neighbour(url: str) -> str:
    """Whom a visit would bother: the host. A private address is a machine of the person's own, and bothers nobody."""
    return url if literal_rule(url) == "private" else host_of(url)


@contextmanager
def _ended(executor: Executor) -> Iterator[tuple[Executor, Callable[[], None]]]:
    """The executor, and what ends it beside the work that is left here; it has ended when this returns."""
    ending = Thread(target=executor.shutdown, name="end-workers")
    try:
        yield executor, ending.start
    finally:
        if ending.ident is not None:
            ending.join()
        executor.shutdown(wait=True, cancel_futures=True)


def _drain(
    queue: _Queue,
    visit: Callable[[Order], Future[Snapshot]],
    end: Callable[[], None],
    *,
    keep: Callable[[Order, Snapshot], Capture],
    jobs: int,
    go_on: Callable[[], bool] | None,
) -> Iterator[Kept]:
    def begin() -> None:
        while (go_on is None or go_on()) and len(queue.running) < jobs and (order := queue.next_order()) is not None:
            try:
                queue.running[visit(order)] = order
            except BrokenExecutor:  # it broke under another; this one was not begun
                queue.waiting.appendleft(order)
                raise

    while True:
        begin()
        if not queue.running:
            return
        done, _ = wait(queue.running, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=lambda done: done.exception() is not None):  # what came back whole first
            snapshot = future.result()
            order = queue.running.pop(future)
            if go_on is None:
                with suppress(BrokenExecutor):  # it is met again once this one is kept
                    begin()
            if not queue.running and not queue.waiting:
                end()  # a browser takes a moment to close, and so does keeping and reading the last page
            yield Kept(order, keep(order, snapshot))


def _give_up_or_requeue(queue: _Queue) -> Iterator[Lost]:
    for order in queue.running.values():
        tried = replace(order, tries=order.tries + 1)
        if tried.tries < TRIES:
            queue.waiting.append(tried)
        else:
            yield Lost(order, "The browser's process ended twice on this page; nothing of it could be kept.")
    queue.running.clear()
