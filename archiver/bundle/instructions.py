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


def verify_txt(*, fingerprint: str, vault: str, entries: int, tokens: Sequence[TokenFiles], asked: int = 0) -> bytes:
    """The commands, one a line, each indented by four spaces; each ends with an error where something is wrong.

    `asked`: how many authorities will be asked for a token over the list of lists, which comes after this text.
    """
    return "\n".join(_lines(fingerprint, vault, entries, tokens, asked)).encode("ascii") + b"\n"


def _lines(fingerprint: str, vault: str, entries: int, tokens: Sequence[TokenFiles], asked: int) -> Iterable[str]:
    yield from _HEAD.format(fingerprint=fingerprint, vault=vault, every=EVERY_FILE).splitlines()
    for what, command in by_hand(tokens, asked):
        yield f"  {what}"
        yield f"    {command}"
        yield ""
    yield from (_TOKENS.format(count=len(tokens)) if tokens else _NO_TOKENS).splitlines()
    for token in tokens:
        yield f"  {token.folder}: {token.authority}, {token.at}, the first {token.size} entries"
    yield from _TAIL.format(entries=entries).splitlines()


def by_hand(tokens: Sequence[TokenFiles], asked: int = 0) -> Iterable[tuple[str, str]]:
    """What each step shows, and its command. Each says that it is well: silence could be either."""
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
    yield "The list of all entries is the one that was signed. It should say: OK", _list_command("log")
    for token in tokens:
        folder = token.folder
        yield (
            f"What {token.authority} put a time to ({folder}) was signed too. It should say: Verified OK",
            f"openssl dgst -sha256 -verify log/public-key.pem -signature {folder}/checkpoint.sig "
            f"{folder}/checkpoint.txt",
        )
        yield f"It is the log's first {token.size} entries. It should say: OK", _list_command(folder)
        chain = f" -untrusted {folder}/chain.pem" if token.untrusted else ""
        yield (
            f"The time {token.at} was put to it. It should say: Verification: OK",
            f"openssl ts -verify -data {folder}/checkpoint.txt -in {folder}/reply.tsr -CAfile {folder}/ca.pem{chain}",
        )
    for n in range(1, asked + 1):
        folder = f"{STAMPS}{n}"
        yield (
            f"A time was put to the list of lists ({n} of {asked} asked for).\n"
            "  It should say: Verification: OK (or that none came)",
            f"test ! -d {folder} && echo none came || openssl ts -verify -data tagmanifest-sha256.txt "
            f"-in {folder}/reply.tsr -CAfile {folder}/ca.pem -untrusted {folder}/chain.pem",
        )
    yield (
        "Each entry stands at its place, the first names the key, originals are named, and nothing was added.\n"
        "  This also does all of the above again. The last line should say: Nothing was found.",
        "sh verify.sh",
    )


def _list_command(folder: str) -> str:
    """The commitment recomputed from the list, against the third line of the checkpoint."""
    return (
        "{ read -r vault; read -r n; read -r digest; } < "
        + folder
        + '/checkpoint.txt; test "$(head -n "$n" log/log-hashes.txt | sha256sum)" = "$digest  -" && echo OK'
    )


# For a computer that lets no script run: nothing but what every Windows since 10 has, and no .NET type, which a locked
# one refuses. `Get-FileHash` takes SHA-256 where nothing else is said.
EVERY_FILE = (
    "foreach ($list in 'manifest-sha256.txt', 'tagmanifest-sha256.txt', 'seals-sha256.txt') { foreach ($line in "
    "Get-Content $list) { $sum, $path = $line -split '  ', 2; "
    "if ((Get-FileHash $path).Hash -ne $sum) { 'FOUND ' + $path } } }"
)

_HEAD = """HOW TO CHECK THIS FOLDER

Nothing has to be installed. The commands below are part of Windows, macOS or
Linux. They only read. If this came as a zip, unpack all of it first.

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

Where a computer lets no script run, paste this line into that window instead.
It prints each file that is missing or changed. If all is well it prints
nothing. It does not check signatures, and does not see files that were added.

  {every}

In the older window (cmd), this prints the SHA-256 of one file. Compare it with
the file's line in manifest-sha256.txt:

  certutil -hashfile data\\index.html SHA256

LINUX AND macOS

Open a terminal in this folder (type cd, a space, and drag the folder into the
window; then Enter). The short way:

  sh verify.sh

Or one by one. On macOS type "shasum -a 256" where sha256sum stands. verify.sh
lies in this folder, so whoever could change the folder could change it too;
the single commands do not need it.

"""

_TOKENS = """TIMES BY OTHERS

{count} time-stamp token(s) by an independent authority (RFC 3161) are in the
folder log/anchors. Each says that the log, as far as the entries named, was
there at that time. Whether you trust the authority's root key (ca.pem, beside
the token) is for you to judge: compare it with a copy from the authority.

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

FILES THAT A COMPUTER ADDS BY ITSELF

macOS puts files named .DS_Store or ._something into folders that it has shown,
Windows Thumbs.db or desktop.ini. The checks say "no list names it". They are
no part of what you were given: delete them and check again.

WHAT THE CHECKS SHOW AND WHAT THEY DO NOT

They show that these are the files and entries that the key signed, that none
was changed, added or removed since, and where each entry stands in the log.
They do not show that what the page said was true, who wrote it, or that
everything that was seen was kept.
"""
