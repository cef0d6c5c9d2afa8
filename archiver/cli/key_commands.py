"""`slots` and `recover`: the ways to open the vault, and the way back in. Shows a recovery code once, when asked."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from archiver import assembly, clock, keys
from archiver.cli.context import Door
from archiver.cli.words import when
from archiver.errors import UsageError
from archiver.keys.files import write_readable
from archiver.records import plain

KINDS = ("passphrase", "device", "recovery", "recipient")
NOT_TWICE = (
    "It is shown once and kept nowhere. Write it down, or make a sheet to print: slots add recovery --sheet FILE"
)
ASK_CODE = "Recovery code (letters or words): "


@click.group()
def slots() -> None:
    """The ways to open the vault: passphrases, this computer's own key, a recovery code, a support organisation."""


@slots.command("list")
@click.pass_obj
def list_slots(door: Door) -> int:
    """List the ways to open the vault."""
    for slot in keys.slots(door.settings.vault):
        door.result(plain(slot), f"{slot.id}  {slot.kind:<10} made {when(slot.made)}  {slot.place}".rstrip())
    return 0


@slots.command("add")
@click.argument("kind", type=click.Choice(KINDS), default="passphrase")
@click.argument("public", metavar="[AGE-KEY]", required=False)
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Of a recovery code: write a page to print, .html or .pdf, instead of showing the code.",
)
@click.pass_obj
def add_slot(door: Door, kind: str, public: str | None, sheet: Path | None) -> int:
    """Add a way to open the vault. Nothing that was kept is written again.

    passphrase: asked for, or ARCHIVER_NEW_PASSPHRASE. device: this computer's own key. recovery: a code to print and
    put away. recipient AGE-KEY: whoever holds the private half of that age key (age1…) can open the vault too.
    """
    if (public is not None) != (kind == "recipient") or (sheet is not None and kind != "recovery"):
        raise UsageError("A recipient needs its public age key (age1…), and --sheet goes with recovery; nothing else.")
    if kind == "recovery":
        with door.open() as archive:
            return add_recovery(door, archive, sheet)
    secret = _wanted(door, kind, public or "")
    with door.open() as archive:
        slot = archive.vault.add_slot(secret, at=clock.rfc3339(clock.utc_now()))
    door.result(plain(slot), f"The vault now opens with this {slot.kind} too (slot {slot.id}).")
    return 0


@slots.command("remove")
@click.argument("identifier", metavar="SLOT")
@click.pass_obj
def remove_slot(door: Door, identifier: str) -> int:
    """Remove one way to open the vault; the last one of your own stays."""
    with door.open() as archive:
        archive.vault.remove_slot(identifier)
    door.result({"removed": identifier}, f"Slot {identifier} is removed.")
    return 0


@click.command()
@click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="Open with a private age key (a support organisation's) instead of a recovery code.",
)
@click.pass_obj
def recover(door: Door, identity: Path | None) -> int:
    """Open the vault with its recovery code and set a new passphrase.

    The code is asked for, or taken from ARCHIVER_RECOVERY_CODE; the passphrase is asked for, or taken from
    ARCHIVER_NEW_PASSPHRASE. Everything that was kept stays as it is, and the other ways to open the vault too.
    """
    secret: keys.Secret = keys.identity_from(identity) if identity else keys.code_from(_code())
    with assembly.Archive.open(door.settings, secret) as archive:
        door.show_tries()
        wanted = keys.Passphrase(_wanted_passphrase(door))
        slot = archive.vault.add_slot(wanted, at=clock.rfc3339(clock.utc_now()))
    door.result(plain(slot), f"The vault opens with your new passphrase (slot {slot.id}). Nothing else was changed.")
    return 0


def offer_sheet(door: Door, archive: assembly.Archive) -> None:
    """After a vault was made (SAFETY E2): at a terminal by a question that can be skipped, else by a sentence."""
    if not sys.stdin.isatty() or door.as_json or door.quiet:
        door.say("To get back in should a passphrase be lost: slots add recovery --sheet FILE")
        return
    typed = click.prompt(
        "A page to print lets you back in should you lose the way. Name a file for it (.html or .pdf), or press Enter",
        default="",
        show_default=False,
        err=True,
    )
    if typed.strip():
        add_recovery(door, archive, Path(typed.strip()))


def add_recovery(door: Door, archive: assembly.Archive, file: Path | None) -> int:
    """A new code: the slot is there before the sheet is written, and goes again where that fails."""
    if file is not None and (file.suffix.lower() not in (".html", ".pdf") or file.exists()):
        raise UsageError("Name a new file that ends in .html or .pdf for the sheet; nothing was made.")
    code, now = keys.new_code(), clock.utc_now()
    slot = archive.vault.add_slot(code, at=clock.rfc3339(now))
    if file is None:
        record = plain(slot) | {"code": str(code), "words": list(code.words)}
        door.result(record, f"{code}\n{' '.join(code.words)}")
        door.warn(NOT_TWICE)
        return 0
    with ExitStack() as undo:
        undo.callback(archive.vault.remove_slot, slot.id)
        page = assembly.recovery_sheet(archive, code, slot)
        write_readable(file, assembly.print_sheet(page, archive) if file.suffix.lower() == ".pdf" else page)
        undo.pop_all()
    door.result(plain(slot) | {"sheet": str(file)}, f"The sheet is in {file}. Print it, put it away, remove the file.")
    return 0


def _wanted(door: Door, kind: str, public: str) -> keys.NewSlot:
    if kind == "recipient":
        recipient = keys.Recipient(public)
        recipient.check()
        return recipient
    return keys.Device() if kind == "device" else keys.Passphrase(_wanted_passphrase(door))


def _wanted_passphrase(door: Door) -> str:
    wanted = os.environ.get("ARCHIVER_NEW_PASSPHRASE", "")
    if not wanted and sys.stdin.isatty():
        wanted = door.new_passphrase("Choose a passphrase of several words.")
    if not wanted:
        raise UsageError("No new passphrase was given: set ARCHIVER_NEW_PASSPHRASE, or run this at a terminal.")
    keys.refuse_guessable(wanted)
    return wanted


def _code() -> str:
    given = os.environ.get("ARCHIVER_RECOVERY_CODE", "")
    if not given and sys.stdin.isatty():
        given = str(click.prompt(ASK_CODE, prompt_suffix="", hide_input=True, err=True, default="", show_default=False))
    if not given:
        raise UsageError("No recovery code was given: set ARCHIVER_RECOVERY_CODE, or run this at a terminal.")
    return given
