"""Pictures to messages with the real Tesseract: two overlapping screenshots, given in the wrong order."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from archiver.integrity import sha256_of
from archiver.ocr import find_engine
from archiver.reading import Shot, read_screens
from benchmarks.chats import open_browser
from benchmarks.message_score import score
from benchmarks.phones import PHONES
from benchmarks.scenes import scene
from benchmarks.screens import drawn_scene
from extractors.contract import Message, Problem

AT = "2024-03-14T20:30:00Z"


def test_two_overlapping_screenshots_become_one_conversation() -> None:
    phone = next(phone for phone in PHONES if (phone.app, phone.theme) == ("whatsapp", "dark"))
    drawn = replace(scene("long", phone, 7, 12), scale=2.0)
    with open_browser() as browser:
        whole = Image.open(io.BytesIO(drawn_scene(browser, drawn)[0]))
    middle = whole.height // 2
    parts = [whole.crop((0, middle - 420, whole.width, whole.height)), whole.crop((0, 0, whole.width, middle + 420))]
    kept = {sha256_of(data): data for data in map(_png, parts)}
    broken = b"this is no picture"
    kept[sha256_of(broken)] = broken
    shots = [Shot(sha256, "2024-03-14T20:15:00+01:00") for sha256 in kept]
    made = read_screens("I1", shots, fetch=kept.__getitem__, at=AT, engine=find_engine(), languages=("eng",), jobs=2)
    messages = [record for record in made.records if isinstance(record, Message)]
    result = score(drawn.shown, drawn.conversation, messages)
    assert made.outcome == "done" and "whatsapp 1" in made.made_with
    assert made.of == tuple(kept)
    assert result.side == result.wanted == 12
    assert result.right >= 10 and result.extra == 0, result.misses
    assert any(message.where.startswith("picture 0 and 1,") for message in messages)
    assert [record.where for record in made.records if isinstance(record, Problem)][-1].startswith("picture 2")
    assert {passage.sha256 for passage in made.passages} == set(list(kept)[:2])


def test_without_tesseract_the_pictures_wait() -> None:
    made = read_screens("I1", [Shot("0" * 64)], fetch=lambda sha256: b"", at=AT, engine=None, languages=(), jobs=1)
    assert (made.outcome, made.records) == ("skipped", ())


def _png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=1)
    return data.getvalue()
