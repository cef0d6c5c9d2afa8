"""The checks of what fixed the log from outside: checkpoints, signatures, time stamps, and each entry's time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from archiver import integrity, timestamp
from archiver.clock import rfc3339
from archiver.errors import VaultDamaged
from archiver.integrity import sha256_of
from archiver.records import Checked, Dated, Entry, Finding
from archiver.vault.anchors import AnchorRow, anchor_row
from archiver.vault.inspection import Inspection
from archiver.verify.promised import Promised, Results, few, sentence

UNWITNESSED = (
    "Nothing outside this vault has fixed the log yet: whoever can open the vault could have written it all anew."
)
UNRELIABLE = "No time stamp held, so none says when anything was there."
NO_ROOTS = "Not checked: this computer has no roots to judge time stamps by; name a file with ARCHIVER_ANCHOR_ROOTS."
UNSEEN_FRACTION = timedelta(seconds=1)  # a token's fraction of a second is not read: it may have been that much later
CLOCK_TOLERANCE = timedelta(minutes=10)  # a visit ends, and is kept when other visits' answers have been waited for


@dataclass(frozen=True)
class Stamp:
    """One time stamp that holds: entries up to `size` were there before it, and those from `entry` on came after."""

    entry: int
    size: int
    after: datetime  # the token's time less its accuracy
    before: datetime  # and more
    authority: str


@dataclass
class Stamps:
    """The time stamps that hold, gathered while they are checked."""

    held: list[Stamp] = field(default_factory=list)


def checkpoints(kept: Inspection, promised: Promised) -> Results:
    """What was sent to be stamped is the log as it was at that size."""
    said = [(name, size, data) for name, size, data, _ in _signed(kept, promised)]
    wanted = promised.commitments({size for _, size, _ in said})
    for name, size, data in said:
        if data != wanted.get(size):
            yield Finding("checkpoints", name, f"Its checkpoint is not that of the log as it was at {size} entries.")
    yield Checked("checkpoints", len(said), "" if said else "None was ever made.")


def signatures(kept: Inspection, promised: Promised) -> Results:
    public = str(promised.first.body.get("public_key")) if promised.first else ""
    count = 0
    for name, _, data, signature in _signed(kept, promised):
        count += 1
        for fault in integrity.signature_faults(public, data, signature):
            yield Finding("checkpoint signatures", name, sentence(fault))
    yield Checked("checkpoint signatures", count, "" if count else "None was ever made.")


def answers(kept: Inspection, promised: Promised) -> Results:
    """The table of answers is what the log makes of itself, and each answers a request that is there."""
    right = {row.entry: row for row in promised.answers}
    there = {row.entry: row for row in kept.answers()}
    requests = {row.n: row for row in kept.requests()}
    for seq in sorted(right.keys() | there.keys()):
        if right.get(seq) != there.get(seq):
            yield Finding("answers", f"entry {seq}", "The table of answers does not say what the log says.")
    for row in right.values():
        asked = requests.get(row.anchor)
        if asked is None or sha256_of(asked.request) != row.request_sha256 or asked.authority != row.authority:
            yield Finding("answers", f"entry {row.entry}", "It answers a request that was not made.")
    for entry in promised.anchor_entries:
        asked = requests.get(entry.body["anchor"])
        if asked is not None and (asked.made, asked.checkpoint) != (entry.body.get("asked"), _point(entry)):
            yield Finding("answers", f"entry {entry.seq}", "It speaks of a request in other words than were kept.")
    for before, after in pairwise((0, *sorted(requests))):
        if after != before + 1:
            yield Finding("answers", f"request {before + 1}", "It is missing, and later ones are there.")
    for asked in requests.values():
        if not _is_over(asked.request, asked.checkpoint):
            yield Finding("answers", f"request {asked.n}", "The request is not for its checkpoint.")
    yield Checked("answers", len(right), "" if right else "There is none yet.")


def time_stamps(kept: Inspection, promised: Promised, stamps: Stamps, roots: Sequence[bytes]) -> Results:
    """Each answer by itself: its digest, its number, its signer and what that may sign, and its time."""
    if not roots and promised.anchor_entries:
        yield Checked("time stamps", 0, NO_ROOTS)
        return
    notes = []
    states = promised.commitments({row.size for row in promised.answers})
    for entry in promised.anchor_entries:
        row = anchor_row(entry)
        if row is None:
            continue
        wrong = list(_stamp_faults(kept, entry, row, stamps, roots, state=states.get(row.size)))
        if entry.body["granted"]:
            for fault in wrong:
                yield Finding("time stamps", f"entry {entry.seq}", sentence(fault))
        elif wrong:
            notes.append(f"Entry {entry.seq} brings none: {'; '.join(wrong)}.")
    yield from _order_faults(stamps)
    waiting = len(kept.requests()) - len({row.anchor for row in promised.answers})
    if waiting > 0:
        notes.append(f"{waiting} request{'s' if waiting > 1 else ''} without an answer.")
    yield Checked(
        "time stamps", len(stamps.held), " ".join(notes) or ("" if stamps.held or promised.answers else UNWITNESSED)
    )


def entry_times(promised: Promised, stamps: Stamps) -> Results:
    """When each entry was there, as far as time stamps tell: runs of entries that stand alike."""
    found = _bounds(promised.times, stamps.held)
    bounds = [(seq, *found[seq]) for seq in sorted(found)]
    for (after, before), run in groupby(bounds, key=lambda each: (each[1], each[2])):
        numbers = [seq for seq, *_ in run]
        if after or before:
            yield Dated("entry times", numbers[0], numbers[-1], _told(after), _told(before))
    bounded = sum(1 for _, after, before in bounds if before is not None)
    notes = [] if bounded else [UNRELIABLE if promised.answers else UNWITNESSED]
    loose = len(bounds) - bounded
    if bounded and loose:
        notes.append(
            f"{loose} of {len(bounds)} are later than the last time stamp: nothing outside has fixed them yet."
        )
    notes += _clock_notes(promised, bounds)
    yield Checked("entry times", bounded, " ".join(notes))


def _clock_notes(promised: Promised, bounds: list[tuple[int, datetime | None, datetime | None]]) -> Iterator[str]:
    """Where the computer's own clock can't have been right."""
    wrong = []
    for seq, after, before in bounds:
        at = promised.times[seq]
        if (after and at < after - CLOCK_TOLERANCE) or (before and at > before + CLOCK_TOLERANCE):
            wrong.append(str(seq))
    if wrong:
        yield (f"The computer's clock was wrong when these were written; the time stamps hold: entries {few(wrong)}.")
    back, latest = [], None
    for seq, at in sorted(promised.times.items()):
        if latest is not None and at < latest - CLOCK_TOLERANCE:
            back.append(str(seq))
        latest = at
    if back:
        yield f"The computer's clock went back before these were written: entries {few(back)}."


def _signed(kept: Inspection, promised: Promised) -> Iterator[tuple[str, int, bytes, bytes]]:
    """Every checkpoint there is: what it is named by, its size, its bytes and its signature."""
    for row in kept.requests():
        yield f"request {row.n}", row.size, row.checkpoint, row.signature
    for entry in promised.anchor_entries:
        size = int(str(entry.body["checkpoint"]).split("\n")[1])
        yield f"entry {entry.seq}", size, _point(entry), bytes.fromhex(entry.body["signature"])


def _stamp_faults(
    kept: Inspection,
    entry: Entry,
    row: AnchorRow,
    stamps: Stamps,
    roots: Sequence[bytes],
    *,
    state: bytes | None,
) -> Iterator[str]:
    """`state` is the log's own checkpoint at that size: a token over anything else dates nothing here."""
    checkpoint = _point(entry)
    try:
        request, answer = kept.artifact_bytes(row.request_sha256), kept.artifact_bytes(row.reply_sha256)
        asked, reply = timestamp.read_request(request), timestamp.read_reply(answer)
    except (VaultDamaged, timestamp.NotAReply) as error:
        yield str(error).rstrip(".")
        return
    if asked.sha256 != sha256_of(checkpoint):
        yield "the request is not for its checkpoint"
    faults = list(timestamp.faults(reply, request=asked, roots=roots))
    yield from faults
    if reply.time is None:
        return
    if rfc3339(reply.time) != entry.body["time"]:
        yield "the entry gives another time than the token"
    elif not faults and state is not None and asked.sha256 == sha256_of(checkpoint) == sha256_of(state):
        accuracy = timedelta(milliseconds=reply.accuracy_ms or 0)
        stamps.held.append(
            Stamp(entry.seq, row.size, reply.time - accuracy, reply.time + accuracy + UNSEEN_FRACTION, row.authority)
        )


def _order_faults(stamps: Stamps) -> Results:
    """A token over a checkpoint that holds an earlier token can't be older than that one."""
    bounds = _bounds([stamp.size for stamp in stamps.held], stamps.held)
    for stamp in stamps.held:
        after, _ = bounds[stamp.size]
        if after is not None and stamp.before < after:
            what = "Its time is before that of a time stamp which it covers."
            yield Finding("time stamps", f"entry {stamp.entry}", what)


def _bounds(numbers: Iterable[int], held: list[Stamp]) -> dict[int, tuple[datetime | None, datetime | None]]:
    """For each entry the latest time that it came after, and the earliest that it was there before."""
    rising, after = sorted(set(numbers)), {}
    latest: datetime | None = None
    by_entry = sorted(held, key=lambda stamp: stamp.entry, reverse=True)
    for number in rising:
        while by_entry and by_entry[-1].entry <= number:
            moment = by_entry.pop().after
            latest = moment if latest is None else max(latest, moment)
        after[number] = latest
    earliest: datetime | None = None
    by_size, made = sorted(held, key=lambda stamp: stamp.size), {}
    for number in reversed(rising):
        while by_size and by_size[-1].size >= number:
            moment = by_size.pop().before
            earliest = moment if earliest is None else min(earliest, moment)
        made[number] = (after[number], earliest)
    return made


def _point(entry: Entry) -> bytes:
    return str(entry.body["checkpoint"]).encode()


def _told(moment: datetime | None) -> str:
    return rfc3339(moment) if moment else ""


def _is_over(request: bytes, checkpoint: bytes) -> bool:
    try:
        return timestamp.read_request(request).sha256 == sha256_of(checkpoint)
    except timestamp.NotAReply:
        return False
