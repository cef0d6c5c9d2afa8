"""`archiver capture`: addresses in, a line for each one that was kept. Decides nothing about pages."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack

import click

from archiver import clock
from archiver.assembly import Archive, How, browser_for, workers
from archiver.backup import offer
from archiver.browser import is_for
from archiver.capture import Order, cautioned, order_for
from archiver.caution import login_caution
from archiver.cli.addresses import addresses_in
from archiver.cli.anchor_command import after_keeping
from archiver.cli.context import Door
from archiver.cli.job import Job, is_done
from archiver.cli.key_commands import offer_sheet
from archiver.cli.locked_commands import capture_locked
from archiver.cli.words import when
from archiver.errors import AddressError, UsageError, VaultMissing
from archiver.reading import PAGE, READERS
from archiver.vault import Login
from extractors.hosts import host_of


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
    if locked or door.is_locked():
        if login:
            raise UsageError("A login lies in the vault, and the vault is locked; nothing was opened.")
        orders, stopped = _confirmed(door, orders, None, yes=yes)
        return max(refused, stopped, capture_locked(door, orders, how, found))
    with ExitStack() as stack:
        pool = stack.enter_context(workers(min(jobs, len(orders)), found))
        archive = _opened(door, stack)
        signed_in = _login(archive, login)
        if archive and listed:
            orders = _left(door, archive, orders, listed, how, again=again)
        orders, stopped = _confirmed(door, orders, signed_in, yes=yes)
        code = max(refused, stopped)
        if not orders:
            return code
        if archive is None:
            archive = stack.enter_context(door.create())
            if listed:
                archive.vault.list_begun(listed, at=clock.rfc3339(clock.utc_now()), again=again)
        readers = (PAGE,) if no_ocr else READERS
        job = Job(door, archive, how, found, readers=readers, listed=bool(listed), pool=pool)
        code = max(code, job.run(orders))
        if archive.is_new:
            offer_sheet(door, archive)
        if due := offer(archive.vault):
            door.say(due)
        after_keeping(door, archive, proxy=proxy)
        return code


def _opened(door: Door, stack: ExitStack) -> Archive | None:
    """The vault that is there; None where the first capture makes it."""
    try:
        return stack.enter_context(door.open())
    except VaultMissing:
        return None


def _login(archive: Archive | None, name: str) -> Login | None:
    """Raises UnknownId where there is no login of that name."""
    if not name:
        return None
    if archive is None:
        raise UsageError(f"There is no login called {name}; to make one: archiver login {name} ADDRESS")
    return archive.vault.login(name)


def _left(
    door: Door, archive: Archive, orders: Sequence[Order], listed: Sequence[str], how: How, *, again: bool
) -> list[Order]:
    """What is left of a list that was begun before."""
    now = clock.rfc3339(clock.utc_now())
    begun = archive.vault.list_begun(listed, at=now, again=again)
    if begun == now:
        return list(orders)
    kept = archive.vault.captured_since(begun)
    done = {each.body["requested"] for each in kept if is_done(each, archive.vault.readings(each.id), how.login)}
    left = [order for order in orders if order.supplied not in done]
    if len(left) < len(orders):
        door.say(
            f"{len(orders) - len(left)} of {len(orders)} addresses were kept since this list was begun, {when(begun)}; "
            f"{len(left)} left. --again keeps all of them anew."
        )
    return left


def _orders(door: Door, supplied: Iterable[str], *, allow_private: bool) -> tuple[list[Order], int]:
    """The orders for what can be opened at all, and the exit code for what can't."""
    orders, code = [], 0
    for text in supplied:
        try:
            orders.append(order_for(text, allow_private=allow_private))
        except AddressError as error:
            code = max(code, error.exit_code)
            _refuse(door, text, str(error))
    return orders, code


def _confirmed(door: Door, orders: Sequence[Order], login: Login | None, *, yes: bool) -> tuple[list[Order], int]:
    """The orders that may go ahead after their cautions, and the exit code for those that may not."""
    code = 0
    orders = [cautioned(order, own_names=door.settings.own_names) for order in orders]
    if login is not None:
        strange = [order for order in orders if not is_for(host_of(order.cleaned), login.hosts)]
        for order in strange:
            code = UsageError.exit_code
            _refuse(door, order.supplied, f"The login {login.name} is for {', '.join(login.hosts)} only; not opened.")
        orders = [order for order in orders if order not in strange]
        caution = login_caution(login.name, login.hosts)
        if orders and not _agreed(door, "", [caution.sentence], yes=yes):
            for order in orders:
                _stopped(door, order, [caution.sentence])
            return [], max(code, 1)
        orders = [Order(order.supplied, order.cleaned, (caution, *order.cautions)) for order in orders]
    going = []
    for order in orders:
        cautions = [caution.sentence for caution in order.cautions if caution.kind != "login"]
        if _agreed(door, f"{order.supplied}: ", cautions, yes=yes):
            going.append(order)
        else:
            _stopped(door, order, cautions)
            code = max(code, 1)
    return going, code


def _agreed(door: Door, about: str, cautions: Sequence[str], *, yes: bool) -> bool:
    """Whether the person goes on, having been told. Said also to those who said --yes."""
    for sentence in cautions:
        door.warn(f"{about}{sentence}")
    if yes or not cautions:
        return True
    if sys.stdin.isatty() and not door.as_json:
        return click.confirm("Open it all the same?", default=False, err=True)
    return False


def _stopped(door: Door, order: Order, cautions: Sequence[str]) -> None:
    words = f"{order.supplied} was not opened. Say --yes to open it all the same."
    door.warn(words)
    if door.as_json:
        door.result({"requested": order.supplied, "error": words, "cautions": list(cautions)}, "")


def _refuse(door: Door, supplied: str, words: str) -> None:
    door.warn(words)
    if door.as_json:
        door.result({"requested": supplied, "error": words}, "")
