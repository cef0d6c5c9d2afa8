"""Reads Simple Machines Forum, 2.0 and 2.1. Never reads older ones, whose posts have no element of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.forums import forum_standing, named
from extractors.once import once
from extractors.toolbox import holds

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
REFUSAL = "#fatal_error, .login .information, #frmLogin"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    yield from read_blocks(page, SHAPE)


def standing(page: Page) -> Standing | None:
    return forum_standing(page, [SHAPE], refusal=REFUSAL, name="SMF")


def recognises(page: Page) -> bool:
    return holds(page, "smf_") and (has_blocks(page, SHAPE) or holds(page, "smf_theme_url"))


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
