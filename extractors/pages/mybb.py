"""Reads MyBB forums, 1.6 and 1.8. Never reads a day order into its numeric dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.forums import forum_standing, named
from extractors.once import once
from extractors.toolbox import first, holds, tree

PLATFORM = "mybb"
SHAPE = Shape(
    platform=PLATFORM,
    kind="post",
    post="div.post[id^='post_'], table.tborder[id^='post_'], div.posts > div[id^='post_']",
    text=(".post_body[id^='pid_']", ".post_body", "[id^='pid_']"),
    name=(".author_information strong a", ".author_information .largetext", "span.largetext a", "span.largetext"),
    named_by_handle=True,
    person=re.compile(r"uid=(\d+)|/user-(\d+)\.html"),
    time=(".post_date", ".post_head span", ".thead .smalltext"),
    clock=re.compile(
        r"^(?:\([^\d:]*:\s*)?([^(]*?\d[^(]*?)\s*(?:\s(?:by|von|par|por|da|door|przez|от)\s[^(]*)?(?:\(.*|\))?$"
    ),
    clock_drop=".post_date .post_edit",
    edited=(".edited_post",),
    id=("@id",),
    link=(".post_head strong a[href*='#pid']@href", "strong a[href*='pid']@href", "a[href*='#pid']@href"),
    anchor="#pid{id}",
    reply=("blockquote cite a[href*='pid']@href",),
    extra=("fieldset img.attachment", ".post_body ~ fieldset img"),
    drop=".signature, .post_edit, .edited_post",
    gone=".deleted_post, .post.unapproved_post",
)
MESSAGE = ".post_content .post_body[id^='pid_']"  # of a page that was saved without its footer
REFUSAL = "#content > .error, .error_inline, #error, #content table.tborder td.trow1"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    yield from read_blocks(page, SHAPE)


def standing(page: Page) -> Standing | None:
    tables = first(tree(page), "#content table.tborder ~ table.tborder")  # several: a list of forums and no refusal
    refusal = REFUSAL if tables is None else "#content > .error, .error_inline, #error"
    return forum_standing(page, [SHAPE], refusal=refusal, name="MyBB")


def recognises(page: Page) -> bool:
    if first(tree(page), MESSAGE) is not None:
        return True
    return (holds(page, "mybb") or holds(page, "MyBB")) and (
        has_blocks(page, SHAPE) or first(tree(page), "#container #content table.tborder") is not None
    )


def identity(url: str) -> Identity | None:
    return named(
        PLATFORM,
        url,
        inbox=r"/private\.php",
        post=r"[?&]pid=(\d+)|#pid(\d+)",
        thread=r"/showthread\.php\?(?:.*&)?tid=(\d+)|/thread-(\d+)\.html",
        account=r"[?&]action=profile&uid=(\d+)|/user-(\d+)\.html",
    )


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, identity=identity)
