"""Bundles as they are written: their forms, what is in them and what is not, and what a failure leaves behind."""

from __future__ import annotations

import base64
import gzip
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import bagit
import pyrage
import pytest
import pyzipper

from archiver import vault
from archiver.bundle.bag import Bag, Folder
from archiver.bundle.choose import LOGIN, PLACE, Asked, choose
from archiver.bundle.hidden import layers, tells_a_place
from archiver.bundle.write import BundleUnsound, How
from archiver.errors import UsageError, VaultDamaged
from archiver.integrity import commitment
from archiver.records import Artifact, Finding, Provenance
from archiver.verify import verify
from tests.bundle.bags import PRIVATE, bundled, faults, fill, picture_with_place, written
from tests.vault.made import AT, SECRET, filled, flip, page_artifacts, raw, snapshot

WORDS = "six made up words drawn by chance"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "vault"
    fill(folder)
    return folder


def test_bagit_takes_the_folder_for_a_whole_bag(kept: Path, tmp_path: Path) -> None:
    (made,) = bundled(kept, tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.is_valid()
    assert bag.version == "1.0"
    assert len(list(bag.payload_files())) + len(list(bag.tagfile_entries())) + 3 == made.files
    (tmp_path / "bag/data/index.html").write_text("changed")
    assert not bagit.Bag(str(tmp_path / "bag")).is_valid()


def test_what_was_handed_over_is_in_the_log_by_id_and_hash(kept: Path, tmp_path: Path) -> None:
    (made,) = bundled(kept, tmp_path / "bag", Asked(ids=("c2",)))
    with vault.open_vault(kept, secret=SECRET) as opened:
        entry = opened.entry(made.entry)
        assert entry.kind == "bundle"
        assert (entry.body["captures"], entry.body["left_out"]) == (["C2"], 2)
        assert entry.body["tag_manifest"] == made.tag_manifest
        assert entry.body["commitment"] == (tmp_path / "bag/log/checkpoint.txt").read_text().split("\n")[2]
        assert findings(opened) == []
        assert (tmp_path / "bag/log/entries/entry-4.json").read_bytes() == opened.entry(4).data
    there = {path.name for path in (tmp_path / "bag/log/entries").iterdir()}
    assert there == {"entry-1.json", "entry-4.json"}


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (Asked(), ["C1", "C2", "C3"]),
        (Asked(ids=("C3", "c1")), ["C1", "C3"]),
        (Asked(since="2026-03-02"), ["C2", "C3"]),
        (Asked(since="2026-03-02", until="2026-03-02"), ["C2"]),
        (Asked(account="@AlexM@social.test"), ["C1", "C2", "C3"]),
        (Asked(account="bea", until="2026-03-01"), ["C1"]),
        (Asked(words='"hear from me"', since="2026-03-03"), ["C3"]),
    ],
)
def test_what_was_asked_is_what_is_chosen(kept: Path, asked: Asked, ids: list[str]) -> None:
    with vault.open_vault(kept, secret=SECRET) as opened:
        chosen = choose(opened, asked, at=AT)
    assert [exhibit.capture for exhibit in chosen.exhibits] == ids
    assert [exhibit.label for exhibit in chosen.exhibits] == [f"AB/{n}" for n in range(1, len(ids) + 1)]
    assert {left.capture for left in chosen.left_out} == {"C1", "C2", "C3"} - set(ids)


def test_nothing_that_fits_is_said_and_nothing_is_written(kept: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Nothing that is kept fits"):
        bundled(kept, tmp_path / "bag", Asked(words="aquamarine"))
    assert list(tmp_path.iterdir()) == []


def test_no_private_word_is_in_any_layer_of_a_default_bundle(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    fill(folder)
    login = Provenance(tool="Archiver 0.1.0", logged_in_as="cerulean.account")
    with vault.open_vault(folder, secret=SECRET) as opened:
        opened.append_capture(snapshot(8, provenance=login, artifacts=page_artifacts(8)), note=PRIVATE)
        opened.append_capture(snapshot(9, artifacts=(*page_artifacts(9), picture_with_place())))
        chosen = choose(opened, Asked(), at=AT)
        assert [(left.capture, left.why) for left in chosen.left_out] == [("C4", LOGIN)]
        assert [o.held_back for o in chosen.exhibits[-1].originals] == ["", "", PLACE]
        written(opened, chosen, tmp_path / "bag", How())
        written(opened, chosen, tmp_path / "bag.zip", How(zipped=True))
    canaries = [PRIVATE, "cerulean.account", str(Path.home()), str(folder), str(tmp_path)]
    for path in [tmp_path / "bag.zip", *(tmp_path / "bag").rglob("*")]:
        if path.is_file():
            for layer in layers(path.read_bytes()):
                assert [word for word in canaries if word.encode() in layer or word.encode("utf-16-le") in layer] == []
                assert not tells_a_place(layer)
    with zipfile.ZipFile(tmp_path / "bag.zip") as packed:
        assert packed.comment == b""
        for info in packed.infolist():
            assert (info.comment, info.date_time, info.external_attr >> 16) == (b"", (1980, 1, 1, 0, 0, 0), 0o644)
    assert faults(tmp_path / "bag") == faults(tmp_path / "bag.zip") == []


def test_what_is_held_back_leaves_when_it_is_asked_for(tmp_path: Path) -> None:
    with vault.create(tmp_path / "vault", secret=SECRET) as opened:
        login = Provenance(tool="Archiver 0.1.0", logged_in_as="cerulean.account")
        opened.append_capture(snapshot(1, provenance=login, artifacts=(*page_artifacts(1), picture_with_place())))
        with pytest.raises(UsageError, match="Nothing that is kept fits"):
            choose(opened, Asked(), at=AT)
        chosen = choose(opened, Asked(with_logins=True, with_places=True), at=AT)
        written(opened, chosen, tmp_path / "bag", How())
    assert (tmp_path / "bag/data/originals/AB-1/companion-001.jpg").read_bytes() == picture_with_place().data
    assert faults(tmp_path / "bag") == []


@pytest.mark.parametrize(
    "packed",
    [
        lambda data: data,
        lambda data: (
            b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + base64.encodebytes(data)
        ),
        lambda data: b'<img src="data:image/jpeg;base64,' + base64.b64encode(data) + b'">',
        lambda data: gzip.compress(data),
        lambda data: zipped(data),
    ],
)
def test_where_a_picture_was_taken_is_found_however_it_is_packed(packed: object) -> None:
    data = picture_with_place().data
    assert callable(packed)
    assert tells_a_place(packed(data))
    assert not tells_a_place(packed(data.replace(b"\x25\x88", b"\x25\x89")))


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("picture.jpg", data)
    return stream.getvalue()


def test_an_entry_of_the_first_version_that_holds_a_note_stays_and_that_is_said(tmp_path: Path) -> None:
    filled(tmp_path / "vault", captures=1)
    bundled(tmp_path / "vault", tmp_path / "bag")
    assert {path.name for path in (tmp_path / "bag/log/entries").iterdir()} == {"entry-1.json"}
    assert not any(b"note 1" in path.read_bytes() for path in (tmp_path / "bag").rglob("*") if path.is_file())
    assert faults(tmp_path / "bag") == []


def test_a_bundle_for_an_age_key_opens_with_that_key_alone(kept: Path, tmp_path: Path) -> None:
    mine, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (made,) = bundled(kept, tmp_path / "bag.zip", how=How(recipient=str(mine.to_public())))
    assert [path.name for path in tmp_path.iterdir()] == ["bag.zip.age"] == [made.path.name]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(made.path.read_bytes(), [other])
    (tmp_path / "open.zip").write_bytes(pyrage.decrypt(made.path.read_bytes(), [mine]))
    assert faults(tmp_path / "open.zip") == []
    with pytest.raises(UsageError, match="no age key"):
        bundled(kept, tmp_path / "next.zip", how=How(recipient="age1nonsense"))


def test_a_bundle_with_a_passphrase_opens_with_it_alone(kept: Path, tmp_path: Path) -> None:
    bundled(kept, tmp_path / "bag.zip", how=How(zipped=True, passphrase=WORDS))
    assert faults(tmp_path / "bag.zip", WORDS) == []
    with pytest.raises(UsageError, match="opens with a passphrase"):
        faults(tmp_path / "bag.zip")
    assert faults(tmp_path / "bag.zip", "another") != []
    data = (tmp_path / "bag.zip").read_bytes()
    assert not any(word in data for word in (b"Post number", b"hear from me", b"<html"))
    with pyzipper.AESZipFile(tmp_path / "bag.zip") as packed:
        assert all(info.wz_aes_strength == 3 for info in packed.infolist())


def test_a_bundle_is_split_into_bags_that_are_whole_by_themselves(kept: Path, tmp_path: Path) -> None:
    made = bundled(kept, tmp_path / "bag", how=How(split=700_000))
    assert [each.path.name for each in made] == ["bag-1-of-2", "bag-2-of-2"]
    assert [faults(each.path) for each in made] == [[], []]
    assert all(each.size <= 700_000 for each in made)
    assert b"Bag-Count: 2 of 2" in (tmp_path / "bag-2-of-2/bag-info.txt").read_bytes()
    assert (tmp_path / "bag-2-of-2/data/originals/AB-3").is_dir()
    assert not (tmp_path / "bag-2-of-2/data/originals/AB-1").exists()


def test_the_same_selection_gives_the_same_payload(kept: Path, tmp_path: Path) -> None:
    with vault.open_vault(kept, secret=SECRET) as opened:
        chosen = choose(opened, Asked(), at=AT)
        for name in ("one", "other"):
            written(opened, chosen, tmp_path / name, How())
    assert (tmp_path / "one/manifest-sha256.txt").read_bytes() == (tmp_path / "other/manifest-sha256.txt").read_bytes()


def test_what_is_there_is_never_written_over(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "bag").mkdir()
    with pytest.raises(UsageError, match="already"):
        bundled(kept, tmp_path / "bag")
    (tmp_path / "new.unfinished").mkdir()
    (tmp_path / "new.unfinished/letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="not known to be ours"):
        bundled(kept, tmp_path / "new")
    assert (tmp_path / "new.unfinished/letter.txt").read_text() == "mine"


def test_a_damaged_vault_gives_no_bundle_and_leaves_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "vault")
    with raw(tmp_path / "vault") as db:
        flip(db, "chunks", "data", 1)
    with pytest.raises(VaultDamaged):
        bundled(tmp_path / "vault", tmp_path / "bag")
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


def test_what_does_not_pass_its_own_check_is_not_called_ready(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Folder.put

    def lossy(self: Folder, path: str, chunks: Iterable[bytes]) -> None:  # a disk that forgets
        put(self, path, [b"" if path.endswith("tile-001.png") else chunk for chunk in chunks])

    monkeypatch.setattr(Folder, "put", lossy)
    with vault.open_vault(kept, secret=SECRET) as opened:
        size = len(opened.hashes())
    with pytest.raises(BundleUnsound, match="did not pass its own check"):
        bundled(kept, tmp_path / "bag")
    assert list(tmp_path.iterdir()) == []
    with vault.open_vault(kept, secret=SECRET) as opened:
        assert len(opened.hashes()) == size


@pytest.mark.parametrize("name", ["data/../x", "data/é", "data/con.txt", "data/a\nb", "/etc/x", "data/x ", "DATA/One"])
def test_a_name_that_not_every_system_can_hold_is_refused(name: str, tmp_path: Path) -> None:
    bag = Bag(Folder(tmp_path / "bag"))
    bag.put("data/one", (b"1",))
    with pytest.raises(UsageError):
        bag.put(name, (b"2",))


def test_a_bundle_is_checked_where_there_is_no_vault(kept: Path, tmp_path: Path) -> None:
    bundled(kept, tmp_path / "bag")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVER_")}
    command = [sys.executable, "-m", "archiver", "bundle", "check", str(tmp_path / "bag")]
    home = {"HOME": str(tmp_path / "home"), "ARCHIVER_VAULT": str(tmp_path / "none")}

    def code() -> int:
        return subprocess.run(command, env=clean | home, capture_output=True, check=False).returncode

    assert code() == 0
    (tmp_path / "bag/data/index.html").unlink()
    assert code() == 1
    assert not (tmp_path / "none").exists()


def test_an_artifact_that_came_with_half_a_name_can_leave(tmp_path: Path) -> None:
    with vault.create(tmp_path / "vault", secret=SECRET) as opened:
        odd = Artifact("companion", "application/x-odd; v=1", b"{}", url="https://x.test/ü?\n")
        opened.append_capture(snapshot(1, artifacts=(*page_artifacts(1), odd)))
        written(opened, choose(opened, Asked(), at=AT), tmp_path / "bag", How())
    assert faults(tmp_path / "bag") == []


def test_what_the_log_says_of_a_bundle_is_checked(tmp_path: Path) -> None:
    fill(tmp_path / "vault", captures=1)
    bundled(tmp_path / "vault", tmp_path / "bag")
    with vault.open_vault(tmp_path / "vault", secret=SECRET) as opened:
        assert findings(opened) == []
        size = len(opened.hashes())
        opened.append("bundle", {"size": size, "commitment": "0" * 64, "captures": ["C1"]}, at=AT)
        opened.append("backup", {"size": size + 9, "commitment": commitment(opened.hashes())}, at=AT)
        whole = {"size": size, "commitment": commitment(opened.hashes()[:size])}
        opened.append("bundle", whole | {"captures": ["C9"]}, at=AT)
        assert [(found.check, found.subject) for found in findings(opened)] == [
            ("bundles and backups", f"entry {size + n}") for n in (1, 2, 3)
        ]


def findings(opened: vault.Vault) -> list[Finding]:
    return [seen for seen in verify(opened) if isinstance(seen, Finding)]
