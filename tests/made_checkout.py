"""A checkout to start from nothing: the real starter, a made-up program, and made-up libraries served on 127.0.0.1."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from archiver import starter

REPOSITORY = Path(__file__).parents[1]
# Stands where the program stands: says who it is and what it was given; as `setup` it says what the test wants.
PROGRAM = """
import json, os, sys, pathlib
root = pathlib.Path(__file__).parents[1]
if "setup" in sys.argv:
    print("words of setup", file=sys.stderr)
    (root / "setups").open("a").write("x")
    for name, state in json.loads((root / "instruments.json").read_text()).items():
        print(json.dumps({"instrument": name, "state": state}))
    sys.exit(4)
import spoon
print(json.dumps({"arguments": sys.argv[1:], "pid": os.getpid(), "spoon": spoon.BOWL, "path": sys.path[:2]}))
sys.exit(7)
"""
PYTEST = "import json, os, sys; print(json.dumps({'pytest': sys.argv[1:], 'in': os.getcwd()})); sys.exit(5)\n"


def wheel(folder: Path, name: str, files: dict[str, str]) -> Path:
    """A library as pip takes it: a made-up one, of plain files."""
    info = f"{name}-1.0.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_record_digest(text)},{len(text)}\n" for path, text in files.items())
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for member, text in (files | {f"{info}/RECORD": record + f"{info}/RECORD,,\n"}).items():
            packed.writestr(zipfile.ZipInfo(member, (2026, 1, 1, 0, 0, 0)), text)  # the same bytes whenever it is made
    return path


def _record_digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def locked(*wheels: Path) -> str:
    lines = (f"{path.name.split('-')[0]}==1.0 \\\n    --hash=sha256:{_sha256(path)}\n" for path in wheels)
    return "".join(lines)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Shelf:
    """An index of libraries on 127.0.0.1 that can be told to hold a download back."""

    folder: Path
    fetched: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.strip("/")
        if not name:
            links = "".join(f'<a href="{path.name}">{path.name}</a>' for path in self.folder.glob("*.whl"))
            return self._send(request, f"<!doctype html>{links}".encode(), "text/html")
        self.fetched.append(name)
        self.asked.set()
        self.let_go.wait(60)
        return self._send(request, (self.folder / name).read_bytes(), "application/octet-stream")

    def _send(self, request: BaseHTTPRequestHandler, data: bytes, media_type: str) -> None:
        request.send_response(200)
        request.send_header("Content-Type", media_type)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)


@contextlib.contextmanager
def shelf_in(folder: Path) -> Iterator[Shelf]:
    """An index that serves the libraries in a folder."""
    folder.mkdir()
    shelf = Shelf(folder)
    shelf.let_go.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shelf.answer(self)

        def log_message(self, format: str, *arguments: object) -> None:
            """A test's output is no place for it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shelf.url = f"http://127.0.0.1:{server.server_port}/"
    yield shelf
    shelf.let_go.set()
    server.shutdown()
    server.server_close()


@dataclass
class Checkout:
    """A folder as someone gets it, with the real starter and a made-up program and libraries."""

    root: Path
    shelf: Shelf

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "run.py"), *arguments]

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.shelf.url, "PIP_NO_CACHE_DIR": "1", "PIP_RETRIES": "1"}
        return {**kept, **alone, "PIP_CONFIG_FILE": os.devnull}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            self.command(*arguments), stdout=pipe, stderr=pipe, text=True, env=self.environ(), cwd=self.root.parent
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        started = self.start(*arguments)
        out, err = started.communicate(timeout=120)
        return subprocess.CompletedProcess(started.args, started.returncode, out, err)

    def stamp(self) -> dict[str, str]:
        return starter.read_stamp(self.root)

    def has(self, **states: str) -> None:
        (self.root / "instruments.json").write_text(json.dumps({"driver": "ready", **states}))

    def setups(self) -> int:
        log = self.root / "setups"
        return len(log.read_text()) if log.exists() else 0


def checkout_in(root: Path, shelf: Shelf) -> Checkout:
    """The real starter, and a made-up program with two made-up libraries."""
    (root / "archiver").mkdir(parents=True)
    for name in ("run.py", "archiver/__init__.py", "archiver/starter.py", "archiver/packages.py"):
        shutil.copy(REPOSITORY / name, root / name)
    (root / "archiver" / "__main__.py").write_text(PROGRAM)
    spoon = wheel(shelf.folder, "spoon", {"spoon.py": "BOWL = 1\n"})
    runner = wheel(shelf.folder, "pytest", {"pytest/__main__.py": PYTEST})
    (root / "requirements.lock").write_text(locked(spoon))
    (root / "requirements-dev.lock").write_text(locked(spoon, runner))
    made = Checkout(root, shelf)
    made.has(browser="ready", tesseract="ready")
    return made
