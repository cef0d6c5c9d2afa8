"""One opened vault with what reads it at hand. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archiver import assembly, clock, keys, vault
from archiver.assembly.visiting import browser_for
from archiver.browser import BrowserFound
from archiver.records import READERS, Capture, Reading
from archiver.settings import Settings

if TYPE_CHECKING:
    from archiver.ocr import Engine


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
        return assembly.engine_for(self.settings)

    @cached_property
    def found(self) -> BrowserFound:
        """The browser that watches visit with, looked for once. Raises InstrumentMissing."""
        return browser_for(self.settings)

    def read(self, capture: Capture, readers: Iterable[str] = READERS) -> Iterator[Reading]:
        """Read one capture again; each reading is kept before it is yielded."""
        for reader in readers:
            made = assembly.read_with(self, reader, capture)
            self.vault.keep_reading(made)
            yield made

    def pictures(self, identifier: str) -> list[bytes]:
        """The pictures that were taken of the whole page, top to bottom."""
        kept = self.vault.capture(identifier).body["artifacts"]
        return [self.vault.artifact(artifact["sha256"]) for artifact in kept if artifact["role"] == "tile"]
