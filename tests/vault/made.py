# ruff: noqa: S608 - the statements are made of the schema's own names
"""Made-up snapshots, readings and vaults for the tests. Nothing here was ever on a real page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver import keys, vault
from archiver.integrity import CAPTURE_KIND
from archiver.records import (
    Artifact,
    By,
    Capture,
    Failure,
    Passage,
    Place,
    Provenance,
    Reading,
    Snapshot,
    Step,
    Verdict,
    plain,
)
from archiver.vault.connection import PAGE_BYTES, connect
from archiver.vault.schema import triggers
from archiver.vault.vault import DATABASE
from archiver.watched import Watch
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


def saved_page(n: int, size: int = 30_000, files: int = 3) -> Artifact:
    """A page as Chromium saves it: other boundary, date and names each time, the same files in it."""
    line, chance = f"----MultipartBoundary--{random.Random(n).randbytes(20).hex()}----", random.Random(5)
    head = f'From: <Saved by Blink>\r\nDate: day {n}\r\nContent-Type: multipart/related;\r\n\tboundary="{line}"\r\n\r\n'
    words = f'<p>{"made up words " * 200}</p><link href=3D"cid:css-{random.Random(n).randbytes(16).hex()}@mhtml.blink">'
    parts = [words + "more of them " * 200, *(chance.randbytes(size).hex() for _ in range(files))]
    body = "".join(f"\r\n--{line}\r\nContent-ID: <{n}>\r\n\r\n{part}" for part in parts)
    return Artifact("mhtml", "multipart/related", f"{head}{body}\r\n--{line}--\r\n".encode())


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
            kept = as_before(made, snapshot(n, artifacts=page_artifacts(n, size)), note=f"note {n}", by=By("Sam"))
            of = (kept.body["artifacts"][0]["sha256"],)
            made.keep_reading(page_reading(kept.id, of=of))
            made.keep_reading(page_reading(kept.id, of=of, text="You will hear from me again"))


def as_before(made: vault.Vault, seen: Snapshot, *, note: str, by: By) -> Capture:
    """A capture as vaults of the first version hold it: the note inside its entry."""
    body = plain(seen) | {"note": note, "id": f"C{sum(1 for _ in made.captures()) + 1}"}
    del body["artifacts"]
    with made._writing():
        made._add(CAPTURE_KIND, body, at=seen.finished, by=by, artifacts=seen.artifacts)
    return made.capture(body["id"])


def add_watch(opened: vault.Vault) -> Watch:
    """A watch on C1, visited once."""
    body = {"url": "http://127.0.0.1/posts/1", "host": "127.0.0.1", "capture": "C1", "every": 3600, "until": ""}
    made = opened.add_watch(body | {"allow_private": False, "standing": "live", "seen_at": AT}, at=AT)
    claim = opened.claim_watch(made, now=0)
    assert claim is not None
    assert opened.append_visit(claim, visit_body(capture="C2", before="C1"), at=AT)
    return opened.watch(made.id)


def visit_body(**changed: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "capture": "C1",
        "before": "C1",
        "standing": "live",
        "why": "nothing speaks against it",
        "tells": True,
        "changes": [],
        "stop": "",
        "unchanged": True,
        "same": [],
        "differs": [],
    }
    return whole | changed


@contextmanager
def raw(folder: Path, *, guarded: bool = False) -> Iterator[Any]:
    """A connection below the vault's own face; without the triggers that guard evidence, unless asked for."""
    db = connect(folder / DATABASE, keys.unlock(folder, SECRET).key)
    try:
        if not guarded:
            db.execute("begin")
            for name in triggers():
                db.execute(f"drop trigger {name}")
            db.execute("commit")
            db.execute("pragma foreign_keys = off")
            db.execute("pragma ignore_check_constraints = on")
        yield db
    finally:
        db.close()


def flip(db: Any, table: str, column: str, row: int = 0, *, at: int = 0) -> None:
    """One bit of one value of the row with that number, through SQL; with XOR, so that it always differs.

    The rows are numbered in the order of their key. A null becomes a one, an empty value gets a letter or byte.
    """
    keys_of_row = [name for _, name, *_, place in db.execute(f"pragma table_info({table})") if place] or ["rowid"]
    named = ", ".join(keys_of_row)
    found = db.execute(f"select {named}, {column} from {table} order by {named} limit 1 offset {row}").fetchone()
    *address, value = found
    if isinstance(value, bytes):
        place = at % max(1, len(value))
        value = value[:place] + bytes([(value[place : place + 1] or b"\x00")[0] ^ 1]) + value[place + 1 :]
    elif isinstance(value, str):
        place = at % max(1, len(value))
        value = value[:place] + chr(ord(value[place : place + 1] or "@") ^ 1) + value[place + 1 :]
    else:
        value = (value or 0) ^ 1
    where = " and ".join(f"{name} = ?" for name in keys_of_row)
    db.execute(f"update {table} set {column} = ? where {where}", (value, *address))


__all__ = [
    "AT",
    "CHEAP",
    "DATABASE",
    "PAGE_BYTES",
    "SECRET",
    "add_watch",
    "filled",
    "page_artifacts",
    "page_reading",
    "raw",
    "saved_page",
    "snapshot",
    "visit_body",
]
