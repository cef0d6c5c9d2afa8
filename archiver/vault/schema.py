"""Every table of `notes.db`, how a database grows from one version to the next, and what keeps evidence append-only.

Three kinds of table. Evidence (`artifacts`, `chunks`, `pieces`, `log`, `signing`, `requests`, `mailbox`) is only ever
added to. Projections (`head`, `captures`, `watches`, `answers`, `sealed_items`, the notes among `passages`) can be made
again from the log. Readings can be made again from the artifacts. `logins` are the person's own secrets; `lists` tell
where a long job was broken off. `claims` and `waits` say only which runner is visiting what, and when an authority is
asked again; they are worth nothing once the runners have ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sqlite_utils import Database

from archiver.errors import VaultForeign
from archiver.vault.connection import transaction

APPEND_ONLY = {  # table: what makes a row one that is there already; a hidden rowid can be given by hand too
    "artifacts": "sha256 = new.sha256 or rowid = new.rowid",
    "chunks": "(artifact = new.artifact and n = new.n) or rowid = new.rowid",
    "pieces": "(artifact = new.artifact and at = new.at) or rowid = new.rowid",
    "log": "seq = new.seq or sha256 = new.sha256",
    "signing": "id = new.id",
    "requests": "n = new.n",
    "mailbox": "id = new.id",
}

MIGRATIONS: tuple[tuple[str, ...], ...] = (  # one tuple of statements for each version, never changed once released
    (
        "create table migrations (version integer primary key, at text not null) strict",
        "create table signing (id integer primary key check (id = 1), private_key blob not null) strict",
        "create table artifacts (sha256 text primary key, size integer not null, chunks integer not null) strict",
        """create table chunks (artifact text not null references artifacts (sha256), n integer not null,
            data blob not null, primary key (artifact, n)) strict""",
        "create table log (seq integer primary key, sha256 text not null unique, data blob not null) strict",
        """create table head (id integer primary key check (id = 1), size integer not null,
            sha256 text not null) strict""",
        """create table captures (n integer primary key, id text not null unique, entry integer not null,
            requested text not null, final text not null, status integer, failure text not null,
            at text not null) strict""",
        """create table readings (id integer primary key, capture text not null, reader text not null,
            made_with text not null, at text not null, outcome text not null, detail text not null,
            artifacts text not null, records text not null, passages_sha256 text not null, sha256 text not null,
            superseded integer) strict""",
        "create unique index current_readings on readings (capture, reader) where superseded is null",
        """create table passages (id integer primary key, capture text not null, reading integer,
            source text not null, text text not null, folded text not null, sha256 text not null,
            place text not null) strict""",
        "create index passages_by_reading on passages (reading)",
        "create index passages_by_capture on passages (capture)",
        # Every run of three characters is indexed, so that a word is found wherever it stands: inside a longer one,
        # and in languages that write without spaces. `folded` has no case left to fold.
        """create virtual table passage_words using fts5 (folded, content = 'passages', content_rowid = 'id',
            tokenize = 'trigram case_sensitive 1')""",
    ),
    (
        """create table watches (n integer primary key, id text not null unique, url text not null, host text not null,
            capture text not null, every integer not null, until text not null, added text not null,
            allow_private integer not null, state text not null, why text not null, visits integer not null,
            unchanged integer not null, failures integer not null, last text not null, seen text not null,
            standing text not null, live text not null, live_at text not null, gone_at text not null,
            gone_again text not null, edited_after text not null, edited_at text not null,
            changed_at text not null) strict""",
        """create table pieces (artifact text not null references artifacts (sha256), at integer not null,
            piece text not null references artifacts (sha256), primary key (artifact, at)) strict""",
        """create table claims (watch text primary key, visits integer not null, runner text not null,
            until integer not null) strict""",
    ),
    (
        """create table logins (name text primary key, hosts text not null, added text not null,
            state text not null) strict""",
        "create table lists (sha256 text primary key, begun text not null) strict",
    ),
    (
        """create table requests (n integer primary key, authority text not null, made text not null,
            size integer not null, checkpoint blob not null, signature blob not null, request blob not null) strict""",
        """create table answers (entry integer primary key, anchor integer not null, authority text not null,
            size integer not null, granted integer not null, time text not null, request_sha256 text not null,
            reply_sha256 text not null) strict""",
        """create table waits (authority text primary key, tries integer not null, until integer not null,
            why text not null) strict""",
    ),
    (
        """create table mailbox (id integer primary key check (id = 1), secret text not null,
            recipient text not null) strict""",
        """create table sealed_items (entry integer primary key, n integer not null, sha256 text not null,
            capture text not null) strict""",
        "create index sealed_items_by_sha256 on sealed_items (sha256)",
    ),
)
VERSION = len(MIGRATIONS)


def triggers() -> dict[str, str]:
    """Every trigger by name, with the statement that makes it."""
    made: dict[str, str] = {}
    for table, same in APPEND_ONLY.items():
        refuse = f"begin select raise(abort, '{table} is append-only'); end"
        # An `insert or replace` gets past the other two.
        exists = f"exists (select 1 from {table} where {same})"  # noqa: S608 - both are constants of this file
        made |= {
            name: f"create trigger {name} before {event} {refuse}"
            for name, event in (
                (f"{table}_keep_from_update", f"update on {table}"),
                (f"{table}_keep_from_delete", f"delete on {table}"),
                (f"{table}_keep_from_replace", f"insert on {table} when {exists}"),
            )
        }
    added = "insert into passage_words (rowid, folded) values (new.id, new.folded);"
    removed = "insert into passage_words (passage_words, rowid, folded) values ('delete', old.id, old.folded);"
    return made | {
        name: f"create trigger {name} after {event} on passages begin {statements} end"
        for name, event, statements in (
            ("passages_indexed", "insert", added),
            ("passages_unindexed", "delete", removed),
            ("passages_reindexed", "update", f"{removed} {added}"),
        )
    }


def bring_up_to_date(db: Database, *, at: str) -> None:
    """Runs the migrations that are missing and puts back every trigger that is not as it should be.

    Nothing is written where nothing is missing. Raises VaultForeign where the database is newer than this program.
    """
    if version_of(db) == VERSION and not _missing_triggers(db):
        return
    with transaction(db):
        for version in range(version_of(db) + 1, VERSION + 1):
            for statement in MIGRATIONS[version - 1]:
                db.execute(statement)
            db.execute("insert into migrations (version, at) values (?, ?)", (version, at))
        for name, statement in _missing_triggers(db).items():
            db.execute(f"drop trigger if exists {name}")
            db.execute(statement)


def version_of(db: Database) -> int:
    if not db.execute("select 1 from sqlite_master where type = 'table' and name = 'migrations'").fetchone():
        return 0
    version = db.execute("select coalesce(max(version), 0) from migrations").fetchone()[0]
    if version > VERSION:
        raise VaultForeign("This vault was written by a newer version of this program; use that one to open it.")
    return int(version)


def statements(db: Database) -> dict[str, str]:
    """Everything the database says that it is made of: name to statement. Automatic indexes have none."""
    rows = db.execute("select name, sql from sqlite_master where sql is not null").fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows}


@cache
def expected_statements() -> Mapping[str, str]:
    """The same of a database that was just made. Made once: it never changes."""
    with Database(memory=True, execute_plugins=False) as fresh:
        bring_up_to_date(fresh, at="")
        return statements(fresh)


def _missing_triggers(db: Database) -> dict[str, str]:
    there = dict(db.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall())
    kept = {
        name: sql.replace("CREATE TRIGGER", "create trigger", 1) for name, sql in there.items()
    }  # SQLite's spelling
    return {name: statement for name, statement in triggers().items() if kept.get(name) != statement}
