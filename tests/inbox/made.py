"""Visits sealed into a vault that is locked, and what verifying says once it is open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from archiver import keys, vault
from archiver.assembly import Archive, How
from archiver.capture import Order
from archiver.locked import Locked, Sealed
from archiver.records import By, Finding
from archiver.settings import Settings
from archiver.vault import inbox
from archiver.verify import verify
from tests.inbox.child import NO_BROWSER
from tests.month import Look, Visitors, World
from tests.test_watch import address
from tests.vault.child import CANARY
from tests.vault.made import SECRET

OPERATOR = "Samphire"  # long enough never to stand in sealed bytes by chance, as three letters do


def opened(settings: Settings, here: keys.Device) -> Archive:
    return Archive(settings, vault.open_vault(settings.vault, secret=SECRET), here=here)


def seal(settings: Settings, here: keys.Device, count: int, first: int = 1) -> None:
    """So many visits, each to a page of its own."""
    urls = [address(f"p{n}") for n in range(first, first + count)]
    world = World({url: [(0, Look(text=f"{CANARY} {url}"))] for url in urls})
    locked = Locked(settings, where=here)
    for url in urls:
        orders = [Order(url, url)]
        ended = list(
            locked.capture(orders, How(note=CANARY, by=By(OPERATOR)), NO_BROWSER, pool=lambda: Visitors(world))
        )
        assert all(isinstance(each, Sealed) for each in ended)


def findings(archive: Archive) -> list[Finding]:
    return [seen for seen in verify(archive.vault) if isinstance(seen, Finding) and seen.check != "contents"]


def other_key(settings: Settings, folder: Path) -> None:
    said = inbox.address_of(settings.vault)
    theirs = keys.recipient_of(keys.new_identity())
    inbox.write_address(settings.vault, replace(said, recipient=theirs))
