"""The checks of the inbox: its key, what came through it, and what still lies in it. Opens no item and moves none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archiver import keys
from archiver.errors import VaultError
from archiver.records import Checked, Finding
from archiver.vault import inbox
from archiver.vault.inspection import Inspection
from archiver.verify.promised import Promised, Results, few, sentence

NAMED = 20  # items that are named one by one; more are counted


def key(kept: Inspection, folder: Path) -> Results:
    """The two halves belong together, and the one that lies in the open is this vault's."""
    halves = kept.mailbox()
    if halves is None:
        yield Finding("inbox key", "mailbox", "The key of the inbox is missing.")
        return
    with suppress(ValueError):
        if keys.recipient_of(halves[0]) != halves[1]:
            raise ValueError
        yield from _address(kept, folder, halves[1])
        yield Checked("inbox key", 1)
        return
    yield Finding("inbox key", "mailbox", "Its two halves do not belong together.")


def _address(kept: Inspection, folder: Path, recipient: str) -> Results:
    try:
        there = inbox.address_of(folder)
    except VaultError as error:
        yield Finding("inbox key", "inbox.json", str(error))
        return
    if (there.vault, there.recipient) != (kept.vault, recipient):
        yield Finding(
            "inbox key", "inbox.json", "It names another key than this vault's: who has that reads what comes."
        )


def items(kept: Inspection, promised: Promised, folder: Path) -> Results:
    """What was wrong with items when they came, what was set aside, and what has not been taken in yet."""
    there = {row.entry: row for row in kept.sealed_items()}
    for seq in sorted(promised.items.keys() | there.keys()):
        if promised.items.get(seq) != there.get(seq):
            yield Finding("inbox", f"sealed_items, entry {seq}", "The table does not say what the log says.")
    for subject, fault in promised.item_faults:
        yield Finding("inbox", subject, sentence(fault))
    for path in (*inbox.aside(folder), *inbox.strange(folder)):
        yield Finding("inbox", path.name, "It lies in the inbox and could not be taken in.")
    yield from _never_came(kept, folder)
    waiting = [path.name for _, path in inbox.waiting(folder)]
    named = ", ".join(waiting[:NAMED]) + (f" and {len(waiting) - NAMED} more" if len(waiting) > NAMED else "")
    yield Checked("inbox", len(promised.items), f"Not taken in yet, and not checked: {named}." if waiting else "")


def _never_came(kept: Inspection, folder: Path) -> Results:
    """Items that were put in, are in no entry and lie there no more; and whether the last one is the log's.

    Read in this order, and the log as it is now: what another program takes in meanwhile is in one or the other.
    """
    try:
        said = inbox.address_of(folder)
    except VaultError:  # named by the check of its key
        return
    there = {n for n, _ in inbox.waiting(folder)}
    known, sha256 = kept.inbox_position_now()
    if said.n > known + inbox.MOST_AHEAD:
        yield Finding("inbox", "inbox.json", f"It speaks of item {said.n}, which was never given.")
        return
    missing = [str(n) for n in range(known + 1, said.n + 1) if n not in there]
    if missing:
        yield Finding("inbox", "inbox.json", f"Put in, and neither there nor in the log: {few(missing)}.")
    if said.n == known and said.sha256 != sha256:
        yield Finding("inbox", "inbox.json", f"It names another item {known} than the log does.")
