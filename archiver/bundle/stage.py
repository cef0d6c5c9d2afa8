"""The place where a bag grows until it is checked: called `….unfinished`, and removed when anything goes wrong.

After a kill the next bag that is written there removes it. What is to be closed with a passphrase or a key is never on
the disk in the clear, not even meanwhile.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import IO

import pyzipper

from archiver.bundle.bag import DECLARATION, Folder, Place, Zip, new_file
from archiver.bundle.source import opened
from archiver.errors import UsageError
from archiver.keys.files import sync_folder
from archiver.keys.outward import seal_stream

UNFINISHED = ".unfinished"
MARK = "UNFINISHED.txt"
MARKED = b"This folder was not finished. Nothing in it was checked. It can be deleted.\n"
TOP = "bundle"  # the one folder in a zip


class Stage:
    """The place where a bag grows. What an earlier, killed run left there goes first; at an error all of it goes."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}{UNFINISHED}")
        self.key = ""  # of the zip that is on the disk meanwhile; empty: it is in the clear, as it is to be
        self._zip: Zip | None = None
        self._sealed = target.with_name(f"{target.name}.sealed{UNFINISHED}")

    def __enter__(self) -> Stage:
        self.target.parent.mkdir(parents=True, exist_ok=True)
        self._remove()
        return self

    def __exit__(self, *error: object) -> None:
        if self._zip is not None:
            self._zip.abandon()
        with suppress(OSError):
            self._remove()

    def folder(self) -> Place:
        folder = Folder(self.path)
        (self.path / MARK).write_bytes(MARKED)
        return folder

    def zip(self, passphrase: str, *, to_be_sealed: bool) -> Place:
        """What is to be sealed is encrypted with a chance key until then."""
        self.key = secrets.token_hex(32) if to_be_sealed else passphrase
        self._zip = Zip(new_file(self.path), TOP, self.key)
        return self._zip

    def seal(self, age_key: str) -> None:
        """Packed anew for the key's owner, file by file: nothing of it is in the clear on the way but in memory."""
        read_end, write_end = os.pipe()
        with ExitStack() as ends:
            reader, writer = ends.enter_context(os.fdopen(read_end, "rb")), os.fdopen(write_end, "wb")
            sealed = ends.enter_context(new_file(self._sealed))
            packing = _Packing(self.path, self.key, writer)
            packing.start()
            try:
                seal_stream(reader, sealed, [age_key])
            finally:
                reader.close()  # so that the packing ends, should the sealing have failed
                packing.join()
            if packing.failure is not None:
                raise packing.failure
            sealed.flush()
            os.fsync(sealed.fileno())
        self._sealed.replace(self.path)

    def finish(self) -> None:
        if self.path.is_dir():
            (self.path / MARK).unlink()
        self.path.rename(self.target)
        sync_folder(self.target.parent)

    def _remove(self) -> None:
        self._sealed.unlink(missing_ok=True)
        if self.path.is_dir() and not self.path.is_symlink():
            ours = (self.path / MARK).exists() or (self.path / DECLARATION).exists()
            if any(self.path.iterdir()) and not ours:
                raise UsageError(f"{self.path} is in the way, and is not known to be ours; nothing was written.")
            shutil.rmtree(self.path)
        else:
            self.path.unlink(missing_ok=True)


class _Packing(Thread):
    """Reads an encrypted zip and writes the same files as a plain one into a pipe."""

    def __init__(self, path: Path, passphrase: str, writer: IO[bytes]) -> None:
        super().__init__(name="packing")
        self._path, self._passphrase, self._writer = path, passphrase, writer
        self.failure: OSError | pyzipper.BadZipFile | None = None

    def run(self) -> None:
        try:
            with opened(self._path, self._passphrase) as source:
                packed = Zip(self._writer, TOP)
                try:
                    for name in source.names():
                        packed.put(name, source.chunks(name))
                    packed.close()
                finally:
                    packed.abandon()
        except (OSError, pyzipper.BadZipFile) as error:
            self.failure = error
        finally:
            with suppress(OSError):
                self._writer.close()
