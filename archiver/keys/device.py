"""Where this computer keeps a wrapping key: the account's keyring, else a file. Never waits for ever, never asks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs

from archiver.keys.files import refused, write_private
from archiver.settings import APP_FOLDER

PATIENCE = 10.0  # seconds that a keyring gets to answer; a locked one may be showing a window that nobody sees
KEYRING, FILE = "keyring", "file"

# The keyring runs in a process of its own: it can be ended when it hangs, whatever its platform's library raises is
# one exit code, and the 0.16 s that it takes to import are spent only where it is used. The secret goes over pipes.
# Backends below priority 1 keep passwords in the clear, or nowhere; keyring itself calls them not recommended.
ASK_KEYRING = """
import sys, keyring
ask, service, name, secret = sys.stdin.read().split("\\n")
ring = keyring.get_keyring()
if ring.priority < 1:
    sys.exit(3)
if ask == "set":
    ring.set_password(service, name, secret)
elif ask == "delete":
    ring.delete_password(service, name)
if ask != "delete":
    sys.stdout.write(ring.get_password(service, name) or "")
"""


def key_folder() -> Path:
    """Where a key lies as a file: the account's folder for settings, away from the default vault in its data folder."""
    return Path(platformdirs.user_config_dir(APP_FOLDER, appauthor=False)) / "keys"


def keep(slot: str, key: bytes, *, folder: Path, keyring: bool) -> str:
    """Keeps the key under the slot's id and says where: "keyring" or "file". Raises DiskFull, VaultError."""
    if keyring and _ask("set", slot, key.hex()) == key.hex():
        return KEYRING
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, folder) from error
    write_private(_file(folder, slot), key.hex().encode("ascii") + b"\n")
    return FILE


def fetch(slot: str, place: str, *, folder: Path, keyring: bool) -> bytes | None:
    """The key that was kept, or None. Looks where the slot says first, then in the other place."""
    for text in _kept(slot, place, folder=folder, keyring=keyring):
        with suppress(ValueError):
            return bytes.fromhex(text)
    return None


def forget(slot: str, *, folder: Path, keyring: bool) -> None:
    """Removes the key from both places, as far as they can be reached."""
    if keyring:
        _ask("delete", slot)
    with suppress(OSError, ValueError):
        _file(folder, slot).unlink(missing_ok=True)


def _kept(slot: str, place: str, *, folder: Path, keyring: bool) -> Iterator[str]:
    for look_in in (FILE, KEYRING) if place == FILE else (KEYRING, FILE):
        if look_in == KEYRING and keyring:
            yield _ask("get", slot)
        elif look_in == FILE:
            with suppress(OSError, ValueError):
                yield _file(folder, slot).read_text("ascii")


def _file(folder: Path, slot: str) -> Path:
    """A slot's id comes from a file that anybody could have written: only hex becomes a name. Raises ValueError."""
    return folder / f"{bytes.fromhex(slot).hex()}.key"


def _ask(question: str, slot: str, secret: str = "") -> str:
    """The keyring's answer; empty where it has none, fails or does not answer in time."""
    if "\n" in slot or not _keyring_could_answer():
        return ""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", ASK_KEYRING],  # -P: nothing is imported from the folder we happen to be in
            input="\n".join((question, APP_FOLDER, slot, secret)),
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _keyring_could_answer() -> bool:
    """On Linux there is no keyring without a session bus, and without a screen nobody could unlock it when asked to."""
    if "PYTHON_KEYRING_BACKEND" in os.environ or not sys.platform.startswith("linux"):
        return True
    has_screen = "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ and has_screen
