"""`slots`, `recover` and `anchor` as a person runs them: the sheet, the way back in, the switch that is off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pyrage
import pytest
from pypdf import PdfReader

from archiver import keys
from archiver.cli.main import run
from tests.authority import Authority, running
from tests.vault.made import CHEAP


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Here:
    """The program in this process, in an empty folder, with this computer's own key: cheap."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._patch, self._heard = folder, monkeypatch, capsys
        monkeypatch.chdir(folder)
        for name, value in {
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "ARCHIVER_VAULT": str(folder / "vault"),
        }.items():
            monkeypatch.setenv(name, value)

    def run(self, *arguments: str, **environment: str) -> Said:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            self._heard.readouterr()
            code = run(list(arguments))
            out, err = self._heard.readouterr()
        return Said(code, out, err)


@pytest.fixture
def once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """A vault that this computer's key opens; passphrases cost little."""
    monkeypatch.setattr(keys.Passphrase, "__init__", _cheaply)
    here = Here(tmp_path, monkeypatch, capsys)
    made = here.run("init")
    assert made.code == 0
    assert "slots add recovery --sheet FILE" in made.err  # E2: offered when a vault is made
    return here


def _cheaply(self: keys.Passphrase, words: str) -> None:
    object.__setattr__(self, "words", words)
    object.__setattr__(self, "cost", CHEAP)


def test_a_lost_passphrase_loses_nothing_with_the_code(once: Here) -> None:
    shown = once.run("--json", "slots", "add", "recovery").lines[0]
    assert once.run("slots", "add", ARCHIVER_NEW_PASSPHRASE="the old one").code == 0
    assert once.run("slots", "list", ARCHIVER_PASSPHRASE="not the one").code == 0
    assert once.run("verify", ARCHIVER_PASSPHRASE="not the one").code == 3
    words = " ".join(shown["words"])
    back = once.run("recover", ARCHIVER_RECOVERY_CODE=words, ARCHIVER_NEW_PASSPHRASE="a new one")
    assert back.code == 0, back.err
    assert "A wrong key was tried on this vault, the last on" in back.err  # E1
    assert once.run("read", ARCHIVER_PASSPHRASE="a new one").code == 0
    assert once.run("recover", ARCHIVER_RECOVERY_CODE="AAAA", ARCHIVER_NEW_PASSPHRASE="x").code == 2
    assert once.run("recover", ARCHIVER_NEW_PASSPHRASE="x").code == 2


def test_a_support_organisation_brings_the_person_back_in(once: Here) -> None:
    identity = pyrage.x25519.Identity.generate()
    (once.folder / "theirs.txt").write_text(f"{identity}\n")
    assert once.run("slots", "add", "recipient", str(identity.to_public())).code == 0
    back = once.run("recover", "--identity", "theirs.txt", ARCHIVER_NEW_PASSPHRASE="another new one")
    assert back.code == 0, back.err
    assert once.run("slots", "add", "recipient").code == 2
    assert once.run("slots", "add", "recipient", "age1no").code == 2


def test_the_sheet_is_one_page_of_html_or_pdf_that_only_its_owner_can_read(once: Here) -> None:
    for name in ("page.html", "page.pdf"):
        made = once.run("--json", "slots", "add", "recovery", "--sheet", name)
        assert made.code == 0, made.err
        assert (once.folder / name).stat().st_mode & 0o777 == 0o600
        assert "code" not in made.lines[0]
    (page,) = PdfReader(once.folder / "page.pdf").pages
    assert "Fingerprint" in page.extract_text()
    assert 590 < page.mediabox.width < 600  # A4, in points
    listed = json.loads(once.run("--json", "slots", "list").out.splitlines()[0])
    assert listed["kind"] == "device"
    assert once.run("slots", "add", "recovery", "--sheet", "page.pdf").code == 2  # nothing is written over


def test_a_vault_brought_to_another_computer_asks_who_sits_there_for_the_passphrase(
    once: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert once.run("slots", "add", "passphrase", ARCHIVER_NEW_PASSPHRASE="made up words").code == 0
    shutil.rmtree(keys.key_folder())  # the other computer has no such key
    asked = []

    def type_it(prompt: str, **_: object) -> str:
        asked.append(prompt)
        return "made up words"

    assert once.run("slots", "remove", keys.slots(once.folder / "vault")[0].id).code == 3  # nobody is there to ask
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin.isatty", lambda: True)
        patched.setattr(click, "prompt", type_it)
        assert once.run("slots", "remove", keys.slots(once.folder / "vault")[0].id).code == 0
    assert asked == ["Passphrase: "]


def test_a_vault_or_backup_that_comes_to_lie_in_a_synced_folder_is_warned_about(once: Here) -> None:
    shared = once.folder / "Dropbox"
    for arguments in (("--vault", str(shared / "vault"), "init"), ("backup", str(shared / "backup"))):
        said = once.run(*arguments)
        assert said.code == 0
        assert "Dropbox copies files to the internet" in said.err.replace("\n", " ")
    assert "internet" not in once.run("backup", str(once.folder / "disk/backup")).err


@pytest.mark.parametrize("words", ["1234", "2026-03-03", "0044 20 7946 0000", "sam"])
def test_a_pin_a_date_or_a_name_is_no_passphrase(words: str, once: Here) -> None:
    before = (once.folder / "vault" / keys.FILE).read_bytes()
    said = once.run("slots", "add", "passphrase", ARCHIVER_NEW_PASSPHRASE=words)
    assert (said.code, "too easy to guess" in said.err) == (2, True)
    assert (once.folder / "vault" / keys.FILE).read_bytes() == before
    assert once.run("--vault", "another", "init", ARCHIVER_PASSPHRASE=words).code == 2
    assert not (once.folder / "another").exists()


def test_a_sheet_that_cannot_be_written_leaves_no_slot_behind(once: Here) -> None:
    before = once.run("slots", "list").out
    assert once.run("slots", "add", "recovery", "--sheet", "absent/page.html").code == 3
    assert once.run("slots", "add", "recovery", "--sheet", "page.txt").code == 2
    assert once.run("slots", "list").out == before


@pytest.fixture
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with running(tmp_path_factory.mktemp("authority")) as made:
        yield made


def test_nothing_is_time_stamped_until_it_was_switched_on_and_then_it_can_be_seen(
    once: Here, authority: Authority
) -> None:
    off = once.run("anchor")
    assert off.code == 2
    assert "sees this computer's internet address" in off.err
    on = {"ARCHIVER_ANCHOR": f"{authority.url}/good", "ARCHIVER_ANCHOR_ROOTS": str(authority.root_file)}
    authority.down = True
    assert once.run("anchor", **on).code == 1
    authority.down = False
    early = once.run("--json", "anchor", "--pending", **on)
    assert (early.code, early.lines[0]["status"]) == (1, "waiting")
    done = once.run("--json", "anchor", **on)
    assert (done.code, done.lines[0]["status"]) == (0, "granted")
    assert once.run("anchor", **on).out == ""
    assert "there before" in once.run("anchor", "--list").out
    assert once.run("anchor", "--save", "outside").code == 0
    checked = once.run("--json", "verify", "--against", "outside", **on)
    assert {line["check"] for line in checked.lines if line["result"] == "dated"} == {"entry times"}
    assert [line for line in checked.lines if line["result"] == "finding"] == []
    assert sum(line["count"] for line in checked.lines if line["check"] == "earlier copies") == 4
    bad = once.run("anchor", "--authority", "nowhere")
    assert bad.code == 2


def test_the_first_capture_offers_the_sheet_and_each_is_time_stamped_by_itself_once_that_is_on(
    once: Here, authority: Authority
) -> None:
    on = {"ARCHIVER_ANCHOR": f"{authority.url}/good", "ARCHIVER_ANCHOR_ROOTS": str(authority.root_file)}
    nobody = "http://127.0.0.1:9/"  # a visit that fails is kept too; no page has to be served for this
    asked = ("--vault", "second", "capture", nobody, "--allow-private", "--no-ocr")
    first = once.run(*asked)
    assert (first.code, authority.heard) == (1, [])
    assert "slots add recovery --sheet FILE" in first.err
    second = once.run(*asked, **on)
    assert "3 entries were there before" in second.err
    assert "--sheet" not in second.err


def test_a_bundle_gets_a_time_stamp_of_its_own_once_that_is_on(once: Here, authority: Authority) -> None:
    on = {"ARCHIVER_ANCHOR": f"{authority.url}/good", "ARCHIVER_ANCHOR_ROOTS": str(authority.root_file)}
    asked = ("bundle", "write", "--no-pdf", "--yes")
    assert once.run("capture", "http://127.0.0.1:9/", "--allow-private", "--no-ocr").code == 1  # kept all the same
    assert once.run(*asked, "plain", **on).err.count("will be asked for a time stamp") == 1
    assert once.run("bundle", "check", "plain").code == 0
    assert [path.name for path in (once.folder / "plain/tagmanifest-times").iterdir()] == ["1"]
    authority.down = True
    without = once.run(*asked, "without", **on)
    authority.down = False
    assert without.code == 0
    assert "No time stamp is in it from" in without.err
    checked = once.run("bundle", "check", "without")
    assert checked.code == 0
    assert "1 asked for, 0 there" in checked.out
    off = once.run(*asked, "off")
    assert (off.code, "time stamp" in off.err) == (0, False)


COMMANDS = [
    ("anchor",),
    ("verify",),
    ("recover",),
    ("slots",),
    ("slots", "add"),
    ("slots", "list"),
    ("slots", "remove"),
]


def test_help_promises_nothing_and_doubts_nobody(once: Here) -> None:
    """SAFETY D4 and F6."""
    words = ("proves", "proof", "certificate", "court", "tamper", "forensic", "alleged", "victim", "claim")
    for command in COMMANDS:
        shown = once.run(*command, "--help").out.lower()
        assert len(shown) > 100
        assert [word for word in words if word in shown] == [], command
