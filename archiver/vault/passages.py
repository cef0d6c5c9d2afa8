"""Runs of text in the table that search looks through: derived from a reading, or from an entry of the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from sqlite_utils import Database


@dataclass(frozen=True)
class PassageRow:
    """One row of `passages`, in the order of its columns."""

    capture: str
    reading: int | None  # None: it comes from the log itself
    source: str
    text: str  # as it was read, but for lone surrogates
    folded: str  # `search_text(text)`
    sha256: str
    place: str


def insert_passages(db: Database, rows: Iterable[PassageRow]) -> None:
    """Inside the caller's transaction. A trigger puts each into the search index."""
    db.conn.executemany(
        """insert into passages (capture, reading, source, text, folded, sha256, place)
        values (?, ?, ?, ?, ?, ?, ?)""",
        map(astuple, rows),
    )
