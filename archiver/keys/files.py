"""Files that only their owner can read, written whole or not at all. Knows nothing of what is in them."""

from __future__ import annotations

import errno
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archiver.errors import DiskFull, VaultError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NO_ROOM = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})  # Windows knows no quota error


def write_private(path: Path, data: bytes) -> None:
    """A new file beside the old one, on disk before it takes the old one's name. Raises DiskFull, VaultError."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with os.fdopen(create_private(fresh), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise refused(error, path.parent) from error


def write_readable(path: Path, data: bytes) -> None:
    """Straight into a new file, for what can be read by whoever finds it: killed half-way, it lies under no other name
    than the one that the person gave (SAFETY B4). Raises DiskFull, VaultError.
    """
    try:
        descriptor = create_private(path)
    except OSError as error:
        raise refused(error, path.parent) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise refused(error, path.parent) from error


def create_private(path: Path) -> int:
    """A descriptor of a file that was not there before, mode 0600 whatever the umask says."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)


def sync_folder(folder: Path) -> None:
    """Makes new names in the folder outlast a power cut. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def turn(path: Path, *, shared: bool = False, wait: bool = False) -> Iterator[bool]:
    """Whether it is this program's turn for as long as the block lasts; the system ends it with the program.

    Several may have a `shared` turn at once (not on Windows). Raises DiskFull, VaultError.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise refused(error, path.parent) from error
    try:
        yield _locked(descriptor, shared=shared, wait=wait)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, *, shared: bool, wait: bool) -> bool:
    try:
        if sys.platform == "win32":  # LK_LOCK tries for ten seconds
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def refused(error: OSError, folder: Path) -> VaultError:
    """What the person is told when the system would not write there."""
    if error.errno in NO_ROOM:
        return DiskFull(f"There is no room left on the disk of {folder}; free some and try again.")
    return VaultError(f"{folder} can't be written: {error.strerror or 'the system refused'}.")
