"""The checks of evidence: the log, what it promised, and the bytes that are there. Changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from archiver import integrity
from archiver.errors import VaultDamaged
from archiver.integrity import GENESIS, KINDS, VAULT_KIND
from archiver.records import Checked, Finding
from archiver.vault.inspection import Inspection
from archiver.vault.sealed import CHUNK_BYTES, unpacked
from archiver.verify.promised import Promised, Results, entries_named, gather, sentence

Progress = Callable[[int, int], None]  # bytes looked at, bytes in all


def entries(kept: Inspection, promised: Promised) -> Results:
    """One walk, three checks: the bytes are those of the digest, the fields are right, the chain holds."""
    prev: str | None = GENESIS
    expected = read = linked = 0
    for seq in kept.log_numbers():
        expected += 1
        if seq != expected:
            yield Finding("entry bytes", entries_named(expected, seq - 1), "It is missing from the log.")
            expected, prev = seq, None
        try:
            row = kept.log_row(seq)
        except VaultDamaged as error:
            row = None
            yield Finding("entry bytes", f"entry {seq}", str(error))
        if row is None:
            prev = None
            continue
        sha256, data = row
        yield from _entry(kept.vault, seq, sha256, data, prev)
        read += 1
        linked += prev is not None
        prev = sha256
        promised.last = (seq, sha256)
        promised.digests[seq] = sha256
        yield from gather(promised, seq, data)
    yield Checked("entry bytes", read)
    yield Checked("entry form", read)
    yield Checked("entry chain", linked)


def _entry(vault: str, seq: int, sha256: str, data: bytes, prev: str | None) -> Iterator[Finding]:
    for fault in integrity.byte_faults(data, sha256):
        yield Finding("entry bytes", f"entry {seq}", sentence(fault))
    for fault in integrity.form_faults(data, vault=vault, seq=seq):
        yield Finding("entry form", f"entry {seq}", sentence(fault))
    if prev is not None:
        for fault in integrity.chain_faults(data, prev=prev):
            yield Finding("entry chain", f"entry {seq}", sentence(fault))


def head(kept: Inspection, promised: Promised) -> Results:
    size, sha256 = kept.head()
    last, digest = promised.last
    if size > last:
        yield Finding("log head", entries_named(last + 1, size), "The log once held it, and it is missing.")
    elif (size, sha256) != (last, digest):
        yield Finding("log head", f"entry {last}", "The record of the log's end does not name this entry.")
    yield Checked("log head", 1)


def signing_key(kept: Inspection, promised: Promised) -> Results:
    """The first entry names the vault and its public key; the private half is the one that is stored."""
    first = promised.first
    if first is None or first.kind != VAULT_KIND or first.body.get("vault") != kept.vault:
        yield Finding("signing key", "entry 1", "It is not the entry that a vault begins with.")
        return
    for fault in integrity.signing_key_faults(kept.signing_key(), str(first.body.get("public_key"))):
        yield Finding("signing key", "signing key", sentence(fault))
    yield Checked("signing key", 1)


def kinds(promised: Promised) -> Results:
    for seq, kind in promised.kinds:
        if kind not in KINDS:
            what = f"Its kind, {kind}, is not known to this version: nothing was checked but its bytes and artifacts."
            yield Finding("entry kinds", f"entry {seq}", what)
        elif kind == VAULT_KIND and seq != 1:
            yield Finding("entry kinds", f"entry {seq}", "It begins a vault, and is not the first.")
    yield Checked("entry kinds", len(promised.kinds))


def artifacts_promised(kept: Inspection, promised: Promised) -> Results:
    for sha256, (size, namer) in promised.artifacts.items():
        try:
            row = kept.artifact_row(sha256)
        except VaultDamaged as error:
            yield Finding("artifacts promised", sha256, str(error))
            continue
        if row is None:
            yield Finding("artifacts promised", sha256, f"It is named by {namer} and is missing.")
        elif row[0] != size:
            yield Finding("artifacts promised", sha256, f"It is recorded with {row[0]} bytes; {namer} says {size}.")
    yield Checked("artifacts promised", len(promised.artifacts))


def artifact_bytes(kept: Inspection, promised: Promised, progress: Progress) -> Results:
    """Everything that is there, promised or not: its parts hash to its name and are as many bytes as recorded."""
    names, done, total = kept.artifact_names(), 0, sum(size for size, _ in promised.artifacts.values())
    for sha256 in names:
        try:
            size, faults = _hashed(kept, sha256)
        except VaultDamaged as error:
            size, faults = 0, [str(error)]
        for fault in faults:
            yield Finding("artifact bytes", sha256, fault)
        done += size
        progress(done, max(done, total))
    yield Checked("artifact bytes", len(names), f"{done} bytes" if names else "")


def _hashed(kept: Inspection, sha256: str) -> tuple[int, list[str]]:
    """How many bytes there are under that name, and what is wrong with them."""
    row, pieces = kept.artifact_row(sha256), kept.pieces(sha256)
    digest, size, faults = hashlib.sha256(), 0, []
    numbers = kept.chunk_numbers(sha256)
    parts = _parts(kept, sha256, numbers)
    for n, data in enumerate(parts if not pieces else _with_pieces(kept, unpacked(b"".join(parts)), pieces)):
        digest.update(data)
        size += len(data)
        if not pieces and not 0 < len(data) <= CHUNK_BYTES:
            faults.append(f"Its part {n} has {len(data)} bytes.")
    if row is None or numbers != list(range(len(numbers))) or row[1] != len(numbers):
        faults.append("Its parts are not all there.")
    if row is not None and row[0] != size:
        faults.append(f"It is recorded with {row[0]} bytes and has {size}.")
    if digest.hexdigest() != sha256:
        faults.append("Its bytes do not hash to its name.")
    return size, faults


def _parts(kept: Inspection, sha256: str, numbers: list[int]) -> Iterator[bytes]:
    return (kept.chunk(sha256, n) or b"" for n in numbers)


def _with_pieces(kept: Inspection, rest: bytes, pieces: list[tuple[int, str]]) -> Iterator[bytes]:
    """The rest with the pieces at their places; what is missing of one is missing in the whole."""
    taken = at = 0
    for start, piece in pieces:
        between = rest[taken : taken + max(0, start - at)]
        yield between
        taken, at = taken + len(between), at + len(between)
        for data in _parts(kept, piece, kept.chunk_numbers(piece)):
            yield data
            at += len(data)
    yield rest[taken:]


def strays(kept: Inspection, promised: Promised) -> Results:
    names, pieces = kept.artifact_names(), kept.piece_names()
    for sha256 in names:
        if sha256 not in promised.artifacts and sha256 not in pieces:
            yield Finding("stray artifacts", sha256, "It is there, and no entry names it.")
    for sha256, count in kept.stray_chunks():
        yield Finding("stray artifacts", sha256, f"{count} of its parts are there, and it is not.")
    yield Checked("stray artifacts", len(names))
