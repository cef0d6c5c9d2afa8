"""What the log says should be there, and the words of the checks. Looks at nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from archiver.integrity import BACKUP_KIND, BUNDLE_KIND, GENESIS, NotAnEntry, entry_of, is_digest
from archiver.records import Checked, Dated, Entry, Finding
from archiver.vault.anchors import AnchorRow, NotAnAnchor, anchor_row
from archiver.vault.logins import NotALogin, standing_after
from archiver.vault.passages import PassageRow
from archiver.vault.projections import CaptureRow, NotProjectable, capture_row, note_rows
from archiver.vault.taken import ItemRow, NotAnItem, faults_of, item_row
from archiver.vault.watches import NotAWatch, named_watch, watch_after
from archiver.watched import Watch

Results = Iterator[Finding | Checked | Dated]


@dataclass
class Promised:
    """What the log says should be there, gathered while its entries are walked."""

    artifacts: dict[str, tuple[int, str]] = field(default_factory=dict)  # SHA-256: size, and the first that names it
    of_capture: dict[str, set[str]] = field(default_factory=dict)  # capture's id: SHA-256 of its artifacts
    captures: list[CaptureRow] = field(default_factory=list)
    watches: dict[str, Watch] = field(default_factory=dict)
    items: dict[int, ItemRow] = field(default_factory=dict)  # by entry: what came through the inbox
    item_faults: list[tuple[str, str]] = field(default_factory=list)  # which entry, and what was wrong with its item
    logins: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name: hosts
    notes: list[PassageRow] = field(default_factory=list)
    kinds: list[tuple[int, str]] = field(default_factory=list)  # entry's number and kind
    copies: list[Entry] = field(default_factory=list)  # what they say of bundles and backups
    first: Entry | None = None
    last: tuple[int, str] = (0, GENESIS)  # number and recorded digest of the last entry that is there
    digests: dict[int, str] = field(default_factory=dict)  # entry's number: recorded SHA-256
    times: dict[int, datetime] = field(default_factory=dict)  # entry's number: its own time, by this computer's clock
    anchor_entries: list[Entry] = field(default_factory=list)  # answers of time-stamp authorities
    answers: list[AnchorRow] = field(default_factory=list)

    def commitments(self, sizes: set[int] | None = None) -> dict[int, bytes]:
        """The log's checkpoint at each of these sizes, or at all; none beyond an entry that is missing."""
        made: dict[int, bytes] = {}
        digest, vault = hashlib.sha256(), str(self.first.body.get("vault")) if self.first else ""
        for size in range(1, len(self.digests) + 1):
            if size not in self.digests:
                break
            digest.update(f"{self.digests[size]}\n".encode("ascii"))
            if sizes is None or size in sizes:
                made[size] = f"{vault}\n{size}\n{digest.copy().hexdigest()}\n".encode("ascii")
        return made


def gather(promised: Promised, seq: int, data: bytes) -> Iterator[Finding]:
    """What one entry promises. An entry that can't be read promises nothing, and was named already."""
    try:
        entry = entry_of(data)
        promised.kinds.append((seq, entry.kind))
        if entry.kind in (BUNDLE_KIND, BACKUP_KIND):
            promised.copies.append(entry)
        promised.times |= _time_of(seq, entry)
        if seq == 1:
            promised.first = entry
        named = [(a["sha256"], a["size"]) for a in entry.body.get("artifacts", ())]
        if not all(is_digest(sha256) and type(size) is int for sha256, size in named):
            raise NotProjectable("it names artifacts that can't be")
        for sha256, size in named:
            said, namer = promised.artifacts.setdefault(sha256, (size, f"entry {seq}"))
            if size != said:
                yield Finding(
                    "entry form", f"entry {seq}", f"It names {sha256} with {size} bytes; {namer} says {said}."
                )
        capture = capture_row(entry)
        if capture is not None:
            promised.captures.append(capture)
            promised.of_capture.setdefault(capture.id, set()).update(sha256 for sha256, _ in named)
        promised.notes.extend(note_rows(entry))
        item = item_row(entry)
        if item is not None:
            promised.items[seq] = item
            promised.item_faults += [(f"entry {seq}", fault) for fault in faults_of(entry)]
        watched = named_watch(entry)
        if watched is not None:
            promised.watches[watched] = watch_after(promised.watches.get(watched), entry)
        answered = anchor_row(entry)
        if answered is not None:
            promised.answers.append(answered)
            promised.anchor_entries.append(entry)
        promised.logins = standing_after(promised.logins, entry)
    except NotAnEntry:
        return
    except (NotProjectable, NotAWatch, NotAnAnchor, NotALogin, NotAnItem, TypeError, KeyError) as error:
        known = isinstance(error, (NotProjectable, NotAWatch, NotAnAnchor, NotALogin, NotAnItem))
        fault = str(error) if known else "it names artifacts that can't be"
        yield Finding("entry form", f"entry {seq}", sentence(fault))


def _time_of(seq: int, entry: Entry) -> dict[int, datetime]:
    """Its own time; nothing where there is no such day."""
    try:
        return {seq: datetime.fromisoformat(entry.at)}
    except ValueError:
        return {}


def sentence(fault: str) -> str:
    return f"{fault[0].upper()}{fault[1:]}."


def entries_named(first: int, last: int) -> str:
    return f"entry {first}" if first == last else f"entries {first} to {last}"


def few(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
