"""Artifacts, their chunks and the log: what is only ever added to. Every write here is inside the caller's transaction.

The order is: chunks and artifacts first, then the entry that names them, then what is projected from the entry.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from archiver.errors import UnknownId, VaultDamaged
from archiver.integrity import GENESIS, SALT_BYTES, NotAnEntry, entry_bytes, entry_of, sha256_of
from archiver.records import Artifact, By, Entry, plain

CHUNK_BYTES = 1 << 20  # one large blob is 20 times slower to read in parts (DESIGN, measured)
BATCH = 200  # entries read at a time: no cursor stays open while the caller writes


def keep_artifacts(db: Database, artifacts: Sequence[Artifact]) -> None:
    """The same bytes are kept once, whoever brings them again."""
    for artifact in artifacts:
        if db.execute("select 1 from artifacts where sha256 = ?", (artifact.sha256,)).fetchone():
            continue
        data, size = memoryview(artifact.data), len(artifact.data)
        starts = range(0, size, CHUNK_BYTES)
        db.execute(
            "insert into artifacts (sha256, size, chunks) values (?, ?, ?)", (artifact.sha256, size, len(starts))
        )
        db.conn.executemany(
            "insert into chunks (artifact, n, data) values (?, ?, ?)",
            ((artifact.sha256, n, data[at : at + CHUNK_BYTES]) for n, at in enumerate(starts)),
        )


def listed(artifacts: Sequence[Artifact]) -> list[dict[str, Any]]:
    """How an entry names its artifacts: `body.artifacts`, in every kind of entry."""
    return [plain(artifact) | {"size": len(artifact.data)} for artifact in artifacts]


def add_entry(db: Database, vault: str, kind: str, body: Mapping[str, Any], *, at: str, by: By) -> Entry:
    """The next line of the log. Raises ValueError on what an entry can't hold (a float, a time that is none)."""
    size, prev = head(db)
    seq = size + 1
    data = entry_bytes(
        vault=vault, seq=seq, prev=prev, salt=secrets.token_bytes(SALT_BYTES), kind=kind, at=at, by=by, body=body
    )
    sha256 = sha256_of(data)
    db.execute("insert into log (seq, sha256, data) values (?, ?, ?)", (seq, sha256, data))
    db.execute("insert or replace into head (id, size, sha256) values (1, ?, ?)", (seq, sha256))
    return entry_of(data)


def head(db: Database) -> tuple[int, str]:
    """Size of the log and the digest of its last entry.

    Where the log's end and the record of it differ, the longer one counts: an entry that was lost leaves a gap that
    verification shows, and its number is not given away again.
    """
    last = db.execute("select seq, sha256 from log order by seq desc limit 1").fetchone() or (0, GENESIS)
    said = db.execute("select size, sha256 from head").fetchone() or (0, GENESIS)
    return (int(said[0]), str(said[1])) if said[0] > last[0] else (int(last[0]), str(last[1]))


def entries(db: Database, after: int = 0) -> Iterator[Entry]:
    """Entries in their order. Raises VaultDamaged at one that can't be read."""
    while rows := db.execute("select seq, data from log where seq > ? order by seq limit ?", (after, BATCH)).fetchall():
        for seq, data in rows:
            yield revived(seq, data)
        after = rows[-1][0]


def entry(db: Database, seq: int) -> Entry:
    row = db.execute("select data from log where seq = ?", (seq,)).fetchone()
    if row is None:
        raise VaultDamaged(f"Entry {seq} of the log is missing; run verify.")
    return revived(seq, row[0])


def revived(seq: int, data: bytes) -> Entry:
    try:
        return entry_of(data)
    except NotAnEntry as error:
        raise VaultDamaged(f"Entry {seq} of the log is damaged: {error}; run verify.") from error


def chunks(db: Database, sha256: str) -> Iterator[bytes]:
    """An artifact's bytes in order, at most CHUNK_BYTES at a time.

    Raises UnknownId before the first, and VaultDamaged instead of ending where the bytes are not those of that name.
    """
    row = db.execute("select chunks from artifacts where sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise UnknownId(f"Nothing in the vault has the SHA-256 {sha256}.")
    digest = hashlib.sha256()
    for n in range(row[0]):
        found = db.execute("select data from chunks where artifact = ? and n = ?", (sha256, n)).fetchone()
        if found is None:
            raise VaultDamaged(f"Part {n} of artifact {sha256} is missing; run verify.")
        digest.update(found[0])
        yield found[0]
    if digest.hexdigest() != sha256:
        raise VaultDamaged(f"The bytes of artifact {sha256} are not those that were sealed; run verify.")
