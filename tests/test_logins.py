"""Logins: a scripted person signs in on a made-up site; what is kept of it is used only where and when it may be."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.async_api import Page

from archiver import keys, vault
from archiver.assembly import Archive, How
from archiver.capture import order_for
from archiver.errors import UsageError
from archiver.integrity import LOGIN_KIND
from archiver.settings import Settings
from tests.program import Program

PASSPHRASE = "four quiet words here"
SESSION, TOKEN = "canarysession4711abcdef", "canarytoken0815uvwxyz"
FORM = """<!doctype html><title>Sign in</title><h1>Log in to continue</h1><p>You must log in to see this page.</p>
<form method="post" action="/in"><input name="who"><input name="word" type="password"><button>Log in</button></form>"""
WELCOME = f"""<!doctype html><title>Welcome</title><p id="in">You are in.</p>
<script>localStorage.setItem("token", "{TOKEN}")</script>"""
PRIVATE = """<!doctype html><title>Friends only</title><article><h1>Robin Hartley</h1>
<p>Only for friends: the kettle.</p></article><img src="http://other.invalid/x.png"><script>
fetch("/api", {method: "POST", body: "t=" + localStorage.token, headers: {"X-Token": localStorage.getItem("token")}})
</script>"""


@dataclass
class Site:
    """A site that knows one session, and notes who came with which cookie."""

    address: str = ""
    valid: set[str] = field(default_factory=lambda: {SESSION})
    seen: list[tuple[str, str]] = field(default_factory=list)  # path, Cookie


@contextmanager
def running() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cookie = self.headers.get("Cookie", "")
            site.seen.append((self.path, cookie))
            inside = any(f"session={session}" in cookie for session in site.valid)
            if self.path.startswith("/private"):
                self._answer(200 if inside else 401, PRIVATE if inside else FORM)
            elif self.path == "/login":
                self._answer(200, FORM)
            else:
                self._answer(200 if self.path == "/open" else 404, "<title>Open</title><p>Open to all.</p>")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            right = self.path == "/in"
            self._answer(200, WELCOME if right else "{}", f"session={SESSION}; Path=/; HttpOnly" if right else "")

        def _answer(self, status: int, text: str, cookie: str = "") -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            if cookie:
                self.send_header("Set-Cookie", cookie)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests' output is for their own words."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running() as made:
        yield made


async def person(page: Page) -> None:
    """Someone who types a name and a password, and is done when the site says that they are in."""
    await page.fill("input[name=who]", "robin")
    await page.fill("input[name=word]", "a password that is typed")
    await page.click("button")
    await page.wait_for_selector("#in")


async def nobody(page: Page) -> None:
    """Someone who closes the window at once."""
    await page.close()


def signed_in(folder: Path, site: Site) -> Program:
    """A vault with one login in it."""
    settings = Settings(vault=folder / "vault")
    with Archive.create(settings, keys.Passphrase(PASSPHRASE)) as archive:
        order = order_for(f"{site.address}/login", allow_private=True)
        made = archive.sign_in("robin", order, How(allow_private=True), attend=person, shown=False)
        assert made.hosts == ("127.0.0.1",)
    return Program(folder, passphrase=PASSPHRASE)


@pytest.fixture(scope="module")
def program(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault with a login, and one page that was kept with it; the tests below only look at it."""
    made = signed_in(tmp_path_factory.mktemp("signed-in"), site)
    ran = made.run(
        "--json", "capture", f"{site.address}/private", "--as", "robin", "--allow-private", "--yes", "--no-ocr"
    )
    assert ran.code == 0, ran.err
    assert ran.lines[0]["standing"] == "live"
    assert "logged in as robin" in ran.err  # the caution is said to those who said --yes as well
    return made


def opened(program: Program) -> Archive:
    return Archive.open(Settings(vault=program.vault), keys.Passphrase(PASSPHRASE))


def test_a_page_for_friends_is_kept_with_a_login_and_says_whose(program: Program) -> None:
    [line] = program.run("--json", "show", "C1").lines
    assert line["body"]["provenance"]["logged_in_as"] == "robin"
    assert "kettle" in program.run("show", "C1", "--reveal").out
    assert "Logged in   as robin" in program.run("show", "C1").out


def test_nothing_of_a_login_stands_in_any_artifact_or_entry(program: Program) -> None:
    with opened(program) as archive:
        names = archive.vault.inspection().artifact_names()
        texts = [archive.vault.artifact(name) for name in names] + [entry.data for entry in archive.vault.entries()]
        entries = [entry for entry in archive.vault.entries() if entry.kind == LOGIN_KIND]
    assert len(names) > 5
    for secret in (SESSION, TOKEN, "a password that is typed"):
        assert [text for text in texts if secret.encode() in text] == []
    assert any(b"withheld" in text and b"X-Token" in text for text in texts)  # the request that carried it is there
    assert [entry.body for entry in entries] == [
        {"deed": deed, "login": "robin", "hosts": ["127.0.0.1"]} for deed in ("add", "use")
    ]


def test_nothing_of_a_login_lies_readable_on_the_disk(program: Program) -> None:
    for path in (path for path in program.folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert SESSION.encode() not in data
        assert TOKEN.encode() not in data


def test_without_as_the_same_page_is_visited_by_nobody(site: Site, program: Program, tmp_path: Path) -> None:
    before = len(site.seen)
    fresh = Program(tmp_path)
    ran = fresh.run("--json", "capture", f"{site.address}/private", "--allow-private", "--no-ocr")
    assert (ran.code, ran.lines[0]["standing"], ran.lines[0]["status"]) == (0, "login_wall", 401)
    assert {cookie for _, cookie in site.seen[before:]} == {""}


def test_a_login_stops_at_its_caution_until_yes_is_said(site: Site, program: Program) -> None:
    before = len(site.seen)
    ran = program.run("capture", f"{site.address}/private", "--as", "robin", "--allow-private", "--no-ocr")
    assert (ran.code, ran.out) == (1, "")
    assert "Stories list who watched them" in ran.err
    assert len(site.seen) == before


def test_a_login_is_used_for_its_own_hosts_only(site: Site, program: Program) -> None:
    elsewhere = site.address.replace("127.0.0.1", "localhost")
    before = len(site.seen)
    ran = program.run("capture", f"{elsewhere}/open", "--as", "robin", "--allow-private", "--yes", "--no-ocr")
    assert (ran.code, ran.out, len(site.seen)) == (2, "", before)
    assert "is for 127.0.0.1 only" in ran.err


def test_a_login_that_is_not_there_is_said_before_anything_is_fetched(program: Program, tmp_path: Path) -> None:
    for one in (program, Program(tmp_path)):
        ran = one.run("capture", "https://example.org/", "--as", "kim", "--yes")
        assert (ran.code, ran.out, "archiver login kim" in ran.err) == (2, "", True)


def test_logins_are_listed_without_their_secrets_and_the_vault_verifies(program: Program) -> None:
    ran = program.run("--json", "login", "list")
    assert [(line["login"], line["hosts"]) for line in ran.lines] == [("robin", ["127.0.0.1"])]
    assert SESSION not in ran.out
    verified = program.run("--json", "verify")
    assert verified.code == 0, verified.out
    assert ("logins", 1) in {(line["check"], line["count"]) for line in verified.lines}


def test_an_expired_login_ends_the_job_by_name_and_the_list_goes_on_once_it_is_mended(tmp_path: Path) -> None:
    with running() as site:
        program = signed_in(tmp_path, site)
        (tmp_path / "list.txt").write_text("".join(f"{site.address}/private?{n}\n" for n in range(3)))
        command = ("--json", "capture", "--from", "list.txt", "--as", "robin", "--allow-private", "--yes", "--no-ocr")
        site.valid = {"another"}
        ran = program.run(*command)
        assert ran.code == 1
        assert (ran.lines[0]["standing"], ran.lines[0]["login_expired"]) == ("login_wall", True)
        assert ["error" in line for line in ran.lines] == [False, True, True]
        assert "has expired" in ran.err
        assert f"archiver login robin {site.address}/private?0" in ran.err
        with opened(program) as archive:
            order = order_for(f"{site.address}/login", allow_private=True)
            site.valid = {SESSION}
            archive.sign_in("robin", order, How(allow_private=True), attend=person, shown=False)
        went_on = program.run(*command)
        assert [line["standing"] for line in went_on.lines] == ["live"] * 3
        assert program.run("verify").code == 0


def test_at_a_terminal_an_expired_login_is_asked_about(tmp_path: Path) -> None:
    with running() as site:
        program = signed_in(tmp_path, site)
        site.valid = set()
        ours, theirs = pty.openpty()
        environment = {name: text for name, text in program.environment().items() if "DISPLAY" not in name}
        started = subprocess.Popen(
            program.command(
                "capture", f"{site.address}/private", "--as", "robin", "--allow-private", "--yes", "--no-ocr"
            ),
            cwd=tmp_path,
            env=environment,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        os.close(theirs)
        os.write(ours, b"y\n")  # typed ahead
        said = started.communicate(timeout=120)[0].decode()
        os.close(ours)
        assert started.returncode == 1
        assert "Sign in again now?" in said
        assert "there is no screen" in said
        assert "1 left" in said


def test_a_removed_login_is_gone_and_the_log_says_so(site: Site, tmp_path: Path) -> None:
    program = signed_in(tmp_path, site)
    assert program.run("login", "remove", "robin").code == 0
    assert program.run("login", "list").out == ""
    assert program.run("login", "remove", "robin").code == 2
    with opened(program) as archive:
        deeds = [entry.body["deed"] for entry in archive.vault.entries() if entry.kind == LOGIN_KIND]
    assert deeds == ["add", "remove"]
    assert program.run("verify").code == 1  # nothing is kept yet; no finding about logins:
    assert "login" not in program.run("verify").out.replace("checked  logins", "")


def test_verify_sees_a_login_that_the_log_does_not_know(site: Site, tmp_path: Path) -> None:
    program = signed_in(tmp_path, site)
    with opened(program) as archive:
        archive.vault._db.execute("update logins set name = 'kim'")
        archive.vault._db.conn.commit()
    out = program.run("verify").out
    assert "login robin: The log says that it is there" in out
    assert "login kim: The log does not know of it" in out


def test_who_closes_the_window_without_signing_in_keeps_nothing(site: Site, tmp_path: Path) -> None:
    with Archive.create(Settings(vault=tmp_path / "vault"), keys.Passphrase(PASSPHRASE)) as archive:
        order = order_for(f"{site.address}/login", allow_private=True)
        with pytest.raises(UsageError, match="Nothing is kept"):
            archive.sign_in("robin", order, How(allow_private=True), attend=nobody, shown=False)
        assert archive.vault.logins() == []


def test_without_a_screen_it_says_so_in_one_sentence_and_makes_no_vault(site: Site, tmp_path: Path) -> None:
    program = Program(tmp_path)
    ran = program.run(
        "login", "robin", f"{site.address}/login", "--allow-private", env={"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    )
    assert (ran.code, ran.err.count("\n"), "no screen" in ran.err) == (4, 1, True)
    assert not program.vault.exists()


@pytest.mark.parametrize("name", ["", "-x", "a b", "../up", "x" * 41])
def test_a_name_that_would_not_be_plain_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        vault.checked_name(name)
