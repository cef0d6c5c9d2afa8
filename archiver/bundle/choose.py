"""Which captures leave, and everything that is said of them. Reads the vault, writes nothing, lets nothing private in.

A selection is a plain set of ids. What must not leave unasked is held back here: captures made with a login, files that
tell where a picture was taken, and entries of the first version that carry the person's own note.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archiver import __version__
from archiver.addressed import accounts_at
from archiver.bundle.chosen import Chosen, Exhibit, LeftOut, Original, TokenFacts
from archiver.bundle.hidden import tells_a_place
from archiver.errors import UsageError
from archiver.integrity import commitment, pem_digest
from archiver.reading import lines_of
from archiver.records import Action, Capture, Entry, Hop, Reading, Step
from archiver.vault import Vault
from extractors.contract import Account, Post, Problem, Standing, Word

NOT_CHOSEN = "not chosen"
LOGIN = "made with a login: the page may show whose it is"
PLACE = "it tells where a picture was taken"
NOTE = "the entry carries a private note, as entries of the first version do; its hash stays in the list"
MOST_HITS = 1_000_000  # of one search: all of them
SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "text/html": ".html.txt",  # so that a double click shows what was kept and opens no page of someone else's
    "text/plain": ".txt",
    "multipart/related": ".mhtml.txt",
    "application/json": ".json",
    "application/warc": ".warc",
    "application/pdf": ".pdf",
    "application/x-pem-file": ".pem",
}
SEVERAL = ("tile", "companion")  # roles of which a capture may hold more than one


@dataclass(frozen=True)
class Asked:
    """What is to leave. Empty fields ask nothing; what is asked together must hold together."""

    ids: tuple[str, ...] = ()
    since: str = ""  # "2026-03-01", in UTC, that day among them
    until: str = ""  # the same
    account: str = ""  # a handle, name or id that the page's reading found, or that stands in its address
    words: str = ""  # as in `search`
    reason: str = ""  # the person's own, for leaving the rest out
    label: str = "AB"
    with_logins: bool = False
    with_places: bool = False

    def in_words(self) -> str:
        parts = [
            f"the capture{'s' if len(self.ids) > 1 else ''} {', '.join(self.ids)}" if self.ids else "",
            f"kept from {self.since} on (UTC)" if self.since else "",
            f"kept up to {self.until} (UTC)" if self.until else "",
            f"in which the account {self.account} was read, or whose address names it" if self.account else "",
            f"in which these words were found: {self.words}" if self.words else "",
        ]
        return "; ".join(part for part in parts if part) or "everything that was kept"


def choose(vault: Vault, asked: Asked, *, at: str, tokens: Sequence[TokenFacts] = ()) -> Chosen:
    """What leaves, in the order in which it was kept. Raises UnknownId, UsageError where nothing is left to leave."""
    captures = list(vault.captures())
    wanted = selected(vault, captures, asked)
    chosen = [capture for capture in captures if capture.id in wanted]
    leaving = [capture for capture in chosen if asked.with_logins or not _login(capture.body)]
    if not leaving:
        raise UsageError("Nothing that is kept fits what was asked; nothing was written.")
    held = {capture.id for capture in chosen} - {capture.id for capture in leaving}
    stays = {capture.id for capture in captures} - wanted
    hashes, first = vault.hashes(), vault.entry(1)
    public = str(first.body["public_key"])
    return Chosen(
        vault=vault.id,
        made=at,
        tool=f"Archiver {__version__}",
        public_key=public,
        fingerprint=pem_digest(public),
        label=asked.label,
        entries=len(hashes),
        commitment=commitment(hashes),
        items=len(captures),
        exhibits=tuple(_exhibits(vault, leaving, asked)),
        left_out=tuple(
            LeftOut(capture.id, LOGIN if capture.id in held else asked.reason or NOT_CHOSEN)
            for capture in captures
            if capture.id in held | stays
        ),
        asked=asked.in_words(),
        reason=asked.reason,
        tokens=tuple(tokens),
    )


def selected(vault: Vault, captures: Sequence[Capture], asked: Asked) -> set[str]:
    """The ids for which everything that was asked holds."""
    wanted = {capture.id for capture in captures if _in_time(capture, asked)}
    if asked.ids:
        wanted &= {vault.capture(identifier).id for identifier in asked.ids}
    if asked.words:
        wanted &= {hit.capture for hit in vault.search(asked.words, limit=MOST_HITS)}
    if asked.account:
        account = asked.account.lstrip("@").casefold()
        addressed = {capture.id for capture in captures if account in accounts_at(capture)}
        wanted &= addressed | _of_account(account, {id_: vault.readings(id_) for id_ in wanted})
    return wanted


def _in_time(capture: Capture, asked: Asked) -> bool:
    day = capture.at[:10]
    return (not asked.since or asked.since <= day) and (not asked.until or day <= asked.until)


def _of_account(name: str, read: Mapping[str, Sequence[Reading]]) -> set[str]:
    """The captures in which an account was read: by what it is called, and by its number where it was renamed."""
    authors = {id_: _authors(readings) for id_, readings in read.items()}
    every = [author for found in authors.values() for author in found]
    numbers = {(platform, author.id) for platform, author in every if author.id and name in _names(author)}
    return {
        id_
        for id_, found in authors.items()
        if any(name in _names(author) or (platform, author.id) in numbers for platform, author in found)
    }


def _authors(readings: Iterable[Reading]) -> list[tuple[str, Account]]:
    """Every author of the readings with the platform, the quoted ones among them."""
    waiting = [record for reading in readings for record in reading.records if isinstance(record, Post)]
    found = []
    while waiting:
        post = waiting.pop()
        found.append((post.platform, post.author))
        waiting += [post.quoted] if post.quoted is not None else []
    return found


def _names(author: Account) -> set[str]:
    return {name.lstrip("@").casefold() for name in (author.handle, author.name, author.id, author.url) if name}


def _exhibits(vault: Vault, captures: Iterable[Capture], asked: Asked) -> Iterator[Exhibit]:
    held = _Held(vault.artifact, asked.with_places)
    for n, capture in enumerate(captures, start=1):
        yield _exhibit(vault.entry(capture.entry), vault.readings(capture.id), f"{asked.label}/{n}", held)


class _Held:
    """Which files are held back; the same bytes are looked through once."""

    def __init__(self, fetch: Callable[[str], bytes], with_places: bool) -> None:
        self.fetch = fetch
        self._with_places = with_places
        self._known: dict[str, str] = {}

    def why(self, sha256: str, media_type: str) -> str:
        if self._with_places:
            return ""
        if sha256 not in self._known:
            self._known[sha256] = PLACE if tells_a_place(self.fetch(sha256), media_type) else ""
        return self._known[sha256]


def _exhibit(entry: Entry, readings: Sequence[Reading], label: str, held: _Held) -> Exhibit:
    body: Mapping[str, Any] = entry.body
    how, verdict = body["provenance"], body["verdict"]
    records = [record for reading in readings for record in reading.records]
    noted = NOTE if body.get("note") else ""
    return Exhibit(
        label=label,
        capture=body["id"],
        entry=entry.seq,
        entry_sha256=entry.sha256,
        entry_path="" if noted else f"log/entries/entry-{entry.seq}.json",
        entry_held_back=noted,
        operator=str(json.loads(entry.data)["by"].get("operator", "")),
        **{name: body[name] for name in ("requested", "cleaned", "final", "title", "started", "finished", "status")},
        **{name: how[name] for name in ("local_time", "time_zone", "clock_check", "tool", "browser", "system")},
        **{name: how[name] for name in ("user_agent", "viewport", "locale", "sandbox", "proxy", "server_address")},
        tls=how["tls"],
        headers=tuple((name, value) for name, value in how["headers"]),
        login=_login(body),
        failure=body["failure"]["sentence"],
        redirects=tuple(Hop(**hop) for hop in body["redirects"]),
        steps=tuple(Step(**step) for step in body["steps"]),
        actions=tuple(Action(**action) for action in body["actions"]),
        complete=verdict["complete"],
        verdict=verdict["sentence"],
        missing=tuple(verdict["missing"]),
        originals=tuple(_originals(body["artifacts"], label, held)),
        standing=next((record for record in records if isinstance(record, Standing)), None),
        posts=tuple(record for record in records if isinstance(record, Post)),
        problems=sum(isinstance(record, Problem) for record in records),
        words=_words_on_pictures([record for record in records if isinstance(record, Word)]),
        read_with=tuple(reading.made_with for reading in readings if reading.made_with),
    )


def _words_on_pictures(words: Sequence[Word]) -> str:
    """Picture after picture: each numbers its own lines."""
    pictures = sorted({word.picture for word in words})
    return "\n".join(lines_of([word for word in words if word.picture == picture]) for picture in pictures)


def _login(body: Mapping[str, Any]) -> str:
    return str(body["provenance"].get("logged_in_as") or "")


def _originals(artifacts: Sequence[Mapping[str, Any]], label: str, held: _Held) -> Iterator[Original]:
    folder, counts = f"data/originals/{label.replace('/', '-')}", dict[str, int]()
    for artifact in artifacts:
        role, kind, place = artifact["role"], artifact["media_type"], artifact["place"] or {}
        n = counts[role] = counts.get(role, 0) + 1
        why = held.why(artifact["sha256"], kind)
        name = f"{role}-{n:03}" if role in SEVERAL or n > 1 else role
        yield Original(
            role=role,
            media_type=kind,
            size=artifact["size"],
            sha256=artifact["sha256"],
            path="" if why else f"{folder}/{name}{SUFFIXES.get(kind.partition(';')[0].strip().lower(), '.bin')}",
            held_back=why,
            url=artifact["url"],
            fetch=held.fetch,
            **place,
        )
