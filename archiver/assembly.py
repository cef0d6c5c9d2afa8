"""Settings become a ready archive: the only place that wires instruments to flows. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Self

from archiver import clock, keys, reading, vault
from archiver.browser import VisitRequest, visit_in_worker
from archiver.browser.find import BrowserFound, find_browser
from archiver.capture import Kept, Lost, Order, capture_all
from archiver.errors import InstrumentMissing
from archiver.ocr import Engine, find_engine
from archiver.records import By, Capture, Reading, Snapshot
from archiver.settings import Settings
from archiver.workers import worker_pool


@dataclass(frozen=True)
class How:
    """How one batch of captures is to be made."""

    jobs: int = 1  # visits at once
    allow_private: bool = False
    proxy: str = ""
    note: str = ""
    by: By = field(default_factory=By)


class Archive:
    """One opened vault with its instruments at hand. Use as a context manager."""

    def __init__(self, settings: Settings, opened: vault.Vault) -> None:
        self.settings = settings
        self.vault = opened

    @classmethod
    def open(cls, settings: Settings, secret: keys.Secret) -> Self:
        return cls(settings, vault.open_vault(settings.vault, secret=secret))

    @classmethod
    def create(cls, settings: Settings, secret: keys.Secret) -> Self:
        return cls(settings, vault.create(settings.vault, secret=secret, now=clock.utc_now))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.vault.close()

    @cached_property
    def engine(self) -> Engine | None:
        """Tesseract, or None where it is not installed: a page is kept all the same."""
        try:
            return find_engine(self.settings.tesseract)
        except InstrumentMissing:
            return None

    def capture(
        self, orders: Iterable[Order], how: How, found: BrowserFound, pool: Callable[[], Executor] | None = None
    ) -> Iterator[Kept | Lost]:
        """Visit and keep. `pool` is any executor; by default worker processes on this machine."""

        def visit(executor: Executor, order: Order) -> Future[Snapshot]:
            return executor.submit(visit_in_worker, request_for(order, how, self.settings, found))

        def keep(order: Order, snapshot: Snapshot) -> Capture:
            return self.vault.append_capture(snapshot, note=how.note, by=how.by)

        return capture_all(orders, visit=visit, keep=keep, pool=pool or worker_pool(how.jobs), jobs=how.jobs)

    def read(self, capture: Capture, readers: Iterable[str] = (reading.PAGE, reading.OCR)) -> Iterator[Reading]:
        """Read one capture again; each reading is kept before it is yielded."""
        for reader in readers:
            made = self._make(reader, capture)
            self.vault.keep_reading(made)
            yield made

    def _make(self, reader: str, capture: Capture) -> Reading:
        at = clock.rfc3339(clock.utc_now())
        if reader == reading.PAGE:
            return reading.read_page(capture, fetch=self.vault.artifact, at=at)
        return reading.read_pictures(
            capture,
            fetch=self.vault.artifact,
            at=at,
            engine=self.engine,
            languages=self.settings.languages,
            jobs=self.settings.ocr_jobs,
        )


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
