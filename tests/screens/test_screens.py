"""Words with boxes and colours to messages: every made-up screen, and what nobody thought of."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.contract import Message, Problem, Region, Screen, Word
from extractors.screen_frame import frame_of
from extractors.screen_registry import screen_reader_for, screen_readers
from tests.screens.cases import ROOT, Case, cases, read, screen_in, told, written

CASES = cases()
WHITE, GREY, BLUE, BLACK = (255, 255, 255), (233, 233, 235), (10, 132, 255), (0, 0, 0)


def chat(*bubbles: tuple[str, str, int], loose: tuple[tuple[str, int, int], ...] = (), taken: str = "") -> Screen:
    """A screen of 400 x 900: bubbles as (side, text, row), and words in none as (text, column, row)."""
    regions = [Region(0, 0, 400, 900, WHITE, 0.8)]
    words: list[Word] = []

    def line(text: str, x: int, y: int) -> None:
        number = len({word.line for word in words})
        for word in text.split():
            words.append(Word(word, x, y, 9 * len(word), 14, 95, number))
            x += 9 * len(word) + 6

    for text, x, y in loose:
        line(text, x, y)
    for side, text, y in bubbles:
        width = 26 + max(sum(9 * len(word) + 6 for word in row.split()) for row in text.split("\n"))
        rows = text.split("\n")
        x = 12 if side == "left" else 388 - width
        regions.append(Region(x, y, width, 16 + 20 * len(rows), GREY if side == "left" else BLUE))
        for n, row in enumerate(rows):
            line(row, x + 13, y + 9 + 20 * n)
    return Screen(400, 900, tuple(words), tuple(regions), (BLACK,) * len(words), taken)


def messages(screen: Screen) -> list[Message]:
    return [record for record in read(screen)[1] if isinstance(record, Message)]


def test_there_is_a_made_up_screen_for_many_apps_in_light_and_dark() -> None:
    assert len({case.platform for case in CASES}) >= 10
    assert len(CASES) >= 16


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_made_up_screen_is_read_as_it_should_be(case: Case) -> None:
    platform, records = read(case.screen)
    assert platform == case.platform
    assert told(records) == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_screen_scaled_or_moved_by_a_pixel_says_the_same(case: Case) -> None:
    """What a phone with another screen would have given; boxes round differently."""
    screen = case.screen

    def grown(value: int) -> int:
        return round(value * 1.37)

    words = tuple(
        dataclasses.replace(w, x=grown(w.x), y=grown(w.y), width=grown(w.width), height=grown(w.height))
        for w in screen.words
    )
    regions = tuple(
        dataclasses.replace(r, x=grown(r.x), y=grown(r.y), width=grown(r.width), height=grown(r.height))
        for r in screen.regions
    )
    other = dataclasses.replace(
        screen, width=grown(screen.width), height=grown(screen.height), words=words, regions=regions
    )
    assert told(read(other)[1]) == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_word_of_the_body_is_lost(case: Case) -> None:
    """Each word that stands in a bubble is in a message, a label or a problem."""
    records = read(case.screen)[1]
    said = " ".join(f"{value}" for record in told(records) for value in record.values())
    longest = [word.text for word in case.screen.words if len(word.text) > 5 and word.y > case.screen.height * 0.2]
    missing = [word for word in longest if word.strip(".,") not in said and word.lower() not in ("message", "imessage")]
    assert len(missing) <= 3, missing  # the field for writing, and buttons


def test_a_case_file_gives_back_the_screen_that_was_written() -> None:
    folder = next(iter(sorted(ROOT.glob("*/*/screen.json")))).parent
    assert written(screen_in(folder)) == (folder / "screen.json").read_text("utf-8")


def test_an_app_of_unknown_look_is_not_named_and_its_bubbles_are_read_all_the_same() -> None:
    screen = chat(("left", "where are you", 200), ("right", "go away please", 260), ("left", "I can wait", 320))
    odd = dataclasses.replace(
        screen,
        regions=tuple(dataclasses.replace(r, colour=(200, 90, 40)) if r.colour == BLUE else r for r in screen.regions),
    )
    platform, records = read(odd)
    assert platform == "unknown"
    assert [(m.text, m.sent) for m in records if isinstance(m, Message)] == [
        ("where are you", False), ("go away please", True), ("I can wait", False),
    ]  # fmt: skip


def test_words_without_any_bubble_come_as_blocks_in_reading_order_and_nobody_is_said_to_have_sent_them() -> None:
    loose = (("first line of a note", 20, 300), ("and its second line", 20, 318), ("a block of its own", 20, 420))
    made = messages(chat(loose=loose))
    assert [(m.text, m.sent, m.author.name) for m in made] == [
        ("first line of a note\nand its second line", None, ""), ("a block of its own", None, ""),
    ]  # fmt: skip


def test_the_name_on_top_is_the_conversation_and_the_other_sides_name() -> None:
    made = messages(
        chat(("left", "open the door", 200), ("right", "no", 260), loose=(("Marlow Quill", 80, 60), ("online", 80, 78)))
    )
    assert {m.conversation for m in made} == {"Marlow Quill"}
    assert [m.author.name for m in made] == ["Marlow Quill", ""]


def test_without_a_bar_the_first_comment_is_no_header() -> None:
    """It begins as high as headers of other apps reach; its lines stand close above its own last one."""
    comments = [("Rook", 50, 78), ("you know why", 50, 97), ("3w Reply", 50, 117)]
    comments += [("dana_w_88", 50, 160), ("not again", 50, 179), ("2h Reply", 50, 199)]
    loose = (("9:41", 20, 14), ("592 comments", 150, 43), *comments, ("Add comment...", 50, 850))
    rows = frame_of(chat(loose=loose), bubbly=False).rows
    assert [run.text for row in rows for run in row] == [text for text, *_ in comments]


def test_a_time_in_the_words_of_a_message_stays_there_where_the_app_shows_none() -> None:
    made = messages(
        chat(("left", "your light was on\nat 7:45", 200), ("right", "leave me alone", 280), ("left", "no", 340))
    )
    assert (made[0].text, made[0].time) == ("your light was on\nat 7:45", None)


def test_a_time_under_a_bubble_belongs_to_it_with_what_became_of_it() -> None:
    made = messages(
        chat(("left", "hello there", 200), ("right", "who is this", 260), loose=(("Read 10:21 PM", 262, 302),))
    )
    assert made[1].time is not None and made[1].time.written == "10:21 PM"
    assert made[1].labels == ("Read",)


def test_calls_and_deleted_messages_are_called_so() -> None:
    made = messages(
        chat(
            ("left", "This message was deleted", 200),
            ("right", "stop it", 320),
            loose=(("Missed voice call at 21:07", 90, 270),),
        )
    )
    assert [(m.kind, m.sent) for m in made] == [("deleted", False), ("call", None), ("message", True)]


def test_on_a_right_to_left_screen_own_messages_stand_on_the_left() -> None:
    screen = chat(("left", "أعرف أين تعمل", 200), ("right", "لماذا لا تجيب", 260), ("left", "سوف أنتظر", 320))
    turned = dataclasses.replace(
        screen,
        regions=tuple(
            dataclasses.replace(r, colour=BLUE if r.colour == GREY else GREY if r.colour == BLUE else r.colour)
            for r in screen.regions
        ),
    )
    assert [m.sent for m in messages(turned)] == [True, False, True]
    assert [m.sent for m in messages(screen)] == [False, True, False]


def test_words_in_the_field_for_writing_are_no_message_and_are_told() -> None:
    screen = chat(("left", "hello there", 200), ("right", "who is this", 260), ("left", "you know", 320))
    field = Region(40, 840, 330, 40, (250, 250, 240))
    word = Word("draft", 60, 850, 45, 14, 95, 99)
    drafted = dataclasses.replace(
        screen, regions=(*screen.regions, field), words=(*screen.words, word), inks=(*screen.inks, BLACK)
    )
    records = read(drafted)[1]
    assert [r.what for r in records if isinstance(r, Problem)] == ["Words in the field for writing, not sent: draft"]
    assert len([r for r in records if isinstance(r, Message)]) == 3


def test_every_reader_has_a_name_of_its_own_and_claims_no_empty_screen() -> None:
    names = [reader.platform for reader in screen_readers()]
    assert len(names) == len(set(names)) >= 15
    assert screen_reader_for(Screen(400, 800, ())).platform == "unknown"
    assert list(screen_reader_for(Screen(400, 800, ())).read(Screen(400, 800, ()))) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_no_reader_raises_on_any_words_and_areas(seed: int) -> None:
    rng = random.Random(seed)
    at = rng.randrange
    texts = ["□", "10:21", "Today", "x", "Me", "2h Reply", "(", "سلام", "Missed call", "a" * 60, "—", "Message"]
    words = tuple(
        Word(rng.choice(texts), at(-5, 400), at(-5, 900), at(1, 90), at(1, 40), at(101), at(12)) for _ in range(at(40))
    )
    regions = tuple(
        Region(at(400), at(900), at(1, 400), at(1, 900), (at(256), 0, 9), rng.random()) for _ in range(at(20))
    )
    screen = Screen(400, 900, words, regions, (BLACK,) * len(words))
    for reader in (*screen_readers(), screen_reader_for(screen)):
        reader.recognises(screen)
        list(reader.read(screen))
