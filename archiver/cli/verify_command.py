"""`archiver verify`: one line for each check by name, and one for each finding. Changes nothing, shows no kept text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from archiver import assembly
from archiver.cli.context import Door
from archiver.cli.words import when
from archiver.records import Checked, Dated, Finding, plain
from archiver.verify import earlier_from
from archiver.verify import verify as verify_vault

STEP_BYTES = 512 << 20  # away from a terminal: a line each time so much more was looked at


@click.command()
@click.argument("folder", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--against",
    "outside",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE|DIR",
    help="Also compare with checkpoints or time stamps that were kept outside (anchor --save).",
)
@click.pass_obj
def verify(door: Door, folder: Path | None, outside: tuple[Path, ...]) -> int:
    """Check that what was kept is whole and unchanged: your vault, or the one in PATH.

    Each check is named and says what it could not look at. Exit code 1 where anything was found.
    """
    if folder is not None:
        door.settings = replace(door.settings, vault=folder)
    copies = [copy for path in outside for copy in earlier_from(path)]
    found = 0
    roots = assembly.roots_for(door.settings)
    with door.open(take_in=False) as archive, _progress(door) as heard:
        for seen in verify_vault(archive.vault, progress=heard, roots=roots, earlier=copies):
            found += isinstance(seen, Finding)
            door.result(_record(seen), _words(seen))
    door.say(f"{found} finding{'' if found == 1 else 's'}.")
    return 1 if found else 0


def _record(seen: Finding | Checked | Dated) -> dict[str, Any]:
    kind = {Finding: "finding", Checked: "checked", Dated: "dated"}[type(seen)]
    return {"result": kind, **plain(seen)}


def _words(seen: Finding | Checked | Dated) -> str:
    if isinstance(seen, Finding):
        return f"FOUND    {seen.check}: {seen.subject}: {seen.what}"
    if isinstance(seen, Checked):
        return f"checked  {seen.check}: {seen.count}. {seen.note}".rstrip()
    entries = f"entry {seen.first}" if seen.first == seen.last else f"entries {seen.first} to {seen.last}"
    if seen.after and seen.before:
        return f"dated    {seen.check}: {entries}: between {when(seen.after)} and {when(seen.before)}."
    if seen.before:
        return f"dated    {seen.check}: {entries}: before {when(seen.before)}."
    return f"dated    {seen.check}: {entries}: after {when(seen.after)}."


@contextmanager
def _progress(door: Door) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, a line now and then elsewhere."""
    if door.quiet or door.err.is_terminal:
        columns = (TextColumn("Verifying"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=door.err, transient=True, disable=door.quiet) as bar:
            task = bar.add_task("Verifying", total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    said = 0

    def heard(done: int, total: int) -> None:
        nonlocal said
        if done - said >= STEP_BYTES:
            said = done
            door.say(f"{done >> 20} of {total >> 20} MiB")

    yield heard
