"""The exhibits on paper: each line of each picture stands on exactly one page, and every page says where it belongs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw
from pypdf import PdfReader

from archiver.browser import find_browser
from archiver.browser.paper import Printer
from archiver.bundle import chronology, exhibits, sheets, statement
from archiver.bundle.sheets import PAGE_HEIGHT, NotAPicture, Piece, pieces
from tests.bundle.samples import ROW, awkward, exhibit, original, png, tall_picture

A4 = (595, 842)  # points
SECONDS = 180  # a print takes 1 s; a machine with nothing to spare took 23 s


@pytest.fixture(scope="module")
def papers() -> dict[str, PdfReader]:
    """All that is made for paper, printed by one browser."""
    chosen = awkward()
    with Printer(executable=find_browser().path, sandbox=True) as printer:

        def printed(html: bytes) -> bytes:
            return printer.pdf(html, seconds=SECONDS)

        made = [
            *exhibits.files(chosen, printed, grey=True),
            *chronology.files(chosen, printed),
            *statement.files(chosen, printed),
        ]
        pdfs = {file.path: b"".join(file.chunks()) for file in made if file.path.endswith(".pdf")}
    return {path: PdfReader(io.BytesIO(data)) for path, data in pdfs.items()}


def texts(paper: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in paper.pages]


def test_every_page_of_every_paper_is_a4_and_says_page_x_of_y(papers: dict[str, PdfReader]) -> None:
    assert set(papers) == {"data/exhibits.pdf", "data/chronology.pdf", "data/witness-statement.pdf"}
    for path, paper in papers.items():
        for n, (page, text) in enumerate(zip(paper.pages, texts(paper), strict=True), start=1):
            assert sorted((round(float(page.mediabox.width)), round(float(page.mediabox.height)))) == list(A4), path
            assert f"page {n} of {len(paper.pages)}" in text, path


def test_each_page_of_the_exhibits_names_its_exhibit_and_a_hash(papers: dict[str, PdfReader]) -> None:
    found = [
        re.search(r"Exhibit (AB/\d) · .*?SHA-256 ([0-9a-f]{16})\b", text) for text in texts(papers["data/exhibits.pdf"])
    ]
    assert all(found)
    labels = [match[1] for match in found if match]
    assert labels == sorted(labels)
    assert set(labels) == {"AB/1", "AB/2", "AB/3", "AB/4", "AB/5"}


def test_each_exhibit_has_a_signature_line_and_its_facts(papers: dict[str, PdfReader]) -> None:
    whole = " ".join(texts(papers["data/exhibits.pdf"]))
    for label in ("AB/1", "AB/2", "AB/3", "AB/4", "AB/5"):
        assert f"This is the exhibit marked {label} in the statement of" in whole
    assert whole.count("Signed") == 5
    assert "2 pictures did not load" in whole
    assert "not printed here" in whole


def test_every_row_of_pixels_is_on_paper_once_and_unscaled(papers: dict[str, PdfReader]) -> None:
    pages = papers["data/exhibits.pdf"].pages
    kept = [Image.open(io.BytesIO(o.read())) for o in awkward().exhibits[0].of_role("tile")]
    found = []
    for page in pages:
        assert len(page.images) <= 1, "a picture that fits no page was cut by the printer, or two share one"
        for image in page.images:
            said = re.search(
                r"(AB/\d), picture (\d) of 2, pixels (\d+)-(\d+) of (\d+)", " ".join(page.extract_text().split())
            )
            assert said is not None
            if said[1] == "AB/1":
                found.append((int(said[2]), int(said[3]), int(said[4]), image.image))
    for number, whole in enumerate(kept, start=1):
        parts = [part for part in found if part[0] == number]
        assert [first for _, first, _, _ in parts] == [1, *(last + 1 for _, _, last, _ in parts[:-1])]
        assert parts[-1][2] == whole.height
        for _, first, last, image in parts:
            assert image is not None
            piece = whole.crop((0, first - 1, whole.width, last)).convert("L")
            assert ImageChops.difference(piece, image.convert("L")).getextrema() in ((0, 0), (0, 1))


def test_the_papers_tell_nothing_of_who_printed_them(papers: dict[str, PdfReader]) -> None:
    home = str(Path.home())
    for paper in papers.values():
        told = dict(paper.metadata or {})
        assert set(told) <= {"/Title", "/Creator", "/Producer", "/CreationDate", "/ModDate"}
        assert home not in str(told)
        assert "/root" not in str(told)
        assert paper.xmp_metadata is None
        assert paper.trailer["/Root"].get("/Names", {}).get("/JavaScript") is None
        assert [page["/Annots"] for page in paper.pages if "/Annots" in page] == []


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(1280, 16_000, 1), (400, 5_000, 1), (2560, 9_001, 2), (4000, 3_000, 1), (1, 1, 1)]
)
def test_pieces_cover_a_picture_once_and_fit_a_page(width: int, height: int, scale: int) -> None:
    made = pieces(width, height, [0] * height, scale=scale)
    assert sum((p.right - p.left) * (p.bottom - p.top) for p in made) == width * height
    rows = sorted({(p.top, p.bottom) for p in made})
    assert rows[0][0] == 0
    assert rows[-1][1] == height
    assert all(one[1] == other[0] for one, other in pairwise(rows))
    for piece in made:
        wide = (piece.right - piece.left) * sheets.MM_PER_PIXEL / scale
        high = (piece.bottom - piece.top) * sheets.MM_PER_PIXEL / scale
        assert high * min(1.0, sheets.PAGE_WIDTH / wide) <= PAGE_HEIGHT + 0.5  # the last column may be a pixel narrower


def test_a_cut_runs_between_lines_of_words() -> None:
    made = [sheet.piece for sheet in sheets.sheets(tall_picture(130))]
    cuts = [piece.bottom for piece in made[:-1]]
    assert cuts
    assert [cut % ROW for cut in cuts if 8 <= cut % ROW <= 32] == []  # the letters stand from 12 to 28


def test_a_picture_without_a_quiet_row_is_cut_all_the_same() -> None:
    assert pieces(1280, 4000, [9] * 4000)[0] == Piece(0, 0, 1280, 1641)


def test_nothing_is_printed_larger_than_it_was() -> None:
    [sheet] = sheets.sheets(tall_picture(3, 400))
    assert sheet.wide == 400
    [sheet] = sheets.sheets(tall_picture(3, 800), scale=2)
    assert sheet.wide == 400


def test_what_is_no_picture_or_too_large_is_said() -> None:
    for data in (b"no picture", png(Image.new("1", (20_000, 20_000)))):
        with pytest.raises(NotAPicture):
            list(sheets.sheets(data))


def test_a_picture_that_a_camera_turned_stands_upright_and_loses_its_metadata() -> None:
    image = Image.new("RGB", (60, 20), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 9, 9), fill="red")
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Camera owner's name"
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=exif, quality=95)
    made = sheets.opened(stream.getvalue())
    assert made.size == (20, 60)
    red, green, _ = made.getpixel((15, 4))
    assert red > 200 > 60 > green
    assert dict(made.getexif()) == {}


def test_many_pictures_become_several_papers_each_with_what_a_browser_can_take(monkeypatch: pytest.MonkeyPatch) -> None:
    tiles = tuple(original("tile", tall_picture(20, first=n), "image/png", "AB/1", f"tile-{n}.png") for n in range(4))
    monkeypatch.setattr(exhibits, "MOST_BYTES", 2 * max(tile.size for tile in tiles))
    many = (exhibit(1, tiles[:1]), exhibit(2), exhibit(3, tiles), exhibit(4, tiles[:3]))
    made = list(exhibits.files(replace(awkward(), exhibits=many), lambda html: html))
    assert [file.path for file in made] == [f"data/exhibits-{n:02}.pdf" for n in range(1, len(made) + 1)]
    whole = [b"".join(file.chunks()).decode() for file in made]
    assert all(1 <= html.count("<img") <= 2 for html in whole)
    firsts = [label for html in whole for label in re.findall("<h1>Exhibit (AB/.)<", html)]
    assert firsts == ["AB/1", "AB/2", "AB/3", "AB/4"]
    shown = [said for html in whole for said in re.findall(r'alt="(AB/\d, picture \d of \d)', html)]
    assert shown == [
        "AB/1, picture 1 of 1",
        *(f"AB/3, picture {n} of 4" for n in range(1, 5)),
        *(f"AB/4, picture {n} of 3" for n in range(1, 4)),
    ]
