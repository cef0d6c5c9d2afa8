"""Everything that would leave, before it leaves: files, people, e-mail and street addresses, phone numbers, places.

It is looked for by pattern in what is readable: better one number too many than one too few. What stands in pictures
is found as far as it was read from them. Shows what it found; decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from archiver.bundle.choose import LOGIN, PLACE
from archiver.bundle.chosen import Chosen, Exhibit
from archiver.bundle.hidden import tells_a_place
from archiver.bundle.texts import texts
from extractors.contract import Post

EMAIL = (
    re.compile(  # a picture of two sizes (a@2x.png) is none, nor is a name that Chromium gives a part of a saved page
        r"(?<![\w.+@-])[\w.+-]{1,64}@(?!mhtml\.blink)(?:[\w-]{1,63}\.){1,4}"
        r"(?!(?:png|jpe?g|gif|webp|avif|svg|js|css)\b)(?:xn--[\w-]{1,59}|[^\W\d_]{2,63})\b"
    )
)
PHONE = re.compile(r"(?<![\w.,:/#=-])(?:\+|00|\(?0)\d?(?:[ .()/–-]{0,2}\d){7,14}(?![\w])")
# In code, where numbers without number stand, only what is called a telephone there, or is written like one.
CODED_PHONE = re.compile(
    r"(?:\btel:|(?:phone|mobile|telephone|whatsapp)[\w-]{0,20}[\"']?\s{0,3}[:=]\s{0,3}[\"']?|(?<![\w+])(?=\+))"
    r"(\+?\(?\d(?:[ .()/–-]{0,2}\d){7,14})(?!\w)|(?<![\w.,:/#=-])(\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4})(?!\w)",
    re.IGNORECASE,
)
COORDINATES = re.compile(r"(?<![\d.])(-?\d{1,2}\.\d{4,})\s*,\s*(-?\d{1,3}\.\d{4,})(?!\d|\.\d)")
NAMED_COORDINATES = re.compile(
    r"\blat(?:itude)?[\"']?\s*[:=]\s*[\"']?(-?\d{1,2}\.\d{3,})[\"']?[\s,;]{0,9}"
    r"[\"']?(?:[\w-]{0,9}-)?(?:lng|lon|long|longitude)[\"']?\s*[:=]\s*[\"']?(-?\d{1,3}\.\d{3,})",
    re.IGNORECASE,
)
IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")  # sites write their visitor's into the page
OPTIONS = {LOGIN: "--with-logins", PLACE: "--with-places"}  # the person may decide otherwise
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # a terminal obeys them, or can't
HANDLE = re.compile(r"(?<![\w@/.+-])@[A-Za-z0-9_](?:[\w.-]{0,30}\w)?(?:@(?:[\w-]{1,63}\.){1,3}[a-z]{2,24})?")
POSTCODE = re.compile(r"\b(?:GIR 0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b")  # United Kingdom
STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:[A-Z][\w'’-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Crescent"
    r"|Gardens|Grove|Hill|Mews|Place|Square|Terrace|Walk|Way|Boulevard|Blvd)\b"
    r"|\b[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|gasse|platz|allee) \d{1,4}[a-z]?\b"
    r"|\b\d{1,4},? (?:rue|avenue|boulevard|place|impasse|chemin) (?:d[eu]s? |de la |de l['’])?[A-ZÀ-Ý][\w'’-]+"
)


@dataclass(frozen=True)
class Leaving:
    """What would leave. In each mapping: what was found, and the exhibits in which it stands."""

    files: tuple[tuple[str, int], ...]  # path and bytes, of the originals
    made: tuple[str, ...]  # paths of all that is made and goes beside them
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
            self.things.setdefault(UNSHOWN.sub("\ufffd", name), {})[label] = None

    def told(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(labels) for name, labels in sorted(self.things.items())}


def leaving(chosen: Chosen, *, own_names: Iterable[str] = (), made: Iterable[str] = ()) -> Leaving:
    """Looks through everything that would leave. `made`: the paths of what is made for readers and for checking."""
    people, emails, phones, addresses, places, own = (_Found() for _ in range(6))
    names = [name.strip().lstrip("@") for name in own_names if name.strip()]
    for exhibit in chosen.exhibits:
        people.add(_people(exhibit.posts), exhibit.label)
        if exhibit.operator:
            people.add([f"{exhibit.operator} (sat at the keyboard)"], exhibit.label)
        if exhibit.login and exhibit.entry_path:
            people.add([f"{exhibit.login} (your name for the login; the log's entry holds it)"], exhibit.label)
        for text in texts(exhibit):
            both = f"{text.shown}\n{text.coded}"
            people.add(HANDLE.findall(text.shown), exhibit.label)
            emails.add(EMAIL.findall(both), exhibit.label)
            phones.add(_phones(text.shown, text.coded), exhibit.label)
            addresses.add(_addresses(text.shown, text.coded), exhibit.label)
            for pattern in (COORDINATES, NAMED_COORDINATES):
                places.add((f"{a}, {b}" for a, b in pattern.findall(both)), exhibit.label)
            places.add(_internet_addresses(text.coded, exhibit.server_address), exhibit.label)
            folded = both.casefold()
            own.add((name for name in names if name.casefold() in folded), exhibit.label)
        if exhibit.time_zone:
            places.add([f"{exhibit.time_zone} (the time zone of this computer)"], exhibit.label)
        places.add(_pictured_places(exhibit), exhibit.label)
    return Leaving(
        made=tuple(made),
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
        f"Beside them, made from these: {len(seen.made)} files to read and print, of the log, and to check it all",
        *(f"  {path}" for path in seen.made),
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
    reasons = {why for _, why in seen.held_back}
    lines += [
        f"  With {option} it leaves too, where the reason is: {why}."
        for why, option in OPTIONS.items()
        if why in reasons
    ]
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


def _phones(shown: str, coded: str) -> Iterator[str]:
    found = (found[0].strip() for found in PHONE.finditer(shown))
    in_code = (found[1] or found[2] for found in CODED_PHONE.finditer(coded))
    yield from (number for number in (*found, *in_code) if _is_phone(number))


def _addresses(shown: str, coded: str) -> Iterator[str]:
    yield from (found[0] for found in POSTCODE.finditer(shown))
    yield from (found[0] for found in POSTCODE.finditer(coded) if " " in found[0])  # in code, "E16AN" is a number
    yield from (found[0] for found in STREET.finditer(f"{shown}\n{coded}"))


def _internet_addresses(coded: str, server: str) -> Iterator[str]:
    """Those that are somebody's, but for the server's own: one tells a town, and whose connection it was."""
    for found in set(IP.findall(coded)) - {server.rpartition(":")[0]}:
        with suppress(ValueError):
            if ip_address(found).is_global:
                yield f"{found} (an internet address)"


def _pictured_places(exhibit: Exhibit) -> Iterator[str]:
    for original in exhibit.originals:
        if original.leaves and tells_a_place(original.read(), original.media_type):
            yield f"inside {original.path}"


def _is_phone(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    return 8 <= digits <= 15
