"""A bundle as it lies there, for those who check it: a folder or a zip. Writes nothing, follows no link."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol

import pyzipper

from archiver.bundle.hidden import BROKEN_ZIP
from archiver.errors import UsageError

BLOCK = 1 << 20
ENCRYPTED, DESCRIBED = 0x1, 0x8  # a zip member's flags: encrypted; its sizes stand behind it
LOOSE = "it holds bytes that belong to no file"
BAD_ZIP = (*BROKEN_ZIP, pyzipper.BadZipFile)


class Unreadable(Exception):
    """A file of the bundle can't be read; the words say why."""


class Source(Protocol):
    def names(self) -> list[str]:
        """Every file, with `/` between folders; a name may come twice."""

    def folders(self) -> list[str]:
        """Every folder that stands there by itself, empty ones too."""

    def loose(self) -> str:
        """What is there beside files and folders, in words; empty: nothing."""

    def chunks(self, name: str) -> Iterator[bytes]:
        """Raises Unreadable."""


class FolderSource:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> list[str]:
        found = (path for path in self._root.rglob("*") if path.is_symlink() or not path.is_dir())
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def folders(self) -> list[str]:
        found = (path for path in self._root.rglob("*") if path.is_dir() and not path.is_symlink())
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def loose(self) -> str:
        return ""

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

    def __init__(self, opened: zipfile.ZipFile, file: IO[bytes]) -> None:
        self._zip, self._file = opened, file
        self._size = file.seek(0, os.SEEK_END)
        self._folders = [info.filename.rstrip("/") for info in opened.infolist() if info.is_dir()]
        names = [info.filename for info in opened.infolist() if not info.is_dir()]
        tops = {name.partition("/")[0] for name in names if "/" in name}
        self._top = f"{tops.pop()}/" if len(tops) == 1 and all("/" in name for name in names) else ""
        self._names = [name.removeprefix(self._top) for name in names]

    def names(self) -> list[str]:
        return self._names

    def folders(self) -> list[str]:
        return [name.removeprefix(self._top) for name in self._folders if f"{name}/" != self._top]

    def loose(self) -> str:
        """Comments, and bytes before, between or behind the files: no list could name them."""
        if self._zip.comment or any(info.comment for info in self._zip.infolist()):
            return "it has a comment"
        at = 0
        for info in sorted(self._zip.infolist(), key=lambda info: info.header_offset):
            if info.header_offset != at:
                return LOOSE
            at = self._after(info)
        return "" if at == self._zip.start_dir and self._ends_there(at) else LOOSE

    def _after(self, info: zipfile.ZipInfo) -> int:
        """Where the file's part of the zip ends (APPNOTE 4.3.7 and 4.3.9)."""
        name, extra = struct.unpack("<HH", self._read(info.header_offset + 26, 4))
        at: int = info.header_offset + 30 + name + extra + info.compress_size
        if not info.flag_bits & DESCRIBED:
            return at
        signed = 4 if self._read(at, 4) == b"PK\x07\x08" else 0
        wide = struct.pack("<QQ", info.compress_size, info.file_size)
        return at + signed + (20 if self._read(at + signed + 4, 16) == wide else 12)

    def _ends_there(self, at: int) -> bool:
        """Whether the list of files (4.3.12), and what closes it (4.3.14 to 4.3.16), is all that comes."""
        while (head := self._read(at, 46))[:4] == b"PK\x01\x02":
            at += 46 + sum(struct.unpack("<HHH", head[28:34]))
        if self._read(at, 4) == b"PK\x06\x06":
            at += 12 + int(struct.unpack("<Q", self._read(at + 4, 8))[0]) + 20
        return self._read(at, 4) == b"PK\x05\x06" and at + 22 == self._size

    def _read(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size).ljust(size, b"\0")

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(self._top + name) as member:
                while block := member.read(BLOCK):
                    yield block
        except KeyError as error:
            raise Unreadable("it is missing") from error
        except BAD_ZIP as error:
            raise Unreadable("its part of the zip is damaged") from error


@contextmanager
def opened(path: Path, passphrase: str = "") -> Iterator[Source]:
    """The bundle at that place. Raises UsageError where there is none that can be looked into."""
    if path.is_dir():
        yield FolderSource(path)
        return
    if not path.exists():
        raise UsageError(f"There is nothing at {path}.")
    with ExitStack() as ends:
        try:
            file = ends.enter_context(path.open("rb"))
            packed = ends.enter_context(pyzipper.AESZipFile(file))
        except BAD_ZIP as error:
            if isinstance(error, OSError) and error.strerror:
                raise UsageError(f"{path} can't be read: {error.strerror}.") from error
            what = "is closed with age: open it with the key first" if path.suffix == ".age" else "is no bundle"
            raise UsageError(f"{path} {what}.") from error
        if any(info.flag_bits & ENCRYPTED for info in packed.infolist()):
            if not passphrase:
                raise UsageError("This bundle opens with a passphrase: set ARCHIVER_BUNDLE_PASSPHRASE.")
            packed.setpassword(passphrase.encode())
        yield ZipSource(packed, file)
