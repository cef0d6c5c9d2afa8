"""What keeps a person signed in stays out of a bundle, in every layer of every file; from a visit to the zip."""

from __future__ import annotations

from pathlib import Path

from archiver import vault
from archiver.bundle.hidden import layers
from archiver.keys import Passphrase
from archiver.vault import Login
from tests.program import Program, served
from tests.vault.made import AT

SET, STORED = "opalescent-badger", "tessellated-heron"
PAGE = b"<!doctype html><title>A post</title><p>You will hear from me</p><script>fetch('/more')</script>"


def test_no_cookie_and_no_stored_login_is_in_any_layer_of_a_bundle(tmp_path: Path) -> None:
    program = Program(tmp_path, passphrase="made up words")
    pages = {"/post": (200, "text/html", PAGE), "/more": (200, "text/plain", b"more")}
    with served(pages, {"Set-Cookie": f"session={SET}; HttpOnly"}) as site:  # the second request sends it back
        assert program.run("capture", f"{site}/post", "--allow-private", "--no-ocr").code == 0
    with vault.open_vault(program.vault, secret=Passphrase("made up words")) as opened:
        opened.keep_login(Login("quiet", ("127.0.0.1",), AT, f'{{"cookies": [{{"value": "{STORED}"}}]}}'))
    for form in ("bag", "bag.zip"):
        more = ("--zip",) if form == "bag.zip" else ()
        assert program.run("bundle", "write", form, "--no-pdf", "--yes", *more).code == 0
    files = [tmp_path / "bag.zip", *(path for path in (tmp_path / "bag").rglob("*") if path.is_file())]
    seen = [layer for path in files for layer in layers(path.read_bytes())]
    assert any(b"WARC/1.1" in layer and b"You will hear from me" in layer for layer in seen)  # it is looked into
    assert [word for word in (SET, STORED) if any(word.encode() in layer for layer in seen)] == []
