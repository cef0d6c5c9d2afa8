"""Backups: made while the vault is in use, counted only when their restore was checked; and the way back from one.

A backup is a vault like any other: encrypted with the same key, opened with the same passphrase. Nothing in it is ever
in the clear. The original is never touched.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any

from archiver import keys
from archiver.errors import ArchiverError, UsageError, VaultDamaged, VaultError
from archiver.integrity import BACKUP_KIND, commitment
from archiver.keys.files import refused, sync_folder
from archiver.records import By, Finding
from archiver.vault import Vault, open_vault
from archiver.vault.ahead import ASIDE
from archiver.vault.copying import Progress, copy_vault, kept_since, opened_like
from archiver.vault.salvage import Salvaged, salvage
from archiver.vault.vault import DATABASE

OFFERED_AFTER = 10  # captures without a backup (SAFETY E3)
NOT_COPIED = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", keys.FILE)  # these have their own ways
LOCK = ".lock"  # says only who is at work now
NOTHING_KEPT = "contents"  # the check that an empty vault does not pass; a backup of it is whole all the same
OPENING = "opening"
DAMAGE = frozenset(
    {OPENING, "database pages", "database structure", "entry bytes", "log head", "artifacts promised", "artifact bytes"}
)  # checks whose findings say that something that was kept is no longer whole
SCRATCH, UNFINISHED, OLDER = "notes-", ".unfinished", ".older"  # neutral: seen over a shoulder (SAFETY B1)
ROOM = 64 << 20  # bytes that stay free for others
ABANDONED = 24 * 3600  # seconds: no check of a restore takes as long
RESCUE = DAMAGE | {"write-ahead log"}  # and what may be got back out of it
Check = Callable[[Vault], list[Finding]]


class BackupUnsound(ArchiverError):
    """The copy could not be restored whole; it was removed, and an older backup stays. Run verify."""


@dataclass(frozen=True)
class BackedUp:
    folder: Path
    captures: int
    size: int  # bytes
    entry: int  # of the log
    only_here: bool  # nothing but this computer's own key opens it


@dataclass(frozen=True)
class Restored:
    folder: Path
    saved: Salvaged | None = None  # what came out of a damaged one; None: it is whole
    findings: tuple[Finding, ...] = ()  # what verification said of the source


def backup(vault: Vault, target: Path, *, check: Check, now: Callable[[], str], by: By, progress: Progress) -> BackedUp:
    """A copy of the vault at `target`, checked by a restore in a temporary place. An older one there is replaced last.

    Raises UsageError, DiskFull, BackupUnsound; then nothing is left of it, and an older backup stays.
    """
    _refuse(vault, target)
    with _beside(target) as fresh:
        copy_vault(vault, fresh, progress)
        _copy_others(vault.folder, fresh)
        body = _checked(vault, fresh, check)
        size = sum(path.stat().st_size for path in fresh.rglob("*") if path.is_file())
        _put_in_place(fresh, target)
    entry = vault.append(BACKUP_KIND, body, at=now(), by=by)
    only_here = all(slot.kind == keys.DEVICE for slot in vault.slots())
    return BackedUp(target, body["captures"], size, entry.seq, only_here)


def restore(
    source: Path, target: Path, *, secret: keys.Secret, check: Check, now: Callable[[], str], progress: Progress
) -> Restored:
    """The vault of a backup, or what is still whole of a damaged vault, in a folder that was not there or is empty.

    The source is only read, but for its record of wrong keys.
    Raises VaultMissing, VaultForeign, WrongKey, UsageError, DiskFull, VaultDamaged.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"There is something in {target} already; nothing was restored. Name an empty folder: --vault."
        )
    unlocked = keys.unlock_slowly(source, secret)
    with _beside(target) as fresh, told(target):
        copy = fresh / "copy"
        shutil.copytree(source, copy)
        findings = _findings(copy, secret, check, shown=str(source))
        if not any(finding.check in RESCUE for finding in findings):
            _put_in_place(copy, target)
            return Restored(target, None, tuple(findings))
        made = fresh / "made"
        made.mkdir(mode=0o700)
        # Not from the copy: opened, it has folded its write-ahead log, or thrown away what it could not read of it.
        saved = salvage(source / DATABASE, made / DATABASE, unlocked, at=now(), progress=progress)
        keys.copy(copy, made)
        _copy_others(copy, made)
        _put_in_place(made, target)
    return Restored(target, saved, tuple(findings))


def offer(vault: Vault) -> str:
    """One line where a backup is due; empty where none is (SAFETY E3)."""
    kept = kept_since(vault, BACKUP_KIND, most=OFFERED_AFTER)
    return "A backup keeps these safe if this computer is lost: archiver backup FOLDER" if kept >= OFFERED_AFTER else ""


def _findings(folder: Path, secret: keys.Secret, check: Check, *, shown: str) -> list[Finding]:
    """What is wrong with the copy of what is `shown`. A vault that does not open at all is a finding too."""
    try:
        with open_vault(folder, secret=secret) as opened:
            return _wrong(check(opened))
    except VaultDamaged as error:
        return [Finding(OPENING, DATABASE, str(error).replace(str(folder), shown))]


def _checked(vault: Vault, fresh: Path, check: Check) -> dict[str, Any]:
    """What the log says of a backup, after a restore of it in a temporary place was found whole.

    Damage is never copied over an older backup that is whole. Another finding that the vault itself has too (an entry
    of a later version) is not the backup's fault.
    """
    with _place_to_check(fresh) as place:
        again = Path(shutil.copytree(fresh, place / "vault"))
        with opened_like(vault, again) as opened:
            wrong = _wrong(check(opened))
            if wrong and not any(finding.check in DAMAGE for finding in wrong):
                known = {(finding.check, finding.subject) for finding in check(vault)}
                wrong = [finding for finding in wrong if (finding.check, finding.subject) not in known]
            if wrong:
                what = f"{wrong[0].check}, {wrong[0].subject}: {wrong[0].what}"
                raise BackupUnsound(
                    f"No backup was made: its restore was not whole ({what}). Run verify; if the vault itself is "
                    "damaged, keep it as it is: restore takes out of it, into another folder, all that is whole."
                )
            hashes = opened.hashes()
            return {
                "size": len(hashes),
                "commitment": commitment(hashes),
                "captures": sum(1 for _ in opened.captures()),
            }


def _wrong(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.check != NOTHING_KEPT]


def _refuse(vault: Vault, target: Path) -> None:
    """A backup inside the vault would be lost with it; a folder with other things in it is not ours to replace."""
    if target.resolve().is_relative_to(vault.folder.resolve()) or vault.folder.resolve().is_relative_to(
        target.resolve()
    ):
        raise UsageError("A backup beside or inside the vault is lost with it; name a folder elsewhere.")
    if not target.exists():
        return
    if not target.is_dir() or (any(target.iterdir()) and not _is_ours(target, vault.id)):
        raise UsageError(f"{target} holds other things; name an empty folder, or that of an earlier backup.")


def _is_ours(folder: Path, vault: str) -> bool:
    if not (folder / DATABASE).is_file():
        return False
    try:
        return keys.vault_of(folder) == vault
    except VaultError:
        return False


def _copy_others(source: Path, target: Path) -> None:
    """What else lies in the vault's folder, such as an inbox."""
    for path in source.iterdir():
        if path.name in NOT_COPIED or path.suffix in (LOCK, ASIDE) or path.is_symlink():
            continue
        if path.is_dir():
            shutil.copytree(path, target / path.name, symlinks=True)
        elif path.is_file():
            shutil.copy2(path, target / path.name)


def _put_in_place(fresh: Path, target: Path) -> None:
    """By renaming; what was there goes when the new one is in its place.

    Killed between the two renamings, the older one is there under a name that can be seen, and gets its own back next.
    """
    fresh.chmod(0o700)
    older = target.with_name(f"{target.name}.{secrets.token_hex(4)}{OLDER}")
    if target.exists():
        target.rename(older)
    try:
        fresh.rename(target)
    except OSError:
        _put_back(target)
        raise
    sync_folder(target.parent)
    if older.exists():
        older.rename(fresh)  # under a name that says what it is worth from now on
        shutil.rmtree(fresh, ignore_errors=True)


def _put_back(target: Path) -> None:
    """What a run left that was killed while it put a new one in its place."""
    for older in target.parent.glob(f"{escape(target.name)}.????????{OLDER}"):
        older.rename(target.with_name(f".{older.stem}{UNFINISHED}") if target.exists() else target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty private folder on the same disk, gone afterwards. What a killed run left there goes first."""
    with told(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        _put_back(target)
        for left in target.parent.glob(f".{escape(target.name)}.*{UNFINISHED}"):
            shutil.rmtree(left, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=UNFINISHED, dir=target.parent))
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)  # renamed, where all went well


@contextmanager
def _place_to_check(copy: Path) -> Iterator[Path]:
    """An empty private folder for a restore: the system's for temporary files, or beside the copy where that is too
    small (it is often in memory). What a killed run left in the system's goes a day later; nothing in it can be read.
    """
    scratch = Path(tempfile.gettempdir())
    with told(scratch):
        for left in scratch.glob(f"{SCRATCH}*{UNFINISHED}"):
            with suppress(OSError):  # another program's, and just gone
                if time.time() - left.lstat().st_mtime > ABANDONED:
                    shutil.rmtree(left, ignore_errors=True)
        size = sum(path.stat().st_size for path in copy.rglob("*") if path.is_file())
        roomy = shutil.disk_usage(scratch).free > size + ROOM
        prefix, folder = (SCRATCH, scratch) if roomy else (f"{copy.name}.", copy.parent)
        place = Path(tempfile.mkdtemp(prefix=prefix, suffix=UNFINISHED, dir=folder))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What the system says, as one sentence."""
    try:
        yield
    except shutil.Error as error:
        raise VaultError(f"{folder} can't be written: {error}.") from error
    except OSError as error:
        raise refused(error, folder) from error
