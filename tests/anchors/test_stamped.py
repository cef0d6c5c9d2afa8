"""A time stamp over a bundle's own list of lists: it goes along, holds in a plain shell, and its absence is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from archiver import anchoring, vault
from archiver.bundle.check import check
from archiver.bundle.choose import Asked, choose
from archiver.bundle.source import opened
from archiver.bundle.stamped import Stamp, Stamping, stamp_of
from archiver.bundle.write import How, Written
from archiver.integrity import sha256_of
from archiver.records import Checked, Finding
from archiver.timestamp import read_request
from archiver.verify import earlier_from, verify
from tests.authority import Authority
from tests.bundle.bags import commands, faults, shell, tools, written
from tests.vault.made import AT

FOLDER = "tagmanifest-times"


def stamping(authority: Authority, *ways: str) -> Stamping:
    def ask(data: bytes) -> Iterator[Stamp]:
        for way in ways:
            url = f"{authority.url}/{way}"
            came = anchoring.stamp(
                data, url, roots=authority.roots, send=anchoring.sender(), now=lambda: datetime.now(UTC)
            )
            yield stamp_of(url, *came, roots=authority.roots)

    return Stamping(tuple(f"{authority.url}/{way}" for way in ways), ask)


def made(kept: vault.Vault, target: Path, asked: Stamping, how: How = How()) -> Written:  # noqa: B008 - it is frozen
    (bag,) = written(kept, choose(kept, Asked(), at=AT), target, how, stamping=asked)
    return bag


def note(bag: Path) -> str:
    with opened(bag, "") as source:
        return next(
            seen.note
            for seen in check(source)
            if isinstance(seen, Checked) and seen.check == "time stamp of this bundle"
        )


@pytest.fixture
def bag(kept: vault.Vault, authority: Authority, tmp_path: Path) -> Path:
    made(kept, tmp_path / "bag", stamping(authority, "good", "unsorted"))
    return tmp_path / "bag"


def test_the_token_is_over_the_list_of_lists_and_holds_in_a_plain_shell(
    bag: Path, authority: Authority, tmp_path: Path
) -> None:
    path = tools(tmp_path / "bin")
    for line in commands(bag):
        assert shell(bag, path, [line]), line
    assert faults(bag) == []
    assert note(bag) == ""
    digest = sha256_of((bag / "tagmanifest-sha256.txt").read_bytes())
    assert [read_request(each).sha256 for each in authority.heard] == [digest, digest]  # and nothing else left
    assert bagit.Bag(str(bag)).validate() is True


def test_a_bundle_is_an_earlier_copy_though_one_of_its_tokens_is_over_its_own_list(
    bag: Path, kept: vault.Vault, authority: Authority
) -> None:
    seen = [
        each for each in verify(kept, roots=authority.roots, earlier=earlier_from(bag)) if isinstance(each, Finding)
    ]
    assert seen == []
    (bag / "log/checkpoint.txt").write_bytes((bag / "log/checkpoint.txt").read_bytes().replace(b"\n3\n", b"\n2\n"))
    seen = [
        each for each in verify(kept, roots=authority.roots, earlier=earlier_from(bag)) if isinstance(each, Finding)
    ]
    assert {each.subject for each in seen} == {"log/checkpoint.txt"}


def test_another_bundles_token_is_found_though_the_last_list_was_made_anew(
    bag: Path, kept: vault.Vault, authority: Authority, tmp_path: Path
) -> None:
    kept.append("export", {}, at=AT)
    made(kept, tmp_path / "other", stamping(authority, "good", "unsorted"))
    shutil.rmtree(bag / FOLDER)
    shutil.copytree(tmp_path / "other" / FOLDER, bag / FOLDER)
    names = ["tagmanifest-sha256.sig", "tagmanifest-sha256.txt"]
    names += sorted(each.relative_to(bag).as_posix() for each in (bag / FOLDER).rglob("*") if each.is_file())
    seals = "".join(f"{sha256_of((bag / name).read_bytes())}  {name}\n" for name in names)
    (bag / "seals-sha256.txt").write_text(seals)
    assert {fault.check for fault in faults(bag)} == {"time stamp of this bundle"}
    assert not shell(bag, tools(tmp_path / "bin"), ["sh verify.sh"])


def test_who_does_not_answer_costs_nothing_and_stands_in_the_signed_words(
    kept: vault.Vault, authority: Authority, tmp_path: Path
) -> None:
    bag = made(kept, tmp_path / "bag", stamping(authority, "wrong-nonce", "good", "error"))
    assert (len(bag.stamped), len(bag.unstamped)) == (1, 2)
    assert faults(bag.path) == []
    assert note(bag.path) == "3 asked for, 1 there: the others were not given, or were taken out."
    assert [each.name for each in (bag.path / FOLDER).iterdir()] == ["1"]
    assert (bag.path / "bag-info.txt").read_text().count("Time-Stamp-Asked: ") == 3


def test_without_an_authority_nobody_is_asked_and_that_is_said(
    kept: vault.Vault, authority: Authority, tmp_path: Path
) -> None:
    bag = made(kept, tmp_path / "bag.zip", Stamping(), How(zipped=True))
    assert (bag.stamped, bag.unstamped, authority.heard) == ((), (), [])
    assert note(bag.path) == "None was asked for."
