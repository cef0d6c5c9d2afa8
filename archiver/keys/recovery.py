"""Recovery codes: 160 random bits with a checksum, as groups of letters and digits and as words. Keeps none of them.

The letters are Crockford's base32 (no I, L, O, U), so that what is read from paper can be typed without doubt. The
checksum tells a slip of the pen from a wrong code: a slip is not counted as a try.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from archiver.errors import UsageError
from archiver.keys.words import WORDS

SECRET_BYTES = 20  # 160 bits: no guessing, so no slow derivation is needed
CHECK_BYTES = 2
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")
GROUP = 4
SYMBOLS = -(-(SECRET_BYTES + CHECK_BYTES) * 8 // 5)  # 36: nine groups of four
UNREADABLE = "That is not a whole recovery code; compare it with the sheet, letter by letter."


@dataclass(frozen=True)
class RecoveryCode:
    """What stands on the sheet. Opens the vault like a passphrase, and nothing can be learnt from a part of it."""

    secret: bytes = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        number = int.from_bytes(self._checked(), "big") << (SYMBOLS * 5 - len(self._checked()) * 8)
        symbols = "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(SYMBOLS)))
        return tuple(symbols[at : at + GROUP] for at in range(0, SYMBOLS, GROUP))

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(WORDS[byte] for byte in self._checked())

    def __str__(self) -> str:
        return "-".join(self.groups)

    def _checked(self) -> bytes:
        return self.secret + _check(self.secret)


def new_code() -> RecoveryCode:
    return RecoveryCode(secrets.token_bytes(SECRET_BYTES))


def code_from(typed: str) -> RecoveryCode:
    """From the groups or the words, however spaced and in whatever case. Raises UsageError where it is not whole."""
    words = typed.replace("-", " ").lower().split()
    data = _from_words(words) if len(words) == SECRET_BYTES + CHECK_BYTES else _from_symbols("".join(words))
    secret, check = data[:SECRET_BYTES], data[SECRET_BYTES:]
    if check != _check(secret):
        raise UsageError(UNREADABLE)
    return RecoveryCode(secret)


def _from_words(words: list[str]) -> bytes:
    by_start = {word[:4]: n for n, word in enumerate(WORDS)}
    try:
        return bytes(by_start[word[:4]] for word in words)
    except KeyError as error:
        raise UsageError(UNREADABLE) from error


def _from_symbols(text: str) -> bytes:
    symbols = text.upper().translate(READ_AS)
    if len(symbols) != SYMBOLS or not set(symbols) <= set(LETTERS):
        raise UsageError(UNREADABLE)
    number = 0
    for symbol in symbols:
        number = number << 5 | LETTERS.index(symbol)
    spare = SYMBOLS * 5 - (SECRET_BYTES + CHECK_BYTES) * 8
    if number & ((1 << spare) - 1):
        raise UsageError(UNREADABLE)
    return (number >> spare).to_bytes(SECRET_BYTES + CHECK_BYTES, "big")


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"archiver recovery code 1\n" + secret).digest()[:CHECK_BYTES]
