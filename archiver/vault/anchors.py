"""Requests for time stamps and what was answered: requests are only added to; answers are entries of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from archiver.anchored import Anchor, AnchorStatus, Checkpoint, Judged, Waiting
from archiver.errors import VaultDamaged
from archiver.integrity import ANCHOR_KIND, checkpoint, is_digest, sign
from archiver.records import Artifact, Entry
from archiver.vault import sealed

REQUEST_ROLE, REPLY_ROLE = "time-request", "time-reply"


class NotAnAnchor(ValueError):
    """The entry lacks what an entry about a time stamp must have."""


@dataclass(frozen=True)
class AnchorRow:
    """One row of `answers`, in the order of its columns: an answer as its entry tells of it."""

    entry: int
    anchor: int  # number of the request
    authority: str
    size: int  # entries that the checkpoint covers
    granted: int  # 1: the token held when it came
    time: str
    request_sha256: str
    reply_sha256: str


def anchor_row(entry: Entry) -> AnchorRow | None:
    """What the entry puts into `answers`; None where it is of another kind. Raises NotAnAnchor."""
    if entry.kind != ANCHOR_KIND:
        return None
    body = entry.body
    try:
        by_role = {artifact["role"]: artifact["sha256"] for artifact in body["artifacts"]}
        row = AnchorRow(
            entry=entry.seq,
            anchor=body["anchor"],
            authority=body["authority"],
            size=int(body["checkpoint"].split("\n")[1]),
            granted=int(body["granted"]),
            time=body["time"],
            request_sha256=by_role[REQUEST_ROLE],
            reply_sha256=by_role[REPLY_ROLE],
        )
        bytes.fromhex(body["signature"])
        body["checkpoint"].encode("ascii")
        texts = all(isinstance(text, str) for text in (row.authority, row.time))
        whole = texts and type(row.anchor) is int and type(body["granted"]) is bool and 1 <= row.size < entry.seq
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise NotAnAnchor("it lacks what an answer's entry must have") from error
    if not whole or not is_digest(row.request_sha256) or not is_digest(row.reply_sha256):
        raise NotAnAnchor("it lacks what an answer's entry must have")
    return row


def project(db: Database, entry: Entry) -> None:
    """Puts one answer into the table, inside the caller's transaction."""
    row = anchor_row(entry)
    if row is not None:
        db.execute(
            """insert into answers (entry, anchor, authority, size, granted, time, request_sha256, reply_sha256)
            values (?, ?, ?, ?, ?, ?, ?, ?)""",
            tuple(row.__dict__.values()),
        )


def signed_checkpoint(db: Database, vault: str) -> Checkpoint:
    """The log as it is now, signed. Raises VaultDamaged."""
    digests = [row[0] for row in db.execute("select sha256 from log order by seq").fetchall()]
    data = checkpoint(vault, digests)
    row = db.execute("select private_key from signing where id = 1").fetchone()
    if row is None:
        raise VaultDamaged("The vault's signing key is missing; run verify.")
    return Checkpoint(len(digests), data, sign(row[0], data))


def uncovered(db: Database, authority: str) -> bool:
    """Whether there is an entry that no token or unanswered request of this authority covers; answers do not count."""
    unanswered = "select max(size) from requests where authority = ? and n not in (select anchor from answers)"
    waiting = db.execute(unanswered, (authority,)).fetchone()[0] or 0
    covered = max(_newest_granted(db).get(authority, 0), waiting)
    return covered == 0 or any(entry.kind != ANCHOR_KIND for entry in sealed.entries(db, covered))


def ask(db: Database, made: Checkpoint, *, authority: str, request: bytes, at: str) -> int:
    """Keeps a request before it is sent, inside the caller's transaction; its number."""
    n = db.execute("select coalesce(max(n), 0) + 1 from requests").fetchone()[0]
    db.execute(
        "insert into requests (n, authority, made, size, checkpoint, signature, request) values (?, ?, ?, ?, ?, ?, ?)",
        (n, authority, at, made.size, made.data, made.signature, request),
    )
    return int(n)


def answer_body(anchor: Anchor, judged: Judged) -> dict[str, Any]:
    """The body of the entry that holds an answer, without its artifacts."""
    return {
        "anchor": anchor.n,
        "authority": anchor.authority,
        "asked": anchor.made,
        "checkpoint": anchor.checkpoint.data.decode("ascii"),
        "signature": anchor.checkpoint.signature.hex(),
        "granted": judged.granted,
        "time": judged.time,
        "accuracy_ms": judged.accuracy_ms,
        "signer": judged.signer,
        "why": judged.why,
        "clock": judged.clock,
    }


def answer_artifacts(anchor: Anchor, reply: bytes) -> tuple[Artifact, Artifact]:
    return (
        Artifact("time-request", "application/timestamp-query", anchor.request),
        Artifact("time-reply", "application/timestamp-reply", reply),
    )


def anchors(db: Database) -> Iterator[Anchor]:
    """Every request in its order; one that was answered twice comes twice."""
    answered: dict[int, list[int]] = {}
    for entry, number in db.execute("select entry, anchor from answers order by entry").fetchall():
        answered.setdefault(number, []).append(entry)
    for asked in _requests(db, "n > 0"):
        for seq in answered.get(asked.n, ()):
            yield with_answer(db, asked, sealed.entry(db, seq))
        if asked.n not in answered:
            yield asked


def unanswered(db: Database) -> list[Anchor]:
    """Requests without an answer, oldest first."""
    return list(_requests(db, "n not in (select anchor from answers)"))


def with_answer(db: Database, asked: Anchor, entry: Entry) -> Anchor:
    """The request with the answer that this entry holds."""
    row = anchor_row(entry)
    reply = b"".join(sealed.chunks(db, row.reply_sha256)) if row else b""
    judged = judged_of(entry.body)
    status: AnchorStatus = "granted" if judged.granted else "refused"
    return replace(asked, status=status, reply=reply, entry=entry.seq, judged=judged)


def judged_of(body: Mapping[str, Any]) -> Judged:
    """What an answer's entry says was made of it."""
    said = {name: body.get(name) for name in ("time", "signer", "why", "clock")}
    accuracy = body.get("accuracy_ms")
    return Judged(
        granted=body.get("granted") is True,
        accuracy_ms=accuracy if isinstance(accuracy, int) else None,
        **{name: text if isinstance(text, str) else "" for name, text in said.items()},
    )


def waiting(db: Database, authority: str) -> Waiting:
    row = db.execute("select tries, until, why from waits where authority = ?", (authority,)).fetchone()
    return Waiting(*row) if row else Waiting()


def wait(db: Database, authority: str, until: Waiting | None) -> None:
    """None: it has answered, and may be asked at any time."""
    db.execute("delete from waits where authority = ?", (authority,))
    if until is not None:
        db.execute(
            "insert into waits (authority, tries, until, why) values (?, ?, ?, ?)",
            (authority, until.tries, until.until, until.why),
        )


def _requests(db: Database, where: str) -> Iterator[Anchor]:
    newest = _newest_granted(db)
    columns = "n, authority, made, size, checkpoint, signature, request"
    rows = db.execute(f"select {columns} from requests where {where} order by n").fetchall()  # noqa: S608 - constants
    for n, authority, made, size, data, signature, request in rows:
        status: AnchorStatus = "covered" if newest.get(authority, 0) >= size else "waiting"
        yield Anchor(n, authority, made, Checkpoint(size, data, signature), request, status)


def _newest_granted(db: Database) -> dict[str, int]:
    """The largest log that a token covers, for each authority."""
    return dict(db.execute("select authority, max(size) from answers where granted = 1 group by authority").fetchall())
