"""Copies in which something is covered, or every picture blurred. Never changes what was kept; its hash stays listed.

Covered pixels are painted over and the picture is written anew from its pixels alone: nothing of the old file is in it.
HTML, saved pages and network records can't be covered safely, so a changed bundle leaves them out and says so.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from archiver.bundle import markup, named, statement
from archiver.bundle.chosen import Chosen, Exhibit, File, Original, file_of
from archiver.bundle.occurrences import Box, boxes, replaced, spans
from archiver.bundle.paint import COVERED, blurred, burnt
from archiver.bundle.sheets import NotAPicture
from archiver.records import OCR, Reading
from extractors.contract import Post, Problem, Word

T = TypeVar("T")
PAGE = "data/redactions.html"
BLURRED = "[left out of this blurred copy]"
LEAVE_AS_THEY_ARE = ("certificate",)  # roles that hold nothing of the page
OUR_PICTURES = ("tile", "first-view")  # made by the browser: pixels and nothing else
NOT_COVERABLE = "it can't be covered safely, so it stays out of a changed copy"
NOT_READ = "no words were read on it to look through; with a rectangle named on it a covered copy leaves"
CHANGED = "a changed copy takes its place"
ENTRY = "the entry holds addresses and titles as they were; its hash stays in the list"
# Fields whose text is the program's own: a digest, a path, a time, a name from a fixed list.
OURS = (
    frozenset({"label", "capture", "entry_sha256", "entry_path", "entry_held_back", "started", "finished", "at", "utc"})
    | {"role", "media_type", "sha256", "path", "held_back", "copy_of", "outcome", "tool", "browser"}
    | {"platform", "kind", "source", "state", "basis"}
)


@dataclass(frozen=True)
class Cover:
    """What is to be covered, by whom and why. Blurring leaves every picture and every word of a post unreadable."""

    who: str  # covers, as they want to be named
    why: str
    texts: tuple[str, ...] = ()  # every occurrence goes
    people: tuple[tuple[str, ...], ...] = ()  # all names and handles of each; they become Person A, Person B, …
    rectangles: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)  # by SHA-256 of the picture, in its pixels
    blur: bool = False

    @property
    def sought(self) -> tuple[tuple[str, str], ...]:
        """Every text with what takes its place; empty ones ask for nothing."""
        named_people = ((name, label) for label, names in self.key for name in names)
        return tuple(
            (text, label) for text, label in (*((t, COVERED) for t in self.texts), *named_people) if text.strip()
        )

    @property
    def key(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Who is who. It is kept in the vault's log and never leaves with the bundle."""
        return tuple((f"Person {_lettered(n)}", names) for n, names in enumerate(self.people))


@dataclass(frozen=True)
class Covered:
    """One picture that was changed."""

    exhibit: str
    original: str  # SHA-256
    copy: str  # SHA-256
    boxes: tuple[Box, ...]  # in the picture's own pixels; empty: blurred whole


@dataclass(frozen=True)
class Redacted:
    """The selection as it leaves, and what must be kept of how it was made."""

    chosen: Chosen
    covered: tuple[Covered, ...]
    doubts: tuple[str, ...]  # what a person should look at before it leaves; these sentences stay with them

    def log_body(self, cover: Cover) -> dict[str, Any]:
        """Who, why and where, as plain values for the vault's log: it holds the texts and the key to the names."""
        return {
            "who": cover.who,
            "why": cover.why,
            "texts": list(cover.texts),
            "people": [{"label": label, "names": list(names)} for label, names in cover.key],
            "blur": cover.blur,
            "pictures": [
                {
                    "exhibit": each.exhibit,
                    "original": each.original,
                    "copy": each.copy,
                    "boxes": [[box.x, box.y, box.width, box.height] for box in each.boxes],
                }
                for each in self.covered
            ],
        }


def redact(chosen: Chosen, cover: Cover, words: Mapping[str, Sequence[Word]]) -> Redacted:
    """The selection with everything covered. `words`: those read on each picture, by the picture's SHA-256."""
    change = _change(cover)
    covered: list[Covered] = []
    doubts: list[str] = []
    exhibits = []
    for exhibit in chosen.exhibits:
        originals = tuple(_originals(exhibit, cover, words, covered))
        doubts += _doubts(exhibit, cover, covered)
        said = replaced(exhibit.words, cover.sought, alike=True)
        posts = tuple(_unled(post, change) for post in exhibit.posts)
        cleaned = mapped(replace(exhibit, originals=(), words=said, posts=posts), change)
        if cover.blur:
            cleaned = replace(cleaned, title=BLURRED, words="", posts=tuple(map(_wordless, cleaned.posts)))
        there = tuple(mapped(original, change) for original in originals)
        exhibits.append(replace(cleaned, originals=there, entry_path="", entry_held_back=ENTRY))
    left_out = tuple(mapped(item, change) for item in chosen.left_out)
    told = replace(chosen, asked=change(chosen.asked), reason=change(chosen.reason), left_out=left_out)
    return Redacted(replace(told, exhibits=tuple(exhibits)), tuple(covered), tuple(doubts))


def words_by_picture(readings: Iterable[Reading]) -> dict[str, list[Word]]:
    """What was read on each picture, by its SHA-256; a picture that could not be read is not there."""
    found: dict[str, list[Word]] = {}
    for reading in readings:
        words = [record for record in reading.records if isinstance(record, Word)]
        unread = {record.where for record in reading.records if isinstance(record, Problem)}
        if reading.reader != OCR or reading.outcome != "done":
            continue
        for n, sha256 in enumerate(reading.of):
            if f"picture {n}" not in unread:
                found[sha256] = [word for word in words if word.picture == n]
    return found


def files(redacted: Redacted, cover: Cover) -> Iterator[File]:
    """The page that says what was changed. It names no covered text."""
    yield file_of(PAGE, page(redacted, cover))


def page(redacted: Redacted, cover: Cover) -> bytes:
    change = _change(cover)
    rows = (
        (
            markup.label(each.exhibit),
            markup.digest(each.original),
            markup.digest(each.copy),
            "the whole picture, blurred"
            if cover.blur
            else "<br>".join(markup.own(f"{b.width} by {b.height} at {b.x}, {b.y} {b.label}") for b in each.boxes),
        )
        for each in redacted.covered
    )
    body = (
        "<main><h1>What was covered or changed in these copies</h1>",
        markup.facts(
            (
                ("By", markup.own(change(cover.who))),
                ("Reason", markup.captured(change(cover.why))),
                ("Made", markup.own(named.spoken(redacted.chosen.made))),
                ("Texts covered wherever they were found", str(len(cover.texts))),
                ("People named by a letter", ", ".join(markup.own(label) for label, _ in cover.key) or "none"),
            )
        ),
        "<p>The files that were kept are not changed. They stay where they were kept, and their SHA-256 stay listed. "
        "HTML, saved pages, web archives and network records can't be covered safely, so none is in here. Texts were "
        "looked for by a program, in what was read from the pages and the pictures.</p>",
        markup.table(
            (
                "Exhibit",
                "SHA-256 of what was kept",
                "SHA-256 of the copy",
                "Covered (pixels: size, and place of the corner)",
            ),
            rows,
            caption=f"Pictures that were changed: {len(redacted.covered)}",
        ),
        "</main>",
    )
    return markup.document("What was covered", body, style=statement.PRINTED % markup.css_text("What was covered"))


def mapped(record: T, change: Callable[[str], str]) -> T:
    """A record with `change` made to every text in it that is not the program's own."""
    return _mapped(record, change)  # type: ignore[no-any-return]  # the same type comes back: each part is replaced in kind


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    if isinstance(value, Mapping):
        return {_mapped(key, change): _mapped(item, change) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (f.name for f in dataclasses.fields(value) if f.init and f.name not in OURS)
        return replace(value, **{name: _mapped(getattr(value, name), change) for name in names})
    return value


def _change(cover: Cover) -> Callable[[str], str]:
    sought = cover.sought
    return lambda text: replaced(text, sought)


def _originals(
    exhibit: Exhibit, cover: Cover, words: Mapping[str, Sequence[Word]], covered: list[Covered]
) -> Iterator[Original]:
    """Each kept file, held back where it can't leave as it is, and after it the copy that takes its place."""
    for original in exhibit.originals:
        if not original.leaves or original.role in LEAVE_AS_THEY_ARE:
            yield original
            continue
        make = _maker(original, cover, words)
        if isinstance(make, str):
            yield replace(original, path="", held_back=make)
            continue
        if make is None:
            yield original
            continue
        try:
            copy = _copy(original, make)
        except NotAPicture as error:
            yield replace(original, path="", held_back=f"it can't be covered: {error}")
            continue
        yield replace(original, path="", held_back=CHANGED)
        yield copy
        if original.role != "text":
            covered.append(Covered(exhibit.label, original.sha256, copy.sha256, tuple(_boxes(original, cover, words))))


def _maker(
    original: Original, cover: Cover, words: Mapping[str, Sequence[Word]]
) -> Callable[[bytes], bytes] | str | None:
    """What makes the copy; a sentence where it must stay out; None where there is nothing on it to cover."""
    if original.role == "text" and not cover.blur:
        change = _change(cover)
        return lambda data: change(data.decode("utf-8", "replace")).encode("utf-8", "replace")
    if not original.media_type.startswith("image/") or original.media_type.startswith("image/svg"):
        return NOT_COVERABLE
    if cover.blur:
        return blurred
    places = _boxes(original, cover, words)
    if cover.sought and original.sha256 not in words and not cover.rectangles.get(original.sha256):
        return NOT_READ
    if not places and original.role in OUR_PICTURES:
        return None
    return lambda data: burnt(data, places)


def _boxes(original: Original, cover: Cover, words: Mapping[str, Sequence[Word]]) -> list[Box]:
    found = boxes(words.get(original.sha256, ()), cover.sought)
    return [] if cover.blur else [*cover.rectangles.get(original.sha256, ()), *found]


def _copy(original: Original, make: Callable[[bytes], bytes]) -> Original:
    """The copy as a file of its own. It is made again when it is written: the same bytes in give the same bytes out."""
    data = make(original.read())
    stem = original.path.replace("data/originals/", "data/changed/", 1)
    is_text = original.role == "text"
    return replace(
        original,
        media_type=original.media_type if is_text else "image/png",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        path=stem if is_text else f"{stem.rpartition('.')[0]}.png",
        fetch=lambda _: make(original.read()),
        copy_of=original.sha256,
    )


def _doubts(exhibit: Exhibit, cover: Cover, covered: Sequence[Covered]) -> Iterator[str]:
    """Reading pictures misses words: where the page's text has more occurrences than its pictures, a person looks."""
    if cover.blur or not cover.sought:
        return
    text = "\n".join(original.read().decode("utf-8", "replace") for original in exhibit.of_role("text"))
    in_text = len(spans(text or "\n".join(post.text for post in exhibit.posts), cover.sought))
    on_pictures = sum(len(each.boxes) for each in covered if each.exhibit == exhibit.label)
    if any(mapped(post.author, _change(cover)) != post.author for post in exhibit.posts):
        yield f"{exhibit.label}: {exhibit.final} may lead to someone whose name is covered."
    if in_text > on_pictures:
        yield (
            f"{exhibit.label}: {in_text} places were found in the page's words and {on_pictures} on its pictures. "
            "Look at each picture, and cover by rectangle what is left."
        )


def _unled(post: Post, change: Callable[[str], str]) -> Post:
    """Without the numbers and addresses that lead to an author who is not to be named."""
    quoted = _unled(post.quoted, change) if post.quoted else None
    if mapped(post.author, change) == post.author:
        return replace(post, quoted=quoted)
    author = replace(post.author, id="", url="")
    media = tuple(replace(each, url="") for each in post.media)
    return replace(post, author=author, id="", permalink="", media=media, quoted=quoted)


def _wordless(post: Post) -> Post:
    media = tuple(replace(each, alt="") for each in post.media)
    quoted = _wordless(post.quoted) if post.quoted else None
    return replace(post, text=BLURRED if post.text else "", media=media, quoted=quoted, labels=())


def _lettered(n: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letters = ""
    while n >= 0:
        letters = chr(ord("A") + n % 26) + letters
        n = n // 26 - 1
    return letters
