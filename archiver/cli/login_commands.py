"""`login NAME URL`, `login list`, `login remove`: being signed in to a site. Shows no secret."""

from __future__ import annotations

import os
from typing import Any

import click

from archiver import clock
from archiver.assembly import How, browser_for
from archiver.browser import has_screen
from archiver.browser.signing_in import NO_SCREEN
from archiver.capture import order_for
from archiver.caution import login_caution
from archiver.cli.context import Door
from archiver.cli.job import SIGN_IN, at_the_terminal
from archiver.cli.words import when
from archiver.errors import InstrumentMissing, UsageError
from archiver.vault import Login, checked_name

HELP = """Sign in to a site, so that pages can be kept as you see them.

NAME is for you to know the login by. A window opens at URL; sign in there, then close it or press Enter here. Your
password is not kept. What keeps you signed in is kept in the vault, and used only with: capture --as NAME.

`login list` shows which there are. `login remove NAME` forgets one; signing out on the site ends it there too.
"""


@click.command(help=HELP)
@click.argument("name", metavar="NAME|list|remove")
@click.argument("where", required=False, default="", metavar="[URL|NAME]")
@click.option("--also", multiple=True, metavar="HOST", help="Another host that this login is for; may be given again.")
@click.option("--proxy", default="", metavar="URL", help="Go through this proxy: http://… or socks5://… (Tor).")
@click.option("--allow-private", is_flag=True, help="Also open addresses on this computer and its own network.")
@click.pass_obj
def login(door: Door, name: str, where: str, also: tuple[str, ...], proxy: str, allow_private: bool) -> int:
    if name == "list":
        return _list(door)
    if name == "remove":
        return _remove(door, where)
    if not where:
        raise UsageError(f"Say where to sign in: archiver login {name} ADDRESS")
    order = order_for(where, allow_private=allow_private)
    checked_name(name)
    if not has_screen(os.environ):
        raise InstrumentMissing(NO_SCREEN)
    browser_for(door.settings)
    how = How(allow_private=allow_private, proxy=proxy, by=door.by)
    with door.open_or_create() as archive:
        door.warn(SIGN_IN)
        made = archive.sign_in(name, order, how, also=also, attend=at_the_terminal())
    door.warn(login_caution(made.name, made.hosts).sentence.replace("You will be", "With --as you will be", 1))
    door.result(_record(made), f"{_words(made)}\n    To use it: archiver capture --as {made.name} ADDRESS")
    return 0


def _list(door: Door) -> int:
    with door.open() as archive:
        there = archive.vault.logins()
    for each in there:
        door.result(_record(each), _words(each))
    if not there:
        door.say("There is no login.")
    return 0


def _remove(door: Door, name: str) -> int:
    if not name:
        raise UsageError("Say which: archiver login remove NAME")
    with door.open() as archive:
        archive.vault.remove_login(name, at=clock.rfc3339(clock.utc_now()), by=door.by)
    door.result({"removed": name}, f"The login {name} is forgotten here. To end it on the site too, sign out there.")
    return 0


def _record(made: Login) -> dict[str, Any]:
    return {"login": made.name, "hosts": list(made.hosts), "added": made.added}


def _words(made: Login) -> str:
    return f"{made.name}  for {', '.join(made.hosts)}, signed in {when(made.added)}"
