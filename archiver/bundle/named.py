"""What things are called in a bundle: roles, standings, bases of times, in plain words. Decides nothing."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archiver.bundle.chosen import Exhibit, Original
from extractors.contract import Account

ROLES = {
    "first-view": "picture of the window when the page had opened, untouched",
    "first-dom": "the page's HTML at that moment",
    "tile": "picture of the whole page, a piece",
    "dom": "the page's HTML after scrolling",
    "harvest": "posts as they were met while scrolling",
    "text": "the visible words",
    "mhtml": "the page with its parts, as the browser saves it",
    "network": "what came over the network (WARC)",
    "response": "the file that the address gave",
    "companion": "the site's own data for the same page",
    "certificate": "what the server showed to say who it is (TLS)",
}
STEPS = {"certificate": "who the server said it is (TLS)"}  # the others are called what they are
STANDINGS = {
    "live": "The page was there.",
    "removed": "The page said that this was removed, or was not found.",
    "suspended": "The page said that the account was suspended.",
    "login_wall": "The page asked for a login.",
    "challenge": "The page asked for proof that a person was looking.",
    "geo_blocked": "The page said that it is not shown in this country.",
    "error": "The site answered with an error.",
    "unreachable": "The site could not be reached.",
}
BASES = {
    "stated": "as the page states it",
    "id": "from the post's number, which holds its time",
    "inferred": "inferred",
    "exif": "from inside the picture's file",
    "file": "from the file's own date",
}


def role(original: Original) -> str:
    words = ROLES.get(original.role, original.role)
    return f"{words} {original.n + 1}" if original.role == "tile" else words


def pictures(exhibit: Exhibit) -> tuple[Original, ...]:
    """The pictures that stand for the page: its tiles; where there is none, the first view."""
    shown = exhibit.of_role("tile") or exhibit.of_role("first-view") or exhibit.of_role("response")
    return tuple(original for original in shown if original.media_type.startswith("image/"))


def who(account: Account) -> str:
    """As the page names the account; empty where it names none."""
    handle = f"@{account.handle.lstrip('@')}" if account.handle else ""
    return " ".join(filter(None, (account.name, handle if account.name != handle else "")))


def slug(label: str) -> str:
    """A label as a file's name: AB/1 is AB-1."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in label)


def moment(written: str) -> datetime | None:
    """RFC 3339 with a zone as a moment; None where it is not that."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def zone(name: str) -> tzinfo | None:
    """None where the name is no zone that this computer knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def in_utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%d %B %Y, %H:%M:%S UTC").lstrip("0")


def local(at: datetime, there: tzinfo | None) -> str:
    """With its offset: the same clock time stands for two moments on the night when clocks go back."""
    if there is None:
        return ""
    here = at.astimezone(there)
    offset = here.strftime("%z")
    return here.strftime("%d %B %Y, %H:%M:%S").lstrip("0") + f" (UTC{offset[:3]}:{offset[3:5]})"


def spoken(written: str) -> str:
    """An RFC 3339 time for people: 3 March 2026, 09:15:00 UTC; as it stands where it is none."""
    at = moment(written)
    return in_utc(at) if at else written
