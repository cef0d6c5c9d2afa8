"""Closes bytes for someone else's age key (X25519): only they can open them again. Keeps no key and opens nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import pyrage

from archiver.errors import UsageError


def recipient(text: str) -> pyrage.x25519.Recipient:
    """The public key that begins with `age1`. Raises UsageError where it is none."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise UsageError(
            "That is no age key: it begins with age1 and has 62 characters. Nothing was written."
        ) from error


def seal_stream(reader: IO[bytes], writer: IO[bytes], recipients: Sequence[str]) -> None:
    """Everything from `reader`, closed for each of the recipients, into `writer`. Raises UsageError, OSError."""
    pyrage.encrypt_io(reader, writer, [recipient(text) for text in recipients])
