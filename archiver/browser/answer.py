"""Stands where the main answer arrives: a file is kept as it came, up to a bound, and never becomes a download.

Pages go through untouched. A page may not send the browser to where nobody answers, and once it is being kept (`hold`)
not anywhere: what is on the screen would be lost.
"""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Error

from archiver.browser.failure import host_and_port, load_failure
from archiver.browser.guard import Guard, Refused

# What Chromium shows in a tab by itself; the rest it would download. Its own list: blink/common/mime_util.
SHOWN_ENDINGS = ("/html", "/xml", "+xml", "/json", "+json", "/plain", "javascript", "ecmascript")
SHOWN_GROUPS = ("image/", "audio/", "video/", "text/")
NOT_SHOWN = {  # of those groups
    *("image/tiff", "image/heic", "image/heif", "image/vnd.adobe.photoshop", "image/x-icns"),
    *("text/csv", "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rtf", "text/x-csv"),
    *("text/comma-separated-values", "text/tab-separated-values", "text/tsv", "text/ldif", "text/qif", "text/ofx"),
}
READ_BYTES = 1024 * 1024


@dataclass
class File:
    """What an address gave in place of a page. `data` grows while it comes."""

    media_type: str
    stated_length: int | None  # bytes on the wire, as the server said
    data: bytearray = field(default_factory=bytearray)
    whole: bool = False


class Answers:
    """Watches the main frame's documents at the moment their answers arrive."""

    def __init__(self, session: CDPSession, frame_id: str, guard: Guard, *, response_bytes: int) -> None:
        self.file: File | None = None
        self.headers: tuple[
            tuple[str, str], ...
        ] = ()  # of the newest main answer, in the server's order, without cookies
        self.held: dict[str, str] = {}  # addresses that the page wanted to go to and was not let -> why
        self.answered = asyncio.Event()  # the first headers of a main answer are there
        self.holds = asyncio.Event()  # something was held
        self._session = session
        self._frame_id = frame_id
        self._guard = guard
        self._bound = response_bytes
        self._holding = False
        self._may_reload = ""  # an address
        self._there = False  # a page was let through
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        self._session.on("Fetch.requestPaused", self._paused)
        patterns = [{"resourceType": "Document", "requestStage": stage} for stage in ("Request", "Response")]
        await self._session.send("Fetch.enable", {"patterns": patterns})

    def hold(self, *, may_reload: str = "") -> None:
        """From now on the page stays where it is: leaving it would lose what is being kept. It may be given leave to
        load its own address again.
        """
        self._holding, self._may_reload = True, may_reload.partition("#")[0]

    async def end(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _paused(self, event: dict[str, Any]) -> None:
        task = asyncio.create_task(self._decide(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _decide(self, event: dict[str, Any]) -> None:
        request = {"requestId": event["requestId"]}
        main = event.get("frameId") == self._frame_id
        answered = "responseStatusCode" in event or "responseErrorReason" in event
        if main and answered:
            self.answered.set()
        file = main and answered and _is_file(event)
        if main and answered and not self._holding and not (file and self._there):
            self.headers = tuple((h["name"].lower(), h["value"]) for h in event.get("responseHeaders", ()))
        try:
            hold = main and await self._hold(event["request"]["url"], answered)
            if file and self._there and not hold:  # a page that hands out a file stays the page
                self.held[event["request"]["url"]] = "it is a file"
                hold = True
            if hold or (main and answered and await self._take(event)):
                await self._session.send("Fetch.failRequest", {**request, "errorReason": "Aborted"})
            else:
                self._there |= main and event.get("responseStatusCode", 300) // 100 != 3
                await self._session.send("Fetch.continueRequest", request)
            if hold:
                self.holds.set()
        except Error:
            return  # the request or the page is gone

    async def _hold(self, url: str, answered: bool) -> bool:
        """True where the page is not let go: it is being worked on, or nobody answers where it wants to go."""
        if self._holding and url.partition("#")[0] == self._may_reload:
            return False
        if self._holding:
            self.held[url] = "it was being kept"
        elif self._there and not answered and host_and_port(url)[1]:
            try:
                await self._guard.reach(*host_and_port(url))
            except Refused:
                self.held[url] = load_failure(url, "", self._guard).sentence
        return url in self.held

    async def _take(self, event: dict[str, Any]) -> bool:
        """Keep a file's bytes; True where Chromium is not to show anything of it."""
        if not _is_file(event):
            return False
        headers = _headers(event)
        media_type = _media_type(headers)
        length = headers.get("content-length", "")
        stated = int(length) if length.isdigit() and "content-encoding" not in headers else None
        self.file = File(media_type or "application/octet-stream", stated)
        await self._read(self.file, event["requestId"])
        return True

    async def _read(self, file: File, request_id: str) -> None:
        """The body, unpacked, up to the bound."""
        taken = await self._session.send("Fetch.takeResponseBodyAsStream", {"requestId": request_id})
        try:
            while len(file.data) <= self._bound:
                piece = await self._session.send("IO.read", {"handle": taken["stream"], "size": READ_BYTES})
                file.data += base64.b64decode(piece["data"]) if piece.get("base64Encoded") else piece["data"].encode()
                if piece["eof"]:
                    file.whole = file.stated_length is None or len(file.data) >= file.stated_length
                    break
        except Error:
            return  # it broke off; what came is kept and called a part
        if len(file.data) > self._bound:
            del file.data[self._bound :]
            file.whole = False


def _headers(event: dict[str, Any]) -> dict[str, str]:
    return {h["name"].lower(): h["value"] for h in event.get("responseHeaders", ())}


def _media_type(headers: dict[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_file(event: dict[str, Any]) -> bool:
    """Whether an answer is something that Chromium would not show but download."""
    status, headers = event.get("responseStatusCode", 0), _headers(event)
    if not 200 <= status < 300 or status in (204, 205):
        return False
    attached = headers.get("content-disposition", "").strip().lower().startswith("attachment")
    return attached or not (not _media_type(headers) or shows(_media_type(headers)))


def shows(media_type: str) -> bool:
    """Whether Chromium shows this kind of content in a tab."""
    if media_type in NOT_SHOWN:
        return False
    return media_type.endswith(SHOWN_ENDINGS) or media_type.startswith(SHOWN_GROUPS)
