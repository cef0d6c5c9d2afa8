"""What a visit leaves behind, and whom it talks to: nothing, and nobody but the page's own hosts."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.browser import Browser, VisitRequest
from archiver.browser.scratch import scratch_folder
from tests.browser import conftest
from tests.browser.conftest import QUICK
from tests.browser.test_visit import text_of
from tests.site import Server, site

CANARY = b"First words"  # stands on the page /drip
PROGRAM = """
import sys
from archiver.browser import VisitRequest, visit_alone
visit_alone(VisitRequest("x", sys.argv[1], sys.argv[2], allow_private=True))
"""
CHILD_SECONDS = 30


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for Chromium's sockets, which pytest's own has not."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def noting(asked: list[str]) -> Iterator[Browser]:
    """A browser whose name server writes down what it is asked."""

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return conftest.resolve(host)

    with Browser(resolve=resolve, rule=conftest.rule) as browser:
        yield browser


def test_a_visit_talks_to_the_page_s_own_hosts_only(
    noting: Browser, asked: list[str], server: Server, path: str
) -> None:
    address = server.address("plain.html", "a.example")
    assert noting.visit(VisitRequest("x", address, path, limits=QUICK)).verdict.complete
    assert set(asked) == {"a.example"}


def test_no_packet_goes_around_the_guard(noting: Browser, asked: list[str], server: Server, path: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.setblocking(False)
        address = server.address(f"talkative.html?udp={udp.getsockname()[1]}", "a.example")
        snapshot = noting.visit(VisitRequest("x", address, path, allow_private=True, limits=QUICK))
        with pytest.raises(BlockingIOError):
            udp.recv(2000)
    assert "gathered" in text_of(snapshot)  # it did try
    assert {"linked.example", "pinged.example", "prefetched.example", "stunned.example"}.isdisjoint(asked)


def _descendants(pid: int) -> set[int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has just ended
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def _wait_for_end(pid: int, seconds: float) -> bool:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the browser's processes")
def test_a_killed_visit_leaves_no_browser_and_no_words_on_the_disk(short: Path, path: str) -> None:
    folders = {name: short / name[:3] for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    environment = {**os.environ, **{name: str(folder) for name, folder in folders.items()}}
    with site() as server:
        command = [sys.executable, "-c", PROGRAM, server.address("/drip"), path]
        with subprocess.Popen(command, env=environment) as visiting:
            assert server.dripping.wait(CHILD_SECONDS), "the page was never asked for"
            browsers = _descendants(visiting.pid)
            assert len(browsers) > 3
            visiting.kill()
        still = [pid for pid in browsers if not _wait_for_end(pid, CHILD_SECONDS)]
    assert still == []
    left = [file for file in short.rglob("*") if file.is_file() and not file.is_symlink()]
    assert [file for file in left if CANARY in file.read_bytes()] == []


def test_what_a_killed_visit_left_is_swept_and_what_is_in_use_is_not(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    stale = short / "notes-left"
    stale.mkdir()
    (stale / "lock").write_bytes(b"")
    (stale / "words").write_bytes(CANARY)
    with scratch_folder() as first:
        assert not stale.exists()
        assert first.stat().st_mode & 0o777 == 0o700
        with scratch_folder() as second:
            assert first.exists()
            assert second != first
    assert [entry for entry in short.iterdir() if entry.name.startswith("notes-")] == []


def test_a_browser_that_was_closed_leaves_its_folder_empty(
    short: Path, monkeypatch: pytest.MonkeyPatch, server: Server, path: str
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    with Browser(rule=conftest.rule) as browser:
        assert browser.visit(VisitRequest("x", server.address("plain.html"), path, limits=QUICK)).status == 200
        assert list(short.glob("notes-*"))
        written = [file for file in short.rglob("*") if file.is_file()]
        assert [file for file in written if b"marigold" in file.read_bytes()] == []
    assert list(short.glob("notes-*")) == []
