"""Made-up pages that change over a simulated month, a clock that is handed in, and visits that need no browser.

What is true of each page is a schedule in days; what a visit brings back is built from the page as it stands then.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from PIL import Image, ImageDraw

from archiver.records import Artifact, Failure, Provenance, Snapshot, Verdict

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def picture(kind: str, *, quality: int = 95) -> bytes:
    """A made-up photograph; the same one can be packed again."""
    image = Image.new("RGB", (320, 200), "navy" if kind == "door" else "khaki")
    draw = ImageDraw.Draw(image)
    if kind == "door":
        draw.rectangle((40, 30, 140, 190), fill="orange")
        draw.ellipse((200, 40, 290, 130), fill="white")
    else:
        draw.polygon(((10, 190), (160, 10), (310, 190)), fill="darkred")
        draw.rectangle((0, 0, 90, 60), fill="black")
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@dataclass(frozen=True)
class Look:
    """How a page stands on some day. `shape` is how it answers."""

    shape: str = "post"  # "post", "json", or one of ANSWERS, or "silent"
    text: str = "I know where you park, and I know when you come home at night."
    handle: str = "ann"
    name: str = "Ann Ember"
    likes: int = 3
    picture: bytes = b""
    replies: tuple[str, ...] = ()


ANSWERS: dict[str, tuple[int, str]] = {
    "404": (404, "<title>Not found</title><h1>Page not found</h1>"),
    "410": (410, "<title>Gone</title><h1>Gone</h1>"),
    "451": (451, "<title>Unavailable</title><h1>Not shown for legal reasons</h1>"),
    "429": (429, "<title>Slow down</title><p>Too many requests</p>"),
    "500": (500, "<title>Error</title><p>Something went wrong</p>"),
    "503": (503, "<title>Error</title><p>Back soon</p>"),
    "unavailable": (200, "<title>Fen</title><h1>This post is no longer available</h1>"),
    "suspended": (200, "<title>Fen</title><h1>This account has been suspended</h1>"),
    "login": (
        200,
        "<title>Log in</title><h1>Log in to continue</h1><form><input name=u><input type=password name=p></form>",
    ),
    "challenge": (
        403,
        '<title>Just a moment...</title><div id="challenge-running"></div><h1>Verify you are human</h1>'
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>',
    ),
}


@dataclass
class World:
    """Pages by address: each a list of (day from which, look). `now` is the only clock."""

    pages: dict[str, list[tuple[float, Look]]]
    now: datetime = START
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    visits: dict[str, list[datetime]] = field(default_factory=dict)

    def look(self, url: str) -> Look:
        day = (self.now - START) / timedelta(days=1)
        return [look for since, look in self.pages[url] if since <= day][-1]

    def visit(self, url: str) -> Snapshot:
        self.visits.setdefault(url, []).append(self.now)
        look = self.look(url)
        at = self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if look.shape == "silent":
            failed = Failure("timeout", "The site did not answer in time.")
            return _snapshot(url, at, None, failed, ())
        if look.shape in ANSWERS:
            status, html = ANSWERS[look.shape]
        elif look.shape == "json":
            status, html = 200, _notice(url, look)
        else:
            status, html = 200, self.page(url, look)
        return _snapshot(url, at, status, Failure(), tuple(_artifacts(url, html, look)))

    def page(self, url: str, look: Look) -> str:
        """A post with its answers, between an advert and suggestions that are others at every load."""
        n = self.chance.randrange(10**6)
        base = url.rsplit("/", 1)[0]
        image = f'<img class="u-photo" src="{base}/p.jpg?sig={n}" alt="">' if look.picture else ""
        answers = "".join(
            f'<div class="p-comment h-entry"><a class="p-author h-card" href="{base}/u/bo">Bo Birch</a>'
            f'<a class="u-url" href="{url}-r{m}"><time class="dt-published" datetime="2026-03-01T10:0{m}:00Z">1 March'
            f'</time></a><a class="u-in-reply-to" href="{url}"></a><p class="e-content">{reply}</p></div>'
            for m, reply in enumerate(look.replies)
            if reply
        )
        return (
            f'<!doctype html><html><head><title>Fen {n}</title><link rel="canonical" href="{url}"></head><body>'
            f'<aside>Buy lamp {n}! Only {n % 97} left</aside><article class="h-entry">'
            f'<a class="p-author h-card" href="{base}/u/{look.handle}">{look.name}</a>'
            f'<a class="u-url" href="{url}"><time class="dt-published" datetime="2026-02-27T10:00:00Z">27 Feb</time>'
            f'</a><p class="e-content">{look.text}</p>{image}{answers}</article>'
            f'<section><h2>You may like</h2><article class="h-entry"><a class="p-author h-card" href="{base}/u/x{n}">'
            f'Xi {n}</a><a class="u-url" href="{base}/s{n}">2 March</a><p class="e-content">Suggested words {n}</p>'
            "</article></section></body></html>"
        )


def _notice(url: str, look: Look) -> str:
    """A post as its platform's own data give it: with an account's id that stays when its handle does not."""
    host = url.split("/")[2]
    return json.dumps(
        {
            "id": "AbCdEf123456",
            "uri": f"https://{host}/objects/1",
            "url": url,
            "created_at": "2026-02-27T10:00:00.000Z",
            "content": f"<p>{look.text}</p>",
            "in_reply_to_id": None,
            "favourites_count": look.likes,
            "reblogs_count": 0,
            "replies_count": 0,
            "media_attachments": [],
            "account": {
                "id": "AbUser1",
                "acct": look.handle,
                "username": look.handle,
                "display_name": look.name,
                "url": f"https://{host}/users/{look.handle}",
            },
            "pleroma": {"local": True, "quote": None},
        }
    )


def _artifacts(url: str, html: str, look: Look) -> list[Artifact]:
    text = re.sub(r"<[^>]+>", "\n", html) if not html.startswith("{") else html
    made = [
        Artifact("dom", "text/html", html.encode()),
        Artifact("text", "text/plain", text.encode()),
        Artifact("tile", "image/png", b"made-up picture of " + html.encode()),
    ]
    if look.picture:
        source = re.search(r'src="([^"]+p\.jpg[^"]*)"', html)
        assert source is not None
        made.append(Artifact("mhtml", "multipart/related", mhtml(html, {source[1]: look.picture})))
    return made


def mhtml(html: str, pictures: dict[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "A page"
    message.set_content(html, subtype="html")
    for url, data in pictures.items():
        message.add_related(data, "image", "jpeg", headers=[f"Content-Location: {url}"])
    return message.as_bytes()


def _snapshot(url: str, at: str, status: int | None, failure: Failure, artifacts: tuple[Artifact, ...]) -> Snapshot:
    return Snapshot(
        requested=url,
        cleaned=url,
        final=url,
        started=at,
        finished=at,
        status=status,
        failure=failure,
        title="",
        redirects=(),
        steps=(),
        actions=(),
        artifacts=artifacts,
        verdict=Verdict(not failure, "All of it."),
        provenance=Provenance(tool="made up"),
    )


class Visitors(Executor):
    """Runs a visit at once, in the world as it stands."""

    def __init__(self, world: World) -> None:
        self.world = world

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(self.world.visit(args[0].cleaned))
        return done
