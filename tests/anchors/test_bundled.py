"""Time-stamp tokens in a bundle: they go along with their roots, hold in a plain shell, and catch a rewritten log."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from archiver import vault
from archiver.bundle.choose import Asked, choose
from archiver.bundle.logged import tokens
from archiver.bundle.write import How
from tests.anchors.test_anchoring import asked
from tests.authority import Authority
from tests.bundle.bags import commands, faults, shell, tools, written
from tests.vault.made import AT, page_artifacts, snapshot


@pytest.fixture
def bag(kept: vault.Vault, authority: Authority, tmp_path: Path) -> Path:
    asked(kept, authority, "good")
    kept.append_capture(snapshot(3, artifacts=page_artifacts(3, 500)))
    asked(kept, authority, "unsorted")
    found = tokens(kept.anchors(), lambda: authority.roots)
    chosen = choose(kept, Asked(), at=AT, tokens=[token.facts for token in found])
    written(kept, chosen, tmp_path / "bag", How(), found)
    return tmp_path / "bag"


def test_each_token_holds_in_a_shell(bag: Path, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin")
    lines = commands(bag)
    assert sum("openssl ts -verify -data log/anchors" in line for line in lines) == 2
    for line in lines:
        assert shell(bag, path, [line]), line
    assert faults(bag) == []
    assert "There are none" not in (bag / "VERIFY.txt").read_text()


def test_a_token_over_another_log_is_found_though_all_lists_were_signed_anew(
    kept: vault.Vault, authority: Authority, bag: Path, tmp_path: Path
) -> None:
    """Whoever holds the key can sign any list; the token still speaks of the log as it was."""
    found = tokens(kept.anchors(), lambda: authority.roots)
    hashes = kept.hashes()
    forged = [hashes[0], "0" * 64, *hashes[2:]]
    list_file, checkpoint = bag / "log/log-hashes.txt", bag / f"{found[0].folder}/checkpoint.txt"
    list_file.write_text("".join(f"{sha256}\n" for sha256 in forged))
    assert any(fault.check == "hash list" and checkpoint.parent.name in fault.what for fault in faults(bag))


def test_a_token_whose_root_is_not_known_stays_out(kept: vault.Vault, authority: Authority) -> None:
    asked(kept, authority, "good")
    assert tokens(kept.anchors(), lambda: ()) == []


def test_a_root_that_can_not_be_read_is_a_finding_and_not_the_end_of_the_program(bag: Path) -> None:
    """rfc3161-client panics at a name with a byte that is no letter, which no `except` is to catch."""
    file = bag / "log/anchors/1/ca.pem"
    root = ssl.PEM_cert_to_DER_cert(file.read_text())
    file.write_text(ssl.DER_cert_to_PEM_cert(root.replace(b"Made-up root", b"\xffade-up root", 1)))
    assert {"files", "time stamps"} <= {fault.check for fault in faults(bag)}
