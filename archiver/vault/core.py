"""The log and what hangs on it: entries, captures, artifacts, readings, keys. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archiver import keys
from archiver.errors import UnknownId, VaultDamaged
from archiver.integrity import (
    ANCHOR_KIND,
    CAPTURE_KIND,
    INBOX_KIND,
    LOGIN_KIND,
    NOTE_KIND,
    VAULT_KIND,
    WATCH_KIND,
    sign,
    sound_text,
)
from archiver.records import Artifact, By, Capture, Entry, Hit, Reading, Snapshot, plain
from archiver.vault import projections, readings, sealed, search
from archiver.vault.ahead import laid_aside
from archiver.vault.connection import speaking, transaction
from archiver.vault.inspection import Inspection

DATABASE = "notes.db"
NOBODY = By()
BATCH = 100  # captures read at a time: no cursor stays open while the caller writes


class Core:
    """What every part of an opened vault stands on; belongs to the thread that opened it."""

    def __init__(self, folder: Path, vault: str, db: Database, key: bytes) -> None:
        self.id = vault
        self.folder = folder
        self._db = db
        self._key = key

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """May be called twice. The last connection to close folds the write-ahead log into the database."""
        self._key = b""
        with speaking(self._path):
            self._db.close()

    def append(
        self, kind: str, body: Mapping[str, Any], *, at: str, by: By = NOBODY, artifacts: Sequence[Artifact] = ()
    ) -> Entry:
        """One transaction: the artifacts, the entry that names them in `body.artifacts`, what is projected from it.

        When it returns, the entry is on the disk. Raises DiskFull, VaultBusy, VaultDamaged, with nothing half-kept;
        ValueError where the entry can't hold the body, or the kind has its own way in.
        """
        own_ways = (VAULT_KIND, CAPTURE_KIND, WATCH_KIND, LOGIN_KIND, NOTE_KIND, ANCHOR_KIND, INBOX_KIND)
        if kind in own_ways or "artifacts" in body:
            raise ValueError(f"append does not take {kind!r} entries, or artifacts inside a body")
        with self._writing():
            return self._add(kind, body, at=at, by=by, artifacts=artifacts)

    def append_capture(self, snapshot: Snapshot, *, note: str = "", by: By = NOBODY) -> Capture:
        """Keeps one visit whole; the note in an entry of its own, so that it stays when the visit's entry leaves.

        Errors as in `append`.
        """
        with self._writing():
            kept = self._add_capture(snapshot, {}, note, by)
        return self.capture(kept)

    def captures(self) -> Iterator[Capture]:
        """Newest last. Raises VaultDamaged."""
        last = 0
        while rows := self._all("select n, entry from captures where n > ? order by n limit ?", last, BATCH):
            for _, seq in rows:
                yield self._capture(self.entry(seq))
            last = rows[-1][0]

    def capture(self, identifier: str) -> Capture:
        """By its id, "C1"; case does not count. Raises UnknownId."""
        rows = self._all("select entry from captures where id = ?", sound_text(identifier).strip().upper())
        if not rows:
            raise UnknownId(f"There is no capture {identifier}.")
        return self._capture(self.entry(rows[0][0]))

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The log from the entry after that number on. Raises VaultDamaged at one that can't be read."""
        with speaking(self._path):
            yield from sealed.entries(self._db, after)

    def hashes(self) -> list[str]:
        """The digests of all entries in order: what a commitment is made of."""
        return [row[0] for row in self._all("select sha256 from log order by seq")]

    def sign(self, data: bytes) -> bytes:
        """With the vault's own key, as `integrity.sign`. Raises VaultDamaged."""
        if not (private := self.inspection().signing_key()):
            raise VaultDamaged("The vault's signing key is missing; run verify.")
        return sign(private, data)

    def artifact(self, sha256: str) -> bytes:
        """The bytes of that name, checked against it. Raises UnknownId, VaultDamaged."""
        return b"".join(self.chunks(sha256))

    def chunks(self, sha256: str) -> Iterator[bytes]:
        """The same in pieces of at most 1 MiB; where the bytes are damaged it raises VaultDamaged before it ends."""
        with speaking(self._path):
            yield from sealed.chunks(self._db, sha256)

    def keep_reading(self, reading: Reading) -> None:
        """Replaces the earlier reading of the same capture by the same reader, which stays, marked as superseded.

        One that was not done never replaces one that was. Raises UnknownId, DiskFull, VaultBusy.
        """
        with self._writing():
            readings.keep_reading(self._db, reading)

    def readings(self, capture_id: str) -> list[Reading]:
        """The current ones, one for each reader. Raises VaultDamaged."""
        with speaking(self._path):
            return readings.readings(self._db, capture_id)

    def captures_without(self, reader: str) -> list[str]:
        """Ids of captures whose current reading by that reader is absent or was not done; oldest first."""
        with speaking(self._path):
            return readings.captures_without(self._db, reader)

    def search(self, words: str, *, limit: int = 50) -> list[Hit]:
        """Passages with all the words (a phrase in quotes counts as one), newest capture first; then captures that
        have all of them in different passages. Found wherever they stand, whatever their case."""
        with speaking(self._path):
            return search.search(self._db, words, limit=limit)

    def slots(self) -> list[keys.Slot]:
        """Every way to open this vault."""
        return keys.slots(self.folder)

    def slot_faults(self) -> list[tuple[keys.Slot, str]]:
        """Ways to open this vault that are damaged, and what that means. Raises VaultForeign."""
        return keys.slot_faults(self.folder, key=self._key)

    def add_slot(self, secret: keys.NewSlot, *, at: str) -> keys.Slot:
        """One more way to open it; nothing else is written again."""
        with self._writing():  # one program at a time changes keys.json
            return keys.add_slot(self.folder, key=self._key, secret=secret, at=at)

    def remove_slot(self, slot_id: str, *, held: keys.Device | None = None) -> None:
        """Raises UsageError where there is no such slot, or it is the last."""
        with self._writing():
            keys.remove_slot(self.folder, slot_id, held=held)

    def rebuild(self) -> None:
        """Makes every projection again from the log. Evidence and readings stay as they are."""
        with self._writing():
            projections.rebuild(self._db, sealed.entries(self._db))

    def laid_aside(self) -> list[str]:
        """Names of write-ahead logs in the vault's folder of which not all could be read."""
        return [path.name for path in laid_aside(self.folder)]

    def inspection(self) -> Inspection:
        """What verification walks: rows as they lie there, damaged or not."""
        return Inspection(self._db, self._path, self.id, self._key)

    def entry(self, seq: int) -> Entry:
        """By its number. Raises VaultDamaged."""
        with speaking(self._path):
            return sealed.entry(self._db, seq)

    @property
    def _path(self) -> Path:
        return self.folder / DATABASE

    def _add_capture(self, snapshot: Snapshot, more: Mapping[str, Any], note: str, by: By) -> str:
        """Inside the caller's transaction; gives the capture's id."""
        body = plain(snapshot) | more | {"id": projections.next_capture_id(self._db)}
        del body["artifacts"]
        self._add(CAPTURE_KIND, body, at=snapshot.finished, by=by, artifacts=snapshot.artifacts)
        if note:
            about = {"capture": body["id"], "note": note}
            self._add(NOTE_KIND, about, at=snapshot.finished, by=by, artifacts=())
        return str(body["id"])

    def _add(self, kind: str, body: Mapping[str, Any], *, at: str, by: By, artifacts: Sequence[Artifact]) -> Entry:
        sealed.keep_artifacts(self._db, artifacts)
        if artifacts or kind == CAPTURE_KIND:
            body = {**body, "artifacts": sealed.listed(artifacts)}
        entry = sealed.add_entry(self._db, self.id, kind, body, at=at, by=by)
        projections.project(self._db, entry)
        return entry

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with speaking(self._path), transaction(self._db):
            yield

    def _capture(self, entry: Entry) -> Capture:
        identifier = str(entry.body["id"])
        with speaking(self._path):
            note = projections.note_of(self._db, identifier)
        return Capture(identifier, entry.seq, entry.at, {**entry.body, "note": note})

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with speaking(self._path):
            return list(self._db.execute(sql, values).fetchall())
