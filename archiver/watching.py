"""One visit of a watch, from what was captured to what is written about it. Knows no browser and opens no vault.

What counts as a change is `compare`'s word; here stands against which captures a visit is held, and when a watch
stops: at a login wall or challenge it visits no more until the person says so (SAFETY C6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from archiver import reading
from archiver.compare import UNTOLD, Change, Comparison, Seen, compare
from archiver.pictures import Look, look_at, pictures_in
from archiver.recapture import has_ended
from archiver.records import Capture, Entry, Reading, plain
from archiver.watched import Watch
from extractors.contract import Post, Standing

STOPS = {
    "login_wall": "The page asks for a login. It is not visited again until you say: watch resume",
    "challenge": "The site asks for proof of a person. It is not visited again until you say: watch resume",
}
UNREAD = Standing("error", "its page could not be read")


@dataclass(frozen=True)
class Visited:
    """What one visit showed."""

    watch: Watch  # as it was before
    capture: str  # empty where nothing could be kept
    standing: Standing
    changes: tuple[Change, ...]
    unchanged: bool
    stop: str
    body: Mapping[str, Any]  # of the entry that says so


def seen_of(capture: Capture, page: Reading | None, *, fetch: Callable[[str], bytes]) -> Seen:
    """A capture with its page's reading, as comparison wants it. Pictures are opened only when they are asked for."""
    records = page.records if page is not None else ()
    standing = next((record for record in records if isinstance(record, Standing)), UNREAD)
    kept = reading.artifacts_of(capture)
    digests: dict[str, tuple[str, ...]] = {}
    for artifact in kept:
        digests[artifact.role] = (*digests.get(artifact.role, ()), artifact.sha256)

    @cache
    def pictures() -> dict[str, bytes]:
        return pictures_in(fetch(digests["mhtml"][0])) if "mhtml" in digests else {}

    def look(url: str) -> Look | None:
        return look_at(pictures()[url]) if url in pictures() else None

    texts = digests.get("text", ())
    return Seen(
        capture=capture.id,
        at=capture.at,
        address=capture.body["final"] if standing.state == "live" else capture.body["cleaned"],
        standing=standing,
        posts=tuple(record for record in records if isinstance(record, Post)),
        digests=digests,
        look=look,
        complete=bool(capture.body["verdict"]["complete"]),
        text=fetch(texts[0]).decode("utf-8", "replace") if texts else "",
    )


def visited(watch: Watch, now: Seen, *, seen: Seen, live: Seen | None) -> Visited:
    """What the visit showed, against the last capture that told something, and the last in which the page was up."""
    against = compare(seen, now)
    changes = list(against.changes)
    if now.standing.state == "live" and live is not None and live.capture != seen.capture:
        against = compare(live, now)  # what was edited while it could not be seen
        changes += [change for change in against.changes if change.what != "standing"]
    stop = STOPS.get(now.standing.state, "")
    tells = now.standing.state not in UNTOLD
    told = tuple(changes) if tells else ()
    return Visited(watch, now.capture, now.standing, told, against.unchanged, stop, _body(now, against, told, stop))


def lost(watch: Watch, sentence: str) -> Visited:
    """A visit of which nothing came back at all."""
    standing = Standing("unreachable", sentence)
    body = {"capture": "", "before": watch.seen, "standing": standing.state, "why": sentence, "tells": False}
    rest = {"changes": [], "stop": "", "unchanged": False, "same": [], "differs": []}
    return Visited(watch, "", standing, (), False, "", body | rest)


def _body(now: Seen, against: Comparison, changes: Sequence[Change], stop: str) -> dict[str, Any]:
    return {
        "capture": now.capture,
        "before": against.before,
        "standing": now.standing.state,
        "why": now.standing.why,
        "tells": now.standing.state not in UNTOLD,
        "changes": [{"what": change.what, "post": change.post, "sure": change.sure} for change in changes],
        "stop": stop,
        "unchanged": against.unchanged,
        "same": list(against.same),
        "differs": list(against.differs),
    }


def visited_record(result: Visited) -> dict[str, Any]:
    """As a JSON line. The words of a post are in `compare`, which shows them when asked."""
    return {
        "watch": result.watch.id,
        "capture": result.capture,
        "standing": result.standing.state,
        "why": result.standing.why,
        "unchanged": result.unchanged,
        "changes": [{"what": c.what, "post": c.post, "sure": c.sure, "said": c.sentence} for c in result.changes],
        "stopped": result.stop,
    }


def watch_record(watch: Watch, now: datetime, upcoming: datetime | None) -> dict[str, Any]:
    at = upcoming.isoformat(timespec="minutes") if upcoming else None
    return {**plain(watch), "says": state_words(watch, now), "next": at}


def state_words(watch: Watch, now: datetime) -> str:
    """What is known, in one line: still up, edited, gone, and how sure that is."""
    if watch.gone_at:
        since = f"between {_day(watch.live_at)} and {_day(watch.gone_at)}" if watch.live_at else _day(watch.gone_at)
        proof = f"seen again {_day(watch.gone_again)}" if watch.gone_again else "seen once, not yet proven"
        words = f"{GONE_WORDS.get(watch.standing, 'gone')} since {since}, {proof}"
    elif watch.live_at:
        words = f"still up {_day(watch.live_at)}"
    else:
        words = "not yet seen up"
    if watch.edited_at:
        words += f"; edited between {_day(watch.edited_after)} and {_day(watch.edited_at)}"
    if watch.failures:
        words += f"; could not be reached the last {watch.failures} times" if watch.failures > 1 else "; not reached"
    if watch.state != "on":
        words += f"; {watch.state}"
    elif has_ended(watch, now):
        words += "; ended"
    return words


def history_of(entry: Entry) -> tuple[dict[str, Any], str]:
    """One entry about a watch: as a JSON line, and in words. What was written stays in `compare`."""
    body, deed = entry.body, str(entry.body["deed"])
    record = {"deed": deed, "at": entry.at, "entry": entry.seq}
    if deed != "visit":
        return record, f"{_day(entry.at)}  {deed}  (entry {entry.seq})"
    whats = [str(change["what"]) for change in body["changes"]]
    noticed = bool(whats or body["stop"])
    record |= {name: body[name] for name in ("capture", "before", "standing", "why", "unchanged", "stop")}
    record |= {"noticed": noticed, "changes": list(body["changes"])}
    said = ", ".join(whats) or ("unchanged" if body["unchanged"] else "nothing new" if body["tells"] else "can't tell")
    proof = f"{body['before']} and {body['capture'] or 'nothing'}, entry {entry.seq}"
    return record, f"{_day(entry.at)}  {body['standing']}: {said}  ({proof})"


GONE_WORDS = {"login_wall": "behind a login", "challenge": "behind a check", "geo_blocked": "not shown here"}


def _day(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"
