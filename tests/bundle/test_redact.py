"""Covered and blurred copies: what is covered is nowhere in them, and what was kept is not changed."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, PngImagePlugin

from archiver.bundle import chronology, exhibits, pages, paint, redact, statement, wacz
from archiver.bundle.chosen import Chosen, LeftOut
from archiver.bundle.occurrences import Box, boxes, replaced
from archiver.bundle.paint import COVERED
from archiver.bundle.redact import Cover, Covered
from archiver.records import Reading
from extractors.contract import Account, Problem, Word
from tests.bundle.samples import awkward, exhibit, original, png, post, warc

NAME = "Jane Ashworth"
SPELT = (
    "Jane Ashworth",
    "jane.ashworth",
    "JANE%20ASHWORTH",
    "Jane\u200b Ashworth",
    "Ja\u0301ne Ashworth",
    "janeashworth99",
)
SOUGHT = ((NAME, COVERED),)


def picture(text: str, **info: str) -> bytes:
    image = Image.new("RGB", (400, 80), "white")
    ImageDraw.Draw(image).text((20, 20), text, fill="black", font=ImageFont.load_default(24))
    stream, kept = io.BytesIO(), PngImagePlugin.PngInfo()
    for name, value in info.items():
        kept.add_text(name, value)
    image.save(stream, "PNG", pnginfo=kept)
    return stream.getvalue()


def words_of(*texts: str, line: int = 0) -> list[Word]:
    return [Word(text, 20 + 90 * n, 22, 80, 24, 90, line) for n, text in enumerate(texts)]


@cache
def told() -> Chosen:
    """Two exhibits full of a name: in words, addresses, titles, and on one of two pictures."""
    shown = original("tile", picture(NAME), "image/png", "AB/1", "tile-001.png")
    other = original("tile", picture("Harbour"), "image/png", "AB/1", "tile-002.png", n=1)
    first = original("first-view", picture(NAME, author=NAME), "image/png", "AB/1", "first-view.png")
    page = f"<h1>{NAME}</h1>".encode()
    files = (
        shown,
        other,
        first,
        original("dom", page, "text/html", "AB/1", "dom.html.txt"),
        original("text", "\n".join(SPELT).encode(), "text/plain", "AB/1", "text.txt"),
        original("network", warc({"http://x.example/": ("text/html", page)}), "application/warc", "AB/1", "n.warc"),
        original("certificate", b"PEM", "application/x-pem-file", "AB/1", "certificate.pem"),
    )
    named = exhibit(
        1,
        files,
        title=f"{NAME} | Harbour",
        final="http://harbour.example/jane-ashworth?q=Jane+Ashworth",
        requested="http://harbour.example/jane-ashworth",
        posts=(
            post(text="\n".join(SPELT), author=Account(NAME, "jane.ashworth", "5550177", "http://x.example/5550177")),
            post(quoted=post(text=f"by {NAME}")),
        ),
        words="Jane Ashw0rth\nelsewhere",
        headers=(("Location", "/jane_ashworth"),),
    )
    return replace(
        awkward(),
        exhibits=(named, exhibit(2)),
        asked=f"the account {NAME}",
        reason=f"{NAME} asked me",
        left_out=(LeftOut("C9", f"{NAME} is in it"),),
    )


def words() -> dict[str, list[Word]]:
    [shown, other] = told().exhibits[0].of_role("tile")
    return {shown.sha256: words_of("Jane", "Ashworth"), other.sha256: words_of("Harbour")}


def everything_in(chosen: Chosen) -> dict[str, bytes]:
    """All files of a bundle but those that only the printing makes: there, what is handed to the printer."""
    made = [
        *chronology.files(chosen, lambda html: html),
        *exhibits.files(chosen, lambda html: html),
        *statement.files(chosen, lambda html: html),
        *wacz.files(chosen),
        *pages.files(chosen),
    ]
    kept = {o.path: o.read() for e in chosen.exhibits for o in e.originals if o.leaves}
    return kept | {file.path: b"".join(file.chunks()) for file in made}


def folded(data: bytes) -> str:
    return "".join(letter for letter in data.decode("utf-8", "ignore").lower() if letter.isalnum())


@pytest.mark.parametrize("text", SPELT)
def test_a_text_is_found_however_it_is_spelt(text: str) -> None:
    assert replaced(f"so {text}, then", SOUGHT) == f"so {COVERED}, then"


def test_short_texts_are_whole_words_and_longest_names_win() -> None:
    assert replaced("Al also called AL.", (("Al", "Person A"),)) == "Person A also called Person A."
    names = (("Jane", "Person B"), (NAME, "Person A"))
    assert replaced("Jane Ashworth and Jane", names) == "Person A and Person B"
    assert replaced("call 020 7946-0000 now", (("02079460000", COVERED),)) == f"call {COVERED} now"
    assert replaced("so \U0001f98a!", (("\U0001f98a", COVERED),)) == f"so {COVERED}!"
    assert replaced("nothing", ((" ", COVERED), ("", COVERED))) == "nothing"


@pytest.mark.parametrize(
    ("name", "text", "covered"),
    [
        (NAME, "?next=%2Fjane%2520ashworth%26x", f"?next=%{COVERED}%26x"),
        (NAME, "?next=jane%25252Dashworth", f"?next={COVERED}"),
        (NAME, "Jane Ash-\nworth said", f"{COVERED} said"),
        (NAME, "\uff2aane \U0001d400shworth", COVERED),
        ("\u7530\u4e2d", "\u6628\u65e5\u7530\u4e2d\u3055\u3093\u306f", f"\u6628\u65e5{COVERED}\u3055\u3093\u306f"),
        ("\u738b\u5c0f\u660e", "\u662f\u738b\u5c0f\u660e\u3002", f"\u662f{COVERED}\u3002"),
        ("\uae40\ubbfc\uc218", "\uae40\ubbfc\uc218\uac00 \uc654\ub2e4", f"{COVERED}\uac00 \uc654\ub2e4"),
        (
            "\u05e8\u05d5\u05ea\u05d9",
            "\u05e9\u05dc\u05d5\u05dd \u05e8\u05d5\u05bc\u05ea\u05b4\u05d9",
            f"\u05e9\u05dc\u05d5\u05dd {COVERED}",
        ),
        (
            "\u064a\u0627\u0633\u0645\u064a\u0646",
            "\u064a\u0627 \u064a\u0627\u0633\u0645\u0650\u064a\u0646!",
            f"\u064a\u0627 {COVERED}!",
        ),
    ],
)
def test_a_name_is_found_in_any_script_and_in_an_address_inside_an_address(name: str, text: str, covered: str) -> None:
    assert replaced(text, ((name, COVERED),)) == covered


def test_words_on_a_picture_are_found_when_they_were_misread_split_or_joined() -> None:
    for read in (("Jane", "Ashworth"), ("JaneAshworth",), ("Jan", "e", "Ashw0rth,"), ("\u201cJane", "Ashworth\u201d")):
        assert len(boxes(words_of("so", *read), SOUGHT)) == 1, read
    two_lines = [*words_of("Jane"), *words_of("Ashworth", line=1)]
    assert len(boxes(two_lines, SOUGHT)) == 2
    assert boxes(words_of("Jane", "Austen"), SOUGHT) == []
    assert boxes(words_of("also"), (("Al", COVERED),)) == []
    assert boxes(words_of("Al"), (("Al", COVERED),)) == [Box(17, 19, 86, 30, COVERED)]


def test_nothing_of_a_covered_text_is_in_any_file_that_leaves() -> None:
    assert any("janeashworth" in folded(data) for data in everything_in(told()).values())
    made = redact.redact(told(), Cover("Sam", "to keep her out", (NAME,)), words())
    found = everything_in(made.chosen)
    assert [path for path, data in found.items() if "janeashw" in folded(data)] == []
    assert not any(path.endswith((".wacz", ".warc")) for path in found)
    assert "elsewhere" in found["data/pages/AB-1.html"].decode()


def test_pixels_are_burnt_and_nothing_around_them_changes() -> None:
    made = redact.redact(told(), Cover("Sam", "why", (NAME,)), words())
    [copy, other] = made.chosen.exhibits[0].of_role("tile")
    [shown, harbour] = told().exhibits[0].of_role("tile")
    assert (copy.copy_of, copy.path) == (shown.sha256, "data/changed/AB-1/tile-001.png")
    assert other == harbour
    before, after = (Image.open(io.BytesIO(data)).convert("RGB") for data in (shown.read(), copy.read()))
    [box] = made.covered[0].boxes
    inside = (box.x, box.y, box.x + box.width, box.y + box.height)
    assert after.crop(inside).getextrema() == ((0, 0), (0, 0), (0, 0))
    for image in (before, after):
        image.paste("black", inside)
    assert ImageChops.difference(before, after).getbbox() is None


def test_what_was_kept_stays_listed_and_what_cant_be_covered_stays_out_with_its_reason() -> None:
    made = redact.redact(told(), Cover("Sam", "why", (NAME,)), words()).chosen.exhibits[0]
    held = {original.role: original.held_back for original in made.originals if not original.leaves}
    assert held == {
        "tile": redact.CHANGED,
        "first-view": redact.NOT_READ,
        "dom": redact.NOT_COVERABLE,
        "text": redact.CHANGED,
        "network": redact.NOT_COVERABLE,
    }
    kept = {original.sha256 for original in told().exhibits[0].originals}
    assert kept <= {original.sha256 for original in made.originals}
    assert (made.entry_path, made.entry_held_back) == ("", redact.ENTRY)
    assert made.entry_sha256 == told().exhibits[0].entry_sha256


def test_names_become_letters_everywhere_alike_and_the_key_stays_behind() -> None:
    cover = Cover("Sam", "why", people=((NAME, "jane.ashworth"), ("Alex Marlow", "alexm")))
    made = redact.redact(told(), cover, words())
    first = made.chosen.exhibits[0]
    assert first.posts[0].author == Account("Person A", "Person A")
    assert first.posts[1].author.name == "Person B"
    assert (first.title, made.chosen.asked) == ("Person A | Harbour", "the account Person A")
    assert cover.key == (("Person A", (NAME, "jane.ashworth")), ("Person B", ("Alex Marlow", "alexm")))
    found = everything_in(made.chosen) | {"page": redact.page(made, cover)}
    for name in ("janeashworth", "alexm", "5550177"):
        assert [path for path, data in found.items() if name in folded(data)] == []
    assert made.log_body(cover)["people"][0] == {"label": "Person A", "names": [NAME, "jane.ashworth"]}


def test_a_rectangle_is_burnt_without_any_text_being_sought() -> None:
    [shown, _] = told().exhibits[0].of_role("tile")
    cover = Cover("Sam", "why", rectangles={shown.sha256: (Box(5, 6, 50, 20),)})
    made = redact.redact(told(), cover, {})
    [copy] = [o for o in made.chosen.exhibits[0].of_role("tile") if o.copy_of]
    assert Image.open(io.BytesIO(copy.read())).crop((5, 6, 55, 26)).getextrema() == ((0, 0),) * 3
    assert made.covered == (Covered("AB/1", shown.sha256, copy.sha256, (Box(5, 6, 50, 20),)),)


def test_a_copy_is_made_of_pixels_alone() -> None:
    kept = picture(NAME, author="Camera owner", Comment="by me")
    for data in (paint.burnt(kept, [Box(0, 0, 9, 9)]), paint.blurred(kept)):
        with Image.open(io.BytesIO(data)) as image:
            assert image.info == {}
        assert b"Camera" not in data
        assert b"tEXt" not in data


def test_a_blurred_copy_can_not_be_read_and_has_no_words_of_posts() -> None:
    cover = Cover("Sam", "for a friend", blur=True)
    made = redact.redact(told(), cover, words())
    first = made.chosen.exhibits[0]
    assert {original.role for original in first.originals if original.leaves} == {"tile", "first-view", "certificate"}
    for data in (o.read() for o in first.originals if o.leaves and o.media_type == "image/png"):
        grey = Image.open(io.BytesIO(data)).convert("L")
        neighbours = ImageChops.difference(grey, ImageChops.offset(grey, 1, 0)).crop((1, 0, *grey.size))
        assert neighbours.getextrema()[1] <= 12  # the letters' edges were 255
    assert first.posts[0].text == redact.BLURRED
    assert first.posts[1].quoted is not None
    assert first.posts[1].quoted.text == redact.BLURRED
    assert (first.title, first.words) == (redact.BLURRED, "")


def large(text: str, size: int) -> bytes:
    image = Image.new("RGB", (1280, 800), "white")
    ImageDraw.Draw(image).text((40, 40), text, fill="black", font=ImageFont.load_default(size))
    return png(image)


@pytest.mark.parametrize("size", [16, 24, 48])
def test_of_two_guesses_neither_fits_a_blurred_copy_better(size: int) -> None:
    assert paint.blurred(large("I will find you", size)) == paint.blurred(large("Meet me at home", size))


def test_a_picture_that_is_made_of_words_can_not_be_read_either() -> None:
    """With 48 pixels made one, letters of 200 could be read from across the room."""
    with Image.open(io.BytesIO(paint.blurred(large("I will find you", 200)))) as image:
        strokes = ImageChops.difference(image, ImageChops.offset(image, 20, 0)).crop((20, 0, *image.size))
    assert strokes.convert("L").getextrema()[1] <= 40  # of 255; a stroke is 20 pixels wide


def test_what_may_have_been_missed_is_said_to_the_person() -> None:
    made = redact.redact(told(), Cover("Sam", "why", (NAME,)), words())
    assert made.doubts == (
        f"AB/1: {told().exhibits[0].final} may lead to someone whose name is covered.",
        "AB/1: 6 places were found in the page's words and 1 on its pictures. "
        "Look at each picture, and cover by rectangle what is left.",
    )


def test_who_why_and_where_are_told_without_the_covered_text() -> None:
    cover = Cover("Sam", f"{NAME} wants to stay out", (NAME,))
    made = redact.redact(told(), cover, words())
    page = redact.page(made, cover)
    for said in ("Sam", "wants to stay out", made.covered[0].original, made.covered[0].copy, "176 by 30 at 17, 19"):
        assert said in page.decode()
    assert "janeashworth" not in folded(page)
    body = made.log_body(cover)
    assert json.loads(json.dumps(body)) == body
    assert (body["who"], body["texts"]) == ("Sam", [NAME])
    assert body["pictures"][0]["boxes"] == [[17, 19, 176, 30]]


def test_a_picture_that_can_not_be_opened_stays_out() -> None:
    broken = original("tile", b"no picture", "image/png", "AB/1", "tile-001.png")
    chosen = replace(awkward(), exhibits=(exhibit(1, (broken,)),))
    made = redact.redact(chosen, Cover("Sam", "why", blur=True), {})
    assert made.chosen.exhibits[0].originals[0].held_back.startswith("it can't be covered")


def test_words_are_matched_to_their_pictures_and_unread_pictures_are_not_searched() -> None:
    records = (*words_of("one"), replace(words_of("two")[0], picture=2), Problem("picture 1", "broken"))
    reading = Reading("C1", "ocr", "Tesseract", "2026-03-29T00:30:00Z", "done", of=("a", "b", "c"), records=records)
    found = redact.words_by_picture([reading, replace(reading, reader="page"), replace(reading, outcome="failed")])
    assert {sha256: [word.text for word in read] for sha256, read in found.items()} == {"a": ["one"], "c": ["two"]}


def test_a_camera_picture_is_written_anew_even_where_nothing_on_it_is_covered() -> None:
    photo = original("response", picture("Harbour", author="Camera owner"), "image/png", "AB/1", "response.png")
    chosen = replace(awkward(), exhibits=(exhibit(1, (photo,)),))
    made = redact.redact(chosen, Cover("Sam", "why", (NAME,)), {photo.sha256: words_of("Harbour")})
    [copy] = made.chosen.exhibits[0].of_role("response")
    assert b"Camera" not in copy.read()
    assert png(Image.open(io.BytesIO(copy.read()))) == copy.read()
