# ruff: noqa: S608 - the statements are made of the schema's own names
"""What the tables say is held against the log, and what is there against what was promised."""

from __future__ import annotations

import json
from pathlib import Path

from archiver import vault
from archiver.records import Artifact
from tests.vault.made import SECRET, page_artifacts, raw
from tests.verify.walked import findings, said, sql


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


def test_guards_and_tables_that_are_not_as_they_were_made_are_named(folder: Path) -> None:
    sql(folder, "drop index passages_by_reading", "create table diary (words text)")
    assert said(folder) == {("database structure", "notes.db")}
    assert len(findings(folder)) == 2
