"""run.py from nothing: real virtual environments and a real pip, with made-up libraries served on 127.0.0.1."""

from __future__ import annotations

import json
import os
import re
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


def test_a_second_start_adds_well_under_a_second(checkout: Checkout) -> None:
    checkout.run("list")
    python = str(starter.python_in(checkout.root))
    environ = checkout.environ() | {"PYTHONPATH": str(checkout.root)}
    with_run = min(_seconds(checkout.command("list"), checkout.environ()) for _ in range(5))
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


def test_a_changed_lock_brings_what_changed_and_keeps_the_rest(checkout: Checkout) -> None:
    checkout.run("capture")
    fork = wheel(checkout.shelf.folder, "fork", {"fork.py": ""})
    lock = checkout.root / "requirements.lock"
    lock.write_text(lock.read_text() + locked(fork))
    assert checkout.run("list").returncode == 7
    assert checkout.shelf.fetched == ["spoon-1.0-py3-none-any.whl", "fork-1.0-py3-none-any.whl"]
    assert checkout.stamp()["instruments"] == starter.LOOKED_FOR


def test_libraries_of_another_python_are_made_anew(checkout: Checkout) -> None:
    checkout.run("list")
    starter.write_stamp(checkout.root, checkout.stamp() | {"python": "cpython 3.10"})
    (checkout.root / ".venv" / "of the old one").write_text("")
    assert checkout.run("list").returncode == 7
    assert not (checkout.root / ".venv" / "of the old one").exists()


def test_a_stamp_that_is_damaged_or_whose_python_has_gone_counts_for_nothing(tmp_path: Path) -> None:
    python = starter.python_in(tmp_path)
    python.parent.mkdir(parents=True)
    starter.write_stamp(tmp_path, {"python": "x"})
    assert starter.read_stamp(tmp_path) == {}  # no Python
    python.write_text("")
    assert starter.read_stamp(tmp_path) == {"python": "x"}
    (tmp_path / ".venv" / "ready.json").write_text('{"pyth')
    assert starter.read_stamp(tmp_path) == {}


def test_capture_looks_for_instruments_once_and_other_commands_never(checkout: Checkout) -> None:
    checkout.run("list")
    assert checkout.setups() == 0
    looked = checkout.run("capture", "http://127.0.0.1/")
    assert (looked.returncode, checkout.setups()) == (7, 1)
    assert "words of setup" in looked.stderr
    assert "instrument" not in looked.stdout
    again = checkout.run("--json", "capture", "http://127.0.0.1/")
    assert (again.returncode, again.stderr, checkout.setups()) == (7, "", 1)


def test_without_a_browser_capture_ends_with_four_and_without_tesseract_it_goes_on(checkout: Checkout) -> None:
    checkout.has(browser="missing", tesseract="ready")
    ended = checkout.run("capture", "http://127.0.0.1/")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr.splitlines()[-1] == "words of setup"  # which says what is missing and what brings it
    assert checkout.run("list").returncode == 7  # what needs no browser goes on
    checkout.has(browser="ready", tesseract="missing")
    assert checkout.run("capture", "http://127.0.0.1/").returncode == 7
    assert checkout.setups() == 2


def test_a_setup_command_that_breaks_is_said_and_not_taken_for_an_answer(checkout: Checkout) -> None:
    (checkout.root / "instruments.json").write_text("no json")
    ended = checkout.run("--quiet", "capture", "http://127.0.0.1/")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "Looking for a browser ended early" in ended.stderr.splitlines()[-1]


def test_test_brings_the_tools_too_and_runs_the_suite_where_it_lies(checkout: Checkout) -> None:
    checkout.run("list")
    ran = checkout.run("test", "-k", "a or b")
    assert ran.returncode == 5
    assert json.loads(ran.stdout) == {"pytest": ["-n", "auto", "-k", "a or b"], "in": str(checkout.root)}
    assert checkout.shelf.fetched == ["spoon-1.0-py3-none-any.whl", "pytest-1.0-py3-none-any.whl"]
    checkout.has(browser="ready", tesseract="missing")
    (checkout.root / ".venv" / "ready.json").write_text(
        json.dumps({name: said for name, said in checkout.stamp().items() if name != "instruments"})
    )
    assert checkout.run("test").returncode == 4  # a suite without its instruments would fail at every turn
