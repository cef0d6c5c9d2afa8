"""`backup` and `restore`: a second copy elsewhere, and the way back. Shows no kept text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from archiver.assembly import HandingOver
from archiver.assembly import restore as restore_vault
from archiver.backup import Restored
from archiver.cli.context import Door
from archiver.records import plain
from archiver.vault.copying import Progress as Heard

ONLY_HERE = (
    "This backup opens only on this computer. To open it elsewhere, add a passphrase and make the backup again: "
    "archiver slots add"
)


@click.command()
@click.argument("destination", metavar="DEST", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def backup(door: Door, destination: Path) -> int:
    """Copy the whole vault to DEST, encrypted as it is, and check that the copy can be restored.

    DEST is an empty or new folder, best on another disk, or that of an earlier backup, which is then replaced.
    """
    door.warn_where_copied(destination)
    with door.open() as archive, bar(door, "Copying") as progress:
        made = HandingOver(archive).backup(destination, by=door.by, progress=progress)
    door.result(
        {**plain(made), "folder": str(made.folder)},
        f"The backup is in {made.folder}: {made.captures} captures, {made.size} bytes. A restore of it was checked.",
    )
    if made.only_here:
        door.warn(ONLY_HERE)
    return 0


@click.command()
@click.argument("source", metavar="SRC", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.pass_obj
def restore(door: Door, source: Path) -> int:
    """Bring a vault back from the backup in SRC, into the vault's folder, which must be empty or not there.

    SRC may be a damaged vault too: then everything in it that is still whole comes back, and what does not is named.
    Exit code 1 where something was lost. SRC is only read; a wrong passphrase is noted there as everywhere.
    """
    door.warn_where_copied(door.settings.vault)
    secret = door.secret_for(source)
    with bar(door, "Restoring") as progress:
        made = restore_vault(door.settings, source, secret, progress)
    lost = made.saved is not None
    door.result({**plain(made), "folder": str(made.folder), "whole": not lost}, _words(made))
    return 1 if lost else 0


def _words(made: Restored) -> str:
    if made.saved is None:
        said = [f"  {finding.check}: {finding.subject}: {finding.what}" for finding in made.findings]
        return "\n".join([f"The vault is back in {made.folder}. Its log and its files are whole.", *said])
    saved = made.saved
    lines = [
        f"The vault in the backup is damaged. What is still whole is in {made.folder}: "
        f"{saved.entries} entries of the log and {saved.artifacts} files.",
        f"Lost entries: {', '.join(map(str, saved.lost_entries)) or 'none'}",
        f"Lost files: {', '.join(saved.lost_artifacts) or 'none'}",
        *([f"Files whose entry is lost: {', '.join(saved.unnamed)}"] if saved.unnamed else []),
        *([] if saved.signing_key else ["The signing key is lost: no time stamp and no bundle can be made from it."]),
        "What was read from pages and pictures is not brought along; to read it again: archiver read --missing",
        "Keep the damaged vault as it is. What was found in it:",
        *(f"  {finding.check}: {finding.subject}: {finding.what}" for finding in made.findings[:20]),
    ]
    return "\n".join(lines)


@contextmanager
def bar(door: Door, title: str) -> Iterator[Heard]:
    """How far it is, on standard error, where somebody looks at it."""
    off = door.quiet or not sys.stderr.isatty()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=door.err, transient=True, disable=off) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)
