"""Settings become a ready archive: the only place that wires instruments to flows. Decides nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from archiver import (
    anchoring,
    backup,
    clock,
    compare,
    keys,
    reading,
    recapture,
    schedule,
    taking_in,
    timestamp,
    vault,
    watching,
)
from archiver.browser import Attend, VisitRequest, sign_in, visit_in_worker
from archiver.browser.find import BrowserFound, find_browser
from archiver.browser.paper import Printer, print_pdf
from archiver.bundle import redact, write
from archiver.bundle.choose import Asked, choose
from archiver.bundle.chosen import Chosen, File
from archiver.bundle.logged import Token, tokens
from archiver.bundle.redact import Cover, Redacted
from archiver.bundle.render import Dress, rendered
from archiver.capture import Kept, Lost, Order, always, capture_all, neighbour, order_for
from archiver.compare import Comparison, Seen
from archiver.differences import WITNESS
from archiver.errors import AddressError, InstrumentMissing, UnknownId
from archiver.integrity import REDACTION_KIND
from archiver.keys.sheet import sheet
from archiver.ocr import Engine, find_engine
from archiver.records import By, Capture, Finding, Reading, Snapshot
from archiver.settings import Settings
from archiver.vault import copying
from archiver.verify import verify
from archiver.watched import Watch
from archiver.workers import shared, worker_pool
from extractors.hosts import host_of

PRINT_SECONDS = 120.0  # for one PDF of at most 32 MB of pictures


@dataclass(frozen=True)
class How:
    """How one batch of captures is to be made."""

    jobs: int = 1  # visits at once
    allow_private: bool = False
    proxy: str = ""
    login: str = ""  # the name of a stored login
    note: str = ""
    by: By = field(default_factory=By)


class Archive:
    """One opened vault with its instruments at hand. Use as a context manager."""

    def __init__(
        self, settings: Settings, opened: vault.Vault, *, is_new: bool = False, here: keys.Device | None = None
    ) -> None:
        self.settings = settings
        self.vault = opened
        self.is_new = is_new  # made just now: the person is offered a recovery sheet
        self.here = here or keys.Device()  # where this computer keeps its list of what to visit

    @classmethod
    def open(cls, settings: Settings, secret: keys.Secret) -> Self:
        return cls(settings, vault.open_vault(settings.vault, secret=secret))

    @classmethod
    def create(cls, settings: Settings, secret: keys.NewSlot) -> Self:
        return cls(settings, vault.create(settings.vault, secret=secret, now=clock.utc_now), is_new=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.vault.close()

    @cached_property
    def engine(self) -> Engine | None:
        """Tesseract, or None where it is not installed: a page is kept all the same."""
        try:
            return find_engine(self.settings.tesseract)
        except InstrumentMissing:
            return None

    @cached_property
    def found(self) -> BrowserFound:
        """The browser that watches visit with, looked for once. Raises InstrumentMissing."""
        return browser_for(self.settings)

    def capture(
        self,
        orders: Iterable[Order],
        how: How,
        found: BrowserFound,
        pool: Callable[[], Executor] | None = None,
        go_on: Callable[[], bool] = always,
    ) -> Iterator[Kept | Lost]:
        """Visit and keep. `pool` is any executor; by default worker processes on this machine.

        Where `go_on` says no, no further visit begins; those under way end and are kept.
        """

        def visit(executor: Executor, order: Order) -> Future[Snapshot]:
            request = request_for(order, how, self.settings, found)
            if how.login:
                request = replace(request, login=how.login, state=self.vault.login(how.login).state)
            return executor.submit(visit_in_worker, request)

        def keep(order: Order, snapshot: Snapshot) -> Capture:
            return self.vault.append_capture(snapshot, note=how.note, by=how.by)

        return capture_all(
            orders, visit=visit, keep=keep, pool=pool or worker_pool(how.jobs), jobs=how.jobs, go_on=go_on
        )

    def sign_in(
        self, name: str, order: Order, how: How, *, also: tuple[str, ...] = (), attend: Attend, shown: bool = True
    ) -> vault.Login:
        """A person signs in, in a window, and the login is kept. Raises InstrumentMissing, UsageError."""
        hosts = tuple(dict.fromkeys(site.lower().removeprefix("www.") for site in (host_of(order.cleaned), *also)))
        request = request_for(order, how, self.settings, self.found)
        state = sign_in(request, hosts, attend=attend, shown=shown)
        made = vault.Login(vault.checked_name(name), hosts, clock.rfc3339(clock.utc_now()), state)
        self.vault.keep_login(made, by=how.by)
        return made

    def read(self, capture: Capture, readers: Iterable[str] = reading.READERS) -> Iterator[Reading]:
        """Read one capture again; each reading is kept before it is yielded."""
        for reader in readers:
            made = self._make(reader, capture)
            self.vault.keep_reading(made)
            yield made

    @cached_property
    def roots(self) -> tuple[bytes, ...]:
        """What time stamps are judged by. Raises UsageError."""
        return timestamp.roots_from(self.settings.roots)

    def anchor(self, *, proxy: str = "", new: bool = True, patient: bool = False) -> Iterator[anchoring.Asked]:
        """Has the log time-stamped by the authorities that are set; does nothing where none is."""
        return anchoring.anchor(
            self.vault,
            self.settings.authorities,
            roots=self.roots if self.settings.authorities else (),
            send=anchoring.sender(proxy=proxy or self.settings.proxy),
            now=clock.utc_now,
            new=new,
            patient=patient,
        )

    def recovery_sheet(self, code: keys.RecoveryCode, slot: keys.Slot) -> bytes:
        """The page to print, as HTML."""
        return sheet(code, made=slot.made[:10], slot=slot.id, fingerprint=self.vault.fingerprint())

    def compare(self, before: str, after: str) -> Comparison:
        """What changed between two captures. Raises UnknownId, VaultDamaged."""
        return compare.compare(*self._seen(before, after))

    def pictures(self, identifier: str) -> list[bytes]:
        """The pictures that were taken of the whole page, top to bottom."""
        kept = reading.artifacts_of(self.vault.capture(identifier))
        return [self.vault.artifact(artifact.sha256) for artifact in kept if artifact.role == "tile"]

    def choose(self, asked: Asked) -> Chosen:
        """What a bundle would hold. Raises UsageError, UnknownId."""
        tokens = [token.facts for token in self._tokens]
        return choose(self.vault, asked, at=_now(), tokens=tokens)

    def redacted(self, chosen: Chosen, cover: Cover) -> Redacted:
        """The same selection with something covered in copies; what was kept stays as it is."""
        readings = (made for exhibit in chosen.exhibits for made in self.vault.readings(exhibit.capture))
        return redact.redact(chosen, cover, redact.words_by_picture(readings))

    def write_bundle(
        self, chosen: Chosen, destination: Path, *, how: write.How, dress: Dress, by: By
    ) -> Iterator[write.Written]:
        """What was chosen, written, checked and logged. Raises UsageError, DiskFull, PrintError, InstrumentMissing."""
        changed, more = 0, list[File]()
        if dress.redacted is not None and dress.cover is not None:
            body = dress.redacted.log_body(dress.cover)
            changed = self.vault.append(REDACTION_KIND, body, at=_now(), by=by).seq
            more = list(redact.files(dress.redacted, dress.cover))
        with Printer(executable=self.found.path if dress.paper else "", sandbox=True) as printer:

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
                progress=dress.progress,
            )

    def backup(self, target: Path, *, by: By, progress: copying.Progress) -> backup.BackedUp:
        """A copy elsewhere, checked by a restore. Raises UsageError, DiskFull, BackupUnsound."""
        return backup.backup(self.vault, target, check=findings, now=_now, by=by, progress=progress)

    @cached_property
    def _tokens(self) -> list[Token]:
        return tokens(self.vault.anchors(), lambda: self.roots)

    def host_for_watch(self, url: str) -> str:
        """Whom a visit bothers: watches of one host keep their distance."""
        return neighbour(url)

    @property
    def pace(self) -> recapture.Pace:
        return recapture.Pace(quiet=self.settings.quiet_hours, shut=self.settings.shut_hosts)

    def watch_round(
        self,
        how: How,
        *,
        now: Callable[[], datetime] = clock.local_now,
        pool: Callable[[], Executor] | None = None,
    ) -> Iterator[watching.Visited]:
        """Visits what is due, a few at a time; each visit is in the log before it is yielded.

        A watch is claimed just before it is visited, so that a second runner leaves it alone and nothing is lost when
        this one is killed. A runner that has no key holds no claims: while one visits, there is nothing to do here.
        """
        with self._turn() as mine, shared(pool or worker_pool(how.jobs)) as one_pool:
            if not mine:
                return
            chosen = recapture.due(self.vault.watches(), now(), pace=self.pace)
            for private in (False, True):
                waiting = [watch for watch in chosen if watch.allow_private == private]
                while waiting:
                    few, waiting = waiting[: how.jobs * 2], waiting[how.jobs * 2 :]
                    yield from self._visit_few(few, replace(how, allow_private=private), now=now, pool=one_pool)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        if not self.is_unattended():
            yield True
            return
        with keys.turn_to_visit(self.vault.id, where=self.here, shared=True) as mine:
            if mine:
                list(self.take_in())  # what a runner without a key visited meanwhile is not due
            yield mine

    def _visit_few(
        self, few: list[Watch], how: How, *, now: Callable[[], datetime], pool: Callable[[], Executor]
    ) -> Iterator[watching.Visited]:
        orders: list[Order] = []
        claims: dict[str, tuple[Watch, vault.Claim]] = {}  # by address: a vault has no two watches of one
        for watch in few:
            claim = self.vault.claim_watch(watch, now=int(now().timestamp()))
            if claim is None:
                continue
            claims[watch.url] = watch, claim
            try:
                orders.append(order_for(watch.url, allow_private=how.allow_private))
            except AddressError as error:
                yield from self._keep_visit(watching.lost(watch, str(error)), claims.pop(watch.url)[1], now())
        try:
            for ended in self.capture(orders, how, self.found, pool) if orders else ():
                watch, claim = claims.pop(ended.order.supplied)
                if isinstance(ended, Lost):
                    made = watching.lost(watch, ended.sentence)
                else:
                    list(self.read(ended.capture, (reading.PAGE,)))  # words in pictures: read --missing
                    made = self._visited(watch, ended.capture.id)
                yield from self._keep_visit(made, claim, now())
        finally:
            for _, claim in claims.values():
                self.vault.release_watch(claim)

    def take_in(self) -> Iterator[taking_in.Taken]:
        """What was sealed while the vault was locked comes into the log; the words in pictures: read --missing."""

        def now() -> str:
            return clock.rfc3339(clock.utc_now())

        yield from taking_in.take_in(self.vault, now=now, kept=self._read_taken)

    def is_unattended(self) -> bool:
        """Whether this computer was let in to visit what is watched while the vault is locked."""
        return keys.list_path(self.vault.id, where=self.here).exists()

    def let_in(self) -> str:
        """Gives this computer the list of what to visit, and says where the list's key lies: keyring or file."""
        secret, recipient = self.vault.mailbox()
        with keys.turn_to_write_list(self.vault.id, where=self.here):
            made = schedule.schedule_of(self.vault.id, recipient, keys.voucher_key(secret), self.vault.watches())
            return keys.keep_list(self.vault.id, schedule.to_bytes(made), where=self.here)

    def shut_out(self) -> None:
        with keys.turn_to_write_list(self.vault.id, where=self.here):
            keys.forget_list(self.vault.id, where=self.here)

    def renew_list(self) -> None:
        """After a change to what is watched; nothing, where this computer has no list."""
        if self.is_unattended():
            self.let_in()

    def _read_taken(self, capture: Capture, identifier: str) -> None:
        list(self.read(capture, (reading.PAGE,)))
        try:
            watch = self.vault.watch(identifier)
        except UnknownId:  # none, or none that is here: the capture is kept, and says for which it was made
            return
        self.vault.append_taken_visit(watch.id, capture, self._visited(watch, capture.id).body, at=capture.at)

    def _visited(self, watch: Watch, identifier: str) -> watching.Visited:
        now, seen, *live = self._seen(identifier, watch.seen, *([watch.live] if watch.live else []))
        return watching.visited(watch, now, seen=seen, live=live[0] if live else None)

    def _keep_visit(self, made: watching.Visited, claim: vault.Claim, at: datetime) -> Iterator[watching.Visited]:
        if self.vault.append_visit(claim, made.body, at=clock.rfc3339(at)):
            yield made

    def _seen(self, *identifiers: str) -> list[Seen]:
        """Captures with their pages' readings, by one version of one reader: else what differs may be the reader."""
        captures = [self.vault.capture(identifier) for identifier in identifiers]
        pages = [self._page_reading(capture) for capture in captures]
        if len({page.made_with for page in pages if page is not None} - {"none"}) > 1 or None in pages:
            pages = [self._make(reading.PAGE, capture) for capture in captures]
        return [
            watching.seen_of(capture, page, fetch=self.vault.artifact)
            for capture, page in zip(captures, pages, strict=True)
        ]

    def _page_reading(self, capture: Capture) -> Reading | None:
        made = self.vault.readings(capture.id)
        return next((each for each in made if each.reader == reading.PAGE and each.outcome == "done"), None)

    def _make(self, reader: str, capture: Capture) -> Reading:
        at = clock.rfc3339(clock.utc_now())
        if reader == reading.PAGE:
            return reading.read_page(capture, fetch=self.vault.artifact, at=at)
        if reader == WITNESS:
            words = next((each for each in self.vault.readings(capture.id) if each.reader == reading.OCR), None)
            return reading.read_differences(
                capture,
                words,
                fetch=self.vault.artifact,
                at=at,
                engine=self.engine,
                languages=self.settings.languages,
            )
        return reading.read_pictures(
            capture,
            fetch=self.vault.artifact,
            at=at,
            engine=self.engine,
            languages=self.settings.languages,
            jobs=self.settings.ocr_jobs,
        )


def restore(settings: Settings, source: Path, secret: keys.Secret, progress: copying.Progress) -> backup.Restored:
    """A vault from a backup, or what is whole of a damaged one. Raises as `backup.restore`."""
    return backup.restore(source, settings.vault, secret=secret, check=findings, now=_now, progress=progress)


def findings(opened: vault.Vault) -> list[Finding]:
    return [seen for seen in verify(opened) if isinstance(seen, Finding)]


def _now() -> str:
    return clock.rfc3339(clock.utc_now())


def browser_for(settings: Settings) -> BrowserFound:
    """The browser that captures are made with. Raises InstrumentMissing: asked before a vault is made for nothing."""
    return find_browser(settings.browser)


def print_sheet(page: bytes, archive: Archive) -> bytes:
    """A page of ours as PDF, by the browser that is there. Raises InstrumentMissing, PrintError."""
    return print_pdf(page, executable=archive.found.path, sandbox=True, seconds=PRINT_SECONDS)


def request_for(order: Order, how: How, settings: Settings, found: BrowserFound) -> VisitRequest:
    return VisitRequest(
        requested=order.supplied,
        cleaned=order.cleaned,
        browser=found.path,
        allow_private=how.allow_private,
        proxy=how.proxy,
        locale=settings.locale,
        viewport=settings.viewport,
        scale=settings.scale,
    )
