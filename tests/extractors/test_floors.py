"""The floors under the readers' scores: today's figures reach them, and the check that says so can fail."""

from __future__ import annotations

import json

from benchmarks.extractors import FLOORS, below, measured, moved
from benchmarks.scoring import same_time, score
from extractors.contract import Account, Post, StatedTime

TRUTH = [
    {
        "author": "Ada",
        "handle": "@ada",
        "time": "2026-03-04T10:00:00Z",
        "text": "I know where you live",
        "permalink": "/p/7",
    }
]


def post(**changed: object) -> Post:
    values: dict[str, object] = {
        "platform": "x",
        "kind": "post",
        "author": Account("Ada", "ada"),
        "text": "I know where\nyou live",
        "time": StatedTime("2026-03-04T11:00:00+01:00", "2026-03-04T10:00:00Z", "+01:00"),
        "permalink": "https://x.example/p/7",
    }
    return Post(**{**values, **changed})  # type: ignore[arg-type]  # the fields are the dataclass's own


def test_made_up_pages_reach_their_floors() -> None:
    pinned = {"made up": json.loads(FLOORS.read_text("utf-8"))["made up"]}
    figures = {"made up": {name: sums.shares() for name, sums in measured(real=False)["made up"].items()}}
    assert below(pinned, figures) == []


def test_a_figure_below_its_floor_is_named() -> None:
    floors = {"made up": {"x": {"recall": 0.9}}}
    assert below(floors, {"made up": {"x": {"recall": 0.8}}}) == ["made up, x: recall is 0.800, its floor 0.900"]
    assert below(floors, {"made up": {}}) == ["made up, x: recall is 0.000, its floor 0.900"]
    assert below({}, {"made up": {}}) != []


def test_floors_are_lifted_and_lowered_only_when_asked() -> None:
    floors = {"made up": {"x": {"recall": 0.5, "time": 0.9}}}
    figures = {"made up": {"x": {"recall": 0.75, "time": 0.2}}}
    assert moved(floors, figures, down=False) == {"made up": {"x": {"recall": 0.75, "time": 0.9}}}
    assert moved(floors, figures, down=True) == {"made up": {"x": {"recall": 0.75, "time": 0.2}}}


def test_a_post_read_whole_scores_whole() -> None:
    result = score(TRUTH, [post()], complete=True)
    assert (result.found, result.whole, result.emitted, result.matched, result.misses) == (1, 1, 1, 1, [])


def test_each_thing_read_wrong_is_a_miss() -> None:
    for changed in (
        {"author": Account("Eve", "ada")},
        {"author": Account("Ada", "eve")},
        {"time": StatedTime("2026-03-04T12:00:00Z", "2026-03-04T12:00:00Z", "Z")},
        {"time": None},
        {"permalink": "https://x.example/p/8"},
    ):
        assert len(score(TRUTH, [post(**changed)], complete=True).misses) == 1, changed
    assert score(TRUTH, [post(text="Something else entirely")], complete=True).found == 0
    assert score(TRUTH, [post(), post(text="Invented")], complete=True).shares()["precision"] == 0.5


def test_times_are_compared_as_moments_or_as_written() -> None:
    assert same_time("2014-06-11T11:28:00", StatedTime("Wed Jun 11, 2014 11:28 am"))
    assert same_time("2014-06-11T23:28:00", StatedTime("11.06.14, 23:28 Uhr"))
    assert not same_time("2014-06-11T11:29:00", StatedTime("Wed Jun 11, 2014 11:28 am"))
    assert not same_time("2014-06-11T11:28:00Z", StatedTime("Wed Jun 11, 2014 11:28 am"))
    assert same_time("2018-09-27T14:51:09+0200", StatedTime("27.09.2018", "2018-09-27T12:51:09Z", "Z"))
