"""Watches as the log tells of them: each is what its entries of kind "watch" make of it. Knows no page and no clock."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from sqlite_utils import Database

from archiver.integrity import WATCH_KIND
from archiver.records import Entry
from archiver.watched import Watch, WatchState

COLUMNS = tuple(field.name for field in dataclasses.fields(Watch))
SETTLED = ("removed", "suspended", "geo_blocked", "login_wall", "challenge")  # standings in which it is not to be seen
STATES: dict[str, WatchState] = {"pause": "paused", "resume": "on", "remove": "removed"}  # deed: what it leads to
CLAIM_SECONDS = 30 * 60  # a visit takes a minute or two; after this its runner is taken for dead


class NotAWatch(ValueError):
    """The entry lacks what an entry about a watch must have."""


@dataclass(frozen=True)
class Claim:
    """One runner's word that it is visiting a watch now. It ends by itself, should the runner be killed."""

    watch: str
    visits: int  # how many visits the watch had when it was chosen
    runner: str
    until: int  # seconds since 1970


def named_watch(entry: Entry) -> str | None:
    """Which watch the entry is about; None where it is of another kind."""
    return str(entry.body.get("watch")) if entry.kind == WATCH_KIND else None


def watch_after(watch: Watch | None, entry: Entry) -> Watch:
    """The watch as it stands after the entry. Raises NotAWatch where the one does not follow from the other."""
    try:
        if watch is None:
            return _added(entry)
        deed = entry.body["deed"]
        if deed == "visit":
            return _visited(watch, entry.at, entry.body)
        return replace(watch, state=STATES[deed], why="", failures=0 if deed == "resume" else watch.failures)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAWatch("it lacks what a watch's entry must have") from error


def project(db: Database, entry: Entry) -> None:
    """Brings the table up to the entry, inside the caller's transaction."""
    identifier = named_watch(entry)
    if identifier is not None:
        _write(db, watch_after(watch(db, identifier), entry))


def watch(db: Database, identifier: str) -> Watch | None:
    rows = db.execute(f"select {', '.join(COLUMNS)} from watches where id = ?", (identifier,)).fetchall()  # noqa: S608 - constants
    return of_row(rows[0]) if rows else None


def watches(db: Database) -> list[Watch]:
    rows = db.execute(f"select {', '.join(COLUMNS)} from watches order by n").fetchall()  # noqa: S608 - constants
    return [of_row(row) for row in rows]


def of_row(row: tuple[Any, ...]) -> Watch:
    kept = Watch(*row)
    return replace(kept, allow_private=bool(kept.allow_private)) if kept.allow_private in (0, 1) else kept


def next_watch_id(db: Database) -> str:
    n = db.execute("select coalesce(max(n), 0) + 1 from watches").fetchone()[0]
    return f"W{n}"


def claim(db: Database, wanted: Watch, *, now: int) -> Claim | None:
    """Inside the caller's transaction: the visit is this runner's, or None where another has it or has done it."""
    there = watch(db, wanted.id)
    if there is None or there.state != "on" or there.visits != wanted.visits:
        return None
    held = db.execute("select until from claims where watch = ?", (wanted.id,)).fetchone()
    if held and now < held[0] <= now + CLAIM_SECONDS:  # one further ahead was made before the clock was set back
        return None
    made = Claim(wanted.id, wanted.visits, secrets.token_hex(8), now + CLAIM_SECONDS)
    db.execute(
        "insert or replace into claims (watch, visits, runner, until) values (?, ?, ?, ?)",
        astuple(made),
    )
    return made


def release(db: Database, made: Claim) -> bool:
    """Gives the claim back; False where it had run out and another runner has taken it since."""
    gone = db.execute("delete from claims where watch = ? and runner = ?", (made.watch, made.runner))
    return bool(gone.rowcount)


def _write(db: Database, made: Watch) -> None:
    places = ", ".join("?" for _ in range(len(COLUMNS) + 1))
    db.execute(
        f"insert or replace into watches (n, {', '.join(COLUMNS)}) values ({places})",  # noqa: S608 - constants
        (int(made.id[1:]), *astuple(made)),
    )


def _added(entry: Entry) -> Watch:
    body = entry.body
    if body["deed"] != "add":
        raise NotAWatch("it speaks of a watch that was never added")
    if not isinstance(body["every"], int) or not isinstance(body["allow_private"], bool):
        raise TypeError
    identifier = _text(body["watch"])
    if identifier != f"W{int(identifier.removeprefix('W'))}":
        raise ValueError
    standing, seen_at = _text(body["standing"]), _text(body["seen_at"])
    return Watch(
        identifier,
        url=_text(body["url"]),
        host=_text(body["host"]),
        capture=_text(body["capture"]),
        every=body["every"],
        until=_text(body["until"]),
        added=entry.at,
        allow_private=body["allow_private"],
        seen=_text(body["capture"]),
        standing=standing,
        live=body["capture"] if standing == "live" else "",
        live_at=seen_at if standing == "live" else "",
        gone_at=seen_at if standing in SETTLED else "",
    )


def _visited(before: Watch, at: str, body: Mapping[str, Any]) -> Watch:
    """`tells`: whether the visit showed what became of the page; a dead line says nothing about it."""
    made = replace(before, visits=before.visits + 1, last=at)
    if body["stop"]:
        made = replace(made, state="stopped", why=_text(body["stop"]))
    if not body["tells"]:
        return replace(made, failures=before.failures + 1)
    standing, whats = _text(body["standing"]), [_text(change["what"]) for change in body["changes"]]
    made = replace(made, seen=_text(body["capture"]), standing=standing, failures=0)
    if standing == "live":
        made = replace(made, live=_text(body["capture"]), live_at=at, gone_at="", gone_again="")
    elif standing in SETTLED:
        again = at if before.gone_at and not before.gone_again else before.gone_again
        made = replace(made, gone_at=before.gone_at or at, gone_again=again if before.gone_at else "")
    if whats:
        if "text" in whats:
            made = replace(made, edited_after=before.live_at, edited_at=at)
        return replace(made, unchanged=0, changed_at=at)
    return replace(made, unchanged=before.unchanged + 1)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
