"""Made-up snapshots, readings and vaults for the tests. Nothing here was ever on a real page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver import keys, vault
from archiver.records import Artifact, By, Failure, Passage, Place, Provenance, Reading, Snapshot, Step, Verdict
from archiver.vault.connection import PAGE_BYTES, connect
from archiver.vault.schema import triggers
from archiver.vault.vault import DATABASE
from extractors.contract import Account, Media, Post, Problem, Standing, StatedTime, Word

CHEAP = keys.KdfCost(iterations=1, memory_kib=64, lanes=1, for_tests=True)
SECRET = keys.Passphrase("four made up words", CHEAP)
AT = "2026-03-03T09:15:00.000Z"


def snapshot(
    n: int = 1, *, title: str = "A page", artifacts: tuple[Artifact, ...] | None = None, **changed: Any
) -> Snapshot:
    address = f"http://127.0.0.1/posts/{n}"
    whole: dict[str, Any] = {
        "requested": f"{address}?igsh=abc",
        "cleaned": address,
        "final": address,
        "started": AT,
        "finished": "2026-03-03T09:15:04.250Z",
        "status": 200,
        "failure": Failure(),
        "title": title,
        "redirects": (),
        "steps": (Step("load", "done", ms=120),),
        "actions": (),
        "artifacts": page_artifacts(n) if artifacts is None else artifacts,
        "verdict": Verdict(True, "All of it."),
        "provenance": Provenance(tool="Archiver 0.1.0", headers=(("Server", "made up"),)),
    }
    return Snapshot(**(whole | changed))


def page_artifacts(n: int, size: int = 5_000) -> tuple[Artifact, ...]:
    """A page's HTML and one tile of random pixels, alike for the same n."""
    return (
        Artifact("dom", "text/html", f"<p>Post number {n}</p>".encode()),
        Artifact("tile", "image/png", random.Random(n).randbytes(size), Place(0, 0, 0, 1280, 800)),
    )


def page_reading(
    capture: str = "C1", *, of: tuple[str, ...] = (), text: str = "You will hear from me", **changed: Any
) -> Reading:
    quoted = Post(
        "mastodon", "quoted", Account("Bea", "bea"), "earlier", media=(Media("image", "https://x.test/1.png"),)
    )
    post = Post(
        "mastodon",
        "post",
        Account("Alex M.", "alexm@social.test", "1094"),
        text,
        StatedTime("2h", "2026-03-03T07:15:00Z", "Z", "id"),
        quoted=quoted,
        counts={"likes": "1.2K"},
        labels=("verified",),
    )
    whole: dict[str, Any] = {
        "capture": capture,
        "reader": "page",
        "made_with": "mastodon 1",
        "at": AT,
        "outcome": "done",
        "of": of,
        "records": (
            post,
            Standing("live", "HTTP 200"),
            Problem("article 3", "no author"),
            Word("hear", 1, 2, 30, 9, 91, 4),
        ),
        "passages": (Passage("post", text, of[0] if of else "", "post 1"),),
    }
    return Reading(**(whole | changed))


def filled(folder: Path, captures: int = 3) -> None:
    """A vault with captures, notes, an artifact in two parts, and readings of which one is superseded; closed."""
    with vault.create(folder, secret=SECRET) as made:
        for n in range(1, captures + 1):
            size = 1_300_000 if n == 1 else 5_000
            kept = made.append_capture(snapshot(n, artifacts=page_artifacts(n, size)), note=f"note {n}", by=By("Sam"))
            of = (kept.body["artifacts"][0]["sha256"],)
            made.keep_reading(page_reading(kept.id, of=of))
            made.keep_reading(page_reading(kept.id, of=of, text="You will hear from me again"))


@contextmanager
def raw(folder: Path, *, guarded: bool = False) -> Iterator[Any]:
    """A connection below the vault's own face; without the triggers that guard evidence, unless asked for."""
    db = connect(folder / DATABASE, keys.unlock(folder, SECRET).key)
    try:
        if not guarded:
            for name in triggers():
                db.execute(f"drop trigger {name}")
        yield db
    finally:
        db.close()


def flip(db: Any, table: str, column: str, rowid: int, *, at: int = 0) -> None:
    """One bit of one value, through SQL; with XOR, so that it always differs. A null becomes a one."""
    (value,) = db.execute(f"select {column} from {table} where rowid = ?", (rowid,)).fetchone()  # noqa: S608 - the test's own names
    if isinstance(value, bytes):
        place = at % len(value)
        value = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    elif isinstance(value, str):
        place = at % max(1, len(value))
        value = value[:place] + chr(ord(value[place : place + 1] or "@") ^ 1) + value[place + 1 :]
    else:
        value = (value or 0) ^ 1
    db.execute(f"update {table} set {column} = ? where rowid = ?", (value, rowid))  # noqa: S608 - as above


__all__ = [
    "AT",
    "CHEAP",
    "DATABASE",
    "PAGE_BYTES",
    "SECRET",
    "filled",
    "page_artifacts",
    "page_reading",
    "raw",
    "snapshot",
]
