"""What is killed at seeded moments, and what must hold afterwards. Another flow joins by a line in `FLOWS`.

Each flow works for ever in a process of its own, on a vault that is there, and tells what it has finished. It runs
in a process from a server that has loaded everything: it is there at once, and most moments fall into its work.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from archiver import anchoring, vault
from tests.vault.made import SECRET, page_artifacts, page_reading, snapshot

KILLS = 34  # of each flow; with three forms of bundle and the backup (tests/bundle) there are six: 204 moments
PACED = 12  # turns after which it is measured anew how long the work takes
SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(["tests.kills", "tests.bundle.child"])


@dataclass(frozen=True)
class Place:
    """Where a flow works."""

    folder: Path  # the vault's
    first: int  # number of its first made-up page: others than in the turns before
    authority: str = ""  # address of a time-stamp authority
    roots: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Flow:
    work: Callable[[Place, Connection], None]  # "began" once, then one line for each thing that is done
    missing: Callable[[vault.Vault, list[str]], list[str]]  # of what was said to be done, what the vault has not


def capturing(place: Place, told: Connection) -> None:
    with vault.open_vault(place.folder, secret=SECRET) as opened:
        told.send("began")
        for n in itertools.count(place.first):
            artifacts = page_artifacts(n, n * 7_919 % 400_000)
            capture = opened.append_capture(snapshot(n, artifacts=artifacts))
            told.send(f"{capture.id} {capture.body['requested']}")
            opened.keep_reading(page_reading(capture.id, of=(artifacts[0].sha256,)))


def captures_missing(opened: vault.Vault, said: list[str]) -> list[str]:
    kept = {f"{capture.id} {capture.body['requested']}" for capture in opened.captures()}
    return [line for line in said if line not in kept]


def anchoring_on(place: Place, told: Connection) -> None:
    with vault.open_vault(place.folder, secret=SECRET) as opened:
        told.send("began")
        for n in itertools.count(place.first):
            opened.append_capture(snapshot(n, artifacts=page_artifacts(n, 500)))
            for came in anchoring.anchor(
                opened, [place.authority], roots=place.roots, send=anchoring.sender(), now=lambda: datetime.now(UTC)
            ):
                told.send(f"{came.anchor.n} {came.anchor.status} {came.anchor.entry}")


def anchors_missing(opened: vault.Vault, said: list[str]) -> list[str]:
    kept = {f"{anchor.n} {anchor.status} {anchor.entry}" for anchor in opened.anchors() if anchor.reply}
    return [line for line in said if line not in kept]


FLOWS = {
    "capture": Flow(capturing, captures_missing),
    "anchor": Flow(anchoring_on, anchors_missing),
}


def count() -> int:
    """How many moments of each flow: the usual number in the suite, or what ARCHIVER_KILLS says."""
    return int(os.environ.get("ARCHIVER_KILLS", KILLS))


class Kills:
    """Kills at seeded moments. They are drawn from twice the time that the work takes here and now, so that they fall
    into it on a slow or busy machine too: now and then it is killed when the first thing is done, which tells how long.
    """

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)
        self._turn, self._seconds = 0, 0.0

    def one(self, work: Callable[..., None], *arguments: Any) -> list[str]:
        """What it had told when it was killed."""
        moment = self._chance.uniform(0, 2)
        said = []
        with _at_work(work, *arguments) as (process, hears):
            if self._turn % PACED == 0:
                began = time.monotonic()
                said.append(hears.recv())
                self._seconds = time.monotonic() - began
            else:
                process.join(moment * self._seconds)
            self._turn += 1
            return said + _ended(process, hears)


@contextmanager
def _at_work(work: Callable[..., None], *arguments: Any) -> Iterator[tuple[Any, Connection]]:
    hears, told = SERVER.Pipe(duplex=False)
    process = SERVER.Process(target=work, args=(*arguments, told))
    process.start()
    told.close()
    assert hears.recv() == "began"
    yield process, hears


def _ended(process: Any, hears: Connection) -> list[str]:
    process.kill()
    process.join(60)
    assert process.exitcode == -9
    said = []
    while True:
        try:
            said.append(hears.recv())
        except EOFError:
            return said
