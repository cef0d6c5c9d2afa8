"""Find Tesseract and run it on one piece of a picture, bytes in and words out. Never writes a file.

pytesseract's own calls put the picture and the recognised text into temporary files, which outlive a `kill -9`
(seen with pytesseract 0.3.13) and would leave what was captured readable on the disk. So the recognition itself
runs `tesseract stdin stdout` over pipes, and pytesseract serves for what touches no file: the version, the
installed languages and the table that Tesseract prints. Tesseract 5.3.0 with Leptonica 1.82 creates no file
when it reads PNG or TIFF from standard input (system calls watched; tests/ocr/test_engine.py looks again).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytesseract
from pytesseract import pytesseract as reader

from archiver.errors import InstrumentMissing

# Where the installers for Windows and macOS put it without adding it to PATH.
USUAL_PLACES = (
    r"C:\Program Files\Tesseract-OCR\tesseract.exe",
    r"C:\Program Files (x86)\Tesseract-OCR\tesseract.exe",
    "/opt/homebrew/bin/tesseract",
    "/usr/local/bin/tesseract",
    "/usr/bin/tesseract",
)
OLDEST = 4  # major version: before it there is no line recogniser, and the words are guesswork
FEW = ("-c", "min_characters_to_try=5")  # Tesseract asks for 50, more than a message has
NOT_LANGUAGES = ("osd", "equ")  # data that finds scripts and formulas, reads no words


@dataclass(frozen=True)
class Engine:
    """One installed Tesseract."""

    path: str
    version: str  # "5.3.0"
    languages: tuple[str, ...]  # as Tesseract names them: "eng", "deu", …, with "osd" where script detection is there


@dataclass(frozen=True)
class Found:
    """One word as Tesseract printed it, in pixels of the piece that was handed in."""

    page: int  # which piece of the batch, 0 is the first
    block: int
    line: tuple[int, int, int]  # block, paragraph, line: equal for words on one line
    left: int
    top: int
    width: int
    height: int
    confidence: float  # percent
    text: str


class RunFailed(Exception):
    """Tesseract did not finish a piece; the message is why, as one sentence for the person."""


def find_engine(setting: str | None = None) -> Engine:
    """The Tesseract that the setting names, else the one on PATH, else one in a usual place.

    Raises `InstrumentMissing`.
    """
    if setting:
        path = shutil.which(setting)
        if path is None:
            raise InstrumentMissing(f"There is no Tesseract at {setting}; to look again or install it: archiver setup")
        return _engine_at(path)
    for place in ("tesseract", *USUAL_PLACES):
        path = shutil.which(place)
        if path is not None:
            return _engine_at(path)
    raise InstrumentMissing("Tesseract, which reads text in pictures, is not installed; to install it: archiver setup")


def run(engine: Engine, picture: bytes, *, languages: Sequence[str], layout: int, seconds: float) -> list[Found]:
    """Words on a PNG, or on each page of a TIFF, in Tesseract's order. Raises `RunFailed`."""
    arguments = ["-l", "+".join(languages), "--psm", str(layout), "--dpi", "150", "tsv"]
    return _words_of(_printed(engine, arguments, picture, seconds))


def script_of(engine: Engine, picture: bytes, *, seconds: float) -> tuple[str, float]:
    """The script that most of the picture is written in and how sure Tesseract is; ("", 0.0) where it can't say."""
    try:
        printed = _printed(engine, ["-l", "osd", "--psm", "0", "--dpi", "150", *FEW], picture, seconds)
    except RunFailed:  # it fails on a picture with few letters, which is no news
        return "", 0.0
    said = reader.osd_to_dict(printed)
    return str(said.get("script", "")), float(said.get("script_conf", 0.0))


def _printed(engine: Engine, arguments: list[str], picture: bytes, seconds: float) -> str:
    try:
        done = subprocess.run(
            [engine.path, "stdin", "stdout", *arguments],
            input=picture,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # the pieces run side by side, one thread each
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # on Windows a console would flash up
        )
    except subprocess.TimeoutExpired as error:
        raise RunFailed(f"Tesseract took longer than {seconds:.0f} seconds.") from error
    except OSError as error:
        raise RunFailed(f"Tesseract could not be started: {error.strerror}.") from error
    if done.returncode != 0:
        raise RunFailed(f"Tesseract ended with code {done.returncode}.")
    return done.stdout.decode("utf-8", "replace")


def _engine_at(path: str) -> Engine:
    before = reader.tesseract_cmd
    reader.tesseract_cmd = path  # pytesseract knows no other way to be told; put back below
    try:
        version = pytesseract.get_tesseract_version(cached=False)
        languages = tuple(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, subprocess.SubprocessError, SystemExit) as error:
        raise InstrumentMissing(
            f"The program at {path} does not answer as Tesseract does; to mend it: archiver setup"
        ) from error
    finally:
        reader.tesseract_cmd = before
    if version.major < OLDEST:
        raise InstrumentMissing(f"Tesseract {version} is too old, {OLDEST}.0 is needed; to renew it: archiver setup")
    return Engine(str(Path(path)), str(version), languages)


def _words_of(table: str) -> list[Found]:
    columns = reader.file_to_dict(table, "\t", -1)
    if not columns:
        return []
    words = []
    for n, text in enumerate(columns["text"]):
        if columns["level"][n] != 5 or not text.strip():
            continue
        page, block, paragraph, line = (columns[f"{name}_num"][n] for name in ("page", "block", "par", "line"))
        left, top, width, height = (columns[name][n] for name in ("left", "top", "width", "height"))
        place = (block, paragraph, line)
        words.append(Found(page - 1, block, place, left, top, width, height, float(columns["conf"][n]), text))
    return words
