"""How to check a bundle with what a computer has already: VERIFY.txt, verify.sh, verify.ps1. Checks nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.bundle.bag import STAMPS

HERE = Path(__file__).parent / "tools"
SHELL, POWERSHELL, TEXT = "verify.sh", "verify.ps1", "VERIFY.txt"


@dataclass(frozen=True)
class TokenFiles:
    """One time-stamp token in the bag, as the commands name it."""

    folder: str  # "log/anchors/1"
    size: int  # log entries that its checkpoint covers
    at: str  # the time in the token
    authority: str
    untrusted: bool  # whether certificates between root and token are in a file of their own


def verify_sh() -> bytes:
    return (HERE / SHELL).read_bytes()


def verify_ps1() -> bytes:
    """With CR LF, as PowerShell's own editor writes it."""
    return (HERE / POWERSHELL).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def verify_txt(*, fingerprint: str, vault: str, entries: int, tokens: Sequence[TokenFiles]) -> bytes:
    """The commands, one a line, each indented by four spaces; each ends with an error where something is wrong."""
    return "\n".join(_lines(fingerprint, vault, entries, tokens)).encode("ascii") + b"\n"


def _lines(fingerprint: str, vault: str, entries: int, tokens: Sequence[TokenFiles]) -> Iterable[str]:
    yield from _HEAD.format(fingerprint=fingerprint, vault=vault).splitlines()
    for what, command in by_hand(tokens):
        yield f"  {what}"
        yield f"    {command}"
        yield ""
    yield from (_TOKENS.format(count=len(tokens)) if tokens else _NO_TOKENS).splitlines()
    for token in tokens:
        yield f"  {token.folder}: {token.authority}, {token.at}, the first {token.size} entries"
    yield from _TAIL.format(entries=entries).splitlines()


def by_hand(tokens: Sequence[TokenFiles]) -> Iterable[tuple[str, str]]:
    """What each step shows, and its command."""
    yield "The files are those of the lists. Each line should end with OK.", "sha256sum -c manifest-sha256.txt"
    yield "The same for everything outside of the folder data.", "sha256sum -c tagmanifest-sha256.txt"
    yield "The same for what was written last.", "sha256sum -c seals-sha256.txt"
    yield (
        "The list of lists was signed with the key of the vault. It should say: Verified OK",
        "openssl dgst -sha256 -verify log/public-key.pem -signature tagmanifest-sha256.sig tagmanifest-sha256.txt",
    )
    yield (
        "The state of the log was signed with the same key. It should say: Verified OK",
        "openssl dgst -sha256 -verify log/public-key.pem -signature log/checkpoint.sig log/checkpoint.txt",
    )
    yield "The list of all entries is the one that was signed. It should say nothing.", _list_command("log")
    for token in tokens:
        folder = token.folder
        yield (
            f"What {token.authority} put a time to ({folder}) was signed too. It should say: Verified OK",
            f"openssl dgst -sha256 -verify log/public-key.pem -signature {folder}/checkpoint.sig "
            f"{folder}/checkpoint.txt",
        )
        yield f"It is the log's first {token.size} entries. It should say nothing.", _list_command(folder)
        chain = f" -untrusted {folder}/chain.pem" if token.untrusted else ""
        yield (
            f"The time {token.at} was put to it. It should say: Verification: OK",
            f"openssl ts -verify -data {folder}/checkpoint.txt -in {folder}/reply.tsr -CAfile {folder}/ca.pem{chain}",
        )
    yield (
        "A time was put to the list of lists, where a token came. It should say nothing, or: Verification: OK",
        f"test ! -d {STAMPS}1 || openssl ts -verify -data tagmanifest-sha256.txt -in {STAMPS}1/reply.tsr "
        f"-CAfile {STAMPS}1/ca.pem -untrusted {STAMPS}1/chain.pem",
    )
    yield (
        "Each entry stands at its place in the list, each original is named by its entry, and nothing was added.\n"
        "  This also does all of the above again. The last line should say: Nothing was found.",
        "sh verify.sh",
    )


def _list_command(folder: str) -> str:
    """The commitment recomputed from the list, against the third line of the checkpoint."""
    return (
        "{ read -r vault; read -r n; read -r digest; } < "
        + folder
        + '/checkpoint.txt; test "$(head -n "$n" log/log-hashes.txt | sha256sum)" = "$digest  -"'
    )


_HEAD = """HOW TO CHECK THIS FOLDER

Nothing has to be installed. The commands below are part of Windows, macOS or
Linux. They only read.

Before you begin, ask the person who gave you this folder for the fingerprint
of their key, by another way than this folder. It should be:

  {fingerprint}

(openssl pkey -pubin -in log/public-key.pem -outform DER | openssl dgst -sha256
prints it.) The log is that of the vault {vault}.

WINDOWS

Press the right mouse button on an empty place in this folder, choose "Open in
Terminal" or "Open PowerShell window here", and type:

  powershell -ExecutionPolicy Bypass -File verify.ps1

It checks all files, both signatures, the list of entries and where each entry
stands. It does not check time-stamp tokens: Windows has no program for that.

LINUX AND macOS

Open a terminal in this folder (type cd, a space, and drag the folder into the
window; then Enter). The short way:

  sh verify.sh

Or one by one. On macOS type "shasum -a 256" where sha256sum stands.
"""

_TOKENS = """TIMES BY OTHERS

{count} time-stamp token(s) by an independent authority (RFC 3161) are in the
folder log/anchors. Each says that the log, as far as the entries named, was
there at that time. Whether you trust the authority's root certificate, which
lies beside the token, is for you to judge: compare it with a copy from the
authority itself.
"""

_NO_TOKENS = """TIMES BY OTHERS

There are none. No independent authority has put a time to this log. All times
are those of the computer that made the copies, and whoever holds the vault's
key could have written the log anew. The checks above show that nothing was
changed since this folder was made.
"""

_TAIL = """
WHAT IS IN THE LOG

log/log-hashes.txt has one line for each of the {entries} entries of the whole log:
the SHA-256 of the entry's bytes. The folder log/entries has those entries that
were handed over; entry-7.json is line 7. The others stay private. That they
exist stays visible. Each entry names the SHA-256 of the files that were kept
with it, and of the entry before it.

WHAT THE CHECKS SHOW AND WHAT THEY DO NOT

They show that these are the files and entries that the key signed, that none
was changed, added or removed since, and where each entry stands in the log.
They do not show that what the page said was true, who wrote it, or that
everything that was seen was kept.
"""
