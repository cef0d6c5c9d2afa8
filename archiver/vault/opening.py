"""Making a vault and opening one. Creates and changes nothing in a folder that is something else."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from archiver import __version__, keys
from archiver.clock import rfc3339, utc_now
from archiver.errors import UsageError, VaultDamaged, VaultError, VaultForeign, VaultMissing
from archiver.integrity import VAULT_KIND, new_signing_key, public_key
from archiver.keys.files import create_private, refused, sync_folder
from archiver.records import By
from archiver.vault import inbox
from archiver.vault.ahead import set_aside
from archiver.vault.connection import PAGE_BYTES, PATIENCE, connect, speaking, transaction
from archiver.vault.schema import bring_up_to_date, version_of
from archiver.vault.sealed import add_entry
from archiver.vault.taken import give_mailbox, mailbox
from archiver.vault.vault import DATABASE, Vault

PLAIN_SQLITE = b"SQLite format 3\0"


def create(folder: Path, *, secret: keys.NewSlot, now: Callable[[], datetime] = utc_now) -> Vault:
    """A new vault in a folder that is empty or not there yet.

    It is made under another name beside it and then renamed, so that a power cut leaves a whole vault or none.
    Raises UsageError, VaultForeign, DiskFull, VaultError.
    """
    _refuse_what_is_there(folder)
    keys.refuse_inside(secret, folder)
    vault, key, at = secrets.token_hex(16), secrets.token_bytes(keys.KEY_BYTES), rfc3339(now())
    fresh = _folder_beside(folder)
    try:
        _fill(fresh / DATABASE, vault, key, at=at)
        keys.write_new(fresh, vault=vault, key=key, secret=secret, at=at)
        with suppress(FileNotFoundError):
            folder.rmdir()
        fresh.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise refused(error, folder) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # gone already where all went well
    return _opened(folder, vault, key, now=now, patience=PATIENCE)


def open_vault(
    folder: Path, *, secret: keys.Secret, now: Callable[[], datetime] = utc_now, patience: float = PATIENCE
) -> Vault:
    """The vault that is there. `patience` is how many seconds to wait while another program writes.

    Raises VaultMissing where there is nothing at all, VaultForeign where there is something else or only a part,
    WrongKey, and VaultDamaged where the database is no longer whole enough to be opened.
    """
    _refuse_foreign(folder)
    unlocked = keys.unlock_slowly(folder, secret)
    return _opened(folder, unlocked.vault, unlocked.key, now=now, patience=patience)


def _opened(folder: Path, vault: str, key: bytes, *, now: Callable[[], datetime], patience: float) -> Vault:
    path = folder / DATABASE
    with ExitStack() as undo, speaking(path):
        db = connect(path, key, patience=patience)
        undo.callback(db.close)
        set_aside(db, path)
        if version_of(db) == 0:
            raise VaultForeign(f"{path} opens with the vault's key but is not its database; put it back.")
        bring_up_to_date(db, at=rfc3339(now()))
        undo.pop_all()
    with suppress(VaultError), speaking(path):  # a full disk keeps nobody from looking; verify says what is missing
        give_mailbox(db)
        inbox.ready(folder, vault, mailbox(db)[1])
    return Vault(folder, vault, db, key)


def _fill(path: Path, vault: str, key: bytes, *, at: str) -> None:
    """The database at birth: its tables, its signing key, and the first entry, which names the public half."""
    os.close(create_private(path))  # SQLite gives its side files the same mode
    db = connect(path, key)
    try:
        with speaking(path):
            bring_up_to_date(db, at=at)
            private = new_signing_key()
            body = {"vault": vault, "tool": f"Archiver {__version__}", "public_key": public_key(private)}
            with transaction(db):
                db.execute("insert into signing (id, private_key) values (1, ?)", (private,))
                add_entry(db, vault, VAULT_KIND, body, at=at, by=By())
    finally:
        db.close()


def _folder_beside(folder: Path) -> Path:
    """An empty folder, mode 0700, on the same disk as the one that is to be."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
    except OSError as error:
        raise refused(error, folder.parent) from error


def _refuse_what_is_there(folder: Path) -> None:
    names = _names(folder)
    if {DATABASE, keys.FILE} & names:
        raise UsageError(f"There is a vault in {folder} already; nothing was changed.")
    if names:
        raise VaultForeign(f"{folder} holds other things; choose a folder that is empty or not there yet.")


def _refuse_foreign(folder: Path) -> None:
    names = _names(folder)
    if not names:
        raise VaultMissing(f"There is no vault in {folder}; make one with init.")
    if not {DATABASE, keys.FILE} & names:
        raise VaultForeign(f"{folder} holds other things and no vault; name the vault's own folder.")
    for name in (DATABASE, keys.FILE):
        if name not in names:
            raise VaultForeign(f"{folder} is a vault without its {name}; put that file back from a backup.")
    try:
        with (folder / DATABASE).open("rb") as file:
            start = file.read(len(PLAIN_SQLITE))
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise VaultForeign(f"{folder / DATABASE} can't be read: {error.strerror}.") from error
    if len(start) < len(PLAIN_SQLITE) or start == PLAIN_SQLITE:
        raise VaultForeign(f"{folder / DATABASE} is not a vault's database; put that file back from a backup.")
    if size % PAGE_BYTES and f"{DATABASE}-wal" not in names:  # with its log beside it, the last page is in there
        raise VaultDamaged(f"{folder / DATABASE} is damaged: its end is missing. Put that file back from a backup.")


def _names(folder: Path) -> set[str]:
    """What lies in the folder; nothing where there is no folder."""
    try:
        return set(os.listdir(folder))  # noqa: PTH208 - names are what is wanted
    except FileNotFoundError:
        return set()
    except NotADirectoryError as error:
        raise VaultForeign(f"{folder} is a file; a vault is a folder.") from error
    except OSError as error:
        raise VaultForeign(f"{folder} can't be looked into: {error.strerror}.") from error
