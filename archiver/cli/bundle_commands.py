"""`bundle`: what is handed to someone else. Shows all that would leave before any of it does."""

from __future__ import annotations

import itertools
import os
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from archiver.assembly import HandingOver
from archiver.bundle.check import check as check_bundle
from archiver.bundle.choose import Asked
from archiver.bundle.chosen import Chosen
from archiver.bundle.occurrences import Box
from archiver.bundle.preview import leaving, words
from archiver.bundle.redact import Cover
from archiver.bundle.render import Dress
from archiver.bundle.source import opened
from archiver.bundle.write import How
from archiver.cli.anchor_command import after_keeping
from archiver.cli.backup_commands import bar
from archiver.cli.context import Door
from archiver.errors import UsageError
from archiver.keys.outward import recipient
from archiver.posting import shown
from archiver.records import Finding, plain

SIZES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
PASSPHRASE = "ARCHIVER_BUNDLE_PASSPHRASE"  # noqa: S105 - the variable's name
STRENGTH = (
    "Whoever has the file can try passphrases as fast as their computer can: six words drawn by chance hold, "
    "a name or a date does not. Tell it by another way than the file. The names and sizes of the files inside show."
)
IN_THE_CLEAR = "It is not encrypted: whoever gets it can read it."


@click.group()
def bundle() -> None:
    """What is handed to someone else: originals, pages to read and print, and how to check it all."""


@bundle.command("write")
@click.argument("destination", metavar="DEST", type=click.Path(path_type=Path))
@click.argument("ids", metavar="[ID…]", nargs=-1)
@click.option("--from", "since", metavar="DAY", default="", help="Kept on that day or later: 2026-03-01, in UTC.")
@click.option("--to", "until", metavar="DAY", default="", help="Kept on that day or earlier.")
@click.option("--account", default="", metavar="NAME", help="In which this handle, name or id was read.")
@click.option("--words", "sought", default="", metavar="WORDS", help="In which these words are found.")
@click.option("--reason", default="", help="Why the rest is left out, in your own words; it stands in the bundle.")
@click.option("--label", default="AB", show_default=True, help="What the exhibits are called: AB/1, AB/2 …")
@click.option("--zip", "zipped", is_flag=True, help="One zip file instead of a folder.")
@click.option("--split", metavar="SIZE", default="", help="Several bundles of this size at most: 500M, 4G.")
@click.option(
    "--encrypt-to", metavar="AGE-KEY", default="", help="Close it for an age key: only its owner can open it."
)
@click.option("--passphrase", "closed", is_flag=True, help=f"Close it with a passphrase (asked for, or {PASSPHRASE}).")
@click.option("--with-logins", is_flag=True, help="Also captures that were made with a login.")
@click.option("--with-places", is_flag=True, help="Also files that tell where a picture was taken.")
@click.option("--cover", "covered", multiple=True, metavar="TEXT", help="Cover every occurrence of a text, in copies.")
@click.option(
    "--person", "people", multiple=True, metavar="NAME,…", help="Replace these names of one person by Person A."
)
@click.option("--box", "boxes", multiple=True, metavar="BOX", help="Cover a part of a picture: AB/1:tile-001:x,y,w,h.")
@click.option("--blur", is_flag=True, help="Blur every picture and leave out what was written: for a friend.")
@click.option("--why", default="", help="Why something is covered; it stands in the bundle.")
@click.option("--grey", is_flag=True, help="Print the exhibits in shades of grey.")
@click.option("--no-pdf", is_flag=True, help="Make no PDFs; then no browser is needed.")
@click.option("--yes", is_flag=True, help="Write it without asking; what leaves is still shown.")
@click.pass_obj
def write(
    door: Door,
    destination: Path,
    ids: tuple[str, ...],
    since: str,
    until: str,
    account: str,
    sought: str,
    reason: str,
    label: str,
    zipped: bool,
    split: str,
    encrypt_to: str,
    closed: bool,
    with_logins: bool,
    with_places: bool,
    covered: tuple[str, ...],
    people: tuple[str, ...],
    boxes: tuple[str, ...],
    blur: bool,
    why: str,
    grey: bool,
    no_pdf: bool,
    yes: bool,
) -> int:
    """Write a bundle to DEST: of the captures named, or of all for which what is asked holds; without either, of all.

    Everything that would leave is shown first. Nothing is written before you agree.
    """
    asked = Asked(ids, _day(since), _day(until), account, sought, reason, _label(label), with_logins, with_places)
    if closed and encrypt_to:
        raise UsageError("Give one of --encrypt-to and --passphrase.")
    if encrypt_to:
        recipient(encrypt_to)
    how = How(zipped, _size(split), _passphrase(door) if closed else "", encrypt_to)
    with door.open() as archive:
        door.say("Looking through what would leave. Nothing leaves yet.")
        out = HandingOver(archive)
        chosen = out.choose(asked)
        cover = _cover(door, chosen, covered, people, boxes, blur, why)
        redacted = out.redacted(chosen, cover) if cover else None
        if redacted is not None:
            chosen = redacted.chosen
            for doubt in redacted.doubts:
                door.warn(doubt)
        dress = Dress(not no_pdf, grey, cover, redacted)
        seen = leaving(chosen, own_names=door.settings.own_names, made=out.beside(chosen, dress))
        door.result(
            {"result": "preview", "captures": [e.capture for e in chosen.exhibits], **plain(seen)}, words(chosen, seen)
        )
        for authority in map(shown, door.settings.authorities):
            door.warn(f"{authority} will be asked for a time stamp: it sees a digest, this address and the time.")
        door.warn(STRENGTH if closed else "Only the key's owner can open it." if encrypt_to else IN_THE_CLEAR)
        if not yes and not _agreed():
            door.warn("Nothing was written.")
            return 1
        with bar(door, "Writing") as progress:
            files, total = itertools.count(1), 0 if how.split else len(seen.files) + len(seen.made)
            dress = replace(dress, progress=lambda path: progress(next(files), total))
            written = list(out.write_bundle(chosen, destination, how=how, dress=dress, by=door.by))
        for made in written:
            part = f" ({made.part} of {made.parts})" if made.parts > 1 else ""
            door.result(
                {"result": "bundle", **plain(made), "path": str(made.path)},
                f"The bundle{part} is ready: {made.path}, {made.files} files, checked, entry {made.entry} of the log.\n"
                f"Tell whoever gets it the fingerprint of your key by another way: {chosen.fingerprint}",
            )
            if 0 < how.split < made.size:
                door.warn(f"{made.path} is larger than you asked for: one exhibit alone is, and none is cut in two.")
            for why in made.unstamped:
                door.warn(f"No time stamp is in it from {why}. It is whole without; the bundle says who was asked.")
        after_keeping(door, archive, proxy="")  # the entry names the signed list's digest, so this fixes its time too
    return 0


@bundle.command("check")
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.pass_obj
def check(door: Door, path: Path) -> int:
    """Check a bundle, folder or zip, by itself: no vault is needed. Exit code 1 where anything was found."""
    found = 0
    with opened(path, os.environ.get(PASSPHRASE, "")) as source:
        for seen in check_bundle(source):
            found += isinstance(seen, Finding)
            told = (
                f"FOUND    {seen.check}: {seen.subject}: {seen.what}"
                if isinstance(seen, Finding)
                else f"checked  {seen.check}: {seen.count}. {seen.note}".rstrip()
            )
            door.result({"result": "finding" if isinstance(seen, Finding) else "checked", **plain(seen)}, told)
    door.say(f"{found} finding{'' if found == 1 else 's'}.")
    return 1 if found else 0


def _cover(
    door: Door,
    chosen: Chosen,
    texts: tuple[str, ...],
    people: tuple[str, ...],
    boxes: tuple[str, ...],
    blur: bool,
    why: str,
) -> Cover | None:
    """What is to be covered; None where nothing is."""
    if not (texts or people or boxes or blur):
        return None
    rectangles: dict[str, tuple[Box, ...]] = {}
    for text in boxes:
        sha256, box = _box(chosen, text)
        rectangles[sha256] = (*rectangles.get(sha256, ()), box)
    named = tuple(tuple(name.strip() for name in person.split(",") if name.strip()) for person in people)
    return Cover(door.settings.operator, why, texts, tuple(filter(None, named)), rectangles, blur)


def _box(chosen: Chosen, text: str) -> tuple[str, Box]:
    label, _, rest = text.partition(":")
    name, _, numbers = rest.partition(":")
    if not re.fullmatch(r"\d{1,6}(,\d{1,6}){3}", numbers):
        raise UsageError(f"{text} is no part of a picture; write it like AB/1:tile-001:10,20,300,40.")
    for exhibit in chosen.exhibits:
        for original in exhibit.originals:
            if exhibit.label == label and original.leaves and Path(original.path).name.partition(".")[0] == name:
                x, y, width, height = map(int, numbers.split(","))
                return original.sha256, Box(x, y, width, height)
    raise UsageError(f"There is no picture {name} in {label}; the preview names them.")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("Nothing was written. When everything shown may leave, add --yes.")
    return click.confirm("May all of this leave?", err=True)


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{text} is no day; write it like 2026-03-01.") from error


def _label(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,8}", text):
        raise UsageError("A label is one to eight capital letters: the initials of whoever makes the statement.")
    return text


def _size(text: str) -> int:
    found = re.fullmatch(r"(\d{1,12})\s*([kmg]?)b?", text.strip().lower())
    if text and (found is None or int(found[1]) == 0):
        raise UsageError(f"{text} is no size; write it like 500M or 4G.")
    return int(found[1]) * SIZES[found[2]] if found else 0


def _passphrase(door: Door) -> str:
    given = os.environ.get(PASSPHRASE, "")
    if not given and sys.stdin.isatty():
        given = door.new_passphrase(f"Choose a passphrase for the bundle. {STRENGTH}")
    if not given:
        raise UsageError(f"No passphrase was given: set {PASSPHRASE}, or run this at a terminal.")
    return given
