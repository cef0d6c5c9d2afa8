"""Writes what was chosen as a bag, has it checked, puts it into the log, and only then gives it its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from archiver import __version__
from archiver.bundle import instructions, logged
from archiver.bundle.bag import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    SEALS,
    SIGNATURE,
    STAMPS,
    TAG_MANIFEST,
    Bag,
    told,
)
from archiver.bundle.check import check
from archiver.bundle.chosen import Chosen, File
from archiver.bundle.parts import in_parts
from archiver.bundle.source import opened
from archiver.bundle.stage import MARK, Stage
from archiver.bundle.stamped import ASKED, Stamp, Stamping
from archiver.bundle.stamped import files as stamp_files
from archiver.errors import ArchiverError, UsageError
from archiver.integrity import BUNDLE_KIND
from archiver.keys.outward import recipient
from archiver.records import By, Finding
from archiver.vault import Vault

UNASKED = Stamping()

Form = Literal["folder", "zip", "zip with a passphrase", "zip for an age key"]
Renderings = Callable[[Chosen], Iterable[File]]
Progress = Callable[[str], None]  # hears the path of each file when it is written


class BundleUnsound(ArchiverError):
    """What was written did not pass its own check; it was removed. Run verify: the vault may be damaged."""


@dataclass(frozen=True)
class How:
    """In what form it leaves."""

    zipped: bool = False
    split: int = 0  # bytes of all files of one bag, at most, unless one exhibit has more; 0: all in one
    passphrase: str = field(default="", repr=False)
    recipient: str = ""  # an age public key

    @property
    def form(self) -> Form:
        if self.recipient:
            return "zip for an age key"
        if self.passphrase:
            return "zip with a passphrase"
        return "zip" if self.zipped else "folder"


@dataclass(frozen=True)
class Written:
    """One bag that is ready and in the log."""

    path: Path
    tag_manifest: str  # SHA-256
    files: int
    size: int  # bytes of all files, before they are packed
    part: int
    parts: int
    entry: int  # of the log
    stamped: tuple[str, ...] = ()  # times of the tokens over the signed list, RFC 3339
    unstamped: tuple[str, ...] = ()  # why an authority that was asked gave none


def write(
    vault: Vault,
    chosen: Chosen,
    destination: Path,
    *,
    how: How,
    renderings: Renderings,
    tokens: Sequence[logged.Token],
    now: Callable[[], str],
    by: By,
    redaction: int = 0,
    stamping: Stamping = UNASKED,
    progress: Progress = lambda path: None,
) -> Iterator[Written]:
    """Each bag is whole, checked and in the log before it is yielded. Raises UsageError, DiskFull, BundleUnsound.

    `redaction` is the number of the log's entry that says what was covered in these copies; 0: nothing was.
    """
    if how.recipient:
        recipient(how.recipient)
    parts = in_parts(chosen, how.split)
    targets = [_target(destination, how, n, len(parts)) for n in range(1, len(parts) + 1)]
    for target in targets:
        if os.path.lexists(target):
            raise UsageError(f"There is something at {target} already; nothing was written.")
    for n, (part, target) in enumerate(zip(parts, targets, strict=True), start=1):
        with told(target.parent), Stage(target) as stage:
            bag, stamps = _staged(
                stage, vault, part, how, renderings(part), tokens, (n, len(parts)), stamping, progress
            )
            _refuse_unsound(stage.path, stage.key)
            if how.recipient:
                stage.seal(how.recipient)
            body = _body(part, bag, how, n, len(parts)) | ({"redaction": redaction} if redaction else {})
            entry = vault.append(BUNDLE_KIND, body, at=now(), by=by)
            stage.finish()
        sizes = [size for _, size in bag.written.values()]
        yield Written(
            target,
            bag.written[TAG_MANIFEST][0],
            len(sizes),
            sum(sizes),
            n,
            len(parts),
            entry.seq,
            tuple(stamp.time for stamp in stamps if not stamp.why),
            tuple(f"{stamp.authority}: {stamp.why}" for stamp in stamps if stamp.why),
        )


def beside(chosen: Chosen, rendered: Iterable[File], tokens: Sequence[logged.Token], asked: int) -> list[str]:
    """The paths of everything that is written beside the originals; of tokens that may come, their folders."""
    named = [file.path for file in rendered]
    named += logged.paths(chosen, tokens)
    named += [instructions.TEXT, instructions.SHELL, instructions.POWERSHELL, DECLARATION, INFO]
    named += [MANIFEST, TAG_MANIFEST, SIGNATURE, *(f"{STAMPS}{n}/" for n in range(1, asked + 1)), SEALS]
    return named


def _target(destination: Path, how: How, part: int, parts: int) -> Path:
    suffix = {"folder": "", "zip for an age key": ".zip.age"}.get(how.form, ".zip")
    name = destination.name.removesuffix(".age").removesuffix(".zip") if suffix else destination.name
    numbered = f"{name}-{part}-of-{parts}" if parts > 1 else name
    return destination.with_name(f"{numbered}{suffix}")


def _staged(
    stage: Stage,
    vault: Vault,
    chosen: Chosen,
    how: How,
    rendered: Iterable[File],
    tokens: Sequence[logged.Token],
    part: tuple[int, int],
    stamping: Stamping,
    progress: Progress,
) -> tuple[Bag, list[Stamp]]:
    """The whole bag, in the order of its writing: payload, log, instructions, lists, signature, time stamps."""
    closed = bool(how.recipient)
    bag = Bag(stage.folder() if how.form == "folder" else stage.zip(how.passphrase, to_be_sealed=closed))

    def put(path: str, chunks: Iterable[bytes]) -> None:
        bag.put(path, chunks)
        progress(path)

    for exhibit in chosen.exhibits:
        for original in exhibit.originals:
            if original.leaves:
                put(original.path, (original.read(),) if original.copy_of else vault.chunks(original.sha256))
    for file in rendered:
        put(file.path, file.chunks())
    for file in logged.files(vault, chosen, tokens):
        put(file.path, file.chunks())
    named = [token.named for token in tokens if token.anchor.checkpoint.size <= chosen.entries]
    told_how = instructions.verify_txt(
        fingerprint=chosen.fingerprint,
        vault=chosen.vault,
        entries=chosen.entries,
        tokens=named,
        asked=len(stamping.authorities),
    )
    put(instructions.TEXT, (told_how,))
    put(instructions.SHELL, (instructions.verify_sh(),))
    put(instructions.POWERSHELL, (instructions.verify_ps1(),))
    put(DECLARATION, (DECLARED,))
    put(INFO, (_info(chosen, bag, part, stamping),))
    put(MANIFEST, (bag.manifest(),))
    tag_manifest = bag.tag_manifest()
    put(TAG_MANIFEST, (tag_manifest,))
    put(SIGNATURE, (vault.sign(tag_manifest),))
    stamps = list(stamping.ask(tag_manifest))
    for file in stamp_files(stamps):
        put(file.path, file.chunks())
    put(SEALS, (bag.seals(),))
    bag.close()
    return bag, stamps


def _info(chosen: Chosen, bag: Bag, part: tuple[int, int], stamping: Stamping) -> bytes:
    lines = (
        f"Bag-Software-Agent: Archiver {__version__}",
        f"Bagging-Date: {chosen.made[:10]}",
        f"Payload-Oxum: {bag.oxum()}",
        f"Bag-Count: {part[0]} of {part[1]}",
        f"Bag-Group-Identifier: {chosen.vault}-{chosen.entries}",
        *(f"{ASKED}: {authority}" for authority in stamping.authorities),
    )
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _refuse_unsound(path: Path, passphrase: str) -> None:
    """The bag as it lies there, read back. Raises BundleUnsound."""
    with opened(path, passphrase) as source:
        for seen in check(source):
            if isinstance(seen, Finding) and seen.subject != MARK:
                raise BundleUnsound(
                    f"What was written did not pass its own check ({seen.check}, {seen.subject}: {seen.what}) "
                    "and was removed; run verify."
                )


def _body(chosen: Chosen, bag: Bag, how: How, part: int, parts: int) -> dict[str, object]:
    """Ids and hashes, no texts."""
    return {
        "captures": [exhibit.capture for exhibit in chosen.exhibits],
        "left_out": chosen.items - len(chosen.exhibits),
        "label": chosen.label,
        "size": chosen.entries,
        "commitment": chosen.commitment,
        "tag_manifest": bag.written[TAG_MANIFEST][0],
        "form": how.form,
        "part": part,
        "parts": parts,
    }


__all__ = ["BundleUnsound", "How", "Renderings", "Written", "beside", "write"]
