"""A site on loopback that behaves as pages in the wild do: slow, broken, endless, hostile. Reaches nobody else.

Paths that end in a file's name are files of fixtures/site. The others are deeds, listed in `DEEDS` below.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qsl, urlsplit

from PIL import Image, ImageDraw, ImageFont

PAGES = Path(__file__).parents[1] / "fixtures" / "site"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xhtml": "application/xhtml+xml",
    ".pdf": "application/pdf",
}
FIRST_TWO_GIGABYTES = 2 * 1024**3


class Handler(BaseHTTPRequestHandler):
    """One request. `site` is set on the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body waits 40 ms else, for its headers to be acknowledged
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.headers.get("Host", ""), self.path))
        if self.path.startswith("/did/"):
            self.server.deeds.append(self.path)
        self.server.headers_seen.append(dict(self.headers.items()))
        parts = urlsplit(self.path)
        values = dict(parse_qsl(parts.query, keep_blank_values=True))
        deed = DEEDS.get(parts.path)
        try:
            if deed is not None:
                deed(self, values)
            else:
                self.send_page(parts.path)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the visitor has left: what many of these deeds wait for

    do_POST = do_PUT = do_GET  # noqa: N815 - the standard library's names for it

    def send_page(self, path: str) -> None:
        file = (PAGES / path.lstrip("/")).resolve()
        if not file.is_file() or PAGES not in file.parents:
            self.send(b"<!doctype html><title>Not here</title><h1>Not here</h1>", status=404)
            return
        self.send(file.read_bytes(), MEDIA_TYPES[file.suffix])

    def send(
        self, body: bytes, media_type: str = "text/html; charset=utf-8", *, status: int = 200, **more: str
    ) -> None:
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self, media_type: str, **more: str) -> None:
        """Headers of an answer whose end is the end of the connection."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        for name, value in {**more, "Connection": "close"}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests' output is for their own words."""


class Server(ThreadingHTTPServer):
    """Remembers what it was asked for; `closing` wakes every deed that waits."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Handler)
        self.host = host
        self.asked: list[tuple[str, str]] = []  # Host header, path
        self.headers_seen: list[dict[str, str]] = []
        self.deeds: list[str] = []  # what was asked for below /did/: things that pages' buttons do
        self.closing = Event()
        self.dripping = Event()  # a visitor has seen the first words of /drip

    def address(self, path: str = "/", host: str = "") -> str:
        return f"http://{host or self.host}:{self.server_port}/{path.lstrip('/')}"

    def paths(self) -> list[str]:
        return [path for _, path in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that hangs up is what is tested; nothing is printed."""


@contextmanager
def site(host: str = "127.0.0.1") -> Iterator[Server]:
    """Serves on one address of loopback."""
    server = Server(host)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


@lru_cache(maxsize=500)
def picture(text: str, width: int = 480, height: int = 120, colour: str = "white") -> bytes:
    """A PNG with words on it. Drawn once: no site draws its pictures anew for every visitor."""
    made = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(made).text((16, 16), text, fill="black", font=ImageFont.load_default(36))
    stream = io.BytesIO()
    made.save(stream, "PNG")
    return stream.getvalue()


# -- deeds -------------------------------------------------------------------------------------------------------------


def _status(handler: Handler, values: dict[str, str]) -> None:
    status = int(values["code"])
    body = b"" if "empty" in values else f"<!doctype html><title>{status}</title><h1>Answer {status}</h1>".encode()
    handler.send(body, status=status)


def _redirect(handler: Handler, values: dict[str, str]) -> None:
    handler.send(b"", status=int(values.get("code", "302")), Location=values["to"])


def _circle(handler: Handler, values: dict[str, str]) -> None:
    handler.send(b"", status=302, Location=f"/circle?n={int(values.get('n', '0')) + 1}")


def _silent(handler: Handler, values: dict[str, str]) -> None:
    """Takes the request and never answers."""
    handler.server.closing.wait(180)
    handler.close_connection = True


def _hang_up(handler: Handler, values: dict[str, str]) -> None:
    handler.close_connection = True


def _picture(handler: Handler, values: dict[str, str]) -> None:
    handler.server.closing.wait(float(values.get("wait", "0")))
    size = int(values.get("width", "480")), int(values.get("height", "120"))
    handler.send(picture(values.get("text", ""), *size), "image/png")


def _drip(handler: Handler, values: dict[str, str]) -> None:
    """A page that comes a few letters at a time and never ends."""
    handler.begin("text/html; charset=utf-8")
    handler.wfile.write(b"<!doctype html><title>Drip</title><h1>First words</h1>")
    while not handler.server.closing.wait(0.05):
        handler.wfile.write(b"<p>drop</p>")
        handler.server.dripping.set()


def _endless_file(handler: Handler, values: dict[str, str]) -> None:
    """Two gigabytes, if anybody takes them."""
    handler.begin("application/zip", Content_Length=str(FIRST_TWO_GIGABYTES))
    block = bytes(256 * 1024)
    for _ in range(FIRST_TWO_GIGABYTES // len(block)):
        handler.wfile.write(block)


def _file(handler: Handler, values: dict[str, str]) -> None:
    handle = "attachment; filename=notes.html" if "attached" in values else "inline"
    body, media_type = values.get("body", "a file").encode(), values.get("type", "application/octet-stream")
    handler.send(body, media_type, Content_Disposition=handle)


def _bomb(handler: Handler, values: dict[str, str]) -> None:
    """Small on the wire, a thousand times as much unpacked."""
    packed = gzip.compress((b"<p>" + b"x" * 1021) * 1024 * int(values["megabytes"]), 1)
    handler.send(packed, Content_Encoding="gzip")


def _slow(handler: Handler, values: dict[str, str]) -> None:
    handler.server.closing.wait(float(values["wait"]))
    handler.send(b"<!doctype html><title>Slow</title><h1>Here at last</h1>")


def _cookie(handler: Handler, values: dict[str, str]) -> None:
    cookie = handler.headers.get("Cookie", "none")
    handler.send(f"<title>Cookie</title><p>cookie {cookie}</p>".encode(), Set_Cookie="seen=secretvalue; Max-Age=9999")


def _json(handler: Handler, values: dict[str, str]) -> None:
    handler.send(b'{"words": "jsonic"}', "application/json")


def _sends_on(handler: Handler, values: dict[str, str]) -> None:
    """A page with words that sends its visitors on: at once, or when they scroll."""
    to = values["to"]
    ways = {
        "refresh": f'<meta http-equiv="refresh" content="0;url={to}">',
        "script": f"<script>location.href = {to!r}</script>",
        "scroll": f"<script>addEventListener('scroll', () => (location.href = {to!r}))</script>",
    }
    body = f"<!doctype html>{ways[values['how']]}<h1>words-before-leaving</h1><div style='height: 3000px'></div>"
    handler.send(body.encode())


def _big(handler: Handler, values: dict[str, str]) -> None:
    """A document of many megabytes, as it is: nothing is packed."""
    handler.begin("text/html; charset=utf-8")
    handler.wfile.write(b"<!doctype html><title>Big</title><h1>First words</h1>")
    block = b"<p>" + b"word " * 200 + b"</p>\n"
    for _ in range(int(values["megabytes"]) * 1024 * 1024 // len(block)):
        handler.wfile.write(block)


def _round(handler: Handler, values: dict[str, str]) -> None:
    """A page that sends its visitors to its own next address, for ever."""
    to = f"/round?n={int(values.get('n', '0')) + 1}"
    handler.send(f"<!doctype html><meta http-equiv='refresh' content='0;url={to}'><h1>Round and round</h1>".encode())


def _huge_picture(handler: Handler, values: dict[str, str]) -> None:
    """A PNG of 30,000 x 30,000 pixels that takes 110 KB on the wire and 3.6 GB where it is decoded."""
    side = 30_000
    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()

    def chunk(name: bytes, inside: bytes) -> bytes:
        return len(inside).to_bytes(4, "big") + name + inside + zlib.crc32(name + inside).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    handler.send(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""), "image/png")


def _nodes(handler: Handler, values: dict[str, str]) -> None:
    line = b"<p>" + b"<i>x</i>" * 9 + b"</p>\n"
    lines = line * (int(values["count"]) // 10)
    handler.send(b"<!doctype html><title>Nodes</title><h1>First words</h1>" + lines)


DEEDS: dict[str, Callable[[Handler, dict[str, str]], None]] = {
    "/status": _status,
    "/redirect": _redirect,
    "/circle": _circle,
    "/silent": _silent,
    "/hang-up": _hang_up,
    "/picture.png": _picture,
    "/drip": _drip,
    "/endless.zip": _endless_file,
    "/file": _file,
    "/bomb": _bomb,
    "/big": _big,
    "/round": _round,
    "/huge.png": _huge_picture,
    "/nodes": _nodes,
    "/slow": _slow,
    "/cookie": _cookie,
    "/data.json": _json,
    "/sends-on": _sends_on,
}
