"""What a visit has brought so far: whole at any moment, so that a visit cut short still gives a snapshot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from playwright.async_api import Error

from archiver.browser.chromium import first_line
from archiver.browser.request import VisitRequest
from archiver.browser.tab import PageMoved, ScriptError
from archiver.records import Action, Artifact, Failure, Hop, Outcome, Place, Provenance, Role, Step

Clock = Callable[[], datetime]  # the time now, with a zone


class Skip(Exception):
    """A step that has nothing to do here; its words say why."""


def rfc3339(moment: datetime) -> str:
    """UTC with milliseconds: 2026-03-03T09:15:00.123Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Note:
    """What a running step has to say about itself."""

    detail: str = ""
    trouble: str = ""  # set: the step did its work only in part, and is recorded as failed


@dataclass
class Seen:
    """What the page said of itself, step by step; the verdict is made from it."""

    images_complete: int = 0
    images_broken: int = 0
    images_pending: int = 0
    height_asked: int = 0
    height_painted: int = 0
    height_left: float | None = None  # of the page with what its panes hide, when its pictures had been taken
    posts_met: int = 0
    posts_pictured: int = 0
    scrolling_stopped: str = ""
    folded: list[str] = field(default_factory=list)  # what stayed closed, in words
    missing: list[str] = field(default_factory=list)  # each thing that was cut, blocked or not reached, in words

    def miss(self, what: str) -> None:
        if what not in self.missing:
            self.missing.append(what)


@dataclass
class Record:
    """Everything gathered in one visit."""

    request: VisitRequest
    now: Clock
    started: datetime
    final: str
    status: int | None = None
    answered: datetime | None = None  # when the main answer had begun
    title: str = ""
    failure: Failure = field(default_factory=Failure)
    redirects: list[Hop] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    artifacts: list[Artifact] = field(default_factory=list)
    seen: Seen = field(default_factory=Seen)
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def tiles(self) -> int:
        """How many there are, which is the number of the next one."""
        return sum(artifact.role == "tile" for artifact in self.artifacts)

    def keep(self, role: Role, media_type: str, data: bytes, place: Place | None = None) -> None:
        self.artifacts.append(Artifact(role, media_type, data, place))

    def keep_text(self, role: Role, media_type: str, text: str) -> None:
        """Text as UTF-8; halves of characters, which a page's script can make, become U+FFFD as in browsers."""
        self.keep(role, media_type, text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode())

    def act(self, what: str, target: str, detail: str = "") -> None:
        self.actions.append(Action(what, target, rfc3339(self.now()), detail))

    def end(self, name: str, outcome: Outcome, detail: str, since: float) -> None:
        self.steps.append(Step(name, outcome, detail, round((time.monotonic() - since) * 1000)))

    @asynccontextmanager
    async def step(self, name: str, seconds: float) -> AsyncIterator[Note]:
        """Run a step within its bound and record how it ended. What goes wrong in it stays in it."""
        since, note = time.monotonic(), Note()
        try:
            async with asyncio.timeout(seconds):
                yield note
        except Skip as skip:
            self.end(name, "skipped", str(skip), since)
        except TimeoutError:
            self.end(name, "failed", f"not done within {seconds:.0f} s", since)
        except PageMoved:
            self.end(name, "failed", "the page went elsewhere meanwhile", since)
        except (Error, ScriptError) as error:
            self.end(name, "failed", first_line(error), since)
        except asyncio.CancelledError:
            self.end(name, "failed", "the visit was ended meanwhile", since)
            raise
        else:
            self.end(name, "failed" if note.trouble else "done", note.trouble or note.detail, since)
