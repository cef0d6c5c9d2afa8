"""A computer to install things on, in place of the real one: it remembers what was asked and what that brought."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archiver.browser.find import BrowserFound
from archiver.errors import InstrumentMissing
from archiver.ocr import Engine
from archiver.packages import LANGUAGE, Ran

MANAGERS = ("apt-get", "dnf", "pacman", "zypper", "brew", "winget")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "Google.Chrome")
TESSERACTS = ("tesseract-ocr", "tesseract", "tesseract-ocr.tesseract")


class PackageWorld:
    """What `run` and `which` see. Packages, Playwright's download and sudo answer as the real ones were seen to."""

    def __init__(
        self,
        *programs: str,
        sudo: str = "",  # "", "asks" (for a password) or "asks nothing"
        lacks: Sequence[str] = (),  # packages that the manager does not have
        download: str = "refused",  # "refused", "whole", or "lacks parts": it came and does not start
        letters: Sequence[str] = (),  # languages that fontconfig has letters for; "all" for all of them
        installed: Sequence[str] = (),
        driver_lacks: str = "",  # the package without which Playwright's driver does not start
    ) -> None:
        self.programs = {*programs, *(["sudo"] if sudo else [])}
        self.sudo = sudo
        self.lacks = set(lacks)
        self.download = download
        self.letters = set(letters)
        self.installed: set[str] = set(installed)
        self.driver_lacks = driver_lacks
        self.asked: list[tuple[str, ...]] = []
        self.playwright = False  # its own Chromium starts

    def which(self, program: str) -> str | None:
        there = program in self.programs or (program == "fc-list" and "fontconfig" in self.installed)
        return f"/usr/bin/{program}" if there else None

    def run(
        self,
        command: Sequence[str],
        *,
        limit: float,
        env: object = None,
        keep_open: object = (),
        on_line: Callable[[str], None] | None = None,
    ) -> Ran:
        assert limit > 0
        assert all(isinstance(part, str) for part in command)
        assert not {"sh", "bash", "-c", "cmd"} & set(command)  # no shell, ever
        self.asked.append(tuple(command))
        if tuple(command) == ("sudo", "-n", "true"):
            return Ran(0 if self.sudo == "asks nothing" else 1, "")
        if command[0] == "fc-list":
            return self._letters_for(command[1].removeprefix(":lang="))
        if "playwright" in command:
            return self._playwright(command, on_line)
        return self._packages(command)

    def _letters_for(self, language: str) -> Ran:
        if self.which("fc-list") is None:
            return Ran(127, "fc-list: No such file or directory")
        has = {"all", language} & self.letters or any("noto" in package for package in self.installed)
        return Ran(0, "Some Sans\n" if has else "")

    def _playwright(self, command: Sequence[str], on_line: Callable[[str], None] | None) -> Ran:
        if self.driver_lacks and self.driver_lacks not in self.installed:
            return Ran(127, "node: error while loading shared libraries: libatomic.so.1: cannot open shared object\n")
        if "--version" in command:
            return Ran(0, "Version 1.65.0\n")
        if "install-deps" in command:
            self.playwright = self.download == "lacks parts"
            return Ran(0, "")
        if self.download == "refused":
            return Ran(1, "Failed to install browsers\nError: getaddrinfo ENOTFOUND\n")
        if on_line:
            on_line("|■■■■■■■■|  10% of 168.4 MiB\n")
        self.playwright = self.download == "whole"
        return Ran(0, "")

    def _packages(self, command: Sequence[str]) -> Ran:
        manager = next(part for part in command if part in MANAGERS)
        assert manager in self.programs
        after = list(command)[list(command).index(manager) + 1 :]
        if "update" in after:
            return Ran(0, "")
        packages = [part for part in after if not part.startswith("-") and part != "install" and "=" not in part]
        for package in packages:
            if package in self.lacks:
                return Ran(100, f"Reading package lists...\nE: Unable to locate package {package}\n")
        self.installed |= set(packages)
        return Ran(0, "")

    def find_browser(self, setting: str | None) -> BrowserFound:
        if setting:
            raise InstrumentMissing(f"The browser that is set, {setting}, is no program on this computer")
        if self.playwright:
            return BrowserFound("/cache/chrome", "Playwright's Chromium", "159.0.0.1")
        if set(BROWSERS) & (self.installed | self.programs):
            return BrowserFound("/usr/bin/chromium", "Chromium", "156.0.0.1")
        raise InstrumentMissing("No Chromium, Chrome or Edge was found on this computer; to get one: setup")

    def find_engine(self, setting: str | None) -> Engine:
        if setting:
            raise InstrumentMissing(f"There is no Tesseract at {setting}; to look again: setup")
        if not set(TESSERACTS) & (self.installed | self.programs):
            raise InstrumentMissing("Tesseract, which reads text in pictures, is not installed; to install it: setup")
        if "tesseract-lang" in self.installed:
            return Engine("/usr/bin/tesseract", "5.3.0", ("deu", "eng", "fra", "osd"))
        brought = (package.rpartition("-")[2] for package in self.installed if package not in TESSERACTS)
        languages = {"eng", "osd", *(name for name in brought if LANGUAGE.fullmatch(name) and len(name) == 3)}
        return Engine("/usr/bin/tesseract", "5.3.0", tuple(sorted(languages)))
