"""What was changed in a text, word by word. Pure; ends in bounded time on any two texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

TOKEN = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
MOST_TOKENS = 6_000  # beyond it lines are compared instead: the time grows with the square
SHORTENED = ("…", "...")
LEAST_SHOWN = 20  # characters: less than this of a text is no shortened form of it


@dataclass(frozen=True)
class Run:
    """A piece of the text that stayed, went or came."""

    what: Literal["same", "out", "in"]
    text: str


def word_runs(before: str, after: str) -> tuple[Run, ...]:
    """The pieces in order: "same" and "out" spell the text before, "same" and "in" the one after."""
    split = TOKEN.findall
    old, new = split(before), split(after)
    if max(len(old), len(new)) > MOST_TOKENS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > MOST_TOKENS:
        return tuple(run for run in (Run("out", before), Run("in", after)) if run.text)
    return tuple(_runs(old, new))


def _runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    runs: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Run("same", "".join(old[a:b])))
            continue
        if b > a:
            runs.append(Run("out", "".join(old[a:b])))
        if d > c:
            runs.append(Run("in", "".join(new[c:d])))
    return runs


def same_words(one: str, other: str) -> bool:
    """White space, and how a letter with an accent is spelled, are the page's doing and no edit."""
    return bare(one) == bare(other)


def bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_shortened(one: str, other: str) -> bool:
    """Whether one is the other's beginning, cut off with dots: a page that shows less, and no edit."""
    short, long = sorted((bare(one), bare(other)), key=len)
    for dots in SHORTENED:
        if short.endswith(dots):
            shown = short[: -len(dots)].rstrip()
            return len(shown) >= LEAST_SHOWN and long.startswith(shown)
    return False
