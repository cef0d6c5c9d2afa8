"""Every default with its reason. Read from the environment once, by the door; the rooms below are handed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_FOLDER = "notes"  # neutral on purpose: a folder's name is seen over a shoulder (SAFETY B1)


@dataclass(frozen=True)
class Settings:
    """What a person may set. Times in seconds, sizes in bytes, lengths in CSS pixels."""

    vault: Path
    browser: str | None = None  # path of a browser to use instead of the one that is found
    tesseract: str | None = None  # path of Tesseract
    languages: tuple[str, ...] = ("eng",)  # Tesseract's names; the text on the pages decides, not the person's own
    operator: str = ""  # who sits at the keyboard; empty: not said
    own_names: tuple[str, ...] = ()  # the person's handles and addresses: an address that carries one is cautioned
    shut_hosts: tuple[str, ...] = ()  # the other person's own sites: each visit would show there, so none is watched
    quiet_hours: tuple[int, int] | None = (23, 7)  # local; nothing is visited again at hours when nobody reads
    locale: str = "en-GB"  # what sites are told; one value for everybody gives the least away about this one
    viewport: tuple[int, int] = (1280, 800)  # the commonest desktop width that sites lay out fully
    scale: int = 1  # device pixels per CSS pixel; 2 doubles the cost of every picture
    ocr_jobs: int = 2  # Tesseract processes at once
    authorities: tuple[str, ...] = ()  # time-stamp authorities; none: one sees this computer's address and the time
    roots: Path | None = None  # PEM of roots that time stamps are judged by; None: this system's
    proxy: str = ""  # what authorities are asked through, where the command names no other


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Settings from ARCHIVER_* variables; what is not set keeps its default."""
    return Settings(
        vault=Path(environ["ARCHIVER_VAULT"]) if environ.get("ARCHIVER_VAULT") else default_vault(),
        browser=environ.get("ARCHIVER_BROWSER") or None,
        tesseract=environ.get("ARCHIVER_TESSERACT") or None,
        languages=_listed(environ.get("ARCHIVER_LANGUAGES", "").replace("+", ",")) or ("eng",),
        operator=environ.get("ARCHIVER_OPERATOR", ""),
        own_names=_listed(environ.get("ARCHIVER_OWN_NAMES", "")),
        shut_hosts=_listed(environ.get("ARCHIVER_SHUT_HOSTS", "")),
        quiet_hours=_hours(environ.get("ARCHIVER_QUIET_HOURS", "23-7")),
        authorities=_listed(environ.get("ARCHIVER_ANCHOR", "")),
        roots=Path(environ["ARCHIVER_ANCHOR_ROOTS"]) if environ.get("ARCHIVER_ANCHOR_ROOTS") else None,
        proxy=environ.get("ARCHIVER_ANCHOR_PROXY", ""),
    )


def default_vault() -> Path:
    return Path(platformdirs.user_data_dir(APP_FOLDER, appauthor=False)) / "vault"


def _hours(text: str) -> tuple[int, int] | None:
    """`23-7`; anything else (`none`) means that there are none."""
    first, _, last = text.partition("-")
    if not (first.strip().isdigit() and last.strip().isdigit()):
        return None
    return int(first) % 24, int(last) % 24


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
