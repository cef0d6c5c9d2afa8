"""`list`, `show` and `search`: looking at what was kept. Changes nothing, fetches nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click

from archiver.addressed import same_post
from archiver.assembly import Archive
from archiver.cli.context import Door
from archiver.cli.words import capture_line, capture_record, detail_words, hit_record, hit_words, reading_record
from archiver.errors import UsageError
from archiver.records import Capture, plain

SUFFIXES = {"image/png": ".png", "text/html": ".html", "text/plain": ".txt", "multipart/related": ".mhtml"}
SUFFIXES |= {"application/json": ".json", "application/warc": ".warc", "application/x-pem-file": ".pem"}


@click.command("list")
@click.pass_obj
def list_captures(door: Door) -> int:
    """List what was kept, oldest first. Texts and pictures are not shown."""
    with door.open() as archive:
        captures = list(archive.vault.captures())
        for capture in captures:
            readings = archive.vault.readings(capture.id)
            door.result(capture_record(capture, readings), capture_line(capture, readings))
    if not captures:
        door.say("Nothing is kept yet.")
    return 0


@click.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--save", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write the kept files out."
)
@click.option("--reveal", is_flag=True, help="Also print the text that was kept.")
@click.pass_obj
def show(door: Door, identifier: str, save: Path | None, reveal: bool) -> int:
    """Show one capture: what was asked, what came, how complete it is."""
    with door.open() as archive:
        capture = archive.vault.capture(identifier)
        readings = archive.vault.readings(capture.id)
        record: dict[str, Any] = capture_record(capture, readings)
        same = same_post(capture, archive.vault.captures())
        record |= {"same_post": [other.id for other in same]}
        record |= {"body": plain(capture.body), "readings": [reading_record(reading) for reading in readings]}
        if save is not None:
            record["saved"] = [str(path) for path in _save(archive, capture, save)]
        door.result(record, detail_words(capture, readings, reveal=reveal, same_post=same))
    if save is not None:
        door.say(f"Saved to {save}. These copies are not encrypted. Check them there with: sha256sum -c SHA256SUMS")
    return 0


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.pass_obj
def search(door: Door, words: tuple[str, ...], limit: int) -> int:
    """Find words in pages, posts and pictures. Exit code 1 where nothing is found."""
    with door.open() as archive:
        hits = archive.vault.search(" ".join(words), limit=limit)
    for hit in hits:
        door.result(hit_record(hit), f"{hit_words(hit)}\n    {hit.snippet}")
    if not hits:
        door.say("Nothing found.")
    return 0 if hits else 1


def _save(archive: Archive, capture: Capture, folder: Path) -> list[Path]:
    """The artifacts under their roles, the log entry's bytes, and a SHA256SUMS that `sha256sum -c` accepts."""
    folder.mkdir(parents=True, exist_ok=True)
    entry = next(archive.vault.entries(after=capture.entry - 1))
    named = [("entry.json", entry.data), *_named(archive, capture)]
    taken = [name for name, _ in [*named, ("SHA256SUMS", b"")] if (folder / name).exists()]
    if taken:
        raise UsageError(f"{folder / taken[0]} is there already; nothing was written. Choose an empty folder.")
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in named)
    for name, data in [*named, ("SHA256SUMS", sums.encode())]:
        (folder / name).write_bytes(data)
    return [folder / name for name, _ in named] + [folder / "SHA256SUMS"]


def _named(archive: Archive, capture: Capture) -> list[tuple[str, bytes]]:
    counts: dict[str, int] = {}
    named = []
    for artifact in capture.body["artifacts"]:
        role = artifact["role"]
        n = counts[role] = counts.get(role, 0) + 1
        several = role in ("tile", "companion") or n > 1
        suffix = SUFFIXES.get(artifact["media_type"].partition(";")[0], ".bin")
        named.append(
            (f"{role}-{n:03}{suffix}" if several else f"{role}{suffix}", archive.vault.artifact(artifact["sha256"]))
        )
    return named
