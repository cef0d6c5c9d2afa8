"""What a pool's workers run: visits with one browser that stays warm as long as the process lives.

Whoever hands these functions to a pool imports this module too, and has no use for Playwright: it is imported in the
worker alone.
"""

from __future__ import annotations

import gc
from multiprocessing import util

from archiver import browser
from archiver.browser.request import VisitRequest
from archiver.records import Snapshot

_warm: list[browser.Browser] = []


def visit_in_worker(request: VisitRequest) -> Snapshot:
    """Visit one address. Raises InstrumentMissing."""
    return _browser().visit(request)


def start_in_worker(like: VisitRequest) -> None:
    """Make the worker ready for its first visit, which differs in its addresses alone. Raises as that visit would."""
    _browser().start(like)


def _browser() -> browser.Browser:
    if not _warm:
        made = browser.Browser().__enter__()
        util.Finalize(made, made.close, exitpriority=10)  # a worker's own end; `atexit` is not run in all of them
        util.Finalize(made, gc.freeze, exitpriority=5)  # after that: what is imported is no garbage to look for
        _warm.append(made)
    return _warm[0]
