"""What was kept and what watching showed, in the order of time. Says only what visits saw; shows no kept text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archiver.integrity import CAPTURE_KIND, INBOX_KIND, WATCH_KIND
from archiver.records import Entry
from archiver.vault.watches import watch_after
from archiver.watched import Watch

DEEDS = {
    "add": "watching begins",
    "pause": "watching is paused",
    "resume": "watching goes on",
    "remove": "watching ends",
}
WHATS = {  # what a visit noticed, in words; "standing" and "text" have words of their own
    "handle": "the handle was changed",
    "name": "the name was changed",
    "picture": "a picture was changed",
    "counts": "the counts differ",
    "added": "something was added",
    "gone": "something is not shown any more",
    "page": "the page's words differ",
}
GONE = {"login_wall": "behind a login", "challenge": "behind a check", "geo_blocked": "not shown here"}
GONE |= {"removed": "gone", "suspended": "gone, with its account"}


@dataclass(frozen=True)
class Event:
    """One thing that happened, at one time."""

    at: str  # UTC, RFC 3339: when the page was seen so
    what: str  # "kept", "still up", "edited", "gone", "up again", "noticed", "not told", "watching", "inbox"
    words: str  # one sentence
    url: str
    entry: int
    capture: str = ""  # the capture that shows it
    before: str = ""  # the capture that it was held against
    watch: str = ""
    sure: bool = True


def timeline(entries: Iterable[Entry], *, everything: bool = False) -> list[Event]:
    """From the log's entries. Of visits that found nothing new in a row only the last is told, but for `everything`."""
    events: list[Event] = []
    watches: dict[str, Watch] = {}
    kept: dict[str, int] = {}  # capture: its place in `events`, so that a visit's capture is not told twice
    for entry in entries:
        if entry.kind == CAPTURE_KIND:
            kept[str(entry.body["id"])] = len(events)
            events.append(_kept(entry))
        elif entry.kind == WATCH_KIND:
            before = watches.get(str(entry.body["watch"]))
            after = watches[str(entry.body["watch"])] = watch_after(before, entry)
            told = list(_watched(entry, before, after))
            if told and entry.body["deed"] == "visit" and entry.body["capture"] in kept:
                place = kept[entry.body["capture"]]
                told = [replace(event, at=events[place].at) for event in told]
                events[place] = replace(events[place], what="")
            events += told
        elif entry.kind == INBOX_KIND:
            events += [Event(entry.at, "inbox", f"The inbox: {fault}", "", entry.seq) for fault in entry.body["faults"]]
    ordered = sorted((event for event in events if event.what), key=lambda event: (event.at, event.entry))
    return ordered if everything else list(_without_repeats(ordered))


def _without_repeats(events: Sequence[Event]) -> Iterator[Event]:
    """Where a watch says the same several times in a row, the last time is what counts."""
    following: dict[str, Event] = {}
    kept = []
    for event in reversed(events):
        after = following.get(event.watch)
        if not (event.watch and after and event.what == after.what and event.what in ("still up", "still gone")):
            kept.append(event)
        if event.watch:
            following[event.watch] = event
    yield from reversed(kept)


def _kept(entry: Entry) -> Event:
    body = entry.body
    words = str(body["failure"]["sentence"]) or f"The page answered {body['status']}."
    if "inbox" in body:
        words += f" Taken in {_day(str(body['inbox']['taken_in']))}."
    return Event(entry.at, "kept", words, str(body["requested"]), entry.seq, str(body["id"]))


def _watched(entry: Entry, before: Watch | None, after: Watch) -> Iterator[Event]:
    body, deed = entry.body, str(entry.body["deed"])
    if before is None or deed != "visit":
        yield Event(entry.at, "watching", f"{DEEDS[deed].capitalize()}.", after.url, entry.seq, watch=after.id)
        return
    for what, words, sure in _facts(before, after, body, entry.at):
        yield Event(
            entry.at, what, words, after.url, entry.seq, str(body["capture"]), str(body["before"]), after.id, sure
        )
    if body["stop"]:
        yield Event(entry.at, "watching", str(body["stop"]), after.url, entry.seq, watch=after.id)


def _facts(before: Watch, after: Watch, body: Any, at: str) -> Iterator[tuple[str, str, bool]]:
    """What one visit says, each with whether it is sure."""
    whats = {str(change["what"]): bool(change["sure"]) for change in body["changes"]}
    if not body["tells"]:
        yield "not told", f"Could not be seen: {body['why']}.", False
        return
    if after.gone_at:
        yield _gone(before, after, at)
    elif before.gone_at:
        yield "up again", f"Up again, between {_day(before.last)} and {_day(at)}.", whats.get("standing", True)
    if "text" in whats:
        yield "edited", f"Edited on {_span(before.live_at, at)}.", whats["text"]
    for what, words in WHATS.items():
        if what in whats:
            yield "noticed", f"{words.capitalize()}.", whats[what]
    if after.live_at == at and not whats and not before.gone_at:
        yield "still up", "Still up: unchanged." if body["unchanged"] else "Still up.", True


def _gone(before: Watch, after: Watch, at: str) -> tuple[str, str, bool]:
    word = GONE.get(after.standing, "gone")
    span = f"since between {_day(before.live_at)} and {_day(after.gone_at)}" if before.live_at else "when first seen"
    if not before.gone_at:
        return "gone", f"{word.capitalize()} {span}; seen once.", False
    if after.gone_again == at:
        return "gone", f"{word.capitalize()} {span}; seen again.", True
    return "still gone", f"Still {word}, {span}.", True


def _span(first: str, last: str) -> str:
    """A day where both moments lie in it, and both moments."""
    return (
        f"{last[:10]}, between {first[11:16]} and {last[11:16]} UTC"
        if first[:10] == last[:10]
        else (f"some day between {_day(first)} and {_day(last)}")
    )


def _day(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"
