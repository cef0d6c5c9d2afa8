# ruff: noqa: S608 - the statements are made of the schema's own names
"""Evidence is only ever added to, whatever SQL is tried; and the guards are there after every open."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from archiver import keys, vault
from archiver.timestamp import request_for
from archiver.vault.connection import connect
from archiver.vault.schema import APPEND_ONLY, triggers
from tests.vault.made import AT, DATABASE, SECRET, raw, saved_page, snapshot

EVIDENCE = sorted(APPEND_ONLY)


def attempts(table: str, columns: list[str]) -> dict[str, str]:
    """Every way that SQL knows to change or take away a row; the values are those of rows that are there."""
    listed, first = ", ".join(columns), columns[0]
    same = f"({listed}) select {listed} from {table} where true"
    tried = {
        "update": f"update {table} set {first} = {first}",
        "delete": f"delete from {table}",
        "insert": f"insert into {table} {same}",
        "insert or replace": f"insert or replace into {table} {same}",
        "replace": f"replace into {table} {same}",
        "insert or ignore": f"insert or ignore into {table} {same}",
        "upsert": f"insert into {table} {same} on conflict do update set {first} = {first}",
    }
    if table in ("artifacts", "chunks"):  # the others' rowid is their key
        other = f"select rowid, {first} || 'x', {', '.join(columns[1:])} from {table}"
        tried["replace by hidden rowid"] = f"insert or replace into {table} (rowid, {listed}) {other}"
    return tried


@pytest.mark.parametrize("recursive", ["on", "off"])
@pytest.mark.parametrize("table", EVIDENCE)
def test_evidence_cannot_be_changed_or_taken_away(table: str, recursive: str, filled_folder: Path) -> None:
    with vault.open_vault(filled_folder, secret=SECRET) as opened:
        opened.append_capture(snapshot(9, artifacts=(saved_page(9),)))  # the only kind of artifact that has pieces
        opened.ask_anchors(("http://127.0.0.1/stamp",), request=request_for, at=AT)
    with raw(filled_folder, guarded=True) as db:
        db.execute(f"pragma recursive_triggers = {recursive}")
        db.execute("pragma foreign_keys = off")
        columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
        everything = f"select rowid, * from {table} order by rowid"
        before = db.execute(everything).fetchall()
        assert before, "a table without rows would guard nothing"
        for name, sql in attempts(table, columns).items():
            with pytest.raises(dbapi2.IntegrityError, match=f"{table} is append-only"):
                db.execute(sql)
            assert db.execute(everything).fetchall() == before, name


def test_every_trigger_is_there_after_all_migrations(filled_folder: Path) -> None:
    with raw(filled_folder, guarded=True) as db:
        there = {row[0] for row in db.execute("select name from sqlite_master where type = 'trigger'")}
    assert there == triggers().keys()
    assert len(there) == 3 * len(APPEND_ONLY) + 3


def test_guards_that_were_dropped_are_put_back_when_the_vault_is_opened(filled_folder: Path) -> None:
    with raw(filled_folder) as db:
        db.execute("create trigger log_keep_from_delete before delete on log begin select 1; end")
    with vault.open_vault(filled_folder, secret=SECRET):
        pass
    with raw(filled_folder, guarded=True) as db:
        assert {
            row[0] for row in db.execute("select name from sqlite_master where type = 'trigger'")
        } == triggers().keys()
        with pytest.raises(dbapi2.IntegrityError, match="log is append-only"):
            db.execute("delete from log")


def test_sqlite_utils_may_drop_guards_by_transforming_a_table_but_not_for_long(filled_folder: Path) -> None:
    db = connect(filled_folder / DATABASE, keys.unlock(filled_folder, SECRET).key)
    db.execute("pragma foreign_keys = off")
    for trigger in ("signing_keep_from_update", "signing_keep_from_delete", "signing_keep_from_replace"):
        assert db.execute("select 1 from sqlite_master where name = ?", (trigger,)).fetchone()
    db.table("signing").transform(types={"private_key": bytes})
    db.close()
    with vault.open_vault(filled_folder, secret=SECRET):
        pass
    with raw(filled_folder, guarded=True) as again, pytest.raises(dbapi2.IntegrityError):
        again.execute("delete from signing")
