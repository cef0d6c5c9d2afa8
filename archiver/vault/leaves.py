"""The rows of a damaged `notes.db`, leaf by leaf, whatever the trees above them are worth. Believes nothing it reads:
who asks holds each row against a digest or a signature. Writes nothing.

SQLite reaches a row through the first page and the pages between; one of them damaged, and all below are out of reach
though they are whole. Here each page is decrypted by itself (SQLCipher 4 with a raw key: AES-256-CBC, the vector at the
page's end). Its authentication code is left aside: a page with one bad block still has rows that are good.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.keys.blocks import decrypted
from archiver.vault.ahead import ended_pages
from archiver.vault.connection import PAGE_BYTES

RESERVED, VECTOR, BLOCK = 80, 16, 16  # bytes at a page's end that SQLCipher takes: its vector, then the code
USABLE = PAGE_BYTES - RESERVED
FILE_HEAD = 100  # bytes at the first page's start, of which 16 are no ciphertext but the database's salt
IN_FILE = -1
LEAF = 0x0D  # of a table
LEAF_HEAD, POINTER, LINK = 8, 2, 4
MOST_LOCAL = USABLE - 35  # sqlite.org/fileformat2.html, 1.6: how much of a row stands on its leaf
LEAST_LOCAL = (USABLE - 12) * 32 // 255 - 23
RECORD_BYTES = 64 << 20  # a part of an artifact has 1 MiB, and no entry comes near: what says more is damaged
INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
ZERO, ONE, BLOB, TEXT = 8, 9, 12, 13

Value = int | str | bytes | None


class Unreadable(ValueError):
    """The row, or a page on which it goes on, is damaged."""


@dataclass(frozen=True)
class Row:
    """One row as it lies on its leaf: `kinds` are its columns' serial types (fileformat2, 2.1)."""

    rowid: int
    kinds: tuple[int, ...]
    size: int  # bytes of the whole record
    start: int  # where its values begin in it
    page: int  # its leaf
    image: int  # where in the write-ahead log that image of the leaf stands; IN_FILE
    at: int  # where the record begins on it

    @property
    def shape(self) -> str:
        """The types of its columns, in their order: "null text blob"."""
        return " ".join(_type(kind) for kind in self.kinds)


class Leaves:
    """One database file as it is with one write-ahead log, if there is one. Use as a context manager."""

    def __init__(self, path: Path, key: bytes, log: Path | None = None) -> None:
        self._key = key
        self._file: BinaryIO = path.open("rb")
        self.size = self._file.seek(0, os.SEEK_END)  # bytes, with those of the log beside it
        self._log: BinaryIO | None = None
        self._images: list[tuple[int, int]] = []  # pages, and where they stand in the write-ahead log; newest last
        if log is not None and log.is_file():
            self._log = log.open("rb")
            self._images = list(ended_pages(self._log))
        self._newest = dict(self._images)
        self._pages = range(1, self.size // PAGE_BYTES + 1)  # of the file; the log may know of later ones
        self.size += len(self._images) * PAGE_BYTES

    def __enter__(self) -> Leaves:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._log is not None:
            self._log.close()

    def rows(self) -> Iterator[Row]:
        """Every row of every table that can be told to be one, on every image of its leaf: one may be bad, one good."""
        for number in self._pages:
            yield from self._rows_on(number, IN_FILE)
        for number, image in self._images:
            yield from self._rows_on(number, image)

    def _rows_on(self, number: int, image: int) -> Iterator[Row]:
        raw = self._raw(number, image)
        head = FILE_HEAD if number == 1 else 0
        if number > 1 and self._decrypted(raw, number, BLOCK)[:1] != bytes([LEAF]):
            return
        page = self._decrypted(raw, number, USABLE)
        if page[head : head + 1] == bytes([LEAF]):
            yield from _cells(page, head, number, image)

    def values(self, row: Row, first: int | None = None) -> tuple[Value, ...]:
        """Its columns, or the first so many of them. Raises Unreadable."""
        kinds = row.kinds[:first]
        record, at, values = self._record(row, row.start + sum(map(_bytes_of, kinds))), row.start, list[Value]()
        for kind in kinds:
            size = _bytes_of(kind)
            values.append(_value(kind, record[at : at + size]))
            at += size
        return tuple(values)

    def _record(self, row: Row, size: int) -> bytes:
        """Its first `size` bytes. Raises Unreadable."""
        if size > min(row.size, RECORD_BYTES):
            raise Unreadable("its values are longer than it is, or than any are")
        leaf, end = self._page(row.page, row.image), row.at + _local(row.size)
        parts, missing = [leaf[row.at : end]], size - _local(row.size)
        number = int.from_bytes(leaf[end : end + LINK], "big")
        while missing > 0:
            page = self._page(number, self._newest.get(number, IN_FILE))
            parts.append(page[LINK : LINK + min(missing, USABLE - LINK)])
            missing -= len(parts[-1])
            number = int.from_bytes(page[:LINK], "big")
        return b"".join(parts)

    def _page(self, number: int, image: int) -> bytes:
        """Raises Unreadable."""
        page = self._decrypted(self._raw(number, image), number, USABLE)
        if len(page) < USABLE:
            raise Unreadable("it goes on where there is no page")
        return page

    def _raw(self, number: int, image: int) -> bytes:
        """A page's own bytes; fewer, or none, where they are not all there."""
        file, at = (self._file, (number - 1) * PAGE_BYTES) if image == IN_FILE else (self._log, image)
        if file is None or (image == IN_FILE and number not in self._pages):
            return b""
        file.seek(at)
        return file.read(PAGE_BYTES)

    def _decrypted(self, raw: bytes, number: int, size: int) -> bytes:
        """The page's first `size` bytes; nothing where it is not all there."""
        if len(raw) < PAGE_BYTES:
            return b""
        salt = BLOCK if number == 1 else 0
        return bytes(salt) + decrypted(self._key, raw[USABLE : USABLE + VECTOR], raw[salt:size])


def _cells(page: bytes, head: int, number: int, image: int) -> Iterator[Row]:
    count = int.from_bytes(page[head + 3 : head + 5], "big")
    first = head + LEAF_HEAD
    for n in range(min(count, (USABLE - first) // POINTER)):
        at = int.from_bytes(page[first + n * POINTER : first + (n + 1) * POINTER], "big")
        try:
            yield _cell(page, at, number, image)
        except (Unreadable, IndexError):
            continue


def _cell(page: bytes, at: int, number: int, image: int) -> Row:
    """Raises Unreadable, IndexError."""
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    start, place = _varint(page, at)
    kinds = []
    while place < at + start:
        kind, place = _varint(page, place)
        kinds.append(kind)
    if place != at + start or start > _local(size) or at + _local(size) > USABLE:
        raise Unreadable("it is cut short")
    return Row(_signed(rowid), tuple(kinds), size, start, number, image, at)


def _local(size: int) -> int:
    """How many bytes of a record stand on its leaf."""
    if size <= MOST_LOCAL:
        return size
    local = LEAST_LOCAL + (size - LEAST_LOCAL) % (USABLE - LINK)
    return local if local <= MOST_LOCAL else LEAST_LOCAL


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends. Raises IndexError."""
    value = 0
    for n in range(8):
        byte = data[at + n]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    return value << 8 | data[at + 8], at + 9


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _type(kind: int) -> str:
    if kind >= BLOB:
        return "blob" if kind % 2 == 0 else "text"
    return "null" if kind == 0 else "integer"


def _bytes_of(kind: int) -> int:
    return (kind - BLOB) // 2 if kind >= BLOB else INTEGER_BYTES.get(kind, 0)


def _value(kind: int, data: bytes) -> Value:
    """Raises Unreadable."""
    if kind in INTEGER_BYTES:
        return int.from_bytes(data, "big", signed=True)
    if kind in (ZERO, ONE):
        return kind - ZERO
    if kind >= BLOB and kind % 2 == 0:
        return data
    if kind >= TEXT:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable("its text is none") from error
    if kind == 0:
        return None
    raise Unreadable("it holds what no table of ours does")
