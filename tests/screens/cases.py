"""The made-up screenshots under `fixtures/screens/`: words, colours, and what should be read from them.

`python -m tests.screens.cases APP/CASE…` prints what is read now, in the form of `expected.json`; with `--write` it
writes
that file. `screen.json` holds what Tesseract read on a scene of `benchmarks/scenes.py`.
What is written is only as right as the reader: it is read through before it is kept.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.contract import Colour, Message, Problem, Region, Screen, Word
from extractors.screen_registry import screen_reader_for

ROOT = Path(__file__).parents[2] / "fixtures" / "screens"


@dataclass(frozen=True)
class Case:
    """One folder: a screen, its app, and its messages as plain fields."""

    name: str
    screen: Screen
    platform: str
    expected: list[dict[str, Any]]


def cases(root: Path = ROOT) -> list[Case]:
    return [case_in(path.parent) for path in sorted(root.glob("*/*/expected.json"))]


def case_in(folder: Path) -> Case:
    about = json.loads((folder / "case.json").read_text("utf-8"))
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    return Case(f"{folder.parent.name}/{folder.name}", screen_in(folder), about["platform"], expected)


def screen_in(folder: Path) -> Screen:
    given = json.loads((folder / "screen.json").read_text("utf-8"))
    words = tuple(Word(*word[:7]) for word in given["words"])
    regions = tuple(Region(*region[:4], _rgb(region[4]), region[5]) for region in given["regions"])
    inks = tuple(_rgb(word[7]) for word in given["words"])
    return Screen(given["width"], given["height"], words, regions, inks, given["taken"])


def written(screen: Screen) -> str:
    """One word and one region a line: such a file can be read and compared by eye."""
    words = [
        json.dumps([w.text, w.x, w.y, w.width, w.height, w.confidence, w.line, _hex(ink)], ensure_ascii=False)
        for w, ink in zip(screen.words, screen.inks, strict=True)
    ]
    regions = [json.dumps([r.x, r.y, r.width, r.height, _hex(r.colour), r.share]) for r in screen.regions]
    return (
        f'{{"width": {screen.width}, "height": {screen.height}, "taken": {json.dumps(screen.taken)},\n"words": [\n'
        + ",\n".join(words)
        + '\n],\n"regions": [\n'
        + ",\n".join(regions)
        + "\n]}\n"
    )


def told(records: list[Message | Problem]) -> list[dict[str, Any]]:
    """Records as plain fields, what is empty left out."""
    plain = []
    for record in records:
        if isinstance(record, Problem):
            plain.append({"problem": record.what})
            continue
        time = record.time
        fields = {
            "kind": record.kind,
            "sender": record.author.name,
            "sent": record.sent,
            "text": record.text,
            "time": time.written if time else "",
            "local": (time.local or "") if time else "",
            "basis": time.basis if time and time.local else "",
            "labels": list(record.labels),
        }
        plain.append({name: value for name, value in fields.items() if value not in ("", None, [])})
    return plain


def read(screen: Screen) -> tuple[str, list[Message | Problem]]:
    reader = screen_reader_for(screen)
    return reader.platform, list(reader.read(screen))


def _rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def main(arguments: list[str]) -> int:
    for name in (one for one in arguments if not one.startswith("--")):
        platform, records = read(screen_in(ROOT / name))
        text = json.dumps(told(records), ensure_ascii=False, indent=1) + "\n"
        print(platform, text)  # noqa: T201 - a tool for whoever adds a case
        if "--write" in arguments:
            (ROOT / name / "expected.json").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
