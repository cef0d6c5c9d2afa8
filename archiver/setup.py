"""What the program needs from the computer: what is there, what is missing, and the one command that mends it.

Looks and installs only when asked; never changes a vault, and never asks for a password.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from archiver.browser.find import BrowserFound, find_browser
from archiver.errors import InstrumentMissing, UsageError
from archiver.ocr import Engine, find_engine
from archiver.packages import (
    LANGUAGE,
    PROBE_LIMIT,
    Computer,
    Manager,
    Run,
    Say,
    Which,
    by_hand,
    install,
    manager_of,
    rights,
    run_bounded,
)
from archiver.synced import synced_words

State = Literal["ready", "missing", "caution"]

DOWNLOAD_LIMIT = 1200.0  # seconds for Playwright's own Chromium: 170 MB take 9 minutes at 2.5 Mbit/s
CONNECT_LIMIT_MS = "15000"  # for each try; ten were counted where nothing answers, and the default is 30 s
PLAYWRIGHT = (sys.executable, "-P", "-m", "playwright")
HELPER = "chrome-sandbox"  # Chromium's helper with root's rights, for systems that give ordinary programs no sandbox
# Writing that a page may hold, and how fontconfig asks for letters that draw it. Without them Chromium paints empty
# boxes: the text is kept as text, but the picture does not show it.
LETTERS = {
    "Latin": "en",
    "Arabic": "ar",
    "Chinese": "zh-cn",
    "Hindi": "hi",
    "Japanese": "ja",
    "Korean": "ko",
    "emoji": "und-zsye",
}
SPOKEN = {
    "driver": "a library that Playwright needs",
    "browser": "a browser",
    "tesseract": "Tesseract (it reads the words in pictures)",
    "languages": "some of Tesseract's languages",
    "letters": "letters for some kinds of writing",
}


@dataclass(frozen=True)
class Instrument:
    """One thing that the program uses, and how it stands."""

    name: str  # "driver", "browser", "sandbox", "letters", "tesseract", "languages", "folder"
    state: State
    found: str  # what is there, or what is not, in words without a full stop
    needed: bool = False  # True: `doctor` ends with 4 where it is missing
    packages: tuple[str, ...] = ()  # what this system's package manager would bring it with
    why: str = ""  # why it could not be brought, where that was tried
    mend: str = ""  # the one command that a person types; empty where nothing is to be mended or no command can


@dataclass(frozen=True)
class World:
    """All that inspecting and installing meet outside the program, so that every system can be stood in for."""

    computer: Computer
    run: Run = run_bounded
    which: Which = shutil.which
    find_browser: Callable[[str | None], BrowserFound] = find_browser
    find_engine: Callable[[str | None], Engine] = find_engine
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: Path = field(default_factory=Path.home)
    proc: Path = Path("/proc/sys")

    @property
    def manager(self) -> Manager | None:
        return manager_of(self.computer, which=self.which)


@dataclass(frozen=True)
class Asked:
    """What the settings ask for."""

    browser: str | None  # a path instead of the browser that is found
    tesseract: str | None
    languages: tuple[str, ...]  # that pages are to be read in
    vault: Path


def inspect(asked: Asked, *, world: World) -> tuple[Instrument, ...]:
    """Look at everything; change nothing."""
    seen = [_driver(world), *_browser(asked, world), _letters(world), *_tesseract(asked, world), _folder(asked, world)]
    return tuple(_with_command(instrument, world) for instrument in seen if instrument)


def set_up(asked: Asked, *, world: World, say: Say) -> tuple[Instrument, ...]:
    """Bring what is missing, as far as it can be had, and look again."""
    check_languages(asked.languages)
    why: dict[str, str] = {}  # instrument -> why it could not be brought
    missing = {instrument.name: instrument for instrument in inspect(asked, world=world)}
    missing = {name: instrument for name, instrument in missing.items() if instrument.state == "missing"}
    if "driver" in missing:  # first, since it is what fetches the browser too
        why["driver"] = _bring_packages(missing["driver"].packages, world, say)
    if "browser" in missing and not asked.browser:
        why["browser"] = _bring_browser(missing["browser"], world, say)
    for name in ("tesseract", "languages", "letters"):
        if name in missing and not (name == "tesseract" and asked.tesseract):
            why[name] = _bring_packages(missing[name].packages, world, say)
    return tuple(replace(seen, why=why.get(seen.name, "")) for seen in inspect(asked, world=world))


def check_languages(languages: Sequence[str]) -> None:
    """Raises UsageError for what can't be a name of Tesseract's: it will stand in a command."""
    for name in languages:
        if not LANGUAGE.fullmatch(name):
            raise UsageError(f"{name!r} is no language of Tesseract's; they are called eng, deu, chi_sim and so on.")


def in_one_sentence(instruments: Sequence[Instrument], *, world: World) -> str:
    """What is missing, why, and the one command that brings all of it; empty where nothing is missing."""
    missing = [instrument for instrument in instruments if instrument.state == "missing"]
    if not missing:
        return ""
    names = ", ".join(SPOKEN[instrument.name] for instrument in missing)
    whys = "; ".join(dict.fromkeys(instrument.why for instrument in missing if instrument.why))
    how = [instrument.found for instrument in missing if not instrument.packages]
    packages = tuple(dict.fromkeys(name for instrument in missing for name in instrument.packages))
    if world.manager and packages:
        how.append(f"to bring it: {by_hand(world.manager, packages, world.computer)}")
    return "; ".join((f"Not there: {names}" + (f" ({whys})" if whys else ""), *how))


# Looking -------------------------------------------------------------------------------------------------------


def _driver(world: World) -> Instrument:
    """Whether Playwright itself starts. A bare Debian 12 lacks libatomic, which the Node in Playwright 1.65 needs."""
    ran = world.run((*PLAYWRIGHT, "--version"), limit=PROBE_LIMIT)
    if ran.code == 0:
        return Instrument("driver", "ready", f"Playwright {ran.output.strip().removeprefix('Version ')}", True)
    words = f"Playwright, which steers the browser, does not start: {ran.last_words()}"
    return Instrument("driver", "missing", words, True, _named("driver", world))


def _browser(asked: Asked, world: World) -> list[Instrument]:
    try:
        found = world.find_browser(asked.browser)
    except InstrumentMissing as error:
        packages = () if asked.browser else _named("browser", world)
        return [Instrument("browser", "missing", _words(error), True, packages)]
    why = why_no_sandbox(found.path, computer=world.computer, proc=world.proc)
    sandbox = Instrument("sandbox", "caution" if why else "ready", why or "the system gives Chromium what it needs")
    return [Instrument("browser", "ready", f"{found.kind} {found.version} at {found.path}", True), sandbox]


def why_no_sandbox(browser: str, *, computer: Computer, proc: Path) -> str:
    """Why Chromium's own sandbox can't be on; empty where it can. What a capture really used stands in the capture."""
    if computer.system != "Linux":
        return ""
    if computer.is_root:
        return "off, because Chromium has none for root: use an ordinary account"
    helper = Path(browser).resolve().with_name(HELPER)
    if helper.is_file() and helper.stat().st_mode & stat.S_ISUID:
        return ""
    switches = {
        "kernel/unprivileged_userns_clone": "0",  # Debian
        "user/max_user_namespaces": "0",
        "kernel/apparmor_restrict_unprivileged_userns": "1",  # Ubuntu from 23.10
    }
    for name, off in switches.items():
        if (proc / name).is_file() and (proc / name).read_text().strip() == off:
            return f"off, because this system forbids it to ordinary programs ({name.replace('/', '.')} is {off})"
    return ""


def _letters(world: World) -> Instrument | None:
    """Linux alone: Windows and macOS come with letters for all of them."""
    if world.computer.system != "Linux":
        return None
    there = world.which("fc-list") is not None
    without = [name for name, language in LETTERS.items() if not (there and _draws(language, world))]
    if not without:
        return Instrument("letters", "ready", "letters for " + ", ".join(LETTERS))
    words = f"no letters for {', '.join(without)}: pictures show boxes in their place, the text is kept all the same"
    return Instrument("letters", "missing", words, packages=_named("letters", world))


def _draws(language: str, world: World) -> bool:
    ran = world.run(("fc-list", f":lang={language}", "family"), limit=PROBE_LIMIT)
    return ran.code == 0 and bool(ran.output.strip())


def _tesseract(asked: Asked, world: World) -> list[Instrument]:
    languages = world.manager.language_packages(asked.languages) if world.manager else ()
    try:
        engine = world.find_engine(asked.tesseract)
    except InstrumentMissing as error:
        packages = () if asked.tesseract else (*_named("tesseract", world), *languages)
        return [Instrument("tesseract", "missing", _words(error), True, packages)]
    ready = Instrument("tesseract", "ready", f"Tesseract {engine.version} at {engine.path}", True)
    without = [name for name in asked.languages if name not in engine.languages]
    if not without:
        return [ready, Instrument("languages", "ready", ", ".join(engine.languages), True)]
    packages = world.manager.language_packages(without) if world.manager else ()
    words = f"Tesseract has no data for {', '.join(without)}"
    if not packages:
        words += ": put " + ", ".join(f"{name}.traineddata" for name in without) + " into its folder tessdata"
    return [ready, Instrument("languages", "missing", words, True, packages)]


def _folder(asked: Asked, world: World) -> Instrument:
    said = synced_words(asked.vault, environ=world.environ, home=world.home)
    if said:
        return Instrument("folder", "caution", f"{said}: choose another folder with --vault or ARCHIVER_VAULT")
    return Instrument("folder", "ready", f"the vault's folder is {asked.vault}")


def _named(what: str, world: World) -> tuple[str, ...]:
    return world.manager.packages.get(what, ()) if world.manager else ()


def _words(error: InstrumentMissing) -> str:
    return str(error).partition("; to ")[0].rstrip(".")  # without "; to install it: …": that is what we are doing


def _with_command(instrument: Instrument, world: World) -> Instrument:
    if instrument.state != "missing" or not instrument.packages or world.manager is None:
        return instrument
    return replace(instrument, mend=by_hand(world.manager, instrument.packages, world.computer))


# Installing ----------------------------------------------------------------------------------------------------


def _bring_browser(missing: Instrument, world: World, say: Say) -> str:
    """Playwright's own Chromium, else the system's. Returns why not, or nothing."""
    if _driver(world).state != "ready":
        return _bring_packages(missing.packages, world, say)
    say("Fetching Chromium, the browser that takes the pictures. This can take some minutes.")
    environ = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": CONNECT_LIMIT_MS}

    def tell(line: str) -> None:
        percent = re.search(r"\b\d+% of .*", line)
        if percent:
            say(f"  {percent.group().strip()}")

    ran = world.run((*PLAYWRIGHT, "install", "--no-shell", "chromium"), limit=DOWNLOAD_LIMIT, env=environ, on_line=tell)
    if ran.code != 0:
        say("It can't be had from its makers here, so the system's own is next.")
        return _bring_packages(missing.packages, world, say)
    if not _starts(world) and _may_install(world):
        say("It came, and lacks parts of the system. Installing those.")
        world.run((*PLAYWRIGHT, "install-deps", "chromium"), limit=DOWNLOAD_LIMIT)
    return "" if _starts(world) else _bring_packages(missing.packages, world, say)


def _may_install(world: World) -> bool:
    return world.manager is not None and (
        rights(world.manager, world.computer, run=world.run, which=world.which) is not None
    )


def _starts(world: World) -> bool:
    try:
        world.find_browser(None)
    except InstrumentMissing:
        return False
    return True


def _bring_packages(packages: Sequence[str], world: World, say: Say) -> str:
    if world.manager is None:
        return "this system has no package manager that the program knows"
    if not packages:
        return f"{world.manager.program} has no package for it"
    return install(packages, manager=world.manager, computer=world.computer, run=world.run, which=world.which, say=say)
