"""What writes bundles or backups in a process of its own, for tests that kill it. It tells what it has finished."""

from __future__ import annotations

import itertools
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

from archiver import backup, vault
from archiver.bundle.choose import Asked, choose
from archiver.bundle.write import How
from archiver.records import By, Finding
from archiver.verify import verify
from tests.bundle.bags import written
from tests.vault.made import AT, SECRET

FORMS = {"folder": How(), "zip": How(zipped=True), "closed": How(zipped=True, passphrase="made up words")}


def work(kind: str, folder: Path, place: Path, scratch: Path, told: Connection) -> None:
    """For ever: "began" once, then the number of each that is ready."""
    tempfile.tempdir = str(scratch)
    with vault.open_vault(folder, secret=SECRET) as opened:
        chosen = choose(opened, Asked(), at=AT)
        told.send("began")
        for n in itertools.count():
            if kind == "backup":
                backup.backup(opened, place / "backup", check=findings, now=lambda: AT, by=By(), progress=nobody)
            else:
                name = f"{kind}{n}" if kind == "folder" else f"{kind}{n}.zip"
                written(opened, chosen, place / name, FORMS[kind])
            told.send(str(n))


def findings(opened: vault.Vault) -> list[Finding]:
    return [seen for seen in verify(opened) if isinstance(seen, Finding)]


def nobody(done: int, total: int) -> None:
    """Hears how far it is, and needs not know."""
