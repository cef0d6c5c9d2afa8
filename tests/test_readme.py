"""Every command in README.md is run as it stands there, against pages on 127.0.0.1 and a vault of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGE = """<!doctype html><html lang="en"><title>A post</title><meta charset="utf-8">
<article><h1>Robin Hartley</h1><time datetime="2026-03-03T09:15:00Z">3 March 2026, 09:15</time>
<p style="font-size: 24px">I was on the pavement across from your window. See you soon.</p></article></html>"""
SITE = "https://example.org"  # where README's examples point; here a page on this computer answers for it
OWN_SUITE = "python3 run.py test"  # what is running now
# `python3 run.py` in the examples is what run.py becomes once all is set up; test_run.py holds the way there.
PYTHON = """#!/bin/sh
[ "$1" = run.py ] || {{ echo "README starts something else than run.py: $1" >&2; exit 99; }}
shift
exec "{python}" -P -m archiver "$@"
"""
LANGUAGES_IN_EXAMPLES = "deu+fra"  # here the one that is there: a test installs nothing (test_setup.py has a stand-in)
INSTALLERS = ("apt-get", "dnf", "pacman", "zypper", "brew", "sudo")


def lines_of(readme: str) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


@pytest.fixture
def site() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.startswith("/the-post")
            data = PAGE.encode() if found else b"not here"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *arguments: object) -> None:
            """A test's output is no place for it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(tmp_path: Path, site: str) -> Path:
    """The folder one stands in: a list of addresses, and a `python3` that starts the program."""
    (tmp_path / "bin").mkdir()
    scripts = {"python3": PYTHON.format(python=sys.executable)}
    scripts |= dict.fromkeys(INSTALLERS, "#!/bin/sh\necho E: nothing is installed by a test\nexit 100\n")
    for name, script in scripts.items():
        (tmp_path / "bin" / name).write_text(script)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "addresses.txt").write_text(f"# one address on each line\n{site}/the-post\n{site}/the-post?page=2\n")
    return tmp_path


def run(line: str, desk: Path, site: str) -> subprocess.CompletedProcess[str]:
    typed = line.replace(SITE, site).replace(LANGUAGES_IN_EXAMPLES, "eng")
    typed = re.sub(r" capture (?!--help)", " capture --allow-private ", typed)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVER_")}
    own = {
        "PATH": f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "ARCHIVER_VAULT": str(desk / "vault"),
        "XDG_CONFIG_HOME": str(desk / "config"),  # where this computer's key lies when there is no keyring
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    own |= {name: os.environ[name] for name in ("ARCHIVER_BROWSER", "ARCHIVER_TESSERACT") if name in os.environ}
    bash = shutil.which("bash")
    assert bash, "the examples are lines for a shell"
    return subprocess.run(
        [bash, "-euo", "pipefail", "-c", typed],
        cwd=desk,
        env=kept | own,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.timeout(900)
def test_every_command_in_readme_runs(desk: Path, site: str) -> None:
    lines = lines_of(README)
    assert len(lines) > 20
    for line in lines:
        if line != OWN_SUITE:
            ended = run(line, desk, site)
            assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
            assert "Traceback" not in ended.stderr, line


def test_a_wrong_command_in_readme_would_be_seen(desk: Path, site: str) -> None:
    assert run("python3 run.py lst", desk, site).returncode == 2
    assert run("python3 elsewhere.py list", desk, site).returncode == 99


def test_readme_begins_with_the_two_commands() -> None:
    assert lines_of(README)[:2] == [f"python3 run.py capture {SITE}/the-post", OWN_SUITE]
    assert README.index(OWN_SUITE) < 200


def test_the_script_that_checks_a_change_calls_readmes_own_test_command() -> None:
    assert OWN_SUITE in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize(
    "command",
    ["init", "capture", "list", "show", "search", "read", "verify", "setup", "doctor", "watch", "compare", "timeline"],
)
def test_readme_has_an_example_of_each_command(command: str) -> None:
    assert [line for line in lines_of(README) if re.search(rf"run\.py.* {command}\b", line)]


WORDS_OF_COURTS = ("proves", "certificate", "court-ready", "tamper", "forensic", "alleged", "victim", "claim")


def test_readme_says_only_what_is_so() -> None:
    """SAFETY D4 and F6: no word that promises more than facts, and none that doubts the person."""
    assert [word for word in WORDS_OF_COURTS if word in README.lower()] == []
