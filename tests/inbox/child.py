"""A program of its own that seals into a locked vault's inbox, or takes in what lies there, for tests that kill it.

`python -m tests.inbox.child seal FOLDER COUNT`: after each item that is on the disk it prints "sealed <n> <address>".
`python -m tests.inbox.child take FOLDER`: prints "began" and takes in everything.
"""

from __future__ import annotations

import sys
from pathlib import Path

from archiver import vault
from archiver.assembly import Archive, How
from archiver.browser import BrowserFound
from archiver.capture import Order
from archiver.locked import Locked, Sealed
from archiver.settings import Settings
from tests.month import START, Look, Visitors, World
from tests.vault.child import CANARY, say
from tests.vault.made import SECRET

NO_BROWSER = BrowserFound("/nowhere", "none: visits are stood in for", "0")


def seal(folder: Path, count: int) -> None:
    locked = Locked(Settings(vault=folder))
    for n in range(count):
        url = f"https://a{n}.example/posts/1"
        world = World({url: [(0, Look(text=CANARY * 20_000))]}, now=START)
        for ended in locked.capture([Order(url, url)], How(), NO_BROWSER, pool=lambda world=world: Visitors(world)):
            assert isinstance(ended, Sealed)
            say(f"sealed {ended.n} {url}")


def take(folder: Path) -> None:
    settings = Settings(vault=folder)
    say("began")
    with Archive(settings, vault.open_vault(folder, secret=SECRET)) as archive:
        for item in archive.take_in():
            say(f"taken {item.capture}")


if __name__ == "__main__":
    if sys.argv[1] == "seal":
        seal(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        take(Path(sys.argv[2]))
