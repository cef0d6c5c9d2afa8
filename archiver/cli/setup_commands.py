"""`setup` and `doctor`: what the program needs from the computer, in words and as JSON lines. Opens no vault."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import click

from archiver.cli.context import Door
from archiver.errors import InstrumentMissing
from archiver.packages import this_computer
from archiver.settings import Settings
from archiver.setup import Asked, Instrument, World, in_one_sentence, inspect, set_up

WELL = "Everything is there."


@click.command()
@click.pass_obj
def doctor(door: Door) -> int:
    """Say what is there, what is missing, and the one command that mends it. Changes nothing."""
    world = World(this_computer())
    instruments = inspect(asked(door.settings), world=world)
    _show(door, instruments)
    return _end(door, instruments, world)


@click.command()
@click.option(
    "--languages", metavar="eng+deu", help="Also bring what Tesseract needs to read these languages in pictures."
)
@click.pass_obj
def setup(door: Door, languages: str | None) -> int:
    """Bring the browser, Tesseract and its languages, as far as this computer allows."""
    world = World(this_computer())
    wanted = asked(door.settings)
    if languages:
        more = [name for name in languages.replace(",", "+").split("+") if name]
        wanted = dataclasses.replace(wanted, languages=tuple(dict.fromkeys((*wanted.languages, *more))))
    instruments = set_up(wanted, world=world, say=door.say)
    _show(door, instruments)
    if languages and wanted.languages != door.settings.languages:
        door.say(f"To have pictures read in them, set ARCHIVER_LANGUAGES={'+'.join(wanted.languages)}")
    return _end(door, instruments, world)


def asked(settings: Settings) -> Asked:
    return Asked(
        browser=settings.browser, tesseract=settings.tesseract, languages=settings.languages, vault=settings.vault
    )


def _show(door: Door, instruments: Sequence[Instrument]) -> None:
    for instrument in instruments:
        words = f"{instrument.state:<8} {instrument.name:<10} {instrument.found}"
        if instrument.why:
            words += f"\n{'':<19} not brought: {instrument.why}"
        if instrument.mend:
            words += f"\n{'':<19} to mend it: {instrument.mend}"
        door.result({"instrument": instrument.name, **_plain(instrument)}, words)


def _plain(instrument: Instrument) -> dict[str, object]:
    return {name: getattr(instrument, name) for name in ("state", "needed", "found", "why", "mend")}


def _end(door: Door, instruments: Sequence[Instrument], world: World) -> int:
    """The exit code, and one sentence with the one command that mends all that is missing."""
    sentence = in_one_sentence(instruments, world=world)
    if sentence:
        door.warn(sentence)
    else:
        door.say(WELL)
    lacking = any(instrument.needed and instrument.state == "missing" for instrument in instruments)
    return InstrumentMissing.exit_code if lacking else 0
