"""Package managers of each system, asked by a stand-in; and commands that are really run, bounded and ended."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

from archiver.packages import (
    APT,
    BREW,
    DNF,
    OF_SYSTEM,
    PACMAN,
    UBUNTU,
    WINGET,
    ZYPPER,
    Computer,
    Manager,
    Ran,
    by_hand,
    install,
    manager_of,
    rights,
    run_bounded,
    this_computer,
)
from tests.stand_ins import PackageWorld

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
MINT = 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n'
UBUNTU_24 = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'
FEDORA = "NAME=Fedora\nID=fedora\n"


@pytest.mark.parametrize(
    ("computer", "programs", "manager"),
    [
        (Computer("Linux", DEBIAN), ("apt-get", "dnf"), APT),
        (Computer("Linux", UBUNTU_24), ("apt-get",), UBUNTU),
        (Computer("Linux", MINT), ("apt-get",), APT),
        (Computer("Linux", FEDORA), ("dnf",), DNF),
        (Computer("Linux", "ID=arch"), ("pacman",), PACMAN),
        (Computer("Linux", "ID=opensuse-leap"), ("zypper",), ZYPPER),
        (Computer("Linux", ""), ("brew", "winget"), None),
        (Computer("Darwin"), ("brew",), BREW),
        (Computer("Darwin"), (), None),
        (Computer("Windows"), ("winget",), WINGET),
        (Computer("FreeBSD"), ("pkg",), None),
    ],
)
def test_each_system_has_its_own_package_manager(
    computer: Computer, programs: tuple[str, ...], manager: Manager | None
) -> None:
    assert manager_of(computer, which=PackageWorld(*programs).which) == manager


@pytest.mark.parametrize(
    ("manager", "what", "typed"),
    [
        (APT, "tesseract", "sudo apt-get install tesseract-ocr"),
        (APT, "browser", "sudo apt-get install chromium chromium-sandbox fonts-liberation"),
        (UBUNTU, "browser", "sudo apt-get install chromium-browser fonts-liberation"),
        (DNF, "tesseract", "sudo dnf install tesseract"),
        (PACMAN, "tesseract", "sudo pacman -S tesseract tesseract-data-eng"),
        (ZYPPER, "tesseract", "sudo zypper install tesseract-ocr tesseract-ocr-traineddata-eng"),
        (BREW, "browser", "brew install google-chrome"),
        (BREW, "tesseract", "brew install tesseract"),
        (WINGET, "browser", "winget install -e Google.Chrome"),
        (WINGET, "tesseract", "winget install -e tesseract-ocr.tesseract"),
    ],
)
def test_the_one_command_that_a_person_types(manager: Manager, what: str, typed: str) -> None:
    assert by_hand(manager, manager.packages[what], Computer("Linux")) == typed
    assert by_hand(manager, manager.packages[what], Computer("Linux", is_root=True)) == typed.removeprefix("sudo ")


@pytest.mark.parametrize(
    ("manager", "packages"),
    [
        (APT, ("tesseract-ocr-deu", "tesseract-ocr-chi-sim")),
        (DNF, ("tesseract-langpack-deu", "tesseract-langpack-chi_sim")),
        (PACMAN, ("tesseract-data-deu", "tesseract-data-chi_sim")),
        (ZYPPER, ("tesseract-ocr-traineddata-deu", "tesseract-ocr-traineddata-chi_sim")),
        (BREW, ("tesseract-lang",)),
        (WINGET, ()),
    ],
)
def test_languages_are_packages_with_each_system_s_own_names(manager: Manager, packages: tuple[str, ...]) -> None:
    assert manager.language_packages(("deu", "chi_sim")) == packages


@pytest.mark.parametrize("manager", [manager for managers in OF_SYSTEM.values() for manager in managers])
def test_a_program_is_never_asked_for_a_password_or_a_yes(manager: Manager) -> None:
    world = PackageWorld(manager.program, sudo="asks")
    may = rights(manager, Computer("Linux"), run=world.run, which=world.which)
    assert may == (None if manager.needs_rights else ())
    quiet = {"-y", "--noconfirm", "--non-interactive", "--silent"} & set(manager.install)
    assert quiet or manager is BREW  # which asks nothing by itself


def test_root_installs_and_apt_is_asked_for_news_first() -> None:
    world = PackageWorld("apt-get")
    said: list[str] = []
    root = Computer("Linux", DEBIAN, is_root=True)
    why = install(("tesseract-ocr",), manager=APT, computer=root, run=world.run, which=world.which, say=said.append)
    assert why == ""
    assert [command[2:4] for command in world.asked] == [("apt-get", "update"), ("apt-get", "install")]
    assert world.installed == {"tesseract-ocr"}
    assert said == ["Installing tesseract-ocr with apt-get. This can take some minutes."]


def test_sudo_that_asks_nothing_is_used_and_apt_is_told_so_inside_it() -> None:
    world = PackageWorld("apt-get", sudo="asks nothing")
    computer = Computer("Linux", DEBIAN)
    assert not install(("x",), manager=APT, computer=computer, run=world.run, which=world.which, say=lambda _: None)
    assert world.asked[-1][:5] == ("sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get")


@pytest.mark.parametrize("sudo", ["", "asks"])
def test_without_rights_nothing_is_tried(sudo: str) -> None:
    world = PackageWorld("dnf", sudo=sudo)
    computer = Computer("Linux", FEDORA)
    why = install(("x",), manager=DNF, computer=computer, run=world.run, which=world.which, say=lambda _: None)
    assert why == "installing it needs an administrator"
    assert world.installed == set()


def test_a_package_that_is_not_there_is_told_in_the_manager_s_own_word() -> None:
    world = PackageWorld("apt-get", lacks=["chromium"])
    root = Computer("Linux", DEBIAN, is_root=True)
    why = install(("chromium",), manager=APT, computer=root, run=world.run, which=world.which, say=lambda _: None)
    assert why == "apt-get could not install it: E: Unable to locate package chromium"


def test_this_computer_is_told_from_the_system_itself(tmp_path: Path) -> None:
    release = tmp_path / "os-release"
    release.write_text('ID="mine"\nID_LIKE="debian ubuntu"\n')
    computer = this_computer(etc=release)
    assert computer.identity() == ("mine", "debian", "ubuntu")
    assert computer.is_root == (hasattr(os, "geteuid") and os.geteuid() == 0)
    assert this_computer(etc=tmp_path / "none").os_release == ""


def test_a_command_s_words_come_line_by_line_and_its_code_is_kept() -> None:
    lines: list[str] = []
    script = "import sys; print('one'); print('two', file=sys.stderr); sys.exit(3)"
    ran = run_bounded((sys.executable, "-u", "-c", script), limit=60, on_line=lines.append)
    assert ran == Ran(3, "one\ntwo\n")
    assert lines == ["one\n", "two\n"]


def test_a_command_gets_no_standard_input_and_the_variables_it_is_given() -> None:
    script = "import os, sys; print(repr(sys.stdin.read()), os.environ['SPOON'])"
    assert run_bounded((sys.executable, "-c", script), limit=60, env={"SPOON": "2"}).output == "'' 2\n"


def test_a_command_that_is_not_there_is_an_answer_and_no_traceback() -> None:
    ran = run_bounded(("no-such-program-of-ours",), limit=5)
    assert (ran.code, ran.output) == (127, "no-such-program-of-ours: No such file or directory")


# The child keeps the pipe open too: if only the parent were ended, reading would go on for as long as the child lives.
WITH_CHILD = """
import subprocess, sys, signal
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(child.pid, flush=True)
signal.pause()
"""


def test_a_command_that_takes_too_long_is_ended_with_its_children() -> None:
    pids: list[str] = []
    ran = run_bounded((sys.executable, "-c", WITH_CHILD), limit=2, on_line=pids.append)
    assert ran.code == 124
    assert ran.output == f"{Path(sys.executable).name} was ended after 2 seconds"
    assert ends(int(pids[0]))


def ends(pid: int) -> bool:
    """Whether a process has ended, or does within ten seconds: a signal takes a moment to do its work."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([process], [], [], 10)
    os.close(process)
    return bool(ended)


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Reading\nE: Unable to locate package x\nE: more\n", "E: Unable to locate package x"),
        ("a\nERROR: No matching\nb\n", "ERROR: No matching"),
        ("a\nno more\n\n", "no more"),
        ("", "it ended with code 9 and no word"),
    ],
)
def test_what_went_wrong_is_the_first_line_that_says_error(output: str, words: str) -> None:
    assert Ran(9, output).last_words() == words
