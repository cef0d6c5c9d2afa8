"""The vault's key and the ways to open it. Never writes the key itself into the vault's folder, never asks anybody."""

from __future__ import annotations

from archiver.keys.device import key_folder
from archiver.keys.slots import (
    DEVICE,
    FILE,
    KEY_BYTES,
    STRONG,
    Device,
    KdfCost,
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

__all__ = [
    "DEVICE",
    "FILE",
    "KEY_BYTES",
    "STRONG",
    "Device",
    "KdfCost",
    "Passphrase",
    "Secret",
    "Slot",
    "Unlocked",
    "add_slot",
    "copy",
    "has_device_slot",
    "key_folder",
    "refuse_inside",
    "remove_slot",
    "slots",
    "unlock",
    "vault_of",
    "write_new",
]
