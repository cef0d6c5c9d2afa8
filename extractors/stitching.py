"""Put several screenshots of one conversation in order and join what they show twice. The pictures stay as they came.

Two screenshots overlap where the last messages of one are the first of the other. What stands in both is kept once,
in its
fuller form (a bubble that one picture cuts off is whole on the other). Pictures that overlap with none stay apart,
in the
order in which they were given, and that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from extractors.contract import Message, Problem

ALIKE = 0.86  # share of letters that two readings of one message have in common
FEWEST = 8  # letters and digits that an overlap of a single message must have: "ok" stands in many pictures
PART = 0.55  # of a message that a cut-off one shows at least


@dataclass(frozen=True)
class Stitched:
    """Messages of several pictures as one run. `pictures` says for each message which pictures show it."""

    messages: tuple[Message, ...]
    pictures: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]  # the pictures from earliest to latest, by their place in what was given
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Shot:
    """One or more pictures joined: messages and who shows them."""

    messages: tuple[Message, ...]
    shown: tuple[tuple[int, ...], ...]
    order: tuple[int, ...]


def stitched(shots: Sequence[Sequence[Message]]) -> Stitched:
    """The pictures' messages joined where they overlap. Any order is taken; the best overlaps are joined first."""
    parts = [_Shot(tuple(shot), ((n,),) * len(shot), (n,)) for n, shot in enumerate(shots)]
    while len(parts) > 1:
        best = max(
            ((_overlap(a, b), i, j) for i, a in enumerate(parts) for j, b in enumerate(parts) if i != j),
            key=lambda found: (found[0], -abs(found[2] - found[1] - 1), -found[1]),
        )
        if best[0] == 0:
            break
        count, i, j = best
        joined = _join(parts[i], parts[j], count)
        parts = [joined if n == min(i, j) else part for n, part in enumerate(parts) if n != max(i, j)]
    problems = [
        Problem(f"picture {part.order[0]}", "It shares no message with the pictures before it; its place is as given.")
        for part in parts[1:]
    ]
    return Stitched(
        tuple(message for part in parts for message in part.messages),
        tuple(shown for part in parts for shown in part.shown),
        tuple(n for part in parts for n in part.order),
        tuple(problems),
    )


def _overlap(first: _Shot, second: _Shot) -> int:
    """How many of the last messages of one are the first of the other; 0 where that could be chance."""
    second = _unpinned(first, second)
    most = min(len(first.messages), len(second.messages))
    for count in range(most, 0, -1):
        ends, starts = first.messages[-count:], second.messages[:count]
        edges = {0, count - 1}
        same = all(_same(a, b, cut=n in edges) for n, (a, b) in enumerate(zip(ends, starts, strict=True)))
        if same and sum(len(_letters(message)) for message in starts if message.kind == "message") >= FEWEST:
            return count
    return 0


def _unpinned(first: _Shot, second: _Shot) -> _Shot:
    """Without a day on top that the first picture shows earlier: apps pin it there while one scrolls."""
    top = second.messages[0] if second.messages else None
    pinned = top is not None and "date" in top.labels and any(top.text == m.text for m in first.messages)
    if not pinned or len(second.messages) < 2 or _same(first.messages[-1], second.messages[0], cut=False):
        return second
    return replace(second, messages=second.messages[1:], shown=second.shown[1:])


def _join(first: _Shot, second: _Shot, count: int) -> _Shot:
    second = _unpinned(first, second)
    ends, starts = first.messages[-count:], second.messages[:count]
    both = tuple(_fuller(a, b) for a, b in zip(ends, starts, strict=True))
    shown = tuple(tuple(sorted({*a, *b})) for a, b in zip(first.shown[-count:], second.shown[:count], strict=True))
    return _Shot(
        (*first.messages[:-count], *both, *second.messages[count:]),
        (*first.shown[:-count], *shown, *second.shown[count:]),
        (*first.order, *(n for n in second.order if n not in first.order)),
    )


def _same(one: Message, other: Message, *, cut: bool) -> bool:
    """Whether two readings are of one message. `cut`: the picture's edge may have taken part of it."""
    if one.kind != other.kind or (one.sent is not None and other.sent is not None and one.sent != other.sent):
        return False
    a, b = _letters(one), _letters(other)
    times = [message.time.written for message in (one, other) if message.time is not None]
    if len(times) == 2 and not cut and _digits(times[0]) != _digits(times[1]):
        return False
    if not a or not b:
        return a == b and one.kind != "message"
    if SequenceMatcher(None, a, b, autojunk=False).ratio() >= ALIKE:
        return len(times) < 2 or _digits(times[0]) == _digits(times[1])
    short, long = sorted((a, b), key=len)
    return cut and len(short) >= max(FEWEST, PART * len(long)) and (long.startswith(short) or long.endswith(short))


def _fuller(one: Message, other: Message) -> Message:
    """The longer of two readings of one message, with what only the other says."""
    best, rest = (one, other) if len(_letters(one)) >= len(_letters(other)) else (other, one)
    return replace(
        best,
        time=best.time or rest.time,
        sent=best.sent if best.sent is not None else rest.sent,
        author=best.author if best.author.name else rest.author,
        conversation=best.conversation or rest.conversation,
    )


def _letters(message: Message) -> str:
    return "".join(c for c in message.text.casefold() if c.isalnum())


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
