"""A bundle as it lies there, for those who check it: a folder or a zip. Writes nothing, follows no link."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pyzipper

from archiver.errors import UsageError

BLOCK = 1 << 20
ENCRYPTED = 0x1  # a zip member's flag
BAD_ZIP = (zipfile.BadZipFile, pyzipper.BadZipFile)  # they are two


class Unreadable(Exception):
    """A file of the bundle can't be read; the words say why."""


class Source(Protocol):
    def names(self) -> list[str]:
        """Every file, with `/` between folders; a name may come twice."""

    def chunks(self, name: str) -> Iterator[bytes]:
        """Raises Unreadable."""


class FolderSource:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> list[str]:
        found = (path for path in self._root.rglob("*") if path.is_symlink() or not path.is_dir())
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def chunks(self, name: str) -> Iterator[bytes]:
        path = self._root / name
        if ".." in name.split("/") or name.startswith("/") or not path.resolve().is_relative_to(self._root.resolve()):
            raise Unreadable("it points out of the bundle")
        if path.is_symlink() or not path.is_file():
            raise Unreadable("it is missing, or no plain file")
        try:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    yield block
        except OSError as error:
            raise Unreadable(error.strerror or "the system refused") from error


class ZipSource:
    """The files below the zip's one folder."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        names = [info.filename for info in opened.infolist() if not info.is_dir()]
        tops = {name.partition("/")[0] for name in names if "/" in name}
        self._top = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
        self._names = [name.removeprefix(self._top) for name in names]

    def names(self) -> list[str]:
        return self._names

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._top + name) as member:
                while block := member.read(BLOCK):
                    yield block
        except KeyError as error:
            raise Unreadable("it is missing") from error
        except (*BAD_ZIP, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            raise Unreadable("its part of the zip is damaged") from error


@contextmanager
def opened(path: Path, passphrase: str = "") -> Iterator[Source]:
    """The bundle at that place. Raises UsageError where there is none that can be looked into."""
    if path.is_dir():
        yield FolderSource(path)
        return
    if not path.exists():
        raise UsageError(f"There is nothing at {path}.")
    try:
        file = pyzipper.AESZipFile(path)
    except BAD_ZIP as error:
        what = "is closed with age: open it with the key first" if path.suffix == ".age" else "is no bundle"
        raise UsageError(f"{path} {what}.") from error
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    with file:
        if any(info.flag_bits & ENCRYPTED for info in file.infolist()):
            if not passphrase:
                raise UsageError("This bundle opens with a passphrase: set ARCHIVER_BUNDLE_PASSPHRASE.")
            file.setpassword(passphrase.encode())
        yield ZipSource(file)
