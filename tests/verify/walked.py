"""What verification is held to: its checks by name, and which of them sees a change in which table."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archiver import vault
from archiver.records import Checked, Dated, Finding
from archiver.vault.schema import bring_up_to_date
from archiver.verify import verify
from tests.vault.made import SECRET, raw

CHECKS = [
    "database structure",
    "entry bytes",
    "entry form",
    "entry chain",
    "log head",
    "signing key",
    "entry kinds",
    "checkpoints",
    "checkpoint signatures",
    "answers",
    "time stamps",
    "entry times",
    "artifacts promised",
    "artifact bytes",
    "stray artifacts",
    "captures",
    "watches",
    "inbox key",
    "inbox",
    "logins",
    "notes",
    "readings",
    "search",
    "database pages",
    "search index",
    "write-ahead log",
    "keys",
]
SEEN_BY = {  # table: the checks of which at least one must name a changed byte in it
    "artifacts": {"artifacts promised", "artifact bytes"},
    "captures": {"captures"},
    "chunks": {"artifact bytes"},
    "head": {"log head", "database structure"},
    "log": {"entry bytes"},
    "migrations": {"database structure"},
    "passage_words_data": {"search index", "database structure"},
    "passage_words_docsize": {"search index", "database structure"},
    "passage_words_idx": {"search index", "database structure"},
    "passages": {"readings", "notes", "search", "search index"},
    "readings": {"readings"},
    "signing": {"signing key", "database structure"},
    "pieces": {"artifact bytes", "stray artifacts"},
    "watches": {"watches"},
    "logins": {"logins"},
    "mailbox": {"inbox key", "database structure"},
    "sealed_items": {"inbox"},
    "requests": {"checkpoints", "checkpoint signatures", "answers"},
    "answers": {"answers"},
}
NOT_WALKED = {  # table and column: why a changed byte there is no finding
    ("migrations", "at"): "says when the tables were made; nothing rests on it",
    ("logins", "added"): "when the person signed in; the log has it too, and nothing rests on this one",
    ("logins", "state"): "the person's own secret, of which the log has no hash: a site tells whether it still works",
    ("lists", "sha256"): "where a long job was broken off; what is not known there is visited again",
    ("lists", "begun"): "as above",
    ("claims", "watch"): "who is visiting what just now; a claim ends by itself",
    ("claims", "visits"): "as above",
    ("claims", "runner"): "as above",
    ("claims", "until"): "as above",
    ("waits", "authority"): "when an authority is asked again; worth nothing once it has answered",
    ("waits", "tries"): "as above",
    ("waits", "until"): "as above",
    ("waits", "why"): "as above",
    ("passage_words_config", "k"): "a setting of the search index, which says itself whether it fits the passages",
    ("passage_words_config", "v"): "as above",
    ("passage_words_idx", "segid"): "where a search of the index begins to read: further in front it finds the same",
    ("passage_words_idx", "term"): "as above",
}


def columns() -> list[tuple[str, str]]:
    """Every column of every table of a vault, the search index's own tables among them."""
    with Database(memory=True, execute_plugins=False) as fresh:
        bring_up_to_date(fresh, at="")
        rows = fresh.execute("select name from sqlite_master where type = 'table' and sql not like '%virtual%'")
        tables = [row[0] for row in rows.fetchall()]
        return [(table, row[1]) for table in tables for row in fresh.execute(f"pragma table_info({table})").fetchall()]


COLUMNS = columns()


def results(folder: Path) -> list[Finding | Checked | Dated]:
    with vault.open_vault(folder, secret=SECRET) as opened:
        return list(verify(opened))


def findings(folder: Path) -> list[Finding]:
    return [seen for seen in results(folder) if isinstance(seen, Finding)]


def sql(folder: Path, *statements: str) -> None:
    with raw(folder) as db:
        for statement in statements:
            db.execute(statement)


def said(folder: Path) -> set[tuple[str, str]]:
    return {(finding.check, finding.subject) for finding in findings(folder)}
