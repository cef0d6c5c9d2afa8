"""A whole vault passes every check by its name, and verifying changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver import keys, vault
from archiver.records import Checked, Finding
from archiver.verify import verify
from tests.vault.made import AT, DATABASE, SECRET, page_reading, snapshot
from tests.verify.walked import CHECKS, findings, results, said


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
    none = [
        "checkpoints",
        "checkpoint signatures",
        "answers",
        "time stamps",
        "entry times",
        "watches",
        "inbox",
        "logins",
    ]
    assert [name for name, count in counts.items() if count == 0] == none


def test_a_vault_with_a_watch_passes_and_counts_it(watched: Path) -> None:
    seen = results(watched)
    assert [result for result in seen if isinstance(result, Finding)] == []
    assert {result.check: result.count for result in seen if isinstance(result, Checked)}["watches"] == 1


def test_it_says_what_it_cannot_know(folder: Path) -> None:
    for name in ("time stamps", "entry times"):
        (seen,) = (seen for seen in results(folder) if seen.check == name)
        assert isinstance(seen, Checked)
        assert "Nothing outside this vault" in seen.note


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


def test_a_damaged_slot_is_named_also_without_its_seal(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        slot = opened.add_slot(keys.new_code(), at=AT)
    path = folder / keys.FILE
    kept = json.loads(path.read_text())
    kept["slots"][1]["wrapped"] = kept["slots"][0]["wrapped"]
    path.write_text(json.dumps(kept))
    assert said(folder) == {("keys", f"slot {slot.id} (recovery)")}
    del kept["slots"][1]["seal"]
    path.write_text(json.dumps(kept))
    assert said(folder) == {("keys", f"slot {slot.id} (recovery)")}


@pytest.mark.parametrize("changed", [{"n": 1}, {"n": 1_000}, {"n": 1 << 40}, {"sha256": "ab" * 32}])
def test_what_the_inbox_was_told_of_and_has_not_is_named(changed: dict[str, object], folder: Path) -> None:
    address = folder / "inbox/inbox.json"
    assert findings(folder) == []
    address.write_text(json.dumps(json.loads(address.read_text()) | changed))
    assert said(folder) == {("inbox", "inbox.json")}
