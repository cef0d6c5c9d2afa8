"""What a sealed capture costs beside Playwright's bare `goto` + `screenshot(full_page=True)`, in one run.

`python -m benchmarks.capture [--runs 7]`. Warm: one browser each, a fresh context per page, medians of alternating
runs. Cold: a whole process each, from nothing to the end. No OCR in either. Prints ratios and where our time goes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

from archiver import clock, keys, vault
from archiver.browser import Browser, VisitRequest, find_browser
from archiver.records import Snapshot
from tests.program import ROOT
from tests.site import site

PAGES = {"plain": "/plain.html", "ordinary": "/feed.html", "lazy, 40 pictures": "/lazy.html", "tall": "/tall.html"}
VIEWPORT = {"width": 1280, "height": 800}
BARE = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as driver:
    browser = driver.chromium.launch(executable_path=sys.argv[1], args=sys.argv[3:])
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(sys.argv[2])
    page.screenshot(full_page=True, path=sys.argv[2].rpartition("/")[2] + ".png")
    browser.close()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    executable = find_browser(os.environ.get("ARCHIVER_BROWSER")).path
    switches = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder, site() as server:
        addresses = {name: server.address(path) for name, path in PAGES.items()}
        print(f"{'page':<20} {'bare s':>8} {'sealed s':>9} {'ratio':>6}   where the time goes, ms (medians)")
        _warm(addresses, executable, switches, Path(folder), runs)
        _cold(addresses["ordinary"], executable, switches, Path(folder), max(3, runs // 2))


def _warm(addresses: dict[str, str], executable: str, switches: list[str], folder: Path, runs: int) -> None:
    secret = keys.Passphrase("only for this measurement")
    with (
        sync_playwright() as driver,
        Browser() as ours,
        vault.create(folder / "vault", secret=secret, now=clock.utc_now) as kept,
    ):
        bare = driver.chromium.launch(executable_path=executable, args=switches)

        def shoot(address: str) -> None:
            context = bare.new_context(viewport=VIEWPORT)
            page = context.new_page()
            page.goto(address)
            page.screenshot(full_page=True)
            context.close()

        def seal(address: str) -> Snapshot:
            snapshot = ours.visit(VisitRequest(address, address, executable, allow_private=True))
            started = time.perf_counter()
            kept.append_capture(snapshot)
            sealing.append(time.perf_counter() - started)
            return snapshot

        for name, address in addresses.items():
            sealing: list[float] = []
            shoot(address), seal(address)  # both warm
            plain, sealed, snapshots = [], [], []
            for _ in range(runs):  # alternating, so that what else the machine does falls on both
                plain.append(_timed(lambda address=address: shoot(address))[0])
                seconds, snapshot = _timed(lambda address=address: seal(address))
                sealed.append(seconds)
                snapshots.append(snapshot)
            where = _where(snapshots, sealing)
            one, two = statistics.median(plain), statistics.median(sealed)
            print(f"{name:<20} {one:>8.3f} {two:>9.3f} {two / one:>6.2f}   {where}")


def _cold(address: str, executable: str, switches: list[str], folder: Path, runs: int) -> None:
    environment = os.environ | {"ARCHIVER_VAULT": str(folder / "cold"), "PYTHONPATH": str(ROOT)}
    ours = [sys.executable, "-m", "archiver", "--quiet", "capture", address, "--allow-private", "--no-ocr"]
    bare = [sys.executable, "-c", BARE, executable, address, *switches]
    plain, sealed = [], []
    subprocess.run(ours, cwd=folder, env=environment, check=True, capture_output=True)  # makes the vault
    for _ in range(runs):
        for command, times in ((bare, plain), (ours, sealed)):
            times.append(_timed(lambda command=command: _run(command, folder, environment))[0])
    one, two = statistics.median(plain), statistics.median(sealed)
    print(f"{'whole process':<20} {one:>8.3f} {two:>9.3f} {two / one:>6.2f}   from start to end, one page")


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def _timed(work: Callable[[], Snapshot | None]) -> tuple[float, Snapshot | None]:
    started = time.perf_counter()
    made = work()
    return time.perf_counter() - started, made


def _where(snapshots: Iterable[Snapshot | None], sealing: Iterable[float]) -> str:
    steps: dict[str, list[int]] = {}
    for snapshot in snapshots:
        for step in snapshot.steps if snapshot else ():
            steps.setdefault(step.name, []).append(step.ms)
    medians = {name: round(statistics.median(times)) for name, times in steps.items()}
    medians["seal"] = round(statistics.median(sealing) * 1000)
    return ", ".join(f"{name} {ms}" for name, ms in medians.items() if ms)


if __name__ == "__main__":
    main()
