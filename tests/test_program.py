"""The program from an empty folder: what a person types, what is printed, what is kept."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import Program, picture_with, served

HTML_WORD, PICTURE_WORD, HIDDEN_WORD = "marigoldish", "THUNDERBOLT", "undercroftly"
PAGE = f"""<!doctype html><html lang="en"><title>A small page</title>
<h1>Harbour notes</h1><p>Something {HTML_WORD} was written here.</p><p style="display:none">{HIDDEN_WORD}</p>
<img src="/word.png" alt=""></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    pages = {
        "/post": (200, "text/html; charset=utf-8", PAGE.encode()),
        "/word.png": (200, "image/png", picture_with(PICTURE_WORD)),
        "/gone": (410, "text/html", b"<title>Gone</title><h1>This post was taken away</h1>"),
        "/plain.pdf": (200, "application/pdf", b"%PDF-1.4\n%%EOF\n"),
    }
    with served(pages) as address:
        yield address


@pytest.fixture(scope="module")
def kept(site: str, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A vault with one captured page in it; the tests below only look at it."""
    program = Program(tmp_path_factory.mktemp("kept"))
    ran = program.run(
        "--json", "capture", f"{site}/post?utm_source=friend", "--allow-private", "--note", "seen at lunch"
    )
    assert ran.code == 0, ran.err
    return program


def test_a_capture_prints_one_json_line_that_names_its_pictures(kept: Program, site: str) -> None:
    [line] = kept.run("--json", "list").lines
    assert line["capture"] == "C1"
    assert line["requested"] == f"{site}/post?utm_source=friend"
    assert line["final"] == f"{site}/post"
    assert line["status"] == 200
    assert line["standing"] == "live"
    assert line["complete"] is True
    assert len(line["sha256"]["first-view"]) == len(line["sha256"]["tile"][0]) == len(line["sha256"]["dom"]) == 64
    assert {"failed"}.isdisjoint(line["steps"].values())


@pytest.mark.parametrize(
    ("word", "source"),
    [(HTML_WORD, "page"), (PICTURE_WORD, "picture"), (HIDDEN_WORD, "page"), ("harbour NOTES", "page")],
)
def test_search_finds_words_of_the_page_and_words_of_its_pictures(kept: Program, word: str, source: str) -> None:
    ran = kept.run("--json", "search", word)
    assert ran.code == 0
    assert source in {hit["source"] for hit in ran.lines}
    assert {hit["capture"] for hit in ran.lines} == {"C1"}


def test_what_stands_only_in_a_picture_is_said_to_be_machine_read(kept: Program) -> None:
    assert {(hit["source"], hit["machine_read"]) for hit in kept.run("--json", "search", PICTURE_WORD).lines} == {
        ("picture", True)
    }


def test_json_may_be_asked_for_behind_the_command_too(kept: Program) -> None:
    assert kept.run("list", "--json").lines == kept.run("--json", "list").lines
    assert kept.run("slots", "list", "--json", "--quiet").lines[0]["kind"] == "device"


def test_without_a_browser_it_says_what_to_do_and_makes_no_vault(tmp_path: Path) -> None:
    program = Program(tmp_path)
    ran = program.run("capture", "https://example.org/", env={"ARCHIVER_BROWSER": str(tmp_path / "none")})
    assert (ran.code, ran.err.count("\n")) == (4, 1)
    assert "archiver setup" in ran.err
    assert not program.vault.exists()


def test_a_word_that_stands_nowhere_is_not_found(kept: Program) -> None:
    assert kept.run("search", "quixotically").code == 1


def test_a_fresh_vault_verifies_and_each_check_is_named(kept: Program) -> None:
    ran = kept.run("--json", "verify")
    assert ran.code == 0, ran.out
    assert {line["result"] for line in ran.lines} == {"checked"}
    assert len({line["check"] for line in ran.lines}) >= 5


def test_a_vault_somewhere_else_can_be_named_to_verify(kept: Program, tmp_path: Path) -> None:
    assert kept.run("verify", str(kept.vault)).code == 0
    assert kept.run("verify", str(tmp_path)).code == 3


def test_saved_files_are_what_was_kept_and_sha256sum_agrees(kept: Program, tmp_path: Path) -> None:
    [line] = kept.run("--json", "show", "C1", "--save", str(tmp_path / "out")).lines
    subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / "out", check=True, capture_output=True)
    picture = (tmp_path / "out" / "tile-001.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert hashlib.sha256(picture).hexdigest() == line["sha256"]["tile"][0]
    again = kept.run("show", "C1", "--save", str(tmp_path / "out"))
    assert (again.code, again.err.count("\n")) == (2, 1)


def test_text_is_hidden_until_it_is_revealed(kept: Program) -> None:
    assert HTML_WORD not in kept.run("show", "C1").out
    assert HTML_WORD in kept.run("show", "C1", "--reveal").out


def test_reading_again_finds_the_same_and_touches_nothing_kept(kept: Program) -> None:
    before = kept.run("--json", "list").lines
    assert kept.run("read", "C1").code == 0
    assert kept.run("--json", "list").lines == before
    assert kept.run("read", "--missing").code == 0


def test_a_gone_page_is_kept_too(site: str, tmp_path: Path) -> None:
    ran = Program(tmp_path).run("--json", "capture", f"{site}/gone", "--allow-private")
    [line] = ran.lines
    assert (ran.code, line["status"], line["standing"]) == (0, 410, "removed")


def test_a_dead_host_is_a_capture_with_that_standing(tmp_path: Path) -> None:
    program = Program(tmp_path)
    ran = program.run("--json", "capture", "http://127.0.0.1:9/", "--allow-private")
    [line] = ran.lines
    assert (ran.code, line["standing"], line["status"]) == (1, "unreachable", None)
    assert "Traceback" not in ran.err
    assert program.run("verify").code == 0


def test_a_file_instead_of_a_page_is_kept_as_it_came(site: str, tmp_path: Path) -> None:
    [line] = Program(tmp_path).run("--json", "capture", f"{site}/plain.pdf", "--allow-private").lines
    assert line["sha256"]["response"] == hashlib.sha256(b"%PDF-1.4\n%%EOF\n").hexdigest()


@pytest.mark.parametrize(
    "address",
    [
        "not-an-address",
        "file:///etc/hostname",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://127.0.0.1:1/",
        "http://169.254.169.254/",
    ],
)
def test_bad_input_gets_one_sentence_code_2_and_no_vault(address: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    ran = program.run("capture", address)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert not program.vault.exists()


def test_a_caution_stops_until_yes_is_said(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    address = f"{site}/post?token=abc"
    stopped = program.run("--json", "capture", address, "--allow-private")
    assert (stopped.code, "error" in stopped.lines[0]) == (1, True)
    assert not program.vault.exists()
    went_on = program.run("--json", "capture", address, "--allow-private", "--yes", "--no-ocr")
    assert went_on.code == 0
    assert went_on.lines[0]["cautions"]


def test_a_wrong_passphrase_opens_nothing_and_says_so(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path, passphrase="four quiet words here")
    assert program.run("init").code == 0
    wrong = Program(tmp_path, passphrase="four other words here").run("list")
    assert (wrong.code, wrong.err.count("\n")) == (3, 1)
    none = Program(tmp_path).run("list")
    assert (none.code, none.err.count("\n")) == (3, 1)
    assert program.run("list").code == 0


def test_a_passphrase_can_come_through_a_file_descriptor(tmp_path: Path) -> None:
    program = Program(tmp_path, passphrase="four quiet words here")
    assert program.run("init").code == 0
    reading, writing = os.pipe()
    os.write(writing, b"four quiet words here\n")
    os.close(writing)
    ended = subprocess.run(
        program.command("--passphrase-fd", str(reading), "list"),
        env=Program(tmp_path).environment(),
        pass_fds=[reading],
        capture_output=True,
        check=False,
    )
    os.close(reading)
    assert ended.returncode == 0, ended.stderr


def test_a_vault_without_a_passphrase_says_so(tmp_path: Path) -> None:
    ran = Program(tmp_path).run("init")
    assert ran.code == 0
    assert "key kept on this computer" in ran.err


def test_a_vault_that_is_another_thing_is_refused_and_left_alone(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.vault.mkdir()
    (program.vault / "notes.db").write_bytes(b"SQLite format 3\x00 something else")
    ran = program.run("list")
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert [path.name for path in program.vault.iterdir()] == ["notes.db"]


def test_without_tesseract_a_page_is_kept_and_read_later(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    missing = {"ARCHIVER_TESSERACT": str(tmp_path / "nowhere" / "tesseract")}
    ran = program.run("--json", "capture", f"{site}/post", "--allow-private", env=missing)
    assert (ran.code, ran.lines[0]["steps"]["read-ocr"]) == (0, "skipped")
    assert program.run("search", PICTURE_WORD).code == 1
    assert program.run("read", "--missing").code == 0
    assert program.run("search", PICTURE_WORD).code == 0


def test_many_addresses_come_from_a_list_and_several_go_at_once(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    listed = f"name,URL\na,{site}/post\nb,{site}/gone\n"
    ran = program.run("--json", "capture", "--from", "-", "--jobs", "2", "--allow-private", "--no-ocr", stdin=listed)
    assert ran.code == 0, ran.err
    assert {line["capture"] for line in ran.lines} == {"C1", "C2"}


def test_no_plaintext_is_left_after_a_run_or_a_kill(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert program.run("capture", f"{site}/post", "--allow-private").code == 0
    started = subprocess.Popen(
        program.command("capture", f"{site}/post", "--allow-private"),
        cwd=tmp_path,
        env=program.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert started.stderr is not None
    started.stderr.readline()  # "kept": the readings are being made now
    os.kill(started.pid, signal.SIGKILL)
    started.communicate(timeout=60)  # ends when the last process that holds the pipes has ended: nothing stays behind
    assert program.run("verify").code == 0
    assert len(program.run("--json", "list").lines) == 2
    found = [path for path in tmp_path.rglob("*") if path.is_file() and _holds(path, HTML_WORD, PICTURE_WORD, "IDATx")]
    assert found == []


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_moment_loses_nothing_that_was_said_to_be_kept(site: str, tmp_path: Path, seed: int) -> None:
    program = Program(tmp_path)
    listed = "".join(f"{site}/post?n={n}\n" for n in range(40))
    (tmp_path / "list.txt").write_text(listed)
    command = program.command("capture", "--from", "list.txt", "--allow-private", "--jobs", "2")
    started = subprocess.Popen(
        command, cwd=tmp_path, env=program.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert started.stderr is not None
    rolled = random.Random(seed)
    said = [line for _ in range(rolled.randint(2, 6)) for line in [started.stderr.readline()]]
    threading.Event().wait(rolled.random())  # anywhere inside a visit, a transaction or a reading
    os.kill(started.pid, signal.SIGKILL)
    said += started.communicate(timeout=60)[1].splitlines()
    kept = {line.partition(":")[0] for line in said if " Kept at " in line}
    assert kept
    assert kept <= {line["capture"] for line in program.run("--json", "list").lines}
    assert program.run("verify").code == 0


def _holds(path: Path, *words: str) -> bool:
    data = path.read_bytes()
    return any(word.encode() in data or word.encode("utf-16-le") in data for word in words)
