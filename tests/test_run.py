"""run.py from nothing: real virtual environments and a real pip, with made-up libraries served on 127.0.0.1."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver import starter
from tests.made_checkout import Checkout, checkout_in, locked, shelf_in, wheel


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    with shelf_in(tmp_path / "shelf") as shelf:
        yield checkout_in(tmp_path / "a folder", shelf)  # with a space, as people's folders have


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `.venv` that run.py made: five seconds each, so tests of what comes after it start from a copy."""
    folder = tmp_path_factory.mktemp("made once")
    with shelf_in(folder / "shelf") as shelf:
        made = checkout_in(folder / "a folder", shelf)
        assert made.run("list").returncode == 7
    return made.root / ".venv"


@pytest.fixture
def ready(checkout: Checkout, made_once: Path) -> Checkout:
    shutil.copytree(made_once, checkout.root / ".venv", symlinks=True)
    assert starter.is_ready(checkout.root, [starter.LOCKED], "list")
    return checkout


def test_the_first_start_sets_up_and_hands_over_and_the_second_only_hands_over(checkout: Checkout) -> None:
    (checkout.root.parent / "spoon.py").write_text("BOWL = 'from the folder one stands in'\n")
    first = checkout.run("--vault", "my vault", "list", "--", "-x", "$(touch y); a b")
    assert first.returncode == 7, first.stderr
    given = json.loads(first.stdout)  # standard output holds the program's words alone
    assert given["arguments"] == ["--vault", "my vault", "list", "--", "-x", "$(touch y); a b"]
    assert given["spoon"] == 1
    assert "Setting up." in first.stderr
    stamped = (checkout.root / ".venv" / "ready.json").stat().st_mtime_ns
    started = checkout.start("list")
    out, err = started.communicate(timeout=60)
    assert (started.returncode, err) == (7, "")
    assert checkout.shelf.fetched == ["spoon-1.0-py3-none-any.whl"]
    assert (checkout.root / ".venv" / "ready.json").stat().st_mtime_ns == stamped
    if os.name == "posix":
        assert json.loads(out)["pid"] == started.pid  # the program took the place of run.py: signals reach it


def test_a_second_start_adds_well_under_a_second(ready: Checkout) -> None:
    python = str(starter.python_in(ready.root))
    environ = ready.environ() | {"PYTHONPATH": str(ready.root)}
    with_run = min(_seconds(ready.command("list"), ready.environ()) for _ in range(5))
    without = min(_seconds([python, "-P", "-m", starter.PROGRAM, "list"], environ) for _ in range(5))
    assert with_run - without < 0.5


def _seconds(command: list[str], environ: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environ, capture_output=True, check=False)
    return time.perf_counter() - begun


def test_a_library_with_another_fingerprint_is_refused_and_the_next_start_begins_again(checkout: Checkout) -> None:
    good = (checkout.root / "requirements.lock").read_text()
    (checkout.root / "requirements.lock").write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", good))
    refused = checkout.run("list")
    assert refused.returncode == 4
    assert refused.stderr.splitlines()[-1].startswith("A library that came is not the one that was expected")
    assert (refused.stdout, checkout.stamp()) == ("", {})
    (checkout.root / "requirements.lock").write_text(good)
    assert checkout.run("list").returncode == 7


def test_without_the_internet_one_sentence_says_so(checkout: Checkout) -> None:
    checkout.shelf.url = "http://127.0.0.1:9/"  # nobody listens on the discard port
    (checkout.shelf.folder / "spoon-1.0-py3-none-any.whl").unlink()
    ended = checkout.run("list")
    assert (ended.returncode, ended.stdout, checkout.stamp()) == (4, "", {})
    assert "the internet was not reached" in ended.stderr.splitlines()[-1]


def test_a_setup_that_is_killed_is_made_again_from_nothing(checkout: Checkout) -> None:
    checkout.shelf.let_go.clear()
    killed = checkout.start("list")
    assert checkout.shelf.asked.wait(60)
    killed.kill()
    killed.communicate(timeout=60)
    assert checkout.stamp() == {}
    (checkout.root / ".venv" / "left by the killed one").write_text("")
    again = checkout.start("list")  # pip of the killed one still runs, and holds the lock
    assert again.stderr is not None
    assert "waiting" in again.stderr.readline()
    checkout.shelf.let_go.set()
    out, _ = again.communicate(timeout=120)
    assert again.returncode == 7
    assert json.loads(out)["spoon"] == 1
    assert not (checkout.root / ".venv" / "left by the killed one").exists()


def test_ctrl_c_stops_the_setup_and_all_it_started(checkout: Checkout) -> None:
    checkout.shelf.let_go.clear()
    stopped = checkout.start("list")
    assert checkout.shelf.asked.wait(60)
    stopped.send_signal(signal.SIGINT)
    _, err = stopped.communicate(timeout=60)
    assert stopped.returncode == 130
    assert err.splitlines()[-1].startswith("Stopped.")
    assert "Traceback" not in err
    with starter.alone(checkout.root):  # nobody holds the lock any more, so pip is gone too
        assert checkout.stamp() == {}


def test_two_starts_at_once_set_up_once(checkout: Checkout) -> None:
    checkout.shelf.let_go.clear()
    first = checkout.start("list")
    assert checkout.shelf.asked.wait(60)
    second = checkout.start("list")
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()
    checkout.shelf.let_go.set()
    for started in (first, second):
        started.communicate(timeout=120)
        assert started.returncode == 7
    assert checkout.shelf.fetched == ["spoon-1.0-py3-none-any.whl"]


def test_a_changed_lock_brings_what_changed_and_keeps_the_rest(ready: Checkout) -> None:
    ready.run("capture")
    fork = wheel(ready.shelf.folder, "fork", {"fork.py": ""})
    lock = ready.root / "requirements.lock"
    lock.write_text(lock.read_text() + locked(fork))
    assert ready.run("list").returncode == 7
    assert ready.shelf.fetched == ["fork-1.0-py3-none-any.whl"]  # and the other stays as it is
    assert ready.stamp()["instruments"] == starter.LOOKED_FOR


def test_libraries_of_another_python_are_made_anew(ready: Checkout) -> None:
    starter.write_stamp(ready.root, ready.stamp() | {"python": "cpython 3.10"})
    (ready.root / ".venv" / "of the old one").write_text("")
    assert ready.run("list").returncode == 7
    assert not (ready.root / ".venv" / "of the old one").exists()


def test_a_stamp_that_is_damaged_or_whose_python_has_gone_counts_for_nothing(tmp_path: Path) -> None:
    python = starter.python_in(tmp_path)
    python.parent.mkdir(parents=True)
    starter.write_stamp(tmp_path, {"python": "x"})
    assert starter.read_stamp(tmp_path) == {}  # no Python
    python.write_text("")
    assert starter.read_stamp(tmp_path) == {"python": "x"}
    (tmp_path / ".venv" / "ready.json").write_text('{"pyth')
    assert starter.read_stamp(tmp_path) == {}


def test_capture_looks_for_instruments_once_and_other_commands_never(ready: Checkout) -> None:
    assert ready.run("list").returncode == 7
    assert ready.setups() == 0
    looked = ready.run("capture", "http://127.0.0.1/")
    assert (looked.returncode, ready.setups()) == (7, 1)
    assert "words of setup" in looked.stderr
    assert "instrument" not in looked.stdout
    again = ready.run("--json", "capture", "http://127.0.0.1/")
    assert (again.returncode, again.stderr, ready.setups()) == (7, "", 1)


def test_without_a_browser_capture_ends_with_four_and_without_tesseract_it_goes_on(ready: Checkout) -> None:
    ready.has(browser="missing", tesseract="ready")
    ended = ready.run("capture", "http://127.0.0.1/")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr.splitlines()[-1] == "words of setup"  # which says what is missing and what brings it
    assert ready.run("list").returncode == 7  # what needs no browser goes on
    ready.has(browser="ready", tesseract="missing")
    assert ready.run("capture", "http://127.0.0.1/").returncode == 7
    assert ready.setups() == 2


def test_a_setup_command_that_breaks_is_said_and_not_taken_for_an_answer(ready: Checkout) -> None:
    (ready.root / "instruments.json").write_text("no json")
    ended = ready.run("--quiet", "capture", "http://127.0.0.1/")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "Looking for a browser ended early" in ended.stderr.splitlines()[-1]


def test_test_brings_the_tools_too_and_runs_the_suite_where_it_lies(ready: Checkout) -> None:
    ran = ready.run("test", "-k", "a or b")
    assert ran.returncode == 5
    assert json.loads(ran.stdout) == {"pytest": ["-n", "auto", "-k", "a or b"], "in": str(ready.root)}
    assert ready.shelf.fetched == ["pytest-1.0-py3-none-any.whl"]  # and the other stays as it is
    ready.has(browser="ready", tesseract="missing")
    (ready.root / ".venv" / "ready.json").write_text(
        json.dumps({name: said for name, said in ready.stamp().items() if name != "instruments"})
    )
    assert ready.run("test").returncode == 4  # a suite without its instruments would fail at every turn
