"""`slots`, `recover` and `anchor` as a person runs them: the sheet, the way back in, the switch that is off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from pypdf import PdfReader

from tests.authority import Authority, running
from tests.program import Program


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault that opens with a passphrase; the commands of this file add to it and take nothing away."""
    program = Program(tmp_path_factory.mktemp("way"), passphrase="made up for this test")
    assert program.run("init").code == 0
    return program


def test_a_new_vault_offers_the_sheet(tmp_path: Path) -> None:
    made = Program(tmp_path, passphrase="made up for this test").run("init")
    assert "slots add recovery --sheet FILE" in made.err


def test_a_lost_passphrase_loses_nothing_with_the_code(once: Program) -> None:
    shown = once.run("--json", "slots", "add", "recovery").lines[0]
    lost = Program(once.folder, passphrase="not the one")
    assert lost.run("verify").code == 3
    words = {"ARCHIVER_RECOVERY_CODE": " ".join(shown["words"]), "ARCHIVER_NEW_PASSPHRASE": "a new one"}
    back = lost.run("recover", env=words)
    assert back.code == 0, back.err
    assert "A wrong key was tried" in back.err
    assert Program(once.folder, passphrase="a new one").run("slots", "list").code == 0
    wrong = {"ARCHIVER_RECOVERY_CODE": "AAAA", "ARCHIVER_NEW_PASSPHRASE": "x"}
    assert lost.run("recover", env=wrong).code == 2
    assert lost.run("recover", env={"ARCHIVER_NEW_PASSPHRASE": "x"}).code == 2


def test_a_support_organisation_brings_the_person_back_in(once: Program) -> None:
    identity = pyrage.x25519.Identity.generate()
    (once.folder / "theirs.txt").write_text(f"{identity}\n")
    assert once.run("slots", "add", "recipient", str(identity.to_public())).code == 0
    back = once.run("recover", "--identity", "theirs.txt", env={"ARCHIVER_NEW_PASSPHRASE": "another new one"})
    assert back.code == 0, back.err
    assert once.run("slots", "add", "recipient").code == 2
    assert once.run("slots", "add", "recipient", "age1no").code == 2


def test_the_sheet_is_one_page_of_html_or_pdf_that_only_its_owner_can_read(once: Program) -> None:
    for name in ("page.html", "page.pdf"):
        made = once.run("--json", "slots", "add", "recovery", "--sheet", name)
        assert made.code == 0, made.err
        assert (once.folder / name).stat().st_mode & 0o777 == 0o600
        assert "code" not in made.lines[0]
    (page,) = PdfReader(once.folder / "page.pdf").pages
    assert "Fingerprint" in page.extract_text()
    assert 590 < page.mediabox.width < 600  # A4, in points
    listed = json.loads(once.run("--json", "slots", "list").out.splitlines()[0])
    assert listed["kind"] == "passphrase"
    assert once.run("slots", "add", "recovery", "--sheet", "page.pdf").code == 2  # nothing is written over


def test_a_sheet_that_cannot_be_written_leaves_no_slot_behind(once: Program) -> None:
    before = once.run("slots", "list").out
    assert once.run("slots", "add", "recovery", "--sheet", "absent/page.html").code == 3
    assert once.run("slots", "add", "recovery", "--sheet", "page.txt").code == 2
    assert once.run("slots", "list").out == before


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with running(tmp_path) as made:
        yield made


def test_nothing_is_time_stamped_until_it_was_switched_on_and_then_it_can_be_seen(
    once: Program, authority: Authority
) -> None:
    off = once.run("anchor")
    assert off.code == 2
    assert "sees this computer's internet address" in off.err
    on = {"ARCHIVER_ANCHOR": f"{authority.url}/good", "ARCHIVER_ANCHOR_ROOTS": str(authority.root_file)}
    authority.down = True
    assert once.run("anchor", env=on).code == 1
    authority.down = False
    early = once.run("--json", "anchor", "--pending", env=on)
    assert (early.code, early.lines[0]["status"]) == (1, "waiting")
    done = once.run("--json", "anchor", env=on)
    assert (done.code, done.lines[0]["status"]) == (0, "granted")
    assert once.run("anchor", env=on).out == ""
    assert "were there before" in once.run("anchor", "--list").out
    assert once.run("anchor", "--save", "outside").code == 0
    checked = once.run("--json", "verify", "--against", "outside", env=on)
    assert {line["check"] for line in checked.lines if line["result"] == "dated"} == {"entry times"}
    assert [line for line in checked.lines if line["result"] == "finding"] == []
    assert sum(line["count"] for line in checked.lines if line["check"] == "earlier copies") == 3
    bad = once.run("anchor", "--authority", "nowhere")
    assert bad.code == 2
