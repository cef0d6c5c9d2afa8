"""A private folder for what Chromium writes while it runs: in memory where the system can, and gone at the end.

What a killed run left is removed at the next start. Never touches a folder whose owner still runs.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PREFIX = "notes-"  # neutral on purpose: a folder's name is seen over a shoulder (SAFETY B1)
LOCK = "lock"
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the folder made in it is private and has a random name
SOCKET = "/org.chromium.Chromium.XXXXXX/SingletonSocket"  # what Chromium makes in its temporary folder
LONGEST_SOCKET = 103  # bytes of a socket's path on macOS; Linux allows 107. A longer one keeps Chromium from starting
ROOM = 512 * 1024 * 1024  # bytes free; Chromium's shared memory lies here too, and containers give /dev/shm only 64 MB


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A fresh 0700 folder, removed when the block ends."""
    base = _base()
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    lock = (folder / "new").open("wb")
    _try_lock(lock)
    _rename_open(folder / "new", folder / LOCK)  # locked before it has the name that a sweep looks for
    try:
        yield folder
    finally:
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def _base() -> Path:
    """The first place in memory with room; else the system's folder for temporary files."""
    in_memory = (os.environ.get("XDG_RUNTIME_DIR"), SHARED_MEMORY) if sys.platform.startswith("linux") else ()
    for name in in_memory:
        if not name or not os.access(name, os.W_OK | os.X_OK) or shutil.disk_usage(name).free < ROOM:
            continue
        if has_room_for_sockets(Path(name, f"{PREFIX}12345678")):
            return Path(name)
    return Path(tempfile.gettempdir())


def has_room_for_sockets(folder: Path) -> bool:
    """Whether the path is short enough for Chromium's own temporary files."""
    return len(os.fsencode(folder)) + len(SOCKET) <= LONGEST_SOCKET


def _rename_open(path: Path, to: Path) -> None:
    if sys.platform == "win32":  # an open file can't be renamed there, and its folder can't be removed either
        return
    path.rename(to)


def _sweep(base: Path) -> None:
    for folder in base.glob(f"{PREFIX}*"):
        try:
            with (folder / LOCK).open("r+b") as lock:
                ended = _try_lock(lock)
        except OSError:  # not ours, or just gone
            continue
        if ended:
            shutil.rmtree(folder, ignore_errors=True)


def _try_lock(file: BinaryIO) -> bool:
    """True where nobody else holds it. The system lets go of it when its holder ends, however that ends."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
