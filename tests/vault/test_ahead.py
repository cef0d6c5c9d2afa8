"""A write-ahead log that a kill left behind and the disk damaged since: nothing in it goes without a word."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver import vault
from archiver.assembly import findings
from archiver.vault.ahead import ASIDE, FRAME_BYTES, FRAME_HEAD, HEAD_BYTES, ended_pages, laid_aside
from tests.test_backup import restored
from tests.vault.made import DATABASE, PAGE_BYTES, SECRET, page_artifacts, snapshot

FLIPS = 30
WAL = f"{DATABASE}-wal"


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A vault as a kill leaves it, with four captures in its write-ahead log; and the digests of all entries."""
    folder = tmp_path_factory.mktemp("killed") / "vault"
    with vault.create(folder, secret=SECRET) as opened:
        opened.append_capture(snapshot(1))
    with vault.open_vault(folder, secret=SECRET) as opened:
        for n in range(2, 6):
            opened.append_capture(snapshot(n, artifacts=page_artifacts(n, 20_000)), note=f"note {n}")
        copy = Path(shutil.copytree(folder, folder.with_name("copy")))
        return copy, opened.hashes()


def looked_at(folder: Path) -> tuple[list[str], set[str]]:
    with vault.open_vault(folder, secret=SECRET) as opened:
        return opened.hashes(), {finding.check for finding in findings(opened)}


def test_a_whole_log_is_read_and_nothing_is_set_aside(killed: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(killed[0], tmp_path / "vault"))
    assert looked_at(folder) == (killed[1], set())
    assert laid_aside(folder) == []


def test_one_flipped_bit_in_it_is_named_and_is_read_around(
    killed: tuple[Path, list[str]], tmp_path: Path, figure: Callable[[str], None]
) -> None:
    source, hashes = killed
    data, chance = (source / WAL).read_bytes(), random.Random(20_260_303)
    places = [*range(0, HEAD_BYTES, 5), *range(HEAD_BYTES, HEAD_BYTES + FRAME_HEAD, 5)]  # of the log, of a frame
    places += [chance.randrange(len(data)) for _ in range(FLIPS - len(places))]
    lost = 0
    for turn, at in enumerate(places):
        folder = Path(shutil.copytree(source, tmp_path / str(turn)))
        flipped = bytearray(data)
        flipped[at] ^= 1 << chance.randrange(8)
        (folder / WAL).write_bytes(flipped)
        there, checks = looked_at(folder)
        assert len(there) < len(hashes), at
        assert checks >= {"write-ahead log"}, at
        made = restored(folder, tmp_path / f"again{turn}")
        assert made.saved is not None
        with vault.open_vault(tmp_path / f"again{turn}", secret=SECRET) as opened:
            lost += len(hashes) - len(opened.hashes())
            assert len(made.saved.lost_artifacts) <= 1
            assert "write-ahead log" not in {finding.check for finding in findings(opened)}
    assert lost <= 1  # of all: an older image of a leaf has what the newest one lost
    figure(f"a flipped bit in the write-ahead log of a killed program: {FLIPS} places, all named; {lost} entries lost")


def test_what_was_set_aside_stays_while_more_is_kept_and_comes_back_with_it(
    killed: tuple[Path, list[str]], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(killed[0], tmp_path / "vault"))
    data = bytearray((folder / WAL).read_bytes())
    data[HEAD_BYTES + 100] ^= 1
    (folder / WAL).write_bytes(data)
    for _ in range(2):  # opened twice, it is set aside once
        with vault.open_vault(folder, secret=SECRET) as opened:
            assert len(opened.hashes()) < len(killed[1])
    (aside,) = laid_aside(folder)
    assert aside.read_bytes() == data
    assert aside.stat().st_mode & 0o777 == 0o600
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.append_capture(snapshot(9))
    made = restored(folder, tmp_path / "again")
    assert made.saved is not None
    with vault.open_vault(tmp_path / "again", secret=SECRET) as opened:
        assert len(set(killed[1]) - set(opened.hashes())) <= 1
        assert laid_aside(opened.folder) == []


@pytest.mark.parametrize("bad", ["file", "log"])
def test_where_one_image_of_a_page_is_bad_and_another_good_the_good_one_counts(bad: str, tmp_path: Path) -> None:
    with vault.create(tmp_path / "vault", secret=SECRET) as opened:
        opened.append_capture(snapshot(1, artifacts=page_artifacts(1, 6_000)))
    with vault.open_vault(tmp_path / "vault", secret=SECRET) as opened:
        opened.append_capture(snapshot(2, artifacts=page_artifacts(2, 6_000)))  # on the same leaf as the first one's
        names = opened.inspection().artifact_names()
        folder = Path(shutil.copytree(tmp_path / "vault", tmp_path / "copy"))
    with (folder / WAL).open("rb") as log:
        images = dict(ended_pages(log))
    file, ahead = bytearray((folder / DATABASE).read_bytes()), bytearray((folder / WAL).read_bytes())
    file[100] ^= 1  # SQLite opens it no more
    data, starts = (
        (file, [(page - 1) * PAGE_BYTES for page in images if page * PAGE_BYTES <= len(file)])
        if bad == "file"
        else (ahead, list(images.values()))
    )
    for start in starts:
        data[start + PAGE_BYTES - 3_000] ^= 1  # inside the rows that came first
    (folder / DATABASE).write_bytes(file)
    (folder / WAL).write_bytes(ahead)
    made = restored(folder, tmp_path / "again")
    assert made.saved is not None
    with vault.open_vault(tmp_path / "again", secret=SECRET) as opened:
        there = set(opened.inspection().artifact_names())
    first = {artifact.sha256 for artifact in page_artifacts(1, 6_000)}
    assert first <= there
    assert bad == "log" or there == set(names)


def test_a_log_that_another_program_is_writing_is_not_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with vault.create(folder, secret=SECRET) as writer:
        for n in range(30):
            writer.append_capture(snapshot(n, artifacts=page_artifacts(n, 900_000 if n % 5 == 0 else 500)))
            if n % 7 == 0:
                writer._db.execute("pragma wal_checkpoint(restart)")
            vault.open_vault(folder, secret=SECRET).close()
    assert list(folder.glob(f"*{ASIDE}")) == []


def test_a_log_cut_in_the_middle_of_a_frame_loses_what_was_not_ended(
    killed: tuple[Path, list[str]], tmp_path: Path
) -> None:
    """As a power cut leaves it: the last transaction was never ended, so it was never said to be kept."""
    folder = Path(shutil.copytree(killed[0], tmp_path / "vault"))
    data = (folder / WAL).read_bytes()
    (folder / WAL).write_bytes(data[: -FRAME_BYTES // 2])
    there, checks = looked_at(folder)
    assert (there, checks) == (killed[1][: len(there)], set())
