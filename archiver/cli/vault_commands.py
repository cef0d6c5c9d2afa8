"""`init`, `slots`, `read` and `verify`: the vault itself. Shows no kept text."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from archiver import clock, keys
from archiver.cli.context import Door
from archiver.cli.words import when
from archiver.errors import UsageError, VaultMissing
from archiver.reading import READERS
from archiver.records import Finding, plain
from archiver.verify import verify as verify_vault


@click.command()
@click.pass_obj
def init(door: Door) -> int:
    """Make a new vault."""
    try:
        with door.open():
            pass
    except VaultMissing:
        with door.create() as archive:
            door.result(
                {"vault": archive.vault.id, "folder": str(door.settings.vault)},
                f"A vault is ready in {door.settings.vault}.",
            )
        return 0
    raise UsageError(f"There is a vault in {door.settings.vault} already; nothing was changed.")


@click.group()
def slots() -> None:
    """The ways to open the vault: passphrases and this computer's own key."""


@slots.command("list")
@click.pass_obj
def list_slots(door: Door) -> int:
    """List the ways to open the vault."""
    for slot in keys.slots(door.settings.vault):
        door.result(plain(slot), f"{slot.id}  {slot.kind:<10} made {when(slot.made)}  {slot.place}".rstrip())
    return 0


@slots.command("add")
@click.argument("kind", type=click.Choice(["passphrase", "device"]), default="passphrase")
@click.pass_obj
def add_slot(door: Door, kind: str) -> int:
    """Add a passphrase (asked for, or ARCHIVER_NEW_PASSPHRASE) or this computer's own key. Nothing is rewritten."""
    secret: keys.Secret = keys.Device() if kind == "device" else keys.Passphrase(_wanted_passphrase(door))
    with door.open() as archive:
        slot = archive.vault.add_slot(secret, at=clock.rfc3339(clock.utc_now()))
    door.result(plain(slot), f"The vault now opens with this {slot.kind} too (slot {slot.id}).")
    return 0


@slots.command("remove")
@click.argument("identifier", metavar="SLOT")
@click.pass_obj
def remove_slot(door: Door, identifier: str) -> int:
    """Remove one way to open the vault; the last one stays."""
    with door.open() as archive:
        archive.vault.remove_slot(identifier)
    door.result({"removed": identifier}, f"Slot {identifier} is removed.")
    return 0


def _wanted_passphrase(door: Door) -> str:
    wanted = os.environ.get("ARCHIVER_NEW_PASSPHRASE", "")
    if not wanted and sys.stdin.isatty():
        wanted = door.new_passphrase("Choose a passphrase of several words.")
    if not wanted:
        raise UsageError("No new passphrase was given: set ARCHIVER_NEW_PASSPHRASE, or run this at a terminal.")
    return wanted


@click.command()
@click.argument("identifier", metavar="[ID]", required=False)
@click.option("--missing", is_flag=True, help="Read what has no finished reading yet (the default).")
@click.option("--all", "everything", is_flag=True, help="Read everything again.")
@click.pass_obj
def read(door: Door, identifier: str | None, missing: bool, everything: bool) -> int:
    """Read kept pages and pictures again. What was kept is not touched; new readings replace old ones."""
    if sum((identifier is not None, missing, everything)) > 1:
        raise UsageError("Give one of: an ID, --missing, --all.")
    failed = 0
    with door.open() as archive:
        if identifier or everything:
            ids = [identifier] if identifier else [capture.id for capture in archive.vault.captures()]
            wanted = [(id_, reader) for id_ in ids for reader in READERS]
        else:
            wanted = [(id_, reader) for reader in READERS for id_ in archive.vault.captures_without(reader)]
        for id_, reader in wanted:
            for made in archive.read(archive.vault.capture(id_), (reader,)):
                failed += made.outcome != "done"
                door.result(
                    {
                        "capture": id_,
                        "reader": reader,
                        "outcome": made.outcome,
                        "made_with": made.made_with,
                        "detail": made.detail,
                    },
                    f"{id_} {reader}: {made.outcome}. {made.detail}".rstrip(". ") + ".",
                )
    if not wanted:
        door.say("Everything is read.")
    return 1 if failed else 0


@click.command()
@click.argument("folder", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def verify(door: Door, folder: Path | None) -> int:
    """Check that what was kept is whole and unchanged: your vault, or the one in PATH.

    Each check is named. Exit code 1 where anything was found.
    """
    if folder is not None:
        door.settings = replace(door.settings, vault=folder)
    found = 0
    with door.open(take_in=False) as archive:
        for seen in verify_vault(archive.vault):
            found += isinstance(seen, Finding)
            kind = "finding" if isinstance(seen, Finding) else "checked"
            words = (
                f"FOUND    {seen.check}: {seen.subject}: {seen.what}"
                if isinstance(seen, Finding)
                else f"checked  {seen.check}: {seen.count}. {seen.note}".rstrip()
            )
            door.result({"result": kind, **plain(seen)}, words)
    door.say(f"{found} finding{'' if found == 1 else 's'}.")
    return 1 if found else 0
