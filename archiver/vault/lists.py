"""Lists of addresses that were begun: so that the same list again does only the rest. Holds no address.

A list is known by the SHA-256 of its addresses in order of the alphabet, so neither their order nor doubles matter. The
table is a help and no evidence; what was kept is told by the log alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from archiver.integrity import canonical, sha256_of, sound


def begun(db: Database, addresses: Iterable[str], *, at: str, again: bool) -> str:
    """When this list was begun, RFC 3339: now, where it was not known or is to be done `again`. In a transaction."""
    name = sha256_of(canonical(sound(sorted(set(addresses)))))
    known = db.execute("select begun from lists where sha256 = ?", (name,)).fetchone()
    if known and not again:
        return str(known[0])
    db.execute("insert or replace into lists (sha256, begun) values (?, ?)", (name, at))
    return at


def captured_since(db: Database, moment: str) -> list[tuple[str, int]]:
    """What was asked for in captures from that moment on, with their entries; of each address the last."""
    rows = db.execute("select requested, entry from captures where at >= ? order by n", (moment,)).fetchall()
    return list(dict(rows).items())
