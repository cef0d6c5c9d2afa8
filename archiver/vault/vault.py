"""The vault as the rest of the program sees it: keep, find, give back. Every write is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from archiver.anchored import Anchor, Checkpoint, Judged, Waiting
from archiver.errors import UnknownId
from archiver.integrity import (
    ANCHOR_KIND,
    INBOX_KIND,
    LOGIN_KIND,
    WATCH_KIND,
    pem_digest,
    sha256_of,
    sound_text,
)
from archiver.records import By, Capture, Entry, Snapshot
from archiver.vault import anchors, lists, sealed, taken
from archiver.vault import logins as login_table
from archiver.vault import watches as watch_table
from archiver.vault.connection import speaking
from archiver.vault.core import DATABASE, NOBODY, Core
from archiver.vault.logins import Login
from archiver.vault.watches import Claim
from archiver.watched import Watch

__all__ = ["DATABASE", "Vault"]


class Vault(Core):
    """One opened vault. Use as a context manager; belongs to the thread that opened it."""

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

    def append_taken(self, snapshot: Snapshot, inbox: Mapping[str, Any], *, note: str = "", by: By = NOBODY) -> Capture:
        """A visit that came through the inbox: `inbox` has its `n`, `sha256`, `faults` and more. The same sealed bytes
        are taken in once, whoever comes first. Errors as in `append`."""
        with self._writing():
            known = taken.taken_as(self._db, inbox["sha256"])
            kept = known[1] if known else self._add_capture(snapshot, {"inbox": dict(inbox)}, note, by)
        return self.capture(kept)

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
