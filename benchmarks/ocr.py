"""How right and how quick the reading of pictures is, beside bare pytesseract with its defaults on the same pictures.

    python -m benchmarks.ocr [--check] [--real | --drawn] [--quick]

Pictures: made-up chats drawn by the browser when the program runs, and, where it lies beside the project, a folder of
real screenshots with their text. Errors are character errors: letters to add, drop or change, by letters of the
truth, after runs of white space are made one space. Emoji and the sign that stands for them are left out on both sides.
Where the truth covers a part of a picture only, the share of its words that were found counts.
`--check` ends with 1 where a class is worse than its floor in fixtures/ocr_floors.json, or than bare Tesseract.
`--quick` draws a quarter of the pictures, and holds none of them to a floor.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytesseract
from PIL import Image

from archiver.ocr import Engine, find_engine, read_picture
from archiver.reading import lines_of
from benchmarks.chats import cases, drawn, open_browser

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"
FLOORS = ROOT / "fixtures" / "ocr_floors.json"
SLACK = 0.002  # never worse than bare Tesseract on any class by more


@dataclass(frozen=True)
class Sample:
    """One picture and what stands on it."""

    name: str
    kind: str  # the class it is scored in
    picture: bytes
    truth: str
    part: bool = False  # the truth covers a part of the picture
    languages: tuple[str, ...] = ("eng",)


@dataclass(frozen=True)
class Score:
    """How one reader did on one picture."""

    errors: float  # characters; for a part: words that were not found
    of: int
    seconds: float
    processor: float  # seconds of processor time, its child processes' too
    megapixels: float


def real_samples() -> Iterator[Sample]:
    """The real screenshots, by class; nothing where the folder is not there."""
    index = REAL / "ocr_truth.jsonl"
    if not index.is_file():
        return
    for line in index.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Sample(
            row["file"], _kind(row), (REAL / row["file"]).read_bytes(), row["text"], "pane only" in row["kind"]
        )


def _kind(row: dict[str, str]) -> str:
    if "pane only" in row["kind"]:
        return "real: message pane"
    if not row["lang"].startswith("en"):
        return "real: other scripts"
    if row.get("theme") == "dark" or "dark" in row["kind"]:
        return "real: dark theme"
    return "real: chat tile" if "tile" in row["kind"] else "real: light"


def drawn_samples(*, quick: bool) -> Iterator[Sample]:
    installed = find_engine().languages
    with open_browser() as browser:
        for picture in drawn(browser, cases(quick=quick)):
            case = picture.case
            kind = re.sub(r" (light|dark)$", "", case.kind)  # an app's themes together
            if all(name in installed for name in case.languages):
                yield Sample(case.name, f"drawn: {kind}", picture.picture, picture.truth, languages=case.languages)


def bare(sample: Sample) -> str:
    """pytesseract as its own documentation calls it first."""
    with Image.open(io.BytesIO(sample.picture)) as image:
        text: str = pytesseract.image_to_string(image)
    return text


def ours(engine: Engine, jobs: int) -> Callable[[Sample], str]:
    return lambda sample: lines_of(read_picture(sample.picture, engine, jobs=jobs).words)


def score(sample: Sample, read: Callable[[Sample], str]) -> Score:
    before, began = _processor(), time.perf_counter()
    text = read(sample)
    seconds, processor = time.perf_counter() - began, _processor() - before
    with Image.open(io.BytesIO(sample.picture)) as image:
        megapixels = image.width * image.height / 1e6
    if sample.part:
        wanted, found = Counter(_words(sample.truth)), Counter(_words(text))
        return Score((wanted - found).total(), wanted.total(), seconds, processor, megapixels)
    truth = plain(sample.truth)
    return Score(distance(truth, plain(text)), len(truth), seconds, processor, megapixels)


def plain(text: str) -> str:
    """Composed, one space for each run of white space, without emoji and invisible signs."""
    kept = (" " if _is_emoji(c) else c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join("".join(kept).split())


def _is_emoji(character: str) -> bool:
    code = ord(character)
    return (
        code >= 0x1F000
        or 0x2600 <= code <= 0x27BF
        or 0x2B00 <= code <= 0x2BFF
        or 0xE000 <= code <= 0xF8FF
        or code in (0xFE0F, 0x20E3, 0x25A1)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def distance(one: str, other: str) -> int:
    """Levenshtein's distance, a column of the table in one number (Myers 1999, as Hyyrö put it in 2003)."""
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for n, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << n
    full, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    more, less, total = full, 0, len(one)
    for character in other:
        same = places.get(character, 0)
        vertical = same | less
        horizontal = (((same & more) + more) ^ more) | same
        up, down = less | ~(horizontal | more) & full, more & horizontal
        total += bool(up & last) - bool(down & last)
        up = (up << 1 | 1) & full
        more, less = (down << 1) & full | ~(vertical | up) & full, up & vertical
    return total


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def table(scores: dict[str, list[tuple[Score, Score]]]) -> dict[str, tuple[float, float]]:
    """Print a line a class; gives bare error and own error by class."""
    print(f"{'class':34} {'n':>3}  {'bare':>7} {'ours':>7}   seconds a megapixel: bare, ours (processor: bare, ours)")
    result = {}
    for kind, pairs in sorted(scores.items()):
        errors = [
            sum(pair[who].errors for pair in pairs) / max(1, sum(pair[who].of for pair in pairs)) for who in (0, 1)
        ]
        size = sum(pair[0].megapixels for pair in pairs)
        wall = [sum(pair[who].seconds for pair in pairs) / size for who in (0, 1)]
        busy = [sum(pair[who].processor for pair in pairs) / size for who in (0, 1)]
        print(
            f"{kind:34} {len(pairs):3}  {errors[0]:7.2%} {errors[1]:7.2%}   "
            f"{wall[0]:.2f} {wall[1]:.2f}  ({busy[0]:.2f} {busy[1]:.2f})"
        )
        result[kind] = (errors[0], errors[1])
    return result


def measured(samples: Iterator[Sample], engine: Engine) -> dict[str, list[tuple[Score, Score]]]:
    scores: dict[str, list[tuple[Score, Score]]] = {}
    for sample in samples:
        pair = (score(sample, bare), score(sample, ours(engine, 2)))
        whole = "real: ALL whole" if sample.name.startswith("ocr/") else "drawn: ALL"
        for kind in (sample.kind, whole):
            if not (sample.part and kind == whole):
                scores.setdefault(kind, []).append(pair)
    return scores


def below_floor(result: dict[str, tuple[float, float]], floors: dict[str, float]) -> list[str]:
    """What is worse than its floor, or than bare Tesseract, one sentence each."""
    said = []
    for kind, (bare_error, own) in sorted(result.items()):
        if kind in floors and own > floors[kind]:
            said.append(f"{kind}: {own:.2%} is worse than the floor {floors[kind]:.2%}.")
        if own > bare_error + SLACK:
            said.append(f"{kind}: {own:.2%} is worse than bare Tesseract's {bare_error:.2%}.")
    missing = [kind for kind in floors if kind not in result and (kind.startswith("drawn") or REAL.is_dir())]
    return said + [f"{kind}: has a floor and was not measured." for kind in missing]


def main(arguments: list[str]) -> int:
    engine = find_engine()
    print(f"Tesseract {engine.version} at {engine.path}; languages {', '.join(engine.languages)}")
    scores: dict[str, list[tuple[Score, Score]]] = {}
    if "--drawn" not in arguments:
        scores |= measured(real_samples(), engine)
    if "--real" not in arguments:
        scores |= measured(drawn_samples(quick="--quick" in arguments), engine)
    result = table(scores)
    if "--check" not in arguments:
        return 0
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    if "--quick" in arguments:  # floors of drawn classes are those of all their pictures
        floors = {kind: floor for kind, floor in floors.items() if not kind.startswith("drawn")}
    said = below_floor(result, floors)
    print("\n".join(said) or "No class is below its floor.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
