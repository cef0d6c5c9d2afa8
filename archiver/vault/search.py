"""Finds words in the passages. Nothing that a person types can be an error, and nothing here changes anything.

Each word and each phrase in quotes must be found, wherever it stands, also inside a longer word. Passages that hold
all of them come first; then captures that hold all of them in different passages, with one passage for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlite_utils import Database

from archiver.records import Hit
from archiver.vault.words import snippet, terms_of

TRIGRAM = 3  # the index knows nothing shorter; a shorter word is looked for in every passage
INDEXED_AT_MOST = 16  # of an absurdly long question the longest words go to the index, the others are compared

FROM = """from passages p join captures c on c.id = p.capture
    where {indexed} and {compared} order by c.n desc, p.id"""


def search(db: Database, words: str, *, limit: int) -> list[Hit]:
    """Newest capture first; at most one hit for each passage."""
    terms = sorted(terms_of(words), key=len, reverse=True)
    if not terms:
        return []
    hits = list(islice(_in_one_passage(db, terms, limit), limit))
    if len(terms) > 1 and len(hits) < limit:
        found = {hit.capture for hit in hits}
        hits += islice(_across_passages(db, terms, without=found), limit - len(hits))
    return _once_a_picture(hits)


def _once_a_picture(hits: Sequence[Hit]) -> list[Hit]:
    """Without the picture's own hit where another says that the words stand only there."""
    only = {(hit.capture, hit.sha256) for hit in hits if hit.source == "picture-only"}
    return [hit for hit in hits if hit.source != "picture" or (hit.capture, hit.sha256) not in only]


def _in_one_passage(db: Database, terms: Sequence[str], limit: int) -> Iterator[Hit]:
    wanted, values = _where(terms)
    sql = f"select p.capture, p.source, p.text, p.sha256, p.place {wanted} limit ?"
    for capture, source, text, sha256, place in db.execute(sql, (*values, limit)).fetchall():
        yield Hit(capture, source, snippet(text, terms[0]), sha256, place)


def _across_passages(db: Database, terms: Sequence[str], *, without: set[str]) -> Iterator[Hit]:
    holding = [_captures_with(db, term) for term in terms]
    for capture in holding[0]:
        if capture not in without and all(capture in others for others in holding[1:]):
            for term in terms:
                yield _first_in(db, capture, term)


def _captures_with(db: Database, term: str) -> dict[str, None]:
    wanted, values = _where([term])
    rows = db.execute(f"select p.capture {wanted}", values).fetchall()
    return dict.fromkeys(row[0] for row in rows)


def _first_in(db: Database, capture: str, term: str) -> Hit:
    row = db.execute(
        """select source, text, sha256, place from passages where capture = ? and instr(folded, ?) > 0
        order by id limit 1""",
        (capture, term),
    ).fetchone()
    source, text, sha256, place = row
    return Hit(capture, source, snippet(text, term), sha256, place)


def _where(terms: Sequence[str]) -> tuple[str, list[str]]:
    """The condition, and the values to bind. A term in an index query is a quoted string: no operator can be in it."""
    indexed = [term for term in terms[:INDEXED_AT_MOST] if len(term) >= TRIGRAM]
    compared = [term for term in terms if term not in indexed]
    asked = " AND ".join('"' + term.replace('"', '""') + '"' for term in indexed)
    by_index = "p.id in (select rowid from passage_words where passage_words match ?)" if indexed else "true"
    by_text = " and ".join(["instr(p.folded, ?) > 0"] * len(compared)) or "true"
    return FROM.format(indexed=by_index, compared=by_text), [*([asked] if indexed else []), *compared]
