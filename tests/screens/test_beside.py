"""What apps draw beside the words of a message: reactions, "Edited", answers, a draft over a keyboard, backgrounds."""

from __future__ import annotations

from dataclasses import replace

from extractors.contract import Colour, Message, Problem, Region, Screen, Word
from tests.screens.cases import read
from tests.screens.test_screens import BLACK, BLUE, GREY, WHITE, chat, messages

PALE = (150, 150, 155)


def added(
    screen: Screen, text: str, x: int, y: int, *, ink: Colour = BLACK, tall: int = 14, area: Region | None = None
) -> Screen:
    """The screen with one more line of words, in an area of its own if one is given."""
    line, words = 1 + max((word.line for word in screen.words), default=0), []
    for part in text.split():
        words.append(Word(part, x, y, 9 * len(part), tall, 95, line))
        x += 9 * len(part) + 6
    regions = (*screen.regions, area) if area else screen.regions
    return replace(screen, words=(*screen.words, *words), regions=regions, inks=(*screen.inks, *[ink] * len(words)))


def test_a_reaction_on_the_edge_of_a_bubble_is_told_with_its_message_and_is_none() -> None:
    screen = chat(("left", "who is this", 200), ("right", "you know who", 270), ("left", "no", 330))
    pill = Region(20, 232, 44, 20, GREY)
    made = messages(added(screen, "□ 2", 26, 236, tall=11, area=pill))
    assert [(m.text, m.labels) for m in made] == [
        ("who is this", ("reaction: □ 2",)), ("you know who", ()), ("no", ()),
    ]  # fmt: skip


def test_an_emoji_in_a_bubble_of_its_own_right_under_another_is_a_message() -> None:
    screen = chat(("left", "who is this", 200), ("right", "you know who", 270), ("left", "no", 330), ("left", "□", 370))
    assert [m.text for m in messages(screen)] == ["who is this", "you know who", "no", "□"]


def test_a_time_under_a_reaction_is_the_messages_all_the_same() -> None:
    screen = chat(("left", "who is this", 200), ("right", "you know", 300), loose=(("10:21 PM", 14, 258),))
    made = messages(added(screen, "□", 26, 236, tall=11, area=Region(20, 232, 30, 20, GREY)))
    assert made[0].time is not None and made[0].time.written == "10:21 PM"


def test_edited_in_small_print_before_the_time_is_no_word_of_the_message() -> None:
    screen = chat(("left", "come out 10:21", 200), ("right", "no 10:22", 260), ("left", "now 10:23", 320))
    odd = tuple(replace(r, colour=(200, 90, 40)) if r.colour == BLUE else r for r in screen.regions)  # no known app
    words = [replace(w, height=9) if w.text.startswith("10:") else w for w in screen.words]
    small = tuple(replace(w, text="Edited", height=9) if w.text == "out" else w for w in words)
    written = tuple(replace(w, text="Edited") if w.text == "out" else w for w in words)
    told = messages(replace(screen, words=small, regions=odd))[0]
    assert (told.text, told.labels, told.time and told.time.written) == ("come", ("Edited",), "10:21")
    assert messages(replace(screen, words=written, regions=odd))[0].text == "come Edited"


def test_a_call_in_a_bubble_is_the_call_of_who_stands_on_that_side() -> None:
    made = messages(chat(("left", "Missed voice call", 200), ("right", "leave me alone", 260), ("left", "no", 320)))
    assert [(m.kind, m.sent) for m in made] == [("call", False), ("message", True), ("message", False)]


def test_a_day_in_the_middle_is_a_day_though_it_shares_an_edge_with_a_bubble() -> None:
    screen = chat(("left", "who is it then", 200), ("right", "no", 260), ("left", "you know", 380))
    pill = Region(125, 318, 150, 34, (225, 225, 225))
    wide = replace(screen, regions=(*screen.regions, Region(125, 450, 263, 36, BLUE)))
    made = messages(added(added(wide, "leave me be", 140, 460), "Yesterday", 140, 326, area=pill))
    assert [(m.kind, m.text) for m in made][2] == ("system", "Yesterday")


def test_words_over_a_keyboard_were_not_sent() -> None:
    screen = chat(("left", "hello there", 200), ("right", "who is this", 260), ("left", "you know", 320))
    screen = added(screen, "I am calling them", 60, 500)
    for n, keys in enumerate(("q w e r t y u i o p", "a s d f g h j k l", "z x c v b n m")):
        screen = added(screen, keys, 60, 640 + 50 * n)
    records = read(screen)[1]
    assert [r.what for r in records if isinstance(r, Problem)] == [
        "Words in the field for writing, not sent: I am calling them"
    ]
    assert [m.text for m in records if isinstance(m, Message)] == ["hello there", "who is this", "you know"]


def rows(*lines: tuple[str, Colour, int]) -> Screen:
    screen = Screen(400, 900, (), (Region(0, 0, 400, 900, WHITE),), ())
    for text, ink, y in lines:
        screen = added(screen, text, 60, y, ink=ink)
    return screen


def head(screen: Screen, name: str, time: str, y: int) -> Screen:
    """A name in black with its time in paler print beside it."""
    named = added(screen, name, 60, y)
    paler = added(screen, time, 80 + 9 * len(name), y, ink=PALE)
    line = named.words[-1].line
    words = (*named.words, *(replace(w, line=line) for w in paler.words[len(screen.words) :]))
    return replace(named, words=words, inks=(*named.inks, *paler.inks[len(screen.inks) :]))


def test_a_line_that_ends_in_a_day_in_the_ink_of_the_words_names_no_writer() -> None:
    screen = head(rows(), "Rook", "Today at 10:20", 100)
    screen = added(screen, "I was outside on Tuesday at 7:45", 60, 120)
    screen = added(head(screen, "wren_07", "Today at 10:22", 160), "leave me alone", 60, 180)
    assert [(m.author.name, m.text) for m in messages(screen)] == [
        ("Rook", "I was outside on Tuesday at 7:45"), ("wren_07", "leave me alone"),
    ]  # fmt: skip


def test_rows_tell_answers_reactions_and_edits_with_their_message() -> None:
    screen = added(head(rows(), "Rook", "Today at 10:20", 100), "open the door (edited)", 60, 120)
    screen = added(screen, "□ 2", 60, 142)
    screen = added(screen, "Replying to @rook: open the door", 60, 170, ink=PALE)
    screen = added(head(screen, "wren_07", "Today at 10:22", 190), "leave me alone", 60, 210)
    assert [(m.author.name, m.text, m.labels) for m in messages(screen)] == [
        ("Rook", "open the door", ("Edited", "reaction: □ 2")),
        ("wren_07", "leave me alone", ("Replying to @rook: open the door",)),
    ]


def test_what_has_the_colour_of_the_paper_is_no_word() -> None:
    screen = chat(("left", "who is this", 200), ("right", "you know", 260), ("left", "no", 320))
    drawn = added(screen, "Od", 300, 420, ink=(240, 238, 236))
    assert [m.text for m in messages(drawn)] == ["who is this", "you know", "no"]
    assert [m.text for m in messages(added(screen, "Od", 300, 420))] == ["who is this", "you know", "no", "Od"]


def test_a_tinted_sign_beside_black_words_is_an_emoji_however_sure_it_was_read() -> None:
    screen = chat(("left", "come out", 200), ("right", "no", 260))
    face = replace(screen, words=tuple(replace(w, text="9") if w.text == "out" else w for w in screen.words))
    inks = tuple((224, 41, 98) if w.text == "9" else ink for w, ink in zip(face.words, face.inks, strict=True))
    assert messages(replace(face, inks=inks))[0].text == "come □"
    assert messages(face)[0].text == "come 9"


def test_where_some_writers_are_named_the_name_on_top_is_nobodys() -> None:
    loose = (("Harbour lane", 80, 60), ("Rook", 14, 182), ("Ivy", 14, 302))
    made = messages(chat(("left", "come out", 200), ("right", "no", 260), ("left", "he is here", 320), loose=loose))
    assert [m.author.name for m in made] == ["Rook", "", "Ivy"]
    later = messages(chat(("right", "no", 260), ("left", "he is here", 320), ("left", "go", 420), loose=(
        ("Harbour lane", 80, 60), ("Ivy", 14, 302), ("Today 10:21", 150, 380))))  # fmt: skip
    assert [m.author.name for m in later if m.kind == "message"] == ["", "Ivy", ""]


def quoting(words: str, *, box: int) -> Screen:
    """A bubble of three lines on the right with a box of another colour in it, from row `box` on."""
    screen = chat(("left", "who is this", 200), ("right", words, 300), ("left", "no", 420), ("left", "you know", 480))
    bubble = next(region for region in screen.regions if region.y == 300)
    inner = Region(bubble.x + 8, box, bubble.width - 16, 22, (90, 160, 240))
    return replace(screen, regions=(*screen.regions, inner))


def test_a_quote_and_whom_it_quotes_are_told_with_the_answer() -> None:
    made = messages(quoting("Rook\nopen the door\nleave me alone", box=326))[1]
    assert (made.text, made.labels) == ("leave me alone", ("quotes: Rook\nopen the door",))


def test_words_over_a_links_preview_stay_the_messages() -> None:
    made = messages(quoting("look at this\nwho is it\nlinks.example", box=346))[1]
    assert (made.text, made.labels) == ("look at this\nwho is it", ("quotes: links.example",))


def test_of_a_voice_message_its_length_is_told_and_not_what_its_bars_were_read_as() -> None:
    screen = chat(("left", "|lb eH 0:25", 200), ("right", "come at 7:45", 260), ("left", "no", 320))
    unsure = tuple(replace(w, confidence=30) if w.text in ("|lb", "eH") else w for w in screen.words)
    assert [m.text for m in messages(replace(screen, words=unsure))] == ["0:25", "come at 7:45", "no"]


def test_a_misread_time_beside_a_known_name_does_not_give_its_words_to_the_writer_before() -> None:
    screen = added(head(rows(), "Rook", "Today at 10:20", 100), "open the door", 60, 120)
    screen = added(head(screen, "wren_07", "Today at 10:22", 160), "leave me alone", 60, 180)
    screen = added(head(screen, "Rook", "4:47 Amu", 220), "I can wait", 60, 240)
    assert [(m.author.name, m.text) for m in messages(screen)] == [
        ("Rook", "open the door"), ("wren_07", "leave me alone"), ("Rook", "I can wait"),
    ]  # fmt: skip


def test_a_white_time_over_a_photograph_in_a_white_bubble_is_kept() -> None:
    screen = chat(
        ("left", "look here 10:21 PM", 200), ("left", "come out 10:22 PM", 300), ("right", "no 10:23 PM", 380)
    )
    white = tuple(GREY if w.text in ("10:21", "PM") else ink for w, ink in zip(screen.words, screen.inks, strict=True))
    odd = tuple(replace(r, colour=(200, 90, 40)) if r.colour == BLUE else r for r in screen.regions)  # no known app
    made = messages(replace(screen, inks=white, regions=odd))
    assert [m.time and m.time.written for m in made] == ["10:21 PM", "10:22 PM", "10:23 PM"]


def test_a_figure_in_a_low_bubble_under_another_is_a_message_where_it_keeps_to_the_same_edge() -> None:
    screen = chat(("left", "how many are there", 200), ("right", "you know", 290), ("left", "no", 350))
    low = Region(12, 238, 40, 30, GREY)
    assert [m.text for m in messages(added(screen, "2", 26, 246, area=low))] == [
        "how many are there", "2", "you know", "no",
    ]  # fmt: skip
