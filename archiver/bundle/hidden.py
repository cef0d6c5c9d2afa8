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
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

DEPTH = 3  # layers inside layers: a picture in a `data:` address in a saved page
MOST_UNPACKED = 256 << 20  # bytes of one zip or gzip that are looked through
TIFF = ((b"II*\x00", "<"), (b"MM\x00*", ">"))  # where EXIF begins, in either order of bytes
GPS_TAG, LATITUDE, LONGITUDE, RATIONAL = 0x8825, 2, 4, 5  # EXIF 2.32, 4.6.3 and 4.6.6
TAG_BYTES, MOST_TAGS = 12, 512
XMP_PLACE = re.compile(rb"exif:GPSL(?:atitude|ongitude)(?:\s*=\s*[\"']|>)\s*[\d.,]+")
DATA_URL = re.compile(rb";base64,([A-Za-z0-9+/\s]{64,}={0,2})|;base64,((?:[A-Za-z0-9+/]|%2[BbFf]|%3[Dd]){64,}={0,2})")


def tells_a_place(data: bytes, media_type: str = "") -> bool:
    """Whether any layer of the bytes says where a picture was taken."""
    return any(_has_exif_place(layer) or XMP_PLACE.search(layer) for layer in layers(data, media_type))


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
    for found in DATA_URL.finditer(data):
        text = re.sub(rb"\s+", b"", (found[1] or found[2]).replace(b"%2B", b"+").replace(b"%2F", b"/"))
        try:
            yield base64.b64decode(text[: len(text) // 4 * 4])
        except binascii.Error:
            continue


def _parts(data: bytes) -> Iterator[bytes]:
    """The parts of a saved page, unpacked."""
    for part in email.message_from_bytes(data, policy=email.policy.compat32).walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload


def _members(data: bytes) -> Iterator[bytes]:
    """The files of a zip, as far as they can be unpacked within bounds."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for member in packed.infolist():
                left -= member.file_size
                if left < 0:
                    return
                yield packed.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError):
        return


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
