"""Captures every page of a folder of real samples from loopback and asks search for a word of each one's text.

`python -m benchmarks.real [--jobs 2] [--ocr] [--only WORD]`. Prints the pages whose word was not found, with what was
kept of them, then verifies the vault. Exit code 1 where a page is no capture or the vault does not verify.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from archiver import keys
from archiver.assembly import Archive, How, browser_for
from archiver.capture import Kept, order_for
from archiver.cli.words import posts_in, standing_in
from archiver.records import OCR, PAGE, Finding
from archiver.settings import Settings
from archiver.verify import verify
from tests.program import served

TYPES = {".json": "application/json", ".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared" / "real")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ocr", action="store_true", help="also read the pictures")
    parser.add_argument("--only", default="", help="only files whose path holds this")
    parser.add_argument("--vault", type=Path, help="keep the vault here")
    arguments = parser.parse_args()
    files = [p for top in ("pages", "removed") for p in sorted((arguments.samples / top).rglob("*")) if p.is_file()]
    names = {f"/{n}{p.suffix}": p for n, p in enumerate(files) if arguments.only in str(p)}
    truth = {row["file"]: row for row in map(json.loads, (arguments.samples / "truth.jsonl").read_text().splitlines())}
    pages = {name: (200, TYPES.get(path.suffix, "text/html"), path.read_bytes()) for name, path in names.items()}
    with tempfile.TemporaryDirectory() as folder, served(pages) as site:
        settings = Settings(vault=arguments.vault or Path(folder) / "vault")
        with Archive.create(settings, keys.Passphrase("only for this measurement")) as archive:
            ids = _capture(archive, [f"{site}{quote(name)}" for name in names], arguments)
            missed = list(
                _missed(archive, {ids[f"{site}{quote(name)}"]: p for name, p in names.items()}, truth, arguments)
            )
            findings = [seen for seen in verify(archive.vault) if isinstance(seen, Finding)]
    print(f"{len(ids)} of {len(names)} pages are captures; {len(missed)} words not found; {len(findings)} findings")
    for line in [*missed, *map(str, findings)]:
        print(line)
    return 1 if findings or len(ids) != len(names) else 0


def _capture(archive: Archive, addresses: list[str], arguments: argparse.Namespace) -> dict[str, str]:
    """Address -> capture id."""
    ids = {}
    how = How(jobs=arguments.jobs, allow_private=True)
    orders = [order_for(address, allow_private=True) for address in addresses]
    for ended in archive.capture(orders, how, browser_for(archive.settings)):
        if not isinstance(ended, Kept):
            print("lost:", ended.order.supplied, ended.sentence)
            continue
        ids[ended.order.supplied] = ended.capture.id
        for reading in archive.read(ended.capture, (PAGE, OCR) if arguments.ocr else (PAGE,)):
            print(ended.capture.id, reading.reader, reading.made_with, reading.outcome, file=sys.stderr)
    return ids


def _missed(
    archive: Archive, kept: dict[str, Path], truth: dict[str, dict[str, object]], arguments: argparse.Namespace
) -> Iterator[str]:
    for id_, path in kept.items():
        name = path.relative_to(arguments.samples).as_posix()
        words = [word for text in _texts(truth.get(name, {})) if (word := _word(text))]
        lost = [word for word in words if id_ not in {hit.capture for hit in archive.vault.search(word, limit=10_000)}]
        if lost:
            yield f"{id_} {name}: {len(lost)} of {len(words)} words, first {lost[0]!r}; {_kept(archive, id_)}"


def _kept(archive: Archive, id_: str) -> str:
    readings, body = archive.vault.readings(id_), archive.vault.capture(id_).body
    where = body["failure"]["sentence"] or body["final"]
    return f"{standing_in(readings)}, {len(posts_in(readings))} posts; {where}; {body['verdict']['sentence']}"


def _texts(row: dict[str, object]) -> list[str]:
    posts = row.get("posts") or []
    assert isinstance(posts, list)
    return [post["text"] for post in posts if post.get("text")]


def _word(text: str) -> str:
    """The longest word of a text that is cut after 200 characters: its last word may be cut too."""
    words = re.findall(r"\w+", text if len(text) < 200 else text.rpartition(" ")[0])
    return max(words, key=len, default="")


if __name__ == "__main__":
    sys.exit(main())
