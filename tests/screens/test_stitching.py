"""Overlapping screenshots: in order, without doubles, and never joined by chance."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.chats import TALK
from extractors.contract import Account, Message, StatedTime
from extractors.stitching import stitched

WORDS = TALK.split()


def said(text: str, sent: bool = False, time: str = "") -> Message:
    return Message("whatsapp", "Rook", Account(), text, "", StatedTime(time) if time else None, sent=sent)


def talk(count: int, seed: int) -> list[Message]:
    rng = random.Random(seed)
    made = []
    for n in range(count):
        start = rng.randrange(len(WORDS) - 12)
        made.append(
            said(" ".join(WORDS[start : start + rng.randrange(2, 12)]), rng.random() < 0.5, f"{n // 60}:{n % 60:02}")
        )
    return made


def shots(messages: list[Message], rng: random.Random) -> list[list[Message]]:
    """Screens of 5 to 8 messages that overlap by two or three."""
    made, start = [], 0
    while True:
        end = start + rng.randrange(5, 9)
        made.append(messages[start:end])
        if end >= len(messages):
            return made
        start = end - rng.randrange(2, 4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_overlapping_pictures_in_any_order_give_the_conversation_once(seed: int) -> None:
    rng = random.Random(seed)
    whole = talk(rng.randrange(8, 40), seed)
    given_shots = shots(whole, rng)
    order = list(range(len(given_shots)))
    rng.shuffle(order)
    joined = stitched([given_shots[n] for n in order])
    assert list(joined.messages) == whole
    assert [order[n] for n in joined.order] == list(range(len(given_shots)))
    assert joined.problems == ()


def test_a_message_that_stands_in_two_pictures_says_so() -> None:
    whole = talk(6, 1)
    joined = stitched([whole[:4], whole[2:]])
    assert joined.pictures == ((0,), (0,), (0, 1), (0, 1), (1,), (1,))


def test_a_bubble_that_one_picture_cuts_off_is_kept_in_its_fuller_form() -> None:
    first = [said("hello"), said("I was outside on Tuesday and your light")]
    second = [said("I was outside on Tuesday and your light was on. Tell your sister", time="7:45"), said("no")]
    joined = stitched([first, second])
    assert [m.text for m in joined.messages] == ["hello", second[0].text, "no"]
    assert joined.messages[1].time == StatedTime("7:45")


def test_small_misreadings_do_not_part_what_is_one() -> None:
    first = [
        said("come to the office and wait at the front door", time="7:45"),
        said("Nobody believes a word you say", True),
    ]
    second = [
        said("come to the offlce and wait at the front door", time="7:45"),
        said("Nobody believes a word you Say", True),
        said("k"),
    ]
    assert len(stitched([first, second]).messages) == 3


def test_the_same_words_at_another_time_are_another_message() -> None:
    first, second = (
        [said("answer me when I write to you", time="7:45")],
        [said("answer me when I write to you", time="7:52")],
    )
    assert len(stitched([first, second]).messages) == 2


def test_pictures_that_share_only_a_short_word_are_not_joined_and_that_is_said() -> None:
    joined = stitched([[said("where are you"), said("ok")], [said("ok"), said("leave me alone")]])
    assert [m.text for m in joined.messages] == ["where are you", "ok", "ok", "leave me alone"]
    assert [problem.where for problem in joined.problems] == ["picture 1"]


def test_a_day_that_the_app_pins_on_top_does_not_part_two_pictures() -> None:
    day = Message("whatsapp", "Rook", Account(), "Today", "", kind="system", labels=("date",))
    whole = talk(7, 3)
    joined = stitched([[day, *whole[:5]], [day, *whole[3:]]])
    assert list(joined.messages) == [day, *whole]


def test_nothing_and_one_picture_stay_as_they_are() -> None:
    assert stitched([]).messages == ()
    assert stitched([talk(3, 5)]).messages == tuple(talk(3, 5))
    assert stitched([[], talk(3, 5), []]).messages == tuple(talk(3, 5))


def test_a_screenshot_of_what_a_longer_picture_shows_adds_nothing_but_that_it_shows_it() -> None:
    whole = talk(9, 11)
    for given_shots, pictures in (([whole, whole[3:7]], (0, 1)), ([whole[3:7], whole], (0, 1))):
        joined = stitched(given_shots)
        assert list(joined.messages) == whole and joined.problems == ()
        assert joined.pictures[4] == pictures and len(joined.pictures[0]) == 1


def test_the_same_screenshot_twice_is_one() -> None:
    joined = stitched([talk(5, 2), talk(5, 2)])
    assert list(joined.messages) == talk(5, 2) and set(joined.pictures) == {(0, 1)}


def test_the_same_words_under_two_names_stay_two_conversations() -> None:
    one = talk(4, 6)
    other = [replace(message, conversation="Marlow Quill") for message in one]
    assert len(stitched([one, other]).messages) == 8
    misread = [replace(message, conversation="R ook") for message in one]
    assert len(stitched([one, misread]).messages) == 4
