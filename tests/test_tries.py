"""Wrong keys are slowed, in every process alike, remembered until seen, and never keep anybody out for long."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archiver import keys, vault
from archiver.errors import VaultMissing, WrongKey
from archiver.keys import tries
from tests.vault.made import AT, CHEAP, SECRET

WRONG = keys.Passphrase("not the right one", CHEAP)
NOW = 1_772_529_300.0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    vault.create(tmp_path / "vault", secret=SECRET).close()
    yield tmp_path / "vault"


def wrong(folder: Path, now: float, secret: keys.Secret = WRONG) -> str:
    with pytest.raises(WrongKey) as caught:
        keys.unlock_slowly(folder, secret, clock=lambda: now)
    return str(caught.value)


def test_three_are_free_and_then_each_waits_longer_up_to_a_minute(folder: Path) -> None:
    now, waits = NOW, []
    for _ in range(12):
        assert "does not open" in wrong(folder, now)
        left = keys.seen_tries(folder).seconds_left(now)
        waits.append(left)
        now += left
    assert waits[:3] == [0, 0, 0]
    assert waits[3:] == [4, 8, 16, 32, 60, 60, 60, 60, 60]


def test_while_the_wait_lasts_even_the_right_one_is_refused_and_afterwards_it_opens(folder: Path) -> None:
    for _ in range(4):
        wrong(folder, NOW)
    assert wrong(folder, NOW + 1, SECRET) == "Several wrong ones were tried; try again in 3 seconds."
    assert keys.unlock_slowly(folder, SECRET, clock=lambda: NOW + 5).vault
    assert keys.seen_tries(folder).in_a_row == 0
    assert keys.seen_tries(folder).wrong == 4


def test_a_clock_that_was_set_back_keeps_nobody_out(folder: Path) -> None:
    for _ in range(4):
        wrong(folder, NOW)
    assert keys.unlock_slowly(folder, SECRET, clock=lambda: NOW - 86_400).vault


def test_a_recovery_code_and_a_passphrase_share_the_wait(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.add_slot(keys.new_code(), at=AT)
    for _ in range(4):
        wrong(folder, NOW, keys.new_code())
    assert "Several wrong ones" in wrong(folder, NOW, SECRET)


def test_what_could_not_open_anything_is_no_try(folder: Path, tmp_path: Path) -> None:
    for _ in range(9):
        assert "recovery code" in wrong(folder, NOW, keys.new_code())  # there is no such slot
        with pytest.raises(WrongKey):
            keys.unlock_slowly(folder, keys.Device(tmp_path / "keys", keyring=False), clock=lambda: NOW)
    assert keys.seen_tries(folder).wrong == 0


def test_many_at_once_are_tried_one_after_another(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: wrong(folder, NOW), range(8)))
    assert sum("does not open" in words for words in said) == 4
    assert sum("try again in" in words for words in said) == 4
    assert keys.seen_tries(folder).wrong == 4


def test_another_process_has_to_wait_too(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from archiver import keys\n"
        "now = float(sys.argv[2])\n"
        "try: keys.unlock_slowly(Path(sys.argv[1]), keys.Passphrase('another guess'), clock=lambda: now)\n"
        "except keys.tries.WrongKey as error: print(error)"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script, str(folder), str(NOW)],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
            cwd=Path(__file__).parents[1],
        ).stdout
        for _ in range(5)
    ]
    assert ["try again in" in words for words in said] == [False, False, False, False, True]


def test_wrong_ones_are_remembered_until_they_were_shown_and_never_by_what_was_typed(folder: Path) -> None:
    wrong(folder, NOW)
    wrong(folder, NOW + 60)
    kept = keys.seen_tries(folder)
    assert (kept.wrong, kept.times) == (2, ("2026-03-03T09:15:00Z", "2026-03-03T09:16:00Z"))
    assert "right" not in (folder / tries.FILE).read_text()
    assert (folder / tries.FILE).stat().st_mode & 0o777 == 0o600
    keys.forget_shown(folder)
    after = keys.seen_tries(folder)
    assert (after.wrong, after.times, after.in_a_row) == (0, (), 2)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"wrong": "x"}', '{"wrong": 1, "times": 5, "in_a_row": 1, "until": 1}']
)
def test_a_file_that_can_not_be_read_keeps_nobody_out(folder: Path, text: str) -> None:
    (folder / tries.FILE).write_text(text)
    assert keys.unlock_slowly(folder, SECRET, clock=lambda: NOW).vault


def test_a_time_that_was_written_far_ahead_keeps_nobody_out(folder: Path) -> None:
    (folder / tries.FILE).write_text(json.dumps({"wrong": 9, "times": [], "in_a_row": 9, "until": NOW + 1e9}))
    assert keys.unlock_slowly(folder, SECRET, clock=lambda: NOW).vault


def test_where_there_is_no_vault_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(VaultMissing):
        keys.unlock_slowly(tmp_path / "absent", SECRET)
    assert list(tmp_path.iterdir()) == []
