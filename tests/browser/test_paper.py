"""Pages of our own on paper: printed whole, with nothing fetched, nothing run, and nothing left behind."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pypdf import PdfReader

from archiver.browser.paper import Printer, PrintError, print_pdf
from archiver.errors import InstrumentMissing
from tests.browser.test_alone import _descendants, _wait_for_end

SECONDS = 120
CANARY = "marigold harbour"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title>
<style>@page{{size:A4;margin:2cm;@bottom-right{{content:"page " counter(page) " of " counter(pages)}}}}</style>
<p>Kept words</p>
<script>document.body.innerHTML = "it ran"</script><img src="{site}/picture.png"><iframe src="{site}/frame"></iframe>
<link rel="stylesheet" href="{site}/a.css"><img src="file:///etc/hostname"><p style="break-before:page">Second</p>"""
PROGRAM = """
import sys
from archiver.browser.paper import Printer
words = "<!doctype html><meta charset=utf-8>" + "<p>marigold harbour</p>" * 500
with Printer(executable=sys.argv[1], sandbox=True) as printer:
    while True:
        print(len(printer.pdf(words.encode(), seconds=120)), flush=True)
"""


def test_a_page_is_printed_whole_and_neither_runs_nor_fetches_anything(path: str) -> None:
    asked: list[str] = []

    class Canary(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests' output is for their own words."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        html = PAGE.format(site=f"http://127.0.0.1:{server.server_port}").encode()
        paper = PdfReader(io.BytesIO(print_pdf(html, executable=path, sandbox=True, seconds=SECONDS)))
        server.shutdown()
    texts = [" ".join(page.extract_text().split()) for page in paper.pages]
    assert texts == ["page 1 of 2 Kept words", "page 2 of 2 Second"]
    assert asked == []


def test_what_a_pdf_says_of_itself_names_no_account_and_no_folder(path: str) -> None:
    data = print_pdf(b"<!doctype html><title>Notes</title><p>x", executable=path, sandbox=False, seconds=SECONDS)
    told = dict(PdfReader(io.BytesIO(data)).metadata or {})
    assert told["/Title"] == "Notes"
    for name in (str(Path.home()), os.environ.get("USER") or "no such account", tempfile.gettempdir(), "notes-"):
        assert name not in str(told)


def test_a_page_that_is_late_is_given_up_and_the_next_one_is_printed(path: str) -> None:
    with Printer(executable=path, sandbox=True) as printer:
        with pytest.raises(PrintError):
            printer.pdf(b"<p>x", seconds=0)
        assert printer.pdf(b"<p>x", seconds=SECONDS).startswith(b"%PDF-")


def test_without_a_browser_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InstrumentMissing):
        print_pdf(b"<p>x", executable=str(tmp_path / "none"), sandbox=True, seconds=SECONDS)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the browser's processes")
def test_printing_that_was_killed_leaves_no_browser_and_no_words_on_the_disk(path: str) -> None:
    with tempfile.TemporaryDirectory() as short:  # pytest's own folder has no room for Chromium's sockets
        folders = {name: Path(short, name[:3]) for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR")}
        for folder in folders.values():
            folder.mkdir(mode=0o700)
        environment = {**os.environ, **{name: str(folder) for name, folder in folders.items()}}
        command = [sys.executable, "-c", PROGRAM, path]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as printing:
            assert printing.stdout is not None
            assert printing.stdout.readline().strip().isdigit()  # one is done, and the next has begun
            browsers = _descendants(printing.pid)
            printing.kill()
        assert [pid for pid in browsers if not _wait_for_end(pid, 60)] == []
        left = [file for file in Path(short).rglob("*") if file.is_file() and not file.is_symlink()]
        assert [file for file in left if CANARY.encode() in file.read_bytes()] == []
        assert [file for file in left if file.read_bytes().startswith(b"%PDF")] == []
