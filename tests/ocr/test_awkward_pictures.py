"""Pictures of every awkward kind: read, or refused in one sentence; never a traceback."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageDraw, ImageFont

from archiver.ocr import PictureText, find_engine, read_picture

WORDS = ["Meet", "me", "outside", "tonight"]


def card(mode: str = "RGB", *, ground: str = "white", ink: str = "black") -> Image.Image:
    image = Image.new("RGB", (700, 120), ground)
    ImageDraw.Draw(image).text((40, 40), " ".join(WORDS), ink, ImageFont.load_default(30))
    return image.convert(mode)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def read(data: bytes) -> PictureText:
    return read_picture(data, find_engine())


def texts(data: bytes) -> list[str]:
    return [word.text for word in read(data).words]


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "I;16", "RGB"])
def test_every_colour_mode_of_a_png_is_read(mode: str) -> None:
    image = card("L").convert("I;16").point(lambda v: v * 257) if mode == "I;16" else card(mode)
    assert texts(saved(image)) == WORDS


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "RGB"), ("WEBP", "RGB"), ("BMP", "RGB")])
def test_every_usual_file_kind_is_read(kind: str, mode: str) -> None:
    assert texts(saved(card(mode), kind)) == WORDS


def test_light_words_on_a_see_through_ground_are_read() -> None:
    image = Image.new("RGBA", (700, 120), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((40, 40), " ".join(WORDS), (250, 250, 250, 255), ImageFont.load_default(30))
    assert texts(saved(image)) == WORDS


def test_a_picture_that_a_phone_marked_as_turned_is_read_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned a quarter to the right
    turned = card().transpose(Image.Transpose.ROTATE_90)
    result = read(saved(turned, "JPEG", exif=exif, quality=95))
    assert [word.text for word in result.words] == WORDS
    assert all(word.width > word.height or len(word.text) < 3 for word in result.words)


def test_a_moving_picture_says_that_only_its_first_frame_was_read() -> None:
    data = saved(card("P"), "GIF", save_all=True, append_images=[Image.new("P", (700, 120))], duration=90)
    result = read(data)
    assert [word.text for word in result.words] == WORDS
    assert [problem.what for problem in result.problems] == ["Only the first of the picture's 2 frames was read."]


def test_a_cut_off_picture_gives_what_it_still_holds_and_says_so() -> None:
    tall = Image.new("RGB", (700, 900), "white")
    tall.paste(card(), (0, 0))
    ImageDraw.Draw(tall).line([(0, 899), (700, 500)], "grey", 3)
    data = saved(tall, "PNG", compress_level=0)
    result = read(data[: len(data) // 2])
    assert [word.text for word in result.words][:4] == WORDS
    assert "cut off" in result.problems[0].what


def _bomb(width: int, height: int) -> bytes:
    """A PNG header that promises a huge picture and holds a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (b"GIF89a\0\0\0\0", "picture"),
        (_bomb(30_000, 30_000), "million"),
        (_bomb(2_000_000_000, 2_000_000_000), "pixels"),
        (_bomb(12_000, 12_000), "million"),
        (_bomb(0, 10), "picture"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "picture"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "picture"),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # pytest undoes the filter of picture.py
def test_what_can_not_be_read_is_one_sentence(data: bytes, sentence: str) -> None:
    result = read(data)
    assert result.words == ()
    [problem] = result.problems
    assert sentence in problem.what
    assert problem.what.endswith(".") and "\n" not in problem.what


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 3), (40_000, 30)])
def test_a_sliver_is_read_without_complaint(size: tuple[int, int]) -> None:
    result = read(saved(Image.new("RGB", size, "navy")))
    assert result.words == () and result.problems == ()


def test_a_picture_taller_than_tesseract_takes_is_read_to_its_end() -> None:
    tall = Image.new("L", (600, 36_000), 255)
    for y in range(500, 36_000, 5_000):
        ImageDraw.Draw(tall).text((40, y), f"row {y} stands", 0, ImageFont.load_default(32))
    result = read(saved(tall))
    assert [word.text for word in result.words if word.text.isdigit()] == [str(y) for y in range(500, 36_000, 5_000)]
    assert all(abs(word.y - int(word.text)) < 20 for word in result.words if word.text.isdigit())
