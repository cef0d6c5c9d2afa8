"""The log of an archive taken to the time-stamp authorities that are set."""

from __future__ import annotations

from collections.abc import Iterator

from archiver import anchoring, clock, timestamp
from archiver.anchoring import Asked
from archiver.assembly.opened import Opened
from archiver.settings import Settings


def roots_for(settings: Settings) -> tuple[bytes, ...]:
    """What time stamps are judged by. Raises UsageError."""
    return timestamp.roots_from(settings.roots)


def anchor(archive: Opened, *, proxy: str = "", new: bool = True, patient: bool = False) -> Iterator[Asked]:
    """Has the log time-stamped by the authorities that are set; does nothing where none is."""
    settings = archive.settings
    return anchoring.anchor(
        archive.vault,
        settings.authorities,
        roots=roots_for(settings) if settings.authorities else (),
        send=anchoring.sender(proxy=proxy or settings.proxy),
        now=clock.utc_now,
        new=new,
        patient=patient,
    )
