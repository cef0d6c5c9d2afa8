"""The vault as the rest of the program sees it: keep, find, give back. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database

from archiver import keys
from archiver.anchored import Anchor, Checkpoint, Judged, Waiting
from archiver.errors import UnknownId, VaultDamaged
from archiver.integrity import (
    ANCHOR_KIND,
    CAPTURE_KIND,
    LOGIN_KIND,
    NOTE_KIND,
    VAULT_KIND,
    WATCH_KIND,
    pem_digest,
    sha256_of,
    sign,
    sound_text,
)
from archiver.records import Artifact, By, Capture, Entry, Hit, Reading, Snapshot, plain
from archiver.vault import anchors, lists, projections, readings, sealed, search
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
        own_ways = (VAULT_KIND, CAPTURE_KIND, WATCH_KIND, LOGIN_KIND, NOTE_KIND, ANCHOR_KIND)
        if kind in own_ways or "artifacts" in body:
            raise ValueError(f"append does not take {kind!r} entries, or artifacts inside a body")
        with self._writing():
            return self._add(kind, body, at=at, by=by, artifacts=artifacts)

    def append_capture(self, snapshot: Snapshot, *, note: str = "", by: By = NOBODY) -> Capture:
        """Keeps one visit whole; the note in an entry of its own, so that it stays when the visit's entry leaves.

        Errors as in `append`.
        """
        body = plain(snapshot)
        del body["artifacts"]
        with self._writing():
            body["id"] = projections.next_capture_id(self._db)
            self._add(CAPTURE_KIND, body, at=snapshot.finished, by=by, artifacts=snapshot.artifacts)
            if note:
                about = {"capture": body["id"], "note": note}
                self._add(NOTE_KIND, about, at=snapshot.finished, by=by, artifacts=())
        return self.capture(body["id"])

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

    def checkpoint(self) -> Checkpoint:
        """The log as it is now, signed with the vault's key. Raises VaultDamaged."""
        with speaking(self._path):
            return anchors.signed_checkpoint(self._db, self.id)

    def public_key(self) -> str:
        """PEM of the key that checkpoints are signed with. Raises VaultDamaged."""
        return str(self.entry(1).body["public_key"])

    def fingerprint(self) -> str:
        """SHA-256 of that key as `openssl pkey -pubin -outform DER` writes it: what stands on a recovery sheet."""
        return pem_digest(self.public_key())

    def anchors(self) -> list[Anchor]:
        """Every request for a time stamp with its answer, raw bytes and all, oldest first. Raises VaultDamaged."""
        with speaking(self._path):
            return list(anchors.anchors(self._db))

    def waiting_anchors(self) -> list[Anchor]:
        """Requests that were not answered yet and that no later token covers, oldest first."""
        with speaking(self._path):
            return [anchor for anchor in anchors.unanswered(self._db) if anchor.status == "waiting"]

    def ask_anchors(self, authorities: Sequence[str], *, request: Callable[[str], bytes], at: str) -> None:
        """Keeps a request to each authority that has not covered the newest entry: one checkpoint for all of them.

        `request` makes the bytes for a digest. They are kept before anything is sent.
        """
        with self._writing():
            lacking = [authority for authority in authorities if anchors.uncovered(self._db, authority)]
            made = anchors.signed_checkpoint(self._db, self.id)
            for authority in lacking:
                data = request(sha256_of(made.data))
                anchors.ask(self._db, made, authority=authority, request=data, at=at)

    def append_answer(self, anchor: Anchor, reply: bytes, judged: Judged, *, at: str, wait: Waiting | None) -> Anchor:
        """An authority's answer into the log, whatever was made of it. `wait`: when it may be asked again."""
        body, artifacts = anchors.answer_body(anchor, judged), anchors.answer_artifacts(anchor, reply)
        with self._writing():
            anchors.wait(self._db, anchor.authority, wait)
            entry = self._add(ANCHOR_KIND, body, at=at, by=NOBODY, artifacts=artifacts)
            return anchors.with_answer(self._db, anchor, entry)

    def waiting(self, authority: str) -> Waiting:
        """How often an authority has not answered since it last did, and when it is asked again."""
        with speaking(self._path):
            return anchors.waiting(self._db, authority)

    def wait(self, authority: str, until: Waiting) -> None:
        with self._writing():
            anchors.wait(self._db, authority, until)

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
        return (self._capture(self.entry(entry)) for _, entry in there)

    def slots(self) -> list[keys.Slot]:
        """Every way to open this vault."""
        return keys.slots(self.folder)

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

    def inspection(self) -> Inspection:
        """What verification walks: rows as they lie there, damaged or not."""
        return Inspection(self._db, self._path, self.id, self._key)

    @property
    def _path(self) -> Path:
        return self.folder / DATABASE

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

    def entry(self, seq: int) -> Entry:
        """By its number. Raises VaultDamaged."""
        with speaking(self._path):
            return sealed.entry(self._db, seq)

    def _capture(self, entry: Entry) -> Capture:
        identifier = str(entry.body["id"])
        with speaking(self._path):
            note = projections.note_of(self._db, identifier)
        return Capture(identifier, entry.seq, entry.at, {**entry.body, "note": note})

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with speaking(self._path):
            return list(self._db.execute(sql, values).fetchall())
