"""Rows to messages where nobody draws bubbles: a name and then words, or words and then an age. Knows no app.

Three habits are told apart by what stands on the screen: a name with its time over the words (Discord, mail-like
apps), an
age with "Reply" under them (comments), a name alone over them (Snapchat). Where none is to be seen: blocks in
reading order.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from extractors.contract import Account, Message, Problem, Screen, Word
from extractors.screen_beside import edited_off, is_badge
from extractors.screen_frame import Frame, frame_of
from extractors.screen_pieces import Run, centred, unit_of
from extractors.screen_times import age_at, is_when, time_in, time_of
from extractors.screen_words import CALL, DELETED, MARK, RECEIPT, REPLYING, SYSTEM, UNDER, bare, is_me

COUNT = re.compile(r"[\d.,]+\s?[KkMm]?")
SPOKEN = frozenset(f"{MARK}!?.…&")  # signs that a message may consist of; the rest without letters is drawn
ASIDE = 0.84  # of the width: counts and hearts stand further to the right
SEVERAL = 3  # times that a short line comes back where it is a name
LONGEST_NAME = 42  # characters
SHORT = 24  # characters that a day and a time have at most
PALER = 24  # levels by which an app's own print differs from what people wrote


@dataclass
class Block:
    """One message while its rows are gathered."""

    y: int
    sender: str = ""
    time: str = ""
    rows: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One line of the body: its words, and a count that stands aside."""

    run: Run
    text: str
    count: str = ""


def read_rows(screen: Screen, platform: str, *, style: str = "", titled: bool = True) -> Iterator[Message | Problem]:
    """Messages of a screen without bubbles, from top to bottom."""
    frame = frame_of(screen, bubbly=False)
    rows = _rows(frame, screen)
    conversation = frame.conversation if titled else ""
    style = style or _style(rows, conversation)
    yield from frame.problems
    blocks = {"heads": _heads, "under": _unders, "names": _names}.get(style, _blocks)(rows, conversation, screen)
    found = [block for block in blocks if block.rows or block.sender or block.time]
    mine = style == "names" or any(is_me(block.sender) for block in found)  # the screen names its owner: "Me"
    yield from _records(found, platform, conversation, screen, mine=mine)


def styled(screen: Screen) -> str:
    """Which habit a screen shows; empty where none."""
    return _style(_rows(frame_of(screen, bubbly=False), screen), frame_of(screen).conversation)


def _rows(frame: Frame, screen: Screen) -> list[Row]:
    rows = []
    for row in frame.rows:
        words = [word for run in row for word in run.words]
        if not any(c.isalnum() or c in SPOKEN for word in words for c in word.text):
            continue
        count = ""
        while len(words) > 1 and words[-1].x > ASIDE * screen.width and _is_count(words[-1].text):
            count = words.pop().text.strip(MARK) or count
        rows.append(Row(_one(row, words), " ".join(word.text for word in words), count))
    return _without_faces(rows)


def _is_count(text: str) -> bool:
    return not text.strip(MARK) or COUNT.fullmatch(text) is not None


def _one(runs: Sequence[Run], words: Sequence[Word]) -> Run:
    top, bottom = min(run.y for run in runs), max(run.bottom for run in runs)
    right = max(word.x + word.width for word in words)
    return Run(tuple(words), min(word.x for word in words), top, right, bottom, runs[0].area, runs[0].ink)


def _without_faces(rows: Sequence[Row]) -> list[Row]:
    """Rows without what a picture on their left was read as: a letter or two far from where the words begin."""
    if not rows:
        return []
    left = _usual_left(rows)
    kept = []
    for row in rows:
        words = row.run.words
        while len(words) > 1 and len(words[0].text) <= 2 and words[0].x + words[0].width < left - 0.3 * row.run.tall:
            words = words[1:]
        text = " ".join(word.text for word in words) if words != row.run.words else row.text
        if len(text) > 2 or row.run.right > left:
            x = min(word.x for word in words)
            kept.append(
                Row(Run(words, x, row.run.y, row.run.right, row.run.bottom, row.run.area, row.run.ink), text, row.count)
            )
    return kept


def _usual_left(rows: Sequence[Row]) -> float:
    lefts = Counter(round(row.run.x / 6) for row in rows)
    return lefts.most_common(1)[0][0] * 6.0


def _style(rows: Sequence[Row], conversation: str) -> str:
    heads = sum(_head(row.text) is not None for row in rows)
    unders = sum(_under(row.text) != "" for row in rows)
    if heads >= 2 and heads >= unders:
        return "heads"
    if unders >= 2:
        return "under"
    names = [row for row in rows if _is_me(row) or (conversation and bare(row.text) == bare(conversation))]
    often = Counter(bare(row.text) for row in rows if len(row.text) <= LONGEST_NAME)
    return "names" if len(names) >= 2 or (names and max(often.values()) >= SEVERAL) else ""


def _is_me(row: Row) -> bool:
    """As a name: apps write it with a capital, people seldom write it alone."""
    return is_me(row.text) and (row.text[:1].isupper() or not row.text[:1].islower())


def _head(text: str) -> tuple[str, str] | None:
    """ "wren_07 Today at 08:00" as name and time."""
    words = text.replace("—", " ").replace("•", " ").split()
    for n in range(1, min(len(words), 7)):
        rest = " ".join(words[n:]).strip("·., ")
        if is_when(rest) and (time_in(rest) or len(words) - n > 1) and len(" ".join(words[:n])) <= LONGEST_NAME:
            name = " ".join(words[:n]).strip(" ·□")
            name = name.rstrip("&")
            return (name, rest) if any(c.isalnum() for c in name) and not is_when(name) else None
    return None


def _known_head(text: str, names: Collection[str]) -> tuple[str, str] | None:
    """A name that stands over other messages, with a time that was misread: "Rook 4:47 Amu". Taken for words it would
    give one person's message to another."""
    for name in names:
        rest = text.removeprefix(name).strip(" ·—•")
        if rest != text and len(rest) < SHORT and (time := time_in(rest)):
            return name, rest[: rest.index(time) + len(time)]
    return None


def _under(text: str) -> str:
    """The time that a line under a comment begins with: "2h Reply", "10:50 PM"."""
    plain = text.strip(" ·•□")
    if is_when(plain) and len(plain) < SHORT and (time_in(plain) or age_at(plain)):
        return plain
    if len(plain) > 60 or not UNDER.search(plain):
        return ""
    first = plain.split()[0]
    return age_at(plain) or (first if is_when(first) else "")


def _heads(rows: Sequence[Row], conversation: str, screen: Screen) -> Iterator[Block]:
    block: Block | None = None
    spoken = _spoken_times(rows, screen)
    answers: list[str] = []
    names = {head[0] for row in rows if row not in spoken and (head := _head(row.text)) is not None}
    for row in rows:
        head = (_head(row.text) or _known_head(row.text, names)) if row not in spoken else None
        if REPLYING.match(row.text):
            answers.append(row.text)
        elif head is not None:
            if block is not None:
                yield block
            block = Block(row.run.y, head[0], head[1], labels=answers)
            answers = []
        elif is_badge(row.text) and block is not None and block.rows and MARK in row.text:
            block.labels.append(f"reaction: {row.text}")
        elif _between(row, screen):
            if block is not None:
                yield block
            yield Block(row.run.y, rows=[row.text], labels=["between"])
            block = None
        else:
            block = block or Block(row.run.y)
            text, edited = edited_off(row.text)
            block.labels += ["Edited"] if edited else []
            block.rows += [text] if text else []
    if block is not None:
        yield block


def _spoken_times(rows: Sequence[Row], screen: Screen) -> list[Row]:
    """Rows that end in a time which is written in the ink of the words, where the app prints its own times paler:
    "I was outside on Tuesday at 7:45" names no writer."""
    inks = dict(zip(screen.words, screen.inks, strict=False))
    ends = [row for row in rows if _head(row.text) is not None]
    body = [ink for row in rows if row not in ends for word in row.run.words if (ink := inks.get(word))]
    if not body:
        return []
    usual = [statistics.median(channel) for channel in zip(*body, strict=True)]
    paler = []
    for row in ends:
        ink = inks.get(row.run.words[-1])
        paler.append(max(abs(a - b) for a, b in zip(ink, usual, strict=True)) if ink else math.inf)
    typical = statistics.median(paler) if paler else 0.0
    return [row for row, away in zip(ends, paler, strict=True) if typical > PALER and away < 0.5 * typical]


def _unders(rows: Sequence[Row], conversation: str, screen: Screen) -> Iterator[Block]:
    block: Block | None = None
    for row in rows:
        under = _under(row.text)
        if under:
            block = block or Block(row.run.y)
            block.time = under
            yield _named(block)
            block = None
        elif _between(row, screen) and (block is None or not block.rows):
            yield Block(row.run.y, rows=[row.text], labels=["between"])
        elif UNDER.match(row.text) and len(row.text) < 40 and block is None:
            continue  # "View 3 replies": a button between comments
        else:
            block = block or Block(row.run.y)
            block.rows.append(row.text)
            if row.count:
                block.labels.append(f"count: {row.count}")
    if block is not None:
        yield _named(block)


def _named(block: Block) -> Block:
    if len(block.rows) > 1 and len(block.rows[0]) <= LONGEST_NAME:
        block.sender = block.rows.pop(0).strip(" ·•&")
    return block


def _names(rows: Sequence[Row], conversation: str, screen: Screen) -> Iterator[Block]:
    names = _senders(rows, conversation, screen)
    block: Block | None = None
    reach, unit = 0, unit_of(screen)
    for row in rows:
        apart, reach = row.run.y - reach > 1.5 * unit, row.run.bottom
        if bare(row.text) in names and not (is_me(row.text) and not _is_me(row)):
            if block is not None:
                yield block
            block = Block(row.run.y, row.text.strip(" :"))
        elif _between(row, screen):
            if block is not None:
                yield block
            yield Block(row.run.y, rows=[row.text], labels=["between"])
            block = None
        elif apart and block is not None and block.rows:  # a name that was not read must not put words in a mouth
            yield block
            block = Block(row.run.y, rows=[row.text])
        elif _under(row.text) and block is not None and block.rows:
            block.time = _under(row.text)
        else:
            block = block or Block(row.run.y)
            block.rows.append(row.text)
    if block is not None:
        yield block


def _senders(rows: Sequence[Row], conversation: str, screen: Screen) -> set[str]:
    """Lines that are names: "me", the conversation's, and others that come back in the ink of these."""
    known = {bare(row.text) for row in rows if _is_me(row)} | {bare(conversation)}
    inks = [row.run.ink for row in rows if bare(row.text) in known]
    often = Counter(bare(row.text) for row in rows if len(row.text) <= LONGEST_NAME)
    if inks:
        tint = statistics.median(max(ink) - min(ink) for ink in inks)
        known |= {
            bare(row.text)
            for row in rows
            if tint > 60 and max(row.run.ink) - min(row.run.ink) > 60 and often[bare(row.text)] > 1
        }
    known |= {text for text, count in often.items() if count >= SEVERAL}
    return known - {""}


def _blocks(rows: Sequence[Row], conversation: str, screen: Screen) -> Iterator[Block]:
    """Rows that follow each other closely are one block."""
    unit, block, reach = unit_of(screen), None, 0
    for row in rows:
        if block is not None and row.run.y - reach < 1.1 * unit:
            block.rows.append(row.text)
        else:
            if block is not None:
                yield block
            block = Block(row.run.y, rows=[row.text])
        reach = row.run.bottom
    if block is not None:
        yield block


def _between(row: Row, screen: Screen) -> bool:
    """A line between messages: a day, a call, what the app says itself."""
    if is_when(row.text):
        return True
    middle = centred(row.run, screen.width)
    short = len(row.text) < 60
    return (
        middle
        and short
        and bool(CALL.search(row.text) or SYSTEM.search(row.text) or RECEIPT.fullmatch(row.text.strip()))
    )


def _records(
    blocks: Sequence[Block], platform: str, conversation: str, screen: Screen, *, mine: bool
) -> Iterator[Message | Problem]:
    separator = ""
    for n, block in enumerate(blocks, start=1):
        text, where = "\n".join(block.rows), f"item {n}, row {block.y}"
        if block.labels == ["between"]:
            day = is_when(text)
            separator = text if day else separator
            kind = "call" if CALL.search(text) and not day else "system"
            time = time_of(text, "", screen.taken) if day else None
            yield Message(
                platform, conversation, Account(), text, where, time,
                kind="call" if kind == "call" else "system", labels=("date",) if day else (),
            )  # fmt: skip
            continue
        if not text:
            yield Problem(where, f"Words were not read: {' '.join(filter(None, [block.sender, block.time]))}")
            continue
        yield Message(
            platform, conversation, Account(block.sender), text, where, time_of(block.time, separator, screen.taken),
            sent=is_me(block.sender) if mine and block.sender else None,
            kind="deleted" if DELETED.fullmatch(text.strip(" .")) else "message", labels=tuple(block.labels),
        )  # fmt: skip
