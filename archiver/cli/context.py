"""What every command shares: settings, how to speak, and how the vault is opened. Holds no command."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from archiver import assembly, keys
from archiver.cli.words import when
from archiver.errors import UsageError, VaultError, VaultMissing, WrongKey
from archiver.records import By
from archiver.settings import Settings
from archiver.synced import synced_words

DEVICE_KEY_SAID = (
    "The vault is encrypted with a key kept on this computer, since no passphrase was given. "
    "To open it with a passphrase as well: archiver slots add"
)
NEW_VAULT = "A new vault. Choose a passphrase of several words; Enter alone keeps the key on this computer."


@dataclass
class Door:
    """One run of the program, as the commands see it: `ctx.obj`."""

    settings: Settings
    as_json: bool = False
    quiet: bool = False
    passphrase_fd: int | None = None
    _from_fd: str | None = field(default=None, repr=False)
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    @property
    def by(self) -> By:
        return By(operator=self.settings.operator)

    def result(self, record: dict[str, Any], words: str) -> None:
        """One result on stdout: a JSON line for programs, words for people."""
        click.echo(json.dumps(record, ensure_ascii=False) if self.as_json else words)

    def refuse(self, supplied: str, words: str) -> None:
        """An address that was not opened, and why."""
        self.warn(words)
        if self.as_json:
            self.result({"requested": supplied, "error": words}, "")

    def say(self, words: str) -> None:
        """Progress and cautions, on stderr, unless asked to be quiet."""
        if not self.quiet:
            self.err.print(words, markup=False, soft_wrap=True)

    def warn(self, words: str) -> None:
        """What must be known even when asked to be quiet."""
        self.err.print(words, markup=False, soft_wrap=True)

    def open(self, *, take_in: bool = True) -> assembly.Archive:
        """The vault that is there, with what came while it was locked. Raises VaultMissing, VaultForeign, WrongKey."""
        archive = assembly.Archive.open(self.settings, self.secret_for(self.settings.vault))
        self.show_tries()
        if archive.vault.laid_aside():
            self.warn("A program was stopped while it wrote, and not all that it left could be read. verify says more.")
        if take_in:
            self._take_in(archive)
        return archive

    def show_tries(self) -> None:
        """Wrong keys since somebody last saw this (SAFETY E1); forgotten only once it stood on a terminal."""
        tries = keys.seen_tries(self.settings.vault)
        if not tries.wrong:
            return
        many = "A wrong key was" if tries.wrong == 1 else f"{tries.wrong} wrong keys were"
        last = f", the last on {when(tries.times[-1])}" if tries.times else ""
        self.warn(f"{many} tried on this vault{last}.")
        if self.err.is_terminal:
            keys.forget_shown(self.settings.vault)

    def secret_for(self, folder: Path) -> keys.Secret:
        """What was given; else this computer's own key, where the vault has one; else what is typed now.

        A vault that was brought to another computer has a slot for a key that is not here: then somebody who sits
        there is asked. Raises VaultMissing, VaultForeign, WrongKey.
        """
        kinds = {slot.kind for slot in keys.slots(folder)}
        given = self.passphrase()
        can_ask = "passphrase" in kinds and sys.stdin.isatty()
        if given is None and "device" in kinds and not (can_ask and not keys.opens_here(folder)):
            return keys.Device()
        return keys.Passphrase(given if given is not None else self._ask("Passphrase: "))

    def is_locked(self) -> bool:
        """Whether there is a vault that nothing opens here without somebody to ask."""
        if self.passphrase() is not None or sys.stdin.isatty():
            return False
        try:
            return not any(slot.kind == "device" for slot in keys.slots(self.settings.vault))
        except VaultError:
            return False

    def _take_in(self, archive: assembly.Archive) -> None:
        taken = 0
        try:
            for item in archive.take_in():
                taken += 1
                if item.capture:
                    self.say(f"{item.capture} came while the vault was locked, and is in the log now.")
                for fault in item.faults:
                    self.warn(f"The inbox: {fault}.")
            if taken:
                archive.renew_list()
        except VaultError as error:  # what is kept can be looked at all the same
            self.warn(f"What lies in the inbox could not be taken in: {error}")

    def open_or_create(self) -> assembly.Archive:
        try:
            return self.open()
        except VaultMissing:
            return self.create()

    def create(self) -> assembly.Archive:
        """A new vault: with the passphrase that was given or is typed now, else with a key of this computer."""
        self.warn_where_copied(self.settings.vault)
        given = self.passphrase()
        if given is None and sys.stdin.isatty() and not self.as_json:
            given = self.new_passphrase(NEW_VAULT)
        if given:
            keys.refuse_guessable(given)
            return assembly.Archive.create(self.settings, keys.Passphrase(given))
        archive = assembly.Archive.create(self.settings, keys.Device())
        self.warn(DEVICE_KEY_SAID)
        return archive

    def warn_where_copied(self, folder: Path) -> None:
        """Before a vault or a backup comes to lie where a service copies it to others (SAFETY B5)."""
        said = synced_words(folder, environ=os.environ, home=Path.home())
        if said:
            self.warn(f"{said}. It is locked there too; that it exists can be seen. Another folder is safer.")

    def passphrase(self) -> str | None:
        """The passphrase from --passphrase-fd or ARCHIVER_PASSPHRASE, or None. Read once: a pipe has no second time."""
        if self.passphrase_fd is not None:
            if self._from_fd is None:
                self._from_fd = _line_from(self.passphrase_fd)
            return self._from_fd
        return os.environ.get("ARCHIVER_PASSPHRASE") or None

    def _ask(self, prompt: str) -> str:
        if not sys.stdin.isatty():
            raise WrongKey("This vault opens with a passphrase: set ARCHIVER_PASSPHRASE or give --passphrase-fd.")
        return _typed(prompt)

    def new_passphrase(self, words: str) -> str:
        """A passphrase typed twice at the terminal; empty where only Enter was pressed."""
        self.warn(words)
        typed = _typed("Passphrase: ")
        if typed and _typed("Once more: ") != typed:
            raise UsageError("The two passphrases differ; nothing was made.")
        return typed


def _typed(prompt: str) -> str:
    """What is typed unseen; empty where only Enter was pressed."""
    return str(click.prompt(prompt, prompt_suffix="", hide_input=True, err=True, default="", show_default=False))


def _line_from(fd: int) -> str:
    try:
        with os.fdopen(os.dup(fd), encoding="utf-8") as stream:
            line = stream.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"No passphrase could be read from file descriptor {fd}.") from error
    if not line:
        raise UsageError(f"File descriptor {fd} gave no passphrase.")
    return line
