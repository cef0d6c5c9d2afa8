"""What happened when: only what the page proves becomes a moment, and no cell of the table runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from archiver.bundle import chronology
from extractors.contract import StatedTime
from tests.bundle.samples import FORMULA, HOSTILE, TURNED, awkward, exhibit, post, with_exhibits


def rows() -> list[dict[str, str]]:
    data = chronology.sheet(chronology.events(awkward()))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_rows_stand_in_order_and_say_how_each_time_is_known() -> None:
    told = [(row["Time (UTC)"], row["What"], row["Exhibits"]) for row in rows()]
    assert told[0] == ("2026-03-28T22:15:00Z", "post written", "AB/1 AB/4")
    assert ("2026-03-29T00:30:00.000Z", "page asked for; it did not load", "AB/3") in told
    known = [row["Time (UTC)"] for row in rows() if row["Time (UTC)"]]
    assert known == sorted(known)
    assert rows()[0]["How the time is known"] == "from the post's number, which holds its time"
    assert rows()[0]["Read by"] == "machine"


def test_a_time_that_proves_no_moment_gets_none_and_keeps_its_words() -> None:
    [unproven] = [row for row in rows() if row["Time as written"].startswith("03/04/2026")]
    assert (unproven["Time (UTC)"], unproven["Local time"]) == ("", "")
    assert unproven["How the time is known"] == chronology.NOT_PROVEN


def test_local_times_carry_their_offset_on_both_sides_of_a_clock_change() -> None:
    after = exhibit(2, started="2026-03-29T01:30:00.000Z")
    times = [
        event.local
        for event in chronology.events(with_exhibits(awkward(), exhibit(1, posts=()), replace(after, posts=())))
    ]
    assert times == [
        "29 March 2026, 00:30:00 (UTC+00:00) Europe/London",
        "29 March 2026, 02:30:00 (UTC+01:00) Europe/London",
    ]


def test_without_a_known_zone_the_machines_own_offset_is_used() -> None:
    [event] = chronology.events(
        with_exhibits(awkward(), exhibit(1, posts=(), time_zone="", local_time="2026-03-29T03:30:00.000+03:00"))
    )
    assert event.local == "29 March 2026, 03:30:00 (UTC+03:00)"


def test_an_edit_is_a_row_of_its_own_and_a_post_from_the_future_is_remarked() -> None:
    edited = post(time=StatedTime("x", "2026-03-01T00:00:00Z"), edited=StatedTime("y", "2027-01-01T00:00:00Z"))
    made = chronology.events(with_exhibits(awkward(), exhibit(1, posts=(edited,))))
    assert [event.what for event in made] == ["post written", "page kept", "post edited"]
    assert made[2].note == chronology.LATER


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\t'=1"),
        ("  =1", "  '=1"),
        ("\uff1d1", "'\uff1d1"),
        ("see;=1", "see;'=1"),
        ("one\n=1", "one\n'=1"),
        ("one\r\n-two", "one\r\n'-two"),
        ("a=b, c-d", "a=b, c-d"),
        ("nul\x00", "nul\ufffd"),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    assert chronology.cell(text) == cell


def test_the_table_is_rfc_4180_with_a_mark_for_excel_and_comes_back_as_it_went_in() -> None:
    data = chronology.sheet(chronology.events(awkward()))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b'"\r\n') == len(rows()) + 1
    [hostile] = [row for row in rows() if HOSTILE in row["Words"]]
    read = hostile["Words"].replace("'=", "=").replace("'+", "+")
    assert read == f"{HOSTILE}\n{TURNED}\n{FORMULA}".replace("\x00", "\ufffd").replace("\x07", "\ufffd")
