"""The one place that asks what time it is, and how far to trust it. Never changes a clock, never asks the network."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def utc_now() -> datetime:
    return datetime.now(UTC)


def local_now() -> datetime:
    """Now, with this machine's own offset from UTC."""
    return datetime.now(UTC).astimezone()


def rfc3339(moment: datetime) -> str:
    """UTC with milliseconds: 2026-03-03T09:15:00.123Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_rfc3339(moment: datetime) -> str:
    """The same moment as this machine's own clock and zone show it, with the offset."""
    return moment.astimezone().isoformat(timespec="milliseconds")


def clock_check(date_header: str, moment: datetime) -> str:
    """How this clock and a server's Date header differ, in words. The header counts whole seconds (RFC 9110, 6.6.1)."""
    try:
        theirs = parsedate_to_datetime(date_header)
    except ValueError:
        return "the server gave no time to compare with"
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    seconds = round((moment - theirs).total_seconds())
    if abs(seconds) <= 2:
        return "agrees with the server's clock within 2 seconds"
    return f"{abs(seconds)} seconds {'ahead of' if seconds > 0 else 'behind'} the server's clock"
