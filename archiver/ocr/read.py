"""From a picture's bytes to its words in reading order. Never raises for what is wrong with the picture."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image

from archiver.ocr.bands import Band, bands_of, read_again, read_band, without_doubles
from archiver.ocr.clocks import with_clocks
from archiver.ocr.engine import NOT_LANGUAGES, Engine, RunFailed
from archiver.ocr.order import in_reading_order
from archiver.ocr.picture import Refused, open_picture
from archiver.ocr.said import Said, poor, sure
from archiver.ocr.scripts import LANGUAGES, candidates, script_on
from archiver.ocr.sift import sifted
from extractors.contract import Problem, Word

METHOD = 10  # raised with each change that would read the same picture differently
SHARE = 0.3  # of the lines; a smaller share of badly read ones is texture and tiny print
SAMPLE = 6  # lines that show which language fits
FITS_WELL, FITS = 82.0, 60.0  # percent, mean confidence of the sample: no need to look on; worth keeping
SECONDS = 120.0  # for one band; an ordinary one takes under 2


@dataclass(frozen=True)
class PictureText:
    """What was read on one picture, with what, and what was not read."""

    words: tuple[
        Word, ...
    ]  # in reading order; boxes in pixels of the picture as it is shown (EXIF orientation applied)
    problems: tuple[Problem, ...]
    made_with: (
        str  # "Tesseract 5.3.0 eng method 6", and in which languages some lines were read that none of these fits
    )
    asked: tuple[str, ...]  # languages that were asked for
    used: tuple[str, ...]  # languages that were read with, also where it was some lines alone
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
    others: tuple[str, ...] = ()
    try:
        opened = open_picture(picture)
    except Refused as refused:
        problems.append(Problem("picture", str(refused)))
    else:
        problems += [Problem("picture", note) for note in opened.notes]
        if used:
            words, failed, others = _read(opened.image, engine, used, jobs)
            problems += failed
            used += others
    made_with = settings_key(engine, languages) + (f", some lines {'+'.join(others)}" if others else "")
    return PictureText(tuple(words), tuple(problems), made_with, tuple(languages), used, missing)


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
) -> tuple[list[Word], list[Problem], tuple[str, ...]]:
    """Words, problems, and the languages of lines that none of the `languages` fits."""
    bands = bands_of(image.width, image.height)

    def one(band: Band) -> list[Said] | Problem:
        try:
            return read_band(image, band, engine, languages, SECONDS)
        except RunFailed as failed:
            return Problem(f"rows {band.top} to {band.bottom}", str(failed))

    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        results = list(pool.map(one, bands))
    said = without_doubles([each for result in results if not isinstance(result, Problem) for each in result])
    said, script, others = _other_script(said, engine, languages)
    words = _words(said)
    problems = [*(result for result in results if isinstance(result, Problem)), *script]
    try:
        words = with_clocks(image, words, engine, languages, SECONDS)
    except RunFailed as failed:
        problems.append(Problem("times", f"Reading times of day once more: {failed}"))
    return words, problems, others


def _other_script(
    said: list[Said], engine: Engine, languages: tuple[str, ...]
) -> tuple[list[Said], list[Problem], tuple[str, ...]]:
    """Lines that were read badly, once more in the languages of their script; where there is none, that is said."""
    badly = [one for one in said if poor(one)]
    long = sum(one.strip.line.right - one.strip.line.left > 3 * one.tall for one in said)
    if len(badly) < max(1, SHARE * long):
        return said, [], ()
    script = script_on(engine, [one.strip.larger for one in badly])
    try:
        again, others = _best(badly, engine, candidates(engine, script, languages))
    except RunFailed as failed:
        return said, [Problem("languages", f"Reading in another language: {failed}")], ()
    if again:
        return [again.get(id(one), one) for one in said], [], others
    names = LANGUAGES.get(script, ())
    if not names or any(name in engine.languages for name in names):
        return said, [], ()
    what = f"Some lines seem to be in {script} letters, and no language of these is installed"
    return said, [Problem("languages", f"{what}; archiver setup --languages {names[0]} adds one.")], ()


def _best(badly: list[Said], engine: Engine, choices: list[tuple[str, ...]]) -> tuple[dict[int, Said], tuple[str, ...]]:
    """The badly read lines in the first languages that fit a sample of them well, else in those that fit best."""
    sample = sorted(badly, key=lambda one: -len(one.strip.marks))[:SAMPLE]
    fits: list[tuple[float, tuple[str, ...]]] = []
    for languages in choices:
        fit = statistics.fmean(sure(one.words) for one in read_again(sample, engine, languages, SECONDS))
        fits.append((fit, languages))
        if fit >= FITS_WELL:
            break
    best: tuple[float, tuple[str, ...]] = max(fits, default=(0.0, ()))
    if best[0] < max(FITS, statistics.fmean(sure(one.words) for one in sample) + 10):
        return {}, ()
    return dict(zip(map(id, badly), read_again(badly, engine, best[1], SECONDS), strict=True)), best[1]


def _words(said: list[Said]) -> list[Word]:
    rows = in_reading_order(sifted(said))
    return [
        Word(found.text, found.left, found.top, found.width, found.height, round(found.confidence), line)
        for line, row in enumerate(rows)
        for piece in row
        for found in piece.words
    ]
