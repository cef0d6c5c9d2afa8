"""Reads a conversation that was saved from Gmail on the web: each message with its sender. Never follows what it links.

Gmail shows times without a zone, so none is proven. What a message quotes of earlier ones stays in its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.once import once
from extractors.toolbox import attr, first, holds, tree, written

SHAPE = Shape(
    platform="gmail",
    kind="message",
    post="[data-legacy-message-id]",
    text=(".a3s",),
    name=("span.gD@name", "span.gD"),
    handle=("span.gD@email", "span.gD@data-hovercard-id"),
    time=(".g3@title", ".g3@alt", ".g3"),
    id=("@data-legacy-message-id",),
    number=re.compile(r"^(.+)$"),
    drop=".a6S, .yj6qo, .adL",  # tools that Gmail lays over pictures, and the mark where it folds a quote
    skip=".adn .adn",
)
SUBJECT = "h2.hP, [data-legacy-thread-id]"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    heading = first(tree(page), SUBJECT)
    subject = written(heading) if heading is not None else ""
    for found in read_blocks(page, SHAPE):
        if isinstance(found, Post):
            labels = (*found.labels, f"subject: {subject}") if subject else found.labels
            yield replace(found, thread=attr(heading, "data-legacy-thread-id"), labels=labels)
        else:
            yield found


def standing(page: Page) -> Standing | None:
    return Standing("live", "the conversation's messages are there") if has_blocks(page, SHAPE) else None


def recognises(page: Page) -> bool:
    return holds(page, "data-legacy-message-id") and has_blocks(page, SHAPE)


def identity(url: str) -> Identity | None:
    return Identity("gmail", "inbox")


EXTRACTOR = PageExtractor(
    platform="gmail",
    hosts=CLAIMS["gmail"],
    read=read,
    standing=standing,
    recognises=recognises,
    identity=identity,
)
