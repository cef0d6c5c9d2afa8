"""What apps draw beside a message's words: reactions on the edge of its bubble, and "Edited". Knows no app."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.screen_frame import Frame
from extractors.screen_pieces import Bubble, Run
from extractors.screen_signs import DOUBTFUL, DRAWN, FACE

BADGE = re.compile(rf"[{re.escape(FACE + ''.join(sorted(DRAWN)))}\s]{{0,8}}\d{{0,4}}[)\]|]?")  # emoji, and how many
EDITED = re.compile(
    r"edited|bearbeitet|editado|editada|modifié|modificato|modificata|bewerkt|edytowano|redigerad|"
    r"изменено|düzenlendi|נערך",
    re.IGNORECASE,
)
LENGTH = re.compile(r"\d{1,2}:\d{2}")  # of a voice message
HIGH = 2.3  # usual heights of a word: the highest reaction
LOOSE = 0.65  # usual heights of a word that a reaction stands under its bubble at most
SET_IN = 0.3  # usual heights of a word: so far a reaction begins from its bubble's edge at least
SMALL = 1.15  # of the height of the time's figures: what is printed as small as them


@dataclass(frozen=True)
class Badge:
    """Reactions to the message whose bubble ends here, as they stand: emoji are placeholders."""

    y: int
    bottom: int
    text: str


def parted(frame: Frame, unit: float) -> tuple[Frame, tuple[Badge, ...]]:
    """The frame without the reactions that sit on bubbles, and these."""
    holding = [b for b in frame.bubbles if not _is_badge(b.runs) or b.region.height > HIGH * unit]
    badges: list[Badge] = []
    rows, reach = [], dict[int, int]()
    for bubble in frame.bubbles:
        region = bubble.region
        owner = None if bubble in holding else _under_it(region.x, region.y, bubble.bottom, holding, unit)
        if owner is not None and not _level(bubble, owner, unit):
            badges.append(Badge(region.y, bubble.bottom, _text(bubble.runs)))
            reach[id(owner)] = max(reach.get(id(owner), 0), bubble.bottom)
    for row in frame.rows:
        y, bottom = min(run.y for run in row), max(run.bottom for run in row)
        low = _is_badge(row) and bottom - y < HIGH * unit
        owner = _under_it(row[0].x, y, bottom, holding, unit) if low else None
        if owner is not None:
            badges.append(Badge(y, bottom, _text(row)))
            reach[id(owner)] = max(reach.get(id(owner), 0), bottom)
        else:
            rows.append(row)
    sitting = {badge.y for badge in badges}
    bubbles = [_down_to(b, reach.get(id(b), 0)) for b in frame.bubbles if b in holding or b.region.y not in sitting]
    return replace(frame, bubbles=tuple(bubbles), rows=tuple(rows)), tuple(badges)


def is_badge(text: str) -> bool:
    """Whether a text is what a reaction shows, and nothing else."""
    return BADGE.fullmatch(text) is not None


def edited_off(text: str) -> tuple[str, bool]:
    """A line without "(edited)" at its end, which apps without bubbles set there; and whether it had that."""
    rest, bracket, last = text.rpartition("(")
    if bracket and last.endswith(")") and EDITED.fullmatch(last[:-1]):
        return rest.rstrip(), True
    return text, False


def _is_badge(runs: Sequence[Run]) -> bool:
    return bool(runs) and is_badge(_text(runs))


def _text(runs: Sequence[Run]) -> str:
    return " ".join(run.text for run in runs)


def _under_it(x: int, y: int, bottom: int, bubbles: Sequence[Bubble], unit: float) -> Bubble | None:
    """The bubble over whose lower edge something lies."""
    for bubble in bubbles:
        within = bubble.region.x - 0.1 * bubble.region.width <= x <= bubble.right
        if within and bubble.region.y < y <= bubble.bottom + LOOSE * unit and bottom > bubble.bottom:
            return bubble
    return None


def _level(bubble: Bubble, other: Bubble, unit: float) -> bool:
    """Whether both keep to one edge, as messages do: "2" is one too. A reaction is set in."""
    return min(abs(bubble.region.x - other.region.x), abs(bubble.right - other.right)) < SET_IN * unit


def _down_to(bubble: Bubble, bottom: int) -> Bubble:
    """With the reactions on its edge: what stands under these stands under it."""
    height = max(bubble.region.height, bottom - bubble.region.y)
    return replace(bubble, region=replace(bubble.region, height=height))


def without_waves(runs: list[Run]) -> list[Run]:
    """A voice message's length without what its bars were read as."""
    if len(runs) != 1 or not LENGTH.fullmatch(runs[0].words[-1].text):
        return runs
    words = runs[0].words
    if any(word.confidence >= DOUBTFUL and sum(c.isalnum() for c in word.text) > 1 for word in words[:-1]):
        return runs
    return [replace(runs[0], words=words[-1:], x=words[-1].x)]


def without_edited(runs: list[Run], figures: int) -> tuple[bool, list[Run]]:
    """Whether "Edited" in small print ends a bubble's runs, before the time whose figures are so high; and the rest."""
    if (
        not runs
        or not EDITED.fullmatch(runs[-1].words[-1].text.strip(".,·()"))
        or len(runs) == len(runs[-1].words) == 1
    ):
        return False, runs
    words = runs[-1].words[:-1]
    if runs[-1].words[-1].height > SMALL * figures:
        return False, runs
    last = [replace(runs[-1], words=words, right=max(word.x + word.width for word in words))] if words else []
    return True, [*runs[:-1], *last]
