"""The benchmark's own judgement: what it counts as right, and what it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.message_score import score
from benchmarks.phones import PHONES, Shown
from benchmarks.scenes import other_scenes, scenes
from extractors.contract import Account, Message, StatedTime

SHOWN = (
    Shown("Today", "date"),
    Shown("where do you live now", "message", "", False, "10:21"),
    Shown("leave me alone", "message", "", True, "10:22"),
    Shown("Missed voice call", "call", "", False),
)


def said(text: str, sent: bool | None, time: str = "") -> Message:
    return Message("whatsapp", "Rook", Account(), text, "", StatedTime(time) if time else None, sent=sent)


RIGHT = [
    replace(said("Today", None), kind="system", labels=("date",)),
    said("where do you\nlive now □", False, "10:21"),
    said("leave me alone", True, "10:22"),
    replace(said("Missed voice call", False), kind="call"),
]


def test_what_was_read_as_it_stands_is_right_and_an_emoji_does_not_count() -> None:
    result = score(SHOWN, "Rook", RIGHT)
    assert (result.wanted, result.right, result.between, result.between_right, result.extra) == (2, 2, 2, 2, 0)
    assert result.titled and result.misses == []


def test_messages_in_the_wrong_order_are_not_right() -> None:
    result = score(SHOWN, "Rook", [RIGHT[0], RIGHT[2], RIGHT[1], RIGHT[3]])
    assert (result.right, result.extra) == (1, 1)


def test_a_message_that_was_taken_for_a_call_or_a_system_line_is_not_right() -> None:
    result = score(SHOWN, "Rook", [RIGHT[0], RIGHT[1], replace(RIGHT[2], kind="system"), RIGHT[3]])
    assert (result.right, result.text) == (1, 1)


def test_a_call_on_the_wrong_side_and_a_day_that_is_no_day_are_not_right() -> None:
    result = score(SHOWN, "Rook", [replace(RIGHT[0], labels=()), *RIGHT[1:3], replace(RIGHT[3], sent=True)])
    assert result.between_right == 0


def test_a_message_that_stands_nowhere_is_counted_and_a_wrong_side_time_or_letter_is_not_right() -> None:
    wrong = [RIGHT[0], replace(RIGHT[1], sent=True), replace(RIGHT[2], time=StatedTime("10:27")), RIGHT[3]]
    result = score(SHOWN, "Rook", [*wrong, said("Od", None)])
    assert (result.right, result.side, result.time, result.text, result.extra) == (0, 1, 1, 2, 1)
    assert score(SHOWN, "Rook", [*RIGHT[:2], said("leave me alome", True, "10:22"), RIGHT[3]]).text == 1


@pytest.mark.parametrize("held", [False, True])
def test_the_made_up_pictures_hold_what_the_figures_speak_of(held: bool) -> None:
    """On the looked-at side and on the held-out one: apps, sizes, JPEG, two ways of making smaller, scripts, length."""
    plain = [scene for scene in scenes(range(3)) if scene.phone.held == held]
    other = list(other_scenes(range(3), held=held))
    made = [*plain, *other]
    assert {scene.scale for scene in made} == {1.0, 2.0, 3.0}
    assert {scene.quality for scene in made if scene.quality} >= {60, 75, 85, 95}
    assert {scene.smooth for scene in made if scene.shrink < 1} == {True, False}
    kinds = {scene.kind.removeprefix("script ") for scene in other}
    assert kinds >= {
        "long",
        "arabic",
        "hebrew",
        "cyrillic",
        "accents",
    }
    assert {scene.right_to_left for scene in other} == {True, False}
    assert max(len(scene.shown) for scene in other) > 60
    assert any(scene.phone.group for scene in plain) and any("dark" in scene.phone.theme for scene in plain)
    things = {one.beside or one.kind for scene in other for one in scene.shown}
    assert things >= {"edited", "reaction", "picture", "voice", "deleted", "call", "system", "date"}
    assert any(one.quote for scene in other for one in scene.shown)


def test_every_app_is_drawn_in_a_light_and_a_dark_look() -> None:
    themes: dict[str, set[str]] = {}
    for phone in PHONES:
        themes.setdefault(phone.app, set()).add(phone.theme.split()[0])
    alone = {app for app, looks in themes.items() if looks != {"light", "dark"}}
    assert len(themes) >= 16
    assert alone == {"hinge", "threema"}  # the first has no dark look; the second stands for an app that nobody knows


def test_a_name_that_the_screen_does_not_give_to_a_message_is_a_wrong_sender() -> None:
    named = replace(RIGHT[1], author=Account("Ivy"))
    assert score(SHOWN, "Rook", [RIGHT[0], named, *RIGHT[2:]]).sender == 1
    assert score(SHOWN, "Rook", [RIGHT[0], replace(named, author=Account("Rook")), *RIGHT[2:]]).sender == 2
