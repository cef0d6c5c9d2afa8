"""A vault's database copied while it is in use. It stays encrypted with the vault's own key: nothing of it is ever on a
disk in the clear.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database

from archiver import keys
from archiver.errors import DiskFull, VaultBusy, VaultDamaged, VaultError
from archiver.integrity import CAPTURE_KIND
from archiver.keys.files import create_private
from archiver.vault.connection import DatabaseError, connect, no_room, speaking
from archiver.vault.vault import DATABASE, Vault

PAGES = 2_000  # copied between two looks at how far it is: 32 MB
FULL, LOCKED = "disk is full", "is locked"  # SQLite's words
RESTARTS = 3  # each write by another program begins the copy anew; after so many it is done in one go
Progress = Callable[[int, int], None]  # pages done, pages in all


def copy_database(db: Database, target: Path, key: bytes, progress: Progress) -> None:
    """Everything as of one moment, whoever writes meanwhile. The target must not be there. Raises VaultError."""
    os.close(create_private(target))
    restarts, left_before = 0, -1

    def heard(status: int, left: int, total: int) -> None:
        nonlocal restarts, left_before
        restarts += left_before >= 0 and left > left_before
        left_before = left
        progress(total - left, total)
        if restarts > RESTARTS:
            raise _TooBusyError

    copy = connect(target, key)
    try:
        with speaking(target):
            try:
                db.conn.backup(copy.conn, pages=PAGES, progress=heard)
            except _TooBusyError:
                db.conn.backup(copy.conn)
            except DatabaseError as error:
                raise _told(error, target) from error
            copy.execute("pragma wal_checkpoint(truncate)")
    finally:
        copy.close()
    descriptor = os.open(target, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _told(error: Exception, target: Path) -> VaultError:
    """What a copy that failed says: its errors carry words, and no number as those of other calls do."""
    if FULL in str(error) or no_room(target):
        return DiskFull(f"There is no room left on the disk of {target.parent.parent}; free some and try again.")
    if LOCKED in str(error):
        return VaultBusy("Another program is writing to the vault; try again when it has finished.")
    return VaultDamaged(f"The vault can't be copied as it is ({error}): restore takes out of it what is whole.")


class _TooBusyError(Exception):
    """Other programs write faster than the copy gets on."""


def copy_vault(vault: Vault, folder: Path, progress: Progress) -> None:
    """The database as of one moment, and the keys, into an empty folder. Stays encrypted with the same key."""
    copy_database(vault._db, folder / DATABASE, vault._key, progress)
    with vault._writing():  # one program at a time changes keys.json
        keys.copy(vault.folder, folder)


def opened_like(vault: Vault, folder: Path) -> Vault:
    """A copy of the vault in another folder, with its key."""
    path = folder / DATABASE
    with speaking(path):
        return Vault(folder, vault.id, connect(path, vault._key), vault._key)


def kept_since(vault: Vault, kind: str, *, most: int) -> int:
    """How many captures followed the last entry of a kind; counted up to `most`."""
    size, count = len(vault.hashes()), 0
    while size > 0 and count < most:
        with suppress(VaultDamaged):
            found = vault.entry(size).kind
            if found == kind:
                return count
            count += found == CAPTURE_KIND
        size -= 1
    return count
