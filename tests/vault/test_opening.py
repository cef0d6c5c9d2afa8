"""Making and opening: a folder that is something else is named in one sentence and left as it was."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver import keys, vault
from archiver.errors import UsageError, VaultDamaged, VaultError, VaultForeign, VaultMissing, WrongKey
from archiver.vault.schema import VERSION
from tests.vault.made import CHEAP, DATABASE, PAGE_BYTES, SECRET, raw, snapshot


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every name under the folder's parent, with its bytes."""
    paths = sorted(folder.parent.rglob("*"))
    return {str(path): path.read_bytes() if path.is_file() else None for path in paths}


def truncate(size: Callable[[int], int]) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        path = folder / DATABASE
        os.truncate(path, size(path.stat().st_size))

    return cut


def plain_sqlite(folder: Path) -> None:
    (folder / DATABASE).unlink()
    with sqlite3.connect(folder / DATABASE) as db:
        db.execute("create table notes (text)")
    db.close()


def another_vaults_keys(folder: Path) -> None:
    with vault.create(folder.parent / "other", secret=SECRET):
        pass
    (folder.parent / "other" / keys.FILE).replace(folder / keys.FILE)


def newer_schema(folder: Path) -> None:
    with raw(folder, guarded=True) as db:
        db.execute("insert into migrations values (?, '')", (VERSION + 1,))


DAMAGE: dict[str, tuple[Callable[[Path], object], type[VaultError], str]] = {
    "no keys": (lambda f: (f / keys.FILE).unlink(), VaultForeign, "without its keys.json"),
    "no database": (lambda f: (f / DATABASE).unlink(), VaultForeign, "without its notes.db"),
    "keys are no JSON": (lambda f: (f / keys.FILE).write_text("{"), VaultForeign, "damaged or is something else"),
    "keys are something else": (lambda f: (f / keys.FILE).write_text("[1]"), VaultForeign, "something else"),
    "newer keys": (lambda f: (f / keys.FILE).write_text('{"v": 2, "vault": "", "slots": []}'), VaultForeign, "newer"),
    "keys of another vault": (another_vaults_keys, VaultDamaged, "keys.json"),
    "plain sqlite": (plain_sqlite, VaultForeign, "not a vault's database"),
    "empty database": (truncate(lambda size: 0), VaultForeign, "not a vault's database"),
    "database is text": (lambda f: (f / DATABASE).write_text("dear diary, " * 9_999), VaultDamaged, "damaged"),
    "one byte": (truncate(lambda size: 1), VaultForeign, "not a vault's database"),
    "half a page": (truncate(lambda size: PAGE_BYTES // 2), VaultError, "damaged"),
    "one page": (truncate(lambda size: PAGE_BYTES), VaultDamaged, "damaged"),
    "half": (truncate(lambda size: size // 2), VaultDamaged, "damaged"),
    "last byte cut": (truncate(lambda size: size - 1), VaultDamaged, "damaged"),
    "last page cut": (truncate(lambda size: size - PAGE_BYTES), VaultDamaged, "damaged"),
    "newer schema": (newer_schema, VaultForeign, "newer version"),
}


@pytest.mark.parametrize("name", sorted(DAMAGE))
def test_what_is_no_whole_vault_is_said_to_be_so_and_left_as_it_was(name: str, filled_folder: Path) -> None:
    damage, error, words = DAMAGE[name]
    damage(filled_folder)
    before = contents(filled_folder)
    with pytest.raises(error, match=words) as said:
        vault.open_vault(filled_folder, secret=SECRET)
    assert str(said.value).count(". ") <= 1  # a second one may say what to do
    assert "\n" not in str(said.value)
    assert contents(filled_folder) == before


def test_a_wrong_passphrase_is_remembered_and_changes_nothing_else(filled_folder: Path) -> None:
    before = contents(filled_folder)
    with pytest.raises(WrongKey, match=r"That passphrase does not open this vault\."):
        vault.open_vault(filled_folder, secret=keys.Passphrase("guessed", CHEAP))
    after = contents(filled_folder)
    assert [Path(name).name for name in after if name not in before] == ["tries.json"]
    assert {name: after[name] for name in before} == before


def test_where_nothing_is_there_is_no_vault(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "not there", tmp_path / "not" / "there"):
        with pytest.raises(VaultMissing, match="no vault in"):
            vault.open_vault(folder, secret=SECRET)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty"]


def test_a_folder_of_other_things_or_a_file_is_no_vault_and_none_is_made_there(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("Dear Ada")
    before = contents(tmp_path / "letters")
    for folder in (tmp_path / "letters", tmp_path / "letters" / "letter.txt"):
        with pytest.raises(VaultForeign):
            vault.open_vault(folder, secret=SECRET)
        with pytest.raises(VaultForeign):
            vault.create(folder, secret=SECRET)
    assert contents(tmp_path / "letters") == before


def test_a_vault_is_never_made_over_another(filled_folder: Path) -> None:
    before = contents(filled_folder)
    with pytest.raises(UsageError, match="already"):
        vault.create(filled_folder, secret=SECRET)
    assert contents(filled_folder) == before


def test_a_new_vault_is_readable_by_its_owner_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "vault"
    old = os.umask(0)
    try:
        with vault.create(folder, secret=SECRET) as made:
            made.append_capture(snapshot())
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    finally:
        os.umask(old)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = (DATABASE, keys.FILE, f"{DATABASE}-wal", f"{DATABASE}-shm", "inbox.json")
    assert modes == dict.fromkeys(files, 0o600) | {"inbox": 0o700}
    assert [path.name for path in folder.parent.iterdir()] == ["vault"]
    assert sorted(path.name for path in folder.iterdir()) == ["inbox", keys.FILE, DATABASE]


def test_a_vault_that_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="empty passphrase"):
        vault.create(tmp_path / "vault", secret=keys.Passphrase("", CHEAP))
    assert list(tmp_path.iterdir()) == []


def test_opening_changes_no_byte_of_a_vault_that_is_whole(filled_folder: Path) -> None:
    before = contents(filled_folder)
    with vault.open_vault(filled_folder, secret=SECRET) as opened:
        assert len(list(opened.captures())) == 3
    assert contents(filled_folder) == before


def test_the_first_entry_names_the_vault_its_maker_and_its_public_key(kept: vault.Vault) -> None:
    (entry,) = kept.entries()
    assert entry.kind == "vault"
    assert entry.body["vault"] == kept.id
    assert entry.body["tool"].startswith("Archiver ")
    assert entry.body["public_key"].startswith("-----BEGIN PUBLIC KEY-----\n")


def test_several_passphrases_and_a_device_open_one_vault_and_can_be_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    worker, device = keys.Passphrase("the worker's own", CHEAP), keys.Device(tmp_path / "device", keyring=False)
    with vault.create(folder, secret=SECRET) as made:
        made.append_capture(snapshot())
        database = (folder / DATABASE).read_bytes()
        slot = made.add_slot(worker, at="2026-03-03T09:15:00Z")
        made.add_slot(device, at="2026-03-03T09:15:00Z")
        assert (folder / DATABASE).read_bytes() == database
    for secret in (SECRET, worker, device):
        with vault.open_vault(folder, secret=secret) as opened:
            assert [capture.id for capture in opened.captures()] == ["C1"]
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.remove_slot(slot.id)
        assert [slot.kind for slot in opened.slots()] == ["passphrase", "device"]
    with pytest.raises(WrongKey):
        vault.open_vault(folder, secret=worker)


def test_settings_are_in_force_on_every_connection(filled_folder: Path) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "page_size": str(PAGE_BYTES),  # SQLCipher answers in text
        "cell_size_check": 1,
    }
    with raw(filled_folder, guarded=True) as db:
        assert {name: db.execute(f"pragma {name}").fetchone()[0] for name in expected} == expected
