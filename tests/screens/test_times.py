"""Times and days on screenshots: as written, and a day only where it is proven or counted from the file's own time."""

from __future__ import annotations

import pytest

from extractors.contract import StatedTime
from extractors.screen_times import evened, is_when, time_of

TAKEN = "2024-03-14T20:15:00+01:00"  # a Thursday


@pytest.mark.parametrize(
    ("written", "separator", "local", "basis"),
    [
        ("21:07", "12 March 2024", "2024-03-12T21:07", "stated"),
        ("9:07 PM", "March 3, 2023", "2023-03-03T21:07", "stated"),
        ("12:05 AM", "14.02.2024", "2024-02-14T00:05", "stated"),
        ("21:07", "03/04/2024", None, "stated"),  # March or April: nobody can tell
        ("21:07", "Today", "2024-03-14T21:07", "inferred"),
        ("21:07", "Gestern", "2024-03-13T21:07", "inferred"),
        ("21:07", "Tuesday", "2024-03-12T21:07", "inferred"),
        ("21:07", "Thursday", "2024-03-07T21:07", "inferred"),
        ("21:07", "5 November", "2023-11-05T21:07", "inferred"),
        ("21:07", "Mon 4 Nov", "2019-11-04T21:07", "inferred"),  # the last one that was a Monday
        ("2h", "", None, "stated"),
        ("Today at 08:00", "", "2024-03-14T08:00", "inferred"),
    ],
)
def test_a_day_is_counted_from_the_files_own_time_and_said_to_be(
    written: str, separator: str, local: str | None, basis: str
) -> None:
    assert time_of(written, separator, TAKEN) == StatedTime(written, local=local, basis=basis)  # type: ignore[arg-type] # of the table above


@pytest.mark.parametrize("separator", ["Today", "Yesterday", "Tuesday", "Mon 4 Nov"])
def test_without_the_files_own_time_no_day_is_named(separator: str) -> None:
    assert time_of("21:07", separator, "") == StatedTime("21:07")


@pytest.mark.parametrize(
    "text",
    [
        "Today", "Yesterday 22:10", "TUESDAY", "12 March 2024", "Mon 4 Nov", "14/02/2024", "Wed, 6 Nov, 09:15", "Hier",
        "вчера", "اليوم", "昨日", "Today 9:41 AM", "Sonntag, 3. Dezember 2023", "2024-03-14", "3 de marzo de 2024",
        "2h", "5m ago",
    ],
)  # fmt: skip
def test_days_and_times_are_known_in_many_spellings(text: str) -> None:
    assert is_when(text)


@pytest.mark.parametrize(
    "text", ["Meet me today", "I was outside at 7:45", "No.", "ok", "may", "12", "See you Tuesday then", "", "Marlow"]
)
def test_a_message_that_names_a_day_is_no_day(text: str) -> None:
    assert not is_when(text)


def test_times_of_one_screen_are_spelled_alike() -> None:
    assert evened(["5:26 AM", "5:27am", "10:01 PM", "8-57 PM", "", "Today"]) == [
        "5:26 AM", "5:27 AM", "10:01 PM", "8:57 PM", "", "Today",
    ]  # fmt: skip
    assert evened(["21:07", "9:05"]) == ["21:07", "9:05"]
