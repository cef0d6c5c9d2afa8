"""`compare`: what changed between two captures of one address. Shows what was written only when asked."""

from __future__ import annotations

from pathlib import Path

import click

from archiver import assembly
from archiver.cli.context import Door
from archiver.compare import show as shown
from archiver.errors import UsageError


@click.command()
@click.argument("before", metavar="ID")
@click.argument("after", metavar="ID")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also write a page.")
@click.option("--reveal", is_flag=True, help="Also print what was written.")
@click.pass_obj
def compare(door: Door, before: str, after: str, html: Path | None, reveal: bool) -> int:
    """Say what changed between two captures of one address."""
    if html is not None and html.exists():
        raise UsageError(f"{html} is there already; nothing was written.")
    with door.open() as archive:
        made = assembly.compared(archive, before, after)
        door.result(shown.record(made), shown.words(made, reveal=reveal))
        if html is not None:
            html.write_text(shown.page(made, archive.pictures(before), archive.pictures(after)), "utf-8")
            door.say(f"Written to {html}. This copy is not encrypted.")
    return 0
