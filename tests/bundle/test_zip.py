"""A bundle as a zip that somebody put something into: each way is found, and a zip packed anew by others is whole."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.bundle.write import How
from tests.bundle.bags import bundled, faults, fill

MORE = "data/originals/AB-1/dom.html.txt"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("whole")
    fill(folder / "vault", captures=1)
    bundled(folder / "vault", folder / "bag.zip", how=How(zipped=True))
    return (folder / "bag.zip").read_bytes()


def added(name: str, data: bytes = b"more", **fields: object) -> Callable[[Path], object]:
    def put(path: Path) -> None:
        info = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        with zipfile.ZipFile(path, "a") as packed:
            packed.writestr(info, data)

    return put


def commented(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as packed:
        packed.comment = b"a word"


def with_a_hole(path: Path) -> None:
    """Bytes between the last file and the list of files: no program that unpacks it shows them."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        at = packed.start_dir
    moved = (at + 4).to_bytes(4, "little")
    assert data.count(at.to_bytes(4, "little")) == 1
    path.write_bytes(data[:at] + b"more" + data[at:].replace(at.to_bytes(4, "little"), moved))


CHANGED: dict[str, Callable[[Path], object]] = {
    "a file": added("bundle/data/more.txt"),
    "a file beside the folder": added("more.txt"),
    "a file that leads out": added("bundle/../more.txt"),
    "a file with a path from the root": added("/more.txt"),
    "a name in other letters": added(f"bundle/{MORE.upper()}"),
    "a name of two lines": added("bundle/data/one\ntwo"),
    "the same name twice": added(f"bundle/{MORE}"),
    "a link": added("bundle/data/link", b"/etc/hosts", create_system=3, external_attr=0o120777 << 16),
    "a folder": added("bundle/data/this was made up/", b""),
    "a comment": commented,
    "bytes behind it": lambda path: path.write_bytes(path.read_bytes() + b"more"),
    "bytes before it": lambda path: path.write_bytes(b"more" + path.read_bytes()),
    "bytes inside it": with_a_hole,
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("what", CHANGED)
def test_what_was_put_into_a_zip_is_found(what: str, whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bag.zip"
    path.write_bytes(whole)
    assert faults(path) == []
    CHANGED[what](path)
    assert faults(path) != []


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_that_others_packed_anew_is_whole(packing: int, whole: bytes, tmp_path: Path) -> None:
    (tmp_path / "bag.zip").write_bytes(whole)
    with zipfile.ZipFile(tmp_path / "bag.zip") as packed:
        packed.extractall(tmp_path / "unpacked")
    with zipfile.ZipFile(tmp_path / "again.zip", "w", packing) as again:
        for each in sorted((tmp_path / "unpacked").rglob("*")):
            again.write(each, each.relative_to(tmp_path / "unpacked").as_posix())  # folders too, and their dates
    assert faults(tmp_path / "again.zip") == []
