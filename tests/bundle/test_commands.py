"""`bundle`, `backup` and `restore` as they are typed: what is shown before anything leaves, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archiver import vault
from archiver.cli.main import archiver as program
from archiver.errors import ArchiverError, UsageError
from archiver.records import Artifact, Failure, Passage
from extractors.contract import Account, Post
from tests.bundle.bags import PRIVATE, faults, fill
from tests.vault.made import SECRET, page_artifacts, page_reading, snapshot

SAID = "Call me: 020 7946 0123 or robin@mail.test. I stood at 12 Harbour Street, near 51.50137, -0.14189. SW1A 1AA"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "vault"
    fill(folder, captures=1)
    with vault.open_vault(folder, secret=SECRET) as opened:
        text = Artifact("text", "text/plain", SAID.encode())
        made = opened.append_capture(snapshot(7, artifacts=(*page_artifacts(7), text)), note=PRIVATE)
        post = Post("x", "post", Account("Robin Hartley", "robin_h", "77"), SAID)
        reading = page_reading(made.id, of=(text.sha256,), records=(post,), passages=(Passage("post", SAID),))
        opened.keep_reading(reading)
    return folder


def run(folder: Path, *arguments: str, fails: bool = False) -> Result:
    environment = {"ARCHIVER_VAULT": str(folder), "ARCHIVER_PASSPHRASE": SECRET.words, "ARCHIVER_OWN_NAMES": "alexm"}
    ended = CliRunner().invoke(program, arguments, env=environment, standalone_mode=False)
    if not fails and ended.exception is not None:
        raise ended.exception
    return ended


def test_everything_that_would_leave_is_shown_and_nothing_leaves_unasked(kept: Path, tmp_path: Path) -> None:
    ended = run(kept, "bundle", "write", str(tmp_path / "bag"), "--no-pdf", fails=True)
    assert isinstance(ended.exception, UsageError)
    assert "add --yes" in str(ended.exception)
    assert list(tmp_path.iterdir()) == []
    for shown in (
        "AB/1",
        "data/originals/AB-2/text.txt",
        "Robin Hartley @robin_h",
        "Alex M. @alexm@social.test",
        "Sam (sat at the keyboard)",
        "robin@mail.test",
        "020 7946 0123",
        "12 Harbour Street",
        "SW1A 1AA",
        "51.50137, -0.14189",
        "Your own names: 1",
    ):
        assert shown in ended.output, shown
    assert PRIVATE not in ended.output


def test_with_yes_the_bundle_is_written_checked_and_named(kept: Path, tmp_path: Path) -> None:
    ended = run(kept, "bundle", "write", str(tmp_path / "bag.zip"), "C2", "--zip", "--no-pdf", "--yes", "--label", "RH")
    assert ended.return_value == 0
    assert "fingerprint" in ended.output
    assert faults(tmp_path / "bag.zip") == []
    assert run(kept, "bundle", "check", str(tmp_path / "bag.zip")).return_value == 0
    data = bytearray((tmp_path / "bag.zip").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "bag.zip").write_bytes(data)
    assert run(kept, "bundle", "check", str(tmp_path / "bag.zip")).return_value == 1


def test_the_preview_names_each_file_that_is_then_written_and_no_other(kept: Path, tmp_path: Path) -> None:
    asked = ("bundle", "write", str(tmp_path / "bag"), "--no-pdf", "--yes", "--cover", "Harbour")
    lines = run(kept, *asked, "--json").output.splitlines()
    preview = next(json.loads(line) for line in lines if line.startswith("{"))  # cautions come on the same stream here
    named = [*preview["made"], *(path for path, _ in preview["files"])]
    assert sorted(named) == sorted(
        path.relative_to(tmp_path / "bag").as_posix() for path in (tmp_path / "bag").rglob("*") if path.is_file()
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ("--from", "3 March"),
        ("--split", "large"),
        ("--label", "A/B"),
        ("--encrypt-to", "age1x"),
        ("--box", "AB/1:tile-001:1,2"),
        ("--box", "AB/9:tile-001:1,2,3,4"),
        ("C99",),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(
    wrong: tuple[str, ...], kept: Path, tmp_path: Path
) -> None:
    ended = run(kept, "bundle", "write", str(tmp_path / "bag"), "--no-pdf", "--yes", *wrong, fails=True)
    assert isinstance(ended.exception, ArchiverError)
    assert ended.exception.exit_code == 2
    assert list(tmp_path.iterdir()) == []
    assert "It is not encrypted" not in ended.output  # nobody is asked whether it may leave


def test_what_is_covered_is_in_no_file_and_who_covered_it_why_and_where_stays_in_the_log(
    kept: Path, tmp_path: Path
) -> None:
    options = ("--cover", "020 7946 0123", "--person", "Robin Hartley,robin_h", "--why", "a private number")
    ended = run(
        kept, "--operator", "Sam", "bundle", "write", str(tmp_path / "bag"), "--no-pdf", "--yes", "C2", *options
    )
    assert ended.return_value == 0
    assert faults(tmp_path / "bag") == []
    for path in (each for each in (tmp_path / "bag").rglob("*") if each.is_file()):
        assert not any(word in path.read_bytes() for word in (b"7946 0123", b"Robin Hartley", b"robin_h")), path
    with vault.open_vault(kept, secret=SECRET) as opened:
        *_, redaction, handed = opened.entries()
    assert (redaction.kind, handed.kind, handed.body["redaction"]) == ("redaction", "bundle", redaction.seq)
    assert (redaction.body["who"], redaction.body["why"]) == ("Sam", "a private number")
    assert redaction.body["people"] == [{"label": "Person A", "names": ["Robin Hartley", "robin_h"]}]


def test_backup_and_restore_as_they_are_typed(kept: Path, tmp_path: Path) -> None:
    assert "A restore of it was checked" in run(kept, "backup", str(tmp_path / "backup")).output
    assert run(tmp_path / "again", "restore", str(tmp_path / "backup")).return_value == 0
    assert run(tmp_path / "again", "verify").return_value == 0
    assert isinstance(run(kept, "restore", str(tmp_path / "backup"), fails=True).exception, UsageError)
    database = tmp_path / "backup/notes.db"
    with database.open("r+b") as file:
        file.seek(database.stat().st_size - 40_000)
        file.write(b"damage")
    ended = run(tmp_path / "saved", "restore", str(tmp_path / "backup"))
    assert ended.return_value == 1
    assert "is still whole" in ended.output


def test_a_page_that_could_not_be_reached_can_leave_too(tmp_path: Path) -> None:
    with vault.create(tmp_path / "vault", secret=SECRET) as opened:
        opened.append_capture(snapshot(1, status=None, artifacts=(), failure=Failure("timeout", "It did not answer.")))
    assert run(tmp_path / "vault", "bundle", "write", str(tmp_path / "bag"), "--no-pdf", "--yes").return_value == 0
    assert faults(tmp_path / "bag") == []
