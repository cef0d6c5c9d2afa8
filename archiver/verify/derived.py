"""The checks of what can be made again: projections against the log, readings against what they name. Mends nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archiver.errors import VaultDamaged
from archiver.records import Checked, Finding
from archiver.vault import search_text
from archiver.vault.inspection import Inspection, ReadingRow
from archiver.verify.promised import Promised, Results

OUTCOMES = ("done", "skipped", "failed")
NONE_YET = "There is none yet."


def captures(kept: Inspection, promised: Promised) -> Results:
    """The table of captures is what the log makes of itself."""
    right = {row.id: row for row in promised.captures}
    doubled = Counter(row.id for row in promised.captures)
    for row in promised.captures:
        if doubled[row.id] > 1:
            yield Finding("captures", f"entry {row.entry}", f"More than one entry is {row.id}.")
    there = {row.id: row for row in kept.captures()}
    for identifier in sorted(right.keys() - there.keys()):
        yield Finding("captures", f"captures {identifier}", "The log holds it, and the table does not.")
    for identifier, row in there.items():
        if identifier not in right:
            yield Finding("captures", f"captures {identifier}", "The table holds it, and the log does not.")
        elif row != right[identifier]:
            yield Finding("captures", f"captures {identifier}", "The table does not say what the log says.")
    yield Checked("captures", len(right), "" if right else NONE_YET)


def watches(kept: Inspection, promised: Promised) -> Results:
    """The table of watches is what the log makes of itself, and each began with a capture that is there."""
    right, there = promised.watches, {row.id: (n, row) for n, row in kept.watches()}
    for identifier in sorted(right.keys() - there.keys()):
        yield Finding("watches", f"watches {identifier}", "The log holds it, and the table does not.")
    for identifier, (n, row) in there.items():
        if identifier not in right:
            yield Finding("watches", f"watches {identifier}", "The table holds it, and the log does not.")
        elif row != right[identifier] or identifier != f"W{n}":
            yield Finding("watches", f"watches {identifier}", "The table does not say what the log says.")
    for identifier, row in right.items():
        for capture in sorted({row.capture, row.seen} - promised.of_capture.keys()):
            yield Finding("watches", f"watches {identifier}", f"It names {capture}, which the log does not hold.")
    yield Checked("watches", len(right), "" if right else NONE_YET)


def logins(kept: Inspection, promised: Promised) -> Results:
    """There are those logins that the log says were added and not removed. What is in them can't be checked."""
    there = kept.logins()
    for name, hosts in promised.logins.items():
        if name not in there:
            yield Finding("logins", f"login {name}", "The log says that it is there, and it is not. Sign in again.")
        elif there[name] != hosts:
            yield Finding("logins", f"login {name}", "It is for other hosts than the log says. Remove it.")
    for name in sorted(there.keys() - promised.logins.keys()):
        yield Finding("logins", f"login {name}", "The log does not know of it. Remove it.")
    yield Checked(
        "logins", len(promised.logins), "Whether they still work is not known." if promised.logins else NONE_YET
    )


def notes(kept: Inspection, promised: Promised) -> Results:
    """The notes that search finds are those of the log, and each is about a capture that is there."""
    right, there = Counter(promised.notes), Counter(kept.notes())
    for capture in sorted({row.capture for row in promised.notes} - promised.of_capture.keys()):
        yield Finding("notes", f"passages {capture}", f"It is about {capture}, which the log does not hold.")
    for row in (right - there) + (there - right):
        yield Finding("notes", f"passages {row.capture}", "The note that search finds is not the log's.")
    yield Checked("notes", len(promised.notes), "" if promised.notes else NONE_YET)


def readings(kept: Inspection, promised: Promised) -> Results:
    """Each is whole, and names a capture and artifacts that are there; each older one names the one that followed."""
    numbers = kept.reading_ids()
    seen: dict[int, tuple[str, str]] = {}
    pointers = []
    for number in numbers:
        try:
            row = kept.reading(number)
        except VaultDamaged as error:
            yield Finding("readings", f"reading {number}", str(error))
            continue
        if row is None:
            yield Finding("readings", f"reading {number}", "It is listed and can't be found.")
            continue
        seen[number] = (row.reading.capture, row.reading.reader)
        pointers.append((number, row.superseded))
        for fault in _reading_faults(row, promised):
            yield Finding("readings", f"reading {number} ({row.reading.capture}, {row.reading.reader})", fault)
    for number, follower in pointers:
        if follower is not None and (follower == number or seen.get(follower) != seen[number]):
            yield Finding("readings", f"reading {number}", "It names no reading that took its place.")
    yield Checked("readings", len(numbers), "" if numbers else NONE_YET)


def search(kept: Inspection) -> Results:
    """Search looks at nothing but current readings and notes."""
    for number, capture in kept.loose_passages():
        what = "Search finds it, and it belongs to no current reading."
        yield Finding("search", f"passage {number} ({capture})", what)
    yield Checked("search", kept.passage_count())


def search_index(kept: Inspection) -> Results:
    """The index is that of the passages, word for word."""
    for fault in kept.index_faults():
        yield Finding("search index", "passage_words", f"It does not fit the passages; SQLite says: {fault}.")
    yield Checked("search index", kept.passage_count())


def _reading_faults(row: ReadingRow, promised: Promised) -> Iterator[str]:
    reading = row.reading
    again = f"Make it again: read {reading.capture}."
    if not row.seal_is_whole():
        yield f"It is not what was written. {again}"
    named = promised.of_capture.get(reading.capture)
    if named is None:
        yield "It names a capture that the log does not hold."
    elif not named.issuperset(reading.of):
        yield "It names artifacts that its capture does not have."
    if reading.outcome not in OUTCOMES:
        yield "Its outcome is none that there is."
    if row.superseded is not None:
        return
    if not row.passages_are_whole():
        yield f"The words that search has of it are not those that were read. {again}"
    for passage in row.passages:
        if passage.capture != reading.capture or passage.folded != search_text(passage.text):
            yield f"The words that search has of it are not those that were read. {again}"
            return
