"""Backups and the way back: while in use, from a damaged vault, after a kill, on a full disk."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from archiver import backup, keys, vault
from archiver.assembly import findings
from archiver.backup import BackedUp, Restored
from archiver.errors import DiskFull, UsageError, VaultDamaged, WrongKey
from archiver.records import By
from tests.vault.made import AT, DATABASE, PAGE_BYTES, SECRET, add_watch, filled, snapshot
from tests.vault.test_no_room import HAS_DISK, mounted, unmount
from tests.vault.test_sudden_death import child

FLIPS = 12


def nobody(done: int, total: int) -> None:
    """Hears how far it is, and needs not know."""


def back_up(opened: vault.Vault, target: Path) -> BackedUp:
    return backup.backup(opened, target, check=findings, now=lambda: AT, by=By(), progress=nobody)


def restored(source: Path, target: Path, secret: keys.Secret = SECRET) -> Restored:
    return backup.restore(source, target, secret=secret, check=findings, now=lambda: AT, progress=nobody)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "vault"
    filled(folder)
    with vault.open_vault(folder, secret=SECRET) as opened:
        add_watch(opened)
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "vault"))


def contents(folder: Path) -> tuple[list[str], list[str], list[bytes]]:
    with vault.open_vault(folder, secret=SECRET) as opened:
        names = opened.inspection().artifact_names()
        return opened.hashes(), names, [opened.artifact(name) for name in names]


def test_what_comes_back_is_what_was_kept_with_keys_inbox_and_all(folder: Path, tmp_path: Path) -> None:
    (folder / "inbox/00000001.age").write_bytes(b"closed")
    before = contents(folder)
    with vault.open_vault(folder, secret=SECRET) as opened:
        made = back_up(opened, tmp_path / "disk/backup")
        assert (made.captures, made.only_here) == (3, False)
        entry = opened.entry(made.entry)
        assert (entry.kind, entry.body["size"]) == ("backup", len(before[0]))
        assert findings(opened) == []
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["backup"]
    assert restored(tmp_path / "disk/backup", tmp_path / "again").saved is None
    assert contents(tmp_path / "again") == before
    assert (tmp_path / "again/inbox/00000001.age").read_bytes() == b"closed"
    assert {path.name for path in (tmp_path / "disk/backup").iterdir()} == {DATABASE, keys.FILE, "inbox"}


def test_nothing_in_a_backup_can_be_read_without_a_key(folder: Path, tmp_path: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        back_up(opened, tmp_path / "backup")
    for path in (tmp_path / "backup").rglob("*.*"):
        data = path.read_bytes()
        assert not any(word in data for word in (b"SQLite format", b"Post number", b"note 1", b"create table"))
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(WrongKey):
        restored(tmp_path / "backup", tmp_path / "again", keys.Passphrase("another"))
    assert not (tmp_path / "again").exists()


def test_a_backup_is_of_one_moment_while_another_program_writes(folder: Path, tmp_path: Path) -> None:
    with child(folder, 1_000, 400) as writer, vault.open_vault(folder, secret=SECRET) as opened:
        assert writer.stdout is not None
        writer.stdout.readline()
        made = back_up(opened, tmp_path / "backup")
        writer.kill()
    assert made.captures >= 4
    assert restored(tmp_path / "backup", tmp_path / "again").saved is None


def test_an_older_backup_is_replaced_only_when_the_new_one_is_whole(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    with vault.open_vault(folder, secret=SECRET) as opened:
        back_up(opened, target)
        first = (target / DATABASE).read_bytes()
        opened.append_capture(snapshot(8))
        with pytest.raises(backup.BackupUnsound):
            backup.backup(
                opened,
                target,
                check=lambda copy: findings(copy) if copy is opened else [*findings(copy), _made_up()],
                now=lambda: AT,
                by=By(),
                progress=nobody,
            )
        assert (target / DATABASE).read_bytes() == first
        assert back_up(opened, target).captures == 4
    assert (target / DATABASE).read_bytes() != first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "vault"]


def _made_up() -> backup.Finding:
    return backup.Finding("artifact bytes", "0" * 64, "Its bytes do not hash to its name.")


def test_a_backup_never_replaces_what_is_not_one(folder: Path, tmp_path: Path) -> None:
    other, letters = tmp_path / "other", tmp_path / "letters"
    vault.create(other, secret=SECRET).close()
    letters.mkdir()
    (letters / "one.txt").write_text("mine")
    with vault.open_vault(folder, secret=SECRET) as opened:
        for target in (other, letters, folder / "backup", folder, tmp_path):
            with pytest.raises(UsageError):
                back_up(opened, target)
    assert (letters / "one.txt").read_text() == "mine"
    with pytest.raises(UsageError, match="nothing was restored"):
        restored(folder, letters)


def test_a_damaged_vault_gives_up_everything_that_is_whole_and_says_what_is_not(kept: Path, tmp_path: Path) -> None:
    """One page of the database is damaged, anywhere: what does not lie on it comes back byte for byte."""
    hashes, names, data = contents(kept)
    whole, chance = dict(zip(names, data, strict=True)), random.Random(20_260_303)
    pages = (kept / DATABASE).stat().st_size // PAGE_BYTES
    saved_some = 0
    for n in range(FLIPS):
        broken = Path(shutil.copytree(kept, tmp_path / f"broken{n}"))
        page = chance.randrange(1, pages)
        with (broken / DATABASE).open("r+b") as file:
            file.seek(page * PAGE_BYTES + chance.randrange(PAGE_BYTES))
            byte = file.read(1)[0]
            file.seek(-1, 1)
            file.write(bytes([byte ^ 1 << chance.randrange(8)]))
        again = tmp_path / f"again{n}"
        made = restored(broken, again)
        if made.saved is None:
            continue  # the page was free: nothing was on it
        assert made.findings
        there = contents(again)
        assert set(there[0]) <= set(hashes)
        assert len(there[0]) + len(made.saved.lost_entries) == len(hashes)
        assert set(there[1]) | set(made.saved.lost_artifacts) >= set(names) or made.saved.lost_entries
        assert all(whole[name] == bytes_ for name, bytes_ in zip(there[1], there[2], strict=True))
        assert len(made.saved.lost_entries) + len(made.saved.lost_artifacts) < len(hashes) + len(names)
        saved_some += 1
        with vault.open_vault(again, secret=SECRET) as opened:
            checks = {finding.check for finding in findings(opened)}
            known = {"entry bytes", "entry chain", "artifacts promised", "watches", "signing key", "contents"}
            assert checks <= known | {"inbox key"}  # its only row lay on that page
    assert saved_some > FLIPS // 2


def test_where_not_even_the_first_page_can_be_read_that_is_said(folder: Path, tmp_path: Path) -> None:
    with (folder / DATABASE).open("r+b") as file:
        file.seek(100)
        file.write(b"\x00" * 64)
    with pytest.raises(VaultDamaged):
        restored(folder, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vault"]


def test_damage_is_never_copied_over_a_backup_that_is_whole(folder: Path, tmp_path: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        back_up(opened, tmp_path / "backup")
    before = (tmp_path / "backup" / DATABASE).read_bytes()
    pages = (folder / DATABASE).stat().st_size // PAGE_BYTES
    with (folder / DATABASE).open("r+b") as file:
        for page in range(pages // 2, pages // 2 + 9):  # inside a picture: the vault still opens
            file.seek(page * PAGE_BYTES + 77)
            file.write(b"damage")
    for target in ("backup", "another"):
        with (
            vault.open_vault(folder, secret=SECRET) as opened,
            pytest.raises((backup.BackupUnsound, VaultDamaged), match="restore takes out of it"),
        ):
            back_up(opened, tmp_path / target)
    assert (tmp_path / "backup" / DATABASE).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "vault"]


def test_a_finding_that_is_no_damage_does_not_keep_a_vault_without_a_backup(folder: Path, tmp_path: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.append("of-a-later-version", {}, at=AT)
        assert [finding.check for finding in findings(opened)] == ["entry kinds"]
        back_up(opened, tmp_path / "backup")
    assert (tmp_path / "backup" / DATABASE).exists()


def test_after_ten_captures_a_backup_is_offered_in_one_line(tmp_path: Path) -> None:
    with vault.create(tmp_path / "vault", secret=SECRET) as opened:
        for n in range(10):
            assert backup.offer(opened) == ""
            opened.append_capture(snapshot(n), note="between")
        assert backup.offer(opened).count("\n") == 0 < len(backup.offer(opened))
        back_up(opened, tmp_path / "backup")
        assert backup.offer(opened) == ""


if HAS_DISK:

    @pytest.mark.parametrize("left", [0, 40_000, 600_000, 2_500_000])
    def test_on_a_full_disk_there_is_no_half_backup_and_an_older_one_stays(
        folder: Path, tmp_path: Path, left: int
    ) -> None:
        disk = tmp_path / "disk"
        disk.mkdir()
        assert mounted(disk)
        try:
            with vault.open_vault(folder, secret=SECRET) as opened:
                back_up(opened, disk / "backup")
                first = (disk / "backup" / DATABASE).read_bytes()
                room = shutil.disk_usage(disk).free
                (disk / "letters.txt").write_bytes(bytes(max(0, room - left)))
                with pytest.raises(DiskFull):
                    back_up(opened, disk / "backup")
                assert sorted(path.name for path in disk.iterdir()) == ["backup", "letters.txt"]
                assert (disk / "backup" / DATABASE).read_bytes() == first
                assert findings(opened) == []
        finally:
            unmount(disk)
