"""What goes into the vault comes out as it was, once, in order, or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archiver import vault
from archiver.errors import UnknownId, VaultDamaged
from archiver.records import Artifact, By, Failure, Passage
from archiver.vault.sealed import CHUNK_BYTES
from tests.vault.made import AT, SECRET, flip, page_artifacts, page_reading, raw, snapshot


def test_a_capture_comes_back_as_it_was(kept: vault.Vault) -> None:
    seen = snapshot(1, title="Ein Beitrag – “so”")
    capture = kept.append_capture(seen, note="He did it again.", by=By("Sam", seen_live_by="Ada"))
    assert (capture.id, capture.entry, capture.at) == ("C1", 2, seen.finished)
    again = kept.capture("c1 ")
    assert again.body == capture.body
    assert again.body["title"] == seen.title
    assert again.body["note"] == "He did it again."
    assert again.body["provenance"]["headers"] == [["Server", "made up"]]
    tile = again.body["artifacts"][1]
    assert tile == {
        "role": "tile",
        "media_type": "image/png",
        "place": {"n": 0, "x": 0, "y": 0, "width": 1280, "height": 800, "scale": 1},
        "url": "",
        "sha256": seen.artifacts[1].sha256,
        "size": 5_000,
    }
    assert kept.artifact(tile["sha256"]) == seen.artifacts[1].data


def test_captures_are_listed_oldest_first_over_many_batches(kept: vault.Vault) -> None:
    for n in range(1, 231):
        kept.append_capture(snapshot(n, artifacts=()), note="")
    assert [capture.id for capture in kept.captures()] == [f"C{n}" for n in range(1, 231)]
    assert [entry.seq for entry in kept.entries()] == list(range(1, 232))
    assert [entry.seq for entry in kept.entries(after=229)] == [230, 231]


def test_writing_while_walking_the_captures_loses_none(kept: vault.Vault) -> None:
    for n in range(1, 131):
        kept.append_capture(snapshot(n, artifacts=()))
    for capture in kept.captures():
        kept.keep_reading(page_reading(capture.id))
        if capture.id == "C99":
            kept.append_capture(snapshot(131, artifacts=()))
    assert kept.captures_without("page") == []


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_artifacts_of_any_size_come_back_in_parts_of_a_mebibyte(kept: vault.Vault, size: int) -> None:
    data = bytes(size)
    kept.append("export", {}, at=AT, artifacts=[Artifact("response", "application/octet-stream", data)])
    parts = list(kept.chunks(hashlib.sha256(data).hexdigest()))
    assert b"".join(parts) == data
    assert all(0 < len(part) <= CHUNK_BYTES for part in parts)


def test_the_same_bytes_are_kept_once(kept: vault.Vault) -> None:
    for _ in range(3):
        kept.append_capture(snapshot(1, artifacts=page_artifacts(7) + page_artifacts(7)))
    inspection = kept.inspection()
    assert len(inspection.artifact_names()) == 2
    assert [len(capture.body["artifacts"]) for capture in kept.captures()] == [4, 4, 4]


def test_any_other_entry_names_its_artifacts_and_who_stands_behind_it(kept: vault.Vault) -> None:
    artifact = Artifact("response", "text/plain", b"words")
    entry = kept.append("export", {"to": "a friend"}, at=AT, by=By(supplied_by="Ada"), artifacts=[artifact])
    fields = json.loads(entry.data)
    assert fields["by"] == {"supplied_by": "Ada"}
    assert fields["body"]["to"] == "a friend"
    assert [named["sha256"] for named in fields["body"]["artifacts"]] == [artifact.sha256]
    assert next(kept.entries(after=1)) == entry


@pytest.mark.parametrize(
    ("kind", "body", "at"),
    [
        ("export", {"share": 0.5}, AT),
        ("export", {"count": 2**53}, AT),
        ("export", {"artifacts": []}, AT),
        ("export", {}, "yesterday"),
        ("export", {}, "2026-13-03T09:15:00Z"),
        ("Export!", {}, AT),
        ("capture", {}, AT),
        ("vault", {}, AT),
    ],
)
def test_what_an_entry_cannot_hold_is_refused_and_nothing_of_it_is_kept(
    kept: vault.Vault, kind: str, body: dict[str, object], at: str
) -> None:
    artifact = Artifact("response", "text/plain", b"words")
    with pytest.raises(ValueError):
        kept.append(kind, body, at=at, artifacts=[artifact])
    assert [entry.seq for entry in kept.entries()] == [1]
    assert kept.inspection().artifact_names() == []
    kept.append_capture(snapshot())


def test_half_a_surrogate_in_a_title_or_note_does_not_stop_a_capture(kept: vault.Vault) -> None:
    torn = "torn \ud83d and whole \ud83d\ude00"
    kept.append_capture(snapshot(title=torn, failure=Failure("other", torn)), note=torn)
    body = kept.capture("C1").body
    assert body["title"] == body["note"] == body["failure"]["sentence"] == "torn \ufffd and whole 😀"


def test_half_a_surrogate_in_a_reading_is_kept_as_it_was_read(kept: vault.Vault) -> None:
    kept.append_capture(snapshot())
    reading = page_reading(text="torn \ud83d here", detail="\udcff", passages=(Passage("post", "torn \ud83d here"),))
    kept.keep_reading(reading)
    (again,) = kept.readings("C1")
    assert again.records == reading.records
    assert again.passages[0].text == "torn \ufffd here"


def test_what_is_not_there_is_said_to_be_unknown(kept: vault.Vault) -> None:
    for identifier in ("C7", "C", "", "7", "\ud83d", "C1' or '1"):
        with pytest.raises(UnknownId):
            kept.capture(identifier)
    with pytest.raises(UnknownId):
        kept.artifact("0" * 64)
    with pytest.raises(UnknownId):
        kept.keep_reading(page_reading("C7"))


def test_damaged_bytes_are_never_given_out_as_whole(filled_folder: Path) -> None:
    with raw(filled_folder) as db:
        parts = db.execute("select artifact, n from chunks order by artifact, n").fetchall()
        (row,) = (row for row, (_, n) in enumerate(parts) if n == 1)
        flip(db, "chunks", "data", row, at=4_711)
    with vault.open_vault(filled_folder, secret=SECRET) as opened, pytest.raises(VaultDamaged, match=parts[row][0]):
        opened.artifact(parts[row][0])


def test_a_reading_replaces_the_earlier_one_by_the_same_reader_only(kept: vault.Vault) -> None:
    kept.append_capture(snapshot(1))
    kept.append_capture(snapshot(2))
    first, ocr = page_reading(text="first words"), page_reading(reader="ocr", text="from the picture")
    better = page_reading(text="better words", made_with="mastodon 2")
    for reading in (first, ocr, better, page_reading("C2")):
        kept.keep_reading(reading)
    assert kept.readings("C1") == [ocr, better]
    assert kept.search("first", limit=5) == []
    assert [hit.capture for hit in kept.search("better", limit=5)] == ["C1"]
    assert len(kept.inspection().reading_ids()) == 4


def test_a_reading_that_was_not_done_does_not_take_away_one_that_was(kept: vault.Vault) -> None:
    kept.append_capture(snapshot())
    done = page_reading(reader="ocr")
    kept.keep_reading(done)
    kept.keep_reading(page_reading(reader="ocr", outcome="skipped", records=(), passages=(), detail="no Tesseract"))
    assert kept.readings("C1") == [done]
    assert kept.captures_without("ocr") == []
    assert [hit.capture for hit in kept.search("hear", limit=5)] == ["C1"]


def test_captures_without_a_finished_reading_are_named(kept: vault.Vault) -> None:
    for n in range(1, 5):
        kept.append_capture(snapshot(n))
    kept.keep_reading(page_reading("C1", reader="ocr"))
    kept.keep_reading(page_reading("C2", reader="ocr", outcome="skipped"))
    kept.keep_reading(page_reading("C3", reader="ocr", outcome="failed"))
    kept.keep_reading(page_reading("C4", reader="page"))
    assert kept.captures_without("ocr") == ["C2", "C3", "C4"]


def test_the_tables_can_be_made_again_from_the_log(filled_folder: Path) -> None:
    with raw(filled_folder, guarded=True) as db:
        before = db.execute("select * from captures").fetchall(), db.execute("select * from head").fetchall()
        db.execute("delete from captures")
        db.execute("delete from head")
        db.execute("delete from passages where source = 'note'")
    with vault.open_vault(filled_folder, secret=SECRET) as opened:
        opened.rebuild()
        assert [hit.source for hit in opened.search("note 2", limit=9)] == ["note"]
    with raw(filled_folder, guarded=True) as db:
        assert before == (db.execute("select * from captures").fetchall(), db.execute("select * from head").fetchall())


def test_a_note_stands_in_an_entry_of_its_own_so_that_the_capture_can_leave_without_it(kept: vault.Vault) -> None:
    capture = kept.append_capture(snapshot(), note="He sent this after the hearing.")
    about, note = kept.entry(capture.entry), kept.entry(capture.entry + 1)
    assert b"hearing" not in about.data
    assert (note.kind, note.body) == ("note", {"capture": "C1", "note": "He sent this after the hearing."})
    assert kept.capture("C1").body["note"] == "He sent this after the hearing."
    kept.rebuild()
    assert kept.capture("C1").body["note"] == "He sent this after the hearing."
