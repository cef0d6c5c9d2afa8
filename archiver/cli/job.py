"""One run of captures as a person follows it: what was kept, how far it is, what is left. Visits nothing itself."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from archiver import browser, clock
from archiver.assembly import Archive, How
from archiver.browser import BrowserFound
from archiver.capture import Kept, Lost, Order
from archiver.cli.context import Door
from archiver.cli.words import capture_record, capture_words, kept_words, standing_in, was_reached
from archiver.errors import ArchiverError
from archiver.records import Capture, Reading

if sys.platform == "win32":
    import msvcrt

WALL = "login_wall"
NAMED = 20  # addresses that are left, one by one; more are counted
SIGN_IN = "A window opens. Sign in there, then close it, or press Enter here."


class Job:
    """Orders on their way into the vault."""

    def __init__(
        self,
        door: Door,
        archive: Archive,
        how: How,
        found: BrowserFound,
        *,
        readers: Sequence[str],
        listed: bool,
        pool: Callable[[], Executor],
    ) -> None:
        self._door = door
        self._archive = archive
        self._how = how
        self._found = found
        self._readers = readers
        self._listed = listed
        self._pool = pool
        self._walled: Order | None = None  # what the login no longer opens
        self._left: list[Order] = []
        self._kept = 0
        self._total = 0

    def run(self, orders: Sequence[Order]) -> int:
        """0 where every page was reached and kept, else 1."""
        self._left, self._total = list(orders), len(orders)
        if self._how.login:
            at = clock.rfc3339(clock.utc_now())
            self._archive.vault.note_login_use(self._how.login, at=at, by=self._how.by)
        code = 0
        with _progress(self._door) as progress:
            task = progress.add_task("Capturing", total=len(orders))
            try:
                while self._left:
                    code = max(code, self._some(progress, task))
                    if self._walled is None:
                        break
                    progress.stop()
                    if not self._signed_in_again(self._walled):
                        self._tell_left(f"The login {self._how.login} no longer opens this site.")
                        return 1
                    self._left, self._walled = [self._walled, *self._left], None
                    progress.reset(task, completed=self._total - len(self._left))
                    progress.start()
            except KeyboardInterrupt:
                progress.stop()
                self._tell_left("Stopped.")
                return 1
        return code

    def _some(self, progress: Progress, task: TaskID) -> int:
        """As far as it goes without a person."""
        code = 0
        go_on = (lambda: self._walled is None) if self._how.login else None
        ended = self._archive.capture(self._left[:], self._how, self._found, self._pool, go_on)
        for one in ended:
            self._kept += isinstance(one, Kept)
            self._left = [order for order in self._left if order.supplied != one.order.supplied]
            code = max(code, self._tell(one))
            progress.update(task, completed=self._total - len(self._left))
        return code

    def _tell(self, ended: Kept | Lost) -> int:
        door, order = self._door, ended.order
        if isinstance(ended, Lost):
            door.result({"requested": order.supplied, "error": ended.sentence}, f"{order.supplied}: {ended.sentence}")
            return 1
        far = f" ({self._total - len(self._left)} of {self._total})" if self._total > 1 else ""
        door.say(f"{ended.capture.id}: {kept_words(ended.capture)} Its words are being read.{far}")
        readings = list(self._archive.read(ended.capture, self._readers))
        record = capture_record(ended.capture, readings) | {"cautions": [each.sentence for each in order.cautions]}
        words = capture_words(ended.capture, readings)
        if self._how.login:
            expired = standing_in(readings) == WALL
            record |= {"logged_in_as": self._how.login, "login_expired": expired}
            if expired:
                self._walled = order
                words += f"\n    {self._expired(order)}"
        door.result(record, words)
        return 0 if was_reached(ended.capture) and self._walled is not order else 1

    def _expired(self, order: Order) -> str:
        name = self._how.login
        return (
            f"The login {name} has expired: the page asks for one. To sign in again: "
            f"archiver login {name} {order.cleaned}; then give the same command again."
        )

    def _signed_in_again(self, order: Order) -> bool:
        """Whether the person at the terminal has signed in again."""
        door = self._door
        door.warn(self._expired(order))
        if door.as_json or not sys.stdin.isatty():
            return False
        if not click.confirm("Sign in again now?", default=False, err=True):
            return False
        door.warn(SIGN_IN)
        login = self._archive.vault.login(self._how.login)
        try:
            self._archive.sign_in(login.name, order, self._how, also=login.hosts, attend=at_the_terminal())
        except ArchiverError as error:
            door.warn(str(error))
            return False
        return True

    def _tell_left(self, why: str) -> None:
        """What is kept, what is left, and how to go on."""
        left = [*([self._walled] if self._walled else []), *self._left]
        rest = " The same command again does only the rest." if self._listed and left else ""
        self._door.warn(f"{why} {self._kept} kept, {len(left)} left.{rest}")
        for order in left[:NAMED]:
            self._door.warn(f"  left: {order.supplied}")
            if self._door.as_json and order is not self._walled:
                self._door.result({"requested": order.supplied, "error": f"Not visited. {why}"}, "")
        if len(left) > NAMED:
            self._door.warn(f"  and {len(left) - NAMED} more")


def at_the_terminal() -> browser.Attend:
    """A person who closes the window, or presses Enter where the program was started."""
    return lambda page: browser.until_closed(page, _enter_pressed)


def _enter_pressed() -> bool:
    """Looks without waiting: a thread that waits for a line can't be ended, and breaks the program's own end."""
    if not sys.stdin.isatty():
        return False
    if sys.platform == "win32":
        return msvcrt.kbhit() and msvcrt.getwch() in "\r\n"
    return bool(select.select([sys.stdin], [], [], 0)[0]) and bool(sys.stdin.readline())


def is_done(capture: Capture, readings: Sequence[Reading], login: str) -> bool:
    """Whether a list need not visit that address again: it was reached, with the same login, and that login worked."""
    if capture.body["provenance"]["logged_in_as"] != login:
        return False
    return was_reached(capture) and not (login and standing_in(readings) == WALL)


def _progress(door: Door) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=door.err,
        transient=True,
        disable=door.quiet or not door.err.is_terminal,
    )
