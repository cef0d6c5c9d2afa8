"""One opened vault with what reads, compares and time-stamps at hand. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from types import TracebackType
from typing import Self

from archiver import (
    anchoring,
    clock,
    compare,
    keys,
    reading,
    timestamp,
    vault,
    watching,
)
from archiver.browser.find import BrowserFound, find_browser
from archiver.compare import Comparison, Seen
from archiver.differences import WITNESS
from archiver.errors import InstrumentMissing
from archiver.keys.sheet import sheet
from archiver.ocr import Engine, find_engine
from archiver.records import Capture, Reading
from archiver.settings import Settings


class Opened:
    """What every part of an archive stands on."""

    def __init__(
        self, settings: Settings, opened: vault.Vault, *, is_new: bool = False, here: keys.Device | None = None
    ) -> None:
        self.settings = settings
        self.vault = opened
        self.is_new = is_new  # made just now: the person is offered a recovery sheet
        self.here = here or keys.Device()  # where this computer keeps its list of what to visit

    @classmethod
    def open(cls, settings: Settings, secret: keys.Secret) -> Self:
        return cls(settings, vault.open_vault(settings.vault, secret=secret))

    @classmethod
    def create(cls, settings: Settings, secret: keys.NewSlot) -> Self:
        return cls(settings, vault.create(settings.vault, secret=secret, now=clock.utc_now), is_new=True)

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

    @cached_property
    def found(self) -> BrowserFound:
        """The browser that watches visit with, looked for once. Raises InstrumentMissing."""
        return browser_for(self.settings)

    def read(self, capture: Capture, readers: Iterable[str] = reading.READERS) -> Iterator[Reading]:
        """Read one capture again; each reading is kept before it is yielded."""
        for reader in readers:
            made = self._make(reader, capture)
            self.vault.keep_reading(made)
            yield made

    def compare(self, before: str, after: str) -> Comparison:
        """What changed between two captures. Raises UnknownId, VaultDamaged."""
        return compare.compare(*self._seen(before, after))

    def pictures(self, identifier: str) -> list[bytes]:
        """The pictures that were taken of the whole page, top to bottom."""
        kept = reading.artifacts_of(self.vault.capture(identifier))
        return [self.vault.artifact(artifact.sha256) for artifact in kept if artifact.role == "tile"]

    @cached_property
    def roots(self) -> tuple[bytes, ...]:
        """What time stamps are judged by. Raises UsageError."""
        return timestamp.roots_from(self.settings.roots)

    def anchor(self, *, proxy: str = "", new: bool = True, patient: bool = False) -> Iterator[anchoring.Asked]:
        """Has the log time-stamped by the authorities that are set; does nothing where none is."""
        return anchoring.anchor(
            self.vault,
            self.settings.authorities,
            roots=self.roots if self.settings.authorities else (),
            send=anchoring.sender(proxy=proxy or self.settings.proxy),
            now=clock.utc_now,
            new=new,
            patient=patient,
        )

    def recovery_sheet(self, code: keys.RecoveryCode, slot: keys.Slot) -> bytes:
        """The page to print, as HTML."""
        return sheet(code, made=slot.made[:10], slot=slot.id, fingerprint=self.vault.fingerprint())

    def _seen(self, *identifiers: str) -> list[Seen]:
        """Captures with their pages' readings, by one version of one reader: else what differs may be the reader."""
        captures = [self.vault.capture(identifier) for identifier in identifiers]
        pages = [self._page_reading(capture) for capture in captures]
        if len({page.made_with for page in pages if page is not None} - {"none"}) > 1 or None in pages:
            pages = [self._make(reading.PAGE, capture) for capture in captures]
        return [
            watching.seen_of(capture, page, fetch=self.vault.artifact)
            for capture, page in zip(captures, pages, strict=True)
        ]

    def _page_reading(self, capture: Capture) -> Reading | None:
        made = self.vault.readings(capture.id)
        return next((each for each in made if each.reader == reading.PAGE and each.outcome == "done"), None)

    def _make(self, reader: str, capture: Capture) -> Reading:
        at = clock.rfc3339(clock.utc_now())
        if reader == reading.PAGE:
            return reading.read_page(capture, fetch=self.vault.artifact, at=at)
        if reader == WITNESS:
            words = next((each for each in self.vault.readings(capture.id) if each.reader == reading.OCR), None)
            return reading.read_differences(
                capture,
                words,
                fetch=self.vault.artifact,
                at=at,
                engine=self.engine,
                languages=self.settings.languages,
            )
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
