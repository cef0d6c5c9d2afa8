"""Folders that a service copies to the internet, known by their names. Looks at no file in them (SAFETY B5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePath

# Names of the folders that services copy to their own computers, as their installers make them.
SYNCED = {
    "OneDrive": r"onedrive( - .+)?",
    "iCloud": r"icloud ?drive|mobile documents|com~apple~clouddocs",
    "Dropbox": r"dropbox( \(.+\))?",
    "Google Drive": r"google ?drive|my drive|drivefs",
    "Box": r"box sync",
    "Nextcloud": r"nextcloud|owncloud",
    "MEGA": r"mega(sync)?( downloads)?",
    "pCloud": r"p-?cloud ?(drive|sync)?",
    "Proton Drive": r"proton ?drive",
}
SYNCED_BY_VARIABLE = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")  # Windows names the folder there


def synced_words(folder: Path, *, environ: Mapping[str, str], home: PurePath) -> str:
    """What a person should know who keeps a vault there; empty where nothing speaks against it."""
    by = synced_by(folder.absolute(), environ=environ, home=home)
    by = by or synced_by(folder.resolve(), environ=environ, home=home)
    return f"{folder} lies where {by} copies files to the internet, and to every device on that account" if by else ""


def synced_by(folder: PurePath, *, environ: Mapping[str, str], home: PurePath) -> str:
    """The service that copies a folder to the internet, as far as its path shows; else empty (SAFETY B5)."""
    for name in SYNCED_BY_VARIABLE:
        if environ.get(name) and folder.is_relative_to(type(folder)(environ[name])):
            return "OneDrive"
    storage = type(folder)(home) / "Library" / "CloudStorage"  # macOS: one folder for each account, "Dropbox-Personal"
    if folder.is_relative_to(storage) and folder != storage:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", folder.relative_to(storage).parts[0].partition("-")[0])
    for part in folder.parts:
        for service, pattern in SYNCED.items():
            if re.fullmatch(pattern, part, re.IGNORECASE):
                return service
    return ""
