"""Time and completeness beside Playwright's bare screenshot, shot-scraper and single-file-cli, on the same pages.

    python -m benchmarks.peers [--runs 3] [--only PAGE ...] [--pages 24]
                               [--shot-scraper COMMAND] [--single-file COMMAND]

The peers are no part of the project: install them elsewhere and name their commands, for example
`--shot-scraper "/there/bin/shot-scraper shot -b chrome"` and `--single-file /there/node_modules/.bin/single-file`.
(`-b chrome` looks for /opt/google/chrome/chrome; a link to Chromium there will do.) A peer that failed is not counted.
Each tool is a whole process for each page, from start to end, in turns, so that what else the machine does falls on
all of them. What a picture holds is counted in the picture: words on it by OCR, bars of colour by their pixels.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from archiver import vault
from archiver.browser import find_browser
from archiver.keys import Passphrase
from archiver.ocr import find_engine, read_picture
from archiver.reading import artifacts_of
from benchmarks.capture import BARE
from tests.program import ROOT
from tests.site import Server, site

Image.MAX_IMAGE_PIXELS = None  # the pictures are ours
SECRET = "only for this measurement"  # noqa: S105 - a vault in a temporary folder
POSTS: Mapping[str, tuple[str, int]] = {  # page: its address, how many posts it has
    "ordinary": ("/feed.html", 0),
    "lazy": ("/lazy.html", 40),
    "endless": ("/endless.html?posts=60", 60),
    "virtual": ("/virtual.html?posts=60", 60),
}
WORDS = {"lazy": r"PICTURE-(\d+)", "endless": r"Post number (\d+)"}
KEEPS = {
    "ours": "pictures, HTML, MHTML, WARC, text, hashes, sealed with this computer's key",
    "ours, passphrase": "the same, sealed with a key derived from a passphrase",
    "ours with OCR": "the same, and words read from the pictures",
    "bare Playwright": "picture",
    "shot-scraper": "picture",
    "single-file": "HTML with what it shows",
}
JOBS = (1, 2, 3, 4)


@dataclass
class Took:
    """One tool on one page."""

    seconds: list[float] = field(default_factory=list)
    posts: int | None = None  # seen in what it kept; None: the page has none to count
    failed: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def beside(self, peer: Took) -> float:
        """How many times as long, turn by turn: the machine's own speed changes in between."""
        return statistics.median(own / other for own, other in zip(self.seconds, peer.seconds, strict=True))


class Bench:
    """Every tool's command for one page, and what it left."""

    def __init__(self, folder: Path, shot_scraper: str, single_file: str) -> None:
        self.folder = folder
        self.browser = find_browser(os.environ.get("ARCHIVER_BROWSER")).path
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        self.switches = ["--no-sandbox"] if root else []
        self.shot_scraper, self.single_file = shlex.split(shot_scraper), shlex.split(single_file)
        compiled = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        self.environment = compiled | {
            "ARCHIVER_VAULT": str(folder / "vault"),
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),  # the computer's key lies there, and in nobody's keyring
            "XDG_DATA_HOME": str(folder / "data"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        self.environment.pop("ARCHIVER_PASSPHRASE", None)
        self.picture, self.page = folder / "out.png", folder / "out.html"

    def commands(self, address: str) -> dict[str, list[str]]:
        ours = [sys.executable, "-m", "archiver", "--quiet", "capture", address, "--allow-private", "--yes"]
        made = {
            "ours": [*ours, "--no-ocr"],
            "ours, passphrase": [*ours, "--no-ocr"],
            "ours with OCR": ours,
            "bare Playwright": [sys.executable, "-c", BARE, self.browser, address, *self.switches],
        }
        if self.shot_scraper:
            switches = [f"--browser-arg={each}" for each in self.switches]
            made["shot-scraper"] = [*self.shot_scraper, address, "-o", str(self.picture), *switches]
        if self.single_file:
            arguments = str(self.switches).replace("'", '"')
            browser = ["--browser-executable-path", self.browser, "--browser-args", arguments]
            made["single-file"] = [*self.single_file, address, str(self.page), *browser]
        return made

    def make_vault(self, address: str) -> None:
        """A vault that this computer's key opens, and a passphrase too."""
        self.run(self.commands(address)["ours"])
        slots = [sys.executable, "-m", "archiver", "--quiet", "slots", "add", "passphrase"]
        _, failed = self.run(slots, ARCHIVER_NEW_PASSPHRASE=SECRET)
        assert not failed, failed

    def run(self, command: Sequence[str], **more: str) -> tuple[float, str]:
        """Seconds, and why it failed."""
        self.picture.unlink(missing_ok=True)
        self.page.unlink(missing_ok=True)
        environment = self.environment | more
        started = time.perf_counter()
        ended = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        return time.perf_counter() - started, "" if ended.returncode == 0 else ended.stderr.strip()[-200:]

    def posts(self, tool: str, page: str, address: str) -> int:
        """How many posts what was kept shows."""
        if tool.startswith("ours"):
            with vault.open_vault(self.folder / "vault", secret=Passphrase(SECRET)) as opened:
                capture = list(opened.captures())[-1]
                tiles = [each for each in artifacts_of(capture) if each.role == "tile"]
                return _pictured(page, [opened.artifact(tile.sha256) for tile in tiles])
        if tool == "single-file":
            text = self.page.read_text("utf-8", "replace")
            pictures = len(re.findall(r'<img[^>]{0,200}src="?data:image/png', text))
            return pictures if page == "lazy" else len(set(re.findall(r"Words of post (\d+)|Post number (\d+)", text)))
        left = self.picture if tool == "shot-scraper" else self.folder / f"{address.rpartition('/')[2]}.png"
        return _pictured(page, [left.read_bytes()])


def _pictured(page: str, pictures: Sequence[bytes]) -> int:
    if page == "virtual":
        return len(set().union(*(_bars(picture) for picture in pictures)))
    engine, seen = find_engine(), set[str]()
    for picture in pictures:
        words = " ".join(word.text for word in read_picture(picture, engine).words)
        seen |= set(re.findall(WORDS[page], words))
    return len(seen)


def _bars(picture: bytes) -> set[int]:
    """The numbers that the posts' left edges have as their colour."""
    with Image.open(io.BytesIO(picture)) as opened:
        column = opened.convert("RGB").crop((5, 0, 6, opened.height)).tobytes()
    colours = {tuple(column[at : at + 3]) for at in range(0, len(column), 3)}
    return {red + 256 * (green - 100) for red, green, blue in colours if blue == 77}


def one_by_one(bench: Bench, server: Server, runs: int, pages: Sequence[str]) -> dict[tuple[str, str], Took]:
    took: dict[tuple[str, str], Took] = {}
    bench.make_vault(server.address("/plain.html"))
    for page in pages:
        path, count = POSTS[page]
        address = server.address(path)
        for turn in range(runs):
            for tool, command in bench.commands(address).items():
                one = took.setdefault((page, tool), Took())
                typed = {"ARCHIVER_PASSPHRASE": SECRET} if tool == "ours, passphrase" else {}
                seconds, failed = bench.run(command, **typed)
                one.seconds.append(seconds)
                one.failed = one.failed or failed
                if count and not turn and not failed:
                    one.posts = bench.posts(tool, page, address)
    return took


def told(took: Mapping[tuple[str, str], Took]) -> None:
    print(f"{'page':<10} {'tool':<16} {'seconds':>8} {'beside shot-scraper':>20} {'posts seen':>11}   what it keeps")
    for (page, tool), one in took.items():
        peer = took.get((page, "shot-scraper"))
        beside = f"{one.beside(peer):.2f}" if peer and not peer.failed else "-"
        posts = "-" if one.posts is None else f"{one.posts} of {POSTS[page][1]}"
        print(f"{page:<10} {tool:<16} {one.median:>8.2f} {beside:>20} {posts:>11}   {one.failed or KEEPS[tool]}")


def batches(bench: Bench, servers: Sequence[Server]) -> dict[str, float]:
    """Pages a minute. Each page stands on a host of its own: to one host, visits keep their distance."""
    addresses = [server.address("/feed.html") for server in servers]
    pages = len(addresses)
    listed = bench.folder / "list.txt"
    listed.write_text("".join(f"{address}\n" for address in addresses))
    rates: dict[str, float] = {}
    for more in ((), ("--no-ocr",)):
        for jobs in JOBS:
            capture = ["capture", "--from", str(listed), "--again", "--allow-private", "--yes"]
            command = [sys.executable, "-m", "archiver", "--quiet", *capture, "--jobs", str(jobs), *more]
            seconds, failed = bench.run(command)
            rates[f"ours, {jobs} jobs{'' if more else ' with OCR'}"] = 0.0 if failed else 60 * pages / seconds
    for tool in ("bare Playwright", "shot-scraper", "single-file"):
        commands = [command for address in addresses if (command := bench.commands(address).get(tool))]
        if commands:
            ran = [bench.run(command) for command in commands]
            rate = 60 * pages / sum(seconds for seconds, _ in ran)
            rates[f"{tool}, once for each page"] = 0.0 if any(failed for _, failed in ran) else rate
    return rates


def goals(took: Mapping[tuple[str, str], Took], rates: Mapping[str, float]) -> list[tuple[str, bool]]:
    """What the tool was built to, with the figure; empty where no shot-scraper did its work to stand beside."""
    peers = [one for (_, tool), one in took.items() if tool == "shot-scraper"]
    if not peers or any(one.failed for one in peers):
        return []

    def beside(page: str, tool: str = "ours") -> float:
        return took[page, tool].beside(took[page, "shot-scraper"])

    found = []
    if ("ordinary", "ours") in took:
        once, typed = beside("ordinary"), beside("ordinary", "ours, passphrase")
        found += [
            (f"one ordinary page, sealed: {once:.2f} of shot-scraper's picture alone (at most 1.5)", once <= 1.5),
            (f"the same with a passphrase, which costs a guess 0.9 s: {typed:.2f} (at most 1.5)", typed <= 1.5),
        ]
    if rates:
        best = max(rate for name, rate in rates.items() if name.startswith("ours") and "OCR" not in name)
        batch = best / rates["shot-scraper, once for each page"]
        found.append((f"a batch: {batch:.2f} times as many pages a minute (at least 3)", batch >= 3))
    if ("lazy", "ours") in took:
        whole, lazy = took["lazy", "ours"].posts == POSTS["lazy"][1], beside("lazy")
        words = f"forty late pictures, {'all' if whole else 'not all'} of them: {lazy:.2f} (at most 1.5)"
        found.append((words, whole and lazy <= 1.5))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=POSTS, default=[*POSTS], metavar="PAGE", help=", ".join(POSTS))
    parser.add_argument("--pages", type=int, default=24, help="of the batch; 0 leaves it out")
    parser.add_argument("--shot-scraper", default="", metavar="COMMAND")
    parser.add_argument("--single-file", default="", metavar="COMMAND")
    arguments = parser.parse_args()
    for name in ("shot_scraper", "single_file"):
        if not getattr(arguments, name):
            print(f"{name.replace('_', '-')}: not given, so not measured")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), arguments.shot_scraper, arguments.single_file)
        with site() as server:
            took = one_by_one(bench, server, arguments.runs, arguments.only)
            told(took)
        with ExitStack() as stack:
            servers = [stack.enter_context(site(f"127.0.0.{n}")) for n in range(2, 2 + arguments.pages)]
            rates = batches(bench, servers) if servers else {}
    for name, rate in rates.items():
        print(f"{name:<36} {rate:6.1f} pages a minute")
    for words, met in goals(took, rates):
        print(f"{'met    ' if met else 'not met'} {words}")


if __name__ == "__main__":
    main()
