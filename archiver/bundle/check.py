"""Checks a bundle by itself, without any vault: each check by name, findings as they are met. Changes nothing.

Walks what the lists promise, then what is there. The same things as verify.sh checks, and the form of each entry.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from archiver.bundle.bag import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    PAYLOAD,
    SEALS,
    SIGNATURE,
    STAMPS,
    TAG_MANIFEST,
    UNSEALED,
    came_after,
)
from archiver.bundle.source import Source, Unreadable
from archiver.bundle.stamped import ASKED
from archiver.integrity import (
    GENESIS,
    NotAnEntry,
    chain_faults,
    entry_of,
    form_faults,
    is_digest,
    pem_digest,
    sha256_of,
    signature_faults,
)
from archiver.records import Checked, Finding
from archiver.timestamp import faults, read_reply, read_request

Results = Iterator[Finding | Checked]
LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
ENTRY = re.compile(r"log/entries/entry-([1-9]\d*)\.json")
KEY, HASHES, ORIGINALS = "log/public-key.pem", "log/log-hashes.txt", "log/originals.txt"
CHECKPOINT, CHECKPOINT_SIGNATURE = "checkpoint.txt", "checkpoint.sig"
ANCHORS = "log/anchors/"
NO_TOKENS = "There is none: no outsider has fixed when this log was there."
MOST_SMALL = 64 << 20  # bytes of a file that is read whole; lists of a million entries have that many


@dataclass
class _Lists:
    """What the lists promise: path to digest."""

    payload: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    seals: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, str]:
        return self.payload | self.tags | self.seals


def check(source: Source) -> Results:
    """Everything that can be told from the bundle alone. Names are told so that a terminal shows them as they are."""
    for seen in _checked(source):
        yield replace(seen, subject=shown(seen.subject)) if isinstance(seen, Finding) else seen


def shown(name: str) -> str:
    """A name with everything that is no printable sign written out: a line break in it would look like two lines."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in name)


def _checked(source: Source) -> Results:
    lists = _Lists()
    yield from _lists(source, lists)
    yield from _form(source, lists)
    yield from _files(source, lists)
    yield from _strays(source, lists)
    hashes = _read(source, HASHES).decode("ascii", "replace").splitlines()
    yield from _signatures(source)
    yield from _committed(source, "log/", hashes, whole=True)
    yield from _entries(source, lists, hashes)
    yield from _originals(source, lists)
    yield from _anchors(source, lists, hashes)
    yield from _stamps(source, lists)


def _lists(source: Source, lists: _Lists) -> Results:
    for name, into in ((MANIFEST, lists.payload), (TAG_MANIFEST, lists.tags), (SEALS, lists.seals)):
        text = _read(source, name).decode("utf-8", "replace")
        if not text:
            yield Finding("lists", name, "It is missing or empty.")
        elif not text.endswith("\n"):
            yield Finding("lists", name, "Its last line has no end.")
        for n, line in enumerate(text.splitlines(), start=1):
            found = LINE.fullmatch(line)
            if found is None or found[2] in into:
                yield Finding("lists", f"{name}, line {n}", "It is not a digest and a path, or the path came before.")
            else:
                into[found[2]] = found[1]
    yield Checked("lists", 3)


def _form(source: Source, lists: _Lists) -> Results:
    """The bag's own words: that it is one, and how much its payload is."""
    if _read(source, DECLARATION) != DECLARED:
        yield Finding("bag", DECLARATION, "It does not say that this is a bag of BagIt 1.0.")
    said = re.search(rb"^Payload-Oxum: (\d+)\.(\d+)$", _read(source, INFO), re.MULTILINE)
    if said is None or int(said[2]) != len(lists.payload):
        yield Finding("bag", INFO, "It does not say how many files the list has.")
    if any(not path.startswith(PAYLOAD) for path in lists.payload) or any(p.startswith(PAYLOAD) for p in lists.tags):
        yield Finding("bag", MANIFEST, "A list names a file that belongs to the other.")
    if not set(lists.seals) >= UNSEALED - {SEALS} or not all(map(came_after, lists.seals)) or SEALS in lists.seals:
        yield Finding("bag", SEALS, "It does not name the tag manifest and its signature, or names what others name.")
    if any(map(came_after, lists.tags)):
        yield Finding("bag", TAG_MANIFEST, "It names a file that was written after it.")
    yield Checked("bag", 1)


def _files(source: Source, lists: _Lists) -> Results:
    for path, sha256 in lists.all.items():
        digest = hashlib.sha256()
        try:
            for chunk in source.chunks(path):
                digest.update(chunk)
        except Unreadable as error:
            yield Finding("files", path, f"It can't be read: {error}.")
            continue
        if digest.hexdigest() != sha256:
            yield Finding("files", path, "Its bytes are not those that the list names.")
    yield Checked("files", len(lists.all))


def _strays(source: Source, lists: _Lists) -> Results:
    names, listed = source.names(), lists.all.keys() | {SEALS}
    seen: set[str] = set()
    for name in names:
        if name not in listed:
            yield Finding("other files", name, "It is there, and no list names it.")
        elif name in seen:
            yield Finding("other files", name, "It is there twice.")
        seen.add(name)
    known = {"/".join(parts[:n]) for parts in (path.split("/") for path in listed) for n in range(1, len(parts))}
    for folder in source.folders():
        if folder not in known:
            yield Finding("other files", folder, "It is a folder, and no list names a file in it.")
    if loose := source.loose():
        yield Finding("other files", "the zip itself", f"{loose[0].upper()}{loose[1:]}.")
    yield Checked("other files", len(names))


def _signatures(source: Source) -> Results:
    key = _read(source, KEY).decode("ascii", "replace")
    for signed, signature in ((TAG_MANIFEST, SIGNATURE), (f"log/{CHECKPOINT}", f"log/{CHECKPOINT_SIGNATURE}")):
        for fault in signature_faults(key, _read(source, signed), _read(source, signature)):
            yield Finding("signatures", signed, f"{fault[0].upper()}{fault[1:]}.")
    with suppress(ValueError):
        note = f"Key {pem_digest(key)}: compare it with what the person who gave you this says."
        yield Checked("signatures", 2, note)


def _committed(source: Source, folder: str, hashes: list[str], *, whole: bool = False) -> Results:
    """The checkpoint's digest is that of the list's first lines."""
    lines = _read(source, f"{folder}{CHECKPOINT}").decode("ascii", "replace").split("\n")
    if len(lines) != 4 or lines[3] or not lines[1].isdigit() or not is_digest(lines[2]):
        yield Finding("hash list", f"{folder}{CHECKPOINT}", "It is no checkpoint.")
        return
    size = int(lines[1])
    made = sha256_of("".join(f"{sha256}\n" for sha256 in hashes[:size]).encode("ascii", "replace"))
    if size > len(hashes) or made != lines[2] or (whole and size != len(hashes)):
        yield Finding("hash list", HASHES, f"It is not the list that {folder}{CHECKPOINT} speaks of.")
    yield Checked("hash list", size)


def _entries(source: Source, lists: _Lists, hashes: list[str]) -> Results:
    vault = _read(source, f"log/{CHECKPOINT}").decode("ascii", "replace").partition("\n")[0]
    numbers = sorted(int(found[1]) for path in lists.tags if (found := ENTRY.fullmatch(path)))
    for seq in numbers:
        data = _read(source, f"log/entries/entry-{seq}.json")
        if seq > len(hashes) or sha256_of(data) != hashes[seq - 1]:
            yield Finding("entries", f"entry {seq}", "It is not the entry that the list names at its place.")
            continue
        prev = hashes[seq - 2] if seq > 1 else GENESIS
        for fault in (*form_faults(data, vault=vault, seq=seq), *chain_faults(data, prev=prev)):
            yield Finding("entries", f"entry {seq}", f"{fault[0].upper()}{fault[1:]}.")
    with suppress(NotAnEntry):
        named = entry_of(_read(source, "log/entries/entry-1.json")).body.get("public_key")
        if named != _read(source, KEY).decode("ascii", "replace"):
            yield Finding("entries", "entry 1", "It names another public key.")
    if not numbers or numbers[0] != 1:
        yield Finding("entries", "entry 1", "It is not there: nothing ties the key to the log.")
    yield Checked("entries", len(numbers), f"{len(hashes) - len(numbers)} others are named by their digest alone.")


def _originals(source: Source, lists: _Lists) -> Results:
    """Each original is named by its entry with the digest that it has."""
    count = 0
    for line in _read(source, ORIGINALS).decode("ascii", "replace").splitlines():
        sha256, _, rest = line.partition(" ")
        seq, _, path = rest.partition(" ")
        count += 1
        try:
            body = entry_of(_read(source, f"log/entries/entry-{seq}.json")).body
            named = {artifact["sha256"] for artifact in body["artifacts"]}
        except (NotAnEntry, KeyError, TypeError):
            named = set()
        if sha256 not in named or lists.payload.get(path) != sha256:
            yield Finding("originals", path, f"Entry {seq} does not name these bytes.")
    yield Checked("originals", count, "" if count else "None could be tied to an entry.")


def _anchors(source: Source, lists: _Lists, hashes: list[str]) -> Results:
    folders = sorted({path[: path.rindex("/") + 1] for path in lists.tags if path.startswith(ANCHORS)})
    key = _read(source, KEY).decode("ascii", "replace")
    for folder in folders:
        yield from _committed(source, folder, hashes)
        data = _read(source, f"{folder}{CHECKPOINT}")
        wrong = list(signature_faults(key, data, _read(source, f"{folder}{CHECKPOINT_SIGNATURE}")))
        wrong += _token_faults(source, folder, data)
        for fault in wrong:
            yield Finding("time stamps", folder.rstrip("/"), f"{fault[0].upper()}{fault[1:]}.")
    yield Checked("time stamps", len(folders), "" if folders else NO_TOKENS)


def _token_faults(source: Source, folder: str, data: bytes) -> list[str]:
    """What is wrong with the token in the folder, which is to be over `data`."""
    try:
        asked = read_request(_read(source, f"{folder}request.tsq"))
        root = ssl.PEM_cert_to_DER_cert(_read(source, f"{folder}ca.pem").decode("ascii", "replace"))
        reply = read_reply(_read(source, f"{folder}reply.tsr"))
        wrong = list(faults(reply, request=asked, roots=(root,)))
    except ValueError as error:  # NotAReply is one
        return [str(error)]
    return wrong if asked.sha256 == sha256_of(data) else [*wrong, "it is over something else"]


def _stamps(source: Source, lists: _Lists) -> Results:
    """Tokens over the list of lists. Who was asked stands in a file that is signed; that no token came is no fault."""
    folders = sorted({path[: path.rindex("/") + 1] for path in lists.seals if path.startswith(STAMPS)})
    data = _read(source, TAG_MANIFEST)
    for folder in folders:
        for fault in _token_faults(source, folder, data):
            yield Finding("time stamp of this bundle", folder.rstrip("/"), f"{fault[0].upper()}{fault[1:]}.")
    asked = re.findall(rb"^" + ASKED.encode("ascii") + rb": (\S+)$", _read(source, INFO), re.MULTILINE)
    note = "" if asked else "None was asked for."
    if len(asked) > len(folders):
        note = f"{len(asked)} asked for, {len(folders)} there: the others were not given, or were taken out."
    yield Checked("time stamp of this bundle", len(folders), note)


def _read(source: Source, name: str) -> bytes:
    """A small file whole; empty where it can't be read, which the checks of files say."""
    data = bytearray()
    with suppress(Unreadable):
        for chunk in source.chunks(name):
            data += chunk
            if len(data) > MOST_SMALL:
                return b""
    return bytes(data)
