"""What is still whole taken out of a damaged vault, into a new one with the same id and key. Mends nothing.

Nothing is believed because it could be read: an entry and an artifact are held against their digests, the keys against
what belongs to them, a request against its checkpoint's signature.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archiver import keys
from archiver.errors import VaultDamaged
from archiver.integrity import (
    GENESIS,
    NotAnEntry,
    byte_faults,
    entry_of,
    form_faults,
    is_digest,
    public_key,
    sha256_of,
    signature_faults,
    signing_key_faults,
)
from archiver.keys.files import create_private
from archiver.records import Artifact, Entry
from archiver.vault import projections, sealed
from archiver.vault.ahead import LOG, laid_aside
from archiver.vault.anchors import NotAnAnchor, anchor_row
from archiver.vault.connection import DatabaseError, connect, speaking, transaction
from archiver.vault.copying import Progress
from archiver.vault.inspection import RequestRow
from archiver.vault.leaves import Leaves, Row, Unreadable
from archiver.vault.projections import NotProjectable
from archiver.vault.schema import bring_up_to_date

SHAPES = (
    "text integer integer",
    "text integer text",
    "null text blob",
    "null integer text",
    "null blob",
    "null text text",
    "null text text integer blob blob blob",
)
ENTRY_BYTES = 250  # no entry is shorter: a number that the file has no room for is a damaged one
IMAGES_AT_MOST = 20  # of a page that are tried one after the other; the log is folded into the file long before
NOTHING = "Nothing whole is left in this database, or keys.json is that of another one; only a backup helps."


@dataclass
class Salvaged:
    """What came out of a damaged vault, and what did not."""

    entries: int = 0
    artifacts: int = 0
    lost_entries: list[int] = field(default_factory=list)  # their numbers
    lost_artifacts: list[str] = field(default_factory=list)  # SHA-256
    unnamed: list[str] = field(default_factory=list)  # SHA-256 of whole artifacts whose entries were lost
    unprojected: list[int] = field(default_factory=list)  # whole entries that need one that was lost
    signing_key: bool = True  # False: it was lost, and nothing can be signed any more
    folder: Path = Path()


def salvage(source: Path, target: Path, unlocked: keys.Unlocked, *, at: str, progress: Progress) -> Salvaged:
    """Every entry and artifact of a damaged vault that is still whole, into a new one with the same id and key.

    Raises VaultDamaged where there is nothing of the kind.
    """
    saved = Salvaged(folder=target)
    logs = (source.with_name(source.name + LOG), *laid_aside(source.parent))
    with ExitStack() as open_ones:
        found = _Found()
        for log in logs:  # each with the database as it is: what was set aside may know of pages that it lost
            leaves = open_ones.enter_context(Leaves(source, unlocked.key, log))
            _find(found, leaves, unlocked.vault)
        if not found.entries and not found.parts:
            raise VaultDamaged(NOTHING)
        entries = [found.entries[seq] for seq in sorted(found.entries)]
        saved.lost_entries = [seq for seq in range(1, found.last + 1) if seq not in found.entries]
        os.close(create_private(target))
        fresh = connect(target, unlocked.key)
        try:
            with speaking(target):
                bring_up_to_date(fresh, at=at)
                _take_keys(fresh, found, saved)
                _take_artifacts(fresh, found, entries, saved, progress)
                _take_log(fresh, found, entries, saved)
                _take_requests(fresh, found, entries)
        finally:
            fresh.close()
    return saved


@dataclass
class _Found:
    """What lies on the leaves, known by the shape of its rows: the names of tables stand on another page."""

    size: int = 0  # bytes in which all of it lies
    entries: dict[int, Entry] = field(default_factory=dict)
    last: int = 0  # number of the last entry that there was, as far as anything tells
    head: tuple[int, str] = (0, "")  # what was recorded of the log's end
    names: set[str] = field(default_factory=set)  # SHA-256 of all artifacts of which there is a trace
    parts: dict[str, dict[int, list[tuple[Leaves, Row]]]] = field(default_factory=dict)  # newest image last
    pieces: dict[str, dict[int, str]] = field(default_factory=dict)  # where whole files stand in it, and their names
    private: list[bytes] = field(default_factory=list)
    mailboxes: list[tuple[str, str]] = field(default_factory=list)
    requests: dict[int, RequestRow] = field(default_factory=dict)

    @property
    def public_key(self) -> str:
        """That of the first entry; empty where it was lost."""
        return str(self.entries[1].body.get("public_key")) if 1 in self.entries else ""

    def note_last(self, seq: int) -> None:
        if seq * ENTRY_BYTES <= self.size:
            self.last = max(self.last, seq)

    def artifact(self, sha256: str) -> bytes | None:
        """Its bytes; None where they are not those of that name, whichever images of their pages are taken."""
        own = (sha256, *self.pieces.get(sha256, {}).values())
        images = max((len(places) for name in own for places in self.parts.get(name, {}).values()), default=1)
        for image in range(min(images, IMAGES_AT_MOST)):
            with suppress(Unreadable, zlib.error):
                data = self._spelled(sha256, image)
                if sha256_of(data) == sha256:
                    return data
        return None

    def _spelled(self, sha256: str, image: int) -> bytes:
        own, pieces = self._own(sha256, image), self.pieces.get(sha256)
        if not pieces:
            return own
        rest, taken, made = zlib.decompress(own), 0, bytearray()
        for start, piece in sorted(pieces.items()):
            between = rest[taken : taken + max(0, start - len(made))]
            taken += len(between)
            made += between + self._own(piece, image)
        return bytes(made + rest[taken:])

    def _own(self, sha256: str, image: int) -> bytes:
        """Its own parts, each from that image of its page, newest first, or from the oldest. Raises Unreadable."""
        rows, data = self.parts.get(sha256, {}), []
        for n in sorted(rows):
            leaves, row = rows[n][max(len(rows[n]) - 1 - image, 0)]
            *_, part = leaves.values(row)
            data.append(part if isinstance(part, bytes) else b"")
        return b"".join(data)


def _find(found: _Found, leaves: Leaves, vault: str) -> None:
    found.size += leaves.size
    for row in leaves.rows():
        with suppress(Unreadable, NotAnEntry):
            _put(found, leaves, row, vault)


def _put(found: _Found, leaves: Leaves, row: Row, vault: str) -> None:
    """One row where it belongs, if it is of a table that counts. Raises Unreadable, NotAnEntry."""
    values: Any  # the shape says of which types
    if row.shape == "text integer blob":  # chunks: their bytes are read when the artifact is put together
        values = leaves.values(row, 2)
        found.names |= {values[0]} if is_digest(values[0]) else set()
        found.parts.setdefault(values[0], {}).setdefault(values[1], []).append((leaves, row))
        return
    if row.shape not in SHAPES:
        return
    values = leaves.values(row)
    match row.shape:
        case "text integer integer":  # artifacts
            found.names |= {values[0]} if is_digest(values[0]) else set()
        case "text integer text":  # pieces
            found.pieces.setdefault(values[0], {}).setdefault(values[1], values[2])
        case "null text blob":  # log
            found.note_last(row.rowid)
            if not any(byte_faults(values[2], values[1])):
                entry = entry_of(values[2])
                if not any(form_faults(entry.data, vault=vault, seq=entry.seq)):
                    found.entries.setdefault(entry.seq, entry)
        case "null integer text":  # head
            found.note_last(values[1])
            found.head = max(found.head, (values[1], values[2])) if found.last == values[1] else found.head
        case "null blob":  # signing, and the search index
            found.private.append(values[1])
        case "null text text":  # mailbox
            found.mailboxes.append((values[1], values[2]))
        case _:  # requests
            found.requests.setdefault(row.rowid, RequestRow(row.rowid, *values[1:]))


def _take_keys(fresh: Database, found: _Found, saved: Salvaged) -> None:
    """Each with what belongs to it. Without a mailbox the next opening makes a new one, and what waits in the inbox
    can't be opened; without a signing key nothing is signed any more, and verification says so.
    """
    with transaction(fresh):
        private = next((data for data in found.private if _is_signing_key(data, found.public_key)), None)
        saved.signing_key = private is not None
        if private is not None:
            fresh.execute("insert into signing (id, private_key) values (1, ?)", (private,))
        mailbox = next((both for both in found.mailboxes if _belong_together(*both)), None)
        if mailbox is not None:
            fresh.execute("insert into mailbox (id, secret, recipient) values (1, ?, ?)", mailbox)


def _is_signing_key(data: bytes, public: str) -> bool:
    try:
        return not any(signing_key_faults(data, public or public_key(data)))
    except ValueError:
        return False


def _belong_together(secret: str, recipient: str) -> bool:
    try:
        return keys.recipient_of(secret) == recipient
    except ValueError:
        return False


def _take_artifacts(
    fresh: Database, found: _Found, entries: Sequence[Entry], saved: Salvaged, progress: Progress
) -> None:
    """What whole entries name, then whatever else is whole: the entry that named it was lost, or it is a part."""
    promised: dict[str, str] = {}
    for entry in entries:
        for artifact in entry.body.get("artifacts", ()):
            if is_digest(artifact.get("sha256")):
                promised.setdefault(artifact["sha256"], str(artifact.get("media_type", "")))
    others = sorted(found.names - promised.keys())
    for n, (sha256, media_type) in enumerate((*promised.items(), *((name, "") for name in others)), start=1):
        progress(n, len(promised) + len(others))
        if fresh.execute("select 1 from artifacts where sha256 = ?", (sha256,)).fetchone():
            saved.artifacts += sha256 in promised
            continue
        data = found.artifact(sha256)
        if data is None:
            saved.lost_artifacts.append(sha256)
            continue
        with transaction(fresh):
            sealed.keep_artifacts(fresh, [Artifact("response", media_type, data)])
        saved.artifacts += 1
        if sha256 not in promised:
            saved.unnamed.append(sha256)


def _take_log(fresh: Database, found: _Found, entries: Sequence[Entry], saved: Salvaged) -> None:
    """The entries' own bytes, then what is projected from them. A lost end stays known; its numbers are not used."""
    with transaction(fresh):
        for entry in entries:
            fresh.execute("insert into log (seq, sha256, data) values (?, ?, ?)", (entry.seq, entry.sha256, entry.data))
            saved.entries += 1
            try:
                projections.project(fresh, entry)
            except (NotProjectable, ValueError, DatabaseError):
                saved.unprojected.append(entry.seq)
        last = (entries[-1].seq, entries[-1].sha256) if entries else (0, GENESIS)
        end = found.head if found.head[0] > last[0] and is_digest(found.head[1]) else last
        fresh.execute("insert into head (id, size, sha256) values (1, ?, ?)", end)


def _take_requests(fresh: Database, found: _Found, entries: Sequence[Entry]) -> None:
    """What time-stamp authorities were asked. What was answered stands in the log as well, and is taken from there."""
    requests = {row.n: row for entry in entries if (row := _answered(found, entry)) is not None}
    signed = (row for row in found.requests.values() if row.n not in requests and _is_signed(row, found.public_key))
    requests |= {row.n: row for row in signed}
    with transaction(fresh):
        for n in sorted(requests):
            fresh.execute(
                """insert into requests (n, authority, made, size, checkpoint, signature, request)
                values (?, ?, ?, ?, ?, ?, ?)""",
                astuple(requests[n]),
            )


def _answered(found: _Found, entry: Entry) -> RequestRow | None:
    try:
        row = anchor_row(entry)
    except NotAnAnchor:
        return None
    request = found.artifact(row.request_sha256) if row else None
    if row is None or request is None:
        return None
    body = entry.body
    point, signature = str(body["checkpoint"]).encode("ascii"), bytes.fromhex(body["signature"])
    return RequestRow(row.anchor, row.authority, str(body.get("asked", "")), row.size, point, signature, request)


def _is_signed(row: RequestRow, public: str) -> bool:
    return bool(public) and not any(signature_faults(public, row.checkpoint, row.signature))
