"""`archiver capture`: addresses in, a line for each one that was kept. Decides nothing about pages."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archiver.assembly import Archive, How, browser_for
from archiver.capture import Kept, Lost, Order, order_for
from archiver.cli.context import Door
from archiver.cli.locked_commands import capture_locked
from archiver.cli.words import capture_record, capture_words, kept_words, was_reached
from archiver.errors import AddressError, UsageError


@click.command()
@click.argument("urls", nargs=-1, metavar="URL…")
@click.option(
    "--from", "source", metavar="FILE|-", help="Take addresses from a file: one a line, or CSV with a url column."
)
@click.option("--jobs", type=click.IntRange(1, 16), default=1, show_default=True, help="Pages at the same time.")
@click.option("--note", default="", help="Your own words about it, kept beside the capture.")
@click.option("--proxy", default="", metavar="URL", help="Go through this proxy: http://… or socks5://… (Tor).")
@click.option("--allow-private", is_flag=True, help="Also open addresses on this computer and its own network.")
@click.option("--yes", is_flag=True, help="Go on after cautions without asking.")
@click.option("--no-ocr", is_flag=True, help="Leave the pictures' text for later: read --missing.")
@click.option("--locked", is_flag=True, help="Don't open the vault: seal into its inbox what comes.")
@click.pass_obj
def capture(
    door: Door,
    urls: tuple[str, ...],
    source: str | None,
    jobs: int,
    note: str,
    proxy: str,
    allow_private: bool,
    yes: bool,
    no_ocr: bool,
    locked: bool,
) -> int:
    """Keep pages: whole pictures, HTML and text, hashed, dated and encrypted.

    Where nothing opens the vault and nobody can be asked, what comes is sealed into its inbox, and taken in when the
    vault is opened next.
    """
    supplied = [*urls, *(_addresses_in(source) if source else ())]
    if not supplied:
        raise UsageError("Give at least one address, or --from FILE.")
    orders, refused = _orders(door, supplied, allow_private=allow_private, yes=yes)
    if not orders:
        return refused
    how = How(jobs=jobs, allow_private=allow_private, proxy=proxy, note=note, by=door.by)
    found = browser_for(door.settings)
    if locked or door.is_locked():
        return max(refused, capture_locked(door, orders, how, found))
    with door.open_or_create() as archive:
        failed = _capture(
            door,
            archive,
            archive.capture(orders, how, found),
            len(orders),
            readers=("page",) if no_ocr else ("page", "ocr"),
        )
    return max(refused, failed)


def _capture(
    door: Door, archive: Archive, visits: Iterator[Kept | Lost], total: int, *, readers: tuple[str, ...]
) -> int:
    """0 where every page was reached and kept, else 1."""
    code, kept = 0, 0
    with _progress(door) as progress:
        task = progress.add_task("Capturing", total=total)
        try:
            for ended in visits:
                kept += isinstance(ended, Kept)
                code = max(code, _tell(door, archive, ended, readers))
                progress.advance(task)
        except KeyboardInterrupt:
            door.warn(f"Stopped. {kept} kept, {total - kept} left.")
            return 1
    return code


def _tell(door: Door, archive: Archive, ended: Kept | Lost, readers: tuple[str, ...]) -> int:
    if isinstance(ended, Lost):
        door.result(
            {"requested": ended.order.supplied, "error": ended.sentence}, f"{ended.order.supplied}: {ended.sentence}"
        )
        return 1
    door.say(f"{ended.capture.id}: {kept_words(ended.capture)} Its words are being read.")
    readings = list(archive.read(ended.capture, readers))
    cautions = [caution.sentence for caution in ended.order.cautions]
    door.result(
        capture_record(ended.capture, readings) | {"cautions": cautions}, capture_words(ended.capture, readings)
    )
    return 0 if was_reached(ended.capture) else 1


def _orders(door: Door, supplied: Sequence[str], *, allow_private: bool, yes: bool) -> tuple[list[Order], int]:
    """The orders that may go ahead, and the exit code for those that may not."""
    orders, code = [], 0
    for text in supplied:
        try:
            order = order_for(text, allow_private=allow_private, own_names=door.settings.own_names)
        except AddressError as error:
            code = max(code, error.exit_code)
            door.warn(str(error))
            if door.as_json:
                door.result({"requested": text, "error": str(error)}, "")
            continue
        if _confirmed(door, order, yes=yes):
            orders.append(order)
        else:
            code = max(code, 1)
    return orders, code


def _confirmed(door: Door, order: Order, *, yes: bool) -> bool:
    for caution in order.cautions:
        door.warn(f"{order.supplied}: {caution.sentence}")
    if yes or not order.cautions:
        return True
    if sys.stdin.isatty() and not door.as_json:
        return click.confirm("Open it all the same?", default=False, err=True)
    cautions = [caution.sentence for caution in order.cautions]
    stopped = f"{order.supplied} was not opened. Say --yes to open it all the same."
    door.warn(stopped)
    if door.as_json:
        door.result({"requested": order.supplied, "error": stopped, "cautions": cautions}, "")
    return False


def _addresses_in(source: str) -> Iterator[str]:
    """Addresses from a file or stdin: one a line (# comments), or CSV whose header has a `url` column."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"No addresses could be read from {source}: {error}.") from error
    header = next(csv.reader(io.StringIO(text)), [])
    if "url" in [column.strip().lower() for column in header]:
        for row in csv.DictReader(io.StringIO(text)):
            named = {str(key).strip().lower(): value for key, value in row.items()}
            if (named.get("url") or "").strip():
                yield str(named["url"]).strip()
        return
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def _progress(door: Door) -> Progress:
    columns: list[Any] = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    ]
    return Progress(*columns, console=door.err, transient=True, disable=door.quiet or not door.err.is_terminal)
