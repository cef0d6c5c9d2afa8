"""What is there, what is missing, what mends it: every system's branch on a stand-in, and this computer's for real."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from archiver.errors import UsageError
from archiver.packages import Computer, this_computer
from archiver.setup import Asked, Instrument, World, in_one_sentence, inspect, set_up, why_no_sandbox
from archiver.synced import synced_by
from tests.stand_ins import PackageWorld

ROOT = Path(__file__).parents[1]
DEBIAN = Computer("Linux", "ID=debian\n")
DEBIAN_ROOT = Computer("Linux", "ID=debian\n", is_root=True)
SYSTEMS = {  # computer, its package manager, what brings a browser, Tesseract, German
    "debian": (DEBIAN_ROOT, "apt-get", "chromium", "tesseract-ocr", "tesseract-ocr-deu"),
    "ubuntu": (
        Computer("Linux", "ID=ubuntu\n", True),
        "apt-get",
        "chromium-browser",
        "tesseract-ocr",
        "tesseract-ocr-deu",
    ),
    "fedora": (Computer("Linux", "ID=fedora\n", True), "dnf", "chromium", "tesseract", "tesseract-langpack-deu"),
    "arch": (Computer("Linux", "ID=arch\n", True), "pacman", "chromium", "tesseract", "tesseract-data-deu"),
    "suse": (Computer("Linux", "", True), "zypper", "chromium", "tesseract-ocr", "tesseract-ocr-traineddata-deu"),
    "macos": (Computer("Darwin"), "brew", "google-chrome", "tesseract", "tesseract-lang"),
    "windows": (Computer("Windows"), "winget", "Google.Chrome", "tesseract-ocr.tesseract", ""),
}


def world_of(computer: Computer, packages: PackageWorld, home: Path = Path("/home/kit")) -> World:
    return World(
        computer,
        run=packages.run,
        which=packages.which,
        find_browser=packages.find_browser,
        find_engine=packages.find_engine,
        environ={},
        home=home,
        proc=Path("/nowhere"),
    )


def asked(*languages: str, browser: str | None = None, tesseract: str | None = None) -> Asked:
    return Asked(browser, tesseract, languages or ("eng",), Path("/home/kit/notes/vault"))


def named(instruments: tuple[Instrument, ...]) -> dict[str, Instrument]:
    return {instrument.name: instrument for instrument in instruments}


@pytest.mark.parametrize("system", SYSTEMS)
def test_on_every_system_setup_brings_what_is_missing(system: str) -> None:
    computer, manager, browser, tesseract, german = SYSTEMS[system]
    packages = PackageWorld(manager)
    after = named(set_up(asked("eng", "deu"), world=world_of(computer, packages), say=lambda _: None))
    assert after["browser"].state == after["tesseract"].state == "ready"
    assert {browser, tesseract} <= packages.installed
    assert after["languages"].state == ("ready" if german else "missing")
    assert not german or german in packages.installed
    if computer.system == "Linux":
        assert after["letters"].state == "ready"


@pytest.mark.parametrize("system", SYSTEMS)
def test_on_every_system_what_is_missing_comes_with_the_one_command(system: str) -> None:
    computer, manager, browser, tesseract, _ = SYSTEMS[system]
    packages = PackageWorld(manager)
    seen = named(inspect(asked(), world=world_of(computer, packages)))
    for name, package in (("browser", browser), ("tesseract", tesseract)):
        assert seen[name].state == "missing"
        assert seen[name].needed
        assert manager in seen[name].mend
        assert package in seen[name].mend.split()
    assert packages.installed == set()  # looking changes nothing
    assert all(command[0] == "fc-list" or command[-1] == "--version" for command in packages.asked)


def test_playwrights_own_chromium_is_fetched_before_any_package() -> None:
    packages = PackageWorld("apt-get", download="whole", letters=["all"])
    said: list[str] = []
    packages.programs |= {"tesseract", "fc-list"}
    after = named(set_up(asked(), world=world_of(DEBIAN_ROOT, packages), say=said.append))
    assert after["browser"].found == "Playwright's Chromium 159.0.0.1 at /cache/chrome"
    assert packages.installed == set()
    assert "  10% of 168.4 MiB" in said


def test_what_playwright_itself_lacks_is_brought_before_it_fetches_anything() -> None:
    packages = PackageWorld("apt-get", download="whole", driver_lacks="libatomic1")
    before = named(inspect(asked(), world=world_of(DEBIAN_ROOT, packages)))["driver"]
    assert (before.state, before.needed, before.mend) == ("missing", True, "apt-get install libatomic1")
    assert "libatomic.so.1" in before.found
    after = named(set_up(asked(), world=world_of(DEBIAN_ROOT, packages), say=lambda _: None))
    assert after["driver"].found == "Playwright 1.65.0"
    assert after["browser"].found.startswith("Playwright's Chromium")


def test_without_what_playwright_lacks_no_download_is_tried() -> None:
    packages = PackageWorld("apt-get", driver_lacks="libatomic1", download="whole")
    set_up(asked(), world=world_of(DEBIAN, packages), say=lambda _: None)
    assert not any("playwright" in command and "install" in command for command in packages.asked)


def test_a_chromium_that_lacks_parts_of_the_system_gets_them_or_the_systems_own_is_taken() -> None:
    packages = PackageWorld("apt-get", download="lacks parts")
    set_up(asked(), world=world_of(DEBIAN_ROOT, packages), say=lambda _: None)
    assert packages.playwright
    assert "chromium" not in packages.installed
    without_rights = PackageWorld("apt-get", download="lacks parts")
    after = named(set_up(asked(), world=world_of(DEBIAN, without_rights), say=lambda _: None))
    assert after["browser"].state == "missing"
    assert after["browser"].why == "installing it needs an administrator"


def test_without_rights_one_sentence_says_what_is_missing_why_and_the_command() -> None:
    packages = PackageWorld("apt-get", sudo="asks")
    world = world_of(DEBIAN, packages)
    after = set_up(asked(), world=world, say=lambda _: None)
    sentence = in_one_sentence(after, world=world)
    assert "\n" not in sentence
    assert sentence.startswith("Not there: a browser, letters for some kinds of writing, Tesseract")
    assert "(installing it needs an administrator)" in sentence
    assert "sudo apt-get install chromium chromium-sandbox fonts-liberation" in sentence
    assert "tesseract-ocr tesseract-ocr-eng" in sentence
    assert packages.installed == set()


def test_without_a_package_manager_the_sentence_names_what_to_get() -> None:
    world = world_of(Computer("Darwin"), PackageWorld())
    after = set_up(asked(), world=world, say=lambda _: None)
    assert named(after)["browser"].mend == ""
    sentence = in_one_sentence(after, world=world)
    assert "this system has no package manager that the program knows" in sentence
    assert "Chrome" in sentence


def test_where_all_is_there_nothing_is_asked_for_and_nothing_said() -> None:
    packages = PackageWorld("apt-get", "chromium", "tesseract", "fc-list", letters=["all"])
    world = world_of(DEBIAN, packages)
    said: list[str] = []
    after = set_up(asked(), world=world, say=said.append)
    assert in_one_sentence(after, world=world) == ""
    assert said == []
    assert all(command[0] == "fc-list" or command[-1] == "--version" for command in packages.asked)


def test_a_browser_or_tesseract_that_was_set_wrongly_is_told_and_not_replaced() -> None:
    packages = PackageWorld("apt-get", "fc-list", letters=["all"])
    world = world_of(DEBIAN_ROOT, packages)
    after = set_up(asked(browser="/opt/none", tesseract="/opt/none"), world=world, say=lambda _: None)
    assert {name for name, seen in named(after).items() if seen.state == "missing"} == {"browser", "tesseract"}
    assert "/opt/none" in in_one_sentence(after, world=world)
    assert not any("install" in command for command in packages.asked)
    assert "tesseract-ocr" not in packages.installed


def test_a_language_that_is_missing_is_brought_alone() -> None:
    packages = PackageWorld("apt-get", "chromium", "tesseract", "fc-list", letters=["all"])
    after = named(set_up(asked("eng", "deu", "fra"), world=world_of(DEBIAN_ROOT, packages), say=lambda _: None))
    assert packages.installed == {"tesseract-ocr-deu", "tesseract-ocr-fra"}
    assert after["languages"].found == "deu, eng, fra, osd"


def test_a_language_nobody_packs_is_told_with_what_to_do() -> None:
    packages = PackageWorld("winget", "tesseract", "chromium")
    seen = named(inspect(asked("eng", "deu"), world=world_of(Computer("Windows"), packages)))
    assert seen["languages"].found == "Tesseract has no data for deu: put deu.traineddata into its folder tessdata"


@pytest.mark.parametrize("name", ["", "de", "deu;x", "--purge", "deu fra", "../eng", "d€u"])
def test_what_can_not_be_a_language_never_reaches_a_command(name: str) -> None:
    packages = PackageWorld("apt-get", "chromium", "tesseract")
    with pytest.raises(UsageError, match="no language of Tesseract's"):
        set_up(asked("eng", name), world=world_of(DEBIAN_ROOT, packages), say=lambda _: None)
    assert packages.asked == []


def test_letters_that_are_missing_are_named_by_their_writing() -> None:
    packages = PackageWorld("apt-get", "chromium", "tesseract", "fc-list", letters=["en", "ar", "hi"])
    seen = named(inspect(asked(), world=world_of(DEBIAN, packages)))["letters"]
    assert (seen.state, seen.needed) == ("missing", False)  # a picture with boxes is still a picture
    assert seen.found.startswith("no letters for Chinese, Japanese, Korean, emoji:")


WINDOWS_ENVIRON = {"OneDriveCommercial": r"C:\Users\kit\Firm Cloud"}


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        (PureWindowsPath(r"C:\Users\kit\OneDrive\notes"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\kit\OneDrive - A Firm\Documents\notes"), "OneDrive"),
        (PureWindowsPath(r"C:\users\KIT\firm cloud\notes"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\kit\iCloudDrive\notes"), "iCloud"),
        (PureWindowsPath(r"G:\My Drive\notes"), "Google Drive"),
        (PureWindowsPath(r"C:\Users\kit\AppData\Local\notes\vault"), ""),
        (PurePosixPath("/Users/kit/Library/Mobile Documents/com~apple~CloudDocs/notes"), "iCloud"),
        (PurePosixPath("/Users/kit/Library/CloudStorage/GoogleDrive-kit@example.org/My Drive/notes"), "Google Drive"),
        (PurePosixPath("/Users/kit/Library/CloudStorage/Dropbox/notes"), "Dropbox"),
        (PurePosixPath("/Users/kit/Library/Application Support/notes/vault"), ""),
        (PurePosixPath("/Users/kit/Dropbox (Personal)/notes"), "Dropbox"),
        (PurePosixPath("/home/kit/Nextcloud/notes"), "Nextcloud"),
        (PurePosixPath("/home/kit/dropboxes/notes"), ""),
        (PurePosixPath("/home/kit/.local/share/notes/vault"), ""),
    ],
)
def test_a_folder_that_a_service_copies_away_is_known_by_its_path(folder: PurePath, service: str) -> None:
    home = PureWindowsPath(r"C:\Users\kit") if isinstance(folder, PureWindowsPath) else PurePosixPath("/Users/kit")
    environ: Mapping[str, str] = WINDOWS_ENVIRON if isinstance(folder, PureWindowsPath) else {}
    assert synced_by(folder, environ=environ, home=home) == service


def test_a_vault_in_a_copied_folder_is_cautioned_also_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to(tmp_path / "Dropbox", target_is_directory=True)
    packages = PackageWorld("apt-get", "chromium", "tesseract", "fc-list", letters=["all"])
    wish = Asked(None, None, ("eng",), tmp_path / "plain" / "vault")
    seen = named(inspect(wish, world=world_of(DEBIAN, packages)))["folder"]
    assert seen.state == "caution"
    assert "Dropbox copies files to the internet" in seen.found


@pytest.mark.parametrize(
    ("computer", "switch", "value", "on"),
    [
        (DEBIAN, "", "", True),
        (DEBIAN_ROOT, "", "", False),
        (DEBIAN, "kernel/unprivileged_userns_clone", "0\n", False),
        (DEBIAN, "kernel/unprivileged_userns_clone", "1\n", True),
        (DEBIAN, "user/max_user_namespaces", "0\n", False),
        (DEBIAN, "kernel/apparmor_restrict_unprivileged_userns", "1\n", False),
        (Computer("Darwin"), "", "", True),
        (Computer("Windows"), "", "", True),
    ],
)
def test_whether_chromium_can_have_its_sandbox(
    computer: Computer, switch: str, value: str, on: bool, tmp_path: Path
) -> None:
    if switch:
        (tmp_path / switch).parent.mkdir(parents=True)
        (tmp_path / switch).write_text(value)
    browser = tmp_path / "chromium"
    assert (why_no_sandbox(str(browser), computer=computer, proc=tmp_path) == "") == on
    helper = tmp_path / "chrome-sandbox"
    helper.write_text("")
    helper.chmod(stat.S_ISUID | 0o755)
    with_helper = why_no_sandbox(str(browser), computer=computer, proc=tmp_path) == ""
    assert with_helper == (not computer.is_root)  # the helper serves where the switches forbid, and never root


def test_this_computer_has_what_its_own_suite_needs() -> None:
    seen = named(inspect(asked("eng"), world=World(this_computer())))
    assert {seen[name].state for name in ("browser", "tesseract", "languages")} == {"ready"}
    assert (seen["sandbox"].state == "caution") == (os.geteuid() == 0 or bool(seen["sandbox"].found[:3] == "off"))


def doctor(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "archiver", *arguments]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    return subprocess.run(command, capture_output=True, text=True, env=given, check=False)


def test_doctor_ends_with_nothing_where_all_is_there_and_four_where_an_instrument_is_missing(tmp_path: Path) -> None:
    vault = str(tmp_path / "vault")
    well = doctor("--json", "doctor", ARCHIVER_VAULT=vault)
    rows = {row["instrument"]: row for row in map(json.loads, well.stdout.splitlines())}
    assert well.returncode == 0
    assert rows["browser"]["state"] == rows["tesseract"]["state"] == "ready"
    ill = doctor("--json", "doctor", ARCHIVER_VAULT=vault, ARCHIVER_BROWSER="/nowhere/browser")
    rows = {row["instrument"]: row for row in map(json.loads, ill.stdout.splitlines())}
    assert ill.returncode == 4
    assert (rows["browser"]["state"], rows["tesseract"]["state"]) == ("missing", "ready")
    assert ill.stderr.count("\n") == 1
    assert "/nowhere/browser" in ill.stderr
    assert not Path(vault).exists()  # looking makes no vault


def test_doctor_without_json_speaks_to_a_person() -> None:
    words = doctor("doctor", ARCHIVER_TESSERACT="/nowhere/tesseract")
    assert words.returncode == 4
    assert "missing  tesseract" in words.stdout
    assert words.stdout.splitlines()[0].startswith("ready    driver")
    assert "Traceback" not in words.stderr
