"""Times and days as screenshots write them. "Yesterday" is counted from the file's own time, and said to be
inferred."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, timedelta

from extractors.contract import StatedTime
from extractors.screen_words import words_of

CLOCK = r"(?:\d{1,2}[:.;]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?\s?m\.?|\s?uhr|\s?h)?|\d{1,2}-\d{2}\s?[ap]m)"
AWAY = r"(?:\d{1,3}\s?(?:s|m|min|mins|h|hr|hrs|d|w|wk|wks|mo|y|yr|yrs)(?:\sago)?|just now|now|ahora|jetzt|adesso|now)"
TIME = re.compile(rf"(?:{CLOCK}|[٠-٩]{{1,2}}:[٠-٩]{{2}}\s?[صم]?)", re.IGNORECASE)
WEEKDAYS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonntag": 6,
    "lunes": 0, "martes": 1, "miércoles": 2, "jueves": 3, "viernes": 4, "sábado": 5, "domingo": 6,
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
    "lunedì": 0, "martedì": 1, "mercoledì": 2, "giovedì": 3, "venerdì": 4, "sabato": 5, "domenica": 6,
    "maandag": 0, "dinsdag": 1, "woensdag": 2, "donderdag": 3, "vrijdag": 4, "zaterdag": 5, "zondag": 6,
    "понедельник": 0, "вторник": 1, "среда": 2, "четверг": 3, "пятница": 4, "суббота": 5, "воскресенье": 6,
}  # fmt: skip
TODAY = words_of(
    "today heute hoy aujourd'hui oggi hoje vandaag dzisiaj idag"
    " сегодня сьогодні bugün σήμερα اليوم היום आज 今日 今天 오늘"
)
YESTERDAY = words_of(
    "yesterday gestern ayer hier ieri ontem gisteren wczoraj igår вчера вчора dün χθες أمس אתמול कल 昨日 昨天 어제"
)
MONTHS = {
    "jan": 1, "ene": 1, "gen": 1, "янв": 1, "feb": 2, "fév": 2, "fev": 2, "фев": 2, "mar": 3, "mär": 3, "мар": 3,
    "apr": 4, "abr": 4, "avr": 4, "апр": 4, "may": 5, "mai": 5, "mag": 5, "maj": 5, "мая": 5, "май": 5, "jun": 6,
    "juin": 6,
    "giu": 6, "июн": 6, "jul": 7, "juil": 7, "lug": 7, "июл": 7, "aug": 8, "ago": 8, "aoû": 8, "авг": 8, "sep": 9,
    "set": 9,
    "сен": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "окт": 10, "nov": 11, "ноя": 11, "dec": 12, "dez": 12,
    "dic": 12,
    "déc": 12, "дек": 12,
}  # fmt: skip
YEARS = 12  # that are looked back: within them every weekday falls on a day at least once
LETTERS = r"[^\W\d_]+"
NUMBERS = re.compile(r"(?<!\d)(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})(?!\d)")
NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:de\s+)?({LETTERS})\.?,?(?:\s+(?:de\s+)?(\d{{4}}))?", re.IGNORECASE
)
NAMED_FIRST = re.compile(rf"({LETTERS})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(\d{{4}}))?(?!\d)", re.IGNORECASE)
FILLERS = words_of("at um a las à alle às om o kl kl. в de the of on")


def end_time(text: str) -> str:
    """The time that ends a text; empty where none does."""
    found = re.search(rf"(?<![\d:.,£$€/-])({TIME.pattern})$", text.rstrip(" ✓.,"), re.IGNORECASE)
    return found[1] if found and _is_clock(found[1]) else ""


def is_time(text: str) -> bool:
    """Whether a text is a time of day or an age ("2h") and nothing else."""
    plain = text.strip(" ·•.,|")
    whole = re.fullmatch(TIME.pattern, plain, re.IGNORECASE)
    return bool(whole and _is_clock(plain)) or bool(re.fullmatch(AWAY, plain, re.IGNORECASE))


def is_when(text: str) -> bool:
    """Whether a text is a day, a time, or both, and nothing else: what stands between messages, or under one."""
    plain = text.strip(" ·•.,|—–-").casefold()
    if not plain or len(plain) > 48:
        return False
    rest, seen = plain, 0
    for pattern in (NUMBERS, TIME, NAMED, NAMED_FIRST):
        for found in pattern.finditer(rest):
            if pattern in (NAMED, NAMED_FIRST) and not any(_month(part or "") for part in found.groups()):
                continue
            rest, seen = rest.replace(found[0], " ", 1), seen + 1
    if re.fullmatch(AWAY, plain, re.IGNORECASE) or re.fullmatch(r"\d{1,2}-\d{1,2}", plain):
        return True
    words = [word.strip(",.·•()") for word in rest.split()]
    for word in words:
        if not word or word in FILLERS or word in ("am", "pm"):
            continue
        if _weekday(word) is None and word not in TODAY and word not in YESTERDAY:
            return False
        seen += 1
    return seen > 0


def age_at(text: str) -> str:
    """The age or short date that a line under a comment begins with: "2h", "3-14"; its letters set right."""
    found = re.match(
        rf"({AWAY}|\d{{1,2}}-\d{{1,2}}(?:-\d{{1,2}})?|\d{{4}}-\d{{1,2}}-\d{{1,2}})(?=\s|$|[·•])", text, re.IGNORECASE
    )
    if found:
        return found[1]
    misread = re.match(r"([SsIlO|B])([smhdw])(?=\s)", text)  # a digit alone is easily taken for a letter
    return f"{dict(zip('SsIlO|B', '5511018', strict=True))[misread[1]]}{misread[2]}" if misread else ""


def time_in(text: str) -> str:
    found = TIME.search(text)
    return found[0] if found and _is_clock(found[0]) else ""


def day_of(text: str, taken: str) -> tuple[date | None, bool]:
    """The day that a separator names, and whether it is counted from the file's own time.

    A day order that could be either way, a year that is not written and no file time: no day.
    """
    plain, seen = text.strip(" ·•|—–-").casefold(), _moment(taken)
    if (found := NUMBERS.search(plain)) is not None:
        return _numeric(*found.groups()), False
    for pattern, day, month in ((NAMED, 1, 2), (NAMED_FIRST, 2, 1)):
        for match in pattern.finditer(plain):
            if (number := _month(match[month])) is not None:
                weekdays = [n for word in plain.split() if (n := _weekday(word.strip(",.·•"))) is not None]
                return _named(int(match[day]), number, match[3], seen, weekdays)
    if seen is None:
        return None, False
    words = {word.strip(",.·•") for word in plain.split()}
    if words & TODAY:
        return seen.date(), True
    if words & YESTERDAY:
        return seen.date() - timedelta(days=1), True
    for word in words:
        if (weekday := _weekday(word)) is not None:
            back = (seen.weekday() - weekday) % 7 or 7  # apps name a weekday for the last six days; today is "Today"
            return seen.date() - timedelta(days=back), True
    return None, False


def time_of(written: str, separator: str, taken: str) -> StatedTime | None:
    """A message's time: as written, and its day where the line above the messages proves or implies it."""
    if not written:
        return None
    day, inferred = day_of(written, taken)
    if day is None and separator:
        day, inferred = day_of(separator, taken)
    clock = _clock(time_in(written))
    if day is None:
        return StatedTime(written)
    local = f"{day.isoformat()}T{clock}" if clock else day.isoformat()
    return StatedTime(written, local=local, basis="inferred" if inferred else "stated")


def evened(times: list[str]) -> list[str]:
    """Times of one screen in the one spelling that it has: where most say "5:26 AM", so do "5:27am" and "5;28 AM".

    An app writes all its times alike; what differs is how the small print was read.
    """
    parts = [re.fullmatch(r"(\d{1,2})([:.;-])(\d{2})(\s?)([ap]\.?\s?m\.?)?", time, re.IGNORECASE) for time in times]
    clocks = [part for part in parts if part is not None]
    if not clocks:
        return times
    sign = Counter(part[2] for part in clocks).most_common(1)[0][0]
    halves = Counter((part[4], _spelled(part[5])) for part in clocks if part[5])
    gap, style = halves.most_common(1)[0][0] if halves else ("", "AM")
    return [
        time if part is None else f"{part[1]}{sign}{part[3]}" + (f"{gap}{_half(part[5], style)}" if part[5] else "")
        for time, part in zip(times, parts, strict=True)
    ]


def _spelled(half: str) -> str:
    return "a.m." if "." in half else "am" if half.islower() else "AM"


def _half(half: str, style: str) -> str:
    return style.replace("a", half[0].lower()).replace("A", half[0].upper())


def _clock(text: str) -> str:
    """ "9:05 PM" as "21:05"; empty where it is not sure."""
    found = re.match(r"(\d{1,2})[:.;-](\d{2})", text)
    if found is None:
        return ""
    hour, half = int(found[1]), re.search(r"([ap])\.?\s?m", text, re.IGNORECASE)
    if half:
        hour = hour % 12 + 12 * (half[1].lower() == "p")
    return f"{hour:02}:{found[2]}" if hour < 24 else ""


def _is_clock(text: str) -> bool:
    found = re.match(r"(\d{1,2})\D(\d{2})", text)
    return found is not None and int(found[1]) < 25 and int(found[2]) < 60


def _weekday(word: str) -> int | None:
    if word in WEEKDAYS:
        return WEEKDAYS[word]
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return next((n for n, name in enumerate(full) if word in (name, name[:3], name[:4], name[:5])), None)


def _month(word: str) -> int | None:
    plain = word.casefold().rstrip(".")
    if len(plain) < 3 or _weekday(plain) is not None:
        return None
    return MONTHS.get(plain[:4], MONTHS.get(plain[:3]))


def _numeric(first: str, second: str, third: str) -> date | None:
    """12/03/2024 may be March or December: no day is named unless the numbers allow one order only."""
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4:
        return _date(a, b, c)
    year = c + 2000 if c < 100 else c
    ways = {way for way in (_date(year, b, a), _date(year, a, b)) if way is not None}
    return ways.pop() if len(ways) == 1 else None


def _named(
    day: int, month: int, year: str | None, seen: datetime | None, weekdays: list[int]
) -> tuple[date | None, bool]:
    """Without a year: the last such day before the file's own time that was the weekday which is written beside it."""
    if year:
        return _date(int(year), month, day), False
    if seen is None:
        return None, False
    days = (_date(seen.year - back, month, day) for back in range(YEARS))
    fits = (each for each in days if each and each <= seen.date() and (not weekdays or each.weekday() == weekdays[0]))
    found = next(fits, None)
    return found, found is not None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(taken: str) -> datetime | None:
    try:
        return datetime.fromisoformat(taken) if taken else None
    except ValueError:
        return None
