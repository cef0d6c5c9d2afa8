"""Opens what a page keeps folded, one control at a time, and looks after each click what came of it.

Which controls are clicked is decided in folds.js, by how they are built and where they stand. Never one that posts,
likes, follows, reports, votes, signs in, buys, closes the post or leaves the page; and while anything is clicked, what
is not plainly a loading is not sent (gate.py).
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Error

from archiver.browser.fold_words import words
from archiver.browser.frames import Document, documents
from archiver.browser.gate import Gate
from archiver.browser.harvest import FEED, HAS_FEED, on_feed
from archiver.browser.record import Record, Skip
from archiver.browser.settle import Settling
from archiver.browser.tab import PageMoved, Script, ScriptError, Tab, script

FOLDS = f"() => {{ ({FEED})(); ({script('folds')})({json.dumps(words(), ensure_ascii=False)}); }}"
SETTLE_SECONDS = 3.0
PATIENCE_MS = 500  # for what a control brings; timers of pages are shorter
LONGER_MS = 3000  # where the control says something else of itself meanwhile, as one does that is loading
MOST_HARM = 3  # clicks that did something else than open: then this page's controls are not understood
STRIDE = 400  # CSS pixels past a place where what seemed to open is not to be clicked (it was of a kind that does not)


def on_folds(source: str) -> Script:
    """A script that may use what folds.js and feed.js know."""
    return Script(source, library=FOLDS, there=f"{HAS_FEED} && archiver.folds")


OPEN = on_folds(script("open"))
ORDERS = on_folds(script("orders"))
KEPT = on_feed("""() => ({
  here: archiver.posts(0).length,
  met: archiver.told().posts.filter((post) => post.in === "window").length,
})""")
TO_TOP = on_feed("(which) => archiver.scroller(which).go(0)")


@dataclass
class Unfolding:
    """The unfolding of one page, under way."""

    tab: Tab
    settling: Settling
    gate: Gate
    record: Record
    deadline: float
    clicks: int = 0
    opened: int = 0
    harm: int = 0
    ended: str = ""  # why it ended before there was nothing more to open
    guarded: set[int] = field(default_factory=set)  # sessions that the gate stands before

    async def all(self) -> str:
        """Returns what was done, in words."""
        if self.tab.stopped:
            raise Skip("the page's scripts were ended")
        for document in await documents(self.tab, self.record.request.limits):
            try:
                await self._document(document)
            except (PageMoved, ScriptError, Error):
                if not document.name:
                    raise
                self.record.seen.folded.append(f"what is folded in a {document.name}: it went away meanwhile")
        if not self.clicks and not self.opened:
            raise Skip("nothing is folded")
        await self.tab.run(TO_TOP, 0, seconds=self.record.request.limits.script_seconds)
        held = f", {self.gate.held} requests held back" if self.gate.held else ""
        return f"{self.opened} opened, {self.clicks} clicks{held}"

    async def _document(self, document: Document) -> None:
        limits = self.record.request.limits
        opened = await self._ask(document, "details", most=limits.max_clicks)
        for one in opened:
            self._act(document, "open", one)
        self.opened += len(opened)
        if opened:
            await self.settling.rest(SETTLE_SECONDS)
        await self._most_comments(document)
        await self._here(document, near=False)
        if not document.name and await self._drops_posts():
            await self._along(document)
        await self._name_the_rest(document)

    async def _drops_posts(self) -> bool:
        told = await self.tab.run(KEPT, seconds=self.record.request.limits.script_seconds)
        return bool(told["here"] < told["met"])

    async def _along(self, document: Document) -> None:
        """A list that shows only what is near the window: go through it, and open at each place."""
        seconds, top, stuck = self.record.request.limits.script_seconds, 0.0, 0
        while not self.ended:
            told = await self._ask(document, "walk", top=top)
            before = self.clicks
            if told["found"]:
                await self.settling.rest(SETTLE_SECONDS)
                await self._here(document, near=True)
            stuck = stuck + 1 if told["found"] and self.clicks == before else 0
            if told["ended"] and (not told["found"] or stuck):
                break
            if time.monotonic() > self.deadline:
                self.ended = "the time for opening was up"
            top = told["top"] + (STRIDE if stuck else 0)
        await self.tab.run(TO_TOP, 0, seconds=seconds)

    async def _here(self, document: Document, *, near: bool) -> None:
        while not self.ended:
            found = await self._ask(document, "next", near=near)
            if found is None:
                return
            if self.clicks >= self.record.request.limits.max_clicks:
                self.ended = f"more than the {self.clicks} that are opened in one visit"
            elif time.monotonic() > self.deadline:
                self.ended = "the time for opening was up"
            elif "kind" in found:
                await self._click(document, found)

    async def _click(self, document: Document, found: dict[str, Any]) -> None:
        await self._guard(document)
        self.clicks += 1
        held = self.gate.held
        await self._ask(document, "open")
        await self.settling.rest(SETTLE_SECONDS)
        came = await self._ask(document, "check", patience=PATIENCE_MS, longer=LONGER_MS)
        self.opened += came == "opened"
        self._act(document, "click", found, WORDS[came])
        if self.gate.held > held and came in ("nothing", "itself"):
            self.record.seen.folded.append(f"what {found['target']} opens: it would have sent something")
        if came in HARM:
            await self._undo(document, found, came)

    async def _undo(self, document: Document, found: dict[str, Any], came: str) -> None:
        self.harm += 1
        await self._ask(document, "undo", found=came)
        await self.settling.rest(SETTLE_SECONDS)
        back = await self._ask(document, "undone", found=came) and came != "lost"
        self._act(document, "undo", found, "put back" if back else "it could not be put back")
        if not back:
            self.record.seen.miss(f"what the page showed before {found['target']} was clicked ({WORDS[came]})")
        if self.harm >= MOST_HARM or (came == "left" and not back):
            self.ended = "its controls do other things than opening"

    async def _most_comments(self, document: Document) -> None:
        """Where comments can be ordered: the order that shows most of them, else the one that was."""
        seconds = self.record.request.limits.script_seconds

        async def ask(deed: str, choice: int = 0) -> Any:
            return await document.run(self.tab, ORDERS, {"deed": deed, "choice": choice}, seconds=seconds)

        async def shown(choice: int) -> tuple[int, int]:
            self.clicks += 1
            await ask("choose", choice)
            await self.settling.rest(SETTLE_SECONDS)
            told = await ask("count")
            self._act(
                document, "choose-order", {**found, "text": found["choices"][choice]}, f"{told['count']} comments"
            )
            return told["count"], told["chars"]

        found = await ask("find")
        if found is None:
            return
        await self._guard(document)
        if "choices" not in found:
            found = await ask("menu")
            if found is None:
                return
        if "stuck" in found:
            self._act(document, "click", {**found, "text": ""}, "a menu that stayed open")
            self.record.seen.miss("what a menu covers that was opened to see the order of comments")
            return
        now, told = found["now"], await ask("count")
        before = best = (told["count"], told["chars"])
        chosen, standing = now, now
        for choice in range(len(found["choices"])):
            if choice != now and time.monotonic() < self.deadline:
                standing, reached = choice, await shown(choice)
                if reached[0] > best[0] or (reached[0] == best[0] and reached[1] > best[1] * 1.2):
                    best, chosen = reached, choice
        if standing != chosen and chosen >= 0:
            await shown(chosen)
        self.opened += best > before

    async def _guard(self, document: Document) -> None:
        """Nothing is clicked in a document before the gate stands before it."""
        if id(document.session) not in self.guarded:
            own = document.session is self.tab.session  # which has its own watch over where the page goes
            session = await self.tab.context.new_cdp_session(self.tab.page) if own else document.session
            await self.gate.close(session)
            self.guarded.add(id(document.session))

    async def _name_the_rest(self, document: Document) -> None:
        left = await self._ask(document, "left")
        where = f" in a {document.name}" if document.name else ""
        folded = self.record.seen.folded
        if left["closed"]:
            folded.append(f"{_parts(left['closed'])}{where} that did not open")
        if left["waiting"] or self.ended:
            why = self.ended or "it came too late"
            folded.append(f"{_parts(left['waiting']) if left['waiting'] else 'folded parts'}{where} left closed: {why}")
        if left["cut"]:
            texts = "a text" if left["cut"] == 1 else f"{left['cut']} texts"
            folded.append(f"the end of {texts}{where} that the page cuts short")

    def _act(self, document: Document, what: str, found: dict[str, Any], came: str = "") -> None:
        target = " in ".join(filter(None, (found["target"], document.name)))
        self.record.act(what, target, f"“{found['text']}”" + (f": {came}" if came else ""))

    async def _ask(self, document: Document, deed: str, **more: object) -> Any:
        seconds = self.record.request.limits.script_seconds
        return await document.run(self.tab, OPEN, {"deed": deed, **more}, seconds=seconds)


WORDS = {
    "opened": "it opened",
    "nothing": "nothing came of it",
    "itself": "only the control itself changed",
    "left": "the page went to another address",
    "covered": "something else covered the page",
    "lost": "posts went away",
    "shrank": "words went away",
    "changed": "the words became others",
}
HARM = ("left", "covered", "lost", "shrank", "changed")


def _parts(count: int) -> str:
    return "a folded part" if count == 1 else f"{count} folded parts"


async def unfold(tab: Tab, settling: Settling, gate: Gate, record: Record) -> str:
    """Open what is folded, in the page and its frames. Returns what was done, in words."""
    deadline = time.monotonic() + record.request.limits.unfold_seconds
    return await Unfolding(tab, settling, gate, record, deadline).all()
