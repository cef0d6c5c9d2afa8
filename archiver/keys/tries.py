"""Wrong keys are slowed and remembered: a file beside the slots, under a lock, so that a new process is no way around.

The first three are free: people mistype. After that each try has to wait, at most a minute: nobody is locked out for
long. The file says when and what kind, never what was typed. Somebody who can change the vault's files could remove
it; they could as well copy `keys.json` and guess elsewhere, against which the cost of a guess stands.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.errors import VaultBusy, VaultError, WrongKey
from archiver.keys.files import write_private
from archiver.keys.slots import Device, Secret, Unlocked, kind_of, slots, unlock

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE, LOCK = "tries.json", "tries.lock"
FREE = 3
FIRST_WAIT, LONGEST_WAIT = 2, 60  # seconds
REMEMBERED = 50  # wrong ones with their time; beyond that they are only counted
LOCK_SECONDS = 30.0  # others derive a key for about a second each
LOCK_STEP = 0.05


@dataclass(frozen=True)
class Tries:
    """What went wrong since the person last saw this. Times are RFC 3339 in UTC."""

    wrong: int = 0  # in all that have not been shown
    times: tuple[str, ...] = ()  # of the newest
    in_a_row: int = 0  # since the vault last opened
    until: float = 0.0  # no try before this, in seconds since 1970

    def seconds_left(self, now: float) -> float:
        """A time further ahead than any wait was written before the clock was set back."""
        left = self.until - now
        return left if 0 < left <= LONGEST_WAIT else 0.0


def unlock_slowly(folder: Path, secret: Secret, *, clock: Callable[[], float] = time.time) -> Unlocked:
    """`slots.unlock`, one try at a time. This computer's own key is not a guess, and is not slowed.

    Raises what that raises; WrongKey also where the wait after wrong ones is not over.
    """
    if isinstance(secret, Device):
        return unlock(folder, secret)
    with _locked(folder):
        tries = seen_tries(folder)
        left = tries.seconds_left(clock())
        if left:
            raise WrongKey(f"Several wrong ones were tried; try again in {math.ceil(left)} seconds.")
        try:
            unlocked = unlock(folder, secret)
        except WrongKey:
            if kind_of(secret) in {slot.kind for slot in slots(folder)}:
                _write(folder, _after(tries, clock()))
            raise
        if tries.in_a_row:
            _write(folder, replace(tries, in_a_row=0, until=0.0))
        return unlocked


def seen_tries(folder: Path) -> Tries:
    """What is remembered; nothing where there is no such file, or it can't be read."""
    try:
        kept = json.loads((folder / FILE).read_text("ascii"))
        return Tries(
            int(kept["wrong"]), tuple(str(at) for at in kept["times"]), int(kept["in_a_row"]), float(kept["until"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Tries()


def forget_shown(folder: Path) -> None:
    """The person has seen them; how many went wrong in a row still counts."""
    with _locked(folder):
        _write(folder, replace(seen_tries(folder), wrong=0, times=()))


def _after(tries: Tries, now: float) -> Tries:
    in_a_row = tries.in_a_row + 1
    wait = min(FIRST_WAIT << min(in_a_row - FREE, 16), LONGEST_WAIT) if in_a_row > FREE else 0
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    return Tries(tries.wrong + 1, (*tries.times, at)[-REMEMBERED:], in_a_row, now + wait)


def _write(folder: Path, tries: Tries) -> None:
    """A folder that can't be written to must not keep anybody out."""
    kept = {"wrong": tries.wrong, "times": tries.times, "in_a_row": tries.in_a_row, "until": tries.until}
    with suppress(VaultError):
        write_private(folder / FILE, (json.dumps(kept) + "\n").encode("ascii"))


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One try at a time, in all programs; the system lets go when a program ends, however it ends. Raises VaultBusy.

    The file is there only meanwhile: a vault at rest is two files, and what is remembered.
    """
    path, deadline = folder / LOCK, time.monotonic() + LOCK_SECONDS
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError:  # no folder, or one that can't be written to: what follows says so, or reads only
            yield
            return
        try:
            if _take(descriptor) and _is_still(path, descriptor):
                try:
                    yield
                finally:
                    with suppress(OSError):  # Windows removes no file that is open
                        path.unlink()
                return
        finally:
            os.close(descriptor)
        if time.monotonic() > deadline:
            raise VaultBusy("Other programs are trying to open the vault; try again in a moment.")
        time.sleep(LOCK_STEP)  # no system tells when a file lock is let go, and a wait without end could not be ended


def _is_still(path: Path, descriptor: int) -> bool:
    """Whoever held it before may have removed it, and another made a new one since."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
