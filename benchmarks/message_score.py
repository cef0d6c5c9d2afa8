"""How many messages of a screenshot came out right: what stands on it beside what was read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from benchmarks.ocr import distance, plain
from benchmarks.phones import Shown
from extractors.contract import Message, Problem

LEAST = 0.02  # character errors that a message's text may hold
APART = 0.5  # character errors from which a record is that of another message, or of none
PARTS = ("right", "text", "side", "time", "sender")


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
    between: int = 0  # dates, calls, deleted messages and system lines
    between_right: int = 0
    titled: bool = True
    misses: list[str] = field(default_factory=list)

    def share(self, part: str) -> float:
        """Of the messages that stand there, those of which this came out right; "there": of the read ones, those that
        stand there."""
        if part == "there":
            return self.wanted / max(1, self.wanted + self.extra)
        count: int = getattr(self, part)
        return count / max(1, self.wanted)


def added(scores: Sequence[Score]) -> Score:
    total = Score()
    for one in scores:
        for each in fields(Score):
            if each.type == "int":
                setattr(total, each.name, getattr(total, each.name) + getattr(one, each.name))
        total.titled &= one.titled
    return total


def score(shown: Sequence[Shown], conversation: str, records: Sequence[Message | Problem]) -> Score:
    """What stands on the picture is laid beside what was read, in the order of both.

    A message in the wrong place is one that is missing and one too many.
    """
    result = Score()
    read = [record for record in records if isinstance(record, Message)]
    result.titled = plain(conversation) == plain(read[0].conversation if read else "")
    given = paired(shown, read)
    for n, one in enumerate(shown):
        record = read[given[n]] if n in given else None
        if one.kind == "message":
            _count(result, one, record, conversation)
            continue
        result.between += 1
        good = record is not None and _is_between(one, record)
        result.between_right += good
        if not good:
            result.misses.append(f"between: {one} read {record and (record.kind, record.text, record.labels)}")
    left = [record for n, record in enumerate(read) if n not in given.values()]
    extra = [record for record in left if record.kind == "message"]
    result.extra = len(extra)
    result.misses += [f"extra: {record.text!r} {record.labels} {record.where}" for record in extra]
    result.misses += [f"problem: {record}" for record in records if isinstance(record, Problem)]
    if not result.titled:
        result.misses.append(f"title {conversation!r} read {read[0].conversation if read else ''!r}")
    return result


def paired(shown: Sequence[Shown], read: Sequence[Message]) -> dict[int, int]:
    """For each thing shown the record that is its own, neither taken out of order: with the fewest errors in all."""
    cost = [[float(n + m) for m in range(len(read) + 1)] for n in range(len(shown) + 1)]
    pairs = [[_cost(one, record) for record in read] for one in shown]
    for n in range(1, len(shown) + 1):
        for m in range(1, len(read) + 1):
            cost[n][m] = min(cost[n - 1][m] + 1, cost[n][m - 1] + 1, cost[n - 1][m - 1] + pairs[n - 1][m - 1])
    given, n, m = {}, len(shown), len(read)
    while n and m:
        if cost[n][m] == cost[n - 1][m - 1] + pairs[n - 1][m - 1]:
            n, m = n - 1, m - 1
            given[n] = m
        elif cost[n][m] == cost[n - 1][m] + 1:
            n -= 1
        else:
            m -= 1
    return given


def _cost(one: Shown, record: Message) -> float:
    """Up to 1 for a record that may be this one's; more than leaving both out for any other."""
    wanted = plain(one.text)
    apart = distance(wanted, plain(record.text)) / max(2, len(wanted))
    return 3.0 if apart > APART else apart + 0.2 * ((one.kind == "message") != (record.kind == "message"))


def _count(result: Score, one: Shown, record: Message | None, conversation: str) -> None:
    result.wanted += 1
    text = record is not None and record.kind == "message" and close(one.text, record.text)
    side = record is not None and record.sent == one.sent
    time = record is not None and clock(record.time.written if record.time else "") == clock(one.time)
    names = {one.sender} if one.sender else {"", conversation} if one.sent is False else {""}
    sender = record is not None and plain(record.author.name) in map(plain, names)
    result.text += text
    result.side += side
    result.time += time
    result.sender += sender
    result.right += text and side and time
    if not (text and side and time and sender):
        result.misses.append(f"wanted {one}\n          read {record}")


def _is_between(one: Shown, record: Message) -> bool:
    kind = "system" if one.kind == "date" else one.kind
    good = record.kind == kind and close(one.text, record.text) and record.sent == one.sent
    return good and (one.kind != "date" or "date" in record.labels)


def clock(time: str) -> str:
    """A time without what no time hangs on: "5:26 AM" and "5:26am" are one."""
    return "".join(time.split()).casefold()


def close(wanted: str, read: str) -> bool:
    truth = plain(wanted)
    return distance(truth, plain(read)) <= LEAST * len(truth)
