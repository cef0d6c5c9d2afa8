"""What was sealed while the vault was locked comes into the log: in order, checked, once. Throws nothing away.

What is whole is kept, and what is wrong with its place in the order is said in its entry. What is not whole is moved
aside, and an entry says so. Any program that can write to the vault's folder can seal something for it: an item is
called marked where a computer made it that was let in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archiver import keys
from archiver.integrity import sha256_of
from archiver.parcel import NotAParcel, Parcel, from_bytes
from archiver.records import Capture
from archiver.vault import Vault, inbox
from archiver.vault.inbox import MOST_AHEAD, Address


@dataclass(frozen=True)
class Taken:
    """One item of the inbox, and what became of it."""

    name: str  # of its file
    capture: str  # empty: it was set aside
    watch: str
    faults: tuple[str, ...]


def take_in(opened: Vault, *, now: Callable[[], str], kept: Callable[[Capture, str], None]) -> Iterator[Taken]:
    """Each item is in the log before its file goes. `kept` is told of each capture, and which watch brought it.

    Killed at any moment, the next one goes on where this one ended. Raises DiskFull, VaultBusy, VaultDamaged.
    """
    said = _address(opened, now)
    if isinstance(said, Taken):
        yield said
        said = inbox.address_of(opened.folder)
    inbox.sweep(opened.folder)
    for n, path in inbox.waiting(opened.folder):
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:  # another program has just taken it in
            continue
        yield _one(opened, n, path, sealed, now=now, kept=kept)
    at, sha256 = opened.inbox_position()
    if at < said.n <= at + MOST_AHEAD:
        fault = f"{_items(at + 1, said.n)} of the inbox never came: missing"
        _note(opened, now, n=said.n, sha256=said.sha256, fault=fault)
        yield Taken(_items(at + 1, said.n), "", "", (fault,))
        at, sha256 = said.n, said.sha256
    if inbox.address_of(opened.folder).n < at:
        inbox.write_address(opened.folder, Address(opened.id, opened.mailbox()[1], at, sha256))


def _one(
    opened: Vault, n: int, path: Path, sealed: bytes, *, now: Callable[[], str], kept: Callable[[Capture, str], None]
) -> Taken:
    sha256, secret = sha256_of(sealed), opened.mailbox()[0]
    known = opened.taken_as(sha256)
    if known is not None and known[0] != n:
        return _aside(opened, now, n, path, "", f"is the same as item {known[0]}, which is in the log as {known[1]}")
    try:
        parcel, marked = from_bytes(keys.unseal(secret, sealed), mark=keys.voucher_key(secret))
    except (keys.NotForUs, NotAParcel) as error:
        return _aside(opened, now, n, path, "", str(error))
    if parcel.vault != opened.id:
        return _aside(opened, now, n, path, "", "is for another vault")
    at, prev = opened.inbox_position()
    if n > at + MOST_AHEAD:
        return _aside(opened, now, 0, path, "", f"has the number {n}, which was never given")
    faults = list(_faults_of_order(parcel, n, at, prev)) if known is None else []
    told = {
        "n": n,
        "sha256": sha256,
        "prev": parcel.prev,
        "sealed_at": parcel.sealed_at,
        "taken_in": now(),
        "marked": marked,
        "watch": parcel.watch,
        "faults": faults,
    }
    capture = opened.append_taken(parcel.snapshot, told, note=parcel.note, by=parcel.by)
    kept(capture, parcel.watch)
    inbox.remove(path)
    return Taken(path.name, capture.id, parcel.watch, tuple(faults))


def _faults_of_order(parcel: Parcel, n: int, at: int, prev: str) -> Iterator[str]:
    """Where the item stands, against what the log accounts for. `prev` is empty where that one was not whole."""
    if parcel.n != n:
        yield f"its file is named item {n}, and it was sealed as item {parcel.n}"
    if n <= at:
        yield f"its number, {n}, had come before"
    elif n > at + 1:
        yield f"{_items(at + 1, n - 1)} before it never came: missing"
    elif prev and parcel.prev != prev:
        yield "it does not follow the item that came before it"


def _address(opened: Vault, now: Callable[[], str]) -> Address | Taken:
    """The inbox's address; where it is not this vault's any more it is put right, and that is written down."""
    recipient, (n, sha256) = opened.mailbox()[1], opened.inbox_position()
    inbox.ready(opened.folder, opened.id, recipient)
    fault = "the address of the inbox could not be read"
    with suppress(inbox.BadAddress):
        said = inbox.address_of(opened.folder)
        if (said.vault, said.recipient) == (opened.id, recipient) and said.n <= n + MOST_AHEAD:
            return said
        fault = "the address of the inbox named another key: what was sealed for that one does not open here"
    path = opened.folder / inbox.FOLDER / inbox.ADDRESS
    made = _aside(opened, now, 0, path, "", fault)
    inbox.write_address(opened.folder, Address(opened.id, recipient, n, sha256))
    return made


def _aside(opened: Vault, now: Callable[[], str], n: int, path: Path, sha256: str, why: str) -> Taken:
    """Out of the way first, then into the log: killed between the two, `verify` still names the file."""
    fault = f"{path.name} {why}" if not why.startswith(("its ", "it ", "the ", "one ")) else f"{path.name}: {why}"
    name = inbox.set_aside(opened.folder, path)
    position = opened.inbox_position()[0]
    _note(opened, now, n=n if position < n <= position + MOST_AHEAD else 0, sha256=sha256, fault=fault, aside=name)
    return Taken(path.name, "", "", (fault,))


def _note(opened: Vault, now: Callable[[], str], *, n: int, sha256: str, fault: str, aside: str = "") -> None:
    at = now()
    opened.append_inbox_fault({"n": n, "sha256": sha256, "faults": [fault], "aside": aside}, at=at)


def _items(first: int, last: int) -> str:
    return f"item {first}" if first == last else f"items {first} to {last}"
