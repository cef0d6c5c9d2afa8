"""What is read from the log into tables so that it can be found quickly: captures, watches, answers, notes.

Everything here is a function of the log. `rebuild` throws the tables away and makes them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

from sqlite_utils import Database

from archiver.integrity import CAPTURE_KIND, NOTE_KIND
from archiver.records import Entry
from archiver.vault import anchors, taken, watches
from archiver.vault.passages import PassageRow, insert_passages
from archiver.vault.words import search_text

NOTE = "note"


@dataclass(frozen=True)
class CaptureRow:
    """One row of `captures`, in the order of its columns."""

    n: int
    id: str  # "C" and n
    entry: int
    requested: str
    final: str
    status: int | None
    failure: str  # `Failure.kind`; empty where the page loaded
    at: str


class NotProjectable(ValueError):
    """The entry lacks what its kind must have."""


def capture_row(entry: Entry) -> CaptureRow | None:
    """What the entry puts into `captures`; None where it is of another kind. Raises NotProjectable."""
    if entry.kind != CAPTURE_KIND:
        return None
    body = entry.body
    try:
        row = CaptureRow(
            n=int(body["id"].removeprefix("C")),
            id=body["id"],
            entry=entry.seq,
            requested=body["requested"],
            final=body["final"],
            status=body["status"],
            failure=body["failure"]["kind"],
            at=entry.at,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotProjectable("it lacks what a capture's entry must have") from error
    texts = (row.requested, row.final, row.failure)
    whole = all(isinstance(text, str) for text in texts) and (row.status is None or type(row.status) is int)
    if not whole or row.id != f"C{row.n}":
        raise NotProjectable("it lacks what a capture's entry must have")
    return row


def note_rows(entry: Entry) -> Iterator[PassageRow]:
    """What the entry lets search find by itself: the person's note. Older captures carry theirs themselves."""
    if entry.kind not in (CAPTURE_KIND, NOTE_KIND):
        return
    about, note = entry.body.get("id" if entry.kind == CAPTURE_KIND else "capture"), entry.body.get("note", "")
    if isinstance(about, str) and isinstance(note, str) and note:
        yield PassageRow(about, None, NOTE, note, search_text(note), "", "the note")


def note_of(db: Database, capture: str) -> str:
    """What the person wrote about a capture; empty where nothing."""
    notes = "select text from passages where capture = ? and reading is null and source = ? order by id"
    return "\n".join(row[0] for row in db.execute(notes, (capture, NOTE)).fetchall())


def project(db: Database, entry: Entry) -> None:
    """Puts one entry into the tables, inside the caller's transaction."""
    row = capture_row(entry)
    if row is not None:
        db.execute(
            """insert into captures (n, id, entry, requested, final, status, failure, at)
            values (?, ?, ?, ?, ?, ?, ?, ?)""",
            astuple(row),
        )
    insert_passages(db, note_rows(entry))
    watches.project(db, entry)
    anchors.project(db, entry)
    taken.project(db, entry)


def rebuild(db: Database, entries: Iterable[Entry]) -> None:
    """Makes every projection again from the log, inside the caller's transaction.

    The search index comes first: where it does not fit the passages, none of them could be taken out of it.
    """
    db.execute("insert into passage_words (passage_words) values ('rebuild')")
    db.execute("delete from captures")
    db.execute("delete from watches")
    db.execute("delete from answers")
    db.execute("delete from sealed_items")
    db.execute("delete from passages where reading is null")
    last: Entry | None = None
    for last in entries:
        project(db, last)
    if last is not None:
        db.execute("insert or replace into head (id, size, sha256) values (1, ?, ?)", (last.seq, last.sha256))


def next_capture_id(db: Database) -> str:
    n = db.execute("select coalesce(max(n), 0) + 1 from captures").fetchone()[0]
    return f"C{n}"
