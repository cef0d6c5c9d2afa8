"""What `capture` does once its browsers start: opens the vault, asks after cautions, and has the job run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass

import click

from archiver import browser, cli, clock
from archiver.assembly import Archive, How
from archiver.backup import offer
from archiver.browser import BrowserFound
from archiver.capture import Order, cautioned
from archiver.caution import login_caution
from archiver.cli.anchor_command import after_keeping
from archiver.cli.context import Door
from archiver.cli.job import Job, is_done
from archiver.cli.key_commands import offer_sheet
from archiver.cli.words import when
from archiver.errors import UsageError, VaultMissing
from archiver.records import PAGE, READERS
from archiver.vault import Login
from extractors.hosts import host_of


@dataclass(frozen=True)
class Asked:
    """What a person asked of one `capture`."""

    orders: Sequence[Order]
    listed: Sequence[str]  # the addresses of a list, also those that can't be opened; empty: none was given
    again: bool
    yes: bool
    read_pictures: bool
    locked: bool


def keep(door: Door, asked: Asked, how: How, found: BrowserFound, pool: Callable[[], Executor]) -> int:
    """0 where every page was reached and kept, else 1."""
    if asked.locked or door.is_locked():
        if how.login:
            raise UsageError("A login lies in the vault, and the vault is locked; nothing was opened.")
        orders, stopped = _confirmed(door, asked.orders, None, yes=asked.yes)
        return max(stopped, cli.capture_locked(door, orders, how, found, pool))
    with ExitStack() as stack:
        archive = _opened(door, stack)
        signed_in = _login(archive, how.login)
        orders = list(asked.orders)
        if archive and asked.listed:
            orders = _left(door, archive, orders, asked.listed, how, again=asked.again)
        orders, code = _confirmed(door, orders, signed_in, yes=asked.yes)
        if not orders:
            return code
        if archive is None:
            archive = stack.enter_context(door.create())
            if asked.listed:
                archive.vault.list_begun(asked.listed, at=clock.rfc3339(clock.utc_now()), again=asked.again)
        readers = READERS if asked.read_pictures else (PAGE,)
        job = Job(door, archive, how, found, readers=readers, listed=bool(asked.listed), pool=pool)
        code = max(code, job.run(orders))
        if archive.is_new:
            offer_sheet(door, archive)
        if due := offer(archive.vault):
            door.say(due)
        after_keeping(door, archive, proxy=how.proxy)
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


def _confirmed(door: Door, orders: Sequence[Order], login: Login | None, *, yes: bool) -> tuple[list[Order], int]:
    """The orders that may go ahead after their cautions, and the exit code for those that may not."""
    code = 0
    orders = [cautioned(order, own_names=door.settings.own_names) for order in orders]
    if login is not None:
        strange = [order for order in orders if not browser.is_for(host_of(order.cleaned), login.hosts)]
        for order in strange:
            code = UsageError.exit_code
            door.refuse(order.supplied, f"The login {login.name} is for {', '.join(login.hosts)} only; not opened.")
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
