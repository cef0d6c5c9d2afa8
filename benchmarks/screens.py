"""How many messages on screenshots come out right: text (under 2 % character errors), side and time, and all three.

    python -m benchmarks.screens [--check] [--few] [--list-misses] [--real] [APP…]

Pictures: the looks of `scenes.py` and of `chats.py`, drawn by the browser and read by Tesseract when the program
runs. Half of the looks, with seeds of their own, were not looked at while the readers were made; they are listed as
held out. `--few` draws one picture a look. Emoji do not count on either side; of a time its spelling does not
("5:26am" is "5:26 AM"). `--check` ends with 1 where a class is below its floor in fixtures/screen_floors.json, or an
app was named that it is not. `--real` reads the chat pictures of a folder of real ones beside the project, whose truth
is words alone, and prints what it makes of them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from playwright.sync_api import Browser

from archiver.ocr import Engine, find_engine, read_picture, screen_of
from benchmarks.chats import LOOKS, NAMES, Case, Said, cases, drawn, open_browser, saved
from benchmarks.ocr import REAL, distance, plain
from benchmarks.phones import Shown
from benchmarks.scenes import Scene, scenes
from extractors.contract import Message, Problem
from extractors.registry import screen_reader_for

FLOORS = Path(__file__).parents[1] / "fixtures" / "screen_floors.json"

FAMILIES = {"dating": ("tinder", "bumble", "hinge")}  # a look that is drawn in the colours of one of these
LEAST = 0.02  # character errors that a message's text may hold


@dataclass
class Score:
    """One picture, or the sum of several."""

    wanted: int = 0
    right: int = 0  # text, side and time
    text: int = 0
    side: int = 0
    time: int = 0
    sender: int = 0
    extra: int = 0  # messages read where none stands
    between: int = 0  # dates, calls and system lines
    between_right: int = 0
    titled: bool = True
    misses: list[str] = field(default_factory=list)


def score(shown: Sequence[Shown], conversation: str, records: Sequence[Message | Problem]) -> Score:
    """Each thing that stands on the picture is given the closest record that no other was given."""
    result = Score()
    read = [record for record in records if isinstance(record, Message)]
    left = list(read)
    result.titled = plain(conversation) == plain(read[0].conversation if read else "")
    for one in shown:
        record = _closest(one, left)
        if record is not None:
            left = [other for other in left if other is not record]
        if one.kind == "message":
            _count(result, one, record)
            continue
        result.between += 1
        kind = "system" if one.kind == "date" else one.kind
        good = record is not None and record.kind == kind and _close(one.text, record.text)
        good = good and (one.kind != "date" or (record is not None and "date" in record.labels))
        result.between_right += good
        if not good:
            result.misses.append(f"between: {one} read {record and (record.kind, record.text, record.labels)}")
    extra = [record for record in left if record.kind == "message"]
    result.extra = len(extra)
    result.misses += [f"extra: {record.text!r} {record.labels} {record.where}" for record in extra]
    result.misses += [f"problem: {record}" for record in records if isinstance(record, Problem)]
    if not result.titled:
        result.misses.append(f"title {conversation!r} read {read[0].conversation if read else ''!r}")
    return result


def _count(result: Score, one: Shown, record: Message | None) -> None:
    result.wanted += 1
    text = record is not None and _close(one.text, record.text)
    side = record is not None and record.sent == one.sent
    time = record is not None and _clock(record.time.written if record.time else "") == _clock(one.time)
    sender = record is not None and (not one.sender or plain(record.author.name) == plain(one.sender))
    result.text += text
    result.side += side
    result.time += time
    result.sender += sender
    result.right += text and side and time
    if not (text and side and time and sender):
        result.misses.append(f"wanted {one}\n          read {record}")


def _clock(time: str) -> str:
    """A time without what no time hangs on: "5:26 AM" and "5:26am" are one."""
    return "".join(time.split()).casefold()


def _closest(one: Shown, left: Sequence[Message]) -> Message | None:
    wanted = plain(one.text)
    best = min(left, key=lambda record: distance(wanted, plain(record.text)), default=None)
    if best is None or distance(wanted, plain(best.text)) > 0.5 * max(2, len(wanted)):
        return None
    return best


def _close(wanted: str, read: str) -> bool:
    truth = plain(wanted)
    return distance(truth, plain(read)) <= LEAST * len(truth)


@dataclass(frozen=True)
class Sample:
    """One picture, and what stands on it."""

    name: str
    kind: str  # the class it is scored in
    group: str  # "looked at" while the readers were made, or "held out"
    app: str
    picture: bytes
    conversation: str
    shown: tuple[Shown, ...]


def samples(browser: Browser, *, few: bool) -> Iterator[Sample]:
    """Looks that were looked at with seeds from 0, held-out ones with seeds from 3; then those of `chats.py`."""
    for held in (False, True):
        start = 3 if held else 0
        for scene in scenes(range(start, start + (1 if few else 3))):
            if scene.phone.held == held:
                kind, group = f"{scene.phone.app} {scene.phone.theme}", "held out" if held else "looked at"
                picture = photographed(browser, scene)
                yield Sample(scene.name, kind, group, scene.phone.app, picture, scene.conversation, scene.shown)
    for case in cases(quick=few):
        if case.kind == f"{case.look.app} {case.look.theme}":
            held = LOOKS.index(case.look) % 2 == 1
            conversation, shown = told_in(case)
            picture = next(iter(drawn(browser, [case]))).picture
            group = f"plain looks, {'held out' if held else 'looked at'}"
            yield Sample(case.name, f"plain {case.kind}", group, case.look.app, picture, conversation, shown)


def photographed(browser: Browser, scene: Scene) -> bytes:
    """The scene as a phone or an app would have saved it."""
    context = browser.new_context(viewport={"width": scene.width, "height": 844}, device_scale_factor=scene.scale)
    page = context.new_page()
    page.set_content(scene.page)
    picture = page.screenshot(full_page=True)
    context.close()
    return saved(picture, quality=scene.quality, shrink=scene.shrink, smooth=scene.smooth)


def told_in(case: Case) -> tuple[str, tuple[Shown, ...]]:
    """What a picture of `chats.py` says: its conversation, and each message and line between."""
    other = next((said.sender for said in case.said if isinstance(said, Said) and not said.ours), NAMES[0])
    return other, tuple(
        Shown(said, "call" if "call" in said else "date")
        if isinstance(said, str)
        else Shown(said.text, "message", said.sender if case.look.names else "", said.ours, said.time)
        for said in case.said
    )


def read(picture: bytes, engine: Engine) -> tuple[str, list[Message | Problem]]:
    screen = screen_of(picture, read_picture(picture, engine).words)
    if screen is None:
        return "unknown", []
    reader = screen_reader_for(screen)
    return reader.platform, list(reader.read(screen))


def added(scores: Sequence[Score]) -> Score:
    total = Score()
    for one in scores:
        for each in fields(Score):
            if each.type == "int":
                setattr(total, each.name, getattr(total, each.name) + getattr(one, each.name))
        total.titled &= one.titled
    return total


def table(scores: dict[str, list[Score]]) -> dict[str, float]:
    """Print a line a class; gives the share of messages that came out right."""
    print(f"{'class':34} messages  right   text   side   time  sender  extra  between")
    shares = {}
    for kind, each in sorted(scores.items()):
        one = added(each)
        parts = (one.right, one.text, one.side, one.time, one.sender)
        shown = " ".join(f"{part / max(1, one.wanted):6.1%}" for part in parts)
        print(f"{kind:34} {one.wanted:8} {shown}  {one.extra:5}  {one.between_right}/{one.between}")
        shares[kind] = one.right / max(1, one.wanted)
    return shares


def real(engine: Engine) -> None:
    """The real chat pictures: how many of the truth's words stand in messages, and as what they were read."""
    for line in (REAL / "ocr_truth.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if not any(word in row["kind"].lower() for word in ("chat", "discord", "x post", "message")):
            continue
        platform, records = read((REAL / row["file"]).read_bytes(), engine)
        made = [record for record in records if isinstance(record, Message)]
        wanted = Counter(plain(row["text"]).lower().split())
        told = " ".join(f"{m.author.name} {m.text} {m.time.written if m.time else ''}" for m in made)
        found = Counter(plain(f"{made[0].conversation if made else ''} {told}").lower().split())
        share = 1 - (wanted - found).total() / max(1, wanted.total())
        sides = Counter({True: "sent", False: "received", None: "not said"}[m.sent] for m in made)
        print(f"{row['file'][4:]:75} as {platform:10} {len(made):3} messages, words {share:6.1%}, {dict(sides)}")


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
            platform, records = read(sample.picture, engine)
            one = score(sample.shown, sample.conversation, records)
            for kind in (sample.kind, f"ALL, {sample.group}"):
                scores.setdefault(kind, []).append(one)
            named[
                "right"
                if platform in (sample.app, *FAMILIES.get(sample.app, ()))
                else "unknown"
                if platform == "unknown"
                else "wrong"
            ] += 1
            if "--list-misses" in arguments and one.misses:
                print(f"{sample.name} as {platform}", *one.misses, sep="\n      ")
    shares = table(scores)
    print("the app was named:", dict(named))
    if "--check" not in arguments:
        return 0
    floors: dict[str, float] = json.loads(FLOORS.read_text("utf-8"))
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
