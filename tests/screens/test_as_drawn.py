"""The readers alone, on pages whose words are known: what a reading without an error would make of these pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from benchmarks.chats import open_browser
from benchmarks.message_score import score
from benchmarks.phones import PHONES
from benchmarks.scenes import Scene, other_scenes
from benchmarks.screens import drawn_scene, read

CHOSEN = ("whatsapp light things 1", "imessage light things 0", "discord dark things 0", "whatsapp dark long",
          "whatsapp dark arabic", "whatsapp light hebrew")  # fmt: skip


def scenes() -> list[Scene]:
    """Each once, on phones that were looked at; the long one not as large as the benchmark draws it."""
    made = [
        replace(scene, scale=min(scene.scale, 2.0)) for scene in other_scenes(range(2), held=False, phones=PHONES[:26])
    ]
    return [scene for scene in made if scene.name in CHOSEN]


@pytest.fixture(scope="module")
def drawing() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_every_message_of_a_picture_without_misread_words_comes_out_right(scene: Scene, drawing: Browser) -> None:
    platform, records = read(*drawn_scene(drawing, scene))
    result = score(scene.shown, scene.conversation, records)
    assert platform == scene.phone.app
    assert (result.right, result.sender, result.extra) == (result.wanted, result.wanted, 0), result.misses
    assert (result.between_right, result.titled) == (result.between, True), result.misses


def test_the_pictures_are_there() -> None:
    assert sorted(scene.name for scene in scenes()) == sorted(CHOSEN)
