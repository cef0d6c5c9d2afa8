"""The vault's own age key: whoever has its public half can put something in, and nobody but the open vault can look.

Also the list of what is to be visited while the vault is locked, under a key of this computer that opens nothing else.
The secret half never leaves the encrypted database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyrage import x25519

from archiver.errors import VaultError
from archiver.keys import device
from archiver.keys.files import refused, turn, write_private
from archiver.keys.slots import KEY_BYTES, NONCE_BYTES, Device

VOUCHER = b"archiver inbox voucher 1"
LIST = b"archiver list of visits 1"


class NotForUs(ValueError):
    """The bytes are not sealed to this key, or were changed since."""


def new_identity() -> str:
    """A fresh age X25519 secret key, in age's own spelling."""
    return str(x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Its public half, "age1…". Raises ValueError where it is no such key."""
    try:
        return str(x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError as error:
        raise ValueError("not an age secret key") from error


def seal(recipient: str, data: bytes) -> bytes:
    """An age file that only the other half opens. Raises ValueError where the recipient is none."""
    try:
        return bytes(pyrage.encrypt(data, [x25519.Recipient.from_str(recipient)]))
    except (pyrage.RecipientError, pyrage.EncryptError) as error:
        raise ValueError("not an age public key") from error


def unseal(identity: str, sealed: bytes) -> bytes:
    """Raises NotForUs."""
    try:
        return bytes(pyrage.decrypt(sealed, [x25519.Identity.from_str(identity)]))
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise NotForUs("it does not open with the vault's key") from error


def voucher_key(identity: str) -> bytes:
    """With what a computer that was let in marks its items: it follows from the secret half, and gives it not away."""
    return hmac.digest(identity.encode("ascii"), VOUCHER, hashlib.sha256)


def keep_list(vault: str, data: bytes, *, where: Device) -> str:
    """Keeps the list on this computer, and says where its key lies: "keyring" or "file". Raises DiskFull, VaultError.

    The key is made once; another one for each writing would ask the keyring every time.
    """
    key, place = _key(vault, where), device.FILE
    if key is None:
        key = secrets.token_bytes(KEY_BYTES)
        place = device.keep(_slot(vault), key, folder=where.folder, keyring=where.keyring)
    nonce = secrets.token_bytes(NONCE_BYTES)
    path = list_path(vault, where=where)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, path.parent) from error
    write_private(path, nonce + AESGCM(key).encrypt(nonce, data, LIST + vault.encode()))
    return place


def kept_list(vault: str, *, where: Device) -> bytes | None:
    """None where there is none. Raises VaultError where there is one that does not open."""
    try:
        data = list_path(vault, where=where).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VaultError(f"The list of visits can't be read: {error.strerror}.") from error
    key = _key(vault, where)
    if key is None:
        raise VaultError("The list of visits does not open on this computer. Make it again: watch unattended on")
    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], LIST + vault.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError("The list of visits is damaged. Make it again: watch unattended on") from error


def forget_list(vault: str, *, where: Device) -> None:
    with suppress(OSError):
        list_path(vault, where=where).unlink(missing_ok=True)
    device.forget(_slot(vault), folder=where.folder, keyring=where.keyring)


def list_path(vault: str, *, where: Device) -> Path:
    """Beside this computer's own keys, never in the vault's folder. Named by digest: a vault's id could be anything."""
    return where.folder / f"{_slot(vault)}.list"


def turn_to_visit(vault: str, *, where: Device, shared: bool = False) -> AbstractContextManager[bool]:
    """Who visits by the list is alone at it; programs that have the vault open share their turn, and it then waits."""
    return turn(list_path(vault, where=where).with_suffix(".turn"), shared=shared)


def turn_to_write_list(vault: str, *, where: Device) -> AbstractContextManager[bool]:
    """Waits for it: nobody holds it for longer than one writing takes."""
    return turn(list_path(vault, where=where).with_suffix(".lock"), wait=True)


def _key(vault: str, where: Device) -> bytes | None:
    key = device.fetch(_slot(vault), device.FILE, folder=where.folder, keyring=where.keyring)
    return key if key is not None and len(key) == KEY_BYTES else None


def _slot(vault: str) -> str:
    return hashlib.sha256(LIST + vault.encode()).hexdigest()[:16]
