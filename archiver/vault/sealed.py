"""Artifacts, their chunks and the log: what is only ever added to. Every write here is inside the caller's transaction.

The order is: chunks and artifacts first, then the entry that names them, then what is projected from the entry.
"""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from archiver.errors import UnknownId, VaultDamaged
from archiver.integrity import GENESIS, SALT_BYTES, NotAnEntry, entry_bytes, entry_of, sha256_of
from archiver.records import Artifact, By, Entry, plain
from archiver.vault.pieces import pieces_of

CHUNK_BYTES = 1 << 20  # one large blob is 20 times slower to read in parts (DESIGN, measured)
BATCH = 200  # entries read at a time: no cursor stays open while the caller writes


def keep_artifacts(db: Database, artifacts: Sequence[Artifact]) -> None:
    """The same bytes are kept once, whoever brings them again, also inside a saved page or a network record."""
    for artifact in artifacts:
        if _is_there(db, artifact.sha256):
            continue
        data, rest, at = memoryview(artifact.data), bytearray(), 0
        pieces: list[tuple[int, str]] = []
        for start, end in pieces_of(artifact.media_type, artifact.data):
            sha256 = sha256_of(data[start:end])
            if not _is_there(db, sha256):
                _keep_bytes(db, sha256, data[start:end], end - start)
            elif _has_pieces(db, sha256):
                continue  # pieces are kept in one go: none has pieces of its own
            pieces.append((start, sha256))
            rest += data[at:start]
            at = end
        kept = memoryview(packed(bytes(rest + data[at:]))) if pieces else data
        _keep_bytes(db, artifact.sha256, kept, len(data))
        db.conn.executemany(
            "insert into pieces (artifact, at, piece) values (?, ?, ?)",
            ((artifact.sha256, start, piece) for start, piece in pieces),
        )


def _keep_bytes(db: Database, sha256: str, data: memoryview, size: int) -> None:
    """`data` is what is kept of its own; `size` counts the bytes that it spells."""
    starts = range(0, len(data), CHUNK_BYTES)
    db.execute("insert into artifacts (sha256, size, chunks) values (?, ?, ?)", (sha256, size, len(starts)))
    db.conn.executemany(
        "insert into chunks (artifact, n, data) values (?, ?, ?)",
        ((sha256, n, data[at : at + CHUNK_BYTES]) for n, at in enumerate(starts)),
    )


def _is_there(db: Database, sha256: str) -> bool:
    return db.execute("select 1 from artifacts where sha256 = ?", (sha256,)).fetchone() is not None


def _has_pieces(db: Database, sha256: str) -> bool:
    return db.execute("select 1 from pieces where artifact = ? limit 1", (sha256,)).fetchone() is not None


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
    if not _is_there(db, sha256):
        raise UnknownId(f"Nothing in the vault has the SHA-256 {sha256}.")
    digest = hashlib.sha256()
    for data in _spelled(db, sha256):
        digest.update(data)
        yield data
    if digest.hexdigest() != sha256:
        raise VaultDamaged(f"The bytes of artifact {sha256} are not those that were sealed; run verify.")


def _spelled(db: Database, sha256: str) -> Iterator[bytes]:
    """Its own parts; where whole files stand in it, those at their places between the rest."""
    pieces = db.execute(
        "select at, piece, size from pieces join artifacts on sha256 = piece where artifact = ? order by at", (sha256,)
    ).fetchall()
    if not pieces:
        yield from _parts(db, sha256)
        return
    rest, taken, at = unpacked(b"".join(_parts(db, sha256))), 0, 0
    for start, piece, size in pieces:
        yield rest[taken : taken + start - at]
        taken, at = taken + start - at, start + size
        yield from _parts(db, piece)
    yield rest[taken:]


def packed(rest: bytes) -> bytes:
    """What is outside of all pieces: headers, dates and names, new at every visit, and an eighth of it when packed.

    Kept as it is, it was most of what an unchanged page with 40 pictures cost again: 72 KB of 147 (measured).
    """
    return zlib.compress(rest, 9)


def unpacked(data: bytes) -> bytes:
    """Raises VaultDamaged where it is not what was packed."""
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise VaultDamaged("A part of an artifact is damaged; run verify.") from error


def _parts(db: Database, sha256: str) -> Iterator[bytes]:
    (count,) = db.execute("select chunks from artifacts where sha256 = ?", (sha256,)).fetchone()
    for n in range(count):
        found = db.execute("select data from chunks where artifact = ? and n = ?", (sha256, n)).fetchone()
        if found is None:
            raise VaultDamaged(f"Part {n} of artifact {sha256} is missing; run verify.")
        yield found[0]
