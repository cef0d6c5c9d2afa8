"""The write-ahead log beside a database, as a file: what a program that was killed left behind, read or not.

SQLite reads such a log up to the first frame whose sum is wrong, takes that for all there was, and throws the rest away
when the vault is closed. One flipped bit on the disk meanwhile, and captures that were said to be kept are gone without
a word. So the log is looked at when a vault is opened; where more was ended in it than was read, it is set aside first.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sqlite_utils import Database

from archiver.errors import VaultError
from archiver.integrity import sha256_of
from archiver.keys.files import write_private
from archiver.vault.connection import PAGE_BYTES

LOG, ASIDE = "-wal", ".aside"
HEAD_BYTES, FRAME_HEAD = 32, 24  # sqlite.org/fileformat2.html, 4.1
FRAME_BYTES = FRAME_HEAD + PAGE_BYTES
SALTS, FRAME_SALTS = slice(16, 24), slice(8, 16)  # in the log's head and in a frame's: an earlier round's differ
LOOKS, BETWEEN = 3, 0.05  # another program may be beginning the log anew just now; that takes no time


def set_aside(db: Database, path: Path) -> None:
    """A copy of the log, where the database has read less of it than was ended. Before anything is written.

    Raises DiskFull, VaultError: then nothing was thrown away.
    """
    log = path.with_name(path.name + LOG)
    for look in range(LOOKS):
        before = _ended(log)
        (_, read, _) = db.execute("pragma wal_checkpoint(noop)").fetchone()
        if before[1] <= max(read, 0) or before != _ended(log):
            return
        time.sleep(BETWEEN if look + 1 < LOOKS else 0)  # no system tells when another program has begun the log
    try:
        data = log.read_bytes()
    except OSError as error:
        raise VaultError(f"{log} can't be read: {error.strerror}.") from error
    name = f"{log.name}.{sha256_of(data)[:8]}{ASIDE}"
    if not (path.parent / name).exists():
        write_private(path.parent / name, data)


def laid_aside(folder: Path) -> list[Path]:
    """Logs of which not all could be read, as they lay there."""
    return sorted(folder.glob(f"*{LOG}.*{ASIDE}"))


def ended_pages(log: BinaryIO) -> Iterator[tuple[int, int]]:
    """Pages and where they stand, of every transaction that was ended, whatever lies between; later ones come later."""
    pending: list[tuple[int, int]] = []
    for number, ends, at in _frames(log):
        pending.append((number, at))
        if ends:
            yield from pending
            pending = []


def _ended(log: Path) -> tuple[bytes, int]:
    """The log's head, and how many frames there are up to the end of the last transaction that was ended."""
    try:
        with log.open("rb") as file:
            head, count = file.read(HEAD_BYTES), 0
            for _, ends, at in _frames(file):
                if ends:
                    count = (at - FRAME_HEAD - HEAD_BYTES) // FRAME_BYTES + 1
            return head, count
    except OSError:  # there is none, or it has just gone
        return b"", 0


def _frames(log: BinaryIO) -> Iterator[tuple[int, bool, int]]:
    """Of each frame of this round: its page, whether a transaction ends with it, and where the page stands."""
    log.seek(0)
    head, first = log.read(HEAD_BYTES), log.read(FRAME_HEAD)
    salts = head[SALTS] if _is_whole(head) else first[FRAME_SALTS]  # each round begins with the first frame
    for at in range(HEAD_BYTES, log.seek(0, os.SEEK_END) - FRAME_BYTES + 1, FRAME_BYTES):
        log.seek(at)
        frame = log.read(FRAME_HEAD)
        if len(frame) == FRAME_HEAD and frame[FRAME_SALTS] == salts:
            number, size = struct.unpack(">II", frame[:8])
            yield number, size > 0, at + FRAME_HEAD


def _is_whole(head: bytes) -> bool:
    """Whether the log's head has its own sum (fileformat2, 4.2)."""
    if len(head) < HEAD_BYTES:
        return False
    magic, *_ = struct.unpack(">I", head[:4])
    words = struct.unpack(f"{'>' if magic & 1 else '<'}6I", head[:24])
    first = second = 0
    for n in range(0, len(words), 2):
        first = (first + words[n] + second) & 0xFFFFFFFF
        second = (second + words[n + 1] + first) & 0xFFFFFFFF
    return struct.pack(">II", first, second) == head[24:]
