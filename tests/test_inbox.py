"""What is captured while the vault is locked: sealed, taken in once, in order; what was done to it is found."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archiver import keys, schedule, vault
from archiver.assembly import Archive, How
from archiver.capture import Order
from archiver.errors import VaultError, VaultForeign
from archiver.integrity import GENESIS
from archiver.locked import Locked, Sealed
from archiver.parcel import NotAParcel, Parcel, from_bytes, to_bytes
from archiver.records import By, Finding
from archiver.settings import Settings
from archiver.taking_in import Taken
from archiver.vault import inbox
from archiver.verify import verify
from tests.inbox_child import NO_BROWSER
from tests.month import START, Look, Visitors, World
from tests.program import ROOT, Program, served
from tests.test_watch import address, begin
from tests.vault.child import CANARY
from tests.vault.made import AT, SECRET, snapshot

UP = Look()


@pytest.fixture
def here(tmp_path: Path) -> keys.Device:
    return keys.Device(folder=tmp_path / "keys", keyring=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(vault=tmp_path / "vault", quiet_hours=None)
    vault.create(made.vault, secret=SECRET).close()
    return made


def opened(settings: Settings, here: keys.Device) -> Archive:
    return Archive(settings, vault.open_vault(settings.vault, secret=SECRET), here=here)


def seal(settings: Settings, here: keys.Device, count: int, first: int = 1) -> None:
    """So many visits, each to a page of its own."""
    urls = [address(f"p{n}") for n in range(first, first + count)]
    world = World({url: [(0, Look(text=f"{CANARY} {url}"))] for url in urls})
    locked = Locked(settings, where=here)
    for url in urls:
        orders = [Order(url, url)]
        ended = list(locked.capture(orders, How(note=CANARY, by=By("Sam")), NO_BROWSER, pool=lambda: Visitors(world)))
        assert all(isinstance(each, Sealed) for each in ended)


def findings(archive: Archive) -> list[Finding]:
    return [seen for seen in verify(archive.vault) if isinstance(seen, Finding) and seen.check != "contents"]


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
        assert not [word for word in (CANARY, "example", "posts", "Sam") if word.encode() in data], path


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


def other_key(settings: Settings, folder: Path) -> None:
    said = inbox.address_of(settings.vault)
    theirs = keys.recipient_of(keys.new_identity())
    inbox.write_address(settings.vault, replace(said, recipient=theirs))


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
    command = [sys.executable, "-m", "tests.inbox_child", *map(str, arguments)]
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
