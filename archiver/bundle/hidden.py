"""Finds in kept bytes what nobody sees and what must not leave unseen: where a picture was taken. Changes no byte.

A camera writes the place into the picture (EXIF, XMP). It may stand in a file of its own, in a network record, or
packed inside a saved page, a `data:` address or a zip. Each of these layers is looked through.
"""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote_to_bytes

DEPTH = 3  # layers inside layers: a picture in a `data:` address in a saved page
MOST_UNPACKED = 256 << 20  # bytes of one zip or gzip that are looked through
# What `zipfile` and what unpacks for it raise at damaged or hostile zips; seen by turning bits in one.
BROKEN_ZIP: tuple[type[Exception], ...] = (
    *(zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, OverflowError),
    *(zlib.error, lzma.LZMAError, struct.error),
)
TIFF = ((b"II*\x00", "<"), (b"MM\x00*", ">"))  # where EXIF begins, in either order of bytes
GPS_TAG, LATITUDE, LONGITUDE, RATIONAL = 0x8825, 2, 4, 5  # EXIF 2.32, 4.6.3 and 4.6.6
TAG_BYTES, MOST_TAGS = 12, 512
XMP_PLACE = re.compile(rb"exif:GPSL(?:atitude|ongitude)(?:\s*=\s*[\"']|>)\s*[\d.,]+")
# As it stands in a page, in an address, and in JSON, which may write a sign of it as `\/` or `\u002F`.
DATA_URL = re.compile(rb";base64,((?:[A-Za-z0-9+/=\s]++|%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|\\[/rn])++)")
WRITTEN_OUT = re.compile(rb"\\u00([0-9A-Fa-f]{2})|\\(?=/)|\\[rn]")
PLAIN_DATA_URL = re.compile(rb"data:(?:image|video)/[\w.+-]+,([^\s\"'<>]{64,})")
LEAST = 64  # signs: no picture that tells a place is shorter
PNG = b"\x89PNG\r\n\x1a\n"
FILM_PLACE = re.compile(rb"[+-]\d{2}\.\d{3,}[+-]\d{3}\.\d{3,}")  # ISO 6709, as phones write it into films
FILM_MARKS = (b"\xa9xyz", b".ISO6709")


def tells_a_place(data: bytes, media_type: str = "") -> bool:
    """Whether any layer of the bytes says where a picture was taken."""
    return any(_tells(layer) for layer in layers(data, media_type))


def _tells(data: bytes) -> bool:
    film = any(mark in data for mark in FILM_MARKS) and FILM_PLACE.search(data)
    return bool(film or XMP_PLACE.search(data)) or _has_exif_place(data)


def layers(data: bytes, media_type: str = "", depth: int = DEPTH) -> Iterator[bytes]:
    """The bytes themselves, then what is packed inside them."""
    yield data
    if depth:
        for inner in _packed(data, media_type.partition(";")[0].strip().lower()):
            yield from layers(inner, "", depth - 1)


def _packed(data: bytes, kind: str) -> Iterator[bytes]:
    if kind == "multipart/related" or data[:64].lower().startswith((b"from:", b"mime-version:")):
        yield from _parts(data)
    if data.startswith(b"PK\x03\x04"):
        yield from _members(data)
    if data.startswith(b"\x1f\x8b"):
        yield _inflated(data)
    for start in re.finditer(re.escape(PNG), data):
        yield from _notes(data, start.start())
    for found in DATA_URL.finditer(data):
        if len(found[1]) < LEAST:
            continue
        text = unquote_to_bytes(WRITTEN_OUT.sub(lambda sign: b"" if sign[1] is None else b"%" + sign[1], found[1]))
        text = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
        with suppress(binascii.Error):
            yield base64.b64decode(text[: len(text) // 4 * 4])
    for found in PLAIN_DATA_URL.finditer(data):
        yield unquote_to_bytes(found[1])


def _parts(data: bytes) -> Iterator[bytes]:
    """The parts of a saved page, unpacked."""
    for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload


def _members(data: bytes) -> Iterator[bytes]:
    """The files of a zip, as far as they can be unpacked within bounds; one that is damaged hides no other."""
    left = MOST_UNPACKED
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN_ZIP:
        return
    for member in packed.infolist():
        left -= member.file_size
        if left < 0:
            return
        with suppress(*BROKEN_ZIP):
            yield packed.read(member)


def _notes(data: bytes, at: int) -> Iterator[bytes]:
    """The texts in a PNG that begins there, unpacked (PNG 3, 11.3.3); and EXIF that stands in one in hex."""
    at += len(PNG)
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        name, _, body = data[at + 8 : at + 8 + size].partition(b"\0")
        if kind == b"iTXt":
            packed, body = body[:1] == b"\1", body[2:].partition(b"\0")[2].partition(b"\0")[2]
            yield _inflated(body) if packed else body
        elif kind in (b"tEXt", b"zTXt"):
            text = _inflated(body[1:]) if kind == b"zTXt" else body
            yield text
            if name.startswith(b"Raw profile type"):
                digits = re.sub(rb"\s", b"", text.lstrip(b"\n").partition(b"\n")[2].lstrip().partition(b"\n")[2])
                with suppress(binascii.Error):
                    yield binascii.unhexlify(digits[: len(digits) // 2 * 2])
        elif kind == b"IEND":
            return
        at += 12 + size


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=47).decompress(data, MOST_UNPACKED)
    except zlib.error:
        return b""


def _has_exif_place(data: bytes) -> bool:
    return any(_tiff_has_place(data, at, order) for mark, order in TIFF for at in _places_of(data, mark))


def _places_of(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _tiff_has_place(data: bytes, at: int, order: str) -> bool:
    """A directory that names a GPS directory, which holds a latitude or a longitude."""
    try:
        (first,) = struct.unpack_from(f"{order}I", data, at + 4)
        for tag, _, _, value in _tags(data, at, first, order):
            if tag == GPS_TAG:
                held = {(tag, kind) for tag, kind, _, _ in _tags(data, at, value, order)}
                return bool(held & {(LATITUDE, RATIONAL), (LONGITUDE, RATIONAL)})
    except struct.error:
        return False
    return False


def _tags(data: bytes, at: int, directory: int, order: str) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, count and value of each entry of one directory."""
    (count,) = struct.unpack_from(f"{order}H", data, at + directory)
    for n in range(min(count, MOST_TAGS)):
        yield struct.unpack_from(f"{order}HHII", data, at + directory + 2 + n * TAG_BYTES)
