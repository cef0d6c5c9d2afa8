"""The three readings of a page against each other, on made-up pages whose truth is known."""

from __future__ import annotations

import random

import pytest

from archiver.witness import Difference, Picture, Sides, compare_text, said_only_in_pictures
from extractors.contract import Word

LINES = (
    "The committee met on Tuesday and counted the chairs twice before anyone spoke.",
    "Robin Hartley said that the harbour wall would be mended before the winter storms.",
    "Nobody had asked for the minutes, and so the minutes were never written down.",
    "Kim brought a cake with seven candles although it was not a birthday at all.",
    "Reply   Share   3 comments   2h",
    "Later the lights went out, and the whole street stood at its doors and laughed.",
)
HIDDEN = "I stand across from your window every night and count your steps."
WIDE = "雨の日には港の灯りが遠くまで見えて静かな町がもっと静かになりました"
SWAPS = {"e": "c", "a": "o", "h": "b", "t": "f", "n": "r", "u": "v"}


def words_of(lines: list[str], *, picture: int = 0, confidence: int = 92) -> tuple[Word, ...]:
    """Words as a machine read them, one line below the other."""
    found = []
    for number, line in enumerate(lines):
        at = 10
        for text in line.split():
            found.append(Word(text, at, 20 + 30 * number, 9 * len(text), 14, confidence, number, picture))
            at += 9 * len(text) + 9
    return tuple(found)


def misread(line: str, rolled: random.Random, share: float) -> str:
    """Letters taken for others, spaces lost and won."""
    out = []
    for char in line:
        roll = rolled.random()
        if roll < share:
            out.append(SWAPS.get(char, "" if roll < share / 4 else char))
        elif char == " " and roll < share * 2:
            continue
        else:
            out.append(char)
    return "".join(out)


def sides(shown: str, pictured: list[str], **more: object) -> Sides:
    picture = Picture(words_of(pictured), 30 * len(pictured) + 100)
    given: dict[str, object] = {"written": shown, "pictures": (picture,)}
    return Sides(shown=shown, **(given | more))  # type: ignore[arg-type] # fields by name, checked by each test


def kinds(found: list[Difference]) -> list[str]:
    return [each.kind for each in found]


def test_a_page_that_says_the_same_thrice_has_no_difference() -> None:
    text = "\n".join(LINES)
    assert compare_text(sides(text, list(LINES), before=(text,), sent=(f"<p>{'</p><p>'.join(LINES)}</p>",))) == []


@pytest.mark.parametrize("share", [0.02, 0.06, 0.12])
@pytest.mark.parametrize("seed", range(6))
def test_a_machines_misreadings_are_no_difference(seed: int, share: float) -> None:
    rolled = random.Random(seed)
    pictured = [misread(line, rolled, share) for line in LINES]
    assert compare_text(sides("\n".join(LINES), pictured)) == []


@pytest.mark.parametrize("seed", range(4))
def test_columns_in_another_order_and_lines_broken_elsewhere_are_no_difference(seed: int) -> None:
    rolled = random.Random(seed)
    broken = [half for line in LINES for half in (line[: len(line) // 2], line[len(line) // 2 :])]
    pairs = [broken[at : at + 2] for at in range(0, len(broken), 2)]
    rolled.shuffle(pairs)
    assert compare_text(sides("\n".join(LINES), [half for pair in pairs for half in pair])) == []


@pytest.mark.parametrize("at", range(len(LINES) + 1))
@pytest.mark.parametrize("share", [0.0, 0.06])
def test_text_that_no_picture_shows_is_found_wherever_it_stands(at: int, share: float) -> None:
    rolled = random.Random(at)
    shown = [*LINES[:at], HIDDEN, *LINES[at:]]
    [found] = compare_text(sides("\n".join(shown), [misread(line, rolled, share) for line in LINES]))
    assert (found.kind, found.text, found.place) == ("not-pictured", HIDDEN, at)


def test_hidden_words_inside_a_shown_line_are_found_without_the_rest_of_it() -> None:
    first, last = LINES[0].split(" and ")
    [found] = compare_text(sides(f"{first} {HIDDEN} {last}", [first, last]))
    assert found.kind == "not-pictured"
    assert "across from your window" in found.text
    assert "committee" not in found.text


def test_a_second_look_at_the_picture_is_believed() -> None:
    shown = "\n".join([LINES[0], HIDDEN, LINES[1]])
    asked = []

    def look(picture: int, top: int, bottom: int) -> str:
        asked.append((picture, top, bottom))
        return misread(HIDDEN, random.Random(1), 0.1)

    assert compare_text(sides(shown, [LINES[0], "", LINES[1]]), look=look) == []
    assert asked == [(0, 14, 100)]  # between the two lines, and nowhere else


def test_a_line_that_the_edge_between_two_pictures_cut_is_no_difference() -> None:
    upper = Picture(words_of([LINES[0]]), 40)
    lower = Picture(words_of([LINES[2]], picture=1), 400)
    shown = "\n".join(LINES[:3])
    cut = Sides(shown=shown, written=shown, pictures=(upper, lower))
    assert compare_text(cut) == []
    whole = Sides(shown=shown, written=shown, pictures=(Picture(words_of([LINES[0], LINES[2]]), 400),))
    assert kinds(compare_text(whole)) == ["not-pictured"]


def test_a_script_that_could_not_be_read_is_not_compared() -> None:
    arabic = "كان البحر هادئا في تلك الليلة ولم يكن أحد على الرصيف سوى الحارس"
    assert compare_text(sides(f"{LINES[0]}\n{arabic}", [LINES[0]])) == []


def test_scripts_without_spaces_are_compared_too() -> None:
    assert compare_text(sides(WIDE, [WIDE])) == []
    assert kinds(compare_text(sides(f"{WIDE}\n毎晩あなたの窓の下に立って歩く音を数えています", [WIDE]))) == [
        "not-pictured"
    ]


def test_a_message_in_an_image_is_found_and_one_word_is_for_search_only() -> None:
    [found] = compare_text(sides("\n".join(LINES), [*LINES, HIDDEN]))
    assert (found.kind, found.text, found.place) == ("only-picture", HIDDEN, 0)
    one_word = sides("\n".join(LINES), [*LINES, "THUNDERBOLT"])
    assert compare_text(one_word) == []
    assert [each.text for each in said_only_in_pictures(one_word)] == ["THUNDERBOLT"]


def test_what_an_image_says_and_the_page_says_of_it_is_in_the_page() -> None:
    assert compare_text(sides("\n".join(LINES), [*LINES, HIDDEN], written="\n".join([*LINES, HIDDEN]))) == []


def test_texture_that_is_read_as_letters_is_no_message() -> None:
    noise = Picture((*words_of(list(LINES)), *words_of(["wq ii zzee oaw ll kkei vvvw uun"], confidence=41)), 400)
    text = "\n".join(LINES)
    assert compare_text(Sides(shown=text, written=text, pictures=(noise,))) == []


@pytest.mark.parametrize(
    "sent",
    [
        '{"text": "I stand across from your window every night and count your steps."}',
        r'{"t":"I stand <b>across<\/b> from your window \u0065very night\nand count your steps."}',
        "<p>I stand <i>across</i> from your&nbsp;window ev<!-- -->ery night and count your steps.</p>",
        "x='&lt;p&gt;I stand across from your window every night and count your steps.&lt;/p&gt;'",
    ],
)
def test_text_that_came_in_whatever_clothes_has_come(sent: str) -> None:
    assert compare_text(Sides(shown=HIDDEN, written=HIDDEN, sent=(sent,))) == []


def test_text_that_came_in_no_answer_is_found() -> None:
    [found] = compare_text(Sides(shown=f"{LINES[0]}\n{HIDDEN}", written="", sent=(f"<p>{LINES[0]}</p>",)))
    assert (found.kind, found.text, found.place) == ("not-sent", HIDDEN, 1)
    made = "Posted 5 minutes ago by Robin Hartley"
    pieces = ('{"by": "Robin Hartley", "unit": "minutes ago"}', "Posted ")
    assert compare_text(Sides(shown=made, written="", sent=pieces)) == []


def test_text_that_was_swapped_after_it_came_is_found() -> None:
    kindly = "I only wanted to say how sorry I am about the fence."
    [found] = compare_text(
        Sides(shown=kindly, written=kindly, before=(f"{HIDDEN}\n{LINES[0]}", HIDDEN), dropped=LINES[0])
    )
    assert (found.kind, found.text) == ("replaced", HIDDEN)


def test_a_reading_that_was_not_taken_is_not_compared() -> None:
    assert compare_text(Sides(shown=HIDDEN, written="")) == []
    assert compare_text(Sides(shown="", written="")) == []
