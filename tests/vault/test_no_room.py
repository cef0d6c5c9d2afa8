"""A full disk and a busy vault: one sentence, nothing half-kept, and it goes on when there is room again."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archiver import keys, vault
from archiver.errors import DiskFull, VaultBusy
from archiver.keys.files import refused
from archiver.records import Artifact, Finding
from archiver.verify import verify
from tests.vault.made import AT, CHEAP, PAGE_BYTES, SECRET, page_artifacts, page_reading, raw, snapshot

DISK = 24 << 20  # bytes
STEP = 4_096  # bytes: what a disk in memory gives at once


def mounted(folder: Path) -> bool:
    """Whether this system lets us have a small disk of our own there (Linux, as root)."""
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    return mount is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a vault may still be open when a test has failed


class Filler:
    """Takes all the room on a small disk, and gives it back one memory page at a time: so each write meets its end."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "letters.txt"
        self.given = 0  # how often room for 4 KiB was given back

    def take(self) -> None:
        with suppress(OSError), self._path.open("ab", buffering=0) as file:
            while file.write(bytes(STEP)):
                pass

    def give(self) -> None:
        os.truncate(self._path, self._path.stat().st_size // STEP * STEP - STEP)
        self.given += 1


def can_mount() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        here = mounted(Path(folder))
        if here:
            unmount(Path(folder))
        return here


HAS_DISK = can_mount()


class Disk:
    """A place where room runs out, and can be made again."""

    def __init__(self, folder: Path, take: Callable[[vault.Vault], None], give: Callable[[vault.Vault], None]) -> None:
        self.folder, self.take, self.give = folder, take, give


@pytest.fixture(params=["page limit", *(["disk"] if HAS_DISK else [])])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if request.param == "page limit":

        def limit(opened: vault.Vault, pages: int) -> None:
            opened._db.execute(f"pragma max_page_count = {pages}")

        yield Disk(folder, lambda opened: limit(opened, DISK // PAGE_BYTES), lambda opened: limit(opened, 2**31))
        return
    assert mounted(folder)
    filler = folder / "letters.txt"
    yield Disk(folder, lambda opened: filler.write_bytes(bytes(DISK // 3)) and None, lambda opened: filler.unlink())
    unmount(folder)


def faults(opened: vault.Vault) -> list[Finding]:
    return [seen for seen in verify(opened) if isinstance(seen, Finding)]


def test_a_full_disk_keeps_what_was_kept_and_goes_on_when_there_is_room(disk: Disk) -> None:
    chance, kept = random.Random(3), []
    with vault.create(disk.folder / "vault", secret=SECRET) as opened:
        disk.take(opened)
        with pytest.raises(DiskFull, match="no room left") as said:
            for n in range(60):
                seen = snapshot(n, artifacts=page_artifacts(n, chance.randint(100_000, 900_000)))
                kept.append(opened.append_capture(seen).id)
        assert "\n" not in str(said.value)
        assert len(kept) > 5
        with pytest.raises(DiskFull):
            opened.append("export", {}, at=AT, artifacts=[Artifact("response", "", bytes(DISK))])
        with pytest.raises(DiskFull):
            opened.keep_reading(page_reading(text=chance.randbytes(DISK // 2).hex()))
        assert [capture.id for capture in opened.captures()] == kept
        assert faults(opened) == []
        disk.give(opened)
        kept.append(opened.append_capture(snapshot(99)).id)
        opened.keep_reading(page_reading(kept[-1]))
    with vault.open_vault(disk.folder / "vault", secret=SECRET) as opened:
        assert [capture.id for capture in opened.captures()] == kept
        assert faults(opened) == []


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
def test_what_the_system_says_of_a_full_disk_is_understood(error: int, tmp_path: Path) -> None:
    assert isinstance(refused(OSError(error, "no"), tmp_path), DiskFull)
    assert not isinstance(refused(OSError(errno.EACCES, "no"), tmp_path), DiskFull)


if HAS_DISK:  # where no disk can be filled, the two tests above are what there is

    @pytest.mark.parametrize("left", [0, 4_096, 200_000])
    def test_no_vault_is_half_made_on_a_full_disk(tmp_path: Path, left: int) -> None:
        folder = tmp_path / "disk"
        folder.mkdir()
        assert mounted(folder)
        try:
            (folder / "letters.txt").write_bytes(bytes(DISK - left))
            with pytest.raises(DiskFull):
                vault.create(folder / "vault", secret=SECRET)
            assert [path.name for path in folder.iterdir()] == ["letters.txt"]
        finally:
            unmount(folder)

    def test_whichever_write_finds_the_disk_full_nothing_is_half_kept_and_nothing_lost(
        tmp_path: Path, figure: Callable[[str], None]
    ) -> None:
        """Opening and a capture with a note, a reading, a new slot: each anew with 4 KiB more, until it is done."""
        (folder := tmp_path / "disk").mkdir()
        assert mounted(folder)
        writes: dict[str, Callable[[vault.Vault], object]] = {
            "a capture": lambda opened: opened.append_capture(
                snapshot(2, artifacts=page_artifacts(2, 60_000)), note="made up"
            ),
            "a reading": lambda opened: opened.keep_reading(page_reading("C2", text="made up words " * 3_000)),
            "a slot": lambda opened: opened.add_slot(keys.Passphrase("another", CHEAP), at=AT),
        }
        try:
            with vault.create(folder / "vault", secret=SECRET) as opened:
                opened.append_capture(snapshot(1))
            filler, told = Filler(folder), []
            for name, write in writes.items():
                filler.take()
                before, begun = kept_in(folder / "vault"), filler.given
                while True:
                    try:
                        with vault.open_vault(folder / "vault", secret=SECRET) as opened:
                            write(opened)
                        break
                    except DiskFull as error:
                        assert "\n" not in str(error)
                    filler.give()
                    assert kept_in(folder / "vault") == before
                told.append(f"{name} at {filler.given - begun}")
                assert kept_in(folder / "vault") != before
            assert filler.given > 30
        finally:
            unmount(folder)
        figure(f"disk full at each 4 KiB of: {', '.join(told)} places; nothing half-kept, nothing lost")


def kept_in(folder: Path) -> tuple[list[str], int, list[str]]:
    """What a vault holds, and it must be whole. Looked at on another disk: opening one takes room too."""
    with (
        tempfile.TemporaryDirectory() as elsewhere,
        vault.open_vault(Path(shutil.copytree(folder, Path(elsewhere) / "vault")), secret=SECRET) as opened,
    ):
        assert faults(opened) == []
        slots = [slot.id for slot in opened.slots()]
        return opened.hashes(), sum(len(opened.readings(each.id)) for each in opened.captures()), slots


def test_a_busy_vault_says_so_and_keeps_nothing(filled_folder: Path) -> None:
    with (
        raw(filled_folder, guarded=True) as other,
        vault.open_vault(filled_folder, secret=SECRET, patience=0.05) as mine,
    ):
        other.execute("begin immediate")
        for write in (
            lambda: mine.append_capture(snapshot(9)),
            lambda: mine.append("export", {}, at=AT),
            lambda: mine.keep_reading(page_reading()),
            lambda: mine.add_slot(keys.Passphrase("another", CHEAP), at=AT),
        ):
            with pytest.raises(VaultBusy, match="Another program is writing"):
                write()
        assert [capture.id for capture in mine.captures()] == ["C1", "C2", "C3"]  # reading goes on
        other.execute("rollback")
        assert mine.append_capture(snapshot(9)).id == "C4"
        assert faults(mine) == []
