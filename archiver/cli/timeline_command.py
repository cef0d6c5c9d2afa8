"""`timeline`: everything in the order of time, on the screen, as a table or as a page. Shows no kept text."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from html import escape
from pathlib import Path

import click

from archiver.cli.context import Door
from archiver.cli.words import when
from archiver.errors import UsageError
from archiver.records import plain
from archiver.timeline import Event, timeline

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would work out
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left;
vertical-align:top;overflow-wrap:anywhere}td:first-child{white-space:nowrap}"""
HEADINGS = ("When (UTC)", "What", "Address", "Shown by", "Entry")


@click.command("timeline")
@click.option("--all", "everything", is_flag=True, help="Also each visit that found nothing new.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also write a page.")
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="And a table.")
@click.pass_obj
def show_timeline(door: Door, everything: bool, html: Path | None, table: Path | None) -> int:
    """Tell in the order of time what was kept, and what stayed up, was edited or is gone, and between which visits."""
    for path in (html, table):
        if path is not None and path.exists():
            raise UsageError(f"{path} is there already; nothing was written.")
    with door.open() as archive:
        events = timeline(archive.vault.entries(), everything=everything)
    for event in events:
        door.result(plain(event), line_of(event))
    if not events:
        door.say("Nothing is kept yet.")
    for path, text in ((html, page_of(events)), (table, table_of(events))):
        if path is not None:
            path.write_text(text, "utf-8")
            door.say(f"Written to {path}. This copy is not encrypted.")
    return 0


def line_of(event: Event) -> str:
    return f"{when(event.at)}  {_what(event)}  {event.url}  ({_shown_by(event)}entry {event.entry})"


def table_of(events: Sequence[Event]) -> str:
    """CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it."""
    names = [field.name for field in fields(Event)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(names)
    for event in events:
        values = (str(getattr(event, name)) for name in names)
        writer.writerow([f"'{value}" if value.startswith(FORMULA) else value for value in values])
    return stream.getvalue()


def page_of(events: Sequence[Event]) -> str:
    """One HTML file that needs nothing else: no script, no link, addresses as text."""
    head = "".join(f"<th>{escape(name)}</th>" for name in HEADINGS)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _cells(event))}</tr>\n" for event in events)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        f'<meta name="referrer" content="no-referrer"><title>Notes</title><style>{STYLE}</style></head><body>'
        f"<main><h1>Notes</h1><table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></main></body></html>\n"
    )


def _cells(event: Event) -> tuple[str, ...]:
    return when(event.at), _what(event), event.url, _shown_by(event).rstrip(", "), str(event.entry)


def _what(event: Event) -> str:
    return f"{event.words}{'' if event.sure else ' Not sure.'}"


def _shown_by(event: Event) -> str:
    captures = " and ".join(name for name in (event.before, event.capture) if name)
    return f"{captures}, " if captures else ""
