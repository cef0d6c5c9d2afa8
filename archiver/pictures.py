"""The pictures inside a kept page, and whether two of them show the same. Never opens a file or an address.

"The same" is two rough looks: which of two neighbouring spots is brighter, and the colours of sixteen fields. A picture
that was only packed anew passes both; one that shows something else fails one of them.
"""

from __future__ import annotations

import email
import email.policy
import io
from dataclasses import dataclass
from email.message import Message

from PIL import Image, UnidentifiedImageError

from archiver.integrity import sha256_of

MOST_PIXELS = 40_000_000  # of one picture; what is larger is compared by its bytes alone
MOST_BITS = 6  # of 64 that may differ. Packed anew at quality 40: up to 3; another picture: 20 and more
MOST_COLOUR = 28  # of 255, in the worst of the sixteen fields


@dataclass(frozen=True)
class Look:
    """What is compared: the bytes by name, then the two rough looks; none where it can't be opened."""

    sha256: str
    bits: int | None = None
    colours: tuple[int, ...] = ()


def pictures_in(mhtml: bytes) -> dict[str, bytes]:
    """Address to bytes, of every picture that the page was saved with. A damaged file gives what can be read of it."""
    message = email.message_from_bytes(mhtml, policy=email.policy.compat32)
    found: dict[str, bytes] = {}
    for part in message.walk():
        if isinstance(part, Message) and part.get_content_maintype() == "image":
            data = part.get_payload(decode=True)
            if isinstance(data, bytes) and data:
                found.setdefault(str(part.get("Content-Location", "")).strip(), data)
    return found


def look_at(data: bytes) -> Look:
    sha256 = sha256_of(data)
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return Look(sha256)
            opened.draft("RGB", (256, 256))
            plain = opened.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, MemoryError):
        return Look(sha256)
    ground = Image.new("RGBA", plain.size, "white")
    ground.alpha_composite(plain)
    rgb = ground.convert("RGB")
    grey = rgb.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (grey[at] > grey[at + 1] + 2)  # +2: a flat ground has no brighter side
    return Look(sha256, bits, tuple(rgb.resize((4, 4), Image.Resampling.BOX).tobytes()))


def same_bytes(one: Look, other: Look) -> bool:
    return one.sha256 == other.sha256


def looks_same(one: Look, other: Look) -> bool | None:
    """None where one of them could not be opened, and their bytes differ."""
    if same_bytes(one, other):
        return True
    if one.bits is None or other.bits is None:
        return None
    near = (one.bits ^ other.bits).bit_count() <= MOST_BITS
    return near and all(abs(a - b) <= MOST_COLOUR for a, b in zip(one.colours, other.colours, strict=True))
