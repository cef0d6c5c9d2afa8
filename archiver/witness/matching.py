"""Finds which letters of one text stand in another that was read with mistakes and in another order. Pure.

Both texts are strings of folded letters without spaces. Exact runs are found first; what is left between them is
looked for by the vote of its three-letter pieces for one place, which a garbled line wins and another line does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from archiver.witness.letters import is_wide

SEED, WIDE_SEED = 6, 3  # letters that agree exactly before a place is looked at
ALONE, WIDE_ALONE = 11, 5  # letters that agree before a place counts that does not follow from the one before
NEAR = 24  # letters between two places that follow one another: a misread word or two
PLACES = 12  # of one seed that are looked at: "the same" stands a hundred times on a page
PIECE = 3
BAND = 16  # letters that a garbled line may slip against the true one
VOTES = 0.24  # share of the pieces that agree in one band: chance gives a tenth
NOWHERE = -1

Index = dict[str, list[int]]


def seeds_of(text: str) -> Index:
    found: Index = defaultdict(list)
    for at in range(len(text)):
        seed = _seed(text, at)
        if seed and len(places := found[seed]) < PLACES:
            places.append(at)
    return found


def pieces_of(text: str) -> Index:
    found: Index = defaultdict(list)
    for at in range(len(text) - PIECE + 1):
        found[text[at : at + PIECE]].append(at)
    return found


def places(text: str, other: str, seeds: Index) -> list[int]:
    """For each letter of `text` where in `other` it stands, or NOWHERE. `seeds` are those of `other`."""
    found = [NOWHERE] * len(text)
    at, last = 0, (-NEAR, -NEAR)  # the end of the last run that was found, in both texts
    while at < len(text):
        length, there = _longest(text, at, other, seeds, last)
        if not length:
            at += 1
            continue
        found[at : at + length] = range(there, there + length)
        at += length
        last = at, there + length
    return found


def runs(found: Sequence[int], start: int, end: int, gap: int) -> Iterator[tuple[int, int]]:
    """Runs of letters that stand nowhere, parted by more than `gap` letters that do."""
    begun, stop = -1, -1
    for at in range(start, end):
        if found[at] != NOWHERE:
            continue
        if begun >= 0 and at - stop > gap:
            yield begun, stop
            begun = -1
        begun, stop = (at if begun < 0 else begun), at + 1
    if begun >= 0:
        yield begun, stop


def is_garbled(text: str, pieces: Index) -> bool:
    """Whether one place of the other text, whose pieces these are, reads like a bad copy of `text`."""
    wanted = len(text) - PIECE + 1
    if wanted < 1:
        return True  # too short to tell
    votes: Counter[int] = Counter()
    for at in range(wanted):
        for there in {(place - at) // BAND for place in pieces.get(text[at : at + PIECE], ())}:
            votes[there] += 1
    best = max((votes[band] + votes[band + 1] for band in votes), default=0)
    return best >= VOTES * wanted


def _seed(text: str, at: int) -> str:
    length = WIDE_SEED if is_wide(text[at]) else SEED
    return text[at : at + length] if at + length <= len(text) else ""


def _longest(text: str, at: int, other: str, seeds: Index, last: tuple[int, int]) -> tuple[int, int]:
    """Length and place of the longest run from `at` on; length 0 where there is none that counts."""
    best, where = 0, 0
    for there in seeds.get(_seed(text, at), ()):
        length = _agreeing(text, at, other, there)
        follows = 0 <= at - last[0] <= NEAR and 0 <= there - last[1] <= NEAR
        enough = 0 if follows else WIDE_ALONE if is_wide(text[at]) else ALONE
        if length >= enough and (length > best or (length == best and follows)):
            best, where = length, there
    return best, where


def _agreeing(text: str, at: int, other: str, there: int) -> int:
    most = min(len(text) - at, len(other) - there)
    for length in range(most):
        if text[at + length] != other[there + length]:
            return length
    return most
