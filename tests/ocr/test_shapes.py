"""What a line's marks prove about cases and spaces. Pure: no picture is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archiver.ocr.engine import Found
from archiver.ocr.lines import Box
from archiver.ocr.shapes import proven

SMALL, LIMB, TALL, GAP, SPACE = 20, 8, 8, 2, 9  # pixels: a small letter, what reaches below or above it, the gaps
DEEP = "gpqy"
HIGH = "ABDEFGHKLMNPRTYbdhkltOCSVWXZI1&"


def line(written: str, *, read: str, together: str = "") -> tuple[list[Found], list[Box]]:
    """Marks of `written`, a box a letter (those of `together` in one), and the words of `read` over them."""
    boxes: list[Box] = []
    at = 0
    for before, letter in zip(" " + written, written, strict=False):
        if letter == " ":
            at += SPACE - GAP
            continue
        wide = 4 if letter in "Il1" else 12
        box = (at, -TALL if letter in HIGH else 0, at + wide, SMALL + (LIMB if letter in DEEP else 0))
        if before + letter in together.split():
            box = (boxes[-1][0], min(boxes[-1][1], box[1]), box[2], max(boxes[-1][3], box[3]))
            boxes.pop()
        boxes.append(box)
        at += wide + GAP
    words, n = [], 0
    for text in read.split():
        count = len(text) - sum(text.lower().count(pair) for pair in together.split() if pair)
        part = boxes[n : n + count]
        n += count
        words.append(Found(0, 0, (0, 0, 0), part[0][0], 0, part[-1][2] - part[0][0], SMALL, 90.0, text))
    return words, boxes


def texts(words: list[Found], boxes: list[Box]) -> list[str]:
    return [word.text for word in proven(words, boxes, SMALL)]


@pytest.mark.parametrize(
    ("written", "read"), [("a name you say", "a name you Say"), ("Why are you near", "why are you near")]
)
def test_case_is_told_by_size_beside_letters_of_known_size(written: str, read: str) -> None:
    assert texts(*line(written, read=read)) == written.split()


def test_a_space_as_wide_as_the_others_parts_a_word() -> None:
    assert texts(*line("near me then I ran", read="near me thenI ran")) == ["near", "me", "then", "I", "ran"]


def test_figures_are_not_parted_by_the_room_around_a_one() -> None:
    words, boxes = line("on the 1 2 may be", read="on the 12 may be")
    assert texts(words, boxes) == ["on", "the", "12", "may", "be"]


def test_an_underscore_ties_what_is_beside_it() -> None:
    words, boxes = line("man_ nor_on", read="man_nor_on")
    assert texts(words, boxes) == ["man_nor_on"]


def test_what_an_underscore_ties_is_one_word_however_it_was_read() -> None:
    words, boxes = line("dana_w now", read="dana_w now")
    split = [
        replace(words[0], text="dana_", width=5 * 14),
        replace(words[0], text="w", left=5 * 14, width=12),
        words[1],
    ]
    assert texts(split, boxes) == ["dana_w", "now"]
    words, boxes = line("dana_ w now", read="dana_ w now")
    assert texts(words, boxes) == ["dana_", "w", "now"]


def test_where_letters_run_together_an_i_at_the_end_is_still_told() -> None:
    words, boxes = line("me and hen I ran", read="me and hen] ran", together="en")
    assert texts(words, boxes) == ["me", "and", "hen", "I", "ran"]


def test_without_known_letters_nothing_is_changed() -> None:
    words, _ = line("Sow", read="sow")
    assert texts(words, []) == ["sow"]


@pytest.mark.parametrize(
    ("written", "read"), [("I ran", "Iran"), ("me on", "meon"), ("me on Mon at one", "meon Mon at one")]
)
def test_a_space_on_a_line_that_shows_no_other_is_told_by_the_size_of_its_letters(written: str, read: str) -> None:
    assert texts(*line(written, read=read)) == written.split()


def test_where_letters_run_together_a_space_is_placed_by_how_wide_letters_are() -> None:
    words, boxes = line("mean hen", read="meanhen", together="ea en")
    assert texts(words, boxes) == ["mean", "hen"]


def test_where_it_would_stand_is_not_clear_a_word_stays_whole() -> None:
    """By its place, the gap is in the middle of the second letter."""
    boxes = [(0, 0, 18, 20), (32, 0, 62, 20)]
    word = Found(0, 0, (0, 0, 0), 0, 0, 62, 20, 90.0, "mmmm")
    assert texts([word], boxes) == ["mmmm"]


def test_a_mark_that_two_words_claim_belongs_to_one() -> None:
    words, boxes = line("that I", read="that I")
    words[0] = replace(words[0], width=words[1].left + words[1].width - words[0].left)
    assert texts(words, boxes) == ["that", "I"]


@pytest.mark.parametrize(("written", "read"), [("was", "Was"), ("on", "On"), ("you", "YOu"), ("& so", "& SO")])
def test_case_on_a_line_of_one_word(written: str, read: str) -> None:
    assert texts(*line(written, read=read)) == written.split()


@pytest.mark.parametrize(("after", "together"), [("at it", "at it"), ("every year", "ev ve er ry ye ea ar")])
def test_a_word_that_runs_together_is_small_where_it_is_as_low_as_small_letters(after: str, together: str) -> None:
    """Also where no letter on the line shows its foot, as in "every year"."""
    words, boxes = line(f"you so {after}", read=f"you So {after}", together=f"yo ou so {together}")
    assert texts(words, boxes) == ["you", "so", *after.split()]


def test_a_word_in_smaller_print_keeps_its_case() -> None:
    words, boxes = line("a name you near", read="a name you near")
    small = [(300, 6, 310, 20), (312, 6, 324, 20)]
    half = Found(0, 0, (0, 0, 0), 300, 6, 24, 14, 90.0, "AM")
    assert texts([*words, half], [*boxes, *small])[-1] == "AM"


def test_capitals_alone_keep_their_case() -> None:
    assert texts(*line("ROOK SOX", read="ROOK SOX")) == ["ROOK", "SOX"]


def test_a_capital_that_reaches_below_the_letters_beside_it_is_small() -> None:
    words, boxes = line("you", read="YOU")
    assert texts(words, boxes) == ["you"]
    capitals, boxes = line("YOU", read="YOU")
    assert texts(capitals, [(left, -TALL, right, SMALL) for left, _, right, _ in boxes]) == ["YOU"]


def test_a_w_that_runs_together_with_what_follows_is_small_where_it_stands_no_higher() -> None:
    assert texts(*line("wait at a name", read="Wait at a name", together="ai it at")) == ["wait", "at", "a", "name"]


def test_a_capital_that_runs_together_with_what_follows_stays_one_in_print_of_few_pixels() -> None:
    """A capital of 13 pixels beside small letters of 11, as in "You are": two pixels tell them apart."""
    boxes = [(0, 4, 27, 17), (34, 6, 44, 17), (45, 6, 52, 17), (53, 6, 64, 17)]
    words = [
        Found(0, 0, (0, 0, 0), at, 6, wide, 11, 90.0, text) for at, wide, text in ((0, 27, "You"), (34, 30, "are"))
    ]
    assert [word.text for word in proven(words, boxes, 11)] == ["You", "are"]


@pytest.mark.parametrize(("wide", "letter"), [(12, "I"), (22, "T")])
def test_a_t_too_narrow_for_its_beam_is_an_i_with_serifs(wide: int, letter: str) -> None:
    words, boxes = line("ask I", read="ask T")
    left = boxes[-1][0]
    words[-1] = replace(words[-1], width=wide)
    assert texts(words, [*boxes[:-1], (left, -TALL, left + wide, SMALL)]) == ["ask", letter]


def test_the_half_of_the_day_says_nothing_of_the_lines_small_letters_however_it_was_read() -> None:
    words, boxes = line("I write to", read="I write to", together="wr ri it te")
    after = boxes[-1][2]
    small = [(after + at, 6, after + at + 10, SMALL) for at in (20, 32, 44, 60, 72)]
    time = Found(0, 0, (0, 0, 0), after + 20, 6, 34, 14, 90.0, "9:1")
    half = Found(0, 0, (0, 0, 0), after + 60, 6, 22, 14, 90.0, "pu")
    assert texts([*words, replace(time, text="9:12"), half], [*boxes, *small])[:3] == ["I", "write", "to"]


def test_a_quotes_two_strokes_are_one_sign() -> None:
    words, boxes = line("accident", read="accident", together="cc")
    left = boxes[-1][2] + GAP
    strokes = [(left, -TALL, left + 5, 4), (left + 7, -TALL, left + 12, 4)]
    word = replace(words[0], text='accident"', width=left + 12)
    assert texts([word], [*boxes, *strokes]) == ['accident"']
