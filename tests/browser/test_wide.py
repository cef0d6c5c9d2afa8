"""Pages that scroll in awkward ways: every post is in the pictures and in the harvest, in order, once."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest
from PIL import Image

from archiver.records import Snapshot
from tests.browser.conftest import QUICK, Visit

LONG = replace(QUICK, seconds=200, scroll_seconds=120, script_seconds=20, picture_seconds=60)  # on a busy machine too


def harvest_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    artifact = snapshot.first("harvest")
    assert artifact is not None, snapshot.steps
    posts: list[dict[str, Any]] = json.loads(artifact.data)["posts"]
    return posts


def marks(snapshot: Snapshot, x: int = 5, *, pane: bool = False) -> list[tuple[int, int]]:
    """What the pictures show, joined by their places: (number of the mark, its height in CSS pixels), top to bottom."""
    colours: list[tuple[int, int, int]] = []
    end = 0
    for artifact in snapshot.artifacts:
        if artifact.role != "tile":
            continue
        assert artifact.place is not None
        scale = artifact.place.scale
        if pane and artifact.place.n == 1:  # a pane's first frame begins inside the window's tile
            del colours[artifact.place.y :]
        else:
            assert artifact.place.y == end, "tiles neither overlap nor leave a gap"
        end = artifact.place.y + artifact.place.height
        with Image.open(io.BytesIO(artifact.data)) as opened:
            assert opened.height == artifact.place.height * scale
            column = opened.convert("RGB").crop((x * scale, 0, x * scale + 1, opened.height))
        colours += list(column.get_flattened_data())[::scale]
    runs = [(colour, sum(1 for _ in run)) for colour, run in groupby(colours)]
    return [(colour[0] + 256 * (colour[1] - 100), height) for colour, height in runs if colour[2] == 77]


def test_a_virtual_list_is_pictured_and_harvested_post_for_post(visit: Visit) -> None:
    snapshot = visit("virtual.html", limits=LONG)
    assert marks(snapshot) == [(n, 60 + (n * 73) % 240) for n in range(300)]
    said = [post["text"].partition("Words of ")[2] or post["text"] for post in harvest_of(snapshot)]
    assert said == [f"post {n}, as they were written." if n % 10 else "Same here" for n in range(300)]
    verdict = snapshot.verdict
    assert (verdict.posts_met, verdict.posts_pictured, verdict.scrolling_stopped) == (300, 300, "end")
    assert verdict.complete, verdict.sentence


@pytest.mark.parametrize(("how", "count"), [("", 300), ("?short&messages=80", 80)])
def test_a_pane_that_loads_upward_is_pictured_and_harvested_message_for_message(
    visit: Visit, how: str, count: int
) -> None:
    snapshot = visit(f"messages.html{how}", limits=LONG)
    said = [post["text"].partition(":")[0] for post in harvest_of(snapshot)]
    assert said == [f"Message {n}" if n % 25 else "ok" for n in range(count)]
    assert (snapshot.verdict.posts_met, snapshot.verdict.posts_pictured) == (count, count)
    assert snapshot.verdict.complete, snapshot.verdict.sentence
    assert _joined(marks(snapshot, pane=True)) == [(n, 30 + (n * 31) % 90) for n in range(count)]


def test_120000_px_at_scale_2_are_painted_to_the_end(visit: Visit) -> None:
    snapshot = visit("very-tall.html", limits=LONG, scale=2, viewport=(200, 800))
    assert marks(snapshot) == [(n, 100) for n in range(1200)]
    assert snapshot.verdict.height_painted == 120_000
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_a_bound_on_a_virtual_list_is_named_with_how_many_posts_are_missing(visit: Visit) -> None:
    snapshot = visit("virtual.html?posts=60", limits=replace(QUICK, max_height=4000))
    verdict = snapshot.verdict
    assert not verdict.complete
    assert verdict.scrolling_stopped == "the page is taller than is pictured"
    assert any(what.startswith("the page below 4,") for what in verdict.missing), verdict.missing
    assert any(what.startswith("pictures below 4,") for what in verdict.missing), verdict.missing
    assert verdict.posts_pictured <= verdict.posts_met


def test_posts_of_an_endless_feed_are_counted(visit: Visit) -> None:
    snapshot = visit("endless.html?posts=60")
    assert [post["text"] for post in harvest_of(snapshot)] == [f"Post number {n}." for n in range(1, 61)]
    assert (snapshot.verdict.posts_met, snapshot.verdict.posts_pictured) == (60, 60)


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(number, sum(height for _, height in run)) for number, run in groupby(found, key=lambda mark: mark[0])]


def test_posts_in_nested_shadow_roots_are_pictured_and_harvested_post_for_post(visit: Visit) -> None:
    snapshot = visit("deep-feeds.html?in=shadow", limits=LONG)
    assert marks(snapshot) == [(n, 60 + (n % 5) * 20) for n in range(80)]
    assert [post["text"] for post in harvest_of(snapshot)] == [f"Words of post {n}, deep inside." for n in range(80)]
    text = snapshot.first("text")
    assert text is not None
    assert [text.data.decode().count(f"Words of post {n},") for n in range(80)] == [1] * 80
    assert snapshot.verdict.complete, snapshot.verdict.sentence


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("frame", [(n, 60 + (n * 73) % 240) for n in range(40)]),
        ("pane", [(n, 30 + (n * 31) % 90) for n in range(90)]),
        ("short", [(n, 30 + (n * 31) % 90) for n in range(60)]),
    ],
)
def test_a_feed_in_a_frame_of_another_site_is_pictured_and_read_post_for_post(
    visit: Visit, inside: str, expected: list[tuple[int, int]]
) -> None:
    snapshot = visit(f"deep-feeds.html?in={inside}", limits=LONG)
    assert _joined(marks(snapshot)) == expected
    text = snapshot.first("text")
    assert text is not None
    words = text.data.decode()
    for n, _ in expected:
        said = f"Words of post {n}, as" if inside == "frame" else f"Message {n}:"
        assert words.count(said) == (n % 10 != 0 if inside == "frame" else n % 25 != 0), said
    assert snapshot.verdict.complete, snapshot.verdict.sentence
