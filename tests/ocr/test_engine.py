"""The engine: found or said to be missing, and nothing on the disk while it reads."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from archiver.errors import InstrumentMissing
from archiver.ocr import bands, find_engine, read_picture, settings_key
from archiver.ocr.engine import Engine, Found, run

ROOT = Path(__file__).parents[2]
READ_FOREVER = """
import sys
from archiver.ocr import find_engine, read_picture
picture = sys.stdin.buffer.read()
engine = find_engine()
print("reading", flush=True)
while True:
    read_picture(picture, engine)
"""


def drawn(*lines: str, size: int = 28) -> bytes:
    image = Image.new("RGB", (900, 60 + 60 * len(lines)), "white")
    for n, line in enumerate(lines):
        ImageDraw.Draw(image).text((30, 30 + 60 * n), line, "black", ImageFont.load_default(size))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def test_the_installed_tesseract_is_found_with_version_and_languages() -> None:
    engine = find_engine()
    assert Path(engine.path).is_file()
    assert engine.version[0].isdigit()
    assert "eng" in engine.languages


def test_a_setting_that_names_nothing_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InstrumentMissing, match=r"There is no Tesseract at .*archiver setup$"):
        find_engine(str(tmp_path / "tesseract"))


def test_a_program_that_is_not_tesseract_is_said_to_be_none(tmp_path: Path) -> None:
    other = tmp_path / "tesseract"
    other.write_text("#!/bin/sh\necho something else\n")
    other.chmod(0o755)
    with pytest.raises(InstrumentMissing, match=r"does not answer as Tesseract.*archiver setup$"):
        find_engine(str(other))


def test_without_tesseract_on_the_path_the_sentence_ends_in_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.ocr.engine.USUAL_PLACES", ())
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InstrumentMissing, match=r"archiver setup$"):
        find_engine()


def test_a_line_is_read_with_boxes_and_the_engine_is_named() -> None:
    engine = find_engine()
    read = read_picture(drawn("The quick brown fox", "waits by the door"), engine)
    assert [word.text for word in read.words] == ["The", "quick", "brown", "fox", "waits", "by", "the", "door"]
    assert [word.line for word in read.words] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert all(30 - 3 <= word.x < 900 and word.confidence > 50 for word in read.words)
    assert read.made_with.startswith(f"Tesseract {engine.version} eng")
    assert read.problems == ()


def test_a_language_that_is_not_installed_is_said_and_the_rest_is_used() -> None:
    engine = find_engine()
    read = read_picture(drawn("Good morning"), engine, languages=("eng", "tlh"))
    assert (read.asked, read.used, read.missing) == (("eng", "tlh"), ("eng",), ("tlh",))
    assert [problem.where for problem in read.problems] == ["languages"]
    assert [word.text for word in read.words] == ["Good", "morning"]


def test_the_key_changes_with_the_language_that_is_used_and_with_nothing_else() -> None:
    engine = find_engine()
    assert settings_key(engine, ("eng",)) == settings_key(engine, ("eng", "tlh"))
    more = type(engine)(engine.path, engine.version, (*engine.languages, "tlh"))
    assert settings_key(more, ("eng",)) != settings_key(more, ("eng", "tlh"))


def test_lines_that_another_script_fits_are_labelled_with_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which languages are installed differs: a Russian that reads every line surely stands in."""
    here = find_engine()
    engine = replace(here, languages=(*here.languages, "rus"))

    def run_with(engine: Engine, pages: bytes, *, languages: Sequence[str], layout: int, seconds: float) -> list[Found]:
        if tuple(languages) != ("rus",):
            return run(here, pages, languages=languages, layout=layout, seconds=seconds)
        with Image.open(io.BytesIO(pages)) as sheaf:
            return [Found(n, 0, (0, 0, 0), 12, 12, 60, 20, 95.0, "слово") for n in range(sheaf.n_frames)]

    monkeypatch.setattr(bands, "run", run_with)
    data = io.BytesIO()
    with Image.open(io.BytesIO(drawn("canary heron lantern", "walnut orchard gate"))) as image:
        ImageOps.mirror(image).save(data, "PNG")  # no language fits it
    read = read_picture(data.getvalue(), engine)
    assert {word.text for word in read.words} == {"слово"}
    assert read.used == ("eng", "rus")
    assert read.made_with == f"{settings_key(engine)}, some lines rus"


def test_killed_while_it_reads_it_leaves_no_file_behind(tmp_path: Path) -> None:
    """SAFETY B4: no plaintext temporary file, also after kill -9. Every folder for such files is watched."""
    picture = drawn(*["canary heron lantern walnut"] * 40)
    environ = {
        **os.environ,
        "TMPDIR": str(tmp_path),
        "TEMP": str(tmp_path),
        "TMP": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    working = tmp_path / "working"
    working.mkdir()
    command = [sys.executable, "-c", READ_FOREVER]
    seen: set[str] = set()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, cwd=working) as reading:
        assert reading.stdin is not None and reading.stdout is not None
        reading.stdin.write(picture)
        reading.stdin.close()
        assert reading.stdout.readline() == b"reading\n"
        until = time.monotonic() + 1.5
        while time.monotonic() < until:  # the files that come and go while it runs count too
            seen.update(str(path) for path in tmp_path.rglob("*"))
        reading.kill()
    assert seen | {str(path) for path in tmp_path.rglob("*")} == {str(working)}
