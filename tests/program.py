"""Runs the program as a person would, from an empty folder, and a small site on loopback for it to keep."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ran:
    """What one run of the program gave."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Program:
    """The program with a vault of its own in an empty folder; a passphrase unless told otherwise."""

    folder: Path
    passphrase: str | None = None

    @property
    def vault(self) -> Path:
        return self.folder / "vault"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVER_")}
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "data"), "PYTHONPATH": str(ROOT)}
        secret = {"ARCHIVER_PASSPHRASE": self.passphrase} if self.passphrase else {}
        return kept | home | secret | {"ARCHIVER_VAULT": str(self.vault), "TMPDIR": str(self.temporary)}

    @property
    def temporary(self) -> Path:
        folder = self.folder / "tmp"
        folder.mkdir(exist_ok=True)
        return folder

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "archiver", *arguments]

    def run(self, *arguments: str, timeout: float = 120, stdin: str = "", env: Mapping[str, str] = {}) -> Ran:
        ended = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment() | dict(env),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Ran(ended.returncode, ended.stdout, ended.stderr)


def picture_with(word: str) -> bytes:
    """A PNG that shows one word, large enough for any reader."""
    picture = Image.new("RGB", (600, 120), "white")
    ImageDraw.Draw(picture).text((20, 30), word, fill="black", font=ImageFont.load_default(48))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


@contextmanager
def served(pages: Mapping[str, tuple[int, str, bytes]], headers: Mapping[str, str] = {}) -> Iterator[str]:
    """A site on loopback: path -> (status, media type, body). Yields its address without a slash at the end.

    `headers` go with every answer.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, media_type, body = pages.get(self.path.partition("?")[0], (404, "text/html", b"<h1>Not here</h1>"))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests' output is for their own words."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
