"""Every type that crosses the boundary between what was kept and what it says. Holds no logic of any platform.

A reader yields what it understood and what it did not, in the order of the page. Text is kept exactly; a time
is given in UTC only when the source proves it; what is not understood is a `Problem` and never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Basis = Literal["stated", "id", "inferred", "exif", "file"]
StandingState = Literal[
    "live", "removed", "suspended", "login_wall", "challenge", "geo_blocked", "error", "unreachable"
]
PostKind = Literal["post", "comment", "quoted", "profile", "story", "message", "article", "deleted"]
Source = Literal["dom", "json", "structured", "visible"]  # `structured`: JSON-LD, Open Graph, microdata, microformats


@dataclass(frozen=True)
class StatedTime:
    """A time as the source wrote it, and in UTC only when the source proves it."""

    written: str  # exactly as shown or given
    utc: str | None = None  # RFC 3339 with Z; None where zone or day order is not proven
    zone: str | None = None  # "+02:00", "Z" or an IANA name, where stated
    basis: Basis = "stated"
    local: str | None = None  # ISO 8601 date, or date and time, on the clock of who saw it; where the day is known


@dataclass(frozen=True)
class Account:
    """One handle on one platform. Empty fields are what the page did not say."""

    name: str = ""  # display name
    handle: str = ""  # without the leading @; on the fediverse user@host where the host is shown
    id: str = ""  # the platform's own id that does not change when the handle does
    url: str = ""


@dataclass(frozen=True)
class Media:
    """A picture, video or sound that belongs to a post."""

    kind: Literal["image", "video", "audio", "link"]
    url: str
    alt: str = ""


@dataclass(frozen=True)
class Post:
    """One post or comment as a page shows it."""

    platform: str
    kind: PostKind
    author: Account
    text: str  # exactly as written: line breaks, emoji, links as text
    time: StatedTime | None = None
    edited: StatedTime | None = None
    id: str = ""
    permalink: str = ""
    in_reply_to: str = ""  # id or permalink of what it answers
    thread: str = ""  # id or permalink of the first post
    quoted: Post | None = None
    media: tuple[Media, ...] = ()
    counts: Mapping[str, str] = field(default_factory=dict)  # "likes": "1.2K", as shown
    labels: tuple[str, ...] = ()  # "verified", "pinned", "deleted by author", content warnings, as the platform says
    source: Source = "dom"  # where it was read from
    sure: bool = True  # False: pieced together from weak hints


@dataclass(frozen=True)
class Message:
    """One message of a private conversation, from an export or a chat screenshot."""

    platform: str
    conversation: str
    author: Account
    text: str
    where: str  # member path and line, byte offset or JSON pointer
    time: StatedTime | None = None
    edited: StatedTime | None = None
    sent: bool | None = None  # True: by the owner of the export or phone; None: not said
    kind: Literal["message", "system", "call", "deleted"] = "message"
    id: str = ""
    in_reply_to: str = ""
    media: tuple[Media, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What a page turned out to be, and why we say so."""

    state: StandingState
    why: str  # the rule that decided: "HTTP 404", "the page's own words: …"


@dataclass(frozen=True)
class Problem:
    """Something a reader met and did not understand. Counted and shown."""

    where: str  # a path, selector, line or JSON pointer
    what: str


@dataclass(frozen=True)
class Identity:
    """What an address alone says, without fetching anything."""

    platform: str
    page: Literal["post", "profile", "story", "inbox", "thread", "search", "other"]
    post: str = ""  # the platform's id of the post
    handle: str = ""
    account: str = ""  # immutable id, where the address carries one
    within: str = ""  # what the post's id is unique in: a host, a board, a channel; empty: the platform


@dataclass(frozen=True)
class Page:
    """A captured page as a reader sees it: text and bytes that were sealed, never a browser."""

    url: str  # the final address; the readers' base for relative links
    html: str  # the rendered DOM, decoded
    status: int | None = 200  # HTTP status of the main answer
    text: str = ""  # the visible text as the browser laid it out; empty where it was not taken
    companions: Mapping[str, bytes] = field(default_factory=dict)  # address -> bytes of a twin sealed beside the page


@dataclass(frozen=True)
class Word:
    """One machine-read word, in pixels of the picture it stands on."""

    text: str
    x: int
    y: int
    width: int
    height: int
    confidence: int  # percent, as the engine gives it
    line: int  # words with the same number stand on one line
    picture: int = 0  # which of a reading's pictures it stands on, in their order


def no_companions(url: str) -> list[str]:
    """For a platform without a public machine-readable twin."""
    return []


def no_identity(url: str) -> Identity | None:
    """For a platform whose addresses say nothing more than their host."""
    return None


def never(page: Page) -> bool:
    """For a platform that is known by its hosts alone."""
    return False


@dataclass(frozen=True)
class PageExtractor:
    """The reader of one platform's web pages.

    `hosts` match exactly or by dot-suffix. `recognises` claims a page by what stands in it, for software that runs
    on anybody's host (Mastodon, a forum) and for pages that were saved and served elsewhere.
    """

    platform: str
    hosts: tuple[str, ...]
    read: Callable[[Page], Iterator[Post | Problem]]
    standing: Callable[[Page], Standing | None]  # None: nothing platform-specific to say
    recognises: Callable[[Page], bool] = never
    companions: Callable[[str], list[str]] = no_companions
    identity: Callable[[str], Identity | None] = no_identity
    version: int = 1  # raised when a change would read sealed pages differently
    per_host: bool = False  # software on many hosts: a post's id says something together with its host only


@dataclass(frozen=True)
class ExportReader:
    """The reader of one message-export format. `files` maps a member path to its bytes, read lazily."""

    platform: str
    recognises: Callable[[Mapping[str, bytes]], bool]
    read: Callable[[Mapping[str, bytes]], Iterator[Message | Problem]]
    version: int = 1


Colour = tuple[int, int, int]  # red, green, blue; 0 to 255 each


@dataclass(frozen=True)
class Region:
    """One area of (nearly) one colour: the ground, a bar, a bubble. Box in pixels of the picture."""

    x: int
    y: int
    width: int
    height: int
    colour: Colour  # mean of its plain pixels; of a gradient its middle
    share: float = 1.0  # of its box that it fills; words in it are holes


@dataclass(frozen=True)
class Screen:
    """One screenshot as a reader sees it: words with boxes and colours, never the picture itself."""

    width: int  # pixels
    height: int
    words: tuple[Word, ...]
    regions: tuple[Region, ...] = ()  # largest first
    inks: tuple[Colour, ...] = ()  # the colour of each word's letters, in the words' order
    taken: str = ""  # the file's own time, ISO 8601; empty where it gives none. "Today" is counted from it


@dataclass(frozen=True)
class ScreenReader:
    """The reader of one app's screenshots. `recognises` gives how much speaks for the app; 0.0 is nothing."""

    platform: str
    recognises: Callable[[Screen], float]
    read: Callable[[Screen], Iterator[Message | Problem]]
    version: int = 1
