"""What happened when, as rows: when each page was kept, and when its posts were written as far as that is known.

A time that the page does not prove is never turned into one that it does: such rows have no world time, and stand
where they were seen. The rows become HTML, CSV and (printed) PDF.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from archiver.bundle import markup, named
from archiver.bundle.chosen import Chosen, Exhibit, File, file_of
from extractors.contract import Post, StatedTime

HTML, CSV, PDF = "data/chronology.html", "data/chronology.csv", "data/chronology.pdf"
KEPT = "by this computer's clock when it was kept"
NOT_PROVEN = "shown on the page; which moment that was is not known from the page alone"
LATER = "later than the moment it was kept: one of the two clocks was wrong, or the page was"
# A spreadsheet takes such a cell for a formula; the signs after a separator too, where it splits a line at semicolons
# or tabs in spite of the quotes (full-width signs: Excel takes them for the plain ones).
FORMULA = re.compile("(^|[;\t\r\n])([ \u00a0]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")
NO_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BOM = b"\xef\xbb\xbf"  # without it Excel reads UTF-8 as the computer's old code page
PRINTED = """@page{size:A4 landscape;margin:12mm 12mm 16mm;
@bottom-left{content:%s;font:9pt Arial,sans-serif}
@bottom-right{content:"page " counter(page) " of " counter(pages);font:9pt Arial,sans-serif}}
body{font-size:9pt;max-width:none;padding:0 .5mm}thead{display:table-header-group}table{table-layout:fixed}
th{box-sizing:border-box}
th:nth-child(1){width:9mm}th:nth-child(2){width:50mm}th:nth-child(3){width:36mm}th:nth-child(4){width:38mm}
th:nth-child(5){width:54mm}th:nth-child(7){width:18mm}tr{break-inside:auto}"""

Print = Callable[[bytes], bytes]  # HTML -> PDF


@dataclass(frozen=True)
class Event:
    """One row. `utc` and `local` are empty where no moment is known."""

    utc: str  # RFC 3339
    local: str  # with its offset and zone, in words
    basis: str  # how the time is known, in words
    written: str  # the time exactly as the page wrote it
    what: str  # "page kept", "post written", "post edited"
    platform: str = ""
    author: str = ""  # as the page names it
    account: str = ""  # the platform's own number for the account
    words: str = ""  # exactly as read
    address: str = ""
    exhibits: tuple[str, ...] = ()  # labels
    machine_read: bool = True
    note: str = ""
    sorts: str = ""  # the moment by which it is placed; of an unknown one, when it was seen


def events(chosen: Chosen) -> tuple[Event, ...]:
    """All rows in order of time. The same post on several pages is one row that names them all."""
    found: dict[Event, Event] = {}
    for exhibit in chosen.exhibits:
        for event in _of_exhibit(exhibit):
            same = replace(event, exhibits=(), sorts="" if not event.utc else event.sorts)
            known = found.get(same)
            labels = (*known.exhibits, *event.exhibits) if known else event.exhibits
            found[same] = replace(known or event, exhibits=tuple(dict.fromkeys(labels)))
    return tuple(sorted(found.values(), key=lambda event: (event.sorts, bool(event.utc), event.what, event.exhibits)))


def files(chosen: Chosen, print_pdf: Print) -> Iterator[File]:
    rows = events(chosen)
    yield file_of(HTML, page(chosen, rows))
    yield file_of(CSV, sheet(rows))
    yield File(PDF, lambda: iter((print_pdf(printed(chosen, rows)),)))


def page(chosen: Chosen, rows: Sequence[Event]) -> bytes:
    return markup.document(f"{chosen.label} chronology", _body(chosen, rows))


def printed(chosen: Chosen, rows: Sequence[Event]) -> bytes:
    """The same, set for A4 with page x of y."""
    foot = markup.css_text(f"{chosen.label} chronology, made {named.spoken(chosen.made)}")
    return markup.document(f"{chosen.label} chronology", _body(chosen, rows), style=PRINTED % foot)


def sheet(rows: Iterable[Event]) -> bytes:
    """RFC 4180, for Excel and every other: UTF-8 with a mark, CRLF, every cell in quotes, no cell a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([name for name, _ in COLUMNS])
    for n, row in enumerate(rows, start=1):
        writer.writerow([cell(value(n, row)) for _, value in COLUMNS])
    return BOM + stream.getvalue().encode("utf-8", "replace")


def cell(text: str) -> str:
    """An apostrophe before what a spreadsheet would run; what no cell can hold becomes U+FFFD."""
    return FORMULA.sub(r"\1\2'", NO_CELL.sub("\ufffd", text))


COLUMNS: tuple[tuple[str, Callable[[int, Event], str]], ...] = (
    ("No", lambda n, row: str(n)),
    ("Time (UTC)", lambda n, row: row.utc),
    ("Local time", lambda n, row: row.local),
    ("How the time is known", lambda n, row: row.basis),
    ("Time as written", lambda n, row: row.written),
    ("What", lambda n, row: row.what),
    ("Platform", lambda n, row: row.platform),
    ("Account as shown", lambda n, row: row.author),
    ("Account number", lambda n, row: row.account),
    ("Words", lambda n, row: row.words),
    ("Address", lambda n, row: row.address),
    ("Exhibits", lambda n, row: " ".join(row.exhibits)),
    ("Read by", lambda n, row: "machine" if row.machine_read else "recorded when it was kept"),
    ("Note", lambda n, row: row.note),
)


def _of_exhibit(exhibit: Exhibit) -> Iterator[Event]:
    there = named.zone(exhibit.time_zone) or _offset_of(exhibit.local_time)
    started = named.moment(exhibit.started)
    yield Event(
        utc=exhibit.started,
        local=_local(started, there, exhibit.time_zone),
        basis=KEPT,
        written="",
        what="page kept" if not exhibit.failure else "page asked for; it did not load",
        address=exhibit.final,
        exhibits=(exhibit.label,),
        machine_read=False,
        note=exhibit.failure or (exhibit.clock_check and f"clock: {exhibit.clock_check}"),
        sorts=_sortable(exhibit.started),
    )
    for post in exhibit.posts:
        yield from _of_post(exhibit, post, there)


def _of_post(exhibit: Exhibit, post: Post, there: tzinfo | None) -> Iterator[Event]:
    if post.time is not None:
        yield _event(exhibit, post, post.time, f"{_kind(post)} written", there)
    if post.edited is not None:
        yield _event(exhibit, post, post.edited, f"{_kind(post)} edited", there)
    if post.time is None and post.edited is None:
        yield _event(exhibit, post, StatedTime(""), f"{_kind(post)} seen, with no time on it", there)
    if post.quoted is not None:
        yield from _of_post(exhibit, post.quoted, there)


def _event(exhibit: Exhibit, post: Post, time: StatedTime, what: str, there: tzinfo | None) -> Event:
    at = named.moment(time.utc) if time.utc else None
    started = named.moment(exhibit.started)
    later = at is not None and started is not None and at > started
    return Event(
        utc=time.utc or "",
        local=_local(at, there, exhibit.time_zone),
        basis=named.BASES.get(time.basis, time.basis) if at else (NOT_PROVEN if time.written else ""),
        written=time.written,
        what=what,
        platform=post.platform,
        author=named.who(post.author),
        account=post.author.id,
        words=post.text,
        address=post.permalink,
        exhibits=(exhibit.label,),
        note="; ".join(filter(None, (LATER if later else "", "" if post.sure else "pieced together: not sure"))),
        sorts=_sortable(time.utc or exhibit.started),
    )


def _kind(post: Post) -> str:
    return {"post": "post", "comment": "comment", "quoted": "quoted post", "deleted": "deleted post"}.get(
        post.kind, post.kind
    )


def _local(at: datetime | None, there: tzinfo | None, name: str) -> str:
    shown = named.local(at, there) if at else ""
    return f"{shown} {name}" if shown and name and named.zone(name) else shown


def _offset_of(local_time: str) -> tzinfo | None:
    at = named.moment(local_time)
    return at.tzinfo if at else None


def _sortable(written: str) -> str:
    at = named.moment(written)
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else written


def _body(chosen: Chosen, rows: Sequence[Event]) -> Iterator[str]:
    yield f"<main><h1>Chronology, exhibits {markup.own(chosen.label)}</h1>"
    yield (
        '<p class="note">A time in UTC is given only where the page proves one; how it is known stands beside it. The '
        "local time is that of the computer on which the page was kept. Where the page shows a time that proves no "
        "moment (“2 hours ago”, a date without a zone), the row has none and stands where the page was kept. "
        f"Rows marked {markup.MACHINE} were read from the page by a program and can be misread: "
        "the pictures and files of the exhibit show what was there.</p>"
    )
    yield markup.table(
        ("No", "Time", "How it is known", "What", "Who and where", "Words", "Exhibits"),
        (_cells(n, row) for n, row in enumerate(rows, start=1)),
        caption=f"{len(rows)} rows, earliest first",
    )
    yield "</main>"


def _cells(n: int, row: Event) -> tuple[str, ...]:
    times = (
        markup.own(named.spoken(row.utc)) if row.utc else "not known",
        markup.own(row.local),
        f"as written: {markup.captured(row.written)}" if row.written else "",
    )
    where = (
        markup.captured(row.author) if row.author else "",
        markup.own(row.platform),
        f"account {markup.captured(row.account)}" if row.account else "",
        markup.address(row.address) if row.address else "",
    )
    return (
        str(n),
        _lines(times),
        markup.own(row.basis),
        _lines((markup.own(row.what), markup.MACHINE if row.machine_read else "", markup.own(row.note))),
        _lines(where),
        markup.captured(row.words, tag="div") if row.words else "",
        _lines(map(markup.label, row.exhibits)),
    )


def _lines(parts: Iterable[str]) -> str:
    return "<br>".join(part for part in parts if part)
