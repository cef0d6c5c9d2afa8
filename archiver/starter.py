"""Sets up the libraries beside run.py, once, and hands over to the program in them. Standard library only.

What was set up is written into `.venv/ready.json`, last and at one stroke: a start that finds it looks at nothing
else, and a set-up that was interrupted has not written it and is made again from nothing. A lock beside the folder
lets one start at a time set up; the commands that do it hold the lock too, so that one which outlives its parent
(kill -9) is waited for.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.packages import Computer, Ran, Run, Say, Which, by_hand, install, manager_of, run_bounded, this_computer

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = "archiver"
LOCKED, LOCKED_DEV = "requirements.lock", "requirements-dev.lock"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"  # libraries fit one minor version
UNREACHED = ("NewConnectionError", "NameResolutionError", "Read timed out", "ProxyError")  # pip's words for it
MISSING = 4  # exit code: something that is needed is not there
STOPPED = 130  # exit code: Ctrl-C, as shells give it
VENV_LIMIT, LIBRARY_LIMIT, INSTRUMENT_LIMIT = 300.0, 3600.0, 5400.0  # seconds
NEARLY_FULL = 50_000_000  # bytes free: below that a failure is put down to the disk
# Global options of the program that take a value: needed to see which command is asked for.
WITH_VALUE = ("--vault", "--passphrase-fd", "--operator")
# Commands that use the instruments, and which of them they can't do without. The others need none, or, like
# `setup` and `doctor`, speak of them themselves.
NEEDED = {"capture": ("driver", "browser"), "read": (), "test": ("driver", "browser", "tesseract")}
LOOKED_FOR = "looked for"


class SetupError(Exception):
    """The set-up can't go on; the message is one sentence that says what to do."""


def main(arguments: Sequence[str], *, root: Path = ROOT) -> int:
    """Set up what is missing and become the program. Returns an exit code only where it could not, or on Windows."""
    testing = arguments[:1] == ["test"]
    locks = (LOCKED, LOCKED_DEV) if testing else (LOCKED,)
    command = "test" if testing else command_in(arguments)
    python = python_in(root)
    try:
        if not is_ready(root, locks, command):
            with alone(root) as lock:
                set_up(root, locks, command, lock, quiet="--quiet" in arguments)
    except SetupError as error:
        tell(str(error))
        return MISSING
    except OSError as error:
        tell(full_disk(root) or f"Setting up stopped: {error.strerror or error} ({error.filename or root}).")
        return MISSING
    except KeyboardInterrupt:
        tell("Stopped. The next start sets up again from where nothing is half done.")
        return STOPPED
    if testing:
        return become(python, ["-m", "pytest", "-n", "auto", *arguments[1:]], root, folder=root)
    return become(python, ["-m", PROGRAM, *arguments], root)


def command_in(arguments: Sequence[str]) -> str:
    """The program's command among the arguments: the first that is neither a global option nor its value."""
    left = iter(arguments)
    for argument in left:
        if argument in WITH_VALUE:
            next(left, None)
        elif not argument.startswith("-"):
            return argument
    return ""


def python_in(root: Path) -> Path:
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return root.joinpath(".venv", *inside)


def become(python: Path, arguments: Sequence[str], root: Path, *, folder: Path | None = None) -> int:
    """Replace this process by the program, so that exit code and signals are its own. On Windows: run and wait.

    -P and PYTHONPATH: modules come from the checkout and the locked libraries, never from the folder one stands in.
    """
    command = [str(python), "-P", *arguments]
    environ = {**os.environ, "PYTHONPATH": str(root)}
    if folder is not None:
        os.chdir(folder)
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], command, environ)  # noqa: S606 - a list of arguments, no shell; this is the hand-over
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the program too, and it answers
    return subprocess.run(command, env=environ, check=False).returncode


# What is ready -------------------------------------------------------------------------------------------------


def is_ready(root: Path, locks: Sequence[str], command: str) -> bool:
    """Whether all that a start needs was set up, with these very lock files and this Python: the stamp says so."""
    stamp = read_stamp(root)
    fits = all(stamp.get(name) == digest for name, digest in wanted(root, locks).items())
    return fits and (command not in NEEDED or stamp.get("instruments") == LOOKED_FOR)


def wanted(root: Path, locks: Sequence[str]) -> dict[str, str]:
    """What the stamp says when all is ready: SHA-256 of each lock file, and the Python that the libraries are for."""
    digests = {name: hashlib.sha256((root / name).read_bytes()).hexdigest() for name in locks}
    return {"python": f"{sys.implementation.name} {PYTHON}", **digests}


def read_stamp(root: Path) -> dict[str, str]:
    """The stamp, or nothing where it is absent, damaged, or its Python has gone (a system upgrade)."""
    try:
        found = json.loads((root / ".venv" / "ready.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and python_in(root).exists() else {}


def write_stamp(root: Path, stamp: dict[str, str]) -> None:
    """Last, on the disk, and at one stroke: a stamp is there whole or not at all."""
    final, partial = root / ".venv" / "ready.json", root / ".venv" / "ready.json.partial"
    with partial.open("w", encoding="utf-8") as out:
        json.dump(stamp, out)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(final)


@contextlib.contextmanager
def alone(root: Path) -> Iterator[int]:
    """One set-up at a time. Yields the lock's file descriptor, for commands to hold as well."""
    try:
        lock = (root / ".venv.lock").open("a+b")
    except OSError as error:
        raise SetupError(
            f"{root} can't be written to ({error.strerror}): copy the folder to a place of your own and start it there."
        ) from error
    with lock:
        if not _lock(lock.fileno(), wait=False):
            tell("Another start is setting things up; waiting for it to end.")
            while not _lock(lock.fileno(), wait=True):
                pass
        yield lock.fileno()


if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int, *, wait: bool) -> bool:
        """Waits ten seconds at most; the system lets go when the process ends."""
        try:
            msvcrt.locking(fd, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(fd: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


# Setting up ----------------------------------------------------------------------------------------------------


def set_up(root: Path, locks: Sequence[str], command: str, lock: int, *, quiet: bool, run: Run = run_bounded) -> None:
    """Bring libraries and instruments to what is wanted. Raises SetupError with one sentence."""
    say = silent if quiet else tell
    stamp, want = read_stamp(root), wanted(root, locks)  # read again: another start may have done it meanwhile
    if any(stamp.get(name) != digest for name, digest in want.items()):
        stamp = set_up_libraries(root, locks, stamp, lock, say=say, run=run)
    if command in NEEDED and stamp.get("instruments") != LOOKED_FOR:
        say("Looking for a browser, and for Tesseract, which reads the words in pictures.")
        look_for_instruments(root, NEEDED[command], lock, quiet=quiet, run=run)
        write_stamp(root, {**stamp, "instruments": LOOKED_FOR})


def set_up_libraries(
    root: Path, locks: Sequence[str], stamp: dict[str, str], lock: int, *, say: Say, run: Run
) -> dict[str, str]:
    """The locked libraries in `.venv`. What a whole set-up of this Python left is added to; anything else is made

    from nothing, because a library that was half unpacked looks installed to pip. Returns the new stamp.
    """
    want = wanted(root, locks)
    add = stamp.get("python") == want["python"]
    (root / ".venv" / "ready.json").unlink(missing_ok=True)
    if not add:
        if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
            install_venv(this_computer(), which=shutil.which, say=say, run=run)
        say("Setting up. This happens once and takes a few minutes.")
        make_folder(root, lock, run=run)
    for name in locks:
        if not add or stamp.get(name) != want[name]:
            fetch_libraries(root, name, lock, say=say, run=run)
    stamp = {**stamp, **want} if add else want
    write_stamp(root, stamp)
    return stamp


def make_folder(root: Path, lock: int, *, run: Run) -> None:
    """An empty virtual environment in `.venv`."""
    base = getattr(sys, "_base_executable", None) or sys.executable  # not the one in `.venv`: that is emptied now
    ran = run([base, "-I", "-m", "venv", "--clear", str(root / ".venv")], limit=VENV_LIMIT, keep_open=(lock,))
    if ran.code:
        raise SetupError(full_disk(root) or f"The folder {root / '.venv'} could not be made: {ran.last_words()}")


def install_venv(computer: Computer, *, which: Which, say: Say, run: Run) -> None:
    """Debian and its kin give Python without its venv part; get it, or say how."""
    manager = manager_of(computer, which=which)
    if manager is None or "venv" not in manager.packages:
        raise SetupError("This Python came without its parts venv and ensurepip: install a whole one from python.org.")
    packages = [name.format(PYTHON) for name in manager.packages["venv"]]
    why = install(packages, manager=manager, computer=computer, run=run, which=which, say=say)
    if why:
        command = by_hand(manager, packages, computer)
        raise SetupError(f"Python's venv part is missing, and {why}: install it with `{command}`, then start again.")


def fetch_libraries(root: Path, name: str, lock: int, *, say: Say, run: Run) -> None:
    """Fetch and unpack what a lock file names; each file must have the SHA-256 that stands there."""
    total = sum("==" in line for line in (root / name).read_text("utf-8").splitlines())
    say(f"Fetching the libraries that {name} names; each must have the fingerprint that stands there.")
    met = 0

    def count(line: str) -> None:
        nonlocal met
        met += line.startswith(("Collecting ", "Requirement already satisfied"))
        if line.startswith("Collecting ") and met % 10 == 0:
            say(f"  {met} of about {total}")

    pip = [str(python_in(root)), "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    pip += ["--progress-bar", "off", "--require-hashes", "-r", str(root / name)]
    ran = run(pip, limit=LIBRARY_LIMIT, keep_open=(lock,), on_line=count)
    if ran.code:
        raise SetupError(full_disk(root) or why_not_fetched(ran))


def why_not_fetched(ran: Ran) -> str:
    if "DO NOT MATCH THE HASHES" in ran.output:
        return (
            "A library that came is not the one that was expected, so it was not used: start again, "
            "and if it stays so, use another internet connection."
        )
    if any(words in ran.output for words in UNREACHED):
        return "The libraries could not be fetched, because the internet was not reached: connect, then start again."
    return f"The libraries could not be set up: {ran.last_words()}"


def full_disk(root: Path) -> str:
    """One sentence where the disk is (nearly) full, else nothing."""
    if shutil.disk_usage(root).free > NEARLY_FULL:
        return ""
    return f"The disk is full: free about 1 GB where {root} lies, then start again."


def look_for_instruments(root: Path, needed: Sequence[str], lock: int, *, quiet: bool, run: Run) -> None:
    """Let the program's own `setup` find or install browser and Tesseract. It says itself what it can't get."""
    states: dict[str, str] = {}

    def take(line: str) -> None:
        found = _record(line)
        if "instrument" in found:
            states[str(found["instrument"])] = str(found.get("state"))
        else:
            tell(line.rstrip())

    setup = [str(python_in(root)), "-P", "-m", PROGRAM, "--json", *(["--quiet"] if quiet else []), "setup"]
    ran = run(setup, limit=INSTRUMENT_LIMIT, env={"PYTHONPATH": str(root)}, keep_open=(lock,), on_line=take)
    if not states:
        raise SetupError(full_disk(root) or f"Looking for a browser ended early: {ran.last_words()}")
    if any(states.get(name) != "ready" for name in needed):
        raise SetupError("")


def _record(line: str) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def tell(words: str) -> None:
    """Words for the person, on standard error: standard output belongs to the program's results."""
    if words:
        sys.stderr.write(words + "\n")
        sys.stderr.flush()


def silent(_: str) -> None:
    """Says nothing: the person asked for quiet."""
