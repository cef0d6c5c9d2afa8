"""Everything that would leave, before it leaves: files, people, e-mail and street addresses, phone numbers, places.

It is looked for by pattern in what is readable: better one number too many than one too few. What stands in pictures
is found as far as it was read from them. Shows what it found; decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from archiver.bundle.chosen import Chosen, Exhibit
from archiver.bundle.hidden import tells_a_place
from extractors.contract import Post

READABLE = ("text", "first-dom", "dom", "harvest", "companion", "response")
MOST_TEXT = 8 << 20  # characters of one file that are looked through
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")
PHONE = re.compile(r"(?<![\w.,:/#=-])(?:\+|00|\(?0)\d?(?:[ .()/–-]{0,2}\d){7,14}(?![\w])")
COORDINATES = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{4,})\s*,\s*(-?\d{1,3}\.\d{4,})(?!\d|\.\d)")
POSTCODE = re.compile(r"\b(?:GIR 0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b")  # United Kingdom
STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:[A-Z][\w'’-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Crescent"
    r"|Gardens|Grove|Hill|Mews|Place|Square|Terrace|Walk|Way|Boulevard|Blvd)\b"
    r"|\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|gasse|platz|allee) \d{1,4}[a-z]?\b"
    r"|\b\d{1,4},? (?:rue|avenue|boulevard|place|impasse|chemin) (?:d[eu]s? |de la |de l['’])?[A-ZÀ-Ý][\w'’-]+"
)
TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,4000}>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Leaving:
    """What would leave. In each mapping: what was found, and the exhibits in which it stands."""

    files: tuple[tuple[str, int], ...]  # path and bytes, of the originals; what is made for readers comes on top
    held_back: tuple[tuple[str, str], ...]  # what stays, and why
    people: Mapping[str, tuple[str, ...]]
    emails: Mapping[str, tuple[str, ...]]
    phones: Mapping[str, tuple[str, ...]]
    addresses: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[str, ...]]
    own_names: Mapping[str, tuple[str, ...]]  # those of the person, as the settings have them

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files)


@dataclass
class _Found:
    """Things by name, each with the exhibits that hold it."""

    things: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, names: Iterable[str], label: str) -> None:
        for name in names:
            self.things.setdefault(name, {})[label] = None

    def told(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(labels) for name, labels in sorted(self.things.items())}


def leaving(chosen: Chosen, *, own_names: Iterable[str] = ()) -> Leaving:
    """Looks through everything that would leave."""
    people, emails, phones, addresses, places, own = (_Found() for _ in range(6))
    names = [name.strip().lstrip("@") for name in own_names if name.strip()]
    for exhibit in chosen.exhibits:
        people.add(_people(exhibit.posts), exhibit.label)
        if exhibit.operator:
            people.add([f"{exhibit.operator} (sat at the keyboard)"], exhibit.label)
        for text in _texts(exhibit):
            emails.add(EMAIL.findall(text), exhibit.label)
            phones.add((found[0].strip() for found in PHONE.finditer(text) if _is_phone(found[0])), exhibit.label)
            addresses.add((found[0] for found in POSTCODE.finditer(text)), exhibit.label)
            addresses.add((found[0] for found in STREET.finditer(text)), exhibit.label)
            places.add((f"{a}, {b}" for a, b in COORDINATES.findall(text)), exhibit.label)
            folded = text.casefold()
            own.add((name for name in names if name.casefold() in folded), exhibit.label)
        places.add(_pictured_places(exhibit), exhibit.label)
    return Leaving(
        files=tuple((o.path, o.size) for exhibit in chosen.exhibits for o in exhibit.originals if o.leaves),
        held_back=tuple(_held_back(chosen)),
        people=people.told(),
        emails=emails.told(),
        phones=phones.told(),
        addresses=addresses.told(),
        places=places.told(),
        own_names=own.told(),
    )


def words(chosen: Chosen, seen: Leaving) -> str:
    """The preview as a person reads it."""
    count = len(chosen.exhibits)
    lines = [
        f"This would leave your vault: {count} of {chosen.items} captures ({chosen.asked}).",
        *(f"  {exhibit.label}  {exhibit.capture}  {exhibit.finished}  {exhibit.final}" for exhibit in chosen.exhibits),
        f"Files as they were kept: {len(seen.files)}, {seen.size} bytes",
        *(f"  {path}  {size}" for path, size in seen.files),
        "Beside them: pages to read and print, the log's entries of these captures, and how to check it all.",
    ]
    for title, found in (
        ("People and handles", seen.people),
        ("E-mail addresses", seen.emails),
        ("Phone numbers", seen.phones),
        ("Addresses", seen.addresses),
        ("Places", seen.places),
        ("Your own names", seen.own_names),
    ):
        lines.append(f"{title}: {len(found) or 'none found'}")
        lines += [f"  {name}  ({', '.join(labels)})" for name, labels in found.items()]
    lines.append(f"Stays with you: {len(seen.held_back) or 'nothing'}")
    lines += [f"  {what}: {why}" for what, why in seen.held_back]
    lines.append("Your own notes stay with you too: no bundle holds them.")
    lines.append("Found by pattern, in text and in the words read from pictures. Look at the pictures yourself.")
    return "\n".join(lines)


def _held_back(chosen: Chosen) -> Iterator[tuple[str, str]]:
    yield from ((left.capture, left.why) for left in chosen.left_out)
    for exhibit in chosen.exhibits:
        if exhibit.entry_held_back:
            yield f"{exhibit.label} entry {exhibit.entry}", exhibit.entry_held_back
        yield from ((f"{exhibit.label} {o.role}", o.held_back) for o in exhibit.originals if o.held_back)


def _people(posts: Iterable[Post]) -> Iterator[str]:
    for post in posts:
        author = post.author
        handle = f"@{author.handle.lstrip('@')}" if author.handle else ""
        named = " ".join(filter(None, (author.name, handle))) or author.id or author.url
        if named:
            yield named
        if post.quoted is not None:
            yield from _people((post.quoted,))


def _texts(exhibit: Exhibit) -> Iterator[str]:
    """Everything readable of one exhibit: what readers took from it, what pictures said, and the kept text itself."""
    yield "\n".join((exhibit.title, exhibit.requested, exhibit.final, exhibit.words))
    for post in exhibit.posts:
        author = post.author
        yield "\n".join((post.text, author.name, author.handle, author.url, *(media.alt for media in post.media)))
    for original in exhibit.of_role(*READABLE):
        if original.role == "text" or original.media_type.startswith(("text/", "application/json")):
            text = original.read().decode("utf-8", "replace")[:MOST_TEXT]
            yield text if original.role == "text" else unescape(TAG.sub(" ", text))


def _pictured_places(exhibit: Exhibit) -> Iterator[str]:
    for original in exhibit.originals:
        if original.leaves and tells_a_place(original.read(), original.media_type):
            yield f"inside {original.path}"


def _is_phone(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return 8 <= digits <= 15
