"""Frames of other sites, workers and service workers of a page, each with a session of its own, told apart from it.

Chromium tells what they load to their own sessions only. Uses Chromium's nested messages, since Playwright gives a
session with a frame but none with a worker. Sends what it is told to send, and looks at no page.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

from playwright.async_api import CDPSession, Error

Heard = Callable[["Speaks", str, dict[str, Any]], None]  # whose event, its name, its parameters
MOST = 200  # of one page: pages full of advertisements have 30
ATTACH = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": False}


class Speaks(Protocol):
    """Something that answers commands of Chromium's protocol."""

    async def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]: ...


class Child:
    """A session inside another one."""

    def __init__(self, parent: Speaks, session_id: str) -> None:
        self._parent = parent
        self._id = session_id
        self._number = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def send(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Raises Error where it is refused or gone."""
        self._number += 1
        number = self._number
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        message = json.dumps({"id": number, "method": method, "params": parameters or {}})
        try:
            await self._parent.send("Target.sendMessageToTarget", {"sessionId": self._id, "message": message})
            return await answer
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # heard, also where the sending failed as the session went: asyncio would print it

    def answered(self, message: dict[str, Any]) -> None:
        answer = self._waiting.get(message["id"])
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(Error(str(message["error"].get("message"))))
        else:
            answer.set_result(message.get("result", {}))

    def gone(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Error("it is gone"))


class Targets:
    """Every session below a page's own. `hear` gets the events of each, `enable` is done to each at its start."""

    def __init__(self, hear: Heard, enable: Callable[[Speaks], Any]) -> None:
        self.refused = 0  # more than are listened to
        self._hear = hear
        self._enable = enable
        self._children: dict[str, Child] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, session: CDPSession) -> None:
        for name in ("attachedToTarget", "detachedFromTarget", "receivedMessageFromTarget"):
            session.on(f"Target.{name}", lambda event, name=name: self._event(session, f"Target.{name}", event))
        await session.send("Target.setAutoAttach", ATTACH)

    async def end(self) -> None:
        for child in self._children.values():
            child.gone()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _event(self, whose: Speaks, name: str, event: dict[str, Any]) -> None:
        if name == "Target.attachedToTarget":
            self._attached(whose, event["sessionId"])
        elif name == "Target.detachedFromTarget":
            child = self._children.pop(event["sessionId"], None)
            if child is not None:
                child.gone()
        elif name == "Target.receivedMessageFromTarget":
            self._told(event["sessionId"], json.loads(event["message"]))
        else:
            self._hear(whose, name, event)

    def _attached(self, parent: Speaks, session_id: str) -> None:
        child = self._children[session_id] = Child(parent, session_id)
        task = asyncio.create_task(self._begin(child, listen=len(self._children) <= MOST))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _begin(self, child: Child, *, listen: bool) -> None:
        """Each waits for its start until we listen, so that its first request is not missed."""
        self.refused += not listen
        try:
            if listen:
                await asyncio.gather(
                    self._enable(child), child.send("Target.setAutoAttach", ATTACH), return_exceptions=True
                )
            await child.send("Runtime.runIfWaitingForDebugger")
        except Error:
            return  # gone again

    def _told(self, session_id: str, message: dict[str, Any]) -> None:
        child = self._children.get(session_id)
        if child is None:
            return
        if "id" in message:
            child.answered(message)
        elif "method" in message:
            self._event(child, message["method"], message.get("params", {}))
