"""Feeds as sites make them: what stands on every one is read from its pictures by OCR, and from its text."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from archiver.ocr import Engine, find_engine, read_picture
from archiver.records import Snapshot
from tests.browser.conftest import Visit
from tests.browser.test_wide import LONG, harvest_of

KINDS = [
    "recycled",
    "inner",
    "body",
    "reversed",
    "upward",
    "wheel",
    "button",
    "late",
    "screens",
    "skipped",
    "pushed",
    "faded",
    "emptied",
    "bars",
    "dialog",
]
FEEDS = {  # the page: what says which post it is, and which posts say it
    "virtual.html": (r"Words of post (\d+), as", [n for n in range(300) if n % 10]),
    "endless.html?posts=60": (r"Post number (\d+)", [*range(1, 61)]),
    "messages.html": (r"Message (\d+):", [n for n in range(300) if n % 25]),
    "lazy.html": (r"PICTURE-(\d+)", [*range(1, 41)]),
    "deep-feeds.html?in=shadow": (r"Words of post (\d+), deep", [*range(80)]),
    "deep-feeds.html?in=frame": (r"Words of post (\d+), as", [n for n in range(40) if n % 10]),
}
READ_WIDTH = 700  # CSS pixels from the left that are read: the feeds' words stand there

Read = Callable[[Snapshot, str], list[int]]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return find_engine()


@pytest.fixture
def read(engine: Engine) -> Read:
    """The numbers that the pictures show, in the order of the tiles."""

    def numbers(snapshot: Snapshot, said: str) -> list[int]:
        found: list[int] = []
        for artifact in snapshot.artifacts:
            if artifact.role != "tile":
                continue
            stream = io.BytesIO()
            with Image.open(io.BytesIO(artifact.data)) as opened:
                opened.crop((0, 0, min(READ_WIDTH, opened.width), opened.height)).save(stream, "PNG")
            words = " ".join(word.text for word in read_picture(stream.getvalue(), engine).words)
            found += [int(number) for number in re.findall(said, words)]
        return found

    return numbers


def harvested(snapshot: Snapshot, said: str = r"Words of post (\d+)") -> list[int]:
    return [int(number) for post in harvest_of(snapshot) for number in re.findall(said, post["text"])]


@pytest.mark.parametrize("page", FEEDS)
def test_every_post_can_be_read_from_the_pictures_in_order_and_once(visit: Visit, read: Read, page: str) -> None:
    said, expected = FEEDS[page]
    snapshot = visit(page, limits=LONG)
    assert read(snapshot, said) == expected
    assert snapshot.verdict.complete, snapshot.verdict.sentence


@pytest.mark.parametrize("kind", KINDS)
def test_a_feed_of_whatever_make_is_kept_post_for_post(visit: Visit, read: Read, kind: str) -> None:
    posts = 12 if kind in ("screens", "wheel") else 40
    viewport = 1280 if kind == "dialog" else 700, 800
    snapshot = visit(f"odd-feeds.html?kind={kind}&posts={posts}", limits=LONG, viewport=viewport)
    assert harvested(snapshot) == [*range(posts)]
    if kind != "dialog":  # whose posts stand further to the right, and are counted as pictured
        assert read(snapshot, r"post (\d+), as") == [*range(posts)]
    assert (snapshot.verdict.posts_met, snapshot.verdict.posts_pictured) == (posts, posts)
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_what_lies_down_before_the_posts_is_in_one_picture_and_the_posts_in_the_next(visit: Visit, read: Read) -> None:
    snapshot = visit("odd-feeds.html?kind=wall", limits=LONG, viewport=(700, 800))
    assert sorted(set(read(snapshot, r"post (\d+), as"))) == [*range(40)]
    assert [artifact.place.y for artifact in snapshot.artifacts if artifact.role == "tile" and artifact.place] == [0, 0]


def test_a_page_that_is_wider_than_the_window_is_pictured_to_its_right_end(visit: Visit, engine: Engine) -> None:
    snapshot = visit("sideways.html?kind=page")
    [tile] = [artifact for artifact in snapshot.artifacts if artifact.role == "tile"]
    words = " ".join(word.text for word in read_picture(tile.data, engine).words)
    assert [n for n in range(20) if f"Far right {n}" not in words] == []
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_a_row_of_cards_is_pictured_to_its_end_and_stands_again_where_it_stood(visit: Visit) -> None:
    snapshot = visit("sideways.html?kind=row")
    cards: list[int] = []
    end = 0
    for artifact in snapshot.artifacts:
        if artifact.role != "tile":
            continue
        assert artifact.place is not None
        assert artifact.place.x == end or not end, "frames neither overlap nor leave a gap"
        if artifact.place.n:
            end = artifact.place.x + artifact.place.width
        with Image.open(io.BytesIO(artifact.data)) as opened:
            assert opened.size == (artifact.place.width, artifact.place.height)
            y = 175 - artifact.place.y  # near the foot of the cards
            line = opened.convert("RGB").crop((0, y, min(640, opened.width), y + 1))
        cards += [red for (red, green, blue) in line.get_flattened_data() if (green, blue) == (100, 77)]
    assert sorted(set(cards)) == [*range(12)]
    assert end == 12 * 310
    assert snapshot.verdict.complete, snapshot.verdict.sentence


def test_slides_that_nobody_can_scroll_to_are_named(visit: Visit) -> None:
    snapshot = visit("sideways.html?kind=slides")
    assert snapshot.verdict.folded == ("4 slides beside what is shown",)
    assert not snapshot.verdict.complete


def test_what_comes_when_the_pictures_are_taken_is_named(visit: Visit) -> None:
    snapshot = visit("odd-feeds.html?kind=grown", limits=LONG)
    assert any("came to the page after its pictures" in what for what in snapshot.verdict.missing)
    assert not snapshot.verdict.complete
