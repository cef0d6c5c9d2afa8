"""Logins: what a browser needs to be signed in, by name. A secret of the person's, and never evidence.

It lies in a table of the encrypted database only: in no artifact, no log entry, no projection. The log tells that a
login of that name, for those hosts, was added, used or removed. What was removed is overwritten.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from archiver.errors import UnknownId, UsageError
from archiver.integrity import LOGIN_KIND
from archiver.records import Entry

NAME = re.compile(r"[^\W_][\w.-]{0,39}")  # it stands in the log and in provenance, so it is kept plain and short
DEEDS = ("add", "use", "remove")


class NotALogin(ValueError):
    """The entry lacks what an entry about a login must have."""


@dataclass(frozen=True)
class Login:
    """One stored login."""

    name: str
    hosts: tuple[str, ...]  # what it is for; it is used nowhere else
    added: str  # RFC 3339
    state: str = field(repr=False)  # Playwright's storage state, JSON


def checked_name(name: str) -> str:
    """Raises UsageError where a login can't be called that."""
    if not NAME.fullmatch(name):
        raise UsageError(
            "A login's name is letters, digits, dots and dashes, at most 40: a name for you to know it by."
        )
    return name


def keep(db: Database, login: Login) -> None:
    """Inside the caller's transaction; one of the same name is replaced."""
    forget(db, login.name)
    db.execute(
        "insert into logins (name, hosts, added, state) values (?, ?, ?, ?)",
        (login.name, json.dumps(login.hosts), login.added, login.state),
    )


def forget(db: Database, name: str) -> None:
    """Its bytes are overwritten with zeros before the page is written again."""
    db.execute("pragma secure_delete = on")
    db.execute("delete from logins where name = ?", (name,))


def logins(db: Database) -> list[Login]:
    rows = db.execute("select name, hosts, added, state from logins order by name").fetchall()
    return [Login(name, _hosts(hosts), added, state) for name, hosts, added, state in rows]


def _hosts(text: str) -> tuple[str, ...]:
    """None where they can't be read: such a login is used nowhere, and verification names it."""
    try:
        return tuple(map(str, json.loads(text)))
    except (ValueError, TypeError):
        return ()


def login(db: Database, name: str) -> Login:
    """Raises UnknownId."""
    found = next((each for each in logins(db) if each.name == name), None)
    if found is None:
        raise UnknownId(f"There is no login called {name}; to make one: archiver login {name} ADDRESS")
    return found


def body(deed: str, login: Login) -> dict[str, Any]:
    """What the log says about it."""
    return {"deed": deed, "login": login.name, "hosts": list(login.hosts)}


def standing_after(standing: Mapping[str, tuple[str, ...]], entry: Entry) -> dict[str, tuple[str, ...]]:
    """Which logins there are after the entry, as the log tells. Raises NotALogin."""
    after = dict(standing)
    if entry.kind != LOGIN_KIND:
        return after
    deed, name, hosts = (entry.body.get(key) for key in ("deed", "login", "hosts"))
    if deed not in DEEDS or not isinstance(name, str) or not isinstance(hosts, list):
        raise NotALogin("it lacks what an entry about a login must have")
    if deed == "add":
        after[name] = tuple(map(str, hosts))
    elif name not in after:
        raise NotALogin("it speaks of a login that was never added")
    elif deed == "remove":
        del after[name]
    return after
