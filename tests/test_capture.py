"""The flow from addresses to kept captures, with real worker processes and a stand-in for the visit itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from archiver.capture import Kept, Lost, Order, capture_all, order_for
from archiver.errors import InstrumentMissing
from archiver.records import Capture, Failure, Provenance, Snapshot, Verdict
from archiver.workers import begun, worker_pool

AT = "2026-03-03T09:15:00.000Z"


def snapshot_of(url: str) -> Snapshot:
    return Snapshot(
        requested=url,
        cleaned=url,
        final=url,
        started=AT,
        finished=AT,
        status=200,
        failure=Failure(),
        title="",
        redirects=(),
        steps=(),
        actions=(),
        artifacts=(),
        verdict=Verdict(True, "Whole."),
        provenance=Provenance(),
    )


def visit_or_die(url: str, folder: str) -> Snapshot:
    """A visit that kills its own process as often as the address says: `…/die-2` the first two times."""
    _, _, times = url.partition("die-")
    deaths = Path(folder) / f"deaths-{times}"
    died = len(deaths.read_text()) if deaths.exists() else 0
    if times and died < int(times):
        deaths.write_text("x" * (died + 1))
        os.kill(os.getpid(), signal.SIGKILL)
    return snapshot_of(url)


def run(
    orders: Sequence[Order],
    visit: Callable[[Executor, Order], Future[Snapshot]],
    pool: Callable[[], Executor],
    jobs: int = 1,
) -> list[Kept | Lost]:
    def keep(order: Order, snapshot: Snapshot) -> Capture:
        return Capture("C1", 2, AT, {"requested": snapshot.requested, "supplied": order.supplied})

    return list(capture_all(orders, visit=visit, keep=keep, pool=pool, jobs=jobs))


def test_every_order_is_kept_once_in_the_order_it_came_back() -> None:
    orders = [order_for(f"https://host{n}.example/") for n in range(5)]
    ended = run(orders, lambda pool, order: pool.submit(snapshot_of, order.cleaned), lambda: ThreadPoolExecutor(3), 3)
    assert sorted(kept.order.supplied for kept in ended) == sorted(order.supplied for order in orders)


def test_one_host_is_visited_once_at_a_time() -> None:
    running: set[str] = set()
    most = 0

    def visit(pool: Executor, order: Order) -> Future[Snapshot]:
        nonlocal most
        running.add(order.cleaned)
        most = max(most, len(running))

        def work() -> Snapshot:
            running.discard(order.cleaned)
            return snapshot_of(order.cleaned)

        return pool.submit(work)

    orders = [order_for(f"https://same.example/{n}") for n in range(4)]
    assert len(run(orders, visit, lambda: ThreadPoolExecutor(4), 4)) == 4
    assert most == 1


@pytest.mark.parametrize(("deaths", "kind"), [(1, Kept), (2, Lost)])
def test_a_killed_worker_costs_its_page_one_try_and_others_nothing(
    deaths: int, kind: type[Kept | Lost], tmp_path: Path
) -> None:
    addresses = [f"https://bad.example/die-{deaths}", *(f"https://good{n}.example/" for n in range(3))]
    ended = run(
        [order_for(address) for address in addresses],
        lambda pool, order: pool.submit(visit_or_die, order.cleaned, str(tmp_path)),
        worker_pool(2),
        2,
    )
    by_address = {one.order.supplied: type(one) for one in ended}
    assert by_address == {addresses[0]: kind} | dict.fromkeys(addresses[1:], Kept)
    assert len(ended) == 4


def test_an_order_whose_pool_broke_before_it_was_begun_is_visited_in_the_next() -> None:
    """The first pool takes one visit and then is broken, as by a worker that died between two."""
    pools: list[Executor] = []
    taken: list[Executor] = []

    def pool() -> Executor:
        pools.append(ThreadPoolExecutor(1))
        return pools[-1]

    def visit(executor: Executor, order: Order) -> Future[Snapshot]:
        if executor is pools[0] and taken:
            raise BrokenExecutor("a worker ended")
        taken.append(executor)
        return executor.submit(snapshot_of, order.cleaned)

    orders = [order_for(f"https://host{n}.example/") for n in range(3)]
    ended = run(orders, visit, pool)
    assert [one.order.supplied for one in ended if isinstance(one, Kept)] == [order.supplied for order in orders]
    assert len(pools) == 2


def test_workers_end_beside_the_keeping_of_the_last_page_and_before_the_job_does() -> None:
    pool = ThreadPoolExecutor(1)
    ended = Event()
    shutdown = pool.shutdown

    def told(wait: bool = True, *, cancel_futures: bool = False) -> None:
        shutdown(wait=wait, cancel_futures=cancel_futures)
        ended.set()

    pool.shutdown = told  # type: ignore[method-assign]  # this one pool, told of its end
    kept_when_ended: list[bool] = []

    def keep(order: Order, snapshot: Snapshot) -> Capture:
        kept_when_ended.append(ended.wait(0 if order.supplied.endswith("0") else 30))
        return Capture("C1", 2, AT, {})

    orders = [order_for(f"https://host.example/{n}") for n in range(2)]

    def visit(executor: Executor, order: Order) -> Future[Snapshot]:
        return executor.submit(snapshot_of, order.cleaned)

    assert len(list(capture_all(orders, visit=visit, keep=keep, pool=lambda: pool, jobs=1))) == 2
    assert kept_when_ended == [False, True]


@pytest.mark.parametrize("is_asked", [False, True])
def test_the_next_visit_begins_while_the_last_is_kept_unless_what_was_kept_decides_on_it(is_asked: bool) -> None:
    begun_before: list[int] = []
    visited: list[str] = []

    def visit(executor: Executor, order: Order) -> Future[Snapshot]:
        visited.append(order.supplied)
        return executor.submit(snapshot_of, order.cleaned)

    def keep(order: Order, snapshot: Snapshot) -> Capture:
        begun_before.append(len(visited))
        return Capture("C1", 2, AT, {})

    ended = capture_all(
        [order_for(f"https://host.example/{n}") for n in range(3)],
        visit=visit,
        keep=keep,
        pool=lambda: ThreadPoolExecutor(1),
        jobs=1,
        go_on=(lambda: len(begun_before) < 2) if is_asked else None,
    )
    assert len(list(ended)) == (2 if is_asked else 3)
    assert begun_before == ([1, 2] if is_asked else [2, 3, 3])


def test_a_pool_that_was_begun_is_the_first_and_ends_unused_too() -> None:
    made: list[ThreadPoolExecutor] = []

    def make() -> Executor:
        made.append(ThreadPoolExecutor(1))
        return made[-1]

    began: list[Executor] = []
    with begun(make, began.append) as pool:
        assert began == made[:1]
        assert pool() is made[0]
        assert pool() is made[1]
    with begun(make, began.append):
        pass
    with pytest.raises(RuntimeError):
        made[2].submit(print)


def no_browser(url: str) -> Snapshot:
    raise InstrumentMissing("No browser was found; run: archiver setup")


def test_a_missing_instrument_is_said_and_not_tried_again() -> None:
    with pytest.raises(InstrumentMissing):
        run(
            [order_for("https://a.example/")],
            lambda pool, order: pool.submit(no_browser, order.cleaned),
            lambda: ThreadPoolExecutor(1),
        )
