"""Finds a Chromium to visit with: a setting, Playwright's own, an installed one. Starts none but to ask its version."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import playwright

from archiver.errors import InstrumentMissing

VERSION = re.compile(r"\d+\.\d+\.\d+\.\d+")
VERSION_SECONDS = 20.0  # a cold start from a slow disk took 4 s; a stub that opens a window never ends
ON_PATH = (  # command, kind: Linux and other systems where browsers are on PATH
    ("chromium", "Chromium"),
    ("chromium-browser", "Chromium"),
    ("google-chrome-stable", "Chrome"),
    ("google-chrome", "Chrome"),
    ("microsoft-edge-stable", "Edge"),
    ("microsoft-edge", "Edge"),
)
ON_MACOS = (
    ("Chromium.app/Contents/MacOS/Chromium", "Chromium"),
    ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chrome"),
    ("Microsoft Edge.app/Contents/MacOS/Microsoft Edge", "Edge"),
)
ON_WINDOWS = (
    (r"Chromium\Application\chrome.exe", "Chromium"),
    (r"Google\Chrome\Application\chrome.exe", "Chrome"),
    (r"Microsoft\Edge\Application\msedge.exe", "Edge"),
)
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
PLAYWRIGHT_PATTERNS = (  # below chromium-<revision>/, as Playwright unpacks it on each system
    "chrome-linux*/chrome",
    "chrome-mac*/*.app/Contents/MacOS/*",
    "chrome-win*/chrome.exe",
)


@dataclass(frozen=True)
class BrowserFound:
    """A browser that is there and says its version."""

    path: str
    kind: str  # "Playwright's Chromium", "Chromium", "Chrome", "Edge", or "the browser set"
    version: str  # "156.0.8078.79"


def find_browser(setting: str | None = None) -> BrowserFound:
    """The first of: `setting`, Playwright's own Chromium, an installed one. Raises InstrumentMissing if none runs."""
    if setting:
        return _set(setting)
    for path, kind in _candidates():
        version = _version(path)
        if version:
            return BrowserFound(str(path), kind, version)
    raise InstrumentMissing("No Chromium, Chrome or Edge was found on this computer; to get one, run: archiver setup")


def _set(setting: str) -> BrowserFound:
    path = shutil.which(setting)
    if path is None:
        raise InstrumentMissing(
            f"The browser that is set, {setting}, is no program on this computer; "
            "unset ARCHIVER_BROWSER or run: archiver setup"
        )
    version = _version(Path(path))
    if not version:
        raise InstrumentMissing(
            f"The browser that is set, {setting}, does not say a version as Chromium does; "
            "unset ARCHIVER_BROWSER or run: archiver setup"
        )
    return BrowserFound(path, "the browser set", version)


def _candidates() -> Iterator[tuple[Path, str]]:
    yield from ((path, "Playwright's Chromium") for path in _playwright_paths())
    if sys.platform == "win32":
        roots = [Path(os.environ[name]) for name in WINDOWS_ROOTS if os.environ.get(name)]
        yield from ((path, kind) for tail, kind in ON_WINDOWS for root in roots if (path := root / tail).is_file())
    if sys.platform == "darwin":
        roots = [Path("/Applications"), Path.home() / "Applications"]
        yield from ((path, kind) for tail, kind in ON_MACOS for root in roots if (path := root / tail).is_file())
    yield from ((Path(found), kind) for command, kind in ON_PATH if (found := shutil.which(command)))


def _playwright_paths() -> Iterator[Path]:
    """Where this Playwright's own Chromium would be. Asking Playwright itself starts its driver, which takes 0.4 s."""
    driver = Path(playwright.__file__).parent / "driver" / "package"
    try:
        listed = json.loads((driver / "browsers.json").read_text("utf-8"))["browsers"]
    except (OSError, ValueError, KeyError):
        return
    revisions = [browser["revision"] for browser in listed if browser["name"] == "chromium"]
    for revision in revisions:
        folder = _playwright_folder(driver) / f"chromium-{revision}"
        yield from (path for pattern in PLAYWRIGHT_PATTERNS for path in sorted(folder.glob(pattern)) if path.is_file())


def _playwright_folder(driver: Path) -> Path:
    """Playwright's own rule: PLAYWRIGHT_BROWSERS_PATH ("0": beside the driver), else the system's cache folder."""
    setting = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if setting == "0":
        return driver / ".local-browsers"
    if setting:
        return Path(setting)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local"))) / "ms-playwright"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def _version(path: Path) -> str:
    """The version that the program says; empty where it says none. On Windows `--version` opens a window."""
    if sys.platform == "win32":
        folders = (entry.name for entry in path.parent.iterdir() if VERSION.fullmatch(entry.name))
        return max(folders, key=lambda name: tuple(map(int, name.split("."))), default="unknown")
    try:
        said = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=VERSION_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = VERSION.search(said.stdout)
    return found.group() if found else ""
