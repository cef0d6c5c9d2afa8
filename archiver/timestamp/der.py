"""Just enough DER (ITU-T X.690) to ask for a time stamp and to find the parts of an answer. Never reads past an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

INTEGER, OCTETS, NULL, OID, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31
TRUE = b"\x01\x01\xff"
SHA256_OID = bytes.fromhex("608648016503040201")  # 2.16.840.1.101.3.4.2.1
CONTEXT_0 = 0xA0  # [0], constructed
LENGTH_BYTES_AT_MOST = 4


class NotDer(ValueError):
    """The bytes are not what DER would have there."""


@dataclass(frozen=True)
class Part:
    """One element inside `data`: its tag, where it starts, where its content starts, and where it ends."""

    data: bytes
    tag: int
    start: int
    inside: int
    end: int

    @property
    def content(self) -> bytes:
        return self.data[self.inside : self.end]

    @property
    def whole(self) -> bytes:
        return self.data[self.start : self.end]

    def parts(self) -> list[Part]:
        return list(_parts(self.data, self.inside, self.end))

    def part(self, n: int, tag: int) -> Part:
        """The n-th element inside, which has that tag. Raises NotDer."""
        parts = self.parts()
        if n >= len(parts) or parts[n].tag != tag:
            raise NotDer(f"no element of tag {tag:#x} at place {n}")
        return parts[n]

    def integer(self) -> int:
        if self.tag != INTEGER or self.inside == self.end:
            raise NotDer("not an integer")
        return int.from_bytes(self.content, "big", signed=True)


def read(data: bytes) -> Part:
    """The one element that the bytes are. Raises NotDer, also where bytes follow it."""
    found = _read(data, 0, len(data))
    if found.end != len(data):
        raise NotDer("bytes follow the end")
    return found


def element(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def _parts(data: bytes, at: int, end: int) -> Iterator[Part]:
    while at < end:
        found = _read(data, at, end)
        yield found
        at = found.end


def _read(data: bytes, start: int, limit: int) -> Part:
    if start + 2 > limit or data[start] & 0x1F == 0x1F:
        raise NotDer("an element is cut short, or has a tag of several bytes")
    length, inside = data[start + 1], start + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= LENGTH_BYTES_AT_MOST or inside + count > limit:
            raise NotDer("an element has no definite length")
        length, inside = int.from_bytes(data[inside : inside + count], "big"), inside + count
    if inside + length > limit:
        raise NotDer("an element is cut short")
    return Part(data, data[start], start, inside, inside + length)
