"""`watch add`, `list`, `show`, `pause`, `resume`, `remove`: what is captured again. Visits nothing itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from archiver import clock, recapture
from archiver.addressed import posts_at
from archiver.assembly import Archive
from archiver.capture import cautioned, order_for
from archiver.cli.context import Door
from archiver.cli.run_commands import run, service, unattended
from archiver.cli.words import standing_in
from archiver.errors import UsageError
from archiver.records import Capture
from archiver.watched import Watch
from archiver.watching import history_of, state_words, watch_record
from extractors.registry import post_at

UNITS = {"m": recapture.MINUTE, "h": recapture.HOUR, "d": recapture.DAY}


@click.group()
def watch() -> None:
    """Capture an address again and again, slowly, and notice what was edited or taken down."""


for command in (run, unattended, service):
    watch.add_command(command)


@watch.command()
@click.argument("what", metavar="URL|ID")
@click.option("--every", default="6h", show_default=True, metavar="TIME", help="15m to 30d; each wait differs.")
@click.option("--until", metavar="DATE", help="No visit after this day (2026-12-31).")
@click.option("--yes", is_flag=True, help="Go on after cautions without asking.")
@click.pass_obj
def add(door: Door, what: str, every: str, until: str | None, yes: bool) -> int:
    """Watch an address that was captured before."""
    seconds, end = _seconds(every), _end_of(until) if until else ""
    with door.open() as archive:
        capture = _captured(archive, what)
        url = str(capture.body["requested"])
        _refuse(door, archive, url, yes=yes)
        private = bool(capture.body["provenance"].get("allow_private"))
        body = {
            "url": url,
            "host": archive.host_for_watch(url),
            "capture": capture.id,
            "every": seconds,
            "until": end,
            "allow_private": private,
            "standing": _standing(archive, capture),
            "seen_at": capture.at,
        }
        made = archive.vault.add_watch(body, at=clock.rfc3339(clock.utc_now()), by=door.by)
        archive.renew_list()
        _tell(door, archive, made)
    return 0


@watch.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that were removed.")
@click.pass_obj
def list_watches(door: Door, everything: bool) -> int:
    """List what is watched and what is known of it."""
    with door.open() as archive:
        listed = [each for each in archive.vault.watches() if everything or each.state != "removed"]
        for each in listed:
            _tell(door, archive, each)
    if not listed:
        door.say("Nothing is watched.")
    return 0


@watch.command()
@click.argument("identifier", metavar="ID")
@click.option("--all", "everything", is_flag=True, help="Also the visits that found nothing new.")
@click.pass_obj
def show(door: Door, identifier: str, everything: bool) -> int:
    """Show one watch from its beginning: what was noticed, when, and which captures and entries prove it."""
    with door.open() as archive:
        _tell(door, archive, archive.vault.watch(identifier))
        for entry in archive.vault.watch_entries(identifier):
            record, line = history_of(entry)
            if everything or record["deed"] != "visit" or record["noticed"]:
                door.result(record, f"    {line}")
    return 0


def _change(door: Door, identifiers: tuple[str, ...], everything: bool, deed: str, states: tuple[str, ...]) -> int:
    if everything == bool(identifiers):
        raise UsageError("Give the ids of watches (W1), or --all.")
    with door.open() as archive:
        wanted = archive.vault.watches() if everything else [archive.vault.watch(name) for name in identifiers]
        for each in wanted:
            if each.state not in states:
                continue
            changed = archive.vault.change_watch(each.id, deed, at=clock.rfc3339(clock.utc_now()), by=door.by)
            archive.renew_list()
            _tell(door, archive, changed)
    return 0


@watch.command()
@click.argument("identifiers", nargs=-1, metavar="ID…")
@click.option("--all", "everything", is_flag=True, help="Every watch.")
@click.pass_obj
def pause(door: Door, identifiers: tuple[str, ...], everything: bool) -> int:
    """Visit no more until resumed."""
    return _change(door, identifiers, everything, "pause", ("on",))


@watch.command()
@click.argument("identifiers", nargs=-1, metavar="ID…")
@click.option("--all", "everything", is_flag=True, help="Every watch that is paused; stopped ones by their ids.")
@click.pass_obj
def resume(door: Door, identifiers: tuple[str, ...], everything: bool) -> int:
    """Visit again what was paused or had stopped."""
    return _change(door, identifiers, everything, "resume", ("paused",) if everything else ("paused", "stopped"))


@watch.command()
@click.argument("identifiers", nargs=-1, metavar="ID…")
@click.option("--all", "everything", is_flag=True, help="Every watch.")
@click.pass_obj
def remove(door: Door, identifiers: tuple[str, ...], everything: bool) -> int:
    """End a watch. What it captured stays kept."""
    return _change(door, identifiers, everything, "remove", ("on", "paused", "stopped"))


def _captured(archive: Archive, what: str) -> Capture:
    """The capture with that id, or the newest of that address: nothing else is ever watched (SAFETY H1)."""
    if what.strip().upper().startswith("C") and what.strip()[1:].isdigit():
        return archive.vault.capture(what)
    captures = list(archive.vault.captures())
    found = [
        capture
        for capture in captures
        if what in (capture.body["requested"], capture.body["cleaned"], capture.body["final"])
    ] or [capture for capture in captures if post_at(what) in posts_at(capture)]
    if not found:
        raise UsageError(f"Only what was captured before can be watched. First: archiver capture {what}")
    return found[-1]


def _refuse(door: Door, archive: Archive, url: str, *, yes: bool) -> None:
    """Raises UsageError where the address is not to be visited again and again."""
    if recapture.is_shut(url, door.settings.shut_hosts):
        raise UsageError("This site is marked as the other person's own: every visit would show there. Not watched.")
    active = [each for each in archive.vault.watches() if each.state != "removed"]
    if any(each.url == url for each in active):
        raise UsageError("This address is watched already; to see it: watch list")
    post = post_at(url)
    if post and (same := next((each for each in active if post_at(each.url) == post), None)):
        raise UsageError(f"This post is watched already, as {same.id} at {same.url}; to see it: watch show {same.id}")
    if len(active) >= archive.pace.most:
        raise UsageError(f"{archive.pace.most} addresses are watched, and no more can be; remove one first.")
    cautions = cautioned(order_for(url, allow_private=True), own_names=door.settings.own_names).cautions
    for caution in cautions:
        door.warn(f"{url}: {caution.sentence}")
    if cautions and not yes:
        raise UsageError("It would be opened again and again. Say --yes to watch it all the same.")


def _standing(archive: Archive, capture: Capture) -> str:
    """What the page was; read now where it was not."""
    return standing_in(archive.vault.readings(capture.id) or list(archive.read(capture, ("page",))))


def _tell(door: Door, archive: Archive, each: Watch) -> None:
    now = clock.local_now()
    upcoming = recapture.next_visit(each, now, pace=archive.pace)
    about = f"next about {upcoming:%Y-%m-%d %H:%M}" if upcoming else "no visit to come"
    lines = [f"{each.id}  {each.url}", f"    {state_words(each, now)}; {about}"]
    if each.why:
        lines.append(f"    {each.why} {each.id}")
    door.result(watch_record(each, now, upcoming), "\n".join(lines))


def _seconds(text: str) -> int:
    number, unit = text.strip()[:-1], text.strip()[-1:].lower()
    if not number.isdigit() or unit not in UNITS:
        raise UsageError(f"{text} is no time: say 30m, 6h or 2d.")
    seconds = int(number) * UNITS[unit]
    if not recapture.SHORTEST <= seconds <= recapture.LONGEST:
        raise UsageError("Say between 15m and 30d: a page that is visited more often than that is noticed.")
    return seconds


def _end_of(text: str) -> str:
    """The end of that day here, in UTC."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").astimezone()
    except ValueError as error:
        raise UsageError(f"{text} is no date: say it like 2026-12-31.") from error
    return clock.rfc3339((day + timedelta(days=1)).astimezone(UTC))
