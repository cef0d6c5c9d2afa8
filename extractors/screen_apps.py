"""What is known of each app's look, and how much of it a screen shows. An app is named only when its look leaves no
doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.contract import Colour, Message, Problem, Screen, ScreenReader
from extractors.screen_bubbles import bubbly, mirrored, read_bubbles
from extractors.screen_frame import Frame, frame_of
from extractors.screen_pieces import Bubble, runs_of
from extractors.screen_rows import read_rows, styled
from extractors.screen_signs import near
from extractors.screen_words import bare

SURE = 3.0  # points from which an app is named
CLEAR = 1.0  # points by which it must be ahead of the next
CLOSE = 7  # levels in each channel: JPEG at quality 60 moves a plain colour by up to 4


@dataclass(frozen=True)
class Palette:
    """One theme of one app: hexadecimal colours, several where it has several."""

    ground: tuple[str, ...]
    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    bar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Habits:
    """One app. `words` are what only this app writes on its own screens, in small letters."""

    platform: str
    palettes: tuple[Palette, ...]
    words: tuple[str, ...] = ()
    shape: str = "bubbles"  # or "rows"; "either" where comments stand in boxes
    times: str = ""  # "inside", "none"; empty: as the screen shows
    style: str = ""  # of rows: "heads", "under", "names"
    titled: bool = True  # the header names the conversation
    names: bool = False  # a bubble begins with who wrote it
    sides: bool = True  # False: where all stand on one side, that is nobody's


def reader(habits: Habits, *, version: int = 1) -> ScreenReader:
    """The reader of one app, by its habits."""

    def recognises(screen: Screen) -> float:
        return _points(screen, habits)

    def read(screen: Screen) -> Iterator[Message | Problem]:
        if habits.shape == "rows" or (habits.shape == "either" and not bubbly(screen)):
            yield from read_rows(screen, habits.platform, style=habits.style, titled=habits.titled)
            return
        records = list(read_bubbles(screen, habits.platform, times=habits.times, names=habits.names))
        sided = habits.sides or any(isinstance(record, Message) and record.sent for record in records)
        for record in records:
            yield record if sided or not isinstance(record, Message) else replace(record, sent=None, conversation="")

    return ScreenReader(habits.platform, recognises, read, version)


def read_unknown(screen: Screen) -> Iterator[Message | Problem]:
    """A screen of no app that is known: bubbles or rows where they can be seen, else blocks in reading order."""
    if bubbly(screen):
        yield from read_bubbles(screen, "unknown")
    else:
        yield from read_rows(screen, "unknown", style=styled(screen))


def _points(screen: Screen, habits: Habits) -> float:
    said = {bare(run.text) for run in runs_of(screen)}
    words = sum(any(word == text or (len(word) > 7 and word in text) for text in said) for word in habits.words)
    ground = max(screen.regions, key=lambda region: region.width * region.height * region.share, default=None)
    frame = frame_of(screen)
    sides = ("left", "right") if mirrored(screen, frame.bubbles) else ("right", "left")
    best = 0.0
    if ground is None:
        return 2.0 * min(words, 2)
    for palette in habits.palettes:
        on_ground = any(near(ground.colour, _rgb(colour), CLOSE) for colour in palette.ground)
        points = (1.0 if on_ground else -1.0 if palette.ground else 0.0) + _bubble_points(frame, palette, *sides)
        if palette.bar and any(
            near(r.colour, _rgb(c), CLOSE) for c in palette.bar for r in screen.regions[:12] if r.y == 0
        ):
            points += 0.5
        best = max(best, points)
    if habits.shape != "bubbles" and not any(p.sent or p.received for p in habits.palettes):
        shows = styled(screen) == habits.style and not bubbly(screen)
        best = best + 1.0 if shows else 0.0
        words = words if shows else 0
    return best + 2.0 * min(words, 2)


def _bubble_points(frame: Frame, palette: Palette, ours: str, theirs: str) -> float:
    """How well the bubbles' colours fit; a colour that the app does not have speaks against it."""
    sided: list[Bubble] = [bubble for bubble in frame.bubbles if bubble.side != "centre"]
    if not sided or not (palette.sent or palette.received):
        return 0.0
    points = 0.0
    for colours, side, worth in ((palette.sent, ours, 2.0), (palette.received, theirs, 1.0)):
        own = [b for b in sided if b.side == side]
        if own:
            fits = sum(any(near(b.region.colour, _rgb(c), CLOSE) for c in colours) for b in own) / len(own)
            points += worth * (2 * fits - 1)
    return points


def _rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
