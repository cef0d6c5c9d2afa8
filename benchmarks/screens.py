"""How many messages of made-up screenshots come out right: text, side and time. Scores here, pictures elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.ocr import distance, plain
from benchmarks.phones import Shown
from extractors.contract import Message, Problem

LEAST = 0.02  # character errors that a message's text may hold


@dataclass
class Score:
    """One picture, or the sum of several."""

    wanted: int = 0
    right: int = 0  # text, side and time
    text: int = 0
    side: int = 0
    time: int = 0
    sender: int = 0
    extra: int = 0  # messages read where none stands
    between: int = 0  # dates, calls and system lines
    between_right: int = 0
    titled: bool = True
    misses: list[str] = field(default_factory=list)


def score(shown: Sequence[Shown], conversation: str, records: Sequence[Message | Problem]) -> Score:
    """Each thing that stands on the picture is given the closest record that no other was given."""
    result = Score()
    read = [record for record in records if isinstance(record, Message)]
    left = list(read)
    result.titled = plain(conversation) == plain(read[0].conversation if read else "")
    for one in shown:
        record = _closest(one, left)
        if record is not None:
            left = [other for other in left if other is not record]
        if one.kind == "message":
            _count(result, one, record)
            continue
        result.between += 1
        kind = "system" if one.kind == "date" else one.kind
        good = record is not None and record.kind == kind and _close(one.text, record.text)
        good = good and (one.kind != "date" or (record is not None and "date" in record.labels))
        result.between_right += good
        if not good:
            result.misses.append(f"between: {one} read {record and (record.kind, record.text, record.labels)}")
    extra = [record for record in left if record.kind == "message"]
    result.extra = len(extra)
    result.misses += [f"extra: {record.text!r} {record.labels} {record.where}" for record in extra]
    result.misses += [f"problem: {record}" for record in records if isinstance(record, Problem)]
    if not result.titled:
        result.misses.append(f"title {conversation!r} read {read[0].conversation if read else ''!r}")
    return result


def _count(result: Score, one: Shown, record: Message | None) -> None:
    result.wanted += 1
    text = record is not None and _close(one.text, record.text)
    side = record is not None and record.sent == one.sent
    time = record is not None and _clock(record.time.written if record.time else "") == _clock(one.time)
    sender = record is not None and (not one.sender or plain(record.author.name) == plain(one.sender))
    result.text += text
    result.side += side
    result.time += time
    result.sender += sender
    result.right += text and side and time
    if not (text and side and time and sender):
        result.misses.append(f"wanted {one}\n          read {record}")


def _clock(time: str) -> str:
    """A time without what no time hangs on: "5:26 AM" and "5:26am" are one."""
    return "".join(time.split()).casefold()


def _closest(one: Shown, left: Sequence[Message]) -> Message | None:
    wanted = plain(one.text)
    best = min(left, key=lambda record: distance(wanted, plain(record.text)), default=None)
    if best is None or distance(wanted, plain(best.text)) > 0.5 * max(2, len(wanted)):
        return None
    return best


def _close(wanted: str, read: str) -> bool:
    truth = plain(wanted)
    return distance(truth, plain(read)) <= LEAST * len(truth)
