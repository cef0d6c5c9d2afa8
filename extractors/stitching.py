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
    parts = _within_longer([_Shot(tuple(shot), ((n,),) * len(shot), (n,)) for n, shot in enumerate(shots)])
    while len(parts) > 1:
        best = max(
            ((_overlap(a, b), i, j) for i, a in enumerate(parts) for j, b in enumerate(parts) if i != j),
            key=lambda found: (found[0], -abs(found[2] - found[1] - 1), -found[1]),
        )
        if best[0] == 0:
            break
        count, i, j = best
        joined = _join(parts[i], parts[j], len(parts[i].messages) - count)
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


def _within_longer(parts: list[_Shot]) -> list[_Shot]:
    """The pictures without those whose every message stands on a longer one, which says so: a screenshot of what a long
    scroll shot shows too."""
    kept: list[_Shot] = []
    for part in sorted(parts, key=lambda each: -len(each.messages)):
        for n, longer in enumerate(kept):
            inner = _unpinned(longer, part)
            last = len(longer.messages) - len(inner.messages)
            starts = (
                at for at in range(last + 1) if _alike(longer.messages[at : at + len(inner.messages)], inner.messages)
            )
            if (start := next(starts, None)) is not None:
                kept[n] = _join(longer, inner, start)
                break
        else:
            kept.append(part)
    return sorted(kept, key=lambda each: each.order[0])


def _overlap(first: _Shot, second: _Shot) -> int:
    """How many of the last messages of one are the first of the other; 0 where that could be chance."""
    second = _unpinned(first, second)
    most = min(len(first.messages), len(second.messages))
    counts = (n for n in range(most, 0, -1) if _alike(first.messages[-n:], second.messages[:n]))
    return next(counts, 0)


def _alike(ends: Sequence[Message], starts: Sequence[Message]) -> bool:
    """Whether two runs of messages are the same ones, by more than chance. Their first and last may be cut off."""
    edges = {0, len(starts) - 1}
    same = all(_same(a, b, cut=n in edges) for n, (a, b) in enumerate(zip(ends, starts, strict=True)))
    return same and sum(len(_letters(message)) for message in starts if message.kind == "message") >= FEWEST


def _unpinned(first: _Shot, second: _Shot) -> _Shot:
    """Without a day on top that the first picture shows earlier: apps pin it there while one scrolls."""
    top = second.messages[0] if second.messages else None
    pinned = top is not None and "date" in top.labels and any(top.text == m.text for m in first.messages)
    if not pinned or len(second.messages) < 2 or _same(first.messages[-1], second.messages[0], cut=False):
        return second
    return replace(second, messages=second.messages[1:], shown=second.shown[1:])


def _join(first: _Shot, second: _Shot, start: int) -> _Shot:
    """Two pictures as one: the second's first message is the one at `start` of the first."""
    second = _unpinned(first, second)
    count = min(len(first.messages) - start, len(second.messages))
    end = start + count
    both = tuple(_fuller(a, b) for a, b in zip(first.messages[start:end], second.messages, strict=False))
    shown = tuple(tuple(sorted({*a, *b})) for a, b in zip(first.shown[start:end], second.shown, strict=False))
    return _Shot(
        (*first.messages[:start], *both, *first.messages[end:], *second.messages[count:]),
        (*first.shown[:start], *shown, *first.shown[end:], *second.shown[count:]),
        (*first.order, *(n for n in second.order if n not in first.order)),
    )


def _same(one: Message, other: Message, *, cut: bool) -> bool:
    """Whether two readings are of one message. `cut`: the picture's edge may have taken part of it."""
    if one.conversation and other.conversation and _far(one.conversation, other.conversation):
        return False
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
    return _alnum(message.text)


def _far(one: str, other: str) -> bool:
    """Whether two names are two, however they were read: the same words can be sent under several names."""
    return SequenceMatcher(None, _alnum(one), _alnum(other), autojunk=False).ratio() < ALIKE


def _alnum(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
