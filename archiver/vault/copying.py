"""A vault's database copied while it is in use, and what is still whole taken out of a damaged one. Mends nothing.

Copies stay encrypted with the vault's own key: nothing is ever on a disk in the clear.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from archiver import keys
from archiver.errors import DiskFull, UnknownId, VaultBusy, VaultDamaged, VaultError
from archiver.integrity import CAPTURE_KIND, NotAnEntry, byte_faults, entry_of, is_digest
from archiver.keys.files import create_private
from archiver.records import Artifact, Entry
from archiver.vault import projections, sealed
from archiver.vault.connection import DatabaseError, connect, no_room, speaking, transaction
from archiver.vault.inspection import Inspection
from archiver.vault.projections import NotProjectable
from archiver.vault.schema import bring_up_to_date
from archiver.vault.vault import DATABASE, Vault

PAGES = 2_000  # copied between two looks at how far it is: 32 MB
FULL, LOCKED = "disk is full", "is locked"  # SQLite's words
RESTARTS = 3  # each write by another program begins the copy anew; after so many it is done in one go
Progress = Callable[[int, int], None]  # pages done, pages in all


@dataclass
class Salvaged:
    """What came out of a damaged vault, and what did not."""

    entries: int = 0
    artifacts: int = 0
    lost_entries: list[int] = field(default_factory=list)  # their numbers
    lost_artifacts: list[str] = field(default_factory=list)  # SHA-256
    unprojected: list[int] = field(default_factory=list)  # whole entries that need one that was lost
    folder: Path = Path()


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


def salvage(source: Path, target: Path, unlocked: keys.Unlocked, *, at: str, progress: Progress) -> Salvaged:
    """Every entry and artifact of a damaged vault that is still whole, into a new one with the same id and key.

    Raises VaultDamaged where not even the first page can be read: without it there is no way to the others.
    """
    saved = Salvaged(folder=target)
    with ExitStack() as open_ones:
        damaged = connect(source, unlocked.key)
        open_ones.callback(damaged.close)
        kept = Inspection(damaged, source, unlocked.vault)
        private, mailbox = kept.signing_key(), _mailbox(kept)
        os.close(create_private(target))
        fresh = connect(target, unlocked.key)
        open_ones.callback(fresh.close)
        with speaking(target):
            bring_up_to_date(fresh, at=at)
            with transaction(fresh):
                if private:
                    fresh.execute("insert into signing (id, private_key) values (1, ?)", (private,))
                if mailbox:  # else the next opening makes a new one, and what waits in the inbox can't be opened
                    fresh.execute("insert into mailbox (id, secret, recipient) values (1, ?, ?)", mailbox)
                entries = list(_whole_entries(kept, saved))
            _take_artifacts(damaged, fresh, entries, saved, progress)
            _take_log(fresh, entries, saved)
            _take_requests(damaged, fresh)
    return saved


def _mailbox(kept: Inspection) -> tuple[str, str] | None:
    with suppress(VaultError, DatabaseError):
        return kept.mailbox()
    return None


def _whole_entries(kept: Inspection, saved: Salvaged) -> Iterator[Entry]:
    """By number, one by one: a page that can't be read costs the entries that lie on it."""
    last = 0
    with suppress(VaultError):
        last = kept.head()[0]
    with suppress(VaultError):
        last = max(last, *kept.log_numbers(), 0)
    for seq in range(1, last + 1):
        try:
            row = kept.log_row(seq)
            if row is None or any(byte_faults(row[1], row[0])):
                raise NotAnEntry
            yield entry_of(row[1])
        except (NotAnEntry, VaultError):
            saved.lost_entries.append(seq)


def _take_artifacts(damaged: Database, fresh: Database, entries: list[Entry], saved: Salvaged, told: Progress) -> None:
    promised: dict[str, str] = {}
    for entry in entries:
        for artifact in entry.body.get("artifacts", ()):
            if is_digest(artifact.get("sha256")):
                promised[artifact["sha256"]] = str(artifact.get("media_type", ""))
    for n, (sha256, media_type) in enumerate(promised.items(), start=1):
        try:
            data = b"".join(sealed.chunks(damaged, sha256))
        except (UnknownId, VaultError, DatabaseError):
            saved.lost_artifacts.append(sha256)
            continue
        with transaction(fresh):
            sealed.keep_artifacts(fresh, [Artifact("response", media_type, data)])
        saved.artifacts += 1
        told(n, len(promised))


def _take_log(fresh: Database, entries: list[Entry], saved: Salvaged) -> None:
    """The entries' own bytes, then what is projected from them."""
    with transaction(fresh):
        for entry in entries:
            fresh.execute("insert into log (seq, sha256, data) values (?, ?, ?)", (entry.seq, entry.sha256, entry.data))
            fresh.execute("insert or replace into head (id, size, sha256) values (1, ?, ?)", (entry.seq, entry.sha256))
            saved.entries += 1
            try:
                projections.project(fresh, entry)
            except (NotProjectable, ValueError):
                saved.unprojected.append(entry.seq)


def _take_requests(damaged: Database, fresh: Database) -> None:
    """What time-stamp authorities were asked; their answers are entries."""
    columns = "n, authority, made, size, checkpoint, signature, request"
    with suppress(DatabaseError), transaction(fresh):
        rows = damaged.execute(f"select {columns} from requests order by n").fetchall()  # noqa: S608 - a constant
        fresh.conn.executemany(f"insert into requests ({columns}) values (?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - as above
