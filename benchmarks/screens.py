"""How many messages on screenshots come out right: text (under 2 % character errors), side and time, and all three.

    python -m benchmarks.screens [--check] [--few] [--as-drawn] [--list-misses] [--real] [APP…]

Pictures: the looks of `scenes.py` and of `chats.py`, drawn by the browser and read by Tesseract when the program
runs. Half of the looks, with seeds of their own, were not looked at while the readers were made; they are listed as
held out. Each picture is read twice: with Tesseract's words, where it knows the language, and with the words as the
browser drew them ("as drawn"), which shows what the readers alone make of it; `--as-drawn` leaves Tesseract out.
`--few` draws one picture a look. Emoji do not count on either side; of a time its spelling does not ("5:26am" is
"5:26 AM"). `--check` ends with 1 where a class is below its floor in fixtures/screen_floors.json, or an app was named
that it is not. `--real` reads the chat pictures of a folder of real ones beside the project, whose truth is words
alone, and prints what it makes of them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from archiver.ocr import Engine, find_engine, read_picture, screen_of
from benchmarks.chats import LOOKS, NAMES, Case, Said, cases, open_browser, page_of, saved
from benchmarks.drawn_words import words_drawn_on
from benchmarks.message_score import PARTS, Score, added, score
from benchmarks.ocr import REAL, plain
from benchmarks.phones import Shown
from benchmarks.scenes import Scene, other_scenes, scenes
from extractors.contract import Message, Problem, Word
from extractors.screen_registry import screen_reader_for

FLOORS = Path(__file__).parents[1] / "fixtures" / "screen_floors.json"

AS_DRAWN = "as drawn: "  # before a class that was read with the words as the browser drew them
FAMILIES = {"dating": ("tinder", "bumble", "hinge")}  # a look that is drawn in the colours of one of these


@dataclass(frozen=True)
class Sample:
    """One picture, and what stands on it."""

    name: str
    kind: str  # the class it is scored in
    group: str  # "looked at" while the readers were made, or "held out"
    app: str
    picture: bytes
    words: tuple[Word, ...]  # as they were drawn
    conversation: str
    shown: tuple[Shown, ...]
    languages: tuple[str, ...] = ("eng",)


def samples(browser: Browser, *, few: bool) -> Iterator[Sample]:
    """Looks that were looked at with seeds from 0, held-out ones with seeds from 3; then those of `chats.py`."""
    for held in (False, True):
        start = 3 if held else 0
        seeds = range(start, start + (1 if few else 3))
        group = "held out" if held else "looked at"
        for scene in scenes(seeds):
            if scene.phone.held == held:
                yield _sample(browser, scene, group)
        for scene in other_scenes(seeds, held=held):
            yield _sample(browser, scene, f"{scene.kind.split()[0]}, {group}")
    for case in cases(quick=few):
        if case.kind == f"{case.look.app} {case.look.theme}":
            held = LOOKS.index(case.look) % 2 == 1
            conversation, shown = told_in(case)
            picture, words = _drawn(
                browser,
                page_of(case),
                case.width,
                case.scale,
                quality=case.quality,
                shrink=case.shrink,
                smooth=case.smooth,
            )
            group = f"plain looks, {'held out' if held else 'looked at'}"
            yield Sample(case.name, f"plain {case.kind}", group, case.look.app, picture, words, conversation, shown)


def _sample(browser: Browser, scene: Scene, group: str) -> Sample:
    picture, words = drawn_scene(browser, scene)
    return Sample(
        scene.name, scene.kind, group, scene.phone.app, picture, words, scene.conversation, scene.shown, scene.languages
    )


def drawn_scene(browser: Browser, scene: Scene) -> tuple[bytes, tuple[Word, ...]]:
    """The scene as a phone or an app would have saved it, and its words."""
    return _drawn(
        browser, scene.page, scene.width, scene.scale, quality=scene.quality, shrink=scene.shrink, smooth=scene.smooth
    )


def _drawn(
    browser: Browser, html: str, width: int, scale: float, *, quality: int, shrink: float, smooth: bool
) -> tuple[bytes, tuple[Word, ...]]:
    context = browser.new_context(viewport={"width": width, "height": 844}, device_scale_factor=scale)
    page = context.new_page()
    page.set_content(html)
    picture, words = page.screenshot(full_page=True), words_drawn_on(page, scale * shrink)
    context.close()
    return saved(picture, quality=quality, shrink=shrink, smooth=smooth), words


def told_in(case: Case) -> tuple[str, tuple[Shown, ...]]:
    """What a picture of `chats.py` says: its conversation, and each message and line between."""
    other = next((said.sender for said in case.said if isinstance(said, Said) and not said.ours), NAMES[0])
    return other, tuple(
        Shown(said, "call" if "call" in said else "date")
        if isinstance(said, str)
        else Shown(said.text, "message", said.sender if case.look.names else "", said.ours, said.time)
        for said in case.said
    )


def read(picture: bytes, words: Sequence[Word]) -> tuple[str, list[Message | Problem]]:
    screen = screen_of(picture, words)
    if screen is None:
        return "unknown", []
    reader = screen_reader_for(screen)
    return reader.platform, list(reader.read(screen))


def table(scores: dict[str, list[Score]]) -> dict[str, float]:
    """Print a line a class; gives the share of messages that came out right, of groups also each part's."""
    print(f"{'class':44} messages  right   text   side   time  sender  extra  between  titles")
    shares = {}
    for kind, each in sorted(scores.items()):
        one = added(each)
        shown = " ".join(f"{one.share(part):6.1%}" for part in PARTS)
        titles = f"{sum(score.titled for score in each)}/{len(each)}"
        print(f"{kind:44} {one.wanted:8} {shown}  {one.extra:5}  {one.between_right:3}/{one.between:<3}  {titles}")
        shares[kind] = one.share("right")
        shares |= {f"{kind}: {part}": one.share(part) for part in (*PARTS, "there")} if "ALL" in kind else {}
    return shares


def real(engine: Engine) -> None:
    """The real chat pictures: how many of the truth's words stand in messages, and as what they were read."""
    for line in (REAL / "ocr_truth.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if not any(word in row["kind"].lower() for word in ("chat", "discord", "x post", "message")):
            continue
        picture = (REAL / row["file"]).read_bytes()
        platform, records = read(picture, read_picture(picture, engine).words)
        made = [record for record in records if isinstance(record, Message)]
        wanted = Counter(plain(row["text"]).lower().split())
        told = " ".join(f"{m.author.name} {m.text} {m.time.written if m.time else ''}" for m in made)
        found = Counter(plain(f"{made[0].conversation if made else ''} {told}").lower().split())
        share = 1 - (wanted - found).total() / max(1, wanted.total())
        sides = Counter({True: "sent", False: "received", None: "not said"}[m.sent] for m in made)
        print(f"{row['file'][4:]:75} as {platform:10} {len(made):3} messages, words {share:6.1%}, {dict(sides)}")


def _ways(sample: Sample, engine: Engine, *, as_drawn: bool) -> Iterator[tuple[str, Sequence[Word]]]:
    yield AS_DRAWN, sample.words
    if not as_drawn and set(sample.languages) <= set(engine.languages):
        yield "", read_picture(sample.picture, engine, languages=sample.languages).words


def _named(platform: str, app: str) -> str:
    if platform in (app, *FAMILIES.get(app, ())):
        return "right"
    return "unknown" if platform == "unknown" else "wrong"


def main(arguments: list[str]) -> int:
    engine = find_engine()
    apps = {one for one in arguments if not one.startswith("--")}
    if "--real" in arguments:
        real(engine)
        return 0
    scores: dict[str, list[Score]] = {}
    named = Counter[str]()
    with open_browser() as browser:
        for sample in samples(browser, few="--few" in arguments):
            if apps and sample.app not in apps:
                continue
            for way, words in _ways(sample, engine, as_drawn="--as-drawn" in arguments):
                platform, records = read(sample.picture, words)
                one = score(sample.shown, sample.conversation, records)
                for kind in (f"{way}{sample.kind}", f"{way}ALL, {sample.group}"):
                    scores.setdefault(kind, []).append(one)
                named[_named(platform, sample.app)] += 1
                if "--list-misses" in arguments and one.misses:
                    print(f"{way}{sample.name} as {platform}", *one.misses, sep="\n      ")
    shares = table(scores)
    print("the app was named:", dict(named))
    if "--check" not in arguments:
        return 0
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
    if "--as-drawn" in arguments:
        floors = {kind: floor for kind, floor in floors.items() if kind.startswith(AS_DRAWN)}
    said = [
        f"{k}: {shares.get(k, 0.0):.1%} is below the floor {v:.1%}."
        for k, v in floors.items()
        if shares.get(k, 0.0) < v
    ]
    said += ["Some app was named that it is not."] if named["wrong"] else []
    print("\n".join(said) or "No class is below its floor.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
