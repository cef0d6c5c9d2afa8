"""Settings become bundles, backups and printed pages: where what leaves gets its instruments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from archiver import (
    anchoring,
    backup,
    clock,
    keys,
    vault,
)
from archiver.assembly.opened import Opened
from archiver.assembly.stamping import roots_for
from archiver.browser.paper import Printer, print_pdf
from archiver.bundle import redact, write
from archiver.bundle.choose import Asked, choose
from archiver.bundle.chosen import Chosen, File
from archiver.bundle.logged import Token, tokens
from archiver.bundle.redact import Cover, Redacted
from archiver.bundle.render import Dress, rendered
from archiver.bundle.stamped import Stamp, Stamping, stamp_of
from archiver.integrity import REDACTION_KIND
from archiver.keys.sheet import sheet
from archiver.posting import shown
from archiver.records import By, Finding
from archiver.settings import Settings
from archiver.vault import copying
from archiver.verify import verify

PRINT_SECONDS = 600.0  # only a bound: a PDF holds at most 8 MiB of pictures, seconds where nothing else runs


class HandingOver:
    """What can be given out of an opened vault."""

    def __init__(self, archive: Opened) -> None:
        self.archive = archive
        self.vault = archive.vault
        self.settings = archive.settings

    def choose(self, asked: Asked) -> Chosen:
        """What a bundle would hold. Raises UsageError, UnknownId."""
        tokens = [token.facts for token in self._tokens]
        return choose(self.vault, asked, at=_now(), tokens=tokens)

    def redacted(self, chosen: Chosen, cover: Cover) -> Redacted:
        """The same selection with something covered in copies; what was kept stays as it is."""
        readings = (made for exhibit in chosen.exhibits for made in self.vault.readings(exhibit.capture))
        return redact.redact(chosen, cover, redact.words_by_picture(readings))

    def beside(self, chosen: Chosen, dress: Dress) -> list[str]:
        """The paths of everything that `write_bundle` would write beside the originals."""
        more = _covered_page(dress)
        printed = rendered(chosen, _unprinted if dress.paper else None, grey=dress.grey, more=more)
        return write.beside(chosen, printed, self._tokens, len(self.settings.authorities))

    def write_bundle(
        self, chosen: Chosen, destination: Path, *, how: write.How, dress: Dress, by: By
    ) -> Iterator[write.Written]:
        """What was chosen, written, checked and logged. Raises UsageError, DiskFull, PrintError, InstrumentMissing."""
        changed, more = 0, _covered_page(dress)
        if dress.redacted is not None and dress.cover is not None:
            body = dress.redacted.log_body(dress.cover)
            changed = self.vault.append(REDACTION_KIND, body, at=_now(), by=by).seq
        with Printer(executable=self.archive.found.path if dress.paper else "", sandbox=True) as printer:

            def on_paper(html: bytes) -> bytes:
                return printer.pdf(html, seconds=PRINT_SECONDS)

            yield from write.write(
                self.vault,
                chosen,
                destination,
                how=how,
                renderings=lambda part: rendered(part, on_paper if dress.paper else None, grey=dress.grey, more=more),
                tokens=self._tokens,
                now=_now,
                by=by,
                redaction=changed,
                stamping=Stamping(tuple(map(shown, self.settings.authorities)), self._stamps),
                progress=dress.progress,
            )

    def _stamps(self, data: bytes) -> Iterator[Stamp]:
        """Each authority that is set, asked for a token over these bytes; none where anchoring was not switched on."""
        for authority in self.settings.authorities:
            send = anchoring.sender(proxy=self.settings.proxy)
            request, reply, judged = anchoring.stamp(data, authority, roots=self._roots, send=send, now=clock.utc_now)
            yield stamp_of(shown(authority), request, reply, judged, roots=self._roots)

    def backup(self, target: Path, *, by: By, progress: copying.Progress) -> backup.BackedUp:
        """A copy elsewhere, checked by a restore. Raises UsageError, DiskFull, BackupUnsound."""
        return backup.backup(self.vault, target, check=findings, now=_now, by=by, progress=progress)

    @cached_property
    def _roots(self) -> tuple[bytes, ...]:
        return roots_for(self.settings)

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokens(self.vault.anchors(), lambda: self._roots)


def _covered_page(dress: Dress) -> list[File]:
    if dress.redacted is None or dress.cover is None:
        return []
    return list(redact.files(dress.redacted, dress.cover))


def _unprinted(html: bytes) -> bytes:
    raise AssertionError("only the names of the papers are asked for")


def restore(settings: Settings, source: Path, secret: keys.Secret, progress: copying.Progress) -> backup.Restored:
    """A vault from a backup, or what is whole of a damaged one. Raises as `backup.restore`."""
    return backup.restore(source, settings.vault, secret=secret, check=findings, now=_now, progress=progress)


def findings(opened: vault.Vault) -> list[Finding]:
    return [seen for seen in verify(opened) if isinstance(seen, Finding)]


def recovery_sheet(archive: Opened, code: keys.RecoveryCode, slot: keys.Slot) -> bytes:
    """The page to print, as HTML."""
    return sheet(code, made=slot.made[:10], slot=slot.id, fingerprint=archive.vault.fingerprint())


def print_sheet(page: bytes, archive: Opened) -> bytes:
    """A page of ours as PDF, by the browser that is there. Raises InstrumentMissing, PrintError."""
    return print_pdf(page, executable=archive.found.path, sandbox=True, seconds=PRINT_SECONDS)


def _now() -> str:
    return clock.rfc3339(clock.utc_now())
