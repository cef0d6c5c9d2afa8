"""A slot for a support organisation: the vault's key wrapped to its public age key (X25519). Knows no private key
but the one it is handed for opening, and keeps none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from archiver.errors import UsageError

FILE_BYTES = 64 * 1024
PREFIX = "AGE-SECRET-KEY-1"


@dataclass(frozen=True)
class Recipient:
    """Whoever holds the private half of this age key may open the vault."""

    public: str  # "age1…"

    def check(self) -> None:
        """Raises UsageError where it is no such key."""
        _parsed(self.public)


@dataclass(frozen=True)
class Identity:
    """The private half: what `age-keygen` writes into a file."""

    text: str = field(repr=False)


def identity_from(path: Path) -> Identity:
    """Raises UsageError where the file holds no private age key."""
    try:
        with path.open("rb") as file:
            text = file.read(FILE_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"No key could be read from {path}.") from error
    if not any(_identities(text)):
        raise UsageError(f"{path} holds no private age key (a line that begins with {PREFIX}).")
    return Identity(text)


def wrap(data: bytes, public: str) -> bytes:
    return bytes(pyrage.encrypt(data, [_parsed(public)]))


def unwrap(wrapped: bytes, identity: Identity) -> bytes | None:
    """None where none of the keys in the file opens it, or it was changed."""
    try:
        return bytes(pyrage.decrypt(wrapped, _identities(identity.text)))
    except (pyrage.DecryptError, ValueError):
        return None


def _parsed(public: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(public.strip())
    except pyrage.RecipientError as error:
        raise UsageError("That is not a public age key; it is one word that begins with age1.") from error


def _identities(text: str) -> list[pyrage.x25519.Identity]:
    found = []
    for line in text.splitlines():
        if line.strip().startswith(PREFIX):
            try:
                found.append(pyrage.x25519.Identity.from_str(line.strip()))
            except pyrage.IdentityError:
                continue
    return found
