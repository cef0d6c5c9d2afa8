"""A whole vault, one with a watch, a saved page and a request for a time stamp, and copies of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archiver import vault
from archiver.anchored import Judged, Waiting
from archiver.timestamp import request_for
from tests.vault.made import AT, SECRET, add_watch, filled, saved_page, snapshot


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "vault"
    filled(folder)
    return folder


@pytest.fixture(scope="session")
def watched(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same vault with a watch that has been visited, a page saved twice, and an authority that said no."""
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("watched") / "vault"))
    with vault.open_vault(folder, secret=SECRET) as opened:
        add_watch(opened)
        opened.keep_login(vault.Login("mine", ("a.example",), AT, "{}"))
        for n in range(2):
            opened.append_capture(snapshot(9, artifacts=(saved_page(n),)))
        opened.append_taken(snapshot(4), {"n": 1, "sha256": "ab" * 32, "faults": []})
        opened.ask_anchors(("http://127.0.0.1/stamp",), request=request_for, at=AT)
        refused = Judged(False, time=AT, why="made up")
        opened.append_answer(opened.waiting_anchors()[0], b"no", refused, at=AT, wait=Waiting(1, 5, "made up"))
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "vault"))
