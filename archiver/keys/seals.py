"""A seal over each slot, under a key that follows from the vault's own: a slot that was damaged is known as such before
somebody stands there with the sheet. Opens nothing and keeps nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archiver.integrity import canonical

FIELD = "seal"
SEAL = b"archiver slot seal 1"
BYTES = 32


def sealed(slot: Mapping[str, Any], *, vault: str, key: bytes) -> dict[str, Any]:
    """The slot with its seal, which is over every other field and the vault's id."""
    return {**slot, FIELD: _seal(slot, vault, key)}


def is_whole(slot: Mapping[str, Any], *, vault: str, key: bytes) -> bool:
    """Whether it is as somebody who had the vault's key made it."""
    try:
        return hmac.compare_digest(str(slot[FIELD]).encode(), _seal(slot, vault, key).encode())
    except (KeyError, ValueError, RecursionError):  # no seal, or what no slot of ours holds: a float, half a surrogate
        return False


def _seal(slot: Mapping[str, Any], vault: str, key: bytes) -> str:
    fields = {name: value for name, value in slot.items() if name != FIELD}
    own = HKDF(SHA256(), BYTES, None, SEAL).derive(key)
    return hmac.digest(own, canonical({"vault": vault, "slot": fields}), "sha256").hex()
