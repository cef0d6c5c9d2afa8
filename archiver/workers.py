"""Processes that visit: started fresh, and ended with the program that started them, however that ended."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from types import FrameType

AGAIN_SECONDS = 1.0  # a request to end that falls into a visit only ends the visit
GRACE_SECONDS = 30.0  # to close the browser and remove what it wrote; then the process ends without


def worker_pool(jobs: int) -> Callable[[], Executor]:
    """Pools of `jobs` processes. `spawn`: a fork would copy the vault's key into every browser's parent."""
    spawn = multiprocessing.get_context("spawn")
    return lambda: ProcessPoolExecutor(max_workers=jobs, mp_context=spawn, initializer=end_with_parent)


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
