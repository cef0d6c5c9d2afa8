"""Every document of a page that our scripts can run in: the main one and its frames, also those of other sites."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Error

from archiver.browser import dom
from archiver.browser.request import Limits
from archiver.browser.settle import FADING_MS, GRACE_SECONDS, QUIET_MS, SETTLE
from archiver.browser.tab import PageMoved, ScriptError, Tab

FEW = 12  # frames that are worked in: comments and consent stand in one or two, advertisements in the others
SMALLEST = 20_000  # CSS pixels of a frame's area that are worth a look: 200 x 100
OWNER = """function () {
  const box = this.getBoundingClientRect();
  let held = false;
  for (let at = this; at && at.nodeType === 1; at = at.parentElement ?? at.getRootNode().host) {
    const style = getComputedStyle(at);
    held ||= /fixed|sticky/.test(style.position) || (style.position === "absolute" && style.zIndex > 0) ||
      at.matches("dialog,[role=dialog],[role=alertdialog],[aria-modal=true]");
  }
  return { area: this.checkVisibility() ? Math.max(0, box.width) * Math.max(0, box.height) : 0, held };
}"""

GROW = """function (by) {
  this.style.setProperty("height", `${this.getBoundingClientRect().height + by}px`, "important");
  this.style.setProperty("max-height", "none", "important");
}"""


@dataclass(frozen=True)
class Document:
    """One document and the session and world in which our scripts reach it."""

    name: str  # "" for the main one, else "frame ADDRESS"
    session: CDPSession
    id: str  # of its frame, Chromium's
    world: int
    held: bool = False  # a frame that stands fixed before the page, or in a dialog
    owner: str = ""  # the element that shows it, as Chromium's object in our own world of the document around it
    outer: CDPSession | None = None  # the session of that document

    async def run(self, tab: Tab, source: str, *arguments: Any, seconds: float) -> Any:
        """Call a function there. Raises ScriptError, PageMoved, TimeoutError, Error."""
        if not self.name:
            return await tab.run(source, *arguments, seconds=seconds)
        async with asyncio.timeout(seconds):
            if await tab.world_of(self.session, self.id) != self.world:  # its number may be another world's by now
                raise PageMoved(f"another document came into the {self.name}")
            return await tab.call(self.session, self.world, source, *arguments)

    async def rest(self, tab: Tab, seconds: float) -> None:
        """Wait until nothing is being added there. Raises as `run` does."""
        bounds = {"bound": seconds * 1000, "quiet": QUIET_MS, "fading": FADING_MS}
        await self.run(tab, SETTLE, bounds, seconds=seconds + GRACE_SECONDS)

    async def grow(self, by: float) -> None:
        """Make the element that shows this frame taller by so many CSS pixels."""
        assert self.outer is not None  # noqa: S101 - only frames are made taller
        call = {"functionDeclaration": GROW, "objectId": self.owner, "arguments": [{"value": by}]}
        await self.outer.send("Runtime.callFunctionOn", call)


async def documents(tab: Tab, limits: Limits) -> list[Document]:
    """The main document, then the frames that are large enough to hold words, at most a few."""
    main = Document("", tab.session, tab.frame_id, await tab.world())
    if len(tab.page.frames) == 1:
        return [main]
    nodes = await dom.frames(tab, limits, [])
    by_id = {node.id: node for node in nodes}
    found = [main]
    for node in nodes[1:]:
        parent = by_id.get(node.parent)
        if parent is None or len(found) > FEW:
            continue
        try:
            element, owner = await _owner(tab, node, parent)
            if owner["area"] >= SMALLEST:
                world = await tab.world_of(node.session, node.id)
                name = f"frame {node.url[:200]}"
                found.append(Document(name, node.session, node.id, world, owner["held"], element, parent.session))
        except (Error, PageMoved):
            continue  # it has left the page
    return found


async def rest_frames(tab: Tab, limits: Limits, seconds: float) -> None:
    """Wait until frames have come to rest as well: what is off the screen does nothing until it is on it."""
    if tab.stopped:
        return
    for document in (await documents(tab, limits))[1:]:
        try:
            await document.rest(tab, seconds)
        except (Error, PageMoved, ScriptError, TimeoutError):
            continue  # it went away, or its own scripts never pause: it is pictured as it is


async def _owner(tab: Tab, node: dom.Node, parent: dom.Node) -> tuple[str, dict[str, Any]]:
    """What the element that shows a frame says of itself, asked in our own world of its document."""
    world = await tab.world_of(parent.session, parent.id)
    owner = await parent.session.send("DOM.getFrameOwner", {"frameId": node.id})
    where = {"backendNodeId": owner["backendNodeId"], "executionContextId": world}
    element: str = (await parent.session.send("DOM.resolveNode", where))["object"]["objectId"]
    call = {"functionDeclaration": OWNER, "objectId": element, "returnByValue": True}
    told: dict[str, Any] = (await parent.session.send("Runtime.callFunctionOn", call))["result"]["value"]
    return element, told
