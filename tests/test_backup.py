"""Backups and the way back: while in use, from a damaged vault, after a kill, on a full disk."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver import backup, keys, vault
from archiver.anchored import Judged
from archiver.assembly import findings
from archiver.backup import BackedUp, Restored
from archiver.errors import DiskFull, UsageError, VaultDamaged, VaultError, WrongKey
from archiver.records import Artifact, By
from archiver.timestamp import request_for
from archiver.vault.leaves import IN_FILE, Leaves
from tests.vault.made import (
    AT,
    DATABASE,
    PAGE_BYTES,
    SECRET,
    add_watch,
    filled,
    page_artifacts,
    raw,
    saved_page,
    snapshot,
)
from tests.vault.test_no_room import HAS_DISK, Filler, mounted, unmount
from tests.vault.test_sudden_death import child


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
    for _ in range(3):
        with pytest.raises(WrongKey):
            restored(tmp_path / "backup", tmp_path / "again", keys.Passphrase("another"))
    with pytest.raises(WrongKey, match="try again in"):  # restoring is no way around the wait
        restored(tmp_path / "backup", tmp_path / "again", keys.Passphrase("another"))
    assert keys.seen_tries(tmp_path / "backup").wrong == 4


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


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of few pages, so that each of them can be damaged."""
    folder = tmp_path_factory.mktemp("small") / "vault"
    with vault.create(folder, secret=SECRET) as made:
        for n in (1, 2):
            made.append_capture(snapshot(n, artifacts=page_artifacts(n, 30_000)), note=f"note {n}")
        made.append_capture(snapshot(3, artifacts=(saved_page(3), Artifact("text", "text/plain", b""))))
        add_watch(made)
    return folder


class Lying(Leaves):
    """The leaves of a whole vault, and on which pages each entry and each artifact lies."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / DATABASE, keys.unlock(folder, SECRET).key)
        self.seen: set[int] = set()

    def _page(self, number: int, image: int) -> bytes:
        self.seen.add(number)
        return super()._page(number, image)

    def pages(self) -> dict[str, set[int]]:
        """Of an entry by its digest, of an artifact by its name: what is not on other pages must come back."""
        lie: dict[str, set[int]] = {}
        within: list[tuple[str, str]] = []
        for row in self.rows():
            self.seen = set()
            if row.shape in ("null text blob", "text integer blob", "text integer text", "text integer integer"):
                values = [str(value) for value in self.values(row)]
                within += [(values[0], values[2])] if row.shape == "text integer text" else []
                for value in values[:2]:
                    lie.setdefault(value, set()).update(self.seen)
        for artifact, piece in within:
            lie[artifact] |= lie[piece]
        return lie


def broken(kept: Path, copy: Path, page: int, chance: random.Random, bits: int = 1) -> Path:
    """A copy with so many flipped bits on one page; 1 is the first."""
    shutil.copytree(kept, copy)
    data = bytearray((copy / DATABASE).read_bytes())
    for _ in range(bits):
        data[(page - 1) * PAGE_BYTES + chance.randrange(PAGE_BYTES)] ^= 1 << chance.randrange(8)
    (copy / DATABASE).write_bytes(data)
    return copy


def test_a_damaged_vault_gives_up_everything_that_is_whole_and_says_what_is_not(
    small: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """Each page of the database in turn is damaged: what does not lie on it comes back byte for byte."""
    hashes, names, data = contents(small)
    whole, chance = dict(zip(names, data, strict=True)), random.Random(20_260_303)
    with Lying(small) as leaves:
        lie = leaves.pages()
    assert {*hashes, *names} <= lie.keys()
    number, saved, lost = (small / DATABASE).stat().st_size // PAGE_BYTES, 0, 0
    for page in range(1, number + 1):
        source, again = broken(small, tmp_path / f"broken{page}", page, chance, bits=40), tmp_path / f"again{page}"
        made = restored(source, again)
        assert made.saved is not None
        there = contents(again)
        gone = {*hashes, *names} - {*there[0], *there[1]}
        assert all(page in lie[each] for each in gone)
        assert gone <= {*(hashes[seq - 1] for seq in made.saved.lost_entries), *made.saved.lost_artifacts}
        assert all(whole[name] == bytes_ for name, bytes_ in zip(there[1], there[2], strict=True))
        with vault.open_vault(again, secret=SECRET) as opened:
            checks = {finding.check for finding in findings(opened)}
        known = {"entry bytes", "entry chain", "log head", "artifacts promised", "stray artifacts", "contents"}
        assert checks <= known | {"watches", "captures", "signing key", "inbox key"}  # what needs what was lost
        assert checks & known or not gone
        saved, lost = saved + len(there[0]) + len(there[1]), lost + len(gone)
        shutil.rmtree(source)
        shutil.rmtree(again)
    assert lost
    figure(
        f"a damaged page in notes.db, each of {number} in turn: {saved} entries and files came back, {lost} lay on it"
    )


def test_without_its_first_page_and_with_every_index_in_ruins_all_comes_back(kept: Path, tmp_path: Path) -> None:
    before, folder = contents(kept), Path(shutil.copytree(kept, tmp_path / "vault"))
    data = bytearray((folder / DATABASE).read_bytes())
    with Leaves(folder / DATABASE, keys.unlock(folder, SECRET).key) as leaves:
        inner = [n for n in range(2, len(data) // PAGE_BYTES + 1) if leaves._page(n, IN_FILE)[0] in (0x02, 0x05, 0x0A)]
    assert len(inner) > 10
    for page in (1, *inner):
        data[(page - 1) * PAGE_BYTES : page * PAGE_BYTES] = bytes(PAGE_BYTES)
    (folder / DATABASE).write_bytes(data)
    made = restored(folder, tmp_path / "again")
    assert made.saved is not None
    assert str(folder / DATABASE) in made.findings[0].what  # and not the copy of it that was looked at
    assert (made.saved.lost_entries, made.saved.lost_artifacts, made.saved.unnamed) == ([], [], [])
    after = contents(tmp_path / "again")
    assert (after[0], sorted(after[1])) == (before[0], sorted(before[1]))


def test_what_lies_in_the_write_ahead_log_of_a_killed_program_comes_back_too(folder: Path, tmp_path: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.append_capture(snapshot(7), note="not in the database's own file yet")
        hashes, copy = opened.hashes(), Path(shutil.copytree(folder, tmp_path / "copy"))
    with (copy / DATABASE).open("r+b") as file:
        file.write(bytes(PAGE_BYTES))
    with (copy / f"{DATABASE}-wal").open("r+b") as file:  # its first frame, which SQLite would end at
        file.seek(100)
        file.write(b"damage")
    made = restored(copy, tmp_path / "again")
    assert made.saved is not None
    there = contents(tmp_path / "again")[0]
    assert hashes[-1] in there
    assert len(hashes) - len(there) == len(made.saved.lost_entries) <= 1


def test_artifacts_stay_though_their_entries_are_lost_and_a_lost_end_stays_known(folder: Path, tmp_path: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        names = set(opened.inspection().artifact_names())
        number = len(opened.hashes())
    with raw(folder) as db:
        db.execute("update log set data = cast('x' as blob) where seq > 1")
    made = restored(folder, tmp_path / "again")
    assert made.saved is not None
    assert made.saved.lost_entries == list(range(2, number + 1))
    assert (set(made.saved.unnamed), made.saved.lost_artifacts) == (names, [])
    with vault.open_vault(tmp_path / "again", secret=SECRET) as opened:
        assert set(opened.inspection().artifact_names()) == names
        assert opened.append_capture(snapshot(9)).entry == number + 1


def test_a_lost_signing_key_is_said_and_costs_nothing_else(folder: Path, tmp_path: Path) -> None:
    with raw(folder) as db:
        db.execute("update signing set private_key = x'00'")
        db.execute("update log set data = cast('x' as blob) where seq = 4")
    made = restored(folder, tmp_path / "again")
    assert made.saved is not None
    assert (made.saved.signing_key, made.saved.lost_entries) == (False, [4])
    with (
        vault.open_vault(tmp_path / "again", secret=SECRET) as opened,
        pytest.raises(VaultDamaged, match="signing key"),
    ):
        opened.checkpoint()


def test_requests_and_answers_of_time_stamp_authorities_come_back_one_by_one(folder: Path, tmp_path: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        for n in range(3):
            opened.append_capture(snapshot(20 + n))
            opened.ask_anchors((f"http://127.0.0.1/{n}",), request=request_for, at=AT)
        first = opened.waiting_anchors()[0]
        opened.append_answer(first, b"no", Judged(False, why="made up"), at=AT, wait=None)
        asked = [(each.n, each.request) for each in opened.anchors()]
    with raw(folder) as db:
        db.execute("update requests set signature = x'00' where n = 1")  # its answer's entry tells what it was
        db.execute("update requests set signature = x'00' where n = 2")
        db.execute("update log set data = cast('x' as blob) where seq = 2")
    made = restored(folder, tmp_path / "again")
    assert made.saved is not None
    with vault.open_vault(tmp_path / "again", secret=SECRET) as opened:
        assert [(each.n, each.request) for each in opened.anchors()] == [asked[0], asked[2]]


def test_where_nothing_is_whole_that_is_said(folder: Path, tmp_path: Path) -> None:
    size = (folder / DATABASE).stat().st_size
    (folder / DATABASE).write_bytes(random.Random(1).randbytes(size))
    with pytest.raises(VaultDamaged, match="only a backup helps"):
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


@pytest.mark.parametrize("step", [1, 2, 3])
def test_killed_while_an_older_backup_is_replaced_one_of_the_two_is_there_to_see(
    folder: Path, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended before the first, second or third renaming; the next backup finds everything in order."""
    disk, name = tmp_path / "disk", "backup [1]*"  # brackets and stars are part of a name like any other
    with vault.open_vault(folder, secret=SECRET) as opened:
        back_up(opened, disk / name)
        done, rename = 0, Path.rename

        def ended(self: Path, target: Path) -> Path:
            nonlocal done
            done += self.parent == disk
            if done == step:
                raise KeyboardInterrupt
            return rename(self, target)

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Path, "rename", ended)
            patched.setattr(shutil, "rmtree", lambda *_, **__: None)  # a killed program tidies nothing
            back_up(opened, disk / name)
        there = [path for path in disk.iterdir() if not path.name.startswith(".")]
        assert all(restored(path, tmp_path / f"again-{path.name}").saved is None for path in there)
        assert len(there) == (2 if step == 3 else 1)
        back_up(opened, disk / name)
    assert [path.name for path in disk.iterdir()] == [name]


def test_an_older_backup_gets_its_name_back_where_the_new_one_cannot_have_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, rename = tmp_path / "disk", Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".unfinished" and target.name == "backup":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    with vault.open_vault(folder, secret=SECRET) as opened:
        back_up(opened, disk / "backup")
        first = (disk / "backup" / DATABASE).read_bytes()
        with monkeypatch.context() as patched, pytest.raises(VaultError, match="Permission denied"):
            patched.setattr(Path, "rename", refuse)
            back_up(opened, disk / "backup")
    assert [path.name for path in disk.iterdir()] == ["backup"]
    assert (disk / "backup" / DATABASE).read_bytes() == first


def test_a_restore_is_checked_beside_the_backup_where_temporary_files_have_no_room(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "ROOM", 1 << 60)
    places = []

    def check(copy: vault.Vault) -> list[backup.Finding]:
        places.append(copy.folder.parent.parent)
        return findings(copy)

    with vault.open_vault(folder, secret=SECRET) as opened:
        backup.backup(opened, tmp_path / "disk/backup", check=check, now=lambda: AT, by=By(), progress=nobody)
    assert places == [tmp_path / "disk"]
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["backup"]


def test_what_a_killed_check_left_among_temporary_files_goes_a_day_later(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "tmp"
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for name, age in (("notes-a.unfinished", 90_000), ("notes-b.unfinished", 60)):
        (scratch / name / "vault").mkdir(parents=True)
        os.utime(scratch / name, times=(time.time() - age,) * 2)
    with vault.open_vault(folder, secret=SECRET) as opened:
        back_up(opened, tmp_path / "backup")
    assert [path.name for path in scratch.iterdir()] == ["notes-b.unfinished"]


if HAS_DISK:

    def test_whichever_write_finds_the_disk_full_there_is_no_half_backup_and_an_older_one_stays(
        small: Path, tmp_path: Path, figure: Callable[[str], None]
    ) -> None:
        """Each time with 4 KiB more, until there is room for all of it."""
        folder, disk = Path(shutil.copytree(small, tmp_path / "vault")), tmp_path / "disk"
        disk.mkdir()
        assert mounted(disk)
        try:
            with vault.open_vault(folder, secret=SECRET) as opened:
                back_up(opened, disk / "backup")
                first, size = (disk / "backup" / DATABASE).read_bytes(), len(opened.hashes())
                filler = Filler(disk)
                filler.take()
                while True:
                    try:
                        back_up(opened, disk / "backup")
                        break
                    except DiskFull as error:
                        assert "\n" not in str(error)
                    assert sorted(path.name for path in disk.iterdir()) == ["backup", "letters.txt"]
                    assert (disk / "backup" / DATABASE).read_bytes() == first
                    assert len(opened.hashes()) == size
                    filler.give()
                assert findings(opened) == []
            assert filler.given > 100
            assert restored(disk / "backup", tmp_path / "again").saved is None
        finally:
            unmount(disk)
        figure(f"disk full at each 4 KiB of a backup: {filler.given} places; an older backup stayed each time")
