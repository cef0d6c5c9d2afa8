"""Long lists: read from whatever people keep them in, and gone on with where they were left."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.cli.addresses import addresses_in
from archiver.errors import UsageError
from tests.program import Program, served

A, B = "https://one.example/?a=1,2", "https://two.example/"


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n# not this\n\n  {B}  \n",
        f'name,URL\nx,"{A}"\ny,{B}\nz,\n',
        f"Url;note\n{A};x\n{B};y\n",
        f"note\turl\r\nx\t{A}\r\ny\t{B}\r\n",
        f'\ufeffurl,note\n"{A}","two\nlines"\n{B},\n',
    ],
)
def test_a_list_is_read_from_lines_and_from_tables(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "list").write_text(text, "utf-8", newline="")
    assert list(addresses_in(str(tmp_path / "list"))) == [A, B]
    monkeypatch.setattr(sys, "stdin", io.StringIO(text.removeprefix("\ufeff")))
    assert list(addresses_in("-")) == [A, B]


def test_a_list_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No addresses could be read"):
        list(addresses_in(str(tmp_path / "none")))


@pytest.fixture
def site() -> Iterator[str]:
    page = b"<title>A page</title><p>Something was written here.</p>"
    with served({f"/{n}": (200, "text/html", page) for n in range(5)}) as address:
        yield address


def test_the_same_list_again_does_only_the_rest(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    listed = f"{site}/0\n{site}/1\n{site}/0\nhttp://127.0.0.1:9/dead\n"
    command = ("--json", "capture", "--from", "-", "--allow-private", "--no-ocr")
    first = program.run(*command, stdin=listed)
    assert (first.code, [line["status"] for line in first.lines]) == (1, [200, 200, None])  # the double once
    reordered = "\n".join(reversed(listed.split()))
    rest = program.run(*command, stdin=reordered)
    assert [line["requested"] for line in rest.lines] == ["http://127.0.0.1:9/dead"]  # what was not reached
    assert "2 of 3 addresses were kept" in rest.err
    other = program.run(*command, stdin=f"{site}/0\n")  # another list
    assert [line["status"] for line in other.lines] == [200]
    again = program.run(*command, "--again", stdin=listed)
    assert len(again.lines) == 3
    assert program.run("verify").code == 0


def test_ctrl_c_says_what_is_left_and_the_list_goes_on_there(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    (tmp_path / "list.txt").write_text("".join(f"{site}/{n}\n" for n in range(5)))
    command = ("capture", "--from", "list.txt", "--allow-private", "--no-ocr")
    started = subprocess.Popen(
        program.command(*command),
        cwd=tmp_path,
        env=program.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stderr is not None
    said = []
    asked = False  # once: an interrupted print may say its line again, and a second Ctrl-C ends it without words
    for line in started.stderr:
        said.append(line)
        if line.startswith("C2: Kept at ") and not asked:
            os.killpg(started.pid, signal.SIGINT)  # as a terminal does it: to every process of the job
            asked = True
    assert started.wait(60) == 1
    kept = len(program.run("--json", "list").lines)
    assert 2 <= kept < 5
    assert f"{kept} kept, {5 - kept} left. The same command again does only the rest." in "".join(said)
    assert sum("  left: " in line for line in said) == 5 - kept, "".join(said)
    assert program.run(*command).code == 0
    assert len(program.run("--json", "list").lines) == 5
