"""Processes that visit: started fresh, and ended with the program that started them, however that ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType
from typing import Any

AGAIN_SECONDS = 1.0  # a request to end that falls into a visit only ends the visit
GRACE_SECONDS = 30.0  # to close the browser and remove what it wrote; then the process ends without


def worker_pool(jobs: int) -> Callable[[], Executor]:
    """Pools of `jobs` processes. `spawn`: a fork would copy the vault's key into every browser's parent."""
    spawn = multiprocessing.get_context("spawn")
    return lambda: ProcessPoolExecutor(max_workers=jobs, mp_context=spawn, initializer=end_with_parent)


@contextmanager
def begun(make: Callable[[], Executor], begin: Callable[[Executor], object]) -> Iterator[Callable[[], Executor]]:
    """Pools of which the first is there at once, with its work begun, before anybody asks for it."""
    first = make()
    ready = [first]
    try:
        begin(first)
        yield lambda: ready.pop() if ready else make()
    finally:
        for executor in ready:
            executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def shared(make: Callable[[], Executor]) -> Iterator[Callable[[], Executor]]:
    """Pools for one batch after the other that are one and the same, so that its browsers stay warm between them.

    A batch that shuts its pool down waits for its own work only; one whose worker died gets a fresh pool.
    """
    running: list[Executor] = []

    def borrow() -> Executor:
        if not running:
            running.append(make())
        return _Borrowed(running)

    try:
        yield borrow
    finally:
        for executor in running:
            executor.shutdown(wait=True, cancel_futures=True)


class _Borrowed(Executor):
    """A pool as one batch sees it."""

    def __init__(self, running: list[Executor]) -> None:
        self._running = running
        self._executor = running[0]
        self._futures: set[Future[Any]] = set()
        self._broken = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        try:
            future = self._executor.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._broken = True
            raise
        self._futures = {each for each in self._futures if not each.done() or _broke(each)} | {future}
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            for future in self._futures:
                future.cancel()
        if wait:
            _wait(self._futures)
        if (self._broken or any(_broke(future) for future in self._futures)) and self._executor in self._running:
            self._running.remove(self._executor)
            self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)


def _wait(futures: set[Future[Any]]) -> None:
    wait(futures)


def _broke(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and isinstance(future.exception(), BrokenExecutor)


def end_with_parent() -> None:
    """Runs first in a worker. Without it a worker and its browser outlive a program that was killed, for ever."""
    signal.signal(signal.SIGINT, _end_quietly)
    threading.Thread(target=_watch, name="end-with-parent", daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    ended = threading.Event()  # never set: this thread ends with the process
    for _ in range(int(GRACE_SECONDS / AGAIN_SECONDS)):
        if sys.platform == "win32":  # no signal wakes a waiting process there; Chromium ends when its pipe closes
            break
        os.kill(os.getpid(), signal.SIGINT)
        ended.wait(AGAIN_SECONDS)
    os._exit(1)


def _end_quietly(number: int, frame: FrameType | None) -> None:
    """Ctrl-C reaches every process of the terminal; a worker ends without words, the program says what is left."""
    sys.exit(1)
