"""kill -9 at any moment: what was said to be kept is there, and the vault is whole. Nothing readable is on the disk."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archiver import vault
from archiver.records import Finding
from archiver.verify import verify
from tests.vault.child import CANARY
from tests.vault.made import DATABASE, SECRET

ROOT = Path(__file__).parents[2]
KILLS = 25


@contextmanager
def child(*arguments: str | Path, scratch: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | ({"TMPDIR": str(scratch)} if scratch else {})
    command = [sys.executable, "-m", "tests.vault.child", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def killed_after(process: subprocess.Popen[str], lines: int, seconds: float) -> list[str]:
    """Everything the program said, when it was killed that long after having said so many lines."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    rest = process.stdout.read()
    assert process.wait(10) == -9
    return [line for line in (*said, *rest.splitlines(keepends=True)) if line.endswith("\n")]


def findings(folder: Path) -> list[Finding]:
    with vault.open_vault(folder, secret=SECRET) as opened:
        return [seen for seen in verify(opened) if isinstance(seen, Finding)]


def test_killed_at_any_moment_the_vault_holds_everything_that_was_said_to_be_kept(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    folder, chance = tmp_path / "vault", random.Random(20_260_303)
    vault.create(folder, secret=SECRET).close()
    promised: dict[str, str] = {}
    for turn in range(KILLS):
        with child(folder, 1_000 * turn, 900) as process:
            said = killed_after(process, chance.randint(0, 3), chance.uniform(0, 0.12))
        promised |= {line.split()[1]: line.split()[2] for line in said if line.startswith("kept ")}
        with vault.open_vault(folder, secret=SECRET) as opened:
            kept = {capture.id: capture.body["requested"] for capture in opened.captures()}
        assert promised.items() <= kept.items(), f"turn {turn}"
        assert len(kept) <= len(promised) + turn + 1  # at most one a turn was kept before it could be said
    assert len(promised) > KILLS
    assert findings(folder) == []
    figure(
        f"kill -9 of a program that captures: {KILLS} moments; of {len(promised)} captures said to be kept none is lost"
    )


def test_killed_while_vaults_are_made_each_is_whole_or_not_there(tmp_path: Path) -> None:
    chance = random.Random(7)
    for turn in range(6):
        parent = tmp_path / str(turn)
        with child("--create", parent) as process:
            said = killed_after(process, chance.randint(1, 3), chance.uniform(0, 0.08))
        made = {path.name for path in parent.iterdir() if not path.name.startswith(".")}
        assert made >= {line.split()[1] for line in said}
        for name in made:
            assert [finding.check for finding in findings(parent / name)] == ["contents"]


def test_nothing_that_was_kept_can_be_read_on_the_disk(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "vault", tmp_path / "tmp"
    scratch.mkdir()
    vault.create(folder, secret=SECRET).close()
    with child(folder, 1, 900, scratch=scratch) as process:
        killed_after(process, 8, 0.05)
    assert {path.name for path in folder.iterdir()} >= {DATABASE, f"{DATABASE}-wal"}
    canaries = [CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    canaries += [word.encode() for word in ("alexm", "igsh=abc", "Post number", "SQLite format", "create table")]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert [canary for canary in canaries if canary in data] == [], path
        assert not any(canary.decode("latin-1") in path.name for canary in canaries)
    with vault.open_vault(folder, secret=SECRET) as opened:  # it is all there, for who has the key
        assert opened.search(CANARY, limit=1)


def test_two_programs_that_write_at_once_take_turns(tmp_path: Path, figure: Callable[[str], None]) -> None:
    folder = tmp_path / "vault"
    vault.create(folder, secret=SECRET).close()
    with child(folder, 1, 12) as one, child(folder, 1_001, 12) as other:
        said = [process.communicate(timeout=60)[0] for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0]
    kept = [line.split()[1] for text in said for line in text.splitlines() if line.startswith("kept ")]
    assert sorted(kept) == sorted(f"C{n}" for n in range(1, 25))
    assert findings(folder) == []
    with vault.open_vault(folder, secret=SECRET) as opened:
        assert len({capture.body["requested"] for capture in opened.captures()}) == 24
    figure("two programs that write at once: 24 captures, one after the other, none lost")
