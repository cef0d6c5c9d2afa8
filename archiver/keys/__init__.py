"""The vault's key and the ways to open it. Never writes the key itself into the vault's folder, never asks anybody."""

from __future__ import annotations

from archiver.keys.device import key_folder
from archiver.keys.recipient import Identity, Recipient, identity_from
from archiver.keys.recovery import RecoveryCode, code_from, new_code
from archiver.keys.slots import (
    DEVICE,
    FILE,
    KEY_BYTES,
    STRONG,
    Device,
    KdfCost,
    NewSlot,
    Passphrase,
    Secret,
    Slot,
    Unlocked,
    add_slot,
    copy,
    has_device_slot,
    refuse_inside,
    remove_slot,
    slots,
    unlock,
    vault_of,
    write_new,
)
from archiver.keys.tries import Tries, forget_shown, seen_tries, unlock_slowly

__all__ = [
    "DEVICE",
    "FILE",
    "KEY_BYTES",
    "STRONG",
    "Device",
    "Identity",
    "KdfCost",
    "NewSlot",
    "Passphrase",
    "Recipient",
    "RecoveryCode",
    "Secret",
    "Slot",
    "Tries",
    "Unlocked",
    "add_slot",
    "code_from",
    "copy",
    "forget_shown",
    "has_device_slot",
    "identity_from",
    "key_folder",
    "new_code",
    "refuse_inside",
    "remove_slot",
    "seen_tries",
    "slots",
    "unlock",
    "unlock_slowly",
    "vault_of",
    "write_new",
]
