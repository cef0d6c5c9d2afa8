"""What the archive is made of: frozen records of plain values. Knows no file, no network and no library.

Evidence (`Artifact`, `Snapshot`, `Entry`) is what was seen; it is sealed and never changes. A `Finding` is what a
check saw that should not be so. A `Reading` is what we think the evidence says; it can be made again at any time.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from extractors.contract import Message, Post, Problem, Standing, Word

Outcome = Literal["done", "skipped", "failed"]
Role = Literal[
    "first-view",  # the viewport as it was when the page had settled, before anything on it was touched (PNG)
    "first-dom",  # the rendered DOM at the same moment (HTML)
    "tile",  # one piece of the whole page (PNG); `place` says which
    "dom",  # the rendered DOM after scrolling, with open shadow roots and frames (HTML)
    "harvest",  # posts as they were first met while scrolling (JSON)
    "text",  # the visible text (UTF-8)
    "mhtml",  # the page with its parts, as Chromium saves it
    "network",  # what came over the wire (WARC)
    "response",  # the main answer's bytes, where it was not a page (a PDF, a picture, a download)
    "companion",  # the platform's own machine-readable twin of the page
    "certificate",  # the TLS certificate chain that the browser saw (PEM)
    "time-request",  # what a time-stamp authority was asked (RFC 3161)
    "time-reply",  # its answer, as it came
]


@dataclass(frozen=True)
class Place:
    """Where a tile belongs on the page: all in CSS pixels, but for `scale`."""

    n: int  # 0 is the top
    x: int
    y: int
    width: int
    height: int
    scale: int = 1  # device pixels for one CSS pixel


@dataclass(frozen=True)
class Artifact:
    """One run of bytes. Hashed when it is made; the bytes that were hashed are the bytes that are stored."""

    role: Role
    media_type: str
    data: bytes = field(repr=False)
    place: Place | None = None
    url: str = ""  # where these bytes came from, for a companion or a response of its own
    sha256: str = field(init=False)  # lower-case hex

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())


@dataclass(frozen=True)
class Step:
    """One named step of a visit and how it ended. A failure of the outside world is data."""

    name: str
    outcome: Outcome
    detail: str = ""  # why it failed or was skipped, or what it brought; never page text
    ms: int = 0  # how long it took, milliseconds


@dataclass(frozen=True)
class Action:
    """One thing that was done to the page: everything between the untouched and the worked layer is listed."""

    what: str  # "scroll", "resize", "click", "dismiss-dialog"
    target: str  # a selector, or "window"
    at: str  # UTC, RFC 3339
    detail: str = ""  # pixels, or the words on what was clicked


@dataclass(frozen=True)
class Hop:
    """One redirect on the way to the final address."""

    url: str
    status: int  # HTTP status; 0 where the page itself moved on (script, refresh)


FailureKind = Literal[
    "",  # the page loaded
    "name",  # the host name could not be found
    "connection",  # refused, reset, or no route
    "timeout",
    "tls",
    "private",  # the address is private, loopback, link-local or a cloud's metadata service
    "download",  # the address gave a file and no page
    "too-large",
    "crash",  # the browser or its renderer ended
    "other",
]


@dataclass(frozen=True)
class Failure:
    """Why a page did not load, as data and as one sentence for the person. `Failure()` means that it did."""

    kind: FailureKind = ""
    sentence: str = ""

    def __bool__(self) -> bool:
        return self.kind != ""


@dataclass(frozen=True)
class Verdict:
    """How complete a capture is, as data and in plain words. Never a bare "success"."""

    complete: bool
    sentence: str
    missing: tuple[str, ...] = ()  # each thing that was cut, blocked or not reached, in words
    images_complete: int = 0
    images_broken: int = 0
    images_pending: int = 0
    height_asked: int = 0  # CSS pixels of the page when the pictures were taken
    height_painted: int = 0  # CSS pixels that the tiles cover
    posts_met: int = 0  # while scrolling
    posts_pictured: int = 0  # inside the tiles
    scrolling_stopped: str = ""  # "end", or the bound that was reached
    folded: tuple[str, ...] = ()  # what stayed closed


@dataclass(frozen=True)
class Provenance:
    """How and with what a visit was made."""

    tool: str = ""  # "Archiver 0.1.0"
    browser: str = ""  # "Chromium 156.0.8078.79"
    system: str = ""  # "Linux 6.18 x86_64"
    user_agent: str = ""
    viewport: str = ""  # "1280x800 at scale 1", CSS pixels
    locale: str = ""
    time_zone: str = ""  # IANA name or offset of the machine
    local_time: str = ""  # the machine's own time with its offset, RFC 3339
    clock_check: str = ""  # seconds between this clock and the server's Date header, in words
    sandbox: str = ""  # "on", or "off: " and the reason
    proxy: str = ""  # "none", or scheme and host, never a password
    names_resolved_by: str = ""  # "this machine", or "the proxy"
    logged_in_as: str = ""  # the name of a stored login; empty: a fresh profile, not logged in
    server_address: str = ""  # IP address and port that answered for the main document
    tls: str = ""  # protocol, cipher and certificate subject and issuer of the main document
    headers: tuple[tuple[str, str], ...] = ()  # the main answer's, in order; cookies withheld
    allow_private: bool = False


@dataclass(frozen=True)
class Snapshot:
    """One visit to one address, with everything it brought back. A 404 and a dead host are snapshots too."""

    requested: str  # as the person gave it
    cleaned: str  # what was fetched: sharer tokens cut
    final: str  # where it ended; equal to `cleaned` where nothing answered
    started: str  # UTC, RFC 3339
    finished: str  # UTC, RFC 3339
    status: int | None  # HTTP status of the main answer; None where none came
    failure: Failure
    title: str
    redirects: tuple[Hop, ...]
    steps: tuple[Step, ...]
    actions: tuple[Action, ...]
    artifacts: tuple[Artifact, ...]
    verdict: Verdict
    provenance: Provenance

    def first(self, role: Role) -> Artifact | None:
        return next((artifact for artifact in self.artifacts if artifact.role == role), None)


@dataclass(frozen=True)
class By:
    """Who stands behind an entry; each part may stay empty."""

    operator: str = ""
    supplied_by: str = ""
    seen_live_by: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the log. `data` are the canonical bytes that are stored and hashed, never serialised again."""

    seq: int  # 1 is the first
    sha256: str
    data: bytes = field(repr=False)
    kind: str  # "vault", "capture", …
    at: str  # UTC, RFC 3339
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Capture:
    """One capture as the log's projection shows it: what `list` and `show` print."""

    id: str  # "C1"
    entry: int  # the log entry that holds it
    at: str  # UTC, RFC 3339
    body: Mapping[str, Any] = field(repr=False)  # the entry's body, a `Snapshot` as plain values; and the `note`


@dataclass(frozen=True)
class Passage:
    """A run of text that search can find, and where it stands."""

    source: Literal["post", "page", "picture", "picture-only", "note"]  # `picture-only`: nowhere in the page's file
    text: str  # exactly as read
    sha256: str = ""  # the artifact it was read from
    where: str = ""  # "author of post 3", "tile 2, line 14"


PAGE, OCR, WITNESS = "page", "ocr", "witness"  # the readers of a capture, by name
READERS = (PAGE, OCR, WITNESS)  # all of them, in the order in which each finds what it needs


@dataclass(frozen=True)
class Reading:
    """What one reader took from one capture. Replaceable: a later one of the same `reader` supersedes it."""

    capture: str  # "C1"
    reader: str  # one of READERS
    made_with: str  # "mastodon 1", "Tesseract 5.3.0 eng"
    at: str  # UTC, RFC 3339
    outcome: Outcome
    detail: str = ""  # why it was not done
    of: tuple[str, ...] = ()  # SHA-256 of the artifacts it was read from
    records: tuple[Post | Message | Standing | Problem | Word, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Hit:
    """One place where a searched word stands."""

    capture: str
    source: str  # as in `Passage`
    snippet: str
    sha256: str
    where: str


@dataclass(frozen=True)
class Finding:
    """Something verification saw that should not be so."""

    check: str  # the named check: "artifact bytes", "entry chain", …
    subject: str  # what is damaged, by its id: an artifact's SHA-256, "entry 7", "captures C3"
    what: str  # one sentence


@dataclass(frozen=True)
class Checked:
    """One named check and how much it looked at. Nothing to check is a `Finding`, not a pass."""

    check: str
    count: int  # things looked at
    note: str = ""  # what was not checked and why


@dataclass(frozen=True)
class Dated:
    """Between when and when time stamps put a run of entries; a bound that no time stamp gives is empty."""

    check: str
    first: int  # entry
    last: int
    after: str  # RFC 3339 in UTC
    before: str


def plain(record: Any) -> Any:
    """A record as JSON-ready plain values: dataclasses to mappings, tuples to lists, bytes left out."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        values = ((f.name, getattr(record, f.name)) for f in dataclasses.fields(record))
        return {name: plain(value) for name, value in values if not isinstance(value, bytes)}
    if isinstance(record, Mapping):
        return {str(key): plain(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [plain(value) for value in record]
    return record
