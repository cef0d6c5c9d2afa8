"""The vault's key and the ways to open it. Never writes the key itself into the vault's folder, never asks anybody."""

from __future__ import annotations

from archiver.keys.device import key_folder
from archiver.keys.recipient import Identity, Recipient, identity_from
from archiver.keys.recovery import RecoveryCode, code_from, new_code
from archiver.keys.slots import (
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
    has_device_slot,
    refuse_inside,
    remove_slot,
    slots,
    unlock,
    write_new,
)
from archiver.keys.tries import Tries, forget_shown, seen_tries, unlock_slowly

__all__ = [
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
    "write_new",
]
