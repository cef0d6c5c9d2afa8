"""Bubbles to messages: whose, what and when; the lines between them to dates, calls and system lines. Knows no app.

Nothing is dropped: what stands among the messages and is none of these is a message without a side, or a `Problem`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.contract import Account, Message, Problem, Screen, StatedTime, Word
from extractors.screen_beside import Badge, parted, without_edited, without_waves
from extractors.screen_frame import Frame, frame_of
from extractors.screen_ground import Item, Kind, between_kind, ground_items
from extractors.screen_pieces import Bubble, Run, bubbles_of, runs_of, unit_of
from extractors.screen_signs import FACE, near
from extractors.screen_times import end_time, evened, is_when, time_in, time_of
from extractors.screen_words import CALL, DELETED, bare, is_me

MOSTLY = 0.6  # share of the bubbles that end in a time where the app puts it there
RIGHT_TO_LEFT = ("\u0590", "\u08ff")  # Hebrew to Arabic


@dataclass(frozen=True)
class Talk:
    """What a screen is known to do, by its app's habits or by its own."""

    platform: str
    times_inside: bool
    named: bool  # the first line of a bubble is who wrote it
    mirrored: bool  # a right-to-left screen: own messages stand on the left


def read_bubbles(screen: Screen, platform: str, *, times: str = "", names: bool = False) -> Iterator[Message | Problem]:
    """Messages of a screen with bubbles, from top to bottom. `times` "inside" or "none" where the app is known for
    it."""
    frame, badges = parted(frame_of(screen), unit_of(screen))
    inside = list(frame.bubbles)
    talk = Talk(platform, _times_inside(inside, times), names or _named(inside, frame), mirrored(screen, inside))
    found = [item for bubble in inside for item in _bubble_items(bubble, talk, screen)]
    found += ground_items(frame, inside, screen)
    found += [_reaction(badge) for badge in badges]
    found.sort(key=lambda item: (item.y, item.bottom))
    yield from frame.problems
    items = _joined(found, unit_of(screen))
    clocks = evened([item.time for item in items])
    yield from _records([replace(i, time=clock) for i, clock in zip(items, clocks, strict=True)], talk, frame, screen)


def _records(items: Sequence[Item], talk: Talk, frame: Frame, screen: Screen) -> Iterator[Message | Problem]:
    separator = ""
    if any(item.sender for item in items):  # where some are named, the bar's name is a group's: nobody wrote as that
        frame = replace(frame, alone=False)
    for n, item in enumerate(items, start=1):
        if item.kind == "problem":
            yield Problem(f"row {item.y}", item.text)
            continue
        if item.kind == "date":
            separator = item.text
            time = time_of(item.text, "", screen.taken)
            yield _message(talk, frame, item, n, "system", time, labels=("date",))
            continue
        sent = None
        if item.kind in ("message", "deleted", "call") and item.side in ("left", "right"):
            sent = (item.side == "right") != talk.mirrored
        kind: Kind = "system" if item.kind == "under" or item.kind == "above" or item.kind == "reaction" else item.kind
        time = time_of(item.time, separator, screen.taken)
        yield _message(talk, frame, item, n, kind, time, sent=sent, labels=item.labels)


def _message(
    talk: Talk, frame: Frame, item: Item, n: int, kind: Kind, time: StatedTime | None, *,
    sent: bool | None = None, labels: tuple[str, ...] = (),
) -> Message:  # fmt: skip
    name = item.sender
    if not name and sent is False and frame.alone and kind == "message":
        name = frame.conversation
    return Message(
        talk.platform, frame.conversation, Account(name), item.text, f"item {n}, row {item.y}", time,
        sent=sent, kind=kind, labels=labels,
    )  # fmt: skip


def _bubble_items(bubble: Bubble, talk: Talk, screen: Screen) -> Iterator[Item]:
    runs = list(bubble.runs)
    y, bottom = bubble.region.y, bubble.bottom
    text = _lines(runs)
    if bubble.side == "centre" or (is_when(text) and _is_even(bubble, screen)):
        yield Item(y, bottom, between_kind(text), text, time=time_in(text) if not is_when(text) else "")
        return
    time, runs = _time_taken(runs, talk)
    edited, runs = without_edited(runs, bubble.runs[-1].words[-1].height) if time else (False, runs)
    name, runs = _name_taken(runs, talk, bubble, screen)
    text = _lines(without_waves(runs))
    if not text and not time:
        return
    quoted = _lines(bubble.quoted)
    labels = (*([f"quotes: {quoted}"] if quoted else []), *(["Edited"] if edited else []))
    if text.casefold().startswith("edited") and len(text) < 8:
        text = ""
    if not text:
        labels = (*labels, "no words were read")
    kind: Kind = "message"
    if DELETED.search(text) and len(text) < 60:
        kind = "deleted"
    elif CALL.search(text) and len(text) < 40 and len(runs) < 4 and _call_like(text):
        kind = "call"
    yield Item(y, bottom, kind, text, bubble.side, name, time, labels)


def _is_even(bubble: Bubble, screen: Screen) -> bool:
    """Whether a bubble stands in the middle of the screen, whatever edges it shares by chance."""
    left, right = bubble.region.x, screen.width - bubble.right
    return abs(left - right) < 0.03 * screen.width and min(left, right) > 0.2 * screen.width


def _reaction(badge: Badge) -> Item:
    return Item(badge.y, badge.bottom, "reaction", badge.text)


def _call_like(text: str) -> bool:
    """A call's own bubble is made of call words, times and lengths; a message that speaks of a call is longer."""
    found = CALL.search(text)
    rest = text if found is None else text[: found.start()] + text[found.end() :]
    return len([word for word in rest.split() if word.isalpha()]) <= 3


def _time_taken(runs: list[Run], talk: Talk) -> tuple[str, list[Run]]:
    """The time that ends the bubble, with the ticks behind it, and the rest."""
    if not talk.times_inside or not runs:
        return "", runs
    for back in (1, 2):
        if len(runs) < back:
            break
        last = runs[-back]
        for cut in range(len(last.words), max(0, len(last.words) - 4), -1):
            text = " ".join(word.text for word in last.words[:cut])
            tail = last.words[cut:]
            time = end_time(text)
            if time and (len(tail) == 1 == len(tail[0].text) or all(_is_tick(word) for word in tail)):
                kept = text[: text.rstrip(" ✓.,").rfind(time)].rstrip()
                words = last.words[: len(kept.split())]
                rest = [
                    *runs[:-back],
                    *([replace(last, words=words, right=max(w.x + w.width for w in words))] if words else []),
                ]
                return time, [*rest, *(run for run in runs[len(runs) - back + 1 :] if len(run.text) > 3)]
    return "", runs


def _is_tick(word: Word) -> bool:
    return len(word.text) <= 3 and not word.text.isdigit()


def _name_taken(runs: list[Run], talk: Talk, bubble: Bubble, screen: Screen) -> tuple[str, list[Run]]:
    """The first line where it is a name: in a colour of its own, or where all bubbles begin with one."""
    if len(runs) < 2 or len(runs[0].text) > 40:
        return "", runs
    own_line = runs[1].y >= runs[0].bottom - 0.3 * runs[0].tall
    coloured = _hue_apart(runs[0], runs[1:]) and bubble.side == "left" and own_line
    if (talk.named and own_line) or coloured:
        return runs[0].text.strip("~& "), runs[1:]
    return "", runs


def _hue_apart(first: Run, rest: Sequence[Run]) -> bool:
    """A coloured line over lines in grey, black or white."""

    def tint(run: Run) -> int:
        return max(run.ink) - min(run.ink)

    written = [run for run in rest if any(word.text != FACE for word in run.words)]  # an emoji has its own colours
    return tint(first) > 70 and max((tint(run) for run in written), default=0) < 50


def _times_inside(bubbles: Sequence[Bubble], times: str) -> bool:
    sided = [bubble for bubble in bubbles if bubble.side != "centre" and bubble.runs]
    ending = sum(bool(_time_taken(list(b.runs), Talk("", True, False, False))[0]) for b in sided)
    if times:
        return times == "inside" and bool(ending)
    return bool(sided) and ending >= max(1, MOSTLY * len(sided))


def _named(bubbles: Sequence[Bubble], frame: Frame) -> bool:
    """Whether bubbles begin with their writer: the same few short lines come back on top of most."""
    tops = [bare(bubble.runs[0].text) for bubble in bubbles if len(bubble.runs) > 1 and bubble.side != "centre"]
    if len(tops) < 3:
        return False
    often = Counter(tops)
    people = {top for top in often if is_me(top) or top == bare(frame.conversation)}
    known = sum(count for top, count in often.items() if count > 1 or top in people)
    return bool(people) and known >= max(3.0, MOSTLY * len(tops))


def mirrored(screen: Screen, bubbles: Sequence[Bubble]) -> bool:
    """Whether the screen runs from right to left: its script does, and the coloured bubbles stand on the left."""
    letters = [c for word in screen.words for c in word.text if c.isalpha()]
    if sum(RIGHT_TO_LEFT[0] <= c <= RIGHT_TO_LEFT[1] for c in letters) < 0.5 * max(1, len(letters)):
        return False

    def tint(side: str) -> float:
        colours = [b.region.colour for b in bubbles if b.side == side]
        return sum(max(c) - min(c) for c in colours) / len(colours) if colours else -1.0

    return tint("left") > tint("right")


def _joined(items: Sequence[Item], unit: float) -> list[Item]:
    """Times under a bubble go to it, names over one too, up to the next change of side; bare lines to the one above."""
    joined: list[Item] = []
    sender = ""
    labels: tuple[str, ...] = ()
    for item in items:
        last = joined[-1] if joined else None
        owner = next((n for n in range(len(joined) - 1, -1, -1) if joined[n].kind != "problem"), -1)
        if item.kind == "under" and owner >= 0 and joined[owner].kind in ("message", "deleted", "call"):
            last = joined[owner]
            joined[owner] = replace(
                last, time=last.time or item.time, labels=(*last.labels, *_receipt(item)), bottom=item.bottom
            )
        elif item.kind == "reaction":
            if owner >= 0:
                joined[owner] = replace(joined[owner], labels=(*joined[owner].labels, f"reaction: {item.text}"))
        elif item.kind == "above":
            sender, labels = item.sender or sender, (*labels, *item.labels)
        elif (
            item.labels == ("no bubble",)
            and last is not None
            and last.labels == item.labels
            and item.y - last.bottom < 0.8 * unit
        ):
            joined[-1] = replace(last, text=f"{last.text}\n{item.text}", bottom=item.bottom)
        elif item.kind == "message":
            if item.side != "left":
                sender = ""
            joined.append(replace(item, sender=item.sender or sender, labels=(*labels, *item.labels)))
            labels = ()
        else:
            sender = "" if item.kind == "date" else sender
            joined.append(item)
    return joined


def _receipt(item: Item) -> tuple[str, ...]:
    """What a line under a message says besides its time: "Read", "Delivered"."""
    rest = item.text.replace(item.time, "").strip(" ·.,•")
    return (rest,) if rest else ()


def _lines(runs: Sequence[Run]) -> str:
    """Runs as text: one line a line, wrapped lines as they stand."""
    lines: list[list[Run]] = []
    for run in runs:
        if lines and run.middle - lines[-1][-1].middle < 0.5 * max(run.tall, lines[-1][-1].tall):
            lines[-1].append(run)
        else:
            lines.append([run])
    return "\n".join(" ".join(run.text for run in line) for line in lines)


def bubbly(screen: Screen) -> bool:
    """Whether a screen's words stand mostly in bubbles that keep to a side."""
    runs = runs_of(screen)
    bubbles = [bubble for bubble in bubbles_of(screen) if bubble.side != "centre"]
    inside = sum(len(bubble.runs) for bubble in bubbles)
    return len(bubbles) >= 1 and inside >= 0.4 * len(runs) and not _all_alike(bubbles, screen)


def _all_alike(bubbles: Sequence[Bubble], screen: Screen) -> bool:
    """Boxes that are nearly the ground's colour and hold one run each are buttons or fields."""
    return all(len(b.runs) == 1 and near(b.region.colour, screen.regions[0].colour, 2) for b in bubbles)
