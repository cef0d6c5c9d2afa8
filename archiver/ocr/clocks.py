"""Read times of day once more, each cut out and enlarged as it stands. Changes no other word.

The small print of a time is all digits, where no word helps and one stroke makes another minute. In the strips of
`strips.py`,
which darken every letter fully, 8 came out as 3 and the space before AM was lost; plainly enlarged they were read
right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageOps

from archiver.ocr.engine import Engine, Found, run
from archiver.ocr.strips import sheaf
from extractors.contract import Word

FIGURE = "[0-9OoSsBIl¢€G]"  # what a figure was taken for; what it is, the second look says
TIME = re.compile(rf"(?=\D*\d){FIGURE}{{1,2}}[:.;-]{FIGURE}{{2}}(?:[AaPpEe]\.?[MmNnWwUu]\.?)?")
HALF = re.compile(r"[AaPpEe]\.?[MmNnWwUu]\.?")  # and so for these
READ = re.compile(r"(\d{1,2}:\d{2})\s?([AaPp]\.?[Mm]\.?)?")
TALL = 24  # pixels of the cut: of 339 times up to 14 high, 24 misread none, 32 two (8 as 5), 40 three, 48 five
EDGE = 12  # pixels of white around it
MOST = 600  # times on one picture
BATCH = 60  # cuts for one start of Tesseract
LAYOUT = 7  # Tesseract's --psm: each page is one line
LEAST = 50  # percent, of the second look


@dataclass(frozen=True)
class _Time:
    """One time among the words: the place of its first word, and how many words it is."""

    at: int
    count: int
    box: tuple[int, int, int, int]
    tall: int


def with_clocks(
    image: Image.Image, words: list[Word], engine: Engine, languages: Sequence[str], seconds: float
) -> list[Word]:
    """The words with each time of day as a second, plain look gives it, where that is a time too. Raises RunFailed."""
    times = list(_times(words))[:MOST]
    again: dict[int, tuple[_Time, list[Found]]] = {}
    for begin in range(0, len(times), BATCH):
        batch = times[begin : begin + BATCH]
        found = run(
            engine, sheaf([_cut(image, time) for time in batch]), languages=languages, layout=LAYOUT, seconds=seconds
        )
        for n, time in enumerate(batch):
            again[time.at] = (time, [word for word in found if word.page == n])
    result: list[Word] = []
    skip = 0
    for n, word in enumerate(words):
        if skip:
            skip -= 1
            continue
        new = _reread(words, *again[n]) if n in again else []
        result += new or [word]
        skip = again[n][0].count - 1 if new else 0
    return result


def _times(words: Sequence[Word]) -> list[_Time]:
    times = []
    for n, word in enumerate(words):
        if not TIME.fullmatch(word.text):
            continue
        after = words[n + 1] if n + 1 < len(words) else None
        two = after is not None and after.line == word.line and bool(HALF.fullmatch(after.text))
        two = two and after is not None and 0 <= after.x - word.x - word.width < word.height
        parts = words[n : n + 1 + two]
        box = (
            min(part.x for part in parts),
            min(part.y for part in parts),
            max(part.x + part.width for part in parts),
            max(part.y + part.height for part in parts),
        )
        times.append(_Time(n, len(parts), box, word.height))
    return times


def _cut(image: Image.Image, time: _Time) -> Image.Image:
    """Dark on white, at one height."""
    margin = max(2, round(0.25 * time.tall))
    left, top, right, bottom = time.box
    cut = image.crop(
        (
            max(0, left - margin),
            max(0, top - margin),
            min(image.width, right + margin),
            min(image.height, bottom + margin),
        )
    ).convert("L")
    levels = cut.histogram()
    low, high = cut.getextrema()
    middle = (int(low) + int(high)) // 2  # type: ignore[arg-type] # one band: two numbers
    if sum(levels[:middle]) > sum(levels[middle:]):
        cut = ImageOps.invert(cut)
    scale = TALL / max(1, bottom - top)
    size = (max(1, round(cut.width * scale)), max(1, round(cut.height * scale)))
    return ImageOps.expand(ImageOps.autocontrast(cut).resize(size, Image.Resampling.BICUBIC), EDGE, 255)


def _reread(words: Sequence[Word], time: _Time, found: Sequence[Found]) -> list[Word]:
    """The time's words anew; empty where the second look saw no time, or one that is less sure than the first."""
    read = READ.fullmatch(" ".join(word.text for word in found))
    first = words[time.at]
    if read is None or int(read[1].split(":")[0]) > 24 or int(read[1][-2:]) > 59:
        return []
    sure = round(sum(word.confidence for word in found) / len(found))
    had_half = time.count == 2 or first.text[-1].isalpha()
    if sure < LEAST or had_half != bool(read[2]):
        return []
    new = [replace(first, text=read[1], confidence=sure)]
    if not read[2]:
        return new
    left, _, right, _ = time.box
    cut = left + round((right - left) * len(read[1]) / (len(read[1]) + 1 + 1.6 * len(read[2])))
    half = words[time.at + 1] if time.count == 2 else None
    at = half.x if half is not None else cut + round(0.2 * time.tall)
    new[0] = replace(new[0], x=left, width=max(1, min(cut, at) - left) if half is None else first.width)
    return [*new, replace(first, text=read[2], x=at, width=max(1, right - at), confidence=sure)]
