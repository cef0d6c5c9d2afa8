"""Slots open the vault for who may, say so in one sentence to who may not, and lose nothing they do not know."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path
from typing import Any

import pyrage
import pytest

from archiver import keys
from archiver.errors import DiskFull, UsageError, VaultError, VaultForeign, VaultMissing, WrongKey
from archiver.keys import device
from archiver.keys.files import write_readable

CHEAP = keys.KdfCost(iterations=1, memory_kib=64, lanes=1, for_tests=True)
AT = "2026-03-03T09:15:00Z"
VAULT, KEY = "5e" * 16, bytes(range(32))
MINE = keys.Passphrase("four made up words", CHEAP)
RING = '''
import pathlib, time
from keyring.backend import KeyringBackend

class Ring(KeyringBackend):
    """Keeps passwords in the folder that this file lies in."""
    priority = 5
    folder = pathlib.Path(__file__).parent / "kept"

    def get_password(self, service, name):
        path = self.folder / f"{service}-{name}"
        return path.read_text() if path.exists() else None

    def set_password(self, service, name, password):
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{service}-{name}").write_text(password)

    def delete_password(self, service, name):
        (self.folder / f"{service}-{name}").unlink()

class Weak(Ring):
    priority = 0.5

class Failing(Ring):
    def set_password(self, service, name, password):
        raise RuntimeError("the keyring is locked")

class Forgetful(Ring):
    def get_password(self, service, name):
        return None

class Hanging(Ring):
    def set_password(self, service, name, password):
        while True:
            time.sleep(1)  # the made-up keyring that hangs, in a child that is ended
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "vault"
    made.mkdir()
    keys.write_new(made, vault=VAULT, key=KEY, secret=MINE, at=AT)
    return made


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a real keyring backend in place, by the name of its class above."""
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "madeup_ring.py").write_text(RING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "ring"))
    return lambda name: monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"madeup_ring.{name}")


def written(folder: Path) -> dict[str, Any]:
    return json.loads((folder / keys.FILE).read_text())


def test_the_passphrase_that_made_a_slot_opens_it(folder: Path) -> None:
    opened = keys.unlock(folder, keys.Passphrase("four made up words"))
    assert (opened.vault, opened.key, opened.slot.kind) == (VAULT, KEY, "passphrase")
    assert KEY.hex() not in (folder / keys.FILE).read_text()
    assert stat.S_IMODE((folder / keys.FILE).stat().st_mode) == 0o600


def test_a_passphrase_opens_however_its_accents_were_typed(tmp_path: Path) -> None:
    keys.write_new(tmp_path, vault=VAULT, key=KEY, secret=keys.Passphrase("Caf\u00e9 M\u00fcnchen", CHEAP), at=AT)
    assert keys.unlock(tmp_path, keys.Passphrase("Cafe\u0301 Mu\u0308nchen")).key == KEY


@pytest.mark.parametrize("words", ["", "four made up word", "Four made up words", "four made up words ", "\udcff"])
def test_any_other_passphrase_is_told_so_in_one_sentence(folder: Path, words: str) -> None:
    with pytest.raises(WrongKey, match=r"^That passphrase does not open this vault\.$"):
        keys.unlock(folder, keys.Passphrase(words))


def test_a_passphrase_that_is_no_unicode_still_opens_what_it_made(tmp_path: Path) -> None:
    odd = keys.Passphrase("abc\udcff\ud83d", CHEAP)  # as a shell hands over bytes that are no UTF-8
    keys.write_new(tmp_path, vault=VAULT, key=KEY, secret=odd, at=AT)
    assert keys.unlock(tmp_path, odd).key == KEY


def test_the_defaults_are_those_of_the_design() -> None:
    cost = keys.Passphrase("x").cost
    assert (cost.iterations, cost.memory_kib, cost.lanes) == (3, 256 * 1024, 4)


def test_a_slot_made_with_the_defaults_opens_within_seconds(tmp_path: Path) -> None:
    keys.write_new(tmp_path, vault=VAULT, key=KEY, secret=keys.Passphrase("long enough"), at=AT)
    started = time.perf_counter()
    assert keys.unlock(tmp_path, keys.Passphrase("long enough")).key == KEY
    assert time.perf_counter() - started < 60  # under 1 s on a quiet machine
    slot = written(tmp_path)["slots"][0]
    assert (slot["kdf"], slot["iterations"], slot["memory_kib"], slot["lanes"]) == ("argon2id", 3, 262_144, 4)


@pytest.mark.parametrize("cost", [keys.KdfCost(1, 262_144, 4), keys.KdfCost(3, 1_024, 4), keys.KdfCost(3, 262_144, 0)])
def test_a_slot_cheap_enough_to_guess_is_not_made(tmp_path: Path, cost: keys.KdfCost) -> None:
    with pytest.raises(ValueError):
        keys.write_new(tmp_path, vault=VAULT, key=KEY, secret=keys.Passphrase("x", cost), at=AT)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="empty"):
        keys.write_new(tmp_path, vault=VAULT, key=KEY, secret=keys.Passphrase("", CHEAP), at=AT)


def test_keys_are_never_written_over_others(folder: Path) -> None:
    before = (folder / keys.FILE).read_bytes()
    with pytest.raises(UsageError, match="already"):
        keys.write_new(folder, vault=VAULT, key=KEY, secret=MINE, at=AT)
    assert (folder / keys.FILE).read_bytes() == before


def test_each_of_several_passphrases_opens_the_same_key(folder: Path) -> None:
    added = keys.add_slot(folder, key=KEY, secret=keys.Passphrase("the worker's", CHEAP), at=AT)
    assert keys.unlock(folder, keys.Passphrase("the worker's")).slot == added
    assert keys.unlock(folder, MINE).key == KEY
    keys.remove_slot(folder, added.id)
    with pytest.raises(WrongKey):
        keys.unlock(folder, keys.Passphrase("the worker's"))
    assert keys.unlock(folder, MINE).key == KEY


def test_the_last_way_in_cannot_be_taken_away(folder: Path) -> None:
    unknown = {"id": "aa", "kind": "hardware", "made": AT}
    (folder / keys.FILE).write_text(json.dumps(written(folder) | {"slots": [*written(folder)["slots"], unknown]}))
    (slot, _) = keys.slots(folder)
    with pytest.raises(UsageError, match="last way"):
        keys.remove_slot(folder, slot.id)
    with pytest.raises(UsageError, match="no slot"):
        keys.remove_slot(folder, "nothing")
    assert keys.unlock(folder, MINE).key == KEY


def test_slots_and_fields_of_a_later_version_are_kept_as_they_are(folder: Path) -> None:
    recovery = {"id": "r1", "kind": "hardware", "made": AT, "words": 12, "nested": {"deep": [1, None, "ü"]}}
    recipient = {"id": "r2", "kind": "committee", "age": "age1…"}
    kept = written(folder)
    kept["slots"][0]["hint"] = "kept too"
    whole = kept | {"slots": [recovery, *kept["slots"], recipient], "later": True}
    (folder / keys.FILE).write_text(json.dumps(whole))
    assert keys.unlock(folder, MINE).key == KEY
    added = keys.add_slot(folder, key=KEY, secret=keys.Passphrase("another", CHEAP), at=AT)
    assert written(folder)["slots"][:-1] == whole["slots"]
    keys.remove_slot(folder, added.id)
    assert written(folder) == whole
    assert [slot.kind for slot in keys.slots(folder)] == ["hardware", "passphrase", "committee"]


@pytest.mark.parametrize(
    "changed",
    [
        {"vault": "00" * 16},
        {"id": "ffff"},
        {"wrapped": "00" * 48},
        {"wrapped": "zz"},
        {"wrapped": ""},
        {"nonce": ""},
        {"salt": "00" * 16},
        {"salt": ""},
        {"salt": None},
        {"iterations": 2},
        {"iterations": "many"},
        {"iterations": -1},
        {"iterations": 10**30},
        {"memory_kib": 2**40},
        {"memory_kib": 0},
        {"lanes": 2**30},
        {"kdf": "none"},
    ],
    ids=str,
)
def test_a_slot_that_was_changed_does_not_open_and_costs_nothing(folder: Path, changed: dict[str, Any]) -> None:
    kept = written(folder)
    (kept if "vault" in changed else kept["slots"][0]).update(changed)
    (folder / keys.FILE).write_text(json.dumps(kept))
    started = time.perf_counter()
    with pytest.raises(WrongKey):
        keys.unlock(folder, MINE)
    assert time.perf_counter() - started < 20  # what was written into it would take minutes


def test_a_slot_cannot_be_carried_into_another_vault(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    keys.write_new(other, vault="77" * 16, key=bytes(32), secret=keys.Passphrase("other", CHEAP), at=AT)
    (other / keys.FILE).write_text(json.dumps(written(other) | {"slots": written(folder)["slots"]}))
    with pytest.raises(WrongKey):
        keys.unlock(other, MINE)


def test_after_any_one_byte_was_changed_the_right_key_comes_out_or_none(folder: Path) -> None:
    path = folder / keys.FILE
    whole = path.read_bytes()
    opened = 0
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            opened += keys.unlock(folder, MINE).key == KEY
        except (WrongKey, VaultForeign):
            continue
    assert opened < len(whole) // 4  # white space, the time it was made, the case of a digit


def test_any_one_changed_byte_in_any_slot_is_known_to_who_has_the_key(folder: Path) -> None:
    """A sheet that lies in a drawer for years must not turn out to be for a slot that was damaged meanwhile."""
    for secret in (keys.new_code(), keys.Recipient(str(pyrage.x25519.Identity.generate().to_public()))):
        keys.add_slot(folder, key=KEY, secret=secret, at=AT)
    path = folder / keys.FILE
    whole, meant, named = path.read_bytes(), written(folder), 0
    assert keys.slot_faults(folder, key=KEY) == []
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            faults = keys.slot_faults(folder, key=KEY)
        except VaultForeign:
            continue
        now = written(folder)
        same = now["slots"] == meant["slots"] and now["vault"] == meant["vault"]
        assert same or faults, at
        named += bool(faults)
    assert named > len(whole) // 2


def test_which_slot_was_damaged_is_said_and_another_does_not_make_it_good(folder: Path) -> None:
    bad = keys.add_slot(folder, key=KEY, secret=keys.new_code(), at=AT)
    kept = written(folder)
    kept["slots"][1]["wrapped"] = "00" + kept["slots"][1]["wrapped"][2:]
    (folder / keys.FILE).write_text(json.dumps(kept))
    keys.add_slot(folder, key=KEY, secret=keys.new_code(), at=AT)
    ((slot, fault),) = keys.slot_faults(folder, key=KEY)
    assert (slot, "add another" in fault) == (bad, True)
    keys.remove_slot(folder, bad.id)
    assert keys.slot_faults(folder, key=KEY) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"v": 1}', '{"v": "1", "vault": "", "slots": []}', "\x00\xff"]
)
@pytest.mark.parametrize("secret", [MINE, keys.Device(keyring=False)], ids=["passphrase", "device"])
def test_a_file_that_is_no_keys_is_said_to_be_so(tmp_path: Path, text: str, secret: keys.Secret) -> None:
    (tmp_path / keys.FILE).write_bytes(text.encode("latin-1"))
    with pytest.raises(VaultForeign, match=r"keys\.json is damaged or is something else"):
        keys.unlock(tmp_path, secret)
    assert keys.has_device_slot(tmp_path) is False


def test_no_keys_at_all_are_said_to_be_missing(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "not there"):
        with pytest.raises(VaultMissing, match="no vault in"):
            keys.slots(folder)
        assert keys.has_device_slot(folder) is False


def test_a_folder_of_other_things_is_not_an_empty_place_for_a_vault(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ada")
    for folder in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(VaultForeign):
            keys.slots(folder)
        assert keys.has_device_slot(folder) is False


def test_a_failed_rewrite_leaves_the_old_keys_and_nothing_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / keys.FILE).read_bytes()

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(Exception, match="no room left"):
        keys.add_slot(folder, key=KEY, secret=keys.Passphrase("another", CHEAP), at=AT)
    assert [path.name for path in folder.iterdir()] == [keys.FILE]
    assert (folder / keys.FILE).read_bytes() == before


def test_without_a_keyring_the_devices_key_is_a_file_outside_that_only_its_owner_can_read(tmp_path: Path) -> None:
    folder, away = tmp_path / "vault", tmp_path / "settings" / "keys"
    folder.mkdir()
    here = keys.Device(away, keyring=False)
    slot = keys.write_new(folder, vault=VAULT, key=KEY, secret=here, at=AT)
    assert (slot.kind, slot.place) == ("device", "file")
    (kept,) = away.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(away.stat().st_mode) == 0o700
    assert keys.has_device_slot(folder)
    assert keys.unlock(folder, here).key == KEY
    assert kept.read_text().strip() not in (folder / keys.FILE).read_text()
    with pytest.raises(WrongKey, match="No passphrase has been set"):
        keys.unlock(folder, MINE)
    kept.unlink()
    with pytest.raises(WrongKey, match="can't be found"):
        keys.unlock(folder, here)


def test_a_devices_key_is_not_put_inside_the_vault(tmp_path: Path) -> None:
    inside = keys.Device(tmp_path / "keys", keyring=False)
    with pytest.raises(UsageError, match="inside the vault"):
        keys.write_new(tmp_path, vault=VAULT, key=KEY, secret=inside, at=AT)
    assert list(tmp_path.iterdir()) == []


def test_removing_a_devices_slot_removes_its_key(folder: Path, tmp_path: Path) -> None:
    here = keys.Device(tmp_path / "keys", keyring=False)
    slot = keys.add_slot(folder, key=KEY, secret=here, at=AT)
    keys.remove_slot(folder, slot.id, held=here)
    assert list((tmp_path / "keys").iterdir()) == []


def test_a_slots_id_cannot_name_a_file_elsewhere(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("00" * 32)
    kept = written(folder)
    kept["slots"] = [{"id": "../secret", "kind": "device", "place": "file", "nonce": "00", "wrapped": "00"}]
    (folder / keys.FILE).write_text(json.dumps(kept))
    with pytest.raises(WrongKey):
        keys.unlock(folder, keys.Device(tmp_path / "keys", keyring=False))


def test_a_keyring_is_used_where_there_is_one(folder: Path, tmp_path: Path, ring: Any) -> None:
    ring("Ring")
    here = keys.Device(tmp_path / "keys")
    slot = keys.add_slot(folder, key=KEY, secret=here, at=AT)
    assert slot.place == "keyring"
    assert not (tmp_path / "keys").exists()
    assert keys.unlock(folder, here).key == KEY
    keys.remove_slot(folder, slot.id, held=here)
    assert list((tmp_path / "ring" / "kept").iterdir()) == []


@pytest.mark.parametrize("backend", ["Weak", "Failing", "Forgetful", "Hanging", "NotThere"])
def test_a_keyring_that_cannot_be_used_is_passed_over(
    folder: Path, tmp_path: Path, ring: Any, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring(backend)
    monkeypatch.setattr(device, "PATIENCE", 2.0)
    here = keys.Device(tmp_path / "keys")
    started = time.perf_counter()
    assert keys.add_slot(folder, key=KEY, secret=here, at=AT).place == "file"
    assert keys.unlock(folder, here).key == KEY
    assert time.perf_counter() - started < 60  # some hang for ever


def test_without_a_screen_no_keyring_is_even_asked(
    folder: Path, tmp_path: Path, ring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring("Hanging")
    for name in ("PYTHON_KEYRING_BACKEND", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setattr(device.sys, "platform", "linux")
    monkeypatch.setattr(device.subprocess, "run", None)
    assert keys.add_slot(folder, key=KEY, secret=keys.Device(tmp_path / "keys"), at=AT).place == "file"


def test_a_removed_slot_is_in_nothing_that_a_killed_writer_left(folder: Path) -> None:
    added = keys.add_slot(folder, key=KEY, secret=keys.Passphrase("the worker's", CHEAP), at=AT)
    left = folder / f"{keys.FILE}.0a1b2c3d.new"
    left.write_bytes((folder / keys.FILE).read_bytes())
    keys.remove_slot(folder, added.id)
    assert [path.name for path in folder.iterdir()] == [keys.FILE]


def test_what_can_be_read_lies_under_no_name_but_the_one_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[str] = []

    def refuse(descriptor: int) -> None:
        there.extend(path.name for path in tmp_path.iterdir())
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(DiskFull):
        patched.setattr(os, "fsync", refuse)
        write_readable(tmp_path / "sheet.html", b"the code")
    assert (there, list(tmp_path.iterdir())) == (["sheet.html"], [])
    write_readable(tmp_path / "sheet.html", b"the code")
    assert (tmp_path / "sheet.html").stat().st_mode & 0o777 == 0o600
    with pytest.raises(VaultError):
        write_readable(tmp_path / "sheet.html", b"another")
    assert (tmp_path / "sheet.html").read_bytes() == b"the code"
