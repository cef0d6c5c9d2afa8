"""Decrypts blocks as SQLCipher wrote them. Checks nothing: what comes out has to be held against a digest."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC


def decrypted(key: bytes, vector: bytes, blocks: bytes) -> bytes:
    """AES-256-CBC without padding. `blocks` is any number of whole blocks of 16 bytes."""
    return Cipher(AES256(key), CBC(vector)).decryptor().update(blocks)
