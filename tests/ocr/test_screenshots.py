"""What people photograph with their phones: bubbles, dark themes, emoji, columns, pages without end."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from archiver.ocr import find_engine, read_picture, settings_key
from archiver.ocr.bands import bands_of
from archiver.ocr.engine import Engine
from archiver.reading import lines_of
from benchmarks.chats import LOOKS, Case, Drawn, Said, cases, drawn, open_browser, truth_of
from benchmarks.ocr import Sample, bare, distance, plain
from extractors.contract import Word


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=1)
    return data.getvalue()


def read(image: Image.Image) -> tuple[Word, ...]:
    return read_picture(png(image), find_engine()).words


def text(image: Image.Image) -> str:
    return lines_of(read(image))


@pytest.fixture(scope="module")
def chats() -> list[Drawn]:
    wanted = {"whatsapp-light", "instagram-dark", "discord-dark", "telegram-dark"}
    with open_browser() as browser:
        return list(drawn(browser, [case for case in cases(quick=True) if case.name in wanted]))


def test_made_up_chats_are_read_nearly_right_and_better_than_by_bare_tesseract(chats: list[Drawn]) -> None:
    errors, bare_errors, of = 0, 0, 0
    assert len(chats) == 4
    for chat in chats:
        truth = plain(chat.truth)
        own = distance(truth, plain(lines_of(read_picture(chat.picture, find_engine()).words)))
        assert own < 0.06 * len(truth), chat.case.name
        errors, of = errors + own, of + len(truth)
        bare_errors += distance(truth, plain(bare(Sample(chat.case.name, "", chat.picture, chat.truth))))
    assert errors < 0.03 * of
    assert errors < 0.5 * bare_errors


def test_messages_of_one_word_are_not_taken_for_icons() -> None:
    short = ["k", "ok", "No.", "Hi", "Me", "10", "why", "lol"]
    look = next(look for look in LOOKS if look.app == "whatsapp")
    case = Case(
        "short", "short", look, tuple(Said("Rook", n % 3 == 0, word, "") for n, word in enumerate(short)), scale=2
    )
    with open_browser() as browser:
        [picture] = drawn(browser, [case])
    found = lines_of(read_picture(picture.picture, find_engine()).words).splitlines()
    assert [line for line in found if line in short] == short
    assert any(line.endswith("Rook") for line in found) and truth_of(case).startswith("Rook")


@pytest.mark.parametrize(
    ("ground", "ink"),
    [
        ("#000000", "#71767b"),
        ("#ffffff", "#b0b0b0"),
        ("#0b57d0", "#ffffff"),
        ("#ffcc00", "#aa0000"),
        ("#205020", "#d02020"),
    ],
)
def test_faint_and_coloured_words_on_a_coloured_ground_are_read(ground: str, ink: str) -> None:
    image = Image.new("RGB", (700, 120), ground)
    ImageDraw.Draw(image).text((40, 40), "Meet me outside tonight", ink, font(30))
    assert text(image) == "Meet me outside tonight"


def test_light_and_dark_bubbles_on_one_picture_are_both_read_in_their_order() -> None:
    image = Image.new("RGB", (800, 420), "#e5ddd5")
    draw = ImageDraw.Draw(image)
    for n, (left, fill, ink) in enumerate(
        [(20, "#ffffff", "#111111"), (300, "#075e54", "#ffffff"), (20, "#ffffff", "#111111")]
    ):
        draw.rounded_rectangle([left, 20 + 130 * n, left + 470, 110 + 130 * n], 24, fill)
        draw.text((left + 24, 45 + 130 * n), f"bubble number {n} speaks", ink, font(30))
    assert text(image).splitlines() == [f"bubble number {n} speaks" for n in range(3)]


def test_an_emoji_is_a_placeholder_on_its_line_and_no_letter() -> None:
    image = Image.new("RGB", (700, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.text((40, 40), "well done", "black", font(34))
    draw.ellipse([220, 44, 254, 78], "#ffcc33")
    draw.ellipse([228, 52, 234, 60], "#553300")
    draw.ellipse([240, 52, 246, 60], "#553300")
    draw.rectangle([230, 65, 244, 69], "#aa2200")
    words = read(image)
    assert [word.text for word in words] == ["well", "done", "□"]
    assert (words[2].x, words[2].confidence) == (pytest.approx(220, abs=2), 0)


def test_a_pale_face_is_one_picture_and_its_eyes_and_mouth_are_no_signs() -> None:
    image = Image.new("RGB", (520, 200), "#effadf")
    draw = ImageDraw.Draw(image)
    draw.text((20, 60), "see you at 7:45", "black", font(36))
    draw.ellipse((285, 60, 329, 104), "#ffcc33")
    draw.ellipse((295, 76, 303, 84), "#553300")
    draw.ellipse((311, 76, 319, 84), "#553300")
    draw.chord((295, 74, 319, 96), 20, 160, "#aa2200")
    assert text(image) == "see you at 7:45 □"


def jpeg(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=70)
    return data.getvalue()


@pytest.mark.parametrize(("words", "end"), [("call me back", 240), ("at", 72)])
def test_emoji_side_by_side_in_a_saved_photograph_are_as_many_and_leave_no_signs(words: str, end: int) -> None:
    """Their outlines are paler than the noise that JPEG leaves about eyes and mouths."""
    image = Image.new("RGB", (700, 220), "#efeff4")
    draw = ImageDraw.Draw(image)
    draw.text((20, 60), words, "black", font(36))
    for left in (end, end + 44, end + 88):
        draw.ellipse((left, 62, left + 42, 104), "#ffcc33")
        draw.ellipse((left + 11, 74, left + 17, 80), "#553300")
        draw.ellipse((left + 25, 74, left + 31, 80), "#553300")
        draw.chord((left + 10, 72, left + 32, 96), 20, 160, "#aa2200")
    draw.text((20, 120), "tonight at the gate", "black", font(36))
    found = read_picture(jpeg(image), find_engine()).words
    assert lines_of(found) == f"{words} □ □ □\ntonight at the gate"
    assert [word.x for word in found if word.text == "□"] == pytest.approx([end, end + 44, end + 88], abs=4)


def test_the_bar_beside_a_message_is_no_letter_and_ties_no_name_to_it() -> None:
    image = Image.new("RGB", (560, 180), "white")
    draw = ImageDraw.Draw(image)
    draw.text((20, 30), "NORA", "#dd2255", font(24))
    draw.rectangle((20, 62, 25, 112), "#dd2255")
    draw.text((44, 70), "you say so every year", "black", font(28))
    assert text(image) == "NORA\nyou say so every year"


def test_an_i_behind_a_full_stop_is_on_the_line() -> None:
    image = Image.new("RGB", (560, 140), "white")
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), "see what you sent me. I", "black", font(36))
    draw.text((20, 70), "was outside", "black", font(36))
    assert text(image) == "see what you sent me. I\nwas outside"


def test_a_dot_goes_to_its_own_letter_and_not_to_the_taller_line_above() -> None:
    image = Image.new("RGB", (560, 160), "#005c4b")
    draw = ImageDraw.Draw(image)
    draw.text((20, 20), "Thursday (gone)", "white", font(36))
    draw.text((20, 60), "serious", "white", font(36))
    assert text(image) == "Thursday (gone)\nserious"


def test_a_middle_dot_is_read_as_one_and_a_hyphen_is_not() -> None:
    image = Image.new("RGB", (900, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.text((40, 40), "Replied", "black", font(32))
    draw.ellipse([172, 58, 177, 63], "black")
    draw.text((195, 40), "well-known story", "black", font(32))
    assert text(image) == "Replied · well-known story"


def test_columns_are_read_one_after_the_other() -> None:
    image = Image.new("RGB", (1000, 460), "white")
    draw = ImageDraw.Draw(image)
    for n, name in enumerate(["Home", "Explore", "Messages", "Profile", "Settings"]):
        draw.text((40, 30 + 85 * n), name, "black", font(28))
    for n in range(8):
        draw.text((400, 22 + 52 * n), f"line {n} of the long story", "black", font(26))
    assert text(image).splitlines() == [
        "Home", "Explore", "Messages", "Profile", "Settings", *(f"line {n} of the long story" for n in range(8))
    ]  # fmt: skip


def test_a_name_and_its_time_on_one_row_stay_together() -> None:
    image = Image.new("RGB", (1000, 520), "white")
    draw = ImageDraw.Draw(image)
    names = ["Marlow", "Tess", "Jonah", "Rook", "Ivy"]
    for n, name in enumerate(names):
        draw.text((60, 40 + 90 * n), name, "black", font(30))
        draw.text((820, 42 + 90 * n), f"1{n}:25", "#777777", font(26))
    assert text(image).splitlines() == [f"{name} 1{n}:25" for n, name in enumerate(names)]


def test_every_line_of_a_long_picture_is_read_once_wherever_the_bands_meet() -> None:
    image = Image.new("L", (700, 5_000), 255)
    draw = ImageDraw.Draw(image)
    lines = [f"this is line {n} here" for n in range(100, 218)]
    for n, line in enumerate(lines):
        draw.text((30, 20 + 42 * n), line, 0, font(26))
    assert len(bands_of(*image.size)) > 3
    assert text(image).splitlines() == lines


def test_the_words_do_not_hang_on_how_many_pieces_are_read_at_a_time() -> None:
    image = Image.new("L", (700, 2_600), 255)
    for n in range(60):
        ImageDraw.Draw(image).text((30, 20 + 42 * n), f"this is line {n} here", 0, font(26))
    engine, picture = find_engine(), png(image)
    assert read_picture(picture, engine, jobs=1) == read_picture(picture, engine, jobs=3)


@given(st.integers(1, 40_000), st.integers(1, 90_000))
def test_bands_cover_every_row_once(width: int, height: int) -> None:
    bands = bands_of(width, height)
    assert (bands[0].top, bands[-1].bottom) == (0, height)
    assert all(before.bottom == after.top for before, after in itertools.pairwise(bands))
    assert all(band.bottom > band.top for band in bands)


def test_boxes_lie_on_the_words_in_the_pictures_own_pixels() -> None:
    image = Image.new("RGB", (900, 200), "#101418")
    draw = ImageDraw.Draw(image)
    for n, word in enumerate(["Outside", "your", "window"]):
        draw.text((50 + 250 * n, 60), word, "#c0c4c8", font(44))
    for n, word in enumerate(read(image)):
        left, top, right, bottom = draw.textbbox((50 + 250 * n, 60), word.text, font(44))
        assert word.x == pytest.approx(left, abs=5) and word.y == pytest.approx(top, abs=5)
        assert word.width == pytest.approx(right - left, abs=9) and word.height == pytest.approx(bottom - top, abs=9)


def test_a_piece_that_tesseract_does_not_finish_is_said_and_the_rest_stays() -> None:
    image = Image.new("L", (700, 900), 255)
    ImageDraw.Draw(image).text((30, 30), "some words", 0, font(30))
    here = find_engine()
    gone = Engine("/nowhere/tesseract", here.version, here.languages)
    result = read_picture(png(image), gone)
    assert result.words == ()
    assert [problem.where for problem in result.problems] == ["rows 0 to 450"]
    assert "could not be started" in result.problems[0].what


def test_the_key_names_engine_languages_and_method() -> None:
    key = settings_key(Engine("", "5.3.0", ("eng", "deu", "osd")), ("deu", "eng"))
    assert key.startswith("Tesseract 5.3.0 deu+eng method ")


@given(st.text("abc ", max_size=12), st.text("abc ", max_size=12))
def test_the_benchmarks_distance_is_the_plain_tables(one: str, other: str) -> None:
    row = list(range(len(other) + 1))
    for n, a in enumerate(one, 1):
        before, row = row, [n]
        for m, b in enumerate(other, 1):
            row.append(min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (a != b)))
    assert distance(one, other) == row[-1]


@pytest.mark.parametrize("wide", [2, 3, 6])
def test_the_length_of_a_voice_message_is_a_line_of_its_own_beside_its_strokes(wide: int) -> None:
    size = 8 * wide
    image = Image.new("RGB", (100 * wide, 60 * wide), "white")
    draw = ImageDraw.Draw(image)
    draw.text((4 * wide, 2 * wide), "call me back", "black", font(size))
    draw.polygon([(4 * wide, 20 * wide), (4 * wide, 30 * wide), (10 * wide, 25 * wide)], "#777777")
    for n in range(18):
        left, half = 14 * wide + n * 5 * wide // 2, wide * (1 + n * 7 % 12) // 2
        draw.rectangle((left, 25 * wide - half, left + wide - 1, 25 * wide + half - 1), "#777777")
    draw.text((62 * wide, 25 * wide), "0:23", "black", font(size), anchor="lm")
    draw.text((4 * wide, 40 * wide), "why not", "black", font(size))
    assert text(image) == "call me back\n0:23\nwhy not"
