"""Settings become visits: what is asked of a browser, and the processes that have one. Opens no vault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from archiver.browser import BrowserFound, VisitRequest, find_browser, start_in_worker
from archiver.capture import Order
from archiver.records import By
from archiver.settings import Settings
from archiver.workers import begun, worker_pool


@dataclass(frozen=True)
class How:
    """How one batch of captures is to be made."""

    jobs: int = 1  # visits at once
    allow_private: bool = False
    proxy: str = ""
    login: str = ""  # the name of a stored login
    note: str = ""
    by: By = field(default_factory=By)


def browser_for(settings: Settings) -> BrowserFound:
    """The browser that captures are made with. Raises InstrumentMissing: asked before a vault is made for nothing."""
    return find_browser(settings.browser)


def request_for(order: Order, how: How, settings: Settings, found: BrowserFound) -> VisitRequest:
    return VisitRequest(
        requested=order.supplied,
        cleaned=order.cleaned,
        browser=found.path,
        allow_private=how.allow_private,
        proxy=how.proxy,
        locale=settings.locale,
        viewport=settings.viewport,
        scale=settings.scale,
    )


@contextmanager
def workers(jobs: int, how: How, settings: Settings, found: BrowserFound) -> Iterator[Callable[[], Executor]]:
    """Processes whose browsers start while the vault is still being opened, and visit nothing before they are told."""
    like = replace(request_for(Order("", ""), how, settings, found), login=how.login)

    def begin(executor: Executor) -> None:
        for _ in range(jobs):
            executor.submit(start_in_worker, like)

    with begun(worker_pool(jobs), begin) as pool:
        yield pool
