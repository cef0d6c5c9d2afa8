"""One tree of errors. Each message is one sentence that tells the person what to do next; each has its exit code."""

from __future__ import annotations


class ArchiverError(Exception):
    """Something went wrong that the person can be told in one sentence."""

    exit_code = 1


class UsageError(ArchiverError):
    """What was asked for can't be done as it was asked."""

    exit_code = 2


class AddressError(UsageError):
    """The address can't be visited: not http or https, or nothing a browser could open."""


class VaultError(ArchiverError):
    """The vault can't be opened or written."""

    exit_code = 3


class VaultMissing(VaultError):
    """There is no vault in that folder; `init` makes one."""


class VaultForeign(VaultError):
    """The folder or file is something else than a vault of this program, or a newer one."""


class VaultDamaged(VaultError):
    """Part of the vault's database can't be read any more; `verify` says which, a backup brings it back."""


class WrongKey(VaultError):
    """No key slot opens with what was given."""


class VaultBusy(VaultError):
    """Another program is writing to the vault."""


class DiskFull(VaultError):
    """There is no room left to write; nothing was half-kept."""


class InstrumentMissing(ArchiverError):
    """A browser or Tesseract is missing; `setup` says how to get it."""

    exit_code = 4


class UnknownId(UsageError):
    """Nothing in the vault has that id."""
