"""Reads the page and its frames as markup and visible text. Changes nothing on it.

The markup is the rendered DOM. An open shadow root stands in its host as `<template shadowrootmode="open">`. What a
frame shows stands directly behind the frame's own tag as `<template data-archiver-frame="ADDRESS">`, its `html`, `head`
and `body` renamed to `archiver-html`, `archiver-head` and `archiver-body`: one parse of one file finds all there is.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from playwright.async_api import CDPSession, Error, Frame

from archiver.browser.request import Limits
from archiver.browser.tab import PageMoved, ScriptError, Tab, script

READ = script("read")
MARK = "function (number) { (globalThis[Symbol.for('archiver.frames')] ??= new Map()).set(this, number); }"
DOCUMENT_TAGS = re.compile(r"<(/?)(html|head|body)(?=[\s>])", re.IGNORECASE)
DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>", re.IGNORECASE)


@dataclass
class Reading:
    """What one document said, its frames' words included."""

    html: str
    text: str
    title: str
    url: str
    frames: int = 0  # frames that are in it
    missing: list[str] = field(default_factory=list)  # what was cut or could not be read, in words


@dataclass
class Node:
    """One frame on its way to being read."""

    id: str  # Chromium's
    url: str
    session: CDPSession
    parent: str  # id; empty for the main frame
    number: int
    unreachable: str = ""  # the address that could not be shown in it
    world: int = 0
    told: dict[str, Any] = field(default_factory=dict)


async def read(tab: Tab, limits: Limits) -> Reading:
    """Raises ScriptError, PageMoved, TimeoutError where the main document itself can't be read."""
    bounds = {"htmlLimit": limits.document_bytes // 2, "textLimit": limits.text_chars}  # most characters are 1-2 bytes
    missing: list[str] = []
    if len(tab.page.frames) == 1:  # the ordinary page: one script, one answer
        told = await tab.run(READ, bounds, seconds=limits.script_seconds)
        nodes = [Node(tab.frame_id, told["url"], tab.session, "", 0, told=told)]
    else:
        nodes = await frames(tab, limits, missing)
        await _mark(tab, nodes, missing)
        await _ask(tab, nodes, bounds, limits, missing)
    return _join(nodes, missing)


async def frames(tab: Tab, limits: Limits, missing: list[str]) -> list[Node]:
    """Every frame with the session it answers to, parents first."""
    sessions = [tab.session, *[s for frame in _below(tab.page.main_frame) if (s := await tab.session_of(frame))]]
    found: dict[str, Node] = {}
    for session in sessions:
        tree = (await session.send("Page.getFrameTree"))["frameTree"]
        _add(found, tree, session)
    main = found.pop(tab.frame_id)
    for node in [node for node in found.values() if node.unreachable]:  # it shows Chromium's own words
        missing.append(f"a frame that did not load: {node.unreachable}")
        del found[node.id]
    nodes = [main, *sorted(found.values(), key=lambda node: node.number)]
    if len(nodes) > limits.max_frames:
        missing.append(f"{len(nodes) - limits.max_frames} of {len(nodes)} frames: more than are read")
    return nodes[: limits.max_frames]


def _below(main: Frame) -> list[Frame]:
    frames = list(main.child_frames)
    for frame in frames:
        frames += frame.child_frames
    return frames


def _add(found: dict[str, Node], tree: dict[str, Any], session: CDPSession) -> None:
    frame = tree["frame"]
    unreachable = frame.get("unreachableUrl", "")
    found[frame["id"]] = Node(frame["id"], frame["url"], session, frame.get("parentId", ""), len(found), unreachable)
    for child in tree.get("childFrames", ()):
        _add(found, child, session)


async def _mark(tab: Tab, nodes: list[Node], missing: list[str]) -> None:
    """Tell each document which of its elements shows which frame, in our own world of it."""
    by_id = {node.id: node for node in nodes}
    for node in nodes:
        try:
            node.world = await tab.world_of(node.session, node.id)
        except Error as error:
            missing.append(f"frame {node.url}: {error.message.splitlines()[0]}")
    for node in nodes:
        parent = by_id.get(node.parent)
        if parent is None or not parent.world:
            continue
        try:
            owner = await parent.session.send("DOM.getFrameOwner", {"frameId": node.id})
            where = {"backendNodeId": owner["backendNodeId"], "executionContextId": parent.world}
            element = (await parent.session.send("DOM.resolveNode", where))["object"]["objectId"]
            call = {"functionDeclaration": MARK, "objectId": element, "arguments": [{"value": node.number}]}
            await parent.session.send("Runtime.callFunctionOn", call)
        except Error:
            continue  # the frame has left the page; what it said is appended at the end


async def _ask(tab: Tab, nodes: list[Node], bounds: dict[str, int], limits: Limits, missing: list[str]) -> None:
    for node in nodes:
        if not node.world:
            continue
        try:
            async with asyncio.timeout(limits.script_seconds):
                node.told = await tab.call(node.session, node.world, READ, bounds)
        except (Error, PageMoved, ScriptError, TimeoutError) as error:
            if node.number == 0:
                raise
            missing.append(f"frame {node.url}: {str(error).splitlines()[0] if str(error) else 'it did not answer'}")


def _join(nodes: list[Node], missing: list[str]) -> Reading:
    by_number = {node.number: node for node in nodes if node.told}
    main = nodes[0].told
    used = {nodes[0].number}
    html = _woven(nodes[0], by_number, used)
    for number, node in by_number.items():  # frames whose place in the page was not found
        if number not in used:
            used.add(number)
            html += _framed(node, by_number, used)
    for node in by_number.values():
        where = "the page" if node is nodes[0] else f"frame {node.url}"
        if node.told["cut"]:
            missing.append(f"the end of the markup of {where}: it is longer than is kept")
        if node.told["textCut"]:
            missing.append(f"the end of the text of {where}: it is longer than is kept")
    texts = [main["text"], *(node.told["text"] for node in by_number.values() if node is not nodes[0])]
    text = "\n\n".join(text for text in texts if text.strip())
    return Reading(html, text, main["title"], main["url"], len(by_number) - 1, missing)


def _woven(node: Node, by_number: dict[int, Node], used: set[int]) -> str:
    """A document's markup with its frames' markup in the gaps."""
    pieces = [node.told["html"][0]]
    for number, rest in zip(node.told["gaps"], node.told["html"][1:], strict=True):
        child = by_number.get(number)
        if child is not None and number not in used:
            used.add(number)
            pieces.append(_framed(child, by_number, used))
        pieces.append(rest)
    return "".join(pieces)


def _framed(node: Node, by_number: dict[int, Node], used: set[int]) -> str:
    inside = DOCUMENT_TAGS.sub(r"<\1archiver-\2", DOCTYPE.sub("", _woven(node, by_number, used), count=1))
    return f'<template data-archiver-frame="{escape(node.told["url"])}">{inside}</template>'
