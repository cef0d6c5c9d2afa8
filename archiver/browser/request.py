"""What is asked of one visit: an address and its bounds, as plain values that can be sent to another process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

KIB, MIB = 1024, 1024 * 1024
SECRET_FROM = 10  # characters; the shortest session ids have 16


@dataclass(frozen=True)
class Limits:
    """Every bound of a visit. Reaching one is recorded and shown; it never ends as success in silence."""

    seconds: float = 120.0  # the whole visit: an endless feed is worth two minutes, a hanging browser no more
    answer_seconds: float = 45.0  # first byte of the main answer: slow shared hosts take 30, a dead one takes for ever
    file_seconds: float = 90.0  # a file in place of a page: 64 MiB at 6 Mbit/s
    settle_seconds: float = 8.0  # load, fonts and pictures in view: slow phones' pages are done by then, spinners never
    script_seconds: float = 5.0  # one script of ours on the page: a walk over 200,000 nodes takes about 1
    scroll_seconds: float = 40.0  # all scrolling: 300 posts of an endless feed at about 0.1 s a step
    picture_seconds: float = 20.0  # one picture: 8,000 px without a GPU take 0.3-1 s, a page full of filters 10
    max_height: int = 120_000  # CSS pixels of page that are pictured: about 400 posts
    max_width: int = 4_000  # CSS pixels of page that are pictured: wide tables and boards have 3,000
    tile_height: int = 8_000  # CSS pixels of one picture: taller ones are painted white first, and readers refuse them
    picture_bytes: int = 512 * MIB  # all pictures of a page: 120,000 px at scale 2 full of photographs are about 300
    max_frames: int = 200  # frames whose DOM is taken: pages full of advertisements have 30
    max_clicks: int = 60  # controls that are opened: long threads are folded 20 deep
    unfold_seconds: float = 25.0  # all opening: a click and its effect take 0.2 s, and each may load something
    wire_bytes: int = 256 * MIB  # everything that comes over the network: an hour of feed is 100, a download is endless
    decoded_bytes: int = 512 * MIB  # the same after unpacking: a gzip bomb is 1,000 times its size on the wire
    document_bytes: int = 64 * MIB  # the main answer after unpacking, and one artifact: the largest real pages have 10
    response_bytes: int = 64 * MIB  # a file in place of a page: a scanned PDF has 30
    companions: int = 6  # twins of one page: the platforms that have any have one or two
    companion_bytes: int = 4 * MIB  # one twin: a thread of 500 answers has 2
    companion_seconds: float = 10.0  # all twins of a page together; the page itself is kept by then
    record_bytes: int = 64 * MIB  # all bodies and headers of the network record; a long feed of photographs has 50
    record_body_bytes: int = 16 * MIB  # one body of it: longer ones are films, and their headers are kept
    record_answers: int = 5_000  # requests in it; heavy pages make 500
    text_chars: int = 16 * MIB  # visible text


@dataclass(frozen=True)
class VisitRequest:
    """One address to visit, and how."""

    requested: str  # as the person gave it
    cleaned: str  # what is fetched
    browser: str  # path of a Chromium, as `find_browser` gives it
    allow_private: bool = False  # private and loopback addresses too; link-local and metadata ones never
    proxy: str = ""  # http://, https:// or socks5:// with host and port, user and password where needed
    locale: str = "en-GB"
    viewport: tuple[int, int] = (1280, 800)  # CSS pixels
    scale: int = 1  # device pixels for one CSS pixel
    login: str = ""  # the name of the stored login that is used; empty: none, a fresh profile
    state: str = field(default="", repr=False)  # of that login: Playwright's storage state, JSON
    limits: Limits = field(default_factory=Limits)

    @property
    def secrets(self) -> frozenset[str]:
        """What of the login must not stand in any record. Shorter values are settings and words of everyday pages."""
        state = json.loads(self.state) if self.state else {"cookies": [], "origins": []}
        values = [cookie["value"] for cookie in state["cookies"]]
        values += [item["value"] for origin in state["origins"] for item in origin["localStorage"]]
        return frozenset(value for value in values if len(value) >= SECRET_FROM)
