"""Walks what the log promised, then what is there, and says what should not be so. Changes nothing, mends nothing.

Each check is named and counted; there is no single verdict. A database that can't be read gives findings as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from archiver.errors import VaultBusy, VaultError
from archiver.records import Checked, Finding
from archiver.vault import Vault
from archiver.vault.inspection import Inspection
from archiver.verify import derived, handed, sealed, stamps, unsealed
from archiver.verify.earlier import Earlier, earlier_copies, earlier_from
from archiver.verify.promised import Promised, Results
from archiver.verify.sealed import Progress
from archiver.verify.stamps import Stamps

__all__ = ["Earlier", "earlier_from", "verify"]


def verify(
    vault: Vault,
    *,
    progress: Progress | None = None,
    roots: Sequence[bytes] = (),
    earlier: Sequence[Earlier] = (),
) -> Results:
    """Findings as they are met, and after each check how much it looked at. `progress` hears while bytes are hashed.

    `roots` (DER) are what time stamps are judged by; `earlier` is what was kept outside of the vault before.
    """
    kept, promised, held = vault.inspection(), Promised(), Stamps()
    checks: tuple[tuple[str, Results], ...] = (
        ("database structure", _structure(kept)),
        ("entry bytes", sealed.entries(kept, promised)),
        ("log head", sealed.head(kept, promised)),
        ("signing key", sealed.signing_key(kept, promised)),
        ("entry kinds", sealed.kinds(promised)),
        (handed.CHECK, handed.copies(promised)),
        ("checkpoints", stamps.checkpoints(kept, promised)),
        ("checkpoint signatures", stamps.signatures(kept, promised)),
        ("answers", stamps.answers(kept, promised)),
        ("time stamps", stamps.time_stamps(kept, promised, held, roots)),
        ("entry times", stamps.entry_times(promised, held)),
        *((("earlier copies", earlier_copies(promised, earlier, roots)),) if earlier else ()),
        ("artifacts promised", sealed.artifacts_promised(kept, promised)),
        ("artifact bytes", sealed.artifact_bytes(kept, promised, progress or _silent)),
        ("stray artifacts", sealed.strays(kept, promised)),
        ("captures", derived.captures(kept, promised)),
        ("watches", derived.watches(kept, promised)),
        ("inbox key", unsealed.key(kept, vault.folder)),
        ("inbox", unsealed.items(kept, promised, vault.folder)),
        ("logins", derived.logins(kept, promised)),
        ("notes", derived.notes(kept, promised)),
        ("readings", derived.readings(kept, promised)),
        ("search", derived.search(kept)),
        ("contents", _contents(promised)),
    )
    with ThreadPoolExecutor(max_workers=1) as beside:  # the pages on one core, what is in them on another
        pages = beside.submit(kept.page_faults)
        with kept.at_one_moment():  # what another program adds meanwhile is neither promised nor missing
            for name, check in checks:
                yield from _heard(name, check)
        yield from _heard("database pages", _pages(kept, pages.result))
    yield from _heard("search index", derived.search_index(kept))
    yield from _set_aside(vault)
    yield from _keys(vault)


def _heard(name: str, check: Results) -> Results:
    """What one check could not read must not end the others."""
    try:
        yield from check
    except VaultBusy:
        raise  # says nothing about what is kept
    except VaultError as error:
        yield Finding(name, "notes.db", str(error))


def _set_aside(vault: Vault) -> Results:
    for name in vault.laid_aside():
        what = "A program was stopped while it wrote, and not all that it left could be read. Restore takes it out."
        yield Finding("write-ahead log", name, what)
    yield Checked("write-ahead log", 1)


def _keys(vault: Vault) -> Results:
    try:
        slots, faults = vault.slots(), vault.slot_faults()
    except VaultError as error:
        yield Finding("keys", "keys.json", str(error))
        return
    for slot, fault in faults:
        yield Finding("keys", f"slot {slot.id} ({slot.kind})", fault)
    note = "Whether anybody still has what opens a slot is known only of the one that was used."
    yield Checked("keys", len(slots), note)


def _pages(kept: Inspection, found: Callable[[], list[str]]) -> Results:
    faults = found()
    if faults:  # another program may have been writing that very page; what is damaged is so twice
        again = kept.page_faults()
        faults = [fault for fault in faults if fault in again]
    for fault in faults:
        yield Finding("database pages", "notes.db", f"SQLCipher says: {fault}.")
    yield Checked("database pages", kept.page_count())


def _structure(kept: Inspection) -> Results:
    for fault in kept.schema_faults():
        yield Finding("database structure", "notes.db", f"{fault}.")
    for fault in kept.structure_faults():
        yield Finding("database structure", "notes.db", f"SQLite says: {fault}.")
    yield Checked("database structure", kept.page_count())


def _contents(promised: Promised) -> Results:
    if not promised.artifacts and not promised.captures:
        yield Finding("contents", "vault", "There is nothing to check: no capture and no artifact has been kept.")


def _silent(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""
