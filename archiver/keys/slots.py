"""The slots in `keys.json` that wrap the vault's key. Never writes the key itself anywhere.

The key is 32 random bytes. Each slot wraps it with AES-256-GCM under a key of its own: one derived from a passphrase
(Argon2id), one drawn from a recovery code, or one kept on this device; or the key is wrapped as a whole to a support
organisation's public age key. Slots of a kind that this version does not know are kept as they are.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archiver.errors import UsageError, VaultError, WrongKey
from archiver.keys import device, seals
from archiver.keys.kept import FILE, VERSION, read, write
from archiver.keys.recipient import Identity, Recipient, unwrap, wrap
from archiver.keys.recovery import RecoveryCode

KEY_BYTES = 32
NONCE_BYTES = 12  # AES-GCM; a slot's wrapping key is used for one message only
LEAST_LETTERS = 8
BETWEEN_DIGITS = str.maketrans("", "", " -./:")  # of a date or a telephone number
PASSPHRASE, DEVICE, RECOVERY, RECIPIENT = "passphrase", "device", "recovery", "recipient"
OWN = (PASSPHRASE, DEVICE, RECOVERY)  # one of these must be left: a recipient is somebody else


DAMAGED_SLOT = "It is not as it was made, and may open nothing: add another of its kind, and remove this one."


@dataclass(frozen=True)
class KdfCost:
    """What one guess at a passphrase costs. The floor is RFC 9106's second recommendation."""

    iterations: int = 3
    memory_kib: int = 256 * 1024  # 0.9 s of one core (measured); a guess on a graphics card needs as much memory
    lanes: int = 4
    for_tests: bool = False  # lets a slot be made below the floor; never stored

    def check(self) -> None:
        """Raises ValueError below the floor, or where no machine could open the slot again."""
        if not self.for_tests and (self.iterations < 3 or self.memory_kib < 64 * 1024):
            raise ValueError("a passphrase slot this cheap could be guessed")
        if not self.is_sane():
            raise ValueError("Argon2id has no such cost")

    def is_sane(self) -> bool:
        """Bounds on what `keys.json` may ask for: a changed number must not take the machine's memory."""
        return 1 <= self.iterations <= 64 and 1 <= self.lanes <= 64 and 8 * self.lanes <= self.memory_kib <= 4 << 20


STRONG = KdfCost()


@dataclass(frozen=True)
class Passphrase:
    """Words that open the vault. Spelled alike however they were typed: Unicode NFC, then UTF-8 (RFC 8265, 4.2)."""

    words: str = field(repr=False)
    cost: KdfCost = STRONG  # of a slot made with it; an existing slot says its own


def refuse_guessable(words: str) -> None:
    """What somebody who knows the person would try first is no passphrase (SAFETY E1). Raises UsageError."""
    if len(words) < LEAST_LETTERS or words.translate(BETWEEN_DIGITS).isdigit():
        raise UsageError(
            f"That is too easy to guess. Choose several words, or {LEAST_LETTERS} letters and more that are not only "
            "digits. Nothing was made."
        )


@dataclass(frozen=True)
class Device:
    """This account on this computer: the wrapping key lies in its keyring, else in a file that only it can read."""

    folder: Path = field(default_factory=device.key_folder)  # of that file; outside the vault's folder
    keyring: bool = True  # False: the file, even where there is a keyring


Secret = Passphrase | Device | RecoveryCode | Identity  # what opens
NewSlot = Passphrase | Device | RecoveryCode | Recipient  # what a slot is made for
KINDS: dict[type, str] = {
    Passphrase: PASSPHRASE,
    Device: DEVICE,
    RecoveryCode: RECOVERY,
    Identity: RECIPIENT,
    Recipient: RECIPIENT,
}


@dataclass(frozen=True)
class Slot:
    """One way to open the vault, as a person may see it."""

    id: str
    kind: str  # "passphrase", "device", "recovery", "recipient", or one that a later version made
    made: str  # UTC, RFC 3339
    place: str = ""  # of a device's key: "keyring" or "file"; of a recipient: its public key


@dataclass(frozen=True)
class Unlocked:
    vault: str  # its id
    key: bytes = field(repr=False)
    slot: Slot


def has_device_slot(folder: Path) -> bool:
    """Whether this vault may open without a passphrase. False also where there is no readable `keys.json`."""
    try:
        return any(slot.kind == DEVICE for slot in slots(folder))
    except VaultError:
        return False


def opens_here(folder: Path) -> bool:
    """Whether this computer has the key of one of the vault's device slots. Raises VaultMissing, VaultForeign."""
    try:
        unlock(folder, Device())
    except WrongKey:
        return False
    return True


def slots(folder: Path) -> list[Slot]:
    """Raises VaultMissing, VaultForeign."""
    return [_shown(slot) for slot in read(folder)["slots"]]


def write_new(folder: Path, *, vault: str, key: bytes, secret: NewSlot, at: str) -> Slot:
    """A new `keys.json` with one slot. Raises UsageError, DiskFull; never replaces one that is there."""
    if (folder / FILE).exists():
        raise UsageError(f"There are keys in {folder} already; nothing was changed.")
    slot = _new_slot(folder, vault=vault, key=key, secret=secret, at=at)
    write(folder, {"v": VERSION, "vault": vault, "slots": [slot]})
    return _shown(slot)


def unlock(folder: Path, secret: Secret) -> Unlocked:
    """The vault's key, from the first slot that opens. Raises VaultMissing, VaultForeign, WrongKey."""
    kept = read(folder)
    fitting = [slot for slot in kept["slots"] if slot["kind"] == kind_of(secret)]
    for slot in fitting:
        key = _opened(kept["vault"], slot, secret)
        if key is not None:
            return Unlocked(kept["vault"], key, _shown(slot))
    raise WrongKey(_why_not(secret, fitting))


def kind_of(secret: Secret | NewSlot) -> str:
    """The kind of slot that it fits."""
    return KINDS[type(secret)]


def add_slot(folder: Path, *, key: bytes, secret: NewSlot, at: str) -> Slot:
    """One more way to open the vault; the others stay. One writer at a time: `Vault.add_slot` sees to that."""
    kept = read(folder)
    slot = _new_slot(folder, vault=kept["vault"], key=key, secret=secret, at=at)
    write(folder, kept | {"slots": [*kept["slots"], slot]})
    return _shown(slot)


def slot_faults(folder: Path, *, key: bytes) -> list[tuple[Slot, str]]:
    """Slots that are not as somebody with the vault's key made them, and what that means. Raises VaultForeign."""
    kept = read(folder)
    return [
        (_shown(slot), DAMAGED_SLOT) for slot in kept["slots"] if not seals.is_whole(slot, vault=kept["vault"], key=key)
    ]


def remove_slot(folder: Path, slot_id: str, *, held: Device | None = None) -> None:
    """Raises UsageError where there is no such slot, or where no other of the person's own would be left."""
    kept = read(folder)
    left = [slot for slot in kept["slots"] if slot["id"] != slot_id]
    gone = [slot for slot in kept["slots"] if slot["id"] == slot_id]
    if not gone:
        raise UsageError(f"There is no slot {slot_id}; nothing was changed.")
    if not any(slot["kind"] in OWN for slot in left):
        raise UsageError("This is the last way to open the vault; add another first. Nothing was changed.")
    write(folder, kept | {"slots": left})
    if gone[0]["kind"] == DEVICE:
        holder = held or Device()
        device.forget(slot_id, folder=holder.folder, keyring=holder.keyring)


def refuse_inside(secret: NewSlot, folder: Path) -> None:
    """A device's key inside the vault's folder would go wherever the vault is copied to. Raises UsageError."""
    if isinstance(secret, Device) and secret.folder.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"The device's key would lie inside the vault, in {secret.folder}; choose another folder.")


def _new_slot(folder: Path, *, vault: str, key: bytes, secret: NewSlot, at: str) -> dict[str, Any]:
    return seals.sealed(_wrapped(folder, vault=vault, key=key, secret=secret, at=at), vault=vault, key=key)


def _wrapped(folder: Path, *, vault: str, key: bytes, secret: NewSlot, at: str) -> dict[str, Any]:
    slot: dict[str, Any] = {"id": secrets.token_hex(8), "made": at, "kind": kind_of(secret)}
    if isinstance(secret, Recipient):
        data = _bound_to(vault, slot) + key
        return slot | {"recipient": secret.public.strip(), "wrapped": wrap(data, secret.public).hex()}
    if isinstance(secret, Passphrase):
        slot |= _passphrase_fields(secret)
        wrapping = _passphrase_key(slot, secret)
        if wrapping is None:
            raise VaultError("There is not enough memory free to derive a key from the passphrase; close something.")
    elif isinstance(secret, RecoveryCode):
        slot |= {"kdf": "hkdf-sha256", "salt": secrets.token_hex(16)}
        wrapping = _recovery_key(slot, secret)
    else:
        refuse_inside(secret, folder)
        wrapping = secrets.token_bytes(KEY_BYTES)
        slot["place"] = device.keep(slot["id"], wrapping, folder=secret.folder, keyring=secret.keyring)
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped = AESGCM(wrapping).encrypt(nonce, key, _bound_to(vault, slot))
    return slot | {"nonce": nonce.hex(), "wrapped": wrapped.hex()}


def _passphrase_fields(secret: Passphrase) -> dict[str, Any]:
    secret.cost.check()
    if not secret.words:
        raise UsageError("An empty passphrase opens nothing; choose several words.")
    cost = secret.cost
    return {
        "kdf": "argon2id",
        "salt": secrets.token_hex(16),
        "iterations": cost.iterations,
        "memory_kib": cost.memory_kib,
        "lanes": cost.lanes,
    }


def _opened(vault: str, slot: Mapping[str, Any], secret: Secret) -> bytes | None:
    if isinstance(secret, Identity):
        return _unwrapped_by_recipient(vault, slot, secret)
    if isinstance(secret, Passphrase):
        return _unwrapped(vault, slot, _passphrase_key(slot, secret))
    if isinstance(secret, RecoveryCode):
        try:
            return _unwrapped(vault, slot, _recovery_key(slot, secret))
        except (KeyError, TypeError, ValueError):
            return None
    return _unwrapped(vault, slot, _device_key(slot, secret))


def _recovery_key(slot: Mapping[str, Any], secret: RecoveryCode) -> bytes:
    salt = bytes.fromhex(slot["salt"])
    return HKDF(SHA256(), KEY_BYTES, salt, b"archiver recovery slot 1").derive(secret.secret)


def _unwrapped_by_recipient(vault: str, slot: Mapping[str, Any], secret: Identity) -> bytes | None:
    try:
        data = unwrap(bytes.fromhex(slot["wrapped"]), secret)
    except (KeyError, TypeError, ValueError):
        return None
    bound = _bound_to(vault, slot)
    if data is None or not data.startswith(bound) or len(data) != len(bound) + KEY_BYTES:
        return None
    return data[len(bound) :]


def _passphrase_key(slot: Mapping[str, Any], secret: Passphrase) -> bytes | None:
    """None where the slot is damaged or asks for more than this machine has."""
    words = unicodedata.normalize("NFC", secret.words).encode("utf-8", "surrogatepass")
    try:
        cost = KdfCost(int(slot["iterations"]), int(slot["memory_kib"]), int(slot["lanes"]))
        if slot["kdf"] != "argon2id" or not cost.is_sane():
            return None
        salt = bytes.fromhex(slot["salt"])
        kdf = Argon2id(
            salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
        )
        return kdf.derive(words)
    except (KeyError, TypeError, ValueError, MemoryError):
        return None


def _device_key(slot: Mapping[str, Any], secret: Device) -> bytes | None:
    return device.fetch(slot["id"], str(slot.get("place", "")), folder=secret.folder, keyring=secret.keyring)


def _unwrapped(vault: str, slot: Mapping[str, Any], wrapping: bytes | None) -> bytes | None:
    try:
        if wrapping is None or len(wrapping) != KEY_BYTES:
            return None
        nonce, wrapped = bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"])
        key = AESGCM(wrapping).decrypt(nonce, wrapped, _bound_to(vault, slot))
    except (KeyError, TypeError, ValueError, InvalidTag):
        return None
    return key if len(key) == KEY_BYTES else None


def _bound_to(vault: str, slot: Mapping[str, Any]) -> bytes:
    """Associated data: a slot can't be carried over to another vault, id or kind."""
    return f"archiver key slot 1\n{vault}\n{slot['id']}\n{slot['kind']}\n".encode()


def _why_not(secret: Secret, fitting: list[dict[str, Any]]) -> str:
    if isinstance(secret, Passphrase):
        return "That passphrase does not open this vault." if fitting else "No passphrase has been set for this vault."
    if isinstance(secret, RecoveryCode):
        return "That recovery code does not open this vault; is it the sheet of another one, or an older sheet?"
    if isinstance(secret, Identity):
        return "None of the keys in that file opens this vault."
    if not fitting:
        return "This vault does not open without a passphrase."
    return "The key that this computer kept for the vault can't be found; open it with a passphrase."


def _shown(slot: Mapping[str, Any]) -> Slot:
    place = slot.get("place", "") or slot.get("recipient", "")
    return Slot(slot["id"], slot["kind"], str(slot.get("made", "")), str(place))
