"""Holds back what a click may have set off and is not plainly a loading: from the first click to the visit's end.

Uses a session of its own, beside the one that watches the main answer. Lists what it held back and what it let
through; changes no answer, and looks at no page.
"""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import CDPSession, Error

from archiver.browser.record import Record
from archiver.browser.sending import ASKING, Asked, asked, only_loads

KINDS = ("XHR", "Fetch", "Ping", "Other", "CSPViolationReport")
LOGGED = 40  # requests that are listed one by one


class Gate:
    """Opened before the first click. `hear` gathers what the page sends by itself until then."""

    def __init__(self, record: Record) -> None:
        self.held = 0  # requests that were not sent
        self.shut = False
        self._record = record
        self._known: set[Asked] = set()
        self._listed = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, session: CDPSession) -> None:
        session.on("Network.requestWillBeSent", self._sent)

    async def close(self, *sessions: CDPSession) -> None:
        """From now on, nothing leaves these sessions' pages but what loads. Raises Error where one is gone."""
        self.shut = True
        patterns = [{"urlPattern": "*", "resourceType": kind, "requestStage": "Request"} for kind in KINDS]
        patterns.append({"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"})
        for session in sessions:
            session.on("Fetch.requestPaused", lambda event, session=session: self._paused(session, event))
            await session.send("Fetch.enable", {"patterns": patterns})
            # A page's own service worker answers before anything is paused, and would send what it likes.
            await session.send("Network.setBypassServiceWorker", {"bypass": True})

    async def end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _sent(self, event: dict[str, Any]) -> None:
        request = event["request"]
        if not self.shut and request["method"] not in ASKING:
            self._known.add(asked(request["method"], request["url"], request.get("postData", "")))

    def _paused(self, session: CDPSession, event: dict[str, Any]) -> None:
        task = asyncio.create_task(self._decide(session, event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, session: CDPSession, event: dict[str, Any]) -> None:
        request, kind = event["request"], event.get("resourceType", "")
        method, url = request["method"], request["url"]
        if kind == "Document":  # a form that is sent, also into a frame; where the page goes is watched elsewhere
            free = method in ASKING
        else:
            free = kind != "Ping" and only_loads(method, url, request.get("postData", ""), self._known)
        try:
            if free:
                await session.send("Fetch.continueRequest", {"requestId": event["requestId"]})
            else:  # "Aborted": where it goes nowhere a page stays; for other reasons Chromium shows words of its own
                reason = "Aborted" if kind == "Document" else "BlockedByClient"
                await session.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": reason})
        except Error:
            pass  # the request or the page is gone; nothing was sent
        if not free or method not in ASKING:
            self._list("let-through" if free else "hold-back", f"{method} {asked(method, url).address}")
        self.held += not free

    def _list(self, what: str, detail: str) -> None:
        self._listed += 1
        if self._listed <= LOGGED:
            self._record.act(what, "network", detail[:300])
        elif self._listed == LOGGED + 1:
            self._record.act(what, "network", "and more of them, which are not listed")
