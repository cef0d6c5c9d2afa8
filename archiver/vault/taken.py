"""What came through the inbox, as the log tells of it, and the secret half of the inbox's key. Opens no item itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from sqlite_utils import Database

from archiver import keys
from archiver.errors import VaultDamaged
from archiver.integrity import CAPTURE_KIND, GENESIS, INBOX_KIND, is_digest
from archiver.records import Entry
from archiver.vault.connection import transaction


@dataclass(frozen=True)
class ItemRow:
    """One row of `sealed_items`, in the order of its columns."""

    entry: int
    n: int  # how far the inbox had come; 0: the entry says nothing about that
    sha256: str  # of the item's sealed bytes; empty where it was not the one that was put in
    capture: str  # empty: nothing could be taken in


class NotAnItem(ValueError):
    """The entry lacks what its kind must have."""


def item_row(entry: Entry) -> ItemRow | None:
    """What the entry puts into `sealed_items`; None where it did not come through the inbox. Raises NotAnItem."""
    told = entry.body.get("inbox") if entry.kind == CAPTURE_KIND else entry.body
    if entry.kind not in (CAPTURE_KIND, INBOX_KIND) or told is None:
        return None
    try:
        row = ItemRow(entry.seq, told["n"], told["sha256"], entry.body["id"] if entry.kind == CAPTURE_KIND else "")
        faults = told["faults"]
    except (KeyError, TypeError, AttributeError) as error:
        raise NotAnItem("it lacks what an entry about the inbox must have") from error
    right = type(row.n) is int and row.n >= 0 and (is_digest(row.sha256) or row.sha256 == "")
    if not right or not isinstance(row.capture, str) or not isinstance(faults, list):
        raise NotAnItem("it lacks what an entry about the inbox must have")
    return row


def faults_of(entry: Entry) -> list[str]:
    """What was wrong with the item, in sentences. Raises NotAnItem."""
    if item_row(entry) is None:
        return []
    told = entry.body if entry.kind == INBOX_KIND else entry.body["inbox"]
    return [str(fault) for fault in told["faults"]]


def project(db: Database, entry: Entry) -> None:
    row = item_row(entry)
    if row is not None:
        db.execute("insert into sealed_items (entry, n, sha256, capture) values (?, ?, ?, ?)", astuple(row))


def rows(db: Database) -> Iterable[ItemRow]:
    found = db.execute("select entry, n, sha256, capture from sealed_items order by entry").fetchall()
    return [ItemRow(*row) for row in found]


def position(db: Database) -> tuple[int, str]:
    """Number and digest of the last item that the log accounts for."""
    row = db.execute("select n, sha256 from sealed_items order by n desc, entry desc limit 1").fetchone()
    return (int(row[0]), str(row[1])) if row and row[0] else (0, GENESIS)


def taken_as(db: Database, sha256: str) -> tuple[int, str] | None:
    """Number and capture of the item with that digest; None where it was not taken in."""
    row = db.execute("select n, capture from sealed_items where sha256 = ? and capture != ''", (sha256,)).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def give_mailbox(db: Database) -> None:
    """A key of its own for a vault that has none: at birth, and when an older vault is opened next."""
    if db.execute("select 1 from mailbox").fetchone():
        return
    with transaction(db):
        if not db.execute("select 1 from mailbox").fetchone():
            secret = keys.new_identity()
            db.execute(
                "insert into mailbox (id, secret, recipient) values (1, ?, ?)", (secret, keys.recipient_of(secret))
            )


def mailbox(db: Database) -> tuple[str, str]:
    """The secret and the public half. Raises VaultDamaged."""
    row = db.execute("select secret, recipient from mailbox").fetchone()
    if row is None:
        raise VaultDamaged("The key of the inbox is missing; run verify.")
    return str(row[0]), str(row[1])
