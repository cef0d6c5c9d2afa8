"""What is the person's own stays out of a bundle, in every layer of every file; from a visit to the zip."""

from __future__ import annotations

import base64
from pathlib import Path

from archiver import vault
from archiver.bundle.hidden import layers
from archiver.keys import Passphrase
from archiver.vault import Login
from tests.program import Program, served
from tests.vault.made import AT

SET, STORED = "opalescent-badger", "tessellated-heron"
NOTE, USER, WORDS = "crepuscular-otter", "vermilion-stoat", "made up words of mine"
PAGE = b"<!doctype html><title>A post</title><p>You will hear from me</p><script>fetch('/more')</script>"


def spelt(word: str) -> set[bytes]:
    """The ways in which a word may stand in a file: in letters of one or two bytes, in hex, and in base64."""
    plain = word.encode()
    inside = {base64.b64encode(b"\0" * n + plain)[4 * n // 3 + 1 : -4] for n in range(3)}
    return {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode(), *inside}


def test_every_spelling_of_a_word_is_looked_for() -> None:
    for n in range(3):
        assert any(way in base64.b64encode(b"." * n + NOTE.encode() + b"...") for way in spelt(NOTE))


def test_nothing_of_the_persons_own_is_in_any_layer_of_a_bundle(tmp_path: Path) -> None:
    program = Program(tmp_path, passphrase=WORDS)
    own = {"USER": USER, "LOGNAME": USER}
    pages = {"/post": (200, "text/html", PAGE), "/more": (200, "text/plain", b"more")}
    with served(pages, {"Set-Cookie": f"session={SET}; HttpOnly"}) as site:  # the second request sends it back
        assert program.run("capture", f"{site}/post", "--allow-private", "--no-ocr", "--note", NOTE, env=own).code == 0
    with vault.open_vault(program.vault, secret=Passphrase(WORDS)) as opened:
        opened.keep_login(Login("quiet", ("127.0.0.1",), AT, f'{{"cookies": [{{"value": "{STORED}"}}]}}'))
    for form in ("bag", "bag.zip"):
        more = ("--zip",) if form == "bag.zip" else ()
        assert program.run("bundle", "write", form, "--no-pdf", "--yes", *more, env=own).code == 0
    files = [tmp_path / "bag.zip", *(path for path in (tmp_path / "bag").rglob("*") if path.is_file())]
    seen = [layer for path in files for layer in layers(path.read_bytes())]
    assert any(b"WARC/1.1" in layer and b"You will hear from me" in layer for layer in seen)  # it is looked into
    private = (SET, STORED, NOTE, USER, WORDS, str(tmp_path))
    ways = {way: word for word in private for way in spelt(word)}
    assert [(ways[way], way) for way in ways if any(way in layer for layer in seen)] == []
