"""What is captured while the vault is locked: sealed, taken in once, in order; what was done to it is found."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver import keys
from archiver.integrity import GENESIS
from archiver.parcel import NotAParcel, Parcel, from_bytes, to_bytes
from archiver.settings import Settings
from archiver.vault import inbox
from archiver.verify import verify
from tests.inbox.made import OPERATOR, findings, opened, other_key, seal
from tests.program import ROOT
from tests.test_watch import address
from tests.vault.child import CANARY
from tests.vault.made import AT, snapshot


def test_what_was_sealed_is_taken_in_in_order_with_its_own_time(settings: Settings, here: keys.Device) -> None:
    seal(settings, here, 3)
    with opened(settings, here) as archive:
        [waiting] = [seen for seen in verify(archive.vault) if seen.check == "inbox"]
        assert "00000001.age, 00000002.age, 00000003.age" in str(waiting)
        assert [item.capture for item in archive.take_in()] == ["C1", "C2", "C3"]
        first, *_ = kept = list(archive.vault.captures())
        assert [capture.body["requested"] for capture in kept] == [address(f"p{n}") for n in (1, 2, 3)]
        assert first.at == first.body["finished"] == "2026-03-01T08:00:00.000Z"
        assert first.body["inbox"]["taken_in"] > first.at
        assert (first.body["note"], first.body["inbox"]["marked"]) == (CANARY, False)
        assert archive.vault.readings("C1")[0].outcome == "done"
        assert archive.vault.artifact(first.body["artifacts"][0]["sha256"])
        assert list(archive.take_in()) == []
        assert findings(archive) == []
        archive.vault.rebuild()
        assert findings(archive) == []
    seal(settings, here, 1, first=4)
    with opened(settings, here) as archive:
        assert [(item.capture, item.faults) for item in archive.take_in()] == [("C4", ())]
        assert findings(archive) == []


def test_nothing_of_a_page_can_be_read_where_it_waits(settings: Settings, here: keys.Device) -> None:
    seal(settings, here, 2)
    for path in (path for path in settings.vault.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert not [word for word in (CANARY, "example", "/posts/", OPERATOR) if word.encode() in data], path


def swap(settings: Settings, folder: Path) -> None:
    one, other = folder / "00000001.age", folder / "00000002.age"
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def flip(settings: Settings, folder: Path) -> None:
    data = bytearray((folder / "00000002.age").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "00000002.age").write_bytes(data)


def replace_by_another(settings: Settings, folder: Path) -> None:
    """As anybody could who can write there: the key to seal with is public."""
    said = inbox.address_of(settings.vault)
    forged = Parcel(said.vault, 2, GENESIS, AT, snapshot(7))
    (folder / "00000002.age").write_bytes(keys.seal(said.recipient, to_bytes(forged)))


def of_another_vault(settings: Settings, folder: Path) -> None:
    said = inbox.address_of(settings.vault)
    forged = Parcel("other", 4, said.sha256, AT, snapshot(7))
    (folder / "00000004.age").write_bytes(keys.seal(said.recipient, to_bytes(forged)))


def far_ahead(settings: Settings, folder: Path) -> None:
    said = inbox.address_of(settings.vault)
    forged = Parcel(said.vault, 99_999_999, said.sha256, AT, snapshot(7))
    (folder / "99999999.age").write_bytes(keys.seal(said.recipient, to_bytes(forged)))


def no_visit(settings: Settings, folder: Path) -> None:
    said = inbox.address_of(settings.vault)
    (folder / "00000004.age").write_bytes(keys.seal(said.recipient, b"something else"))


DONE_TO_IT: list[tuple[Callable[[Settings, Path], None], int, int, str]] = [  # deed, taken in, set aside, what is said
    (lambda _, folder: (folder / "00000002.age").unlink(), 2, 0, "item 2 before it never came"),
    (lambda _, folder: (folder / "00000003.age").unlink(), 2, 0, "item 3 of the inbox never came"),
    (lambda _, folder: [path.unlink() for path in folder.glob("*.age")], 0, 0, "items 1 to 3 of the inbox never came"),  # type: ignore[func-returns-value] # done for each
    (swap, 3, 0, "it was sealed as item 2"),
    (flip, 2, 1, "it does not open with the vault's key"),
    (lambda _, folder: (folder / "00000002.age").write_bytes(b""), 2, 1, "it does not open"),
    (replace_by_another, 3, 0, "it does not follow the item that came before it"),
    (lambda _, folder: shutil.copy(folder / "00000001.age", folder / "00000004.age"), 3, 1, "the same as item 1"),
    (of_another_vault, 3, 1, "is for another vault"),
    (far_ahead, 3, 1, "which was never given"),
    (no_visit, 3, 1, "its bytes do not hash"),
    (other_key, 3, 1, "named another key"),
    (lambda _, folder: (folder / "inbox.json").write_text("{"), 3, 1, "could not be read"),
]


@pytest.mark.parametrize(("deed", "taken", "set_aside", "said"), DONE_TO_IT)
def test_what_was_done_to_the_inbox_is_found_and_nothing_whole_is_lost(
    deed: Callable[[Settings, Path], None], taken: int, set_aside: int, said: str, settings: Settings, here: keys.Device
) -> None:
    seal(settings, here, 3)
    deed(settings, settings.vault / inbox.FOLDER)
    with opened(settings, here) as archive:
        told = list(archive.take_in())
        assert len([item for item in told if item.capture]) == taken, told
        assert len(inbox.aside(settings.vault)) == set_aside
        assert [fault for item in told for fault in item.faults if said in fault], told
        assert list(archive.take_in()) == []  # each is told once
        found = findings(archive)
        assert [finding for finding in found if said.lower() in finding.what.lower()], found
        assert {finding.check for finding in found} == {"inbox"}
        archive.vault.rebuild()
        assert findings(archive) == found
    seal(settings, here, 1, first=9)
    with opened(settings, here) as archive:
        [item] = archive.take_in()
        assert item.faults == ()


def test_a_changed_byte_of_an_opened_item_is_seen(settings: Settings) -> None:
    data = to_bytes(Parcel("v", 1, GENESIS, AT, snapshot(1)), mark=b"k")
    assert from_bytes(data, mark=b"k")[1]
    assert not from_bytes(data, mark=b"other")[1]
    for at in range(0, len(data), 97):
        changed = bytearray(data)
        changed[at] ^= 1
        try:
            assert not from_bytes(bytes(changed), mark=b"k")[1]  # the mark itself was changed
        except NotAParcel:
            continue
        assert 64 < at < 130


def child(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.inbox.child", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed(process: subprocess.Popen[str], lines: int, seconds: float) -> list[str]:
    """What it said, when it was killed that long after so many lines. It may have come to its end before."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    with process:
        said += process.stdout.readlines()
    return [line for line in said if line.endswith("\n")]


def test_killed_at_any_moment_nothing_is_lost_halved_or_doubled(settings: Settings, here: keys.Device) -> None:
    chance, promised = random.Random(20_260_303), []
    for _ in range(4):
        said = killed(child("seal", settings.vault, 300), chance.randint(1, 6), chance.uniform(0, 0.1))
        promised += [line.split()[1] for line in said]
        for path in (settings.vault / inbox.FOLDER).iterdir():
            assert CANARY.encode() not in path.read_bytes()
    there = [n for n, _ in inbox.waiting(settings.vault)]
    assert there == list(range(1, len(there) + 1))
    assert [str(n) for n in there[: len(promised)]] == promised or set(promised) <= {str(n) for n in there}
    assert len(there) <= len(promised) + 4  # at most one a turn was sealed before it could be said
    for _ in range(4):
        killed(child("take", settings.vault), 2, chance.uniform(0, 0.1))
    with opened(settings, here) as archive:
        assert [item for item in archive.take_in() if item.faults] == []
        assert [capture.body["inbox"]["n"] for capture in archive.vault.captures()] == there
        assert findings(archive) == []
    assert inbox.waiting(settings.vault) == []


def test_two_programs_that_seal_at_once_never_get_one_number(settings: Settings, here: keys.Device) -> None:
    both = [child("seal", settings.vault, 15) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].splitlines() for process in both]
    numbers = sorted(int(line.split()[1]) for lines in said for line in lines)
    assert numbers == list(range(1, 31))
    with opened(settings, here) as archive:
        assert [item.faults for item in archive.take_in()] == [()] * 30
