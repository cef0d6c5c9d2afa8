"""What watching costs: choosing what is due among 10,000 watches, and a run of many pages with its memory over time.

`python -m benchmarks.watch [--pages 1000] [--browser] [--growth]`. Without --browser no page is loaded (stand-ins),
so that the figure is that of choosing, sealing, reading, comparing and writing; with it Chromium visits a server here.
With --growth only this: how much of a first capture an unchanged page costs again, with Chromium.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver import clock, keys, recapture, vault
from archiver.assembly import Archive, How
from archiver.browser import Browser, VisitRequest, find_browser
from archiver.capture import neighbour
from archiver.settings import Settings
from archiver.watched import Watch
from tests.month import START, Look, Visitors, World
from tests.program import served
from tests.site import site

MOST_MS = 50.0  # to choose among 10,000 (issue 7)
MOST_GROWTH = 1.25  # of memory between the first tenth of the run and its end
MOST_AGAIN = 0.1  # of what the first capture of a page takes (issue 7)
AGAIN = 8  # captures of an unchanged page
NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--browser", action="store_true", help="visit with Chromium")
    parser.add_argument("--growth", action="store_true", help="measure what an unchanged page costs again")
    arguments = parser.parse_args()
    if arguments.growth:
        return 0 if max(grown(path) for path in ("/feed.html", "/lazy.html")) < MOST_AGAIN else 1
    slowest = max(choosing(10_000, part) for part in (0.01, 0.5, 1.0))
    growth = a_run(arguments.pages, browser=arguments.browser)
    return 0 if slowest < MOST_MS and growth < MOST_GROWTH else 1


def choosing(count: int, part: float) -> float:
    """Milliseconds, the best of five, where that part of them is due; half of the hosts carry many watches."""
    watches = []
    for n in range(count):
        ago = timedelta(hours=30 if n < count * part else 1)
        host = f"h{n % 50}.example" if n % 2 else f"h{n}.example"
        at = clock.rfc3339(NOW - ago)
        watches.append(
            Watch(f"W{n}", f"https://{host}/{n}", host, "C1", 6 * 3_600, "", at, False, visits=3, last=at, live_at=at)
        )
    took = []
    for _ in range(5):
        began = time.perf_counter()
        chosen = recapture.due(watches, NOW)
        took.append((time.perf_counter() - began) * 1_000)
    print(f"choosing: {len(chosen):5} of {count} watches, {part:4.0%} due: {min(took):6.1f} ms (at most {MOST_MS:.0f})")
    return min(took)


def a_run(pages: int, *, browser: bool) -> float:
    """Every page visited once; gives how much more memory the end takes than the first tenth."""
    html = World({}).page("https://a.example/posts/1", Look()).encode()
    page = (200, "text/html; charset=utf-8", html)
    with tempfile.TemporaryDirectory() as folder, served({f"/posts/{n}": page for n in range(pages)}) as site:
        urls = [f"{site}/posts/{n}" if browser else f"https://h{n}.example/posts/1" for n in range(pages)]
        world = World({url: [(0, Look())] for url in urls})
        settings = Settings(vault=Path(folder) / "vault", quiet_hours=None)
        cheap = keys.Passphrase("made up words", keys.KdfCost(1, 64, 1, for_tests=True))
        with Archive(settings, vault.create(settings.vault, secret=cheap)) as archive:
            for url in urls:
                begin(archive, world, url, private=browser)
            pool = None if browser else lambda: Visitors(world)
            world.now = START + timedelta(days=2)
            began, memory = time.perf_counter(), []
            for _ in archive.watch_round(How(jobs=2), now=lambda: world.now, pool=pool):
                memory.append(resident())
            took = time.perf_counter() - began
    done = len(memory)
    first, last = max(memory[: max(1, done // 10)]), max(memory[-max(1, done // 10) :])
    how = "with Chromium" if browser else "visits stood in for"
    middle = memory[done // 2]
    print(f"a run: {done} pages in {took:.1f} s, {done / took * 60:.0f} a minute ({how})")
    print(
        f"memory: {first:.0f} MB at first, {middle:.0f} in the middle, {last:.0f} in the last tenth; peak {peak():.0f}"
    )
    return last / first


def grown(path: str) -> float:
    """What each further capture of an unchanged page takes in the vault, of what the first one takes."""
    executable = find_browser(None).path
    with tempfile.TemporaryDirectory() as folder, site() as server, Browser() as browser:
        url, sizes = server.address(path), []
        cheap = keys.Passphrase("made up words", keys.KdfCost(1, 64, 1, for_tests=True))
        for n in range(AGAIN + 2):  # opened each time: closing folds the write-ahead log into the database
            settings = Settings(vault=Path(folder) / "vault")
            opened = vault.open_vault(settings.vault, secret=cheap) if n else vault.create(settings.vault, secret=cheap)
            with Archive(settings, opened) as archive:
                if n:
                    made = browser.visit(VisitRequest(url, url, executable, allow_private=True))
                    list(archive.read(archive.vault.append_capture(made), ("page",)))
            sizes.append((settings.vault / "notes.db").stat().st_size)
    first, again = sizes[1] - sizes[0], (sizes[-1] - sizes[1]) / AGAIN
    print(f"growth: {path} takes {first / 1e3:.0f} kB, and unchanged {again / 1e3:.0f} kB again: {again / first:.1%}")
    return again / first


def begin(archive: Archive, world: World, url: str, *, private: bool) -> None:
    capture = archive.vault.append_capture(world.visit(url))
    list(archive.read(capture, ("page",)))
    body = {"url": url, "host": neighbour(url), "capture": capture.id, "every": 6 * 3_600, "until": ""}
    body |= {"allow_private": private, "standing": "live", "seen_at": capture.at}
    archive.vault.add_watch(body, at=clock.rfc3339(world.now))


def resident() -> float:
    """Megabytes of this process now; its peak where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return peak()
    return pages * resource.getpagesize() / 2**20


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


if __name__ == "__main__":
    raise SystemExit(main())
