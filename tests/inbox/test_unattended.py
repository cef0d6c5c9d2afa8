"""What is watched is visited by a computer without the key, and told when the vault is opened."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archiver import keys, schedule
from archiver.assembly import How
from archiver.errors import VaultError, VaultForeign
from archiver.locked import Locked, Sealed
from archiver.settings import Settings
from archiver.taking_in import Taken
from archiver.vault import inbox
from tests.inbox.made import findings, opened, other_key
from tests.month import START, Look, Visitors, World
from tests.program import Program, served
from tests.test_watch import address, begin
from tests.vault.made import AT

UP = Look()


@pytest.fixture
def watched(settings: Settings, here: keys.Device) -> Iterator[tuple[World, dict[str, str]]]:
    """Three watches, of which one is paused; this computer was let in, and the vault is locked."""
    pages = {
        "edited": [(0.0, UP), (2.0, replace(UP, text="I know where you sleep."))],
        "wall": [(0.0, UP), (1.0, Look("login"))],
        "paused": [(0.0, UP)],
    }
    world = World({address(name): schedule for name, schedule in pages.items()})
    with opened(settings, here) as archive:
        ids = {name: begin(archive, world, address(name)).id for name in pages}
        archive.vault.change_watch(ids["paused"], "pause", at=AT)
        assert archive.let_in() == "file"
    yield world, ids


def let_pass(settings: Settings, here: keys.Device, world: World, days: float) -> list[Sealed]:
    sealed, end = [], world.now + timedelta(days=days)
    while world.now < end:
        world.now += timedelta(hours=2)
        rounds = Locked(settings, where=here).watch_round(How(), now=lambda: world.now, pool=lambda: Visitors(world))
        sealed += [each for each in rounds if isinstance(each, Sealed)]
    return sealed


def test_what_is_watched_is_visited_while_locked_and_told_when_opened(
    watched: tuple[World, dict[str, str]], settings: Settings, here: keys.Device
) -> None:
    world, ids = watched
    sealed = let_pass(settings, here, world, 4)
    visits = {name: [each for each in sealed if each.watch == ids[name]] for name in ids}
    assert visits["paused"] == []
    assert [each.standing for each in visits["wall"]][-1] == "login_wall"
    assert [each.standing for each in visits["wall"]].count("login_wall") == 1  # there it stops (SAFETY C6)
    with opened(settings, here) as archive:
        taken = list(archive.take_in())
        assert [(item.watch, item.faults) for item in taken] == [(each.watch, ()) for each in sealed]
        assert all(capture.body["inbox"]["marked"] for capture in archive.vault.captures() if "inbox" in capture.body)
        edited = archive.vault.watch(ids["edited"])
        assert edited.visits == len(visits["edited"])
        assert edited.edited_after < "2026-03-03T08:00" <= edited.edited_at < edited.last
        assert archive.vault.watch(ids["wall"]).state == "stopped"
        assert findings(archive) == []
        archive.vault.change_watch(ids["edited"], "pause", at=AT)
        archive.renew_list()
    assert let_pass(settings, here, world, 2) == []
    with opened(settings, here) as archive:
        archive.shut_out()
    assert not list(here.folder.glob("*.list")) + list(here.folder.glob("*.key"))
    with pytest.raises(VaultError, match="watch unattended on"):
        let_pass(settings, here, world, 1)


def test_the_list_on_this_computer_holds_no_more_than_it_says(
    watched: tuple[World, dict[str, str]], settings: Settings, here: keys.Device
) -> None:
    vault_id = inbox.address_of(settings.vault).vault
    [kept] = here.folder.glob("*.list")
    assert b"example" not in kept.read_bytes()
    listed = keys.kept_list(vault_id, where=here)
    assert listed is not None
    assert b"paused.example" not in listed  # not visited, so not listed
    assert UP.text.encode() not in listed
    assert {watch.capture + watch.seen + watch.live for watch in schedule.from_bytes(listed).watches} == {""}
    with pytest.raises(VaultError):
        keys.kept_list(vault_id, where=keys.Device(folder=_copied(kept, here.folder.parent / "away"), keyring=False))


def _copied(path: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(path, folder)
    return folder


def test_a_runner_that_knows_the_key_seals_for_no_other(
    watched: tuple[World, dict[str, str]], settings: Settings, here: keys.Device
) -> None:
    other_key(settings, settings.vault / inbox.FOLDER)
    with pytest.raises(VaultForeign, match="was changed"):
        Locked(settings, where=here)


def test_with_and_without_the_key_two_runners_never_visit_at_once(
    watched: tuple[World, dict[str, str]], settings: Settings, here: keys.Device
) -> None:
    world, _ = watched
    world.now = START + timedelta(days=1)

    def now_and_pool() -> dict[str, Callable[[], object]]:
        return {"now": lambda: world.now, "pool": lambda: Visitors(world)}

    first = Locked(settings, where=here).watch_round(How(), **now_and_pool())  # type: ignore[arg-type] # the right two
    next(first)
    assert list(Locked(settings, where=here).watch_round(How(), **now_and_pool())) == []  # type: ignore[arg-type] # as above
    with opened(settings, here) as archive:
        assert list(archive.watch_round(How(), **now_and_pool())) == []  # type: ignore[arg-type] # as above
    first.close()
    with opened(settings, here) as archive:  # takes in what was visited, and visits the rest
        assert len(list(archive.watch_round(How(), **now_and_pool()))) == 1  # type: ignore[arg-type] # as above
        assert [watch.visits for watch in archive.vault.watches()] == [1, 1, 0]


def test_killed_between_a_capture_and_its_visit_the_visit_is_told_once(
    watched: tuple[World, dict[str, str]], settings: Settings, here: keys.Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = watched
    let_pass(settings, here, world, 1)
    waiting = len(inbox.waiting(settings.vault))
    removed: list[Path] = []
    monkeypatch.setattr(inbox, "remove", removed.append)  # killed just before: the files stay
    with opened(settings, here) as archive:
        first: list[Taken] = list(archive.take_in())
    monkeypatch.undo()
    with opened(settings, here) as archive:
        again = list(archive.take_in())
        assert [item.capture for item in again] == [item.capture for item in first]
        assert len(removed) == waiting == len(again)
        assert sum(watch.visits for watch in archive.vault.watches()) == waiting
        assert findings(archive) == []


def test_with_a_real_browser_a_locked_vault_is_captured_for_and_watched_for(tmp_path: Path) -> None:
    program = Program(tmp_path, "four made up words")
    quiet = {"ARCHIVER_QUIET_HOURS": "none", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    locked = quiet | {"ARCHIVER_PASSPHRASE": "", "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    page = (200, "text/html; charset=utf-8", World({}).page("http://a.example/posts/1", UP).encode())
    with served({"/posts/1": page}) as site:
        url = f"{site}/posts/1"
        assert program.run("capture", url, "--allow-private", "--no-ocr", env=quiet).code == 0
        assert program.run("list", env=locked).code == 3
        assert program.run("watch", "run", "--once", env=locked).code == 3  # not let in yet
        assert program.run("watch", "add", url, "--every", "15m", env=quiet).code == 0
        assert program.run("--json", "watch", "unattended", "on", env=quiet).lines[0]["unattended"] is True
        ran = program.run("--json", "capture", url, "--allow-private", env=locked)
        assert (ran.code, [line["inbox"] for line in ran.lines]) == (0, [1])
        assert program.run("--json", "watch", "run", "--once", env=locked).lines == []  # not due
        assert "Not taken in yet, and not checked: 00000001.age" in program.run("verify", env=quiet).out
        ran = program.run("--json", "list", env=quiet)
        assert [line["capture"] for line in ran.lines] == ["C1", "C2"]
        assert "C2 came while the vault was locked" in ran.err
        assert program.run("verify", env=quiet).code == 0
