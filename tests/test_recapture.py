"""When a watch is due: slow, jittered, patient with the quiet and the broken, whatever the clock does."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archiver.recapture import DAY, HOUR, MINUTE, USUAL_PACE, Pace, due, in_quiet, next_visit, wait_of
from archiver.watched import Watch

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
EVEN = replace(USUAL_PACE, jitter=0.0)


def watch(n: int = 1, *, last: datetime | None = None, **changed: Any) -> Watch:
    host = changed.pop("host", f"h{n}.example")
    at = stamp(last or NOON - timedelta(hours=6))
    whole: dict[str, Any] = {"visits": 1, "last": at, "live_at": at, "seen": "C1", "standing": "live"}
    return Watch(f"W{n}", f"https://{host}/p", host, "C1", 6 * HOUR, "", stamp(NOON), False, **(whole | changed))


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_due(each: Watch, now: datetime = NOON, pace: Pace = EVEN) -> bool:
    return due([each], now, pace=pace) == [each]


def test_it_is_due_when_its_time_has_passed_and_not_before() -> None:
    assert is_due(watch(last=NOON - timedelta(hours=6)))
    assert not is_due(watch(last=NOON - timedelta(hours=5, minutes=59)))


def test_a_watch_that_was_never_visited_waits_from_when_it_was_added() -> None:
    new = replace(watch(), visits=0, last="")
    assert not is_due(new)
    assert is_due(replace(new, added=stamp(NOON - timedelta(hours=6))))


def test_the_jitter_stays_in_its_bounds_is_spread_and_is_the_same_when_asked_again() -> None:
    waits = [wait_of(watch(n, visits=v)) / (6 * HOUR) for n in range(1, 60) for v in range(20)]
    assert min(waits) >= 0.8
    assert max(waits) <= 1.2
    assert min(waits) < 0.82
    assert max(waits) > 1.18
    assert abs(sum(waits) / len(waits) - 1) < 0.02
    assert len({round(wait) for wait in (wait_of(watch(visits=v)) for v in range(50))}) > 45
    assert waits == [wait_of(watch(n, visits=v)) / (6 * HOUR) for n in range(1, 60) for v in range(20)]


def test_it_backs_off_while_nothing_changes_and_comes_sooner_just_after_a_change() -> None:
    quiet = [wait_of(watch(unchanged=n), pace=EVEN) / HOUR for n in range(30)]
    assert quiet[:4] == [6, 6, 6, 6]
    assert quiet == sorted(quiet)
    assert quiet[4] == 9
    assert quiet[-1] == 48
    changed = [wait_of(watch(unchanged=n, changed_at=stamp(NOON)), pace=EVEN) / HOUR for n in range(4)]
    assert changed == [1.5, 3, 6, 6]


def test_what_was_seen_gone_once_is_looked_at_again_soon() -> None:
    once = watch(gone_at=stamp(NOON), unchanged=9, changed_at=stamp(NOON))
    assert wait_of(once, pace=EVEN) == 1.5 * HOUR
    assert wait_of(replace(once, gone_again=stamp(NOON)), pace=EVEN) > 6 * HOUR


def test_a_site_in_trouble_is_left_alone_for_longer_each_time() -> None:
    waits = [wait_of(watch(failures=n), pace=EVEN) / HOUR for n in range(8)]
    assert waits == [6, 12, 24, 48, 48, 48, 48, 48]


@pytest.mark.parametrize("every", [MINUTE, 15 * MINUTE, 6 * HOUR, 30 * DAY])
@pytest.mark.parametrize("state", [{"unchanged": 10_000}, {"failures": 10_000}, {"changed_at": stamp(NOON)}])
def test_no_wait_is_shorter_or_longer_than_is_ever_meant(every: int, state: dict[str, Any]) -> None:
    assert 15 * MINUTE <= wait_of(replace(watch(**state), every=every), pace=EVEN) <= 30 * DAY


def test_visits_missed_in_sleep_are_one_visit() -> None:
    slept = watch(last=NOON - timedelta(days=20))
    assert due([slept], NOON, pace=EVEN) == [slept]
    woken = replace(slept, last=stamp(NOON), visits=2)
    assert due([woken], NOON + timedelta(minutes=30), pace=EVEN) == []


def test_one_host_is_visited_once_and_not_again_within_the_gap() -> None:
    first, second = (watch(n, host="one.example", last=NOON - timedelta(hours=n + 6)) for n in (1, 2))
    other = watch(3)
    assert due([first, second, other], NOON, pace=EVEN) == [second, other]
    second = replace(second, last=stamp(NOON))
    assert due([first, second], NOON + timedelta(minutes=4), pace=EVEN) == []
    assert due([first, second], NOON + timedelta(minutes=6), pace=EVEN) == [first]


def test_the_longest_overdue_comes_first() -> None:
    watches = [watch(n, last=NOON - timedelta(hours=6 + n * 7 % 5)) for n in range(1, 6)]
    chosen = due(watches, NOON, pace=EVEN)
    assert [each.last for each in chosen] == sorted(each.last for each in watches)


def test_nothing_is_visited_in_the_quiet_hours_of_where_the_person_is() -> None:
    late = watch(last=NOON - timedelta(days=1))
    berlin, auckland = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")
    assert is_due(late, NOON.astimezone(berlin))  # 13:00
    assert not is_due(late, NOON.astimezone(auckland))  # 01:00
    assert in_quiet(datetime(2026, 3, 3, 23, tzinfo=UTC), EVEN)
    assert not in_quiet(datetime(2026, 3, 3, 7, tzinfo=UTC), EVEN)
    assert in_quiet(datetime(2026, 3, 3, 13, tzinfo=UTC), replace(EVEN, quiet=(12, 14)))
    assert not in_quiet(datetime(2026, 3, 3, 2, tzinfo=UTC), replace(EVEN, quiet=None))
    told = next_visit(late, NOON.astimezone(auckland), pace=EVEN)
    assert told is not None
    assert (told.hour, told.minute) == (7, 0)


def test_summer_time_and_a_journey_move_no_visit() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 29, 0, 30, tzinfo=berlin)  # the clock jumps from 2 to 3 in this night
    slept = watch(last=before)
    all_day = replace(EVEN, quiet=None)
    assert not is_due(slept, datetime(2026, 3, 29, 7, 29, tzinfo=berlin), all_day)  # 5 h 59 min later
    assert is_due(slept, datetime(2026, 3, 29, 7, 31, tzinfo=berlin), all_day)
    moment = before.astimezone(UTC) + timedelta(hours=6, minutes=1)
    for zone in ("America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"):
        assert is_due(slept, moment.astimezone(ZoneInfo(zone)), all_day)


def test_a_clock_that_was_set_back_a_year_does_not_silence_a_watch_and_one_set_forward_costs_one_visit() -> None:
    year_ahead = watch(last=NOON + timedelta(days=365))
    assert is_due(year_ahead)
    assert not is_due(replace(year_ahead, last=stamp(NOON), visits=2))
    assert not is_due(watch(last=NOON + timedelta(minutes=2)))  # a clock that was set right by a little
    assert due([watch()], NOON + timedelta(days=400), pace=EVEN) == [watch()]


def test_one_host_is_not_shut_by_a_visit_in_the_future() -> None:
    ahead, other = watch(1, host="one.example", last=NOON + timedelta(days=9)), watch(2, host="one.example")
    assert len(due([ahead, other], NOON, pace=EVEN)) == 1


@pytest.mark.parametrize("state", ["paused", "stopped", "removed"])
def test_what_is_not_on_is_never_due(state: str) -> None:
    assert not is_due(watch(state=state, last=NOON - timedelta(days=9)))
    assert next_visit(watch(state=state), NOON) is None


def test_it_ends_at_its_day() -> None:
    until = replace(watch(last=NOON - timedelta(days=1)), until=stamp(NOON))
    assert is_due(until, NOON)
    assert not is_due(until, NOON + timedelta(seconds=1))


@pytest.mark.parametrize("shut", [("h1.example",), ("example",), ("H1.example",)])
def test_a_site_of_the_other_person_is_never_due(shut: tuple[str, ...]) -> None:
    assert not is_due(watch(last=NOON - timedelta(days=9)), pace=replace(EVEN, shut=shut))
    assert is_due(watch(host="ah1.example", last=NOON - timedelta(days=9)), pace=replace(EVEN, shut=("h1.example",)))


def test_the_quick_look_chooses_what_the_slow_one_would() -> None:
    chance = random.Random(7)
    watches = [
        replace(
            watch(n, last=NOON + timedelta(minutes=chance.randint(-9_000, 60))),
            every=chance.choice([15 * MINUTE, HOUR, 6 * HOUR, DAY, 30 * DAY]),
            unchanged=chance.randrange(9),
            failures=chance.choice([0, 0, 0, 3]),
            visits=chance.randrange(50),
            changed_at=chance.choice(["", stamp(NOON)]),
        )
        for n in range(2_000)
    ]
    slow = {each.id for each in watches if (at := next_visit(each, NOON)) is not None and at <= NOON}
    assert {each.id for each in due(watches, NOON)} == slow
    assert 200 < len(slow) < 1_800
