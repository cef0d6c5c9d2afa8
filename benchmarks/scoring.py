"""How much of what a person read on a page a reader read too: posts found, fields right, standing right. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from extractors.contract import Post, StatedTime

FIELDS = ("author", "handle", "time", "permalink", "text")
SAME_POST = ("author", "handle", "time")  # besides the words: what makes a post read whole
MARKS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\xa0]+")
TAIL = re.compile(r"(?:…|\.\.\.)$")
NUMBERS = re.compile(r"\d+")
MONTH = (
    "jan",
    "feb",
    "mar",
    "apr",
    "ma",
    "jun",
    "jul",
    "aug",
    "sep",
    "o",
    "nov",
    "de",
)  # how they begin, also in German


@dataclass
class Score:
    """Sums for one platform; shares come from `share`."""

    wanted: int = 0
    found: int = 0
    whole: int = 0  # found with author (or handle), text and time right
    emitted: int = 0  # posts read on pages whose truth holds every post
    matched: int = 0  # of those, posts that are in the truth
    fields: dict[str, list[int]] = field(default_factory=lambda: {name: [0, 0] for name in FIELDS})  # [right, asked]
    standings: int = 0
    standings_right: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("wanted", "found", "whole", "emitted", "matched", "standings", "standings_right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.misses += other.misses
        for name, (right, asked) in other.fields.items():
            self.fields[name][0] += right
            self.fields[name][1] += asked

    def shares(self) -> dict[str, float]:
        """Each figure as a share of what was asked; figures that nobody asked for are left out."""
        pairs = {
            "recall": (self.found, self.wanted),
            "precision": (self.matched, self.emitted),
            "whole": (self.whole, self.wanted),
            **{name: (right, asked) for name, (right, asked) in self.fields.items()},
            "standing": (self.standings_right, self.standings),
        }
        return {name: part / all_ for name, (part, all_) in pairs.items() if all_}


def score(truth: Sequence[dict[str, Any]], posts: Sequence[Post], *, complete: bool) -> Score:
    """One page's posts against its row of truth. A quoted post counts where the truth lists it."""
    result = Score(wanted=len(truth))
    left = [one for post in posts for one in (post, post.quoted) if one is not None]
    for wanted in truth:
        post = _match(wanted, left)
        if post is None:
            result.misses.append(f"not found: {_name(wanted)}")
            continue
        left = [one for one in left if one is not post]
        right = _fields(wanted, post)
        for name, is_right in right.items():
            result.fields[name][0] += is_right
            result.fields[name][1] += 1
            if not is_right:
                result.misses.append(f"{name}: {_name(wanted)}: wanted {wanted[name]!r}, read {_read(name, post)!r}")
        result.found += 1
        result.whole += all(right.get(name, True) for name in SAME_POST)
    if complete:
        own = [post for post in posts if post.kind not in ("deleted", "profile", "quoted")]
        extra = [post for post in own if any(post is one for one in left)]
        result.emitted, result.matched = len(own), len(own) - len(extra)
        result.misses += [f"not in the truth: {post.kind} {post.author.name!r} {post.text[:60]!r}" for post in extra]
    return result


def _match(wanted: dict[str, Any], posts: Sequence[Post]) -> Post | None:
    """The post that the truth speaks of: by its words, and where several say the same by their fields."""
    text = wanted.get("text") or ""
    same = [post for post in posts if (_says(post.text, text) if text else True)]
    best = max(same, key=lambda post: (_agreement(wanted, post), -len(post.text)), default=None)
    if best is None or (not text and _agreement(wanted, best) == 0 and any(wanted.get(name) for name in FIELDS)):
        return None
    return best


def _says(text: str, wanted: str) -> bool:
    """Whether a text is the truth's, which is cut at 200 characters: at its start, or after a title."""
    for only in (letters, bare):  # who wrote the truth down left out an emoji here and there
        mine, theirs = only(text), only(wanted)[:160]
        if len(theirs) >= 12:
            return theirs in mine[: len(theirs) + 400] or _nearly(mine[: len(theirs)], theirs)
        if theirs:
            return mine.startswith(theirs)
    return False


def _nearly(mine: str, theirs: str) -> bool:
    return len(theirs) > 60 and SequenceMatcher(None, mine, theirs, autojunk=False).ratio() > 0.9


def _agreement(wanted: dict[str, Any], post: Post) -> int:
    return sum(_fields(wanted, post).values())


def _fields(wanted: dict[str, Any], post: Post) -> dict[str, bool]:
    """Which of the fields that the truth gives are right."""
    asked = {name for name in FIELDS if wanted.get(name)}
    right = {}
    if "author" in asked:
        right["author"] = bare(wanted["author"]) in (bare(post.author.name), bare(post.author.handle))
    if "handle" in asked:
        handle = _handle(post.author.handle or post.author.name)
        right["handle"] = _handle(wanted["handle"]) in (handle, handle.partition("@")[0])
    if "time" in asked:
        right["time"] = same_time(wanted["time"], post.time)
    if "text" in asked:
        right["text"] = bare(wanted["text"])[:160] in bare(post.text)
    if "permalink" in asked:
        right["permalink"] = _tail(wanted["permalink"]) in (_tail(post.permalink), _tail(post.id)) or _ends(
            wanted, post
        )
    return right


def _ends(wanted: dict[str, Any], post: Post) -> bool:
    """The same post under an older or shorter address: the last part's number or key is its id."""
    last = re.split(r"[/=#]", _tail(wanted["permalink"]).rstrip("/"))[-1]
    number = re.search(r"\d+$", last)
    keys = [last] if len(last) > 4 else []
    keys += [number[0]] if number and (last != number[0] or not keys) else []
    return any(re.search(rf"(?<!\w){re.escape(key)}(?!\w)", f"{post.permalink} {post.id}".casefold()) for key in keys)


def same_time(wanted: str, read: StatedTime | None) -> bool:
    """Whether a stated time is the truth's: as moments where both prove a zone, else by what is written."""
    if read is None:
        return False
    moment = _moment(wanted)
    if moment is not None and moment.tzinfo is not None and read.utc:
        return abs((datetime.fromisoformat(read.utc) - moment).total_seconds()) < 61
    if read.written.startswith(wanted[:16]) or wanted.startswith(read.written):
        return True
    said = _numbers(read.written)
    return moment is not None and moment.tzinfo is None and _numbers_of(moment, whole=len(wanted) > 10) <= said


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _numbers_of(moment: datetime, *, whole: bool) -> set[int]:
    hour = moment.hour % 12 or 12
    return {moment.year % 100, moment.month, moment.day} | ({hour, moment.minute} if whole else set())


def _numbers(text: str) -> set[int]:
    """Every number in words or figures; years also by their last two, hours also as on a clock of twelve."""
    words = re.findall(r"[a-zäçéû]+", text.lower())
    months = {n for n, start in enumerate(MONTH, 1) for word in words if word.startswith(start)}
    numbers = {int(number) for number in NUMBERS.findall(text) if len(number) < 6}
    return months | numbers | {n % 100 for n in numbers if n > 1900} | {n % 12 or 12 for n in numbers if n < 24}


def bare(text: str) -> str:
    """Words alone: white space and invisible marks make no difference."""
    return TAIL.sub("", MARKS.sub("", text))


def letters(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", text)


def _handle(text: str) -> str:
    return text.strip().removeprefix("@").removeprefix("u/").rpartition("/")[2].casefold()


def _tail(url: str) -> str:
    return re.sub(r"^https?://(?:www\.|m\.)?[^/]+", "", url).rstrip("/").lstrip("#").casefold()


def _name(wanted: dict[str, Any]) -> str:
    return f"{wanted.get('handle') or wanted.get('author')} {(wanted.get('text') or '')[:50]!r}"


def _read(name: str, post: Post) -> object:
    values = {
        "author": post.author.name,
        "handle": post.author.handle,
        "time": post.time,
        "permalink": post.permalink,
        "text": post.text[:80],
    }
    return values[name]
