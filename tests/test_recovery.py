"""The way back in: a code on paper, or a support organisation's key. Paper may be typed from carelessly."""

from __future__ import annotations

import io
import json
import random
import re
from pathlib import Path
from typing import Any

import pyrage
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import sync_playwright

from archiver import keys, vault
from archiver.browser import find_browser
from archiver.errors import UsageError, WrongKey
from archiver.keys.recovery import LETTERS, RecoveryCode, code_from
from archiver.keys.sheet import sheet
from archiver.keys.words import WORDS
from tests.vault.made import AT, DATABASE, SECRET, filled

CODE = RecoveryCode(random.Random(7).randbytes(20))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vault.create(tmp_path / "vault", secret=SECRET).close()
    return tmp_path / "vault"


def test_a_code_is_160_random_bits_with_a_checksum_in_groups_and_words() -> None:
    assert len({keys.new_code().secret for _ in range(50)}) == 50
    assert [len(group) for group in CODE.groups] == [4] * 9
    assert len(CODE.words) == 22
    assert len(set(WORDS)) == len({word[:4] for word in WORDS}) == 256


def test_groups_and_words_are_read_back_however_they_were_typed() -> None:
    for seed in range(50):
        code = RecoveryCode(random.Random(seed).randbytes(20))
        for typed in (
            str(code),
            str(code).lower(),
            str(code).replace("-", ""),
            "  ".join(code.groups),
            str(code).replace("0", "O").replace("1", "l"),
            " ".join(code.words),
            "\n".join(word.upper() for word in code.words),
            " ".join(word[:4] for word in code.words),
        ):
            assert keys.code_from(typed) == code, typed


def test_a_slip_of_the_pen_is_told_from_a_wrong_code() -> None:
    symbols, taken = str(CODE).replace("-", ""), 0
    for place in range(len(symbols)):
        other = LETTERS[(LETTERS.index(symbols[place]) + 1) % 32]
        try:
            keys.code_from(symbols[:place] + other + symbols[place + 1 :])
            taken += 1
        except UsageError:
            continue
    assert taken == 0
    for typed in ("", "zebra " * 21, "zebra " * 22, str(CODE)[:-1], f"{CODE}0", "ü" * 36, "unknown " * 22):
        with pytest.raises(UsageError, match="not a whole recovery code"):
            keys.code_from(typed)


def test_a_recovery_code_opens_the_vault_and_another_one_does_not(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        slot = opened.add_slot(CODE, at=AT)
    assert slot.kind == "recovery"
    with vault.open_vault(folder, secret=CODE) as opened:
        assert opened.id
    with pytest.raises(WrongKey, match="That recovery code"):
        vault.open_vault(folder, secret=keys.new_code())
    kept = (folder / keys.FILE).read_text()
    assert not [part for part in (*CODE.groups, CODE.secret.hex()) if part in kept]


def test_a_support_organisation_opens_with_its_own_key_and_nobody_else(folder: Path, tmp_path: Path) -> None:
    theirs, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    with vault.open_vault(folder, secret=SECRET) as opened:
        slot = opened.add_slot(keys.Recipient(str(theirs.to_public())), at=AT)
    assert (slot.kind, slot.place) == ("recipient", str(theirs.to_public()))
    file = tmp_path / "identity.txt"
    file.write_text(f"# created: today\n# public key: {theirs.to_public()}\n{theirs}\n")
    with vault.open_vault(folder, secret=keys.identity_from(file)) as opened:
        assert opened.id
    with pytest.raises(WrongKey, match="None of the keys"):
        vault.open_vault(folder, secret=keys.Identity(str(other)))


def test_what_is_no_age_key_is_refused_before_anything_is_written(folder: Path, tmp_path: Path) -> None:
    before = (folder / keys.FILE).read_bytes()
    with vault.open_vault(folder, secret=SECRET) as opened:
        for public in ("", "age1", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA", "age1" + "q" * 58):
            with pytest.raises(UsageError, match="not a public age key"):
                opened.add_slot(keys.Recipient(public), at=AT)
    assert (folder / keys.FILE).read_bytes() == before
    (tmp_path / "none").write_text("nothing here")
    for missing in (tmp_path / "none", tmp_path / "absent"):
        with pytest.raises(UsageError):
            keys.identity_from(missing)


def test_no_slot_can_be_carried_into_another_vault(folder: Path, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.add_slot(CODE, at=AT)
        opened.add_slot(keys.Recipient(str(identity.to_public())), at=AT)
    vault.create(tmp_path / "other", secret=SECRET).close()
    theirs = json.loads((folder / keys.FILE).read_text())
    mine = json.loads((tmp_path / "other" / keys.FILE).read_text())
    (tmp_path / "other" / keys.FILE).write_text(json.dumps(mine | {"slots": theirs["slots"]}))
    for secret in (CODE, keys.Identity(str(identity))):
        with pytest.raises(WrongKey):
            keys.unlock(tmp_path / "other", secret)


@pytest.mark.parametrize(
    "changed", [{"salt": "zz"}, {"salt": None}, {"wrapped": "00"}, {"nonce": 5}, {"kind": "other"}]
)
def test_a_recovery_slot_that_was_changed_does_not_open(folder: Path, changed: dict[str, Any]) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.add_slot(CODE, at=AT)
    kept = json.loads((folder / keys.FILE).read_text())
    kept["slots"][1] |= changed
    (folder / keys.FILE).write_text(json.dumps(kept))
    with pytest.raises(WrongKey):
        keys.unlock(folder, CODE)


def test_changing_the_ways_in_rewrites_nothing_that_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    filled(folder, captures=2)
    before = (folder / DATABASE).read_bytes()
    with vault.open_vault(folder, secret=SECRET) as opened:
        new = keys.Passphrase("another made up one", SECRET.cost)
        opened.add_slot(new, at=AT)
        opened.add_slot(CODE, at=AT)
        opened.remove_slot(opened.slots()[0].id)
    assert (folder / DATABASE).read_bytes() == before
    with vault.open_vault(folder, secret=new) as opened:
        assert len(list(opened.captures())) == 2


def test_a_recipient_alone_is_no_way_in_of_ones_own(folder: Path) -> None:
    with vault.open_vault(folder, secret=SECRET) as opened:
        own = opened.slots()[0].id
        opened.add_slot(keys.Recipient(str(pyrage.x25519.Identity.generate().to_public())), at=AT)
        with pytest.raises(UsageError, match="last way"):
            opened.remove_slot(own)
        opened.add_slot(CODE, at=AT)
        opened.remove_slot(own)


def test_a_sheet_holds_both_spellings_and_the_fingerprint_and_says_nothing_of_what_it_is_for() -> None:
    page = sheet(CODE, made="2026-03-03", slot="aabb", fingerprint="ab" * 32).decode()
    text = re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert " ".join(CODE.groups) in text
    assert re.sub(r"\s+", " ", text).find(" ".join(CODE.words)) > 0
    assert "abab abab" in text
    assert "<svg" in page
    for word in ("archiver", "vault", "stalk", "abuse", "harass", "evidence", "victim", "police", "passphrase", "key"):
        assert word not in page.lower(), word
    assert "<script" not in page
    assert "http://www.w3.org" in page  # SVG's own name; nothing else is named
    assert re.findall(r"(?:https?:)?//[a-z]", page.replace("http://www.w3.org/2000/svg", "")) == []


def test_the_drawn_letters_are_the_code_to_another_program_that_reads_them() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().path)
        page = browser.new_page()
        page.emulate_media(media="print")
        page.set_content(sheet(CODE, made="2026-03-03", slot="aabb", fingerprint="ab" * 32).decode())
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
        browser.close()
    (drawn,) = zxingcpp.read_barcodes(picture)
    assert code_from(drawn.text) == CODE
