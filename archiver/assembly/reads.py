"""Captures read, and held against each other, with the instruments that an archive has. Keeps nothing."""

from __future__ import annotations

from archiver import clock, compare, reading, watching
from archiver.assembly.opened import Opened
from archiver.compare import Comparison, Seen
from archiver.errors import InstrumentMissing
from archiver.ocr import Engine, find_engine
from archiver.records import OCR, PAGE, WITNESS, Capture, Reading
from archiver.settings import Settings
from archiver.watched import Watch
from archiver.watching import lost

__all__ = ["compared", "engine_for", "lost", "read_with", "visited"]


def engine_for(settings: Settings) -> Engine | None:
    """Tesseract, or None where it is not installed: a page is kept all the same."""
    try:
        return find_engine(settings.tesseract)
    except InstrumentMissing:
        return None


def read_with(archive: Opened, reader: str, capture: Capture) -> Reading:
    """One reading of one capture, made now."""
    at, fetch = clock.rfc3339(clock.utc_now()), archive.vault.artifact
    settings = archive.settings
    if reader == PAGE:
        return reading.read_page(capture, fetch=fetch, at=at)
    if reader == WITNESS:
        words = next((each for each in archive.vault.readings(capture.id) if each.reader == OCR), None)
        return reading.read_differences(
            capture, words, fetch=fetch, at=at, engine=archive.engine, languages=settings.languages
        )
    return reading.read_pictures(
        capture, fetch=fetch, at=at, engine=archive.engine, languages=settings.languages, jobs=settings.ocr_jobs
    )


def compared(archive: Opened, before: str, after: str) -> Comparison:
    """What changed between two captures. Raises UnknownId, VaultDamaged."""
    return compare.compare(*_seen(archive, before, after))


def visited(archive: Opened, watch: Watch, identifier: str) -> watching.Visited:
    """What a visit of a watch showed, beside the captures that it is held against."""
    now, seen, *live = _seen(archive, identifier, watch.seen, *([watch.live] if watch.live else []))
    return watching.visited(watch, now, seen=seen, live=live[0] if live else None)


def _seen(archive: Opened, *identifiers: str) -> list[Seen]:
    """Captures with their pages' readings, by one version of one reader: else what differs may be the reader."""
    captures = [archive.vault.capture(identifier) for identifier in identifiers]
    pages = [_page_reading(archive, capture) for capture in captures]
    if len({page.made_with for page in pages if page is not None} - {"none"}) > 1 or None in pages:
        pages = [read_with(archive, PAGE, capture) for capture in captures]
    return [
        watching.seen_of(capture, page, fetch=archive.vault.artifact)
        for capture, page in zip(captures, pages, strict=True)
    ]


def _page_reading(archive: Opened, capture: Capture) -> Reading | None:
    made = archive.vault.readings(capture.id)
    return next((each for each in made if each.reader == PAGE and each.outcome == "done"), None)
