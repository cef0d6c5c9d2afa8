# ruff: noqa: S608 - the statements are made of the schema's own names
"""Verification names the damaged thing, whatever byte was changed, and calls nothing whole that is not."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from archiver import vault
from archiver.errors import VaultDamaged, VaultError
from archiver.integrity import canonical, sha256_of
from archiver.records import Artifact, Checked, Finding
from archiver.vault.schema import bring_up_to_date
from archiver.verify import verify
from tests.vault.made import (
    AT,
    DATABASE,
    PAGE_BYTES,
    SECRET,
    add_watch,
    filled,
    flip,
    page_artifacts,
    page_reading,
    raw,
    saved_page,
    snapshot,
)

CHECKS = [
    "database pages",
    "database structure",
    "entry bytes",
    "entry form",
    "entry chain",
    "log head",
    "signing key",
    "entry kinds",
    "artifacts promised",
    "artifact bytes",
    "stray artifacts",
    "captures",
    "watches",
    "inbox key",
    "inbox",
    "logins",
    "notes",
    "readings",
    "search",
    "search index",
    "keys",
]
SEEN_BY = {  # table: the checks of which at least one must name a changed byte in it
    "artifacts": {"artifacts promised", "artifact bytes"},
    "captures": {"captures"},
    "chunks": {"artifact bytes"},
    "head": {"log head", "database structure"},
    "log": {"entry bytes"},
    "migrations": {"database structure"},
    "passage_words_data": {"search index", "database structure"},
    "passage_words_docsize": {"search index", "database structure"},
    "passage_words_idx": {"search index", "database structure"},
    "passages": {"readings", "notes", "search", "search index"},
    "readings": {"readings"},
    "signing": {"signing key", "database structure"},
    "pieces": {"artifact bytes", "stray artifacts"},
    "watches": {"watches"},
    "mailbox": {"inbox key", "database structure"},
    "sealed_items": {"inbox"},
    "logins": {"logins"},
}
NOT_WALKED = {  # table and column: why a changed byte there is no finding
    ("migrations", "at"): "says when the tables were made; nothing rests on it",
    ("logins", "added"): "when the person signed in; the log has it too, and nothing rests on this one",
    ("logins", "state"): "the person's own secret, of which the log has no hash: a site tells whether it still works",
    ("lists", "sha256"): "where a long job was broken off; what is not known there is visited again",
    ("lists", "begun"): "as above",
    ("claims", "watch"): "who is visiting what just now; a claim ends by itself",
    ("claims", "visits"): "as above",
    ("claims", "runner"): "as above",
    ("claims", "until"): "as above",
    ("passage_words_config", "k"): "a setting of the search index, which says itself whether it fits the passages",
    ("passage_words_config", "v"): "as above",
    ("passage_words_idx", "segid"): "where a search of the index begins to read: further in front it finds the same",
    ("passage_words_idx", "term"): "as above",
}
FLIPS_IN_FILE = 60


def columns() -> list[tuple[str, str]]:
    """Every column of every table of a vault, the search index's own tables among them."""
    with Database(memory=True, execute_plugins=False) as fresh:
        bring_up_to_date(fresh, at="")
        rows = fresh.execute("select name from sqlite_master where type = 'table' and sql not like '%virtual%'")
        tables = [row[0] for row in rows.fetchall()]
        return [(table, row[1]) for table in tables for row in fresh.execute(f"pragma table_info({table})").fetchall()]


COLUMNS = columns()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "vault"
    filled(folder)
    return folder


@pytest.fixture(scope="module")
def watched(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same vault with a watch that has been visited, and a page saved twice that carries one file."""
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("watched") / "vault"))
    with vault.open_vault(folder, secret=SECRET) as opened:
        add_watch(opened)
        opened.keep_login(vault.Login("mine", ("a.example",), AT, "{}"))
        for n in range(2):
            opened.append_capture(snapshot(9, artifacts=(saved_page(n),)))
        opened.append_taken(snapshot(4), {"n": 1, "sha256": "ab" * 32, "faults": []})
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "vault"))


def results(folder: Path) -> list[Finding | Checked]:
    with vault.open_vault(folder, secret=SECRET) as opened:
        return list(verify(opened))


def findings(folder: Path) -> list[Finding]:
    return [seen for seen in results(folder) if isinstance(seen, Finding)]


def sql(folder: Path, *statements: str) -> None:
    with raw(folder) as db:
        for statement in statements:
            db.execute(statement)


def said(folder: Path) -> set[tuple[str, str]]:
    return {(finding.check, finding.subject) for finding in findings(folder)}


def test_a_whole_vault_passes_every_check_by_name_and_says_how_much_it_looked_at(folder: Path) -> None:
    seen = results(folder)
    assert [result.check for result in seen] == CHECKS
    counts = {result.check: result.count for result in seen if isinstance(result, Checked)}
    assert counts == counts | {
        "entry bytes": 4,
        "artifact bytes": 6,
        "captures": 3,
        "notes": 3,
        "readings": 6,
        "search": 6,
    }
    assert [name for name, count in counts.items() if count == 0] == ["watches", "inbox", "logins"]


def test_a_vault_with_a_watch_passes_and_counts_it(watched: Path) -> None:
    seen = results(watched)
    assert [result for result in seen if isinstance(result, Finding)] == []
    assert {result.check: result.count for result in seen if isinstance(result, Checked)}["watches"] == 1


def test_it_says_what_it_cannot_know(folder: Path) -> None:
    (chain,) = (seen for seen in results(folder) if seen.check == "entry chain")
    assert isinstance(chain, Checked)
    assert "Nothing outside this vault" in chain.note


def test_nothing_to_check_is_a_finding(tmp_path: Path) -> None:
    vault.create(tmp_path / "vault", secret=SECRET).close()
    assert said(tmp_path / "vault") == {("contents", "vault")}


def test_progress_ends_at_all_the_bytes(folder: Path) -> None:
    heard: list[tuple[int, int]] = []
    with vault.open_vault(folder, secret=SECRET) as opened:
        list(verify(opened, progress=lambda done, total: heard.append((done, total))))
    assert len(heard) == 6
    assert heard[-1][0] == heard[-1][1] > 1_300_000
    assert heard == sorted(heard)


def test_verifying_changes_nothing(folder: Path) -> None:
    before = (folder / DATABASE).read_bytes()
    results(folder)
    assert (folder / DATABASE).read_bytes() == before


def test_what_another_program_keeps_meanwhile_is_no_finding(folder: Path) -> None:
    seen: list[Finding | Checked] = []
    with (
        vault.open_vault(folder, secret=SECRET) as opened,
        vault.open_vault(folder, secret=SECRET) as other,
    ):
        for n, result in enumerate(verify(opened)):
            seen.append(result)
            other.append_capture(snapshot(50 + n), note="meanwhile")
            other.keep_reading(page_reading(f"C{n % 3 + 1}"))
    assert [result.check for result in seen] == CHECKS
    assert findings(folder) == []


def test_keys_that_are_gone_meanwhile_are_named(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        (folder / "keys.json").write_text("{")
        assert [seen.subject for seen in verify(opened) if isinstance(seen, Finding)] == ["keys.json"]


def test_every_column_is_walked_or_says_why_not() -> None:
    assert {table for table, _ in COLUMNS} == SEEN_BY.keys() | {table for table, _ in NOT_WALKED}
    assert NOT_WALKED.keys() <= set(COLUMNS)


@pytest.mark.parametrize(("table", "column"), [pair for pair in COLUMNS if pair not in NOT_WALKED])
def test_a_flipped_bit_in_any_column_is_named(
    table: str, column: str, whole: Path, watched: Path, tmp_path: Path
) -> None:
    whole = watched if table in ("watches", "pieces", "sealed_items", "logins") else whole
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


def test_flipped_bits_in_the_file_are_never_called_whole(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(20_260_303)
    data = (whole / DATABASE).read_bytes()
    refused = 0
    places = [0, 15, 16, PAGE_BYTES - 1, len(data) - 1, *(chance.randrange(len(data)) for _ in range(FLIPS_IN_FILE))]
    for turn, place in enumerate(places):
        copy = Path(shutil.copytree(whole, tmp_path / str(turn)))
        changed = bytes([data[place] ^ (1 << chance.randrange(8))])
        (copy / DATABASE).write_bytes(data[:place] + changed + data[place + 1 :])
        try:
            seen = findings(copy)
        except VaultDamaged:
            refused += 1
            continue
        finally:
            shutil.rmtree(copy, ignore_errors=True)
        named = [finding.what for finding in seen if finding.check == "database pages"]
        assert any(f"page {place // PAGE_BYTES + 1}" in what for what in named), (place, seen)
    assert refused < len(places) // 2


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


def test_what_is_missing_from_the_log_is_named(whole: Path, tmp_path: Path) -> None:
    for seq in (1, 2, 3):
        copy = Path(shutil.copytree(whole, tmp_path / str(seq)))
        sql(copy, f"delete from log where seq = {seq}")
        assert ("entry bytes", f"entry {seq}") in said(copy)
    copy = Path(shutil.copytree(whole, tmp_path / "last"))
    sql(copy, "delete from log where seq >= 3")
    assert ("log head", "entries 3 to 4") in said(copy)


def test_a_lost_last_entry_stays_visible_after_more_was_kept(folder: Path) -> None:
    sql(folder, "delete from log where seq = 4")
    with vault.open_vault(folder, secret=SECRET) as opened:
        assert opened.append_capture(snapshot(9)).entry == 5
    assert ("entry bytes", "entry 4") in said(folder)


def test_entries_that_changed_places_are_named(folder: Path) -> None:
    sql(
        folder,
        "update log set seq = 99 where seq = 3",
        "update log set seq = 3 where seq = 2",
        "update log set seq = 2 where seq = 99",
    )
    assert {("entry form", "entry 2"), ("entry form", "entry 3"), ("entry chain", "entry 2")} <= said(folder)


def test_a_rewritten_entry_breaks_the_chain_or_the_head(whole: Path, tmp_path: Path) -> None:
    for seq, expected in ((2, ("entry chain", "entry 3")), (4, ("log head", "entry 4"))):
        copy = Path(shutil.copytree(whole, tmp_path / str(seq)))
        with raw(copy) as db:
            (data,) = db.execute("select data from log where seq = ?", (seq,)).fetchone()
            fields = json.loads(data)
            fields["body"]["title"] = "another title"
            new = canonical(fields)
            db.execute("update log set data = ?, sha256 = ? where seq = ?", (new, sha256_of(new), seq))
        assert said(copy) == {expected}


def test_artifacts_that_are_missing_or_that_nobody_named_are_told_apart(folder: Path) -> None:
    gone, stray = page_artifacts(2)[1], Artifact("response", "text/plain", b"nobody named me")
    with raw(folder) as db:
        db.execute("delete from chunks where artifact = ?", (gone.sha256,))
        db.execute("delete from artifacts where sha256 = ?", (gone.sha256,))
        db.execute("insert into artifacts values (?, ?, 1)", (stray.sha256, len(stray.data)))
        db.execute("insert into chunks values (?, 0, ?)", (stray.sha256, stray.data))
        db.execute("insert into chunks values (?, 0, ?)", ("00" * 32, b"x"))
    assert {
        ("artifacts promised", gone.sha256),
        ("stray artifacts", stray.sha256),
        ("stray artifacts", "00" * 32),
    } <= said(folder)
    assert ("artifact bytes", stray.sha256) not in said(folder)


def test_a_promise_is_checked_even_where_the_artifact_is_whole_but_of_another_size(folder: Path) -> None:
    sha256 = page_artifacts(2)[0].sha256
    sql(folder, f"update artifacts set size = size + 1 where sha256 = '{sha256}'")
    assert {("artifacts promised", sha256), ("artifact bytes", sha256)} == said(folder)


def test_a_table_that_does_not_say_what_the_log_says_is_named(folder: Path) -> None:
    sql(
        folder,
        "delete from captures where id = 'C1'",
        "update captures set status = 404 where id = 'C2'",
        "insert into captures values (7, 'C7', 9, '', '', null, '', '')",
        "delete from passages where source = 'note' and capture = 'C3'",
    )
    assert said(folder) == {
        ("captures", "captures C1"),
        ("captures", "captures C2"),
        ("captures", "captures C7"),
        ("notes", "passages C3"),
        ("search index", "passage_words"),
    }
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.rebuild()
    assert findings(folder) == []


def test_readings_that_name_what_is_not_there_are_named(folder: Path) -> None:
    with raw(folder) as db:
        for number, capture, artifacts in ((90, "C9", "[]"), (91, "C1", json.dumps(["00" * 32]))):
            listed = (
                "capture, 'x' || id, made_with, at, outcome, detail, artifacts, records, passages_sha256, sha256, null"
            )
            changed = listed.replace("capture,", f"'{capture}',", 1).replace(" artifacts,", f" '{artifacts}',", 1)
            db.execute(f"insert into readings select {number}, {changed} from readings where id = 1")
        db.execute("insert into passages values (900, 'C1', 555, 'page', 'loose', 'loose', '', '')")
    seen = said(folder)
    assert {("readings", "reading 90 (C9, x1)"), ("readings", "reading 91 (C1, x1)")} <= seen
    assert ("search", "passage 900 (C1)") in seen


def test_a_kind_of_a_later_version_is_said_to_be_unknown(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.append("dream", {"what": "flying"}, at=AT, artifacts=[Artifact("response", "text/plain", b"zzz")])
    assert said(folder) == {("entry kinds", "entry 5")}


def test_guards_and_tables_that_are_not_as_they_were_made_are_named(folder: Path) -> None:
    sql(folder, "drop index passages_by_reading", "create table diary (words text)")
    assert said(folder) == {("database structure", "notes.db")}
    assert len(findings(folder)) == 2


HOSTILE: list[dict[str, Any]] = [
    {},
    {"artifacts": 5},
    {"artifacts": [5]},
    {"artifacts": [{}]},
    {"artifacts": [{"sha256": 5, "size": "x"}]},
    {"artifacts": [{"sha256": "A" * 64, "size": 1}]},
    {"artifacts": {"sha256": 1}},
    {"artifacts": None},
    {"id": 5},
    {"id": "C1", "requested": "", "final": "", "status": 200, "failure": {"kind": ""}, "artifacts": []},
    {"id": "C05", "requested": "", "final": "", "status": 200, "failure": {"kind": ""}},
    {"id": "C5", "requested": [], "final": "", "status": 200, "failure": {"kind": ""}},
    {"id": "C5", "requested": "", "final": "", "status": "200", "failure": {"kind": ""}},
    {"id": "C5", "requested": "", "final": "", "status": 200, "failure": None},
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_an_entry_that_was_made_by_hand_gives_findings_and_not_a_traceback(body: dict[str, Any], folder: Path) -> None:
    with raw(folder) as db:
        prev, data = db.execute("select sha256, data from log where seq = 4").fetchone()
        new = canonical(json.loads(data) | {"seq": 5, "prev": prev, "body": body})
        db.execute("insert into log values (5, ?, ?)", (sha256_of(new), new))
        db.execute("update head set size = 5, sha256 = ?", (sha256_of(new),))
    assert [finding for finding in findings(folder) if "entry 5" in finding.subject or "C" in finding.subject]
