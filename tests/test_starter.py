"""The starter's parts: what it takes a command for, what it says, and what old Pythons make of run.py."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from archiver import starter
from archiver.cli.main import archiver
from archiver.packages import Computer, Ran, Run

REPOSITORY = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ""),
        (["--help"], ""),
        (["capture", "list"], "capture"),
        (["--vault", "capture", "list"], "list"),
        (["--vault=capture", "--json", "search", "capture"], "search"),
        (["--passphrase-fd", "3", "--operator", "Kit", "--quiet", "read", "--missing"], "read"),
        (["--vault"], ""),
    ],
)
def test_the_command_is_told_from_options_and_their_values(arguments: list[str], command: str) -> None:
    assert starter.command_in(arguments) == command


def test_the_starter_knows_every_global_option_that_takes_a_value() -> None:
    options = [option for option in archiver.params if isinstance(option, click.Option) and not option.is_flag]
    assert sorted(name for option in options for name in option.opts) == sorted(starter.WITH_VALUE)


def test_the_starter_names_commands_that_there_are() -> None:
    assert set(starter.NEEDED) - {"test"} <= set(archiver.list_commands(click.Context(archiver)))


def stand_in(*, may: bool, brings: bool = True) -> tuple[list[tuple[str, ...]], Run]:
    """Commands that were asked for, and a `run` in place of the system's."""
    asked: list[tuple[str, ...]] = []

    def run(command: tuple[str, ...], **_: object) -> Ran:
        asked.append(tuple(command))
        if command == ("sudo", "-n", "true"):
            return Ran(0 if may else 1, "")
        return Ran(0, "") if brings else Ran(100, "Reading lists...\nE: Unable to locate package python3-venv\nmore\n")

    return asked, run


def _install_venv(computer: Computer, run: Run, *programs: str) -> list[str]:
    said: list[str] = []
    which = {name: f"/usr/bin/{name}" for name in programs}.get
    starter.install_venv(computer, which=which, say=said.append, run=run)
    return said


def test_where_debian_split_venv_off_root_gets_it_without_being_asked() -> None:
    asked, run = stand_in(may=False)
    _install_venv(Computer("Linux", "ID=debian", is_root=True), run, "apt-get")
    assert asked[-1][-1] == f"python{starter.PYTHON}-venv"
    assert asked[-1][:3] == ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get")


def test_where_sudo_asks_for_nothing_it_is_used() -> None:
    asked, run = stand_in(may=True)
    _install_venv(Computer("Linux", "ID=debian"), run, "apt-get", "sudo")
    assert asked[-1][:2] == ("sudo", "-n")


@pytest.mark.parametrize("programs", [("apt-get",), ("apt-get", "sudo")])
def test_without_rights_one_sentence_says_what_to_install_and_how(programs: tuple[str, ...]) -> None:
    asked, run = stand_in(may=False)
    with pytest.raises(starter.SetupError, match=r"needs an administrator.*`sudo apt-get install python3\.\d+-venv`"):
        _install_venv(Computer("Linux", "ID=debian"), run, *programs)
    assert all(command == ("sudo", "-n", "true") for command in asked)


def test_when_apt_can_not_install_it_its_own_word_is_passed_on() -> None:
    _, run = stand_in(may=False, brings=False)
    with pytest.raises(starter.SetupError, match="Unable to locate package python3-venv"):
        _install_venv(Computer("Linux", "ID=debian", is_root=True), run, "apt-get")


def test_a_python_without_venv_elsewhere_is_told_to_be_replaced() -> None:
    with pytest.raises(starter.SetupError, match=r"python\.org"):
        _install_venv(Computer("Darwin"), stand_in(may=True)[1], "brew")


def test_a_folder_that_can_not_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(starter.SetupError, match="can't be written to"), starter.alone(tmp_path / "nowhere"):
        pass


def test_a_nearly_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert starter.full_disk(tmp_path) == ""
    monkeypatch.setattr(starter, "NEARLY_FULL", 2**63)
    assert starter.full_disk(tmp_path).startswith("The disk is full")


OLD = "import sys; sys.version_info = (3, 9, 2); import runpy; runpy.run_path({!r}, run_name='__main__')"


def test_an_old_python_is_told_in_one_sentence_what_is_needed() -> None:
    script = OLD.format(str(REPOSITORY / "run.py"))
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (4, "", 1)
    assert "needs Python 3.11 or newer, and this is Python 3.9" in ended.stderr


def test_an_old_python_can_read_run_py() -> None:
    tree = ast.parse((REPOSITORY / "run.py").read_text("ascii"), feature_version=(3, 4))
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    assert [node for node in ast.walk(tree) if isinstance(node, new)] == []


@pytest.mark.parametrize("name", ["run.py", "archiver/__init__.py", "archiver/starter.py", "archiver/packages.py"])
def test_what_runs_before_the_libraries_are_there_needs_none(name: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((REPOSITORY / name).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert imported <= {*sys.stdlib_module_names, "collections.abc", "archiver.starter", "archiver.packages"}


def _pins(name: str) -> dict[str, set[str]]:
    """Library -> its versions and hashes, as the lock file lists them."""
    pins: dict[str, set[str]] = {}
    for block in re.split(r"\n(?=\S)", (REPOSITORY / name).read_text("utf-8").strip()):
        head = re.match(r"([a-z0-9-]+)==(\S+)", block)
        assert head, f"{name}: not pinned: {block[:80]}"
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
        assert hashes, f"{name}: no hash for {head.group()}"
        pins.setdefault(head.group(1), set()).update({head.group(2), *hashes})
    return pins


def test_each_library_is_pinned_with_hashes_and_the_tools_lock_holds_the_same() -> None:
    run, dev = _pins(starter.LOCKED), _pins(starter.LOCKED_DEV)
    assert {name for name in run if dev.get(name) != run[name]} == set()


def test_each_dependency_that_is_declared_is_locked() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    for declared, lock in (
        (project["project"]["dependencies"], starter.LOCKED),
        (project["dependency-groups"]["dev"], starter.LOCKED_DEV),
    ):
        names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("_", "-") for line in declared}
        assert names - set(_pins(lock)) == set()
