"""`archiver capture`: addresses in, a line for each that was kept. Starts the browsers; keeping.py does the rest."""

from __future__ import annotations

from collections.abc import Iterable

import click

from archiver import cli
from archiver.assembly import How, browser_for, workers
from archiver.capture import Order, order_for
from archiver.cli.addresses import addresses_in
from archiver.cli.context import Door
from archiver.errors import AddressError, UsageError


@click.command()
@click.argument("urls", nargs=-1, metavar="URL…")
@click.option(
    "--from", "source", metavar="FILE|-", help="Take addresses from a file: one a line, or CSV with a url column."
)
@click.option("--again", is_flag=True, help="With --from: also what was kept since the list was begun.")
@click.option("--jobs", type=click.IntRange(1, 16), default=1, show_default=True, help="Pages at the same time.")
@click.option("--note", default="", help="Your own words about it, kept beside the capture.")
@click.option("--as", "login", default="", metavar="NAME", help="Use the login of that name: see login --help.")
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
    again: bool,
    jobs: int,
    note: str,
    login: str,
    proxy: str,
    allow_private: bool,
    yes: bool,
    no_ocr: bool,
    locked: bool,
) -> int:
    """Keep pages: whole pictures, HTML and text, hashed, dated and encrypted.

    With --from, the same list again does only what is left of it. Where nothing opens the vault and nobody can be
    asked, what comes is sealed into its inbox, and taken in when the vault is opened next.
    """
    listed = list(dict.fromkeys(addresses_in(source))) if source else []
    supplied = list(dict.fromkeys([*urls, *listed]))
    if not supplied:
        raise UsageError("Give at least one address, or --from FILE.")
    orders, refused = _orders(door, supplied, allow_private=allow_private)
    if not orders:
        return refused
    how = How(jobs=jobs, allow_private=allow_private, proxy=proxy, login=login, note=note, by=door.by)
    found = browser_for(door.settings)
    with workers(min(jobs, len(orders)), how, door.settings, found) as pool:
        asked = cli.Asked(orders, listed, again=again, yes=yes, read_pictures=not no_ocr, locked=locked)
        return max(refused, cli.keep(door, asked, how, found, pool))


def _orders(door: Door, supplied: Iterable[str], *, allow_private: bool) -> tuple[list[Order], int]:
    """The orders for what can be opened at all, and the exit code for what can't."""
    orders, code = [], 0
    for text in supplied:
        try:
            orders.append(order_for(text, allow_private=allow_private))
        except AddressError as error:
            code = max(code, error.exit_code)
            door.refuse(text, str(error))
    return orders, code
