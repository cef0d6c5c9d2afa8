"""A disk that is full at any write of anchoring: one sentence, a whole vault, and the next try goes on from there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver import vault
from archiver.errors import DiskFull
from archiver.vault import Vault
from tests.anchors.test_anchoring import asked, findings, keep_another
from tests.authority import Authority
from tests.vault.made import SECRET
from tests.vault.test_no_room import HAS_DISK, Filler, mounted, unmount

PAGES = 80  # more than an anchor takes


def limited(kept: Vault, pages: int | None) -> None:
    """Room for so many more pages of the file; None: for all there may be."""
    (taken,) = kept._db.execute("pragma page_count").fetchone()
    kept._db.execute(f"pragma max_page_count = {2**31 if pages is None else taken + pages}")


def test_without_room_for_a_request_nothing_is_sent(kept: Vault, authority: Authority) -> None:
    before = (kept.anchors(), kept.hashes())
    limited(kept, 0)
    with pytest.raises(DiskFull) as said:
        asked(kept, authority, *(f"good?{n}" for n in range(60)))  # more than the file's last page holds
    assert "\n" not in str(said.value)
    assert (authority.heard, kept.anchors(), kept.hashes()) == ([], *before)
    assert findings(kept, authority) == []


def test_whichever_write_of_an_answer_finds_the_disk_full_the_request_still_waits(
    kept: Vault, authority: Authority
) -> None:
    limited(kept, 0)
    with pytest.raises(DiskFull):
        for n in range(3, 1_000):
            keep_another(kept, n)  # until every page that stands empty is taken
    size, refused = len(kept.hashes()), 0
    for pages in range(PAGES):
        limited(kept, pages)
        try:
            (came,) = asked(kept, authority, "good")
        except DiskFull as error:
            assert "\n" not in str(error)
            assert findings(kept, authority) == []
            assert len(kept.hashes()) == size
            assert authority.heard == [each.request for each in kept.waiting_anchors()] * (refused + 1)
            refused += 1
            continue
        assert came.anchor.status == "granted"
        break
    assert 2 <= refused < PAGES
    limited(kept, None)
    keep_another(kept, 1_000)
    (came,) = asked(kept, authority, "good")
    assert came.anchor.status == "granted"
    assert findings(kept, authority) == []
    assert list(kept.waiting_anchors()) == []


if HAS_DISK:

    def test_whichever_write_of_an_anchor_finds_the_disk_full_no_request_is_sent_that_is_not_kept(
        folder: Path, authority: Authority, tmp_path: Path, figure: Callable[[str], None]
    ) -> None:
        """Opening, the request and the answer: each time with 4 KiB more, until it is done."""
        (disk := tmp_path / "disk").mkdir()
        assert mounted(disk)
        try:
            place, filler = Path(shutil.copytree(folder, disk / "vault")), Filler(disk)
            filler.take()
            while True:
                try:
                    with vault.open_vault(place, secret=SECRET) as opened:
                        (came,) = asked(opened, authority, "good")
                    break
                except DiskFull as error:
                    assert "\n" not in str(error)
                filler.give()
                with tempfile.TemporaryDirectory() as elsewhere:  # opening one takes room too
                    copy = Path(shutil.copytree(place, Path(elsewhere) / "vault"))
                    with vault.open_vault(copy, secret=SECRET) as opened:
                        assert findings(opened, authority) == []
                        assert {each.request for each in opened.waiting_anchors()} >= set(authority.heard)
            assert came.anchor.status == "granted"
            assert filler.given > 10
        finally:
            unmount(disk)
        figure(f"disk full at each 4 KiB of an anchor: {filler.given} places; every request that was sent is kept")
