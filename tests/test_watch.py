"""Watches over a simulated month: every true change is told once, no false one; and the vault agrees with itself."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from archiver import keys, recapture, vault
from archiver.assembly import Archive, How
from archiver.capture import neighbour
from archiver.cli.service import service_for
from archiver.clock import rfc3339
from archiver.records import Finding
from archiver.settings import Settings
from archiver.verify import verify
from archiver.watched import Watch
from archiver.watching import state_words
from tests.month import START, Look, Visitors, World, picture
from tests.program import Program, served
from tests.vault.made import SECRET, visit_body

UP = Look()
NOTICE = Look("json")
CINDER = replace(NOTICE, handle="cinder")
STEP = timedelta(minutes=45)  # how often the runner looks
SCHEDULES: dict[str, list[tuple[float, Look]]] = {
    "quiet": [(0, UP)],
    "edited": [(0, UP), (5, replace(UP, text="I know where you sleep.")), (15, replace(UP, text="Nothing to see."))],
    "gone-404": [(0, UP), (6, Look("404")), (16, UP)],
    "gone-410": [(0, UP), (8, Look("410"))],
    "both-ways": [(0, UP), (6, Look("404")), (11, Look("410")), (20, Look("404"))],  # one thing in two words
    "behind-login": [(0, UP), (7, Look("login"))],
    "renamed": [
        (0, NOTICE),
        (9, CINDER),
        (19, replace(CINDER, name="Cinder Ash")),
    ],
    "soft-gone": [(0, UP), (10, Look("unavailable"))],
    "legal": [(0, UP), (11, Look("451")), (20, UP)],
    "hurried": [(0, UP), (5, Look("429")), (7, UP)],
    "broken": [(0, UP), (12, Look("503")), (13, Look("500")), (14, replace(UP, text="Edited in the dark."))],
    "slow": [(0, UP), (3, Look("silent")), (5, UP)],
    "answered": [
        (0, replace(UP, replies=("Leave her be.",))),
        (6, replace(UP, replies=("Leave her be.", "Same here."))),
        (15, replace(UP, replies=("", "Same here."))),
    ],
    "picture": [
        (0, replace(UP, picture=picture("door"))),
        (5, replace(UP, picture=picture("door", quality=40))),
        (12, replace(UP, picture=picture("hill"))),
    ],
    "counted": [(0, NOTICE), (5, replace(NOTICE, likes=9)), (14, replace(NOTICE, likes=12))],
    "back-otherwise": [(0, UP), (6, Look("404")), (14, replace(UP, text="A softer tone now, is it not?"))],
    "banned": [(0, UP), (13, Look("suspended"))],
    "checked": [(0, UP), (14, Look("challenge"))],
    "flapping": [(0, UP), (4, Look("503")), (4.3, UP), (8, Look("silent")), (8.5, UP), (12, Look("429")), (12.4, UP)],
}
TRUE: dict[str, list[tuple[str, float]]] = {  # what changed, and from which day on it could be seen
    "edited": [("text", 5), ("text", 15)],
    "gone-404": [("standing", 6), ("standing", 16)],
    "gone-410": [("standing", 8)],
    "both-ways": [("standing", 6)],
    "behind-login": [("standing", 7)],
    "renamed": [("handle", 9), ("name", 19)],
    "soft-gone": [("standing", 10)],
    "legal": [("standing", 11), ("standing", 20)],
    "broken": [("text", 14)],
    "answered": [("added", 6), ("gone", 15)],
    "picture": [("picture", 12)],
    "counted": [("counts", 5), ("counts", 14)],
    "back-otherwise": [("standing", 6), ("standing", 14), ("text", 14)],
    "banned": [("standing", 13)],
    "checked": [("standing", 14)],
}
LATEST = 2.5  # days: `every` of 6 hours, backed off eight times, with its jitter and the night


def address(name: str) -> str:
    return f"https://{name}.example/{'notice' if name in ('renamed', 'counted') else 'posts'}/AbCdEf123456"


def begin(archive: Archive, world: World, url: str, *, every: int = 6 * recapture.HOUR, until: str = "") -> Watch:
    capture = archive.vault.append_capture(world.visit(url))
    list(archive.read(capture, ("page",)))
    body = {
        "url": url,
        "host": neighbour(url),
        "capture": capture.id,
        "every": every,
        "until": until,
        "allow_private": False,
        "standing": "live",
        "seen_at": capture.at,
    }
    return archive.vault.add_watch(body, at=rfc3339(world.now))


def let_pass(archive: Archive, world: World, days: float) -> list[tuple[str, str, float]]:
    """Lets the days pass; what was told, as (page, what, day)."""
    told = []
    end = world.now + timedelta(days=days)
    while world.now < end:
        world.now += STEP
        for result in archive.watch_round(How(), now=lambda: world.now, pool=lambda: Visitors(world)):
            day = (world.now - START) / timedelta(days=1)
            name = result.watch.url.split("/")[2].removesuffix(".example")
            told += [(name, change.what, day) for change in result.changes]
    return told


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """In memory where the system has a folder there: a month is 4,000 flushes, which a slow disk takes minutes for."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield from made_in(Path(folder))


def made_in(folder: Path) -> Iterator[Archive]:
    settings = Settings(vault=folder / "vault")
    with Archive(settings, vault.create(settings.vault, secret=SECRET)) as made:
        yield made


def test_a_month_of_a_changing_world_is_told_whole_once_and_without_a_false_word(archive: Archive) -> None:
    world = World({address(name): schedule for name, schedule in SCHEDULES.items()})
    watches = {name: begin(archive, world, address(name)) for name in SCHEDULES}
    told = let_pass(archive, world, 30)
    for name in SCHEDULES:
        mine = [(what, day) for page, what, day in told if page == name]
        assert [what for what, _ in mine] == [what for what, _ in TRUE.get(name, [])], (name, mine)
        for (_, seen), (_, since) in zip(mine, TRUE.get(name, []), strict=True):
            assert since <= seen <= since + LATEST, name
    now = {name: archive.vault.watch(watch.id) for name, watch in watches.items()}
    stopped = {name for name, watch in now.items() if watch.state == "stopped"}
    assert stopped == {"behind-login", "checked"}
    assert len(world.visits[address("behind-login")]) < len(world.visits[address("gone-410")])
    assert state_words(now["quiet"], world.now).startswith("still up 2026-03-")
    assert "edited between 2026-03-15 18:30 UTC and 2026-03-17 12:30 UTC" in state_words(now["edited"], world.now)
    gone = state_words(now["gone-410"], world.now)
    assert gone.startswith("gone since between 2026-03-0")
    assert "seen again" in gone
    assert state_words(now["behind-login"], world.now).startswith("behind a login since between")
    assert [seen for seen in verify(archive.vault) if isinstance(seen, Finding)] == []
    before = archive.vault.watches()
    archive.vault.rebuild()
    assert archive.vault.watches() == before


def test_a_login_wall_stops_it_until_the_person_says_so(archive: Archive) -> None:
    url = address("x")
    world = World({url: [(0, UP), (1, Look("login")), (3, UP)]})
    watch = begin(archive, world, url)
    assert [what for _, what, _ in let_pass(archive, world, 5)] == ["standing"]
    visits = len(world.visits[url])
    assert archive.vault.watch(watch.id).state == "stopped"
    archive.vault.change_watch(watch.id, "resume", at=rfc3339(world.now))
    assert [what for _, what, _ in let_pass(archive, world, 2)] == ["standing"]
    assert len(world.visits[url]) > visits


def test_what_is_paused_removed_or_at_its_end_is_not_visited(archive: Archive) -> None:
    urls = [address(name) for name in ("a", "b", "c", "d")]
    world = World({url: [(0, UP)] for url in urls})
    watches = [
        begin(archive, world, url, until=rfc3339(START + timedelta(days=1)) if n == 2 else "")
        for n, url in enumerate(urls)
    ]
    archive.vault.change_watch(watches[0].id, "pause", at=rfc3339(world.now))
    archive.vault.change_watch(watches[1].id, "remove", at=rfc3339(world.now))
    let_pass(archive, world, 4)
    counts = [len(world.visits[url]) for url in urls]
    assert counts[:2] == [1, 1]
    assert 1 < counts[2] < counts[3]
    assert max(world.visits[urls[2]]) <= START + timedelta(days=1)


def test_a_site_marked_as_the_other_persons_own_is_not_visited_any_more(archive: Archive) -> None:
    url = address("theirs")
    world = World({url: [(0, UP)]})
    begin(archive, world, url)
    archive.settings = replace(archive.settings, shut_hosts=("theirs.example",))
    let_pass(archive, world, 3)
    assert len(world.visits[url]) == 1


def test_two_runners_never_do_one_visit_twice(archive: Archive) -> None:
    url = address("shared")
    world = World({url: [(0, UP)]})
    watch = begin(archive, world, url)
    now = int(world.now.timestamp())
    with vault.open_vault(archive.settings.vault, secret=SECRET) as other:
        first = archive.vault.claim_watch(watch, now=now)
        assert first is not None
        assert other.claim_watch(watch, now=now + 60) is None
        second = other.claim_watch(watch, now=now + 3_600)  # the first runner was killed
        assert second is not None
        assert not archive.vault.append_visit(first, visit_body(), at=rfc3339(world.now))  # it was not, and is too late
        assert other.append_visit(second, visit_body(), at=rfc3339(world.now))
        assert archive.vault.claim_watch(watch, now=now + 3_700) is None  # chosen before the other's visit
        assert archive.vault.claim_watch(archive.vault.watch(watch.id), now=now + 3_700) is not None


def test_a_claim_made_before_the_clock_was_set_back_does_not_hold_for_ever(archive: Archive) -> None:
    world = World({address("x"): [(0, UP)]})
    watch = begin(archive, world, address("x"))
    now = int(world.now.timestamp())
    assert archive.vault.claim_watch(watch, now=now) is not None
    assert archive.vault.claim_watch(watch, now=now - 86_400) is not None


def test_a_round_that_is_stopped_gives_back_what_it_had_not_visited(archive: Archive) -> None:
    urls = [address(name) for name in ("a", "b")]
    world = World({url: [(0, UP)] for url in urls})
    for url in urls:
        begin(archive, world, url)
    world.now += timedelta(days=1)
    first = archive.watch_round(How(), now=lambda: world.now, pool=lambda: Visitors(world))
    next(first)
    first.close()
    again = list(archive.watch_round(How(), now=lambda: world.now, pool=lambda: Visitors(world)))
    assert len(again) == 1
    assert all(watch.visits == 1 for watch in archive.vault.watches())


@pytest.fixture(scope="module")
def page_of() -> Iterator[tuple[str, dict[str, tuple[int, str, bytes]]]]:
    pages: dict[str, tuple[int, str, bytes]] = {}
    with served(pages) as site:
        yield f"{site}/posts/1", pages


def test_with_a_real_browser_an_edit_and_a_removal_are_told_and_adverts_are_not(
    page_of: tuple[str, dict[str, tuple[int, str, bytes]]], tmp_path: Path
) -> None:
    url, pages = page_of

    def serve(text: str, advert: str) -> None:
        look, html = replace(UP, text=text), ""
        html = World({url: [(0, look)]}, chance=random.Random(advert)).page(url, look)
        pages["/posts/1"] = (200, "text/html; charset=utf-8", html.encode())

    program, quiet = Program(tmp_path, "four made up words"), {"ARCHIVER_QUIET_HOURS": "none"}
    serve("I know where you park.", "lamp")
    assert program.run("watch", "add", url).code == 3  # there is no vault, and nothing was captured
    assert program.run("capture", url, "--allow-private", "--no-ocr").code == 0
    assert program.run("watch", "add", "http://127.0.0.1:9/never").code == 2
    [added] = program.run("--json", "watch", "add", url, "--every", "15m").lines
    assert (added["id"], added["capture"], added["says"][:8]) == ("W1", "C1", "still up")
    assert program.run("watch", "add", "C1").code == 2  # watched already
    assert program.run("--json", "watch", "run", "--once", env=quiet).lines == []  # not due yet
    told = []
    with vault.open_vault(program.vault, secret=keys.Passphrase("four made up words")) as opened:
        settings = Settings(vault=program.vault, quiet_hours=None)
        later = datetime.now(UTC)
        for text, advert in (("I know where you park.", "rug"), ("I know where you sleep.", "vase"), ("", "")):
            serve(text, advert)
            if not text:
                del pages["/posts/1"]
            later += timedelta(days=1)
            told += [
                (result.standing.state, [change.what for change in result.changes])
                for result in Archive(settings, opened).watch_round(How(), now=lambda at=later: at)  # type: ignore[misc] # bound now
            ]
    assert told == [("live", []), ("live", ["text"]), ("removed", ["standing"])]
    [listed] = program.run("--json", "watch", "list").lines
    assert listed["says"].startswith("gone since between")
    ran = program.run("compare", "C1", "C3", "--html", str(tmp_path / "both.html"))
    assert "park" not in ran.out
    assert "<del>park</del><ins>sleep</ins>" in (tmp_path / "both.html").read_text("utf-8")
    assert (tmp_path / "both.html").read_text("utf-8").count("data:image/png;base64,") >= 2
    story = program.run("--json", "watch", "show", "W1").lines
    assert [(line["capture"], line["standing"]) for line in story if line.get("deed") == "visit"] == [
        ("C3", "live"),
        ("C4", "removed"),
    ]
    assert len(program.run("watch", "show", "w1", "--all").out.splitlines()) == 2 + 4
    assert program.run("watch", "pause", "--all").code == 0
    assert program.run("--json", "watch", "list").lines[0]["state"] == "paused"
    assert program.run("verify").code == 0


@pytest.mark.parametrize(
    ("kind", "platform", "mark"),
    [
        (None, "linux", "OnCalendar=*:0/15"),
        (None, "darwin", "*/15 * * * *"),
        (None, "win32", "<StartWhenAvailable>true"),
        ("cron", "linux", "*/15 * * * *"),
    ],
)
def test_the_file_that_runs_it_by_itself_is_named_neutrally(kind: str | None, platform: str, mark: str) -> None:
    made = service_for(kind, platform=platform, python="/opt/a b & c%d/python")
    assert mark in made
    assert "watch run --once" in made
    assert not re.search("stalk|abuse|harass|evidence|victim|police", made, re.IGNORECASE)
    if platform == "win32":
        assert ElementTree.fromstring(made.partition("?>")[2])[3][0][0].text == "/opt/a b & c%d/python"  # noqa: S314 - our own
