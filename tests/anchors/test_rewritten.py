"""Whoever holds a key can write the whole log anew, and inside all is well; what was kept outside tells."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver import anchoring, vault
from archiver.integrity import GENESIS, canonical, hash_list, sha256_of
from archiver.records import Checked, Dated, Finding
from archiver.vault import Vault
from archiver.vault.anchors import ask
from archiver.verify import earlier_from, verify
from tests.authority import Authority
from tests.vault.made import SECRET, page_artifacts, raw, snapshot

ASKED = ("authority", "made", "size", "checkpoint", "signature", "request")


def anchored(kept: Vault, authority: Authority, outside: Path) -> None:
    """A time stamp, and copies of it and of the list in a folder outside."""
    (came,) = anchoring.anchor(
        kept,
        [f"{authority.url}/good"],
        roots=authority.roots,
        send=anchoring.sender(),
        now=lambda: datetime.now(UTC),
    )
    outside.mkdir()
    (outside / "token.tsr").write_bytes(came.anchor.reply)
    (outside / "asked.tsq").write_bytes(came.anchor.request)
    (outside / "then.txt").write_bytes(came.anchor.checkpoint.data)
    (outside / "then.sig").write_bytes(came.anchor.checkpoint.signature)
    (outside / "list.txt").write_bytes(hash_list([entry.sha256 for entry in kept.entries()]))
    (outside / "shopping.txt").write_text("milk\n")


def rewrite(folder: Path) -> None:
    """Another title in entry 2; entries after it chained anew; time stamps taken out as if there had been none."""
    with raw(folder) as db:
        rows = [json.loads(row[0]) for row in db.execute("select data from log order by seq").fetchall()]
        for table in ("log", "requests", "answers", "waits"):
            db.execute(f"delete from {table}")  # noqa: S608 - constants
        db.execute("create temp table kept (value text)")
        prev, seq = GENESIS, 0
        for fields in rows:
            if fields["kind"] == "anchor":
                continue
            seq += 1
            fields |= {"seq": seq, "prev": prev}
            if seq == 2:
                fields["body"]["title"] = "Another title"
            for artifact in fields["body"].get("artifacts", ()):
                db.execute("insert into temp.kept values (?)", (artifact["sha256"],))
            data = canonical(fields)
            prev = sha256_of(data)
            db.execute("insert into log values (?, ?, ?)", (seq, prev, data))
        db.execute("update head set size = ?, sha256 = ?", (seq, prev))
        db.execute("delete from chunks where artifact not in (select value from temp.kept)")
        db.execute("delete from artifacts where sha256 not in (select value from temp.kept)")


def checked(folder: Path, authority: Authority, outside: Path | None = None) -> list[Any]:
    earlier = earlier_from(outside) if outside else ()
    with vault.open_vault(folder, secret=SECRET) as opened:
        return list(verify(opened, roots=authority.roots, earlier=earlier))


def findings(seen: list[Any]) -> list[Finding]:
    return [result for result in seen if isinstance(result, Finding)]


def test_a_rewritten_history_passes_inside_and_is_caught_by_what_was_kept_outside(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    anchored(kept, authority, outside)
    kept.close()
    rewrite(folder)
    assert findings(checked(folder, authority)) == []
    seen = findings(checked(folder, authority, outside))
    assert {finding.subject for finding in seen} == {"token.tsr", "asked.tsq", "then.txt", "list.txt"}
    assert all("rewritten" in finding.what for finding in seen)
    (alone,) = findings(checked(folder, authority, outside / "token.tsr"))
    assert "time stamp of" in alone.what


def test_a_log_that_only_grew_agrees_with_what_was_kept_outside(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    anchored(kept, authority, outside)
    kept.append_capture(snapshot(9, artifacts=page_artifacts(9, 500)))
    kept.close()
    seen = checked(folder, authority, outside)
    assert findings(seen) == []
    (compared,) = (result for result in seen if result.check == "earlier copies")
    assert isinstance(compared, Checked)
    assert compared.count == 4


def test_a_log_whose_end_was_cut_off_is_caught_too(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    anchored(kept, authority, tmp_path / "outside")
    kept.close()
    with raw(folder) as db:
        db.execute("delete from log where seq > 2")
        (sha256,) = db.execute("select sha256 from log where seq = 2").fetchone()
        db.execute("update head set size = 2, sha256 = ?", (sha256,))
    seen = findings(checked(folder, authority, tmp_path / "outside"))
    assert {"token.tsr", "asked.tsq", "then.txt", "list.txt"} <= {finding.subject for finding in seen}


def test_copies_that_were_changed_outside_are_named(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    anchored(kept, authority, outside)
    kept.close()
    (outside / "then.sig").write_bytes((outside / "then.sig").read_bytes()[:-1] + b"\x00")
    token = bytearray((outside / "token.tsr").read_bytes())
    token[-1] ^= 1
    (outside / "token.tsr").write_bytes(token)
    assert {finding.subject for finding in findings(checked(folder, authority, outside))} == {"then.txt", "token.tsr"}


@pytest.mark.parametrize("name", ["answer-3-1.tsr", "request-3-1.tsq", "checkpoint-3-1.txt", "log/log-hashes.txt"])
def test_a_copy_that_can_t_be_read_any_more_is_named_beside_others_that_can(
    name: str, folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    anchored(kept, authority, outside)
    kept.close()
    source = outside / {"t": "then.txt", "r": "token.tsr", "q": "asked.tsq"}[name[-1]]
    (outside / name).parent.mkdir(exist_ok=True)
    (outside / name).write_bytes(source.read_bytes()[:-1])  # its last byte is gone
    (found,) = findings(checked(folder, authority, outside))
    assert (found.check, found.subject) == ("earlier copies", name)
    assert "damaged" in found.what


def test_what_is_something_else_is_said_to_be_left_out(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    anchored(kept, authority, tmp_path / "outside")
    kept.close()
    (seen,) = (each for each in checked(folder, authority, tmp_path / "outside") if each.check == "earlier copies")
    assert isinstance(seen, Checked)
    assert seen.note == "Not compared, since they are something else: shopping.txt."


def test_nothing_to_compare_with_is_a_finding(folder: Path, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "shopping.txt").write_text("milk\n")
    (found,) = findings(checked(folder, authority, tmp_path / "shopping.txt"))
    assert "no checkpoint" in found.what


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("update requests set checkpoint = cast('x' as blob)", "checkpoints"),
        ("update requests set signature = x'00'", "checkpoint signatures"),
        ("update requests set request = x'3000'", "answers"),
        ("update answers set time = '2020-01-01T00:00:00.000Z'", "answers"),
        ("delete from answers", "answers"),
        ("delete from requests", "answers"),
        (
            "insert into requests select 3, authority, made, size, checkpoint, signature, request from requests",
            "answers",
        ),
    ],
)
def test_a_change_of_what_was_asked_or_answered_is_named(
    statement: str, check: str, folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    anchored(kept, authority, tmp_path / "outside")
    kept.close()
    with raw(folder) as db:
        db.execute(statement)
    assert check in {finding.check for finding in findings(checked(folder, authority))}


def test_a_time_stamp_whose_root_is_not_trusted_any_more_is_a_finding(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    anchored(kept, authority, tmp_path / "outside")
    kept.close()
    with vault.open_vault(folder, secret=SECRET) as opened:
        other = (authority.folder / "stranger.pem").read_text()
        (tmp_path / "other.pem").write_text(other)
        seen = list(verify(opened, roots=()))
        assert [result.note for result in seen if isinstance(result, Checked) and "Not checked" in result.note]


def test_a_token_over_another_log_dates_nothing(
    folder: Path, kept: Vault, authority: Authority, tmp_path: Path
) -> None:
    """Somebody with the key puts an authority's real answer for another vault into this log."""
    with vault.create(tmp_path / "other", secret=SECRET) as other:
        other.append_capture(snapshot(7, artifacts=page_artifacts(7, 500)))
        anchored(other, authority, tmp_path / "outside")
        (foreign,) = other.anchors()
    assert foreign.judged is not None
    ours = replace(foreign.checkpoint, signature=kept.sign(foreign.checkpoint.data))
    with kept._writing():
        n = ask(kept._db, ours, authority=foreign.authority, request=foreign.request, at=foreign.made)
    mine = replace(foreign, n=n, checkpoint=ours)
    kept.append_answer(mine, foreign.reply, foreign.judged, at=foreign.made, wait=None)
    kept.close()
    seen = checked(folder, authority)
    assert {finding.check for finding in findings(seen)} == {"checkpoints"}
    assert [result for result in seen if isinstance(result, Dated)] == []
    (stamps,) = (result for result in seen if result.check == "time stamps")
    assert isinstance(stamps, Checked)
    assert stamps.count == 0
