"""When what is watched is visited again. Pure: knows no clock, no vault and no browser, and never decides to hurry.

Every time is counted in UTC, so that a change of zone or summer time moves nothing but the quiet hours. The jitter is
seeded by the watch and the number of its visits: asked again, it says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zlib import crc32

from archiver.watched import Watch
from extractors.hosts import host_of, is_host

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SHORTEST, USUAL, LONGEST = 15 * MINUTE, 6 * HOUR, 30 * DAY  # of `every`
SET_BACK = 5 * MINUTE  # a last visit further in the future than this means that the clock was set back


@dataclass(frozen=True)
class Pace:
    """How slow is slow enough (SAFETY C6). Lengths in seconds."""

    jitter: float = 0.2  # of the wait, to either side: a visit on the minute is a visit by a machine
    patience: int = 3  # unchanged visits before it backs off
    slower: float = 1.5  # by this much for each further unchanged visit
    slowest: float = 8.0  # times `every`, and never more than LONGEST
    sooner: tuple[float, ...] = (0.25, 0.5)  # of `every`: the first visits after a change
    host_gap: int = 5 * MINUTE  # between two visits to one host
    quiet: tuple[int, int] | None = (23, 7)  # local hours in which nothing is visited; None: none
    most: int = 200  # watches at once
    shut: tuple[str, ...] = ()  # hosts marked as the other person's own: never visited


USUAL_PACE = Pace()


def due(watches: Iterable[Watch], now: datetime, *, pace: Pace = USUAL_PACE) -> list[Watch]:
    """What to visit now, the longest overdue first; at most one for each host, and none too soon after its last.

    `now` carries the person's zone. However many visits were missed while the machine slept, one is due.
    """
    kept = list(watches)
    if in_quiet(now, pace):
        return []
    moment = now.timestamp()
    soonest, latest = _soonest(now, pace), _text(now + timedelta(seconds=SET_BACK))
    bothered, shut_until = _last_visits(kept, now), _text(now - timedelta(seconds=pace.host_gap))
    first: dict[str, tuple[float, int]] = {}  # of each host, the one that is longest overdue
    for number, watch in enumerate(kept):
        if soonest(watch.every) < (watch.last or watch.added) <= latest or bothered.get(watch.host, "") > shut_until:
            continue
        at = _due_at(watch, moment, pace)
        longest = watch.host not in first or at < first[watch.host][0]
        if longest and at <= moment and not is_shut(watch.url, pace.shut):
            first[watch.host] = (at, number)
    return [kept[number] for _, number in sorted(first.values())]


def next_visit(watch: Watch, now: datetime, *, pace: Pace = USUAL_PACE) -> datetime | None:
    """About when, in the zone of `now`; None where it is not visited any more. Other watches of its host count not."""
    at = _due_at(watch, now.timestamp(), pace)
    if at == float("inf"):
        return None
    moment = max(datetime.fromtimestamp(at, UTC).astimezone(now.tzinfo), now)
    return _after_quiet(moment, pace)


def has_ended(watch: Watch, now: datetime) -> bool:
    return bool(watch.until) and now.timestamp() > _seconds(watch.until)


def is_shut(url: str, shut: Sequence[str]) -> bool:
    """Whether the host is marked as the other person's own: it would tell them that somebody looks."""
    return bool(shut) and any(is_host(host_of(url), name.strip().lower()) for name in shut)


def in_quiet(now: datetime, pace: Pace) -> bool:
    if pace.quiet is None:
        return False
    first, last = pace.quiet
    return first <= now.hour < last if first <= last else now.hour >= first or now.hour < last


def wait_of(watch: Watch, *, pace: Pace = USUAL_PACE) -> float:
    """Seconds from the last visit to the next, jitter included."""
    chance = crc32(f"{watch.id} {watch.url} {watch.visits}".encode()) / 0xFFFFFFFF
    wait = watch.every * _factor(watch, pace)
    wait = SHORTEST if wait < SHORTEST else LONGEST if wait > LONGEST else wait
    return wait * (1 + pace.jitter * (2 * chance - 1))


def _factor(watch: Watch, pace: Pace) -> float:
    if watch.failures:  # a host in trouble, or one that asks to be left alone, is left alone for longer each time
        return min(pace.slowest, 2.0 ** min(watch.failures, 8))
    if watch.gone_at and not watch.gone_again:  # seen gone once: a second look is what proves it
        return pace.sooner[0]
    if watch.changed_at and watch.unchanged < len(pace.sooner):
        return pace.sooner[watch.unchanged]
    if watch.unchanged > pace.patience:
        return min(pace.slowest, pace.slower ** min(watch.unchanged - pace.patience, 64))
    return 1.0


def _soonest(now: datetime, pace: Pace) -> Callable[[int], str]:
    """What was visited after this is not due, whatever its state: most of them, told without parsing a time."""

    @cache
    def since(every: int) -> str:
        least = max(every * min(1.0, *pace.sooner), SHORTEST) * (1 - pace.jitter)
        return _text(now - timedelta(seconds=min(least, LONGEST * (1 - pace.jitter))))

    return since


def _due_at(watch: Watch, moment: float, pace: Pace) -> float:
    if watch.state != "on" or (watch.until and moment > _seconds(watch.until)):
        return float("inf")
    last = _seconds(watch.last or watch.added)
    if last > moment + SET_BACK:
        return moment  # one visit by the clock as it is now, which counts from then on
    return last + wait_of(watch, pace=pace)


def _last_visits(watches: Iterable[Watch], now: datetime) -> dict[str, str]:
    """Host to its last visit, by whichever watch; one in the future does not shut the host for ever.

    Times are compared as they are written, year first: parsing 10,000 again took as long as all the rest.
    """
    last: dict[str, str] = {}
    latest = _text(now + timedelta(seconds=SET_BACK))
    for watch in watches:
        if last.get(watch.host, "") < watch.last <= latest:
            last[watch.host] = watch.last
    return last


def _after_quiet(moment: datetime, pace: Pace) -> datetime:
    if pace.quiet is None or not in_quiet(moment, pace):
        return moment
    end = moment.replace(hour=pace.quiet[1] % 24, minute=0, second=0, microsecond=0)
    return end if end > moment else end + timedelta(days=1)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
