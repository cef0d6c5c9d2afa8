"""The vault as the rest of the program sees it: keep, find, give back. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archiver import keys
from archiver.errors import UnknownId
from archiver.integrity import CAPTURE_KIND, INBOX_KIND, LOGIN_KIND, VAULT_KIND, WATCH_KIND, sound_text
from archiver.records import Artifact, By, Capture, Entry, Hit, Reading, Snapshot, plain
from archiver.vault import lists, projections, readings, sealed, search, taken
from archiver.vault import logins as login_table
from archiver.vault import watches as watch_table
from archiver.vault.connection import speaking, transaction
from archiver.vault.inspection import Inspection
from archiver.vault.logins import Login
from archiver.vault.watches import Claim
from archiver.watched import Watch

DATABASE = "notes.db"
NOBODY = By()
BATCH = 100  # captures read at a time: no cursor stays open while the caller writes


class Vault:
    """One opened vault. Use as a context manager; belongs to the thread that opened it."""

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
        if kind in (VAULT_KIND, CAPTURE_KIND, WATCH_KIND, LOGIN_KIND, INBOX_KIND) or "artifacts" in body:
            raise ValueError(f"append does not take {kind!r} entries, or artifacts inside a body")
        with self._writing():
            return self._add(kind, body, at=at, by=by, artifacts=artifacts)

    def append_capture(self, snapshot: Snapshot, *, note: str = "", by: By = NOBODY) -> Capture:
        """Keeps one visit whole. Errors as in `append`."""
        with self._writing():
            return self._add_capture(snapshot, {"note": note}, by)

    def append_taken(self, snapshot: Snapshot, inbox: Mapping[str, Any], *, note: str = "", by: By = NOBODY) -> Capture:
        """A visit that came through the inbox: `inbox` has its `n`, `sha256`, `faults` and more. The same sealed bytes
        are taken in once, whoever comes first. Errors as in `append`."""
        with self._writing():
            known = taken.taken_as(self._db, inbox["sha256"])
            if known is None:
                return self._add_capture(snapshot, {"note": note, "inbox": dict(inbox)}, by)
        return self.capture(known[1])

    def append_inbox_fault(self, body: Mapping[str, Any], *, at: str) -> Entry:
        """Something about the inbox that should not be so; `body` has `n`, `sha256`, `faults` and `aside`."""
        with self._writing():
            return self._add(INBOX_KIND, body, at=at, by=NOBODY, artifacts=())

    def append_taken_visit(self, watch: str, capture: Capture, body: Mapping[str, Any], *, at: str) -> bool:
        """What a visit showed that was made while the vault was locked; False where another program has said so."""
        with self._writing():
            for entry in sealed.entries(self._db, capture.entry):
                if (
                    entry.kind == WATCH_KIND
                    and entry.body.get("capture") == capture.id
                    and entry.body["deed"] == "visit"
                ):
                    return False
            self._add(WATCH_KIND, {**body, "deed": "visit", "watch": watch}, at=at, by=NOBODY, artifacts=())
        return True

    def inbox_position(self) -> tuple[int, str]:
        """Number and digest of the last item of the inbox that the log accounts for."""
        with speaking(self._path):
            return taken.position(self._db)

    def taken_as(self, sha256: str) -> tuple[int, str] | None:
        """Number and capture of the inbox's item with that digest; None where it was not taken in."""
        with speaking(self._path):
            return taken.taken_as(self._db, sha256)

    def mailbox(self) -> tuple[str, str]:
        """The secret and the public half of the inbox's key. Raises VaultDamaged."""
        with speaking(self._path):
            return taken.mailbox(self._db)

    def captures(self) -> Iterator[Capture]:
        """Newest last. Raises VaultDamaged."""
        last = 0
        while rows := self._all("select n, entry from captures where n > ? order by n limit ?", last, BATCH):
            for _, seq in rows:
                yield _capture(self._entry(seq))
            last = rows[-1][0]

    def capture(self, identifier: str) -> Capture:
        """By its id, "C1"; case does not count. Raises UnknownId."""
        rows = self._all("select entry from captures where id = ?", sound_text(identifier).strip().upper())
        if not rows:
            raise UnknownId(f"There is no capture {identifier}.")
        return _capture(self._entry(rows[0][0]))

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The log from the entry after that number on. Raises VaultDamaged at one that can't be read."""
        with speaking(self._path):
            yield from sealed.entries(self._db, after)

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

    def add_watch(self, body: Mapping[str, Any], *, at: str, by: By = NOBODY) -> Watch:
        """A new watch; `body` says what `watches.watch_after` needs. Raises UnknownId, ValueError."""
        self.capture(body["capture"])
        with self._writing():
            identifier = watch_table.next_watch_id(self._db)
            self._add(WATCH_KIND, {**body, "deed": "add", "watch": identifier}, at=at, by=by, artifacts=())
        return self.watch(identifier)

    def change_watch(self, identifier: str, deed: str, *, at: str, by: By = NOBODY) -> Watch:
        """`deed` is pause, resume or remove. Raises UnknownId."""
        found = self.watch(identifier)
        with self._writing():
            self._add(WATCH_KIND, {"deed": deed, "watch": found.id}, at=at, by=by, artifacts=())
        return self.watch(found.id)

    def watches(self) -> list[Watch]:
        """All that were ever added, the removed ones among them, oldest first."""
        with speaking(self._path):
            return watch_table.watches(self._db)

    def watch(self, identifier: str) -> Watch:
        """By its id, "W1"; case does not count. Raises UnknownId."""
        with speaking(self._path):
            found = watch_table.watch(self._db, sound_text(identifier).strip().upper())
        if found is None:
            raise UnknownId(f"There is no watch {identifier}.")
        return found

    def watch_entries(self, identifier: str) -> Iterator[Entry]:
        """What the log holds of one watch, oldest first. Raises UnknownId, VaultDamaged."""
        found = self.watch(identifier).id
        return (entry for entry in self.entries() if entry.kind == WATCH_KIND and entry.body.get("watch") == found)

    def claim_watch(self, wanted: Watch, *, now: int) -> Claim | None:
        """The right to visit it now; None where another runner has it, has just visited it, or it was paused."""
        with self._writing():
            return watch_table.claim(self._db, wanted, now=now)

    def release_watch(self, claim: Claim) -> None:
        with self._writing():
            watch_table.release(self._db, claim)

    def append_visit(self, claim: Claim, body: Mapping[str, Any], *, at: str) -> bool:
        """What a claimed visit showed; False, and nothing kept, where the claim had passed to another runner."""
        with self._writing():
            if not watch_table.release(self._db, claim):
                return False
            self._add(WATCH_KIND, {**body, "deed": "visit", "watch": claim.watch}, at=at, by=NOBODY, artifacts=())
        return True

    def keep_login(self, login: Login, *, by: By = NOBODY) -> None:
        """Keeps what a browser needs to be signed in. The log tells only that it is there."""
        with self._writing():
            login_table.keep(self._db, login)
            self._add(LOGIN_KIND, login_table.body("add", login), at=login.added, by=by, artifacts=())

    def login(self, name: str) -> Login:
        """Raises UnknownId."""
        with speaking(self._path):
            return login_table.login(self._db, name)

    def logins(self) -> list[Login]:
        with speaking(self._path):
            return login_table.logins(self._db)

    def note_login_use(self, name: str, *, at: str, by: By = NOBODY) -> None:
        """That a login is about to be used. Raises UnknownId."""
        login = self.login(name)
        with self._writing():
            self._add(LOGIN_KIND, login_table.body("use", login), at=at, by=by, artifacts=())

    def remove_login(self, name: str, *, at: str, by: By = NOBODY) -> None:
        """Raises UnknownId."""
        login = self.login(name)
        with self._writing():
            login_table.forget(self._db, name)
            self._add(LOGIN_KIND, login_table.body("remove", login), at=at, by=by, artifacts=())

    def list_begun(self, addresses: Sequence[str], *, at: str, again: bool) -> str:
        """When this list of addresses was begun: now, where it is new or is to be done again."""
        with self._writing():
            return lists.begun(self._db, addresses, at=at, again=again)

    def captured_since(self, moment: str) -> Iterator[Capture]:
        """Of each address that was captured from that moment on the last capture. Raises VaultDamaged."""
        with speaking(self._path):
            there = lists.captured_since(self._db, moment)
        return (_capture(self._entry(entry)) for _, entry in there)

    def slots(self) -> list[keys.Slot]:
        """Every way to open this vault."""
        return keys.slots(self.folder)

    def add_slot(self, secret: keys.Secret, *, at: str) -> keys.Slot:
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

    def inspection(self) -> Inspection:
        """What verification walks: rows as they lie there, damaged or not."""
        return Inspection(self._db, self._path, self.id)

    @property
    def _path(self) -> Path:
        return self.folder / DATABASE

    def _add_capture(self, snapshot: Snapshot, more: Mapping[str, Any], by: By) -> Capture:
        body = plain(snapshot) | more | {"id": projections.next_capture_id(self._db)}
        del body["artifacts"]
        return _capture(self._add(CAPTURE_KIND, body, at=snapshot.finished, by=by, artifacts=snapshot.artifacts))

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

    def _entry(self, seq: int) -> Entry:
        with speaking(self._path):
            return sealed.entry(self._db, seq)

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with speaking(self._path):
            return list(self._db.execute(sql, values).fetchall())


def _capture(entry: Entry) -> Capture:
    return Capture(str(entry.body["id"]), entry.seq, entry.at, entry.body)
