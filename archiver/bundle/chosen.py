"""What was chosen to leave, as frozen records that every rendering takes. Reads no vault: bytes come on demand.

Nothing private is in these records: no note of the person's, no name of a login, no path. A rendering that uses only
what is here can't let any of it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archiver.records import Action, Hop, Step
from extractors.contract import Post, Standing

Fetch = Callable[[str], bytes]  # SHA-256 -> the bytes that were kept, checked against it


@dataclass(frozen=True)
class Original:
    """One kept file of an exhibit, byte for byte as it was sealed."""

    role: str  # as in `records.Role`: "tile", "dom", "network", …
    media_type: str
    size: int  # bytes
    sha256: str
    path: str = ""  # below the bag's folder: "data/originals/AB-1/tile-001.png"; empty: held back
    held_back: str = ""  # why it does not leave, in words; empty: it leaves
    n: int = 0  # of a tile: 0 is the top
    x: int = 0  # of a tile, like the next three: CSS pixels of the page
    y: int = 0
    width: int = 0
    height: int = 0
    scale: int = 1  # device pixels for one CSS pixel
    url: str = ""  # where it came from, for a companion or a response of its own
    fetch: Fetch | None = field(default=None, repr=False, compare=False)
    copy_of: str = ""  # of a changed copy (covered, blurred): the SHA-256 of what was kept; empty: it is the original

    @property
    def leaves(self) -> bool:
        return not self.held_back

    def read(self) -> bytes:
        """The bytes as they were sealed. Raises VaultDamaged, and ValueError for what is held back."""
        if self.fetch is None or not self.leaves:
            raise ValueError(f"{self.role} does not leave: {self.held_back}")
        return self.fetch(self.sha256)


@dataclass(frozen=True)
class Exhibit:
    """One capture that leaves. `standing`, `posts`, `problems` and `words` are machine-read; all else is the log's."""

    label: str  # "AB/1"
    capture: str  # "C7"
    entry: int  # number of the log entry
    entry_sha256: str
    entry_path: str  # below the bag's folder; empty: the entry's bytes are held back
    entry_held_back: str  # why; empty: they leave
    operator: str  # who sat at the keyboard, as said; may be empty
    requested: str  # the address as it was given
    cleaned: str  # what was fetched
    final: str  # where it ended
    title: str
    started: str  # UTC, RFC 3339
    finished: str  # UTC, RFC 3339
    local_time: str  # the machine's own clock with its offset
    time_zone: str
    clock_check: str  # how this clock and the server's compared, in words
    status: int | None  # HTTP status of the main answer
    failure: str  # why no page loaded, one sentence; empty where one did
    redirects: tuple[Hop, ...]
    steps: tuple[Step, ...]
    actions: tuple[Action, ...]  # everything that was done to the page
    complete: bool
    verdict: str  # one sentence
    missing: tuple[str, ...]  # each thing that was cut, blocked or not reached
    tool: str
    browser: str
    system: str
    user_agent: str
    viewport: str
    locale: str
    sandbox: str
    proxy: str
    login: str = field(repr=False)  # what the person calls the login; the preview alone says it. Empty: a fresh profile
    server_address: str
    tls: str
    headers: tuple[tuple[str, str], ...]
    originals: tuple[Original, ...]  # in the entry's order, those held back among them
    standing: Standing | None  # machine-read; None: not read
    posts: tuple[Post, ...]  # machine-read
    problems: int  # things the reader met and did not understand
    words: str  # text read from the pictures by machine; may be empty
    read_with: tuple[str, ...]  # "mastodon 1", "Tesseract 5.3.0 eng"

    def of_role(self, *roles: str) -> tuple[Original, ...]:
        """The kept files of these roles that leave, in order."""
        return tuple(original for original in self.originals if original.role in roles and original.leaves)


@dataclass(frozen=True)
class LeftOut:
    """A kept item that is not in the bundle."""

    capture: str  # "C9"
    why: str  # "not chosen", or the reason that was given


@dataclass(frozen=True)
class TokenFacts:
    """One time-stamp token that leaves: what an authority signed over a checkpoint."""

    authority: str  # the address that was asked
    at: str  # UTC, RFC 3339: the time in the token
    size: int  # how many log entries its checkpoint covers
    path: str  # below the bag's folder


@dataclass(frozen=True)
class Chosen:
    """Everything that leaves, and what must be said about it."""

    vault: str  # its id
    made: str  # UTC, RFC 3339: when the bundle was made
    tool: str  # "Archiver 0.1.0"
    public_key: str  # PEM
    fingerprint: str  # SHA-256 of the public key's DER, hex
    label: str  # the exhibits' prefix: "AB"
    entries: int  # size of the log at the moment of choosing
    commitment: str  # SHA-256 of log-hashes.txt
    items: int  # how many captures the vault holds
    exhibits: tuple[Exhibit, ...]  # in order of time kept
    left_out: tuple[LeftOut, ...]
    asked: str  # the selection in words: "captures kept from 2026-03-01 to 2026-03-31"
    reason: str = ""  # the person's own reason for this selection; may be empty
    tokens: tuple[TokenFacts, ...] = ()  # none: no outsider has fixed a time, and the bundle says so


@dataclass(frozen=True)
class File:
    """One file that a rendering makes, below the bag's folder: `data/index.html`. ASCII names."""

    path: str
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)  # called once, when it is written


def file_of(path: str, data: bytes) -> File:
    """A small file whose bytes are at hand."""
    return File(path, lambda: iter((data,)))
