"""`init` and `read`: the vault itself. Shows no kept text."""

from __future__ import annotations

import click

from archiver.cli.context import Door
from archiver.cli.key_commands import offer_sheet
from archiver.errors import UsageError, VaultMissing
from archiver.records import READERS


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
            offer_sheet(door, archive)
        return 0
    raise UsageError(f"There is a vault in {door.settings.vault} already; nothing was changed.")


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
