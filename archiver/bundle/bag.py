"""Writes a bag (BagIt 1.0, RFC 8493): every file hashed as it is written, then the lists. Knows no contents.

A bag goes into a folder or a zip, where it stays `unfinished` by name until it was checked. Nothing about this computer
goes along: no times, no owner, no comment.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

import pyzipper

from archiver.errors import UsageError
from archiver.keys.files import create_private, refused, sync_folder

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9_-])?")  # each part of a path: safe on every system
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # Windows opens devices under these
PAYLOAD = "data/"
MANIFEST, TAG_MANIFEST, SEALS = "manifest-sha256.txt", "tagmanifest-sha256.txt", "seals-sha256.txt"
SIGNATURE = "tagmanifest-sha256.sig"
DECLARATION, INFO = "bagit.txt", "bag-info.txt"
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
UNSEALED = frozenset({TAG_MANIFEST, SEALS, SIGNATURE})  # what the tag manifest can't list: it came after
STAMPS = "tagmanifest-times/"  # time-stamp tokens over the tag manifest: they came after too
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # a zip must give one; this is the first that it can say
PACKED = frozenset({".png", ".jpg", ".webp", ".gif", ".pdf", ".wacz", ".zip"})  # made smaller already
MODE = 0o644 << 16  # of a file in a zip: readable, whoever unpacks it


def came_after(path: str) -> bool:
    """Whether the tag manifest was written before it."""
    return path in UNSEALED or path.startswith(STAMPS)


class Place(Protocol):
    """Where the files of one bag go."""

    def put(self, path: str, chunks: Iterable[bytes]) -> None: ...

    def close(self) -> None: ...

    def abandon(self) -> None:
        """Lets go of what is open, without finishing it. May be called at any time."""


class Folder:
    """A folder that was not there before, mode 0700."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(mode=0o700, parents=True)

    def put(self, path: str, chunks: Iterable[bytes]) -> None:
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        for folder in {self._root, *(path for path in self._root.rglob("*") if path.is_dir())}:
            sync_folder(folder)

    def abandon(self) -> None:
        """Nothing is open between two files."""


class Zip:
    """A zip whose files stand below one folder; with a passphrase, each encrypted with AES-256 (WinZip's AE-2)."""

    def __init__(self, file: IO[bytes], top: str, passphrase: str = "") -> None:
        self._file, self._top = file, top
        if passphrase:
            self._zip = pyzipper.AESZipFile(file, "w", encryption=pyzipper.WZ_AES)
            self._zip.setpassword(passphrase.encode())
            self._info = pyzipper.zipfile_aes.AESZipInfo
        else:
            self._zip, self._info = zipfile.ZipFile(file, "w"), zipfile.ZipInfo

    def put(self, path: str, chunks: Iterable[bytes]) -> None:
        info = self._info(f"{self._top}/{path}", FIXED_DATE)
        info.compress_type = zipfile.ZIP_STORED if Path(path).suffix in PACKED else zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = 3, MODE
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)

    def close(self) -> None:
        self._zip.close()
        self._file.flush()
        if self._file.seekable():
            os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        self._zip.fp = None  # so that it does not try to finish itself on a disk that is full
        with suppress(OSError):
            self._file.close()


class Bag:
    """One bag in the making. Payload is what stands below `data/`; all else are tag files."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.written: dict[str, tuple[str, int]] = {}  # path: SHA-256 and bytes
        self._names: set[str] = set()

    def put(self, path: str, chunks: Iterable[bytes]) -> str:
        """Writes one file; its SHA-256. Raises UsageError for a name that not every system can hold."""
        if path.casefold() in self._names or not all(
            NAME.fullmatch(part) and not RESERVED.fullmatch(part) for part in path.split("/")
        ):
            raise UsageError(f"{path!r} can't be a file's name in a bundle.")
        digest, size = hashlib.sha256(), 0

        def counted() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        self._place.put(path, counted())
        self._names.add(path.casefold())
        self.written[path] = digest.hexdigest(), size
        return digest.hexdigest()

    def manifest(self) -> bytes:
        """The payload's list: SHA-256, two spaces, path; sorted, so that the same files give the same list."""
        return self._listed(path for path in self.written if path.startswith(PAYLOAD))

    def tag_manifest(self) -> bytes:
        return self._listed(path for path in self.written if not path.startswith(PAYLOAD) and not came_after(path))

    def seals(self) -> bytes:
        """What came after the tag manifest, and the tag manifest itself: so that a stray byte shows there too."""
        return self._listed(path for path in self.written if came_after(path) and path != SEALS)

    def oxum(self) -> str:
        sizes = [size for path, (_, size) in self.written.items() if path.startswith(PAYLOAD)]
        return f"{sum(sizes)}.{len(sizes)}"

    def close(self) -> None:
        self._place.close()

    def _listed(self, paths: Iterable[str]) -> bytes:
        return "".join(f"{self.written[path][0]}  {path}\n" for path in sorted(paths)).encode("ascii")


def new_file(path: Path) -> IO[bytes]:
    """A file that was not there before, that only its owner can read."""
    return os.fdopen(create_private(path), "w+b")


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What the system says while a bundle is written, as one sentence."""
    try:
        yield
    except OSError as error:
        raise refused(error, folder) from error
