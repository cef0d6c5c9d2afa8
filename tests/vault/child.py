"""A program of its own that writes to a vault, for tests that kill it or let two of them meet.

`python -m tests.vault.child FOLDER FIRST COUNT`: after each capture is kept it prints "kept C<n> <its address>".
`python -m tests.vault.child --create FOLDER`: makes vaults below FOLDER, and prints "made <name>" after each.
"""

from __future__ import annotations

import sys
from pathlib import Path

from archiver import vault
from archiver.records import Artifact
from tests.vault.made import SECRET, page_artifacts, page_reading, snapshot

CANARY = "quicksilver nightingale"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def append(folder: Path, first: int, count: int) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        for n in range(first, first + count):
            size = (n * 7_919) % 2_500_000
            text = Artifact("text", "text/plain", f"{CANARY} {n} ".encode() * 40)
            seen = snapshot(n, artifacts=(*page_artifacts(n, size), text), title=CANARY)
            capture = opened.append_capture(seen, note=f"{CANARY} note")
            say(f"kept {capture.id} {seen.requested}")
            opened.keep_reading(page_reading(capture.id, of=(text.sha256,), text=f"{CANARY} read"))
            say(f"read {capture.id}")


def create(parent: Path) -> None:
    for n in range(1_000):
        vault.create(parent / f"vault{n}", secret=SECRET).close()
        say(f"made vault{n}")


if __name__ == "__main__":
    if sys.argv[1] == "--create":
        create(Path(sys.argv[2]))
    else:
        append(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
