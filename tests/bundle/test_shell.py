"""VERIFY.txt and verify.sh, run in a shell that has sha256sum, head, openssl and sh, and nothing else."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archiver.bundle import instructions
from tests.bundle.bags import bundled, commands, faults, fill, shell, tools
from tests.bundle.test_words import FORBIDDEN


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
    assert len(lines) == 7
    for line in lines:
        assert shell(whole, path, [line]), line
        assert said(whole, path, line).splitlines()[-1].endswith(("OK", "Nothing was found.")), (
            "silence could be either"
        )
    assert faults(whole) == []


def test_the_scripts_use_no_program_but_those_that_are_named() -> None:
    text = instructions.verify_sh().decode("ascii")
    strangers = re.findall(r"\b(?:sed|awk|grep|cut|find|cat|tail|wc|tr|sort|xargs|dirname|basename|python3?)\b", text)
    assert strangers == []


def said(bag: Path, path: Path, line: str) -> str:
    return subprocess.run(
        [path / "sh", "-c", line], cwd=bag, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    ).stdout


def swap_lines(bag: Path) -> None:
    lines = (bag / "log/log-hashes.txt").read_text().splitlines(keepends=True)
    lines[1], lines[3] = lines[3], lines[1]
    (bag / "log/log-hashes.txt").write_text("".join(lines))


def swap_entries(bag: Path) -> None:
    one, other = bag / "log/entries/entry-2.json", bag / "log/entries/entry-4.json"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def between_two_lines(bag: Path) -> None:
    """A file whose path is the end of one line of the list and the beginning of the next."""
    first, second, *_ = [line[66:] for line in (bag / "manifest-sha256.txt").read_text().splitlines()]
    digest = hashlib.sha256((bag / second).read_bytes()).hexdigest()
    strange = bag / f"{first}\n{digest}  {second}"
    strange.parent.mkdir(parents=True)
    strange.write_text("more")


TAMPERED: dict[str, Callable[[Path], object]] = {
    "entry removed": lambda bag: (bag / "log/entries/entry-2.json").unlink(),
    "entry added": lambda bag: shutil.copy(bag / "log/entries/entry-2.json", bag / "log/entries/entry-3.json"),
    "entries swapped": swap_entries,
    "list reordered": swap_lines,
    "line added to the list": lambda bag: (bag / "log/log-hashes.txt").open("a").write("0" * 64 + "\n"),
    "payload removed": lambda bag: (bag / "data/index.html").unlink(),
    "file added": lambda bag: (bag / "data/more.txt").write_text("more"),
    "hidden file added": lambda bag: (bag / "log/.more").write_text("more"),
    "file added whose name looks like a list": between_two_lines,
    "file added with a name that draws on the terminal": lambda bag: (bag / "data/\x1b[2J\udcff").write_text("more"),
    "folder added": lambda bag: (bag / "data/this was made up").mkdir(),
    "link to a folder added": lambda bag: (bag / "more").symlink_to("data"),
    "name in other letters": lambda bag: (bag / "data/index.html").rename(bag / "data/Index.html"),
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
    assert not shell(copy, path, ["sh verify.sh"])
    assert faults(copy) != []
    assert all(fault.subject.isprintable() for fault in faults(copy))
    assert "\x1b" not in said(copy, path, "sh verify.sh")


def test_what_is_said_on_the_way_claims_nothing(whole: Path, path: Path) -> None:
    told = "\n".join((whole / name).read_text("ascii") for name in ("VERIFY.txt", "verify.sh", "verify.ps1"))
    assert [word for word in FORBIDDEN if word in f"{told}\n{said(whole, path, 'sh verify.sh')}".lower()] == []


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


def test_a_part_taken_out_as_a_bundle_of_its_own_is_not_whole(whole: Path, path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "copy"))
    shutil.rmtree(copy / "data/originals/AB-2")
    (copy / "log/entries/entry-4.json").unlink()
    lines = (copy / "log/originals.txt").read_text().splitlines(keepends=True)
    (copy / "log/originals.txt").write_text("".join(line for line in lines if "/AB-2/" not in line))
    relisted(copy)
    assert not shell(copy, path, ["sh verify.sh"])
    assert "signatures" in {finding.check for finding in faults(copy)}


def test_a_bundle_signed_anew_with_another_key_does_not_fit_the_log_that_names_its_own(
    whole: Path, path: Path, tmp_path: Path
) -> None:
    copy, other = Path(shutil.copytree(whole, tmp_path / "copy")), ec.generate_private_key(ec.SECP256R1())
    pem = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for signed in ("log/checkpoint", "tagmanifest-sha256"):
        (copy / "log/public-key.pem").write_bytes(pem)
        relisted(copy)
        signature = other.sign((copy / f"{signed}.txt").read_bytes(), ec.ECDSA(hashes.SHA256()))
        (copy / f"{signed}.sig").write_bytes(signature)
    relisted(copy)
    assert shell(copy, path, [line for line in commands(whole) if line != "sh verify.sh"])  # sound in itself
    assert not shell(copy, path, ["sh verify.sh"])
    assert {(fault.check, fault.subject) for fault in faults(copy)} == {("entries", "entry 1")}


def test_there_is_a_way_for_a_computer_that_lets_no_script_run_and_for_each_system(whole: Path) -> None:
    text = (whole / "VERIFY.txt").read_text("ascii")
    for said_there in (
        "\nWINDOWS\n",
        "\nLINUX AND macOS\n",
        "certutil -hashfile ",
        "Get-FileHash $path",
        "shasum -a 256",
    ):
        assert said_there in text
    assert ".DS_Store" in text


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
    assert ", [System.IO.File]::ReadAllBytes(" in text  # else an empty file is $null, and a covered bundle has one
    assert not re.search(r"Install-|Import-Module|Invoke-|Add-Type|New-Item|Remove-|Set-Content|Out-File", text)
