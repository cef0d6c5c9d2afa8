"""A made-up selection with awkward pages in it, for the tests of everything that is written from one."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.bundle.chosen import Chosen, Exhibit, LeftOut, Original, TokenFacts
from archiver.records import Action, Hop, Step
from extractors.contract import Account, Media, Post, Standing, StatedTime

STARTED = "2026-03-29T00:30:00.000Z"  # half an hour before British clocks went forward
ADDRESS = "http://harbour.example/posts/1"
HOSTILE = '</p></article><script>document.title="ran"</script><img src=http://canary.example/x.png onerror=alert(1)>'
TURNED = "You \u202egnp.exe\u2066 and \x00\x07 on"
FORMULA = '=HYPERLINK("http://canary.example/","see") and;=1+1\n+44 20 7946 0000'
ROW = 40  # pixels from one line of a tall picture to the next


def tall_picture(lines: int, width: int = 1280, *, first: int = 1, title: str = "line") -> bytes:
    """A PNG with numbered lines, one every ROW pixels."""
    made = Image.new("RGB", (width, lines * ROW), "white")
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(20)
    for n in range(lines):
        draw.text((30, n * ROW + 8), f"{title} {first + n:03} You will hear from me again", fill="black", font=font)
    draw.rectangle((width - 60, 0, width - 20, lines * ROW), fill="#d0e4ff")
    return png(made)


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def warc(pages: dict[str, tuple[str, bytes]], *, gzip: bool = False, status: str = "200 OK") -> bytes:
    """A WARC of answers: address -> media type, body. Both halves of each exchange, as a visit keeps them."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=gzip, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record("network.warc", {"software": "made up"}))
    for url, (media_type, body) in pages.items():
        answer = StatusAndHeaders(
            status, [("Content-Type", media_type), ("Content-Length", str(len(body)))], "HTTP/1.1"
        )
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "harbour.example")], is_http_request=True)
        date = {"WARC-Date": "2026-03-29T00:30:01Z"}
        response = writer.create_warc_record(
            url, "response", io.BytesIO(body), http_headers=answer, warc_headers_dict=date
        )
        request = writer.create_warc_record(url, "request", io.BytesIO(b""), http_headers=asked, warc_headers_dict=date)
        writer.write_request_response_pair(request, response)
    return stream.getvalue()


def original(role: str, data: bytes, media_type: str, label: str, name: str, **more: Any) -> Original:
    sha256 = hashlib.sha256(data).hexdigest()
    path = f"data/originals/{label.replace('/', '-')}/{name}"
    return Original(role, media_type, len(data), sha256, path, fetch=_kept({sha256: data}), **more)


def post(**changed: Any) -> Post:
    whole: dict[str, Any] = {
        "platform": "mastodon",
        "kind": "post",
        "author": Account("Alex Marlow", "alexm@social.example", "1094", "https://social.example/@alexm"),
        "text": "You will hear from me again.\nSee you at the harbour.",
        "time": StatedTime("2h", "2026-03-28T22:15:00Z", "Z", "id"),
        "id": "77",
        "permalink": "https://social.example/@alexm/77",
        "counts": {"likes": "1.2K"},
        "labels": ("verified",),
        "media": (Media("image", "https://social.example/1.png", "a door"),),
    }
    return Post(**(whole | changed))


def exhibit(n: int, originals: tuple[Original, ...] = (), **changed: Any) -> Exhibit:
    whole: dict[str, Any] = {
        "label": f"AB/{n}",
        "capture": f"C{n}",
        "entry": n + 1,
        "entry_sha256": hashlib.sha256(b"entry %d" % n).hexdigest(),
        "entry_path": f"data/log/entry-{n + 1:06}.json",
        "entry_held_back": "",
        "operator": "Sam",
        "requested": f"{ADDRESS}?igsh=abc",
        "cleaned": ADDRESS,
        "final": ADDRESS,
        "title": "Harbour walk",
        "started": STARTED,
        "finished": "2026-03-29T00:30:04.250Z",
        "local_time": "2026-03-29T00:30:00.000+00:00",
        "time_zone": "Europe/London",
        "clock_check": "agrees with the server's clock within 2 seconds",
        "status": 200,
        "failure": "",
        "redirects": (Hop("http://harbour.example/old", 301),),
        "steps": (Step("load", "done", ms=120), Step("certificate", "skipped", "no TLS")),
        "actions": (Action("scroll", "window", "2026-03-29T00:30:02.000Z", "1200 pixels"),),
        "complete": True,
        "verdict": "All of the page was kept.",
        "missing": (),
        "tool": "Archiver 0.1.0",
        "browser": "Chromium 156.0.8078.79",
        "system": "Linux 6.18 x86_64",
        "user_agent": "Mozilla/5.0",
        "viewport": "1280x800 at scale 1",
        "locale": "en-GB",
        "sandbox": "on",
        "proxy": "none",
        "login": "",
        "server_address": "192.0.2.7:80",
        "tls": "",
        "headers": (("Content-Type", "text/html"),),
        "originals": originals,
        "standing": Standing("live", "HTTP 200"),
        "posts": (post(),),
        "problems": 0,
        "words": "line 001 You will hear from me again",
        "read_with": ("mastodon 1", "Tesseract 5.3.0 eng"),
    }
    return Exhibit(**(whole | changed))


@cache
def awkward() -> Chosen:
    """Five exhibits: a tall page, hostile words, a page that is gone, a very wide picture, the first once more."""
    page = b"<!doctype html><title>Harbour walk</title><h1>You will hear from me again</h1><img src=/door.png>"
    pages = {
        ADDRESS: ("text/html; charset=utf-8", page),
        "http://harbour.example/door.png": ("image/png", tall_picture(3)),
    }
    first = (
        original("tile", tall_picture(130), "image/png", "AB/1", "tile-001.png", width=1280, height=5200),
        original(
            "tile",
            tall_picture(20, first=131),
            "image/png",
            "AB/1",
            "tile-002.png",
            n=1,
            y=5200,
            width=1280,
            height=800,
        ),
        original("dom", page, "text/html", "AB/1", "dom.html"),
        original("network", warc(pages), "application/warc", "AB/1", "network.warc"),
        Original("mhtml", "multipart/related", 9, "0" * 64, held_back="it may name the person's own account"),
    )
    hostile = post(
        author=Account(HOSTILE, '"><svg onload=alert(1)>', "7"),
        text=f"{HOSTILE}\n{TURNED}\n{FORMULA}",
        time=StatedTime("03/04/2026 <b>", None),
        permalink="javascript:alert(1)",
        quoted=post(kind="quoted", text=FORMULA, time=None, id="5", permalink=""),
    )
    wide = original(
        "tile", tall_picture(10, 4000, title="wide"), "image/png", "AB/4", "tile-001.png", width=4000, height=400
    )
    broken = original("tile", b"no picture", "image/png", "AB/4", "tile-002.png", n=1)
    exhibits = (
        exhibit(1, first),
        exhibit(2, title=HOSTILE, final=f"http://harbour.example/?q={HOSTILE}", posts=(hostile,), words=HOSTILE),
        exhibit(
            3,
            status=None,
            failure="There is no computer of that name.",
            posts=(),
            standing=None,
            read_with=(),
            words="",
        ),
        exhibit(
            4,
            (wide, broken),
            complete=False,
            verdict="Not all of it.",
            missing=("2 pictures did not load", f"a frame that did not load: {ADDRESS}/{'far' * 30}"),
        ),
        exhibit(5, started="2026-03-29T01:30:00.000Z", time_zone="", local_time="2026-03-29T03:30:00.000+02:00"),
    )
    return Chosen(
        vault="0f" * 16,
        made="2026-04-02T10:00:00.000Z",
        tool="Archiver 0.1.0",
        public_key="-----BEGIN PUBLIC KEY-----\nmade up\n-----END PUBLIC KEY-----\n",
        fingerprint="ab" * 32,
        label="AB",
        entries=9,
        commitment="cd" * 32,
        items=8,
        exhibits=exhibits,
        left_out=(LeftOut("C6", "not chosen"), LeftOut("C7", "not chosen"), LeftOut("C8", "shows my child")),
        asked="captures kept in March 2026",
        reason="These are the ones from that account.",
        tokens=(TokenFacts("http://authority.example", "2026-03-29T00:35:00Z", 4, "data/anchors/1.tsr"),),
    )


def with_exhibits(chosen: Chosen, *exhibits: Exhibit) -> Chosen:
    return replace(chosen, exhibits=exhibits)


def _kept(held: dict[str, bytes]) -> Callable[[str], bytes]:
    return lambda sha256: held[sha256]
