"""The vault as it lies there, row by row, damaged or not: what verification walks. Judges nothing, mends nothing.

Rows are fetched one at a time by their key, so that a page that can't be read costs one row and not the walk.
Every method raises VaultDamaged where the database can't give what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archiver.errors import VaultDamaged
from archiver.records import Reading
from archiver.vault import logins as login_table
from archiver.vault import readings, taken, watches
from archiver.vault.anchors import AnchorRow
from archiver.vault.connection import connect, speaking
from archiver.vault.passages import PassageRow
from archiver.vault.projections import CaptureRow
from archiver.vault.schema import VERSION, expected_statements, statements
from archiver.watched import Watch

SHORT = "has an invalid size"  # how SQLCipher says that the file ends inside a page
FAULTS_AT_MOST = 100  # of one kind; a database that is gone altogether need not be described page by page


@dataclass(frozen=True)
class RequestRow:
    """One row of `requests`, in the order of its columns."""

    n: int
    authority: str
    made: str
    size: int
    checkpoint: bytes
    signature: bytes
    request: bytes


@dataclass(frozen=True)
class ReadingRow:
    """One row of `readings`, and beside it the passages that search has of it."""

    id: int
    reading: Reading
    superseded: int | None
    columns: tuple[int | str, ...]  # what `sha256` is the seal of; the last is the seal of the passages
    sha256: str
    passages: tuple[PassageRow, ...]

    def seal_is_whole(self) -> bool:
        return readings.seal(self.columns) == self.sha256

    def passages_are_whole(self) -> bool:
        return bool(readings.seal_of_passages(self.passages) == self.columns[-1])


class Inspection:
    def __init__(self, db: Database, path: Path, vault: str, key: bytes = b"") -> None:
        self.vault = vault  # the id that keys.json gives
        self._db = db
        self._path = path
        self._key = key  # lets the pages be checked on a connection of their own

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Everything read inside is of the same moment, whatever other programs add."""
        with speaking(self._path):
            self._db.execute("begin")
            try:
                yield
            finally:
                if self._db.conn.in_transaction:
                    self._db.execute("rollback")

    def page_count(self) -> int:
        return int(self._one("pragma page_count") or 0)

    def page_faults(self) -> list[str]:
        """SQLCipher's own check: every page of the file against its authentication code.

        On a connection of its own where there is a key, so that it can run in a thread beside the walk.
        """
        db = connect(self._path, self._key) if self._key else self._db
        try:
            with speaking(self._path):
                faults = [str(row[0]) for row in db.execute("pragma cipher_integrity_check").fetchmany(FAULTS_AT_MOST)]
        finally:
            if db is not self._db:
                db.close()
        return [fault for fault in faults if not (SHORT in fault and self._log_is_beside())]

    def _log_is_beside(self) -> bool:
        """A full disk can stop the folding of the log in the middle of the last page, which the log then still has."""
        try:
            return self._path.with_name(f"{self._path.name}-wal").stat().st_size > 0
        except OSError:
            return False

    def structure_faults(self) -> list[str]:
        """SQLite's own check: trees, indexes, constraints, and the search index within itself.

        Of `chunks`, where nearly all bytes lie, only the tree and its index are compared here: each chunk is read, and
        its page's authentication code with it, when its artifact is hashed. Reading them once instead of three times
        is what makes verifying as fast as it is (benchmarks/verify.py).
        """
        tables = [
            row[0] for row in self._all("select name from sqlite_master where type = 'table' and name != 'chunks'")
        ]
        faults: list[str] = []
        for table in ("sqlite_schema", *tables):
            said = self._texts(f"pragma integrity_check ('{table.replace(chr(39), chr(39) * 2)}')")
            lines = [line for text in said for line in text.splitlines()]  # many faults may come as one text
            faults += [line for line in lines if line != "ok" and not line.startswith("*** in ")]
        if self._chunks_by("not indexed") != self._chunks_by("indexed by sqlite_autoindex_chunks_1"):
            faults.append("the index of chunks does not fit the chunks")
        return faults[:FAULTS_AT_MOST]

    def _chunks_by(self, tree: str) -> list[tuple[int, str, int]]:
        return sorted(self._all(f"select rowid, artifact, n from chunks {tree}"))  # noqa: S608 - constants

    def schema_faults(self) -> list[str]:
        """Tables, indexes and triggers that are not as this version makes them."""
        with speaking(self._path):
            there, expected = statements(self._db), expected_statements()
        faults = [f"{name} is missing" for name in expected.keys() - there.keys()]
        faults += [f"{name} is not part of a vault" for name in there.keys() - expected.keys()]
        faults += [
            f"{name} is not as it was made" for name in expected if there.get(name, expected[name]) != expected[name]
        ]
        versions = [row[0] for row in self._all("select version from migrations order by version")]
        if versions != list(range(1, VERSION + 1)):
            faults.append("the record of migrations is not whole")
        return sorted(faults)

    def mailbox(self) -> tuple[str, str] | None:
        """The two halves of the inbox's key, as they lie there; None where there are none."""
        rows = self._all("select secret, recipient from mailbox")
        return (str(rows[0][0]), str(rows[0][1])) if len(rows) == 1 else None

    def sealed_items(self) -> list[taken.ItemRow]:
        with speaking(self._path):
            return list(taken.rows(self._db))

    def inbox_position_now(self) -> tuple[int, str]:
        """Number and digest of the last item that the log accounts for, whatever moment the rest is read as of."""
        db = connect(self._path, self._key) if self._key else self._db
        try:
            with speaking(self._path):
                return taken.position(db)
        finally:
            if db is not self._db:
                db.close()

    def head(self) -> tuple[int, str]:
        """What is recorded as the log's size and last digest; (0, "") where nothing is."""
        rows = self._all("select size, sha256 from head")
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    def log_numbers(self) -> list[int]:
        """The numbers of all entries, in order: from the table as far as it can be read, and from its index."""
        numbers: set[int] = set()
        unread = 0
        for tree in ("not indexed", "indexed by sqlite_autoindex_log_1"):
            try:
                with speaking(self._path):
                    numbers.update(row[0] for row in self._db.execute(f"select seq from log {tree}"))  # noqa: S608 - constants
            except VaultDamaged:
                unread += 1
                if unread == 2:
                    raise
        return sorted(numbers)

    def log_row(self, seq: int) -> tuple[str, bytes] | None:
        """Recorded digest and stored bytes of one entry; None where there is none."""
        rows = self._all("select sha256, data from log where seq = ?", seq)
        return (rows[0][0], rows[0][1]) if rows else None

    def signing_key(self) -> bytes:
        return bytes(self._one("select private_key from signing where id = 1") or b"")

    def artifact_names(self) -> list[str]:
        return [row[0] for row in self._all("select sha256 from artifacts order by rowid")]

    def artifact_row(self, sha256: str) -> tuple[int, int] | None:
        """Size and number of chunks, as recorded."""
        rows = self._all("select size, chunks from artifacts where sha256 = ?", sha256)
        return (rows[0][0], rows[0][1]) if rows else None

    def chunk(self, sha256: str, n: int) -> bytes | None:
        data = self._one("select data from chunks where artifact = ? and n = ?", sha256, n)
        return None if data is None else bytes(data)

    def chunk_numbers(self, sha256: str) -> list[int]:
        return [row[0] for row in self._all("select n from chunks where artifact = ? order by n", sha256)]

    def pieces(self, sha256: str) -> list[tuple[int, str]]:
        """Where whole files stand in it, and their names."""
        return self._all("select at, piece from pieces where artifact = ? order by at", sha256)

    def piece_names(self) -> set[str]:
        """Everything that stands as a piece in an artifact that is there."""
        rows = self._all("select distinct piece from pieces where artifact in (select sha256 from artifacts)")
        return {row[0] for row in rows}

    def stray_chunks(self) -> list[tuple[str, int]]:
        """Chunks of artifacts that are not there: the artifact's name and how many."""
        return self._all(
            """select artifact, count(*) from chunks
            where artifact not in (select sha256 from artifacts) group by artifact"""
        )

    def captures(self) -> list[CaptureRow]:
        rows = self._all(
            "select n, id, entry, requested, final, status, failure, at from captures order by n",
        )
        return [CaptureRow(*row) for row in rows]

    def watches(self) -> list[tuple[int, Watch]]:
        """Each with its number, which its id repeats."""
        columns = ", ".join(("n", *watches.COLUMNS))
        rows = self._all(f"select {columns} from watches order by n")  # noqa: S608 - constants
        return [(row[0], watches.of_row(row[1:])) for row in rows]

    def requests(self) -> list[RequestRow]:
        """Every request for a time stamp."""
        columns = "n, authority, made, size, checkpoint, signature, request"
        return [RequestRow(*row) for row in self._all(f"select {columns} from requests order by n")]  # noqa: S608 - a constant

    def answers(self) -> list[AnchorRow]:
        rows = self._all(
            """select entry, anchor, authority, size, granted, time, request_sha256, reply_sha256
            from answers order by entry"""
        )
        return [AnchorRow(*row) for row in rows]

    def artifact_bytes(self, sha256: str) -> bytes:
        """A small artifact that has no pieces, as it lies there."""
        return b"".join(self.chunk(sha256, n) or b"" for n in self.chunk_numbers(sha256))

    def logins(self) -> dict[str, tuple[str, ...]]:
        """Names and hosts; what is in them is nobody's business here."""
        with speaking(self._path):
            return {login.name: login.hosts for login in login_table.logins(self._db)}

    def notes(self) -> list[PassageRow]:
        return self._passages("reading is null")

    def loose_passages(self) -> list[tuple[int, str]]:
        """Passages of readings that are not there, or no longer current: number and capture."""
        return self._all(
            """select id, capture from passages where reading is not null
            and reading not in (select id from readings where superseded is null)"""
        )

    def passage_count(self) -> int:
        return int(self._one("select count(*) from passages") or 0)

    def index_faults(self) -> list[str]:
        """The search index against the passages, word for word: SQLite's check of the structure does not compare them.

        Takes the vault's write lock for its time, and writes nothing. Raises VaultBusy.
        """
        try:
            with speaking(self._path):
                self._db.execute("insert into passage_words (passage_words, rank) values ('integrity-check', 1)")
        except VaultDamaged as error:
            return [str(error.__cause__)]
        return []

    def reading_ids(self) -> list[int]:
        return [row[0] for row in self._all("select id from readings order by id")]

    def reading(self, number: int) -> ReadingRow | None:
        """One reading with its records revived. Raises VaultDamaged where they can't be."""
        rows = self._all(f"select {readings.COLUMNS} from readings where id = ?", number)  # noqa: S608 - a constant
        if not rows:
            return None
        *columns, sha256, superseded = rows[0]
        passages = self._passages("reading = ?", number)
        made = readings.revived(rows[0], ())
        return ReadingRow(number, made, superseded, tuple(columns), sha256, tuple(passages))

    def _passages(self, where: str, *values: Any) -> list[PassageRow]:
        columns = "capture, reading, source, text, folded, sha256, place"
        rows = self._all(f"select {columns} from passages where {where} order by id", *values)  # noqa: S608 - constants
        return [PassageRow(*row) for row in rows]

    def _texts(self, pragma: str) -> list[str]:
        with speaking(self._path):
            return [str(row[0]) for row in self._db.execute(pragma).fetchmany(FAULTS_AT_MOST)]

    def _one(self, sql: str, *values: Any) -> Any:
        rows = self._all(sql, *values)
        return rows[0][0] if rows else None

    def _all(self, sql: str, *values: Any) -> list[Any]:
        with speaking(self._path):
            return list(self._db.execute(sql, values).fetchall())
