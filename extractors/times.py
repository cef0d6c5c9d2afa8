"""Times as a source states them. UTC only where zone, offset or epoch proves it; never guesses a day order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from extractors.contract import Basis, StatedTime

ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\s?(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.I,
)
MAIL = re.compile(r"(?:[a-z]{3},?\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d\d:\d\d(?::\d\d)?\s+(?:GMT|UTC|Z|[+-]\d{4})", re.I)
WORDED = re.compile(  # "Aug 20, 2024 · 8:00 PM UTC", "21 August 2024 at 10:20 GMT+2": the month in words
    r"(?:[a-z]{3,9},?\s+)?"
    r"(?:(?P<before>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    r"|(?P<date>\d{1,2})(?:st|nd|rd|th)?\s+(?P<after>[a-z]{3,9})\.?)"
    r",?\s+(?P<year>\d{4})[\s,·|-]*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?\s*\(?(?:UTC|GMT)(?P<offset>[+-]\d\d?(?::?\d\d)?)?\)?",
    re.I,
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # outside: not a time
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
X_EPOCH = 1_288_834_974_657  # ms; X Snowflake: milliseconds since 2010-11-04T01:42:54.657Z stand above bit 22
DISCORD_EPOCH = 1_420_070_400_000  # ms; 2015-01-01, above bit 22 (Discord developer documentation, "Snowflakes")
INSTAGRAM_EPOCH = 1_314_220_021_721  # ms; above bit 23 (Instagram engineering, "Sharding & IDs at Instagram", 2012)
TID_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  # AT Protocol, "Timestamp Identifiers"
SHORTCODE_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def stated(given: str, shown: str = "", *, basis: Basis = "stated") -> StatedTime | None:
    """A time from what an attribute gives and what the page shows; None where neither says anything.

    `written` is what was given, else what was shown. ISO 8601 and mail dates are understood; without a zone no UTC.
    """
    given, shown = given.strip(), " ".join(shown.split())
    for text in (given, shown):
        if (moment := _zoned(text)) is not None:
            return StatedTime(text, rfc3339(moment[0]), moment[1], basis)
    text = given or shown
    return StatedTime(text, None, None, basis) if text else None


def from_epoch(value: object, *, basis: Basis = "stated") -> StatedTime | None:
    """A time from a count since 1970: seconds, milliseconds, microseconds or nanoseconds, told apart by size."""
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        return None
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if 6e8 <= number / unit < 4.2e9:  # 1989 to 2103
            written = value if isinstance(value, str) else str(value)
            moment = _since(EPOCH, _milliseconds(written.strip(), unit, number))
            return StatedTime(written.strip(), rfc3339(moment), "Z", basis) if moment else None
    return None


def from_snowflake(identifier: str, *, epoch: int = X_EPOCH, shift: int = 22, unit: int = 1) -> StatedTime | None:
    """The time in a numeric id: the bits above `shift` count `unit` milliseconds since `epoch`.

    X and Discord: as the constants say. Mastodon: epoch 0, shift 16. TikTok: epoch 0, shift 32, unit 1000.
    """
    if not (identifier.isascii() and identifier.isdigit() and len(identifier) < 25):
        return None
    moment = _since(EPOCH, (int(identifier) >> shift) * unit + epoch)
    return StatedTime(identifier, rfc3339(moment), "Z", "id") if moment else None


def from_tid(identifier: str) -> StatedTime | None:
    """The time in an AT Protocol record key: 13 base-32 digits, microseconds above ten bits of clock id."""
    if len(identifier) != 13 or any(digit not in TID_DIGITS for digit in identifier):
        return None
    number = 0
    for digit in identifier:
        number = number * 32 + TID_DIGITS.index(digit)
    moment = _since(EPOCH, (number >> 10) / 1000)
    return StatedTime(identifier, rfc3339(moment), "Z", "id") if moment else None


def from_instagram(shortcode_or_id: str) -> StatedTime | None:
    """The time in an Instagram or Threads media id, given as number or as the shortcode of the address."""
    identifier = shortcode_or_id.partition("_")[0] if shortcode_or_id[:1].isdigit() else shortcode_or_id
    if not (identifier.isdigit() and len(identifier) > 11):
        number = 0
        for digit in shortcode_or_id[:11]:
            place = SHORTCODE_DIGITS.find(digit)
            if place < 0:
                return None
            number = number * 64 + place
        identifier = str(number)
    moment = from_snowflake(identifier, epoch=INSTAGRAM_EPOCH, shift=23)
    return StatedTime(shortcode_or_id, moment.utc, "Z", "id") if moment else None


def rfc3339(moment: datetime) -> str:
    """UTC with Z; the fraction only where there is one."""
    utc = moment.astimezone(UTC)
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    return utc.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z" if utc.year > 999 else utc.isoformat()


def same_time(one: StatedTime | None, other: StatedTime | None, *, within: float = 60) -> bool:
    """Whether two proven times are at most `within` seconds apart; True where one of them is not proven."""
    if one is None or other is None or one.utc is None or other.utc is None:
        return True
    return abs((datetime.fromisoformat(one.utc) - datetime.fromisoformat(other.utc)).total_seconds()) <= within


def _zoned(text: str) -> tuple[datetime, str] | None:
    """A moment and its zone as written, where the text carries both."""
    if not text or len(text) > 80:
        return None
    iso = ISO.fullmatch(text)
    try:
        if iso is not None:
            return _iso(iso)
        if MAIL.fullmatch(text):
            moment = parsedate_to_datetime(text)
            zone = text.split()[-1]
            return (moment, "Z" if zone.isalpha() else zone) if moment.tzinfo is not None else None
        if (words := WORDED.fullmatch(text)) is not None:
            return _worded(words)
    except (ValueError, OverflowError):
        return None
    return None


def _worded(found: re.Match[str]) -> tuple[datetime, str] | None:
    month = (found["before"] or found["after"] or "")[:3].lower()
    if month not in MONTHS:
        return None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (found["half"].lower() == "p")
    sign, digits = (found["offset"] or "+0")[0], re.sub(r"\D", "", found["offset"] or "0")
    hours, minutes = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
    offset = f"{sign}{int(hours):02}:{int(minutes):02}"
    day = f"{found['year']}-{MONTHS.index(month) + 1:02}-{int(found['day'] or found['date']):02}"
    moment = ISO.fullmatch(f"{day}T{hour:02}:{found['minute']}:{found['second'] or '00'}{offset}")
    proven = _iso(moment) if moment is not None else None
    return (proven[0], "Z" if offset[1:] == "00:00" else offset) if proven is not None else None


def _iso(found: re.Match[str]) -> tuple[datetime, str] | None:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    if zone is None:
        return None
    offset, name = timedelta(0), "Z"
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
        name = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    micro = int((fraction or "0").ljust(6, "0")[:6])
    parts = (int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro)
    moment = datetime(*parts, tzinfo=timezone(offset))
    return (moment, name) if EARLIEST <= moment <= LATEST else None


def _milliseconds(written: str, unit: int, number: float) -> float:
    if written.isdigit() and unit >= 1_000:
        return int(written) // (unit // 1_000) if unit > 1_000 else int(written)
    return number / unit * 1_000


def _since(epoch: datetime, milliseconds: float) -> datetime | None:
    try:
        moment = epoch + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
    return moment if EARLIEST <= moment <= LATEST else None
