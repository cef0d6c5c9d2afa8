"""Reads Simple Machines Forum: 1.1, 2.0 and 2.1. Never reads a day into "Today"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.forums import forum_standing, named
from extractors.once import once
from extractors.toolbox import first, holds, tree

PLATFORM = "smf"
SHAPE = Shape(
    platform=PLATFORM,
    kind="post",
    post="div.post_wrapper",
    text=(".inner[id^='msg_']", ".post .inner", ".inner"),
    name=(".poster h4 a[href*='action=profile']", ".poster h4 a[href*='profile']", ".poster h4"),
    named_by_handle=True,
    person=re.compile(r"[;?&]u=(\d+)"),
    time=(".postinfo time[datetime]", ".postinfo a.smalltext", ".keyinfo .smalltext", ".postinfo .smalltext"),
    clock=re.compile(r"^(?:«\s*)?(?:[^:«»]*:\s)?(.*\d.*?)(?:\s+by\s.*)?\s*»?$"),
    edited=(".modified time[datetime]", ".modified"),
    id=(".inner[id^='msg_']@id", "[id^='subject_']@id"),
    link=("[id^='subject_'] a[href]@href", ".postinfo a[href*='#msg']@href"),
    anchor="#msg{id}",
    reply=(".bbc_standard_quote cite a[href*='msg']@href", ".quoteheader a[href*='msg']@href"),
    extra=(".attachments img",),
    drop=".signature, .modified",
    labels={"waits for approval": ".approve_post"},
)
OLD = Shape(  # 1.1: tables in tables, each post's after an empty link that names it
    platform=PLATFORM,
    kind="post",
    post="a[name^='msg'] + table",
    text=("div.post",),
    name=("b a[href*='action=profile']", "td > b"),
    named_by_handle=True,
    person=SHAPE.person,
    time=("[id^='subject_'] + .smalltext",),
    clock=SHAPE.clock,
    edited=("[id^='modified_']",),
    id=("[id^='subject_']@id",),
    link=("[id^='subject_'] a[href]@href",),
    anchor="#msg{id}",
    reply=(".quoteheader a[href*='msg']@href",),
    extra=("a[id^='link_'] img",),
)
MESSAGE = ".postarea .inner[id^='msg_']"  # of a page that was saved without its scripts
REFUSAL = "#fatal_error, .login .information, #frmLogin"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    yield from read_blocks(page, SHAPE, OLD)


def standing(page: Page) -> Standing | None:
    return forum_standing(page, [SHAPE, OLD], refusal=REFUSAL, name="SMF")


def recognises(page: Page) -> bool:
    if holds(page, "smf_theme_url"):
        return True
    if holds(page, "smf_") and has_blocks(page, SHAPE):
        return True
    return first(tree(page), MESSAGE) is not None or (holds(page, "action=profile") and has_blocks(page, OLD))


def identity(url: str) -> Identity | None:
    return named(
        PLATFORM,
        url,
        inbox=r"[?;&]action=pm\b",
        post=r"[?;&]topic=\d+\.msg(\d+)|#msg(\d+)",
        thread=r"[?;&]topic=(\d+)|/topic,(\d+)",
        account=r"[?;&]action=profile;u=(\d+)",
    )


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, identity=identity)
