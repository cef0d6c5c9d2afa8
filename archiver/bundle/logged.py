"""The log's part of a bundle: the chosen entries, the whole hash list, checkpoint, tokens, public key. Adds no text."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.anchored import Anchor
from archiver.bundle.chosen import Chosen, File, TokenFacts, file_of
from archiver.bundle.instructions import TokenFiles
from archiver.integrity import checkpoint, hash_list
from archiver.timestamp import NotAReply, pem, read_reply, root_of
from archiver.vault import Vault

FOLDER = "log/anchors"


@dataclass(frozen=True)
class Token:
    """One time-stamp token that can be checked from the bundle alone: its root is known."""

    anchor: Anchor
    root: bytes  # DER
    chain: tuple[bytes, ...]  # DER, the signer's first

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.anchor.n}"

    @property
    def facts(self) -> TokenFacts:
        return TokenFacts(self.anchor.authority, self.anchor.time, self.anchor.checkpoint.size, self.folder)

    @property
    def named(self) -> TokenFiles:
        facts = self.facts
        return TokenFiles(self.folder, facts.size, facts.at, facts.authority, bool(self.chain))


def tokens(anchors: Iterable[Anchor], roots: Callable[[], Sequence[bytes]]) -> list[Token]:
    """Those that were granted, oldest first. One whose root is not among `roots` could be checked by nobody."""
    granted = [anchor for anchor in anchors if anchor.status == "granted"]
    known, found = roots() if granted else (), []
    for anchor in granted:
        try:
            reply = read_reply(anchor.reply)
            root = root_of(reply, known)
        except NotAReply:
            continue
        if root is not None:
            found.append(Token(anchor, root, tuple(data for data in reply.certificates if data != root)))
    return found


def files(vault: Vault, chosen: Chosen, stamped: Sequence[Token]) -> Iterator[File]:
    """What stands below `log/`."""
    hashes = vault.hashes()[: chosen.entries]
    state = checkpoint(chosen.vault, hashes)
    yield file_of("log/log-hashes.txt", hash_list(hashes))
    yield file_of("log/checkpoint.txt", state)
    yield file_of("log/checkpoint.sig", vault.sign(state))
    yield file_of("log/public-key.pem", chosen.public_key.encode("ascii"))
    for seq in _entries(chosen):
        yield file_of(f"log/entries/entry-{seq}.json", vault.entry(seq).data)
    yield file_of("log/originals.txt", _named_by_entries(chosen))
    for token in stamped:
        if token.anchor.checkpoint.size <= chosen.entries:
            yield from _token(token)


def paths(chosen: Chosen, stamped: Sequence[Token]) -> list[str]:
    """Those of `files`, without making them."""
    named = ["log-hashes.txt", "checkpoint.txt", "checkpoint.sig", "public-key.pem"]
    named += [f"entries/entry-{seq}.json" for seq in _entries(chosen)] + ["originals.txt"]
    tokens = (
        file.path for token in stamped if token.anchor.checkpoint.size <= chosen.entries for file in _token(token)
    )
    return [*(f"log/{name}" for name in named), *tokens]


def _entries(chosen: Chosen) -> list[int]:
    """The numbers of those that leave: the first ties the key to the log."""
    return sorted({1} | {exhibit.entry for exhibit in chosen.exhibits if exhibit.entry_path})


def _named_by_entries(chosen: Chosen) -> bytes:
    """Digest, entry and path of each original whose entry is there too."""
    lines = (
        f"{original.sha256} {exhibit.entry} {original.path}\n"
        for exhibit in chosen.exhibits
        if exhibit.entry_path
        for original in exhibit.originals
        if original.leaves
    )
    return "".join(lines).encode("ascii")


def _token(token: Token) -> Iterator[File]:
    anchor, folder = token.anchor, token.folder
    yield file_of(f"{folder}/checkpoint.txt", anchor.checkpoint.data)
    yield file_of(f"{folder}/checkpoint.sig", anchor.checkpoint.signature)
    yield file_of(f"{folder}/request.tsq", anchor.request)
    yield file_of(f"{folder}/reply.tsr", anchor.reply)
    yield file_of(f"{folder}/ca.pem", pem(token.root))
    if token.chain:
        yield file_of(f"{folder}/chain.pem", "".join(map(ssl.DER_cert_to_PEM_cert, token.chain)).encode("ascii"))
