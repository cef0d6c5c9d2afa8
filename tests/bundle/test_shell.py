"""VERIFY.txt and verify.sh, run in a shell that has sha256sum, head, openssl and sh, and nothing else."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.bundle import instructions
from tests.bundle.bags import bundled, commands, faults, fill, shell, tools

FLIPS = 48


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    fill(folder / "vault")
    bundled(folder / "vault", folder / "bag")
    return folder / "bag"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tools(tmp_path_factory.mktemp("tools") / "bin")


def test_every_command_passes_on_a_whole_bundle_with_nothing_else_on_the_path(whole: Path, path: Path) -> None:
    lines = commands(whole)
    assert len(lines) == 8
    for line in lines:
        assert shell(whole, path, [line]), line
    assert faults(whole) == []


def test_the_scripts_use_no_program_but_those_that_are_named() -> None:
    text = instructions.verify_sh().decode("ascii")
    strangers = re.findall(r"\b(?:sed|awk|grep|cut|find|cat|tail|wc|tr|sort|xargs|dirname|basename|python3?)\b", text)
    assert strangers == []


def test_any_one_byte_that_differs_is_found_by_the_commands_and_by_the_program(
    whole: Path, path: Path, tmp_path: Path
) -> None:
    chance = random.Random(20_260_303)
    names = sorted(file.relative_to(whole).as_posix() for file in whole.rglob("*") if file.is_file())
    kinds = ("data/originals", "data/", "log/entries", "log/", "manifest", "tagmanifest", "seals", "")
    for n in range(FLIPS):
        kind = kinds[n % len(kinds)]
        name = chance.choice([each for each in names if each.startswith(kind)])
        copy = Path(shutil.copytree(whole, tmp_path / str(n)))
        data = bytearray((copy / name).read_bytes())
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        (copy / name).write_bytes(data)
        assert not shell(copy, path, commands(whole)), (name, at)
        assert faults(copy) != [], (name, at)
        shutil.rmtree(copy)


def swap_lines(bag: Path) -> None:
    lines = (bag / "log/log-hashes.txt").read_text().splitlines(keepends=True)
    lines[1], lines[3] = lines[3], lines[1]
    (bag / "log/log-hashes.txt").write_text("".join(lines))


def swap_entries(bag: Path) -> None:
    one, other = bag / "log/entries/entry-2.json", bag / "log/entries/entry-4.json"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


TAMPERED: dict[str, Callable[[Path], object]] = {
    "entry removed": lambda bag: (bag / "log/entries/entry-2.json").unlink(),
    "entry added": lambda bag: shutil.copy(bag / "log/entries/entry-2.json", bag / "log/entries/entry-3.json"),
    "entries swapped": swap_entries,
    "list reordered": swap_lines,
    "line added to the list": lambda bag: (bag / "log/log-hashes.txt").open("a").write("0" * 64 + "\n"),
    "payload removed": lambda bag: (bag / "data/index.html").unlink(),
    "file added": lambda bag: (bag / "data/more.txt").write_text("more"),
    "hidden file added": lambda bag: (bag / "log/.more").write_text("more"),
    "link added": lambda bag: (bag / "data/more").symlink_to("index.html"),
    "signature taken from another file": lambda bag: shutil.copy(
        bag / "log/checkpoint.sig", bag / "tagmanifest-sha256.sig"
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_added_removed_or_put_elsewhere_is_found(what: str, whole: Path, path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    TAMPERED[what](copy)
    assert not shell(copy, path, commands(whole))
    assert faults(copy) != []


def relisted(bag: Path) -> None:
    """Every list made anew, as someone would who has no key."""
    for name, files in (
        ("manifest-sha256.txt", [p for p in bag.rglob("*") if p.is_file() and (bag / "data") in p.parents]),
        (
            "tagmanifest-sha256.txt",
            [
                p
                for p in bag.rglob("*")
                if p.is_file()
                and (bag / "data") not in p.parents
                and not p.name.startswith(("tagmanifest-sha256", "seals-sha256"))
            ],
        ),
        ("seals-sha256.txt", [bag / "tagmanifest-sha256.sig", bag / "tagmanifest-sha256.txt"]),
    ):
        lines = sorted((p.relative_to(bag).as_posix(), hashlib.sha256(p.read_bytes()).hexdigest()) for p in files)
        (bag / name).write_text("".join(f"{digest}  {path}\n" for path, digest in lines))


def test_lists_that_were_made_anew_after_a_change_do_not_help(whole: Path, path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    relisted(copy)
    assert shell(copy, path, ["sh verify.sh"])  # nothing changed: the lists are the same
    (copy / "data/originals/AB-1/dom.html.txt").write_text("<p>Something else</p>")
    relisted(copy)
    assert not shell(copy, path, ["sh verify.sh"])
    assert {"signatures", "originals"} <= {finding.check for finding in faults(copy)}


def test_the_script_for_windows_checks_what_the_other_checks_and_is_plain_ascii() -> None:
    """It can't run here. What can be told without Windows: its brackets close, its names are the bundle's, no letter
    that an old code page would read otherwise, and each of the other script's seven parts is in it."""
    data = instructions.verify_ps1()
    text = data.decode("ascii")
    assert data.count(b"\n") == data.count(b"\r\n")
    bare = re.sub(r"'[^'\r\n]*'|#[^\r\n]*", "", text)
    assert all(bare.count(one) == bare.count(other) for one, other in ("()", "{}", "[]"))
    for part in range(1, 8):
        assert re.search(rf"^# {part}\. ", text, re.MULTILINE)
        assert re.search(rf"^# {part}\. ", instructions.verify_sh().decode(), re.MULTILINE)
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.sig", "log/originals.txt", "log/log-hashes.txt", "exit 1"):
        assert name in text
    assert not re.search(r"Install-|Import-Module|Invoke-|Add-Type|New-Item|Remove-|Set-Content|Out-File", text)
