"""Readings: kept, superseded, and given back as the records that they were. Never touches what they were read from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from archiver.errors import UnknownId, VaultDamaged
from archiver.integrity import canonical, sha256_of, sound, sound_text
from archiver.records import Passage, Reading
from archiver.vault.passages import PassageRow, insert_passages
from archiver.vault.revive import NotRecords, from_json, to_json
from archiver.vault.words import search_text

COLUMNS = "id, capture, reader, made_with, at, outcome, detail, artifacts, records, passages_sha256, sha256, superseded"
DONE = "done"


def keep_reading(db: Database, reading: Reading) -> None:
    """Inside the caller's transaction. An earlier reading by the same reader stays, marked as superseded by this one.

    A reading that was not done does not replace one that was: it is kept as superseded from the start, so that a
    missing Tesseract can't take away words that were found before. Raises UnknownId.
    """
    if not db.execute("select 1 from captures where id = ?", (reading.capture,)).fetchone():
        raise UnknownId(f"There is no capture {reading.capture}.")
    new = db.execute("select coalesce(max(id), 0) + 1 from readings").fetchone()[0]
    current = db.execute(
        "select id, outcome from readings where capture = ? and reader = ? and superseded is null",
        (reading.capture, reading.reader),
    ).fetchone()
    superseded = current[0] if current and current[1] == DONE and reading.outcome != DONE else None
    if current and superseded is None:
        db.execute("update readings set superseded = ? where id = ?", (new, current[0]))
        db.execute("delete from passages where reading = ?", (current[0],))
    passages = passage_rows(new, reading) if superseded is None else []
    columns = (new, *_columns(reading), seal_of_passages(passages))
    db.execute(
        f"insert into readings ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        (*columns, seal(columns), superseded),
    )
    insert_passages(db, passages)


def readings(db: Database, capture: str) -> list[Reading]:
    """The current readings of a capture, oldest first. Raises VaultDamaged."""
    rows = db.execute(
        f"select {COLUMNS} from readings where capture = ? and superseded is null order by id",  # noqa: S608 - as above
        (capture,),
    ).fetchall()
    return [revived(row, _passages(db, row[0])) for row in rows]


def captures_without(db: Database, reader: str) -> list[str]:
    """Captures whose current reading by that reader is absent, or did not end as done; oldest first."""
    rows = db.execute(
        """select id from captures where not exists (select 1 from readings where capture = captures.id
        and reader = ? and superseded is null and outcome = ?) order by n""",
        (reader, DONE),
    ).fetchall()
    return [row[0] for row in rows]


def passage_rows(reading: int, made: Reading) -> list[PassageRow]:
    return [
        PassageRow(
            made.capture,
            reading,
            passage.source,
            (text := sound_text(passage.text)),
            search_text(text),
            passage.sha256,
            sound_text(passage.where),
        )
        for passage in made.passages
    ]


def seal(columns: Sequence[Any]) -> str:
    """A digest over a reading's own columns: a damaged one is known as such, and can be made again."""
    return sha256_of(canonical(list(columns)))


def seal_of_passages(rows: Sequence[PassageRow]) -> str:
    return sha256_of(canonical([[row.source, row.text, row.sha256, row.place] for row in rows]))


def _columns(reading: Reading) -> tuple[str, ...]:
    """From `capture` to `records`, as COLUMNS has them."""
    texts = (reading.capture, reading.reader, reading.made_with, reading.at, reading.outcome, reading.detail)
    of = json.dumps(list(reading.of), separators=(",", ":"))
    return (*sound(texts), of, to_json(reading.records))


def _passages(db: Database, reading: int) -> tuple[Passage, ...]:
    rows = db.execute("select source, text, sha256, place from passages where reading = ? order by id", (reading,))
    return tuple(Passage(*row) for row in rows.fetchall())


def revived(row: Sequence[Any], passages: tuple[Passage, ...]) -> Reading:
    number, capture, reader, made_with, at, outcome, detail, of, records = row[:9]
    try:
        artifacts = tuple(str(sha256) for sha256 in json.loads(of))
        return Reading(capture, reader, made_with, at, outcome, detail, artifacts, from_json(records), passages)
    except (NotRecords, ValueError, TypeError) as error:
        raise VaultDamaged(f"Reading {number} of {capture} is damaged; make it again: read {capture}.") from error
