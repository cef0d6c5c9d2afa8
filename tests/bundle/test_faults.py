"""kill -9 and full disks while bundles and backups are written: what is called ready is whole, the rest says that it
is not, and what was to be closed is never readable on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archiver import vault
from archiver.bundle.choose import Asked, choose
from archiver.errors import DiskFull
from tests.bundle.bags import bundled, faults, fill, written
from tests.bundle.child import FORMS, findings, work
from tests.kills import Kills, count
from tests.test_backup import restored
from tests.vault.made import AT, SECRET
from tests.vault.test_no_room import HAS_DISK, Filler, mounted, unmount

KINDS = [*FORMS, "backup"]
READABLE = (b"Post number", b"hear from me", b"<html", b"alexm@social.test", b"heliotrope")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "vault"
    fill(folder, captures=2)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_any_moment_what_has_its_name_is_whole(
    kind: str, kept: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    kills = Kills(f"{kind} 20260303")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    whole, turns = 0, count()
    for turn in range(turns):
        place = tmp_path / str(turn)
        place.mkdir()
        made = kills.one(work, kind, kept, place, scratch)
        ready = [path for path in place.iterdir() if "unfinished" not in path.name]
        if kind == "backup":
            assert ready or not made
            for path in ready:  # two, where it was killed while it put the new one into the older one's place
                assert restored(path, tmp_path / f"again-{turn}-{path.name}").saved is None
        else:
            assert len(made) <= len(ready) <= len(made) + 1
            words = "made up words" if kind == "closed" else ""
            assert [fault for path in ready for fault in faults(path, words)] == []
        whole += len(ready)
        if kind in ("closed", "backup"):
            for path in (each for each in (*place.rglob("*"), *scratch.rglob("*")) if each.is_file()):
                assert not any(word in path.read_bytes() for word in READABLE), path
    with vault.open_vault(kept, secret=SECRET) as opened:
        assert findings(opened) == []
    assert not any(word in path.read_bytes() for path in scratch.rglob("*") if path.is_file() for word in READABLE)
    what = kind if kind == "backup" else f"bundle ({kind})"
    figure(f"kill -9 of {what}: {turns} moments; {whole} had their name, and all of them were whole")


def test_what_a_killed_run_left_is_removed_by_the_next(kept: Path, tmp_path: Path) -> None:
    left = tmp_path / "bag.unfinished"
    (left / "data").mkdir(parents=True)
    (left / "UNFINISHED.txt").write_text("not finished")
    (left / "data/half").write_text("half")
    (tmp_path / "closed.zip.unfinished").write_bytes(b"half")
    bundled(kept, tmp_path / "bag")
    bundled(kept, tmp_path / "closed.zip", how=FORMS["zip"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bag", "closed.zip"]


if HAS_DISK:

    @pytest.fixture
    def disk(tmp_path: Path) -> Iterator[Path]:
        folder = tmp_path / "disk"
        folder.mkdir()
        assert mounted(folder)
        yield folder
        unmount(folder)

    @pytest.mark.parametrize("kind", FORMS)
    def test_whichever_write_finds_the_disk_full_there_is_no_half_bundle(
        kind: str, kept: Path, disk: Path, figure: Callable[[str], None]
    ) -> None:
        """Each time with 4 KiB more, until there is room for all of it."""
        how, filler = FORMS[kind], Filler(disk)
        target = disk / "bag.zip" if how.zipped else disk / "bag"
        filler.take()
        with vault.open_vault(kept, secret=SECRET) as opened:
            chosen, size = choose(opened, Asked(), at=AT), len(opened.hashes())
            while True:
                try:
                    written(opened, chosen, target, how)
                    break
                except DiskFull:
                    assert [path.name for path in disk.iterdir()] == ["letters.txt"]
                    assert len(opened.hashes()) == size
                filler.give()
        assert filler.given > 10
        assert faults(target, how.passphrase) == []
        figure(f"disk full at each 4 KiB of a bundle ({kind}): {filler.given} places, and no half bundle")
