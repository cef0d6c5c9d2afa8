"""`keys.json` as it lies there: read whole, written whole. Knows what every slot must have, and opens none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from archiver.errors import VaultForeign, VaultMissing
from archiver.keys.files import write_private

FILE = "keys.json"
VERSION = 1


def vault_of(folder: Path) -> str:
    """The id of the vault that the keys are for. Raises VaultMissing, VaultForeign."""
    return str(read(folder)["vault"])


def copy(source: Path, target: Path) -> None:
    """`keys.json` as it is, every slot, into another folder. Raises VaultError."""
    kept = read(source)
    write(target, kept)


def read(folder: Path) -> dict[str, Any]:
    """Raises VaultMissing, VaultForeign."""
    path = folder / FILE
    try:
        kept = json.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError as error:
        if folder.is_dir() and any(folder.iterdir()):
            raise VaultForeign(
                f"{folder} holds no {FILE}; name the vault's own folder, or put that file back."
            ) from error
        raise VaultMissing(f"There is no vault in {folder}; make one with init.") from error
    except (ValueError, RecursionError) as error:
        raise VaultForeign(f"{path} is damaged or is something else; put it back from a backup.") from error
    except OSError as error:
        raise VaultForeign(f"{path} can't be read: {error.strerror}.") from error
    if not isinstance(kept, dict) or not _is_whole(kept):
        raise VaultForeign(f"{path} is damaged or is something else; put it back from a backup.")
    if kept["v"] > VERSION:
        raise VaultForeign(f"{path} was made by a newer version of this program; use that one.")
    return kept


def _is_whole(kept: Mapping[str, Any]) -> bool:
    slots_kept = kept.get("slots")
    if type(kept.get("v")) is not int or not isinstance(kept.get("vault"), str) or not isinstance(slots_kept, list):
        return False
    return all(
        isinstance(s, dict) and isinstance(s.get("id"), str) and isinstance(s.get("kind"), str) for s in slots_kept
    )


def write(folder: Path, kept: Mapping[str, Any]) -> None:
    """A new file in the old one's place. Raises DiskFull, VaultError.

    What a killed writer left beside it goes: a slot that is removed must not stay in there. One writer at a time.
    """
    write_private(folder / FILE, (json.dumps(kept, indent=1) + "\n").encode("ascii"))
    for left in folder.glob(f"{FILE}.????????.new"):
        with suppress(OSError):
            left.unlink(missing_ok=True)
