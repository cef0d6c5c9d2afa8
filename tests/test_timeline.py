"""The timeline tells what visits saw, between which of them, in the order of time, and nothing that was written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.assembly import Archive
from archiver.cli.timeline_command import line_of, page_of, table_of
from archiver.clock import rfc3339
from archiver.timeline import Event, timeline
from tests.month import Look, World
from tests.test_watch import address, begin, let_pass, made_in
from tests.vault.made import AT

UP = Look()
PAGES = {
    "edited": [(0.0, UP), (2.0, replace(UP, text="I know where you sleep."))],
    "gone": [(0.0, UP), (3.0, Look("404")), (6.0, UP)],
    "down": [(0.0, UP), (1.0, Look("503")), (2.0, UP)],
    "wall": [(0.0, UP), (2.0, Look("login"))],
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    yield from made_in(tmp_path)


def of(events: list[Event], name: str) -> list[str]:
    return [event.what for event in events if event.url == address(name)]


def test_each_watch_is_told_from_its_beginning_to_its_end(archive: Archive) -> None:
    world = World({address(name): schedule for name, schedule in PAGES.items()})
    for name in PAGES:
        begin(archive, world, address(name))
    let_pass(archive, world, 8)
    archive.vault.change_watch("W1", "pause", at=rfc3339(world.now))
    events = timeline(archive.vault.entries())
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert of(events, "edited") == ["kept", "watching", "still up", "edited", "still up", "watching"]
    assert of(events, "gone") == ["kept", "watching", "still up", "gone", "gone", "still gone", "up again", "still up"]
    assert of(events, "wall") == ["kept", "watching", "still up", "gone", "watching"]
    assert set(of(events, "down")) == {"kept", "watching", "still up", "not told"}
    [edited] = [event for event in events if event.what == "edited"]
    assert "between 2026-03-0" in edited.words
    assert edited.before
    assert edited.before != edited.capture
    once, twice = (event for event in events if event.what == "gone" and event.url == address("gone"))
    assert once.words.startswith("Gone since between 2026-03-0")
    assert (once.sure, twice.sure) == (False, True)
    assert len(timeline(archive.vault.entries(), everything=True)) > len(events)
    shown = "\n".join(line_of(event) for event in events) + page_of(events) + table_of(events)
    assert not [word for word in ("sleep", "park", "Ann", "<script", "href") if word in shown]


def test_a_spreadsheet_works_nothing_out() -> None:
    event = Event(AT, "kept", "=1+1", 'https://a.example/?a="b",c', 1, "C1")
    [_, row] = csv.reader(io.StringIO(table_of([event])))
    assert row[2:4] == ["'=1+1", 'https://a.example/?a="b",c']
    assert "<b>" not in page_of([replace(event, words="<b>")])
