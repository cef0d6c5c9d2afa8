# ruff: noqa: S608 - the statements are made of the schema's own names
"""What was taken out of the log, moved in it or written into it by hand is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from archiver import vault
from archiver.integrity import canonical, sha256_of
from archiver.records import Artifact, By
from tests.vault.made import AT, SECRET, raw, snapshot
from tests.verify.walked import findings, said, sql


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


def test_a_kind_of_a_later_version_is_said_to_be_unknown(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.append("dream", {"what": "flying"}, at=AT, artifacts=[Artifact("response", "text/plain", b"zzz")])
    assert said(folder) == {("entry kinds", "entry 5")}


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


def test_an_entry_that_names_an_artifact_with_another_size_is_named(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        named = opened.capture("C2").body["artifacts"][0]
        with opened._writing():
            body = {"who": "", "artifacts": [named, named | {"size": named["size"] + 1}]}
            opened._add("redaction", body, at=AT, by=By(), artifacts=())
    assert said(folder) == {("entry form", "entry 5")}


def test_a_note_about_a_capture_that_is_not_there_is_named(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened, opened._writing():
        opened._add("note", {"capture": "C9", "note": "made up"}, at=AT, by=By(), artifacts=())
    assert said(folder) == {("notes", "passages C9")}
