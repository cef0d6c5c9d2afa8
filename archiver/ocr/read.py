"""From a picture's bytes to its words in reading order. Never raises for what is wrong with the picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image, ImageOps

from archiver.ocr.engine import NOT_LANGUAGES, Engine, Found, RunFailed, run
from archiver.ocr.picture import Refused, open_picture
from extractors.contract import Problem, Word

METHOD = 1  # raised with each change that would read the same picture differently
SECONDS = 120.0  # for one piece; an ordinary one takes under 2
PIECE = 2_000  # rows: Tesseract refuses more than 32,767 and needs about 10 bytes a pixel
OVERLAP = 80  # rows read twice where a cut had to go through something


@dataclass(frozen=True)
class PictureText:
    """What was read on one picture, with what, and what was not read."""

    words: tuple[
        Word, ...
    ]  # in reading order; boxes in pixels of the picture as it is shown (EXIF orientation applied)
    problems: tuple[Problem, ...]
    made_with: str  # "Tesseract 5.3.0 eng", then the method's number
    asked: tuple[str, ...]  # languages that were asked for
    used: tuple[str, ...]  # languages that were read with
    missing: tuple[str, ...]  # asked for and not installed


def settings_key(engine: Engine, languages: Sequence[str] = ("eng",)) -> str:
    """Equal for two readings exactly when the same picture would give the same words."""
    used, _ = _choose(engine, languages)
    return f"Tesseract {engine.version} {'+'.join(used)} method {METHOD}"


def read_picture(
    picture: bytes, engine: Engine, *, languages: tuple[str, ...] = ("eng",), jobs: int = 2
) -> PictureText:
    """The words on a picture of any size or kind that Pillow opens, read in pieces, `jobs` at a time."""
    used, missing = _choose(engine, languages)
    problems = [
        Problem("languages", f"{name} is not installed; archiver setup --languages {name} adds it.") for name in missing
    ]
    words: list[Word] = []
    try:
        opened = open_picture(picture)
    except Refused as refused:
        problems.append(Problem("picture", str(refused)))
    else:
        problems += [Problem("picture", note) for note in opened.notes]
        if used:
            words, failed = _read(opened.image, engine, used, jobs)
            problems += failed
    return PictureText(tuple(words), tuple(problems), settings_key(engine, languages), tuple(languages), used, missing)


def _choose(engine: Engine, languages: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Languages to read with, and those that are not installed. Where none is, English stands in."""
    asked = tuple(dict.fromkeys(languages)) or ("eng",)
    installed = [name for name in engine.languages if name not in NOT_LANGUAGES]
    used = tuple(name for name in asked if name in installed)
    missing = tuple(name for name in asked if name not in installed)
    if not used and installed:
        used = ("eng",) if "eng" in installed else (installed[0],)
    return used, missing


def _read(
    image: Image.Image, engine: Engine, languages: tuple[str, ...], jobs: int
) -> tuple[list[Word], list[Problem]]:
    cuts = [(top, min(top + PIECE + OVERLAP, image.height)) for top in range(0, image.height, PIECE)]

    def one(cut: tuple[int, int]) -> list[Found] | Problem:
        data = io.BytesIO()
        piece = ImageOps.expand(image.crop((0, cut[0], image.width, cut[1])).convert("L"), 8, 255)
        piece.save(data, "PNG", compress_level=1)
        try:
            return run(engine, data.getvalue(), languages=languages, layout=3, seconds=SECONDS)
        except RunFailed as failed:
            return Problem(f"rows {cut[0]} to {cut[1]}", str(failed))

    words: list[Word] = []
    problems: list[Problem] = []
    lines: dict[tuple[int, tuple[int, int, int]], int] = {}
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for (top, _), found in zip(cuts, pool.map(one, cuts), strict=True):
            if isinstance(found, Problem):
                problems.append(found)
                continue
            for word in found:
                y = word.top - 8 + top
                if (top and word.top - 8 < OVERLAP // 2) or y - top > PIECE + OVERLAP // 2:
                    continue  # read by the piece above or below
                line = lines.setdefault((top, word.line), len(lines))
                words.append(Word(word.text, word.left - 8, y, word.width, word.height, int(word.confidence), line))
    return words, problems
