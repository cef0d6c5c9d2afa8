"""The folder `inbox/` in a vault: what was sealed for the vault while it was locked, one file for each visit.

Opens nothing and knows no key but the public one. A file appears whole or not at all, under the next number.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from archiver.errors import DiskFull, VaultError, VaultForeign, VaultMissing
from archiver.integrity import GENESIS, is_digest, sha256_of
from archiver.keys.files import create_private, refused, sync_folder, write_private

FOLDER, ADDRESS, ASIDE = "inbox", "inbox.json", "aside"
VERSION = 1
ITEM = re.compile(r"(\d{8,12})\.age")
MOST_AHEAD = 1_000_000  # a number further on than this was never given; it would use up all numbers
LEFT_OVER = 24 * 3_600  # seconds after which an unfinished file belongs to nobody any more
TRIES = 1_000  # of numbers that other programs took in the meantime


@dataclass(frozen=True)
class Address:
    """What lies in the open: whom to seal for, and what was put in last."""

    vault: str
    recipient: str  # "age1…"
    n: int = 0  # of the last item that was ever put in
    sha256: str = GENESIS  # of its sealed bytes


class BadAddress(VaultError):
    """The inbox's address can't be read; open the vault once, and it is made anew."""


def address_of(folder: Path) -> Address:
    """Raises VaultMissing, VaultForeign where there is no inbox, BadAddress."""
    try:
        fields = json.loads((folder / FOLDER / ADDRESS).read_text("utf-8"))
        if fields.pop("v") != VERSION:
            raise VaultForeign("This vault's inbox was made by a newer version of this program; use that one.")
        made = Address(**fields)
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise VaultMissing(f"There is no vault in {folder}; make one with init.") from error
        raise VaultForeign(f"There is no inbox in {folder} yet; open the vault once, with list for example.") from error
    except OSError as error:
        raise refused(error, folder) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadAddress("The inbox's address can't be read; open the vault once, and it is made anew.") from error
    texts = isinstance(made.vault, str) and isinstance(made.recipient, str)
    if not texts or type(made.n) is not int or made.n < 0 or not (is_digest(made.sha256) or made.sha256 == ""):
        raise BadAddress("The inbox's address can't be read; open the vault once, and it is made anew.")
    return made


def ready(folder: Path, vault: str, recipient: str) -> None:
    """Makes the inbox where there is none. One that is there is left as it is: taking in looks at it first."""
    if not (folder / FOLDER / ADDRESS).exists():
        write_address(folder, Address(vault, recipient))


def write_address(folder: Path, address: Address) -> None:
    """Raises DiskFull, VaultError."""
    inbox = folder / FOLDER
    try:
        inbox.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise refused(error, folder) from error
    write_private(inbox / ADDRESS, json.dumps({"v": VERSION, **asdict(address)}, indent=1).encode("ascii"))


def put(folder: Path, seal: Callable[[int, str], bytes]) -> int:
    """Puts one item under the next number, which `seal` is told with the digest of the item before. Gives the number.

    When it returns, the item is on the disk. Two programs never get one number. Raises DiskFull, VaultError.
    """
    inbox = folder / FOLDER
    for _ in range(TRIES):
        n, prev = _last(folder)
        data = seal(n + 1, prev)
        fresh, path = inbox / f"{secrets.token_hex(8)}.new", inbox / f"{n + 1:08}.age"
        try:
            with os.fdopen(create_private(fresh), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if not _named(fresh, path):
                continue
            sync_folder(inbox)
        except OSError as error:
            raise refused(error, inbox) from error
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        with suppress(DiskFull):  # the item is kept; the next one finds it by its name
            _move_on(folder, n + 1, sha256_of(data))
        return n + 1
    raise VaultError("Other programs are writing to the inbox; try again.")


def waiting(folder: Path) -> list[tuple[int, Path]]:
    """What has not been taken in, in the order of its numbers."""
    found = ((ITEM.fullmatch(path.name), path) for path in _files(folder / FOLDER))
    return sorted((int(named[1]), path) for named, path in found if named)


def strange(folder: Path) -> list[Path]:
    """What lies there and is nothing that this program put there."""
    known = re.compile(rf"{ITEM.pattern}|{re.escape(ADDRESS)}(\.[0-9a-f]+\.new)?|[0-9a-f]+\.new")
    return sorted(path for path in _files(folder / FOLDER) if not known.fullmatch(path.name))


def aside(folder: Path) -> list[Path]:
    return sorted(_files(folder / FOLDER / ASIDE))


def set_aside(folder: Path, path: Path) -> str:
    """Moves something out of the way, and gives its new name: nothing is ever thrown away. Raises VaultError."""
    kept = folder / FOLDER / ASIDE
    name = f"{path.name}.{secrets.token_hex(4)}"
    try:
        kept.mkdir(mode=0o700, exist_ok=True)
        path.rename(kept / name)
        sync_folder(kept)
    except OSError as error:
        raise refused(error, kept) from error
    return name


def remove(path: Path) -> None:
    """An item that is in the log."""
    with suppress(OSError):  # it is known by its digest, and is tried again at the next unlock
        path.unlink()


def sweep(folder: Path, *, now: Callable[[], float] = time.time) -> None:
    """Removes what a program that was killed had begun to write. It is sealed already, and was never an item."""
    for path in _files(folder / FOLDER):
        with suppress(OSError):
            if path.suffix == ".new" and now() - path.stat().st_mtime > LEFT_OVER:
                path.unlink()


def _last(folder: Path) -> tuple[int, str]:
    """Number and digest of the item that was put in last; one whose program was killed before it could say so too."""
    said, there = address_of(folder), waiting(folder)
    if there and said.n < there[-1][0] <= said.n + MOST_AHEAD:
        with suppress(FileNotFoundError):  # it was taken in just now
            return there[-1][0], sha256_of(there[-1][1].read_bytes())
        return _last(folder)
    return said.n, said.sha256


def _move_on(folder: Path, n: int, sha256: str) -> None:
    said = address_of(folder)
    if said.n < n:
        write_address(folder, Address(said.vault, said.recipient, n, sha256))


def _named(fresh: Path, path: Path) -> bool:
    """Gives the finished file its name; False where another program has taken that name."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return False
    except OSError:  # a disk without links (FAT on a stick): two programs at one moment are then not told apart
        if path.exists():
            return False
        fresh.rename(path)
    return True


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from [path for path in folder.iterdir() if not path.is_dir()]
    except FileNotFoundError:
        return
    except OSError as error:
        raise refused(error, folder) from error
