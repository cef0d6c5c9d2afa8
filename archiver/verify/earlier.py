"""What was kept outside of the vault earlier, held against the log as it is now: the one check that a holder of the
passphrase can't get past. Reads the files that it is given, and writes none.

Files are known by what they are: a checkpoint (three lines), a list of entry digests, a request for a time stamp, its
answer. One that has the name of such a copy and is none is damaged. A signature is looked for beside its checkpoint,
under the same name with `.sig`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archiver import integrity, timestamp
from archiver.clock import rfc3339
from archiver.errors import UsageError
from archiver.records import Checked, Finding
from archiver.verify.promised import Promised, Results, few, sentence

FILE_BYTES = 64 << 20  # a list of a million digests; larger files are none of ours
FILES_AT_MOST = 10_000
NAME = "earlier copies"
REWRITTEN = "the log is not the one that it was: it was rewritten or cut since, or this is another vault"

_CHECKPOINT = re.compile(rb"([0-9a-f]{32})\n([1-9][0-9]{0,15})\n([0-9a-f]{64})\n")
_LIST = re.compile(rb"(?:[0-9a-f]{64}\n)+")
# As `anchor --save` and bundles name them.
_OURS = re.compile(r"(?:^|/)(?:checkpoint[^/]*\.txt|log-hashes\.txt|[^/]+\.ts[qr])$")


@dataclass(frozen=True)
class Earlier:
    """One file that may say what the log once was."""

    name: str  # as it is shown: without the folders above
    data: bytes
    signature: bytes | None = None


def earlier_from(path: Path) -> list[Earlier]:
    """The file, or everything in the folder and below it. Raises UsageError where it can't be read."""
    try:
        files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
        if not path.exists() or len(files) > FILES_AT_MOST:
            raise UsageError(f"{path} is not a file or folder that holds earlier copies.")
        fit = [each for each in files if each.stat().st_size <= FILE_BYTES]
        names = (each.name if each == path else each.relative_to(path).as_posix() for each in fit)
        return [Earlier(name, each.read_bytes(), _beside(each)) for name, each in zip(names, fit, strict=True)]
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error


def earlier_copies(promised: Promised, copies: Sequence[Earlier], roots: Sequence[bytes]) -> Results:
    """Each checkpoint, list and token against the log that is there now."""
    against = _Against(promised, roots, copies)
    compared, others = 0, []
    signatures = {PurePosixPath(copy.name).with_suffix(".sig").as_posix() for copy in copies if copy.signature}
    for copy in copies:
        said = list(against.about(copy))
        compared += bool(said)
        if not said and copy.name not in signatures:
            others.append(copy.name)
        for fault in said:
            if fault:
                yield Finding(NAME, copy.name, sentence(fault))
    if not compared:
        yield Finding(NAME, "earlier copies", "There is no checkpoint, list of digests or time stamp among them.")
    yield Checked(NAME, compared, f"Not compared, since they are something else: {few(others)}." if others else "")


class _Against:
    """The log as it is now, and what is among the files that it is held against."""

    def __init__(self, promised: Promised, roots: Sequence[bytes], copies: Sequence[Earlier]) -> None:
        self._promised = promised
        self._roots = roots
        self._public = str(promised.first.body.get("public_key")) if promised.first else ""
        self._states = promised.commitments()
        self._stamped = {integrity.sha256_of(data) for data in self._states.values()}
        # A bundle brings a time stamp over its own list of files too, which says nothing of the log.
        self._no_states = {integrity.sha256_of(each.data) for each in copies if not _CHECKPOINT.fullmatch(each.data)}

    def about(self, copy: Earlier) -> Iterator[str]:
        """Faults of one file, and an empty one where it was compared: nothing at all means that it is another thing."""
        point = _CHECKPOINT.fullmatch(copy.data)
        if point:
            yield ""
            size = int(point[2])
            if self._states.get(size) != copy.data:
                yield f"{REWRITTEN} (checkpoint of {size} entries)"
            if copy.signature is not None:
                yield from integrity.signature_faults(self._public, copy.data, copy.signature)
        elif _LIST.fullmatch(copy.data):
            yield ""
            lines = copy.data.decode("ascii").split()
            if lines != [self._promised.digests.get(seq) for seq in range(1, len(lines) + 1)]:
                yield f"{REWRITTEN} (list of {len(lines)} entries)"
        else:
            yield from self._about_stamp(copy)

    def _about_stamp(self, copy: Earlier) -> Iterator[str]:
        """A request for a time stamp, or an answer."""
        with suppress(timestamp.NotAReply):
            asked = timestamp.read_request(copy.data)
            if asked.sha256 not in self._no_states:
                yield "" if asked.sha256 in self._stamped else f"{REWRITTEN} (request for a time stamp)"
            return
        try:
            reply = timestamp.read_reply(copy.data)
        except timestamp.NotAReply:
            if _OURS.search(copy.name):
                yield "it has the name of an earlier copy and can't be read as one: it is damaged"
            return
        if reply.time is None or reply.sha256 in self._no_states:
            return
        yield ""
        if reply.sha256 not in self._stamped:
            yield f"{REWRITTEN} (time stamp of {rfc3339(reply.time)})"
        asked = timestamp.Request(reply.sha256, reply.nonce or 0)  # what was asked may not lie beside it
        for fault in timestamp.faults(reply, request=asked, roots=self._roots):
            if reply.nonce is not None or "number" not in fault:
                yield fault


def _beside(path: Path) -> bytes | None:
    signature = path.with_suffix(".sig")
    return signature.read_bytes() if signature.is_file() and signature.stat().st_size <= FILE_BYTES else None
