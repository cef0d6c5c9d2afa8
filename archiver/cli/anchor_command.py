"""`archiver anchor`: the log time-stamped by an outside authority, once that was switched on. Shows no kept text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver import assembly
from archiver.cli.context import Door
from archiver.cli.words import when
from archiver.errors import UsageError, VaultError

if TYPE_CHECKING:
    from archiver.anchored import Anchor
    from archiver.anchoring import Asked

NOT_SET = (
    "No time-stamp authority is set, so nothing was sent. To switch it on, set ARCHIVER_ANCHOR to the address of one "
    "or more (with commas between), or give --authority URL. An authority then sees this computer's internet address "
    "(or the proxy's), the time, and one number that is made from your log. It sees nothing of what you kept, and the "
    "number can't be turned back into it."
)


@click.command()
@click.option("--pending", is_flag=True, help="Only send what waits and whose waiting time is over.")
@click.option("--authority", "authorities", multiple=True, metavar="URL", help="Ask this one (ARCHIVER_ANCHOR).")
@click.option("--proxy", default="", metavar="URL", help="Go through this proxy: http://… or socks5://… (Tor).")
@click.option("--list", "listing", is_flag=True, help="Show what was asked and answered; send nothing.")
@click.option(
    "--save",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Copy checkpoints and time stamps to a folder outside, for verify --against later.",
)
@click.pass_obj
def anchor(
    door: Door, pending: bool, authorities: tuple[str, ...], proxy: str, listing: bool, folder: Path | None
) -> int:
    """Have an outside authority time-stamp the log: from then on it can't be rewritten unseen.

    Off until you set an authority (ARCHIVER_ANCHOR). It sees this computer's internet address (or the proxy's), the
    time, and one number made from the log; nothing of what you kept leaves. What could not be sent waits.
    """
    door.settings = replace(door.settings, authorities=authorities or door.settings.authorities)
    sends = not (listing or folder)
    if sends and not door.settings.authorities:
        raise UsageError(NOT_SET)
    with door.open() as archive:
        if sends:
            return _send(door, archive, proxy=proxy, new=not pending)
        kept = archive.vault.anchors()
        for each in kept:
            door.result(record_of(each), words_of(each))
        if not kept:
            door.say("Nothing was time-stamped yet.")
        if folder is not None:
            _save(door, archive, kept, folder)
    return 0


def after_keeping(door: Door, archive: assembly.Archive, *, proxy: str = "") -> None:
    """The automatic one, after pages were kept: quiet, patient, and never a reason to fail what was kept."""
    if not door.settings.authorities:
        return
    try:
        for asked in assembly.anchor(archive, proxy=proxy, patient=True):
            if asked.tried:
                door.say(_said(asked))
    except (UsageError, VaultError) as error:
        door.warn(f"What was kept is kept. The time stamp has to wait: {error}")


def _send(door: Door, archive: assembly.Archive, *, proxy: str, new: bool) -> int:
    """0 where every authority that was asked gave a time stamp that holds."""
    code = count = 0
    for asked in assembly.anchor(archive, proxy=proxy, new=new, patient=not new):
        count += 1
        code = max(code, int(asked.anchor.status != "granted"))
        door.result(record_of(asked.anchor) | {"why": asked.why, "again": asked.again}, _said(asked))
    if not count:
        door.say("Nothing waits: every entry has its time stamp.")
    return code


def record_of(anchor: Anchor) -> dict[str, object]:
    return {
        "anchor": anchor.n,
        "authority": anchor.authority,
        "status": anchor.status,
        "entries": anchor.checkpoint.size,
        "time": anchor.time,
        "entry": anchor.entry,
        "asked": anchor.made,
        "clock": anchor.judged.clock if anchor.judged else "",
    }


def words_of(anchor: Anchor) -> str:
    one = anchor.checkpoint.size == 1
    size = "1 entry" if one else f"{anchor.checkpoint.size} entries"
    if anchor.status == "granted":
        verb, before = "was" if one else "were", when(anchor.time)
        return f"{anchor.authority}: {size} {verb} there before {before} (kept as entry {anchor.entry})."
    if anchor.status == "refused":
        why = anchor.judged.why if anchor.judged else ""
        return f"{anchor.authority}: no time stamp for {size}: {why} (the answer is kept as entry {anchor.entry})."
    if anchor.status == "covered":
        return f"{anchor.authority}: the request for {size} was not answered; a later time stamp covers them."
    return f"{anchor.authority}: the request for {size} waits."


def _said(asked: Asked) -> str:
    if asked.anchor.status == "granted" and asked.anchor.judged:
        return f"{words_of(asked.anchor)} This computer's clock: {asked.anchor.judged.clock}."
    why = f" Last time: {asked.why}." if asked.why and asked.anchor.status == "waiting" else ""
    return f"{words_of(asked.anchor)}{why} Asked again from {when(asked.again)} on."


def _save(door: Door, archive: assembly.Archive, kept: list[Anchor], folder: Path) -> None:
    """Copies for outside: small files that say nothing of what was kept. Nothing that is there is replaced."""
    now = archive.vault.checkpoint()
    files = {f"checkpoint-{now.size}.txt": now.data, f"checkpoint-{now.size}.sig": now.signature}
    for each in kept:
        if each.status == "granted":
            stem = f"{each.checkpoint.size}-{each.n}"
            files |= {
                f"checkpoint-{stem}.txt": each.checkpoint.data,
                f"checkpoint-{stem}.sig": each.checkpoint.signature,
            }
            files |= {f"request-{stem}.tsq": each.request, f"answer-{stem}.tsr": each.reply}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            if not (folder / name).exists():
                (folder / name).write_bytes(data)
    except OSError as error:
        raise UsageError(f"{folder} can't be written: {error.strerror}.") from error
    door.say(f"{len(files)} files are in {folder}. Keep them where nobody who can open the vault can change them.")
