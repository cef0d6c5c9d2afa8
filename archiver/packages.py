"""What the system's package manager is called, what things are called in it, and how it is asked.

Uses the standard library alone (the starter needs it before any library is there), lists of arguments and never a
shell, and never asks the person for a password: without the right to install it says what to type instead.
"""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Which = Callable[[str], str | None]
Run = Callable[..., "Ran"]
Say = Callable[[str], None]

PACKAGE_LIMIT = 1800.0  # seconds for one call of a package manager: a browser over a slow line takes minutes, not hours
GRACE = 5.0  # seconds for a command to clean up after itself when it is stopped
PROBE_LIMIT = 20.0  # seconds for asking a program what it is
LANGUAGE = re.compile(r"[A-Za-z]{3}[a-z]*(_[A-Za-z]+)*")  # Tesseract's names: eng, chi_sim, deu_frak


@dataclass(frozen=True)
class Computer:
    """What kind of computer this is, as plain values."""

    system: str  # as `platform.system()` says: "Linux", "Darwin", "Windows"
    os_release: str = ""  # the text of /etc/os-release; empty elsewhere
    is_root: bool = False

    def identity(self) -> tuple[str, ...]:
        """The distribution's own id and those it is like: ("ubuntu", "debian")."""
        pairs = (line.partition("=") for line in self.os_release.splitlines())
        said = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
        return tuple(f"{said.get('ID', '')} {said.get('ID_LIKE', '')}".lower().split())


def this_computer(*, etc: Path = Path("/etc/os-release")) -> Computer:
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    text = etc.read_text("utf-8", "replace") if etc.is_file() else ""
    return Computer(system=platform.system(), os_release=text, is_root=is_root)


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit code (124 where it ran into its limit, 127 where it is not there) and its words."""

    code: int
    output: str

    def last_words(self) -> str:
        """The line that says what went wrong: the first that looks like an error, else the last."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        errors = [line for line in lines if re.match(r"(E:|error\b|.*\bERROR:)", line, re.IGNORECASE)]
        return (errors or lines or [f"it ended with code {self.code} and no word"])[0 if errors else -1][:300]


def run_bounded(
    command: Sequence[str],
    *,
    limit: float,
    env: Mapping[str, str] | None = None,  # added to this process's own
    keep_open: tuple[int, ...] = (),  # file descriptors that the command and its children inherit
    on_line: Say | None = None,
) -> Ran:
    """Run a command with no standard input, gather what it says, and end it with all its children after `limit` s."""
    posix = os.name == "posix"
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **(env or {})},
            pass_fds=keep_open if posix else (),
            process_group=0 if posix else None,  # of its own, so that its children can be ended with it
        )
    except OSError as error:
        return Ran(127, f"{command[0]}: {error.strerror or error}")
    ran_out = threading.Event()

    def end() -> None:
        ran_out.set()
        _end_with_children(process)

    timer = threading.Timer(limit, end)
    timer.daemon = True
    timer.start()
    lines = []
    try:
        for line in process.stdout or ():
            lines.append(line)
            if on_line:
                on_line(line)
        code = process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:  # Ctrl-C, say: nothing of ours goes on alone
            _end_with_children(process)
    if ran_out.is_set():
        return Ran(124, f"{Path(command[0]).name} was ended after {limit:.0f} seconds")
    return Ran(code, "".join(lines))


def _end_with_children(process: subprocess.Popen[str]) -> None:
    """Ask it to stop as Ctrl-C would, so that it can end its own children; after `GRACE` seconds end what is left."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(GRACE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Manager:
    """One package manager: how it is asked by a program, how by a person, and what it calls things."""

    program: str
    install: tuple[str, ...]  # asks nothing
    by_hand: tuple[str, ...]
    packages: Mapping[str, tuple[str, ...]]  # what we call it -> what it is called here
    language: str = ""  # "tesseract-ocr-{}"; a name without braces holds all of them; empty: there are no packages
    refresh: tuple[str, ...] = ()  # brings its lists up to date; empty where `install` does so itself
    needs_rights: bool = True
    env: Mapping[str, str] = field(default_factory=dict)

    def language_packages(self, languages: Sequence[str]) -> tuple[str, ...]:
        named = (self.language.format(name.lower().replace("_", self._joint)) for name in languages)
        return tuple(dict.fromkeys(filter(None, named)))

    @property
    def _joint(self) -> str:
        return "-" if self.program == "apt-get" else "_"  # Debian: tesseract-ocr-chi-sim; the others: …-chi_sim


# Chromium alone paints nothing where a computer has no letters for a script (a bare Debian has none at all), so
# letters come with it: measured on Debian 12, a page without them is kept as a picture of empty boxes.
APT = Manager(
    program="apt-get",
    refresh=("apt-get", "update", "-q"),
    install=("apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"),
    by_hand=("apt-get", "install"),
    packages={
        "driver": ("libatomic1",),
        "browser": ("chromium", "chromium-sandbox", "fonts-liberation"),
        "letters": ("fontconfig", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"),
        "tesseract": ("tesseract-ocr",),
        "venv": ("python{}-venv",),  # the braces stand for "3.11"; only Debian and its kin split it off
    },
    language="tesseract-ocr-{}",
    env={"DEBIAN_FRONTEND": "noninteractive"},
)
# Ubuntu has no package `chromium`; its `chromium-browser` brings the snap.
UBUNTU = Manager(**{**APT.__dict__, "packages": {**APT.packages, "browser": ("chromium-browser", "fonts-liberation")}})
DNF = Manager(
    program="dnf",
    install=("dnf", "install", "-y", "-q"),
    by_hand=("dnf", "install"),
    packages={
        "driver": ("libatomic",),
        "browser": ("chromium", "liberation-fonts"),
        "letters": (
            "fontconfig",
            "google-noto-sans-fonts",
            "google-noto-sans-arabic-fonts",
            "google-noto-sans-devanagari-fonts",
            "google-noto-sans-cjk-fonts",
            "google-noto-color-emoji-fonts",
        ),
        "tesseract": ("tesseract",),
    },
    language="tesseract-langpack-{}",
)
PACMAN = Manager(
    program="pacman",
    install=("pacman", "-Sy", "--needed", "--noconfirm"),
    by_hand=("pacman", "-S"),
    packages={
        "driver": ("gcc-libs",),
        "browser": ("chromium", "ttf-liberation"),
        "letters": ("fontconfig", "noto-fonts", "noto-fonts-cjk", "noto-fonts-emoji"),
        "tesseract": ("tesseract", "tesseract-data-eng"),
    },
    language="tesseract-data-{}",
)
ZYPPER = Manager(
    program="zypper",
    install=("zypper", "--non-interactive", "install"),
    by_hand=("zypper", "install"),
    packages={
        "driver": ("libatomic1",),
        "browser": ("chromium", "liberation-fonts"),
        "letters": (
            "fontconfig",
            "google-noto-sans-fonts",
            "google-noto-sans-arabic-fonts",
            "google-noto-sans-devanagari-fonts",
            "google-noto-sans-cjk-fonts",
            "google-noto-coloremoji-fonts",
        ),
        "tesseract": ("tesseract-ocr", "tesseract-ocr-traineddata-eng"),
    },
    language="tesseract-ocr-traineddata-{}",
)
BREW = Manager(
    program="brew",
    install=("brew", "install"),
    by_hand=("brew", "install"),
    packages={"browser": ("google-chrome",), "tesseract": ("tesseract",)},
    language="tesseract-lang",
    needs_rights=False,  # it refuses to run as root
    env={"NONINTERACTIVE": "1"},
)
WINGET = Manager(
    program="winget",
    install=("winget", "install", "-e", "--silent", "--accept-package-agreements", "--accept-source-agreements"),
    by_hand=("winget", "install", "-e"),
    packages={"browser": ("Google.Chrome",), "tesseract": ("tesseract-ocr.tesseract",)},
    needs_rights=False,  # Windows asks by itself
)
OF_SYSTEM = {"Linux": (APT, DNF, PACMAN, ZYPPER), "Darwin": (BREW,), "Windows": (WINGET,)}


def manager_of(computer: Computer, *, which: Which) -> Manager | None:
    """The package manager that this computer has; on Linux the first that is there, apt before the others."""
    for manager in OF_SYSTEM.get(computer.system, ()):
        if which(manager.program):
            return UBUNTU if manager is APT and computer.identity()[:1] == ("ubuntu",) else manager
    return None


def by_hand(manager: Manager, packages: Sequence[str], computer: Computer) -> str:
    """The one command a person types to install the packages."""
    sudo = ("sudo",) if manager.needs_rights and not computer.is_root else ()
    return " ".join((*sudo, *manager.by_hand, *packages))


def rights(manager: Manager, computer: Computer, *, run: Run, which: Which) -> tuple[str, ...] | None:
    """What goes before the command so that it may install: nothing, `sudo -n`, or None where we may not."""
    if computer.is_root or not manager.needs_rights:
        return ()
    may = which("sudo") is not None and run(("sudo", "-n", "true"), limit=PROBE_LIMIT).code == 0
    return ("sudo", "-n") if may else None


def install(
    packages: Sequence[str],
    *,
    manager: Manager,
    computer: Computer,
    run: Run = run_bounded,
    which: Which,
    say: Say,
) -> str:
    """Install packages by their own names. Returns "" when done, else why not, without a full stop."""
    before = rights(manager, computer, run=run, which=which)
    if before is None:
        return "installing it needs an administrator"
    ask = functools.partial(run, limit=PACKAGE_LIMIT)
    given = tuple(f"{name}={value}" for name, value in manager.env.items())
    lead = (*before, "env", *given) if given and manager.needs_rights else before
    if manager.refresh:
        ask((*lead, *manager.refresh))  # one source of several may fail; the install tells what counts
    say(f"Installing {', '.join(packages)} with {manager.program}. This can take some minutes.")
    ran = ask((*lead, *manager.install, *packages))
    return "" if ran.code == 0 else f"{manager.program} could not install it: {ran.last_words().rstrip('.')}"
