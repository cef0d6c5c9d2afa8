# ruff: noqa: S608 - the statements are made of the schema's own names
"""A flipped bit is named, whatever byte it is in; nothing damaged is called whole."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from archiver import vault
from archiver.errors import VaultDamaged, VaultError
from archiver.records import Finding
from tests.vault.made import DATABASE, PAGE_BYTES, SECRET, flip, page_artifacts, page_reading, raw, snapshot
from tests.verify.walked import COLUMNS, NOT_WALKED, SEEN_BY, findings, results, said

FLIPS_IN_FILE = 1_000


def test_every_column_is_walked_or_says_why_not() -> None:
    assert {table for table, _ in COLUMNS} == SEEN_BY.keys() | {table for table, _ in NOT_WALKED}
    assert NOT_WALKED.keys() <= set(COLUMNS)


@pytest.mark.parametrize(("table", "column"), [pair for pair in COLUMNS if pair not in NOT_WALKED])
def test_a_flipped_bit_in_any_column_is_named(
    table: str, column: str, whole: Path, watched: Path, tmp_path: Path
) -> None:
    whole = watched if table in ("watches", "pieces", "sealed_items", "logins", "requests", "answers") else whole
    chance, tried = random.Random(f"{table} {column}"), 0
    with raw(whole, guarded=True) as db:
        (rows,) = db.execute(f"select count(*) from {table}").fetchone()
    for row in sorted({0, rows // 2, rows - 1}):
        copy = Path(shutil.copytree(whole, tmp_path / str(row)))
        with raw(copy) as db:
            try:
                flip(db, table, column, row, at=chance.randrange(1 << 20))
            except dbapi2.IntegrityError:  # that value stands in another row: no such database can be
                continue
        tried += 1
        try:
            seen = findings(copy)
        except VaultError:
            assert table == "migrations" or table.startswith("passage_words")  # it was not even opened
            continue
        assert {finding.check for finding in seen} & SEEN_BY[table], (row, seen)
    assert tried


def test_every_artifact_is_named_after_one_flipped_bit(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(11)
    with raw(whole, guarded=True) as db:
        parts = db.execute("select artifact, n from chunks order by artifact, n").fetchall()
    assert len(parts) == 7
    for row, (sha256, n) in enumerate(parts):
        copy = Path(shutil.copytree(whole, tmp_path / f"{row}"))
        with raw(copy) as db:
            flip(db, "chunks", "data", row, at=chance.randrange(1 << 20))
        assert said(copy) == {("artifact bytes", sha256)}, n


def test_every_entry_is_named_after_one_flipped_bit_anywhere_in_it(whole: Path, tmp_path: Path) -> None:
    with raw(whole, guarded=True) as db:
        sizes = dict(db.execute("select seq, length(data) from log").fetchall())
    for seq, size in sizes.items():
        for at in range(seq, size, 307):
            copy = Path(shutil.copytree(whole, tmp_path / f"{seq}-{at}"))
            with raw(copy) as db:
                flip(db, "log", "data", seq - 1, at=at)
            assert ("entry bytes", f"entry {seq}") in said(copy)
            shutil.rmtree(copy)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of few pages, so that a thousand of it can be verified."""
    folder = tmp_path_factory.mktemp("small") / "vault"
    with vault.create(folder, secret=SECRET) as made:
        kept = made.append_capture(snapshot(1, artifacts=page_artifacts(1, 20_000)), note="a note")
        made.keep_reading(page_reading(kept.id, of=(kept.body["artifacts"][0]["sha256"],)))
    return folder


def test_a_flipped_bit_at_a_thousand_places_in_the_file_is_never_called_whole(
    small: Path, figure: Callable[[str], None]
) -> None:
    chance, path = random.Random(20_260_303), small / DATABASE
    data = path.read_bytes()
    places = [0, 15, 16, PAGE_BYTES - 1, len(data) - 1]
    places += [chance.randrange(len(data)) for _ in range(FLIPS_IN_FILE - len(places))]
    refused = 0
    for place in places:
        page = place // PAGE_BYTES + 1
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :])
        try:
            seen = findings(small)
        except VaultDamaged:
            refused += 1
            continue
        said_of_pages = [finding.what for finding in seen if finding.check == "database pages"]
        assert any(f"page {page}" in what for what in said_of_pages), (place, seen)
    path.write_bytes(data)
    assert findings(small) == []
    assert refused < len(places) // 2
    named = len(places) - refused
    figure(f"a flipped bit in notes.db: {len(places)} places, {refused} not opened, {named} named, 0 missed")


def test_a_database_with_many_ruined_pages_gives_findings_and_not_a_traceback(whole: Path, tmp_path: Path) -> None:
    data = (whole / DATABASE).read_bytes()
    pages, chance, opened = len(data) // PAGE_BYTES, random.Random(5), 0
    for turn in range(12):
        copy = Path(shutil.copytree(whole, tmp_path / str(turn)))
        ruined = bytearray(data)
        for page in chance.sample(range(1, pages), pages // 4):
            ruined[page * PAGE_BYTES : (page + 1) * PAGE_BYTES] = chance.randbytes(PAGE_BYTES)
        (copy / DATABASE).write_bytes(ruined)
        try:
            seen = results(copy)
        except VaultDamaged:
            continue
        opened += 1
        assert sum(isinstance(result, Finding) for result in seen) > 3
        assert all(len(result.what) < 500 for result in seen if isinstance(result, Finding))
    assert opened
