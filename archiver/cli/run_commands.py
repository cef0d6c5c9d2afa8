"""`watch run`, `unattended` and `service`: visiting what is due, also with the vault locked. Tells nobody."""

from __future__ import annotations

import sys
import threading

import click

from archiver.assembly import How
from archiver.cli.anchor_command import after_keeping
from archiver.cli.context import Door
from archiver.cli.locked_commands import round_locked
from archiver.cli.service import service_for
from archiver.settings import default_vault
from archiver.watching import visited_record

LOOK_AGAIN = 60.0  # seconds between two looks at what is due, while `run` goes on
LET_IN = (
    "What is watched is now visited also while the vault is locked, by: watch run. For that, a list of the addresses "
    "and of when they are due lies on this computer; its key lies in {place}. Who can use your account here can read "
    "which pages are watched, and nothing that was kept. What comes is sealed into the vault's folder: how many visits "
    "there were, when, and how large can be seen there, and nothing else until the vault is opened. To end it: "
    "watch unattended off"
)
PLACES = {"keyring": "your account's keyring", "file": "a file that only your account can read"}


@click.command()
@click.option("--once", is_flag=True, help="Visit what is due now, then end: for cron and the like.")
@click.option("--jobs", type=click.IntRange(1, 8), default=1, show_default=True, help="Pages at the same time.")
@click.option("--proxy", default="", metavar="URL", help="Go through this proxy: http://… or socks5://… (Tor).")
@click.option("--locked", is_flag=True, help="Don't open the vault: seal into its inbox what comes, page by page.")
@click.pass_obj
def run(door: Door, once: bool, jobs: int, proxy: str, locked: bool) -> int:
    """Visit what is due, until stopped; two of these at once share the work.

    Where nothing opens the vault and nobody can be asked, it goes by the list that `watch unattended on` gave this
    computer, and seals into the vault's inbox what comes.
    """
    how = How(jobs=jobs, proxy=proxy, by=door.by)
    stopped = threading.Event()  # never set: Ctrl-C ends the wait
    if locked or door.is_locked():
        while True:
            round_locked(door, how)
            if once:
                return 0
            stopped.wait(LOOK_AGAIN)
    with door.open() as archive:
        while True:
            for result in archive.watch_round(how):
                record = visited_record(result)
                what = ", ".join(change.what for change in result.changes) or "nothing new"
                line = f"{result.watch.id} {result.capture or '–'}: {result.standing.state}; {what}. {result.stop}"
                door.result(record, line.rstrip())
                archive.renew_list()
            after_keeping(door, archive, proxy=proxy)
            if once:
                return 0
            stopped.wait(LOOK_AGAIN)


@click.command()
@click.argument("wanted", metavar="[on|off]", type=click.Choice(["on", "off"]), required=False)
@click.pass_obj
def unattended(door: Door, wanted: str | None) -> int:
    """Let this computer visit what is watched also while the vault is locked, or end that.

    On: a list of the addresses that are watched, and of when they are due, lies on this computer under a key of its
    own, which opens nothing else. Who can use your account here can read that list. What comes is sealed: it can't be
    read before the vault is opened, which also takes it in.
    """
    with door.open() as archive:
        if wanted == "on":
            place = archive.let_in()
            door.result({"unattended": True, "key": place}, LET_IN.format(place=PLACES[place]))
        elif wanted == "off":
            archive.shut_out()
            door.result({"unattended": False}, "The list is gone from this computer. Nothing is visited while locked.")
        else:
            is_on = archive.is_unattended()
            door.result({"unattended": is_on}, "On: visits go on while locked." if is_on else "Off.")
    return 0


@click.command()
@click.option("--kind", type=click.Choice(["systemd", "cron", "windows"]), help="Default: what this system has.")
@click.pass_obj
def service(door: Door, kind: str | None) -> int:
    """Print the file with which this system runs `watch run --once` by itself. Installs nothing."""
    vault = "" if door.settings.vault == default_vault() else str(door.settings.vault.absolute())
    click.echo(service_for(kind, platform=sys.platform, python=sys.executable, vault=vault))
    return 0
