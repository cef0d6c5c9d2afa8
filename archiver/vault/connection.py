"""One connection to `notes.db` through SQLCipher, and what its errors mean. Creates no file, knows no table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3
from sqlcipher3 import dbapi2

from archiver.errors import DiskFull, VaultBusy, VaultDamaged, VaultError

# sqlite-utils takes its database module from `pysqlite3` where there is one. Under any other name it would import
# the plain sqlite3, and catch that one's errors instead of SQLCipher's.
sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = dbapi2

from sqlite_utils import Database  # noqa: E402 - only after the two lines above

PAGE_BYTES = 16_384  # 140-157 MB/s written, where SQLCipher's default of 4,096 gave half (DESIGN, measured)
PATIENCE = 30.0  # seconds to wait for another program's transaction; a capture's takes about one
LITTLE_ROOM = 1 << 20  # bytes free on a disk below which a failed write is taken for a full disk

DatabaseError = dbapi2.DatabaseError


def connect(path: Path, key: bytes, *, patience: float = PATIENCE) -> Database:
    """A connection with every setting in place, in this order. The file must be there. Raises VaultError."""
    with speaking(path):
        raw = dbapi2.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=patience)
        try:
            for pragma in (
                "cipher_log_level = NONE",  # else SQLCipher writes about damaged pages to stderr
                f"key = \"x'{key.hex()}'\"",
                f"cipher_page_size = {PAGE_BYTES}",
                "foreign_keys = on",
                "journal_mode = wal",
                "synchronous = full",  # "kept" is said after the commit, and must outlast a power cut
                "temp_store = memory",  # a sort that spills would be written in the clear
                "cell_size_check = on",  # a damaged page is named when it is read
            ):
                raw.execute(f"pragma {pragma}").fetchall()
            return Database(raw, execute_plugins=False)
        except dbapi2.Error:
            raw.close()
            raise


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turns the database's errors into sentences; a mistake of this program's own stays what it is."""
    try:
        yield
    except dbapi2.Error as error:
        told = _told(error, path)
        if told is None:
            raise
        raise told from error


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Everything inside, or nothing of it. The lock is taken first, so that two writers take turns."""
    db.execute("begin immediate")
    try:
        yield
        db.execute("commit")
    finally:
        if db.conn.in_transaction:  # what failed; where the disk is full, SQLite may have ended it already
            db.execute("rollback")


def _told(error: Exception, path: Path) -> VaultError | None:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if primary == dbapi2.SQLITE_FULL or (primary == dbapi2.SQLITE_IOERR and no_room(path)):
        return DiskFull("There is no room left on the vault's disk; nothing was half-kept. Free some and try again.")
    if primary in (dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED):
        return VaultBusy("Another program is writing to the vault; try again when it has finished.")
    if primary == dbapi2.SQLITE_NOTADB:
        return VaultDamaged(f"{path} is damaged, or is not the database that keys.json is for; put both back together.")
    if primary in (dbapi2.SQLITE_CORRUPT, dbapi2.SQLITE_IOERR):
        return VaultDamaged(f"{path} is damaged: {error}. Keep it as it is, and restore a backup in another place.")
    if primary in (dbapi2.SQLITE_READONLY, dbapi2.SQLITE_CANTOPEN, dbapi2.SQLITE_PERM):
        return VaultError(f"{path} can't be opened for writing: {error}.")
    if str(error).startswith(("no such ", "Could not decode")):
        return VaultDamaged(f"{path} is damaged: {error}. Keep it as it is, and restore a backup in another place.")
    return None


def no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < LITTLE_ROOM
    except OSError:
        return False
