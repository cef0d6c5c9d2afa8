"""The page's text looked for in what came over the network, and what came looked for in the page. Pure.

Nothing is misread here, so three words in a row that are found are enough: text is put together from pieces on ordinary
pages ("5 minutes ago by …"), and pieces of less than a few words are never reported.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from archiver.witness.letters import weight
from archiver.witness.sides import Difference, Kind, Sides

LEAST = 30  # weight of a run that counts
LEAST_WORDS = 6
GAP = 2  # words inside a run that were found by chance
LONGEST = 24_000_000  # characters that are searched; more is an application, and the rest of it is left out

WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"  # scripts without spaces: each character is a word
WORD = re.compile(rf"[{WIDE}]|[^\W_{WIDE}]+")
TAG = re.compile(r"<[/a-zA-Z!][^<>]{0,4000}>")
COMMENTED = re.compile(r"<!--.{0,4000}?-->", re.DOTALL)  # React parts text with empty ones
CODED = re.compile(r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})")
ESCAPED = re.compile(r"\\+[nrtbf\"'/]")

Three = tuple[str, str, str]


def not_sent(sides: Sides) -> Iterator[Difference]:
    """Lines, or long parts of lines, that are shown and that nothing holds which came over the network."""
    if sides.sent:
        yield from _missing("not-sent", sides.shown, sides.sent)


def replaced(sides: Sides) -> Iterator[Difference]:
    """What the page said when it came or was loaded and no longer says, shown or hidden, at the end."""
    known = (sides.written, sides.shown, sides.dropped)
    seen = set()
    for before in sides.before:
        for difference in _missing("replaced", before, known):
            if difference.text not in seen:
                seen.add(difference.text)
                yield difference


def _missing(kind: Kind, text: str, others: Iterable[str]) -> Iterator[Difference]:
    lines = [(number, line, _words(line)) for number, line in enumerate(text.splitlines())]
    long = [(number, line, words) for number, line, words in lines if _counts(words)]
    found = _found({three for _, _, words in long for three in _threes(words)}, others)
    for number, line, words in long:
        there = [False] * len(words)
        for at, three in enumerate(_threes(words)):
            if three in found:
                there[at : at + 3] = [True] * 3
        for first, last in _runs(there):
            if _counts(words[first:last]):
                yield Difference(
                    kind, line.strip() if (first, last) == (0, len(words)) else _part(line, first, last), number
                )


def _found(wanted: set[Three], texts: Iterable[str]) -> set[Three]:
    found: set[Three] = set()
    left = LONGEST
    for text in texts:
        for form in _forms(text[:left]):
            words = WORD.findall(form)
            found |= wanted.intersection(_threes(words))
        left -= min(left, len(text))
    return found


def _forms(text: str) -> Iterator[str]:
    """The text with its escapes undone, as it stands and without tags; once more for escapes in escapes."""
    plain = CODED.sub(lambda match: chr(int(match.group(1) or match.group(2), 16)), text)
    plain = _folded(html.unescape(ESCAPED.sub(" ", plain)))
    yield plain
    if "<" in plain:
        yield TAG.sub(" ", plain)
        yield TAG.sub("", COMMENTED.sub("", plain))  # a tag may stand inside a word
    if "&" in plain:
        yield TAG.sub(" ", html.unescape(plain))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "").replace("\u200b", "")


def _words(line: str) -> list[str]:
    return WORD.findall(_folded(line))


def _threes(words: Sequence[str]) -> Iterator[Three]:
    return zip(words, islice(words, 1, None), islice(words, 2, None), strict=False)


def _counts(words: Sequence[str]) -> bool:
    return len(words) >= LEAST_WORDS and sum(map(weight, words)) >= LEAST


def _runs(there: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Runs of words that were not found, parted by more than GAP that were."""
    begun, stop = -1, -1
    for at, is_there in enumerate(there):
        if is_there:
            continue
        if begun >= 0 and at - stop > GAP:
            yield begun, stop
            begun = -1
        begun, stop = (at if begun < 0 else begun), at + 1
    if begun >= 0:
        yield begun, stop


def _part(line: str, first: int, last: int) -> str:
    """The words of a line from `first` to before `last`, with what stands between them."""
    spans = [match.span() for match in WORD.finditer(line)]
    if len(spans) < last:  # folding made more words of it
        return line.strip()
    return line[spans[first][0] : spans[last - 1][1]]
