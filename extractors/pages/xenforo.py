"""Reads XenForo forums, 1 and 2: threads, profile posts, comments. Never claims a page for a link to one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.forums import forum_standing, named
from extractors.once import once
from extractors.toolbox import first, tree

PLATFORM = "xenforo"
SHAPE = Shape(
    platform=PLATFORM,
    kind="post",
    post=".message[data-author], .comment[data-author], .messageSimple[data-author], li.message.deleted",
    text=(
        ".message-body .bbWrapper",
        ".comment-body .bbWrapper",
        ".message-userContent .bbWrapper",
        ".bbWrapper",
        ".messageText",
        ".commentContent blockquote",
        "article.message-body",
    ),
    name=("@data-author", ".message-name .username", ".userText .username", ".username"),
    named_by_handle=True,
    profile=(".message-name a.username@href", ".userText a.username@href", "a.username.author@href", "a.username@href"),
    person=re.compile(r"(?:^|[./])(\d+)/?(?:$|[#?])"),
    person_at=(".message-name [data-user-id]@data-user-id", ".message-avatar [data-user-id]@data-user-id"),
    time=(
        ".message-attribution time[datetime]",
        ".comment-footer time[datetime]",
        ".comment-attribution time[datetime]",
        ".datePermalink .DateTime",
        ".messageMeta .DateTime",
        "time.u-dt",
        ".DateTime",
    ),
    edited=(".message-lastEdit time[datetime]", ".editDate .DateTime"),
    id=("@data-content", "@id"),
    link=(
        ".message-attribution a[href*='post-']@href",
        ".message-attribution a[href*='/posts/']@href",
        "a.datePermalink@href",
        "a.hashPermalink@href",
    ),
    anchor="#post-{id}",
    reply=(".bbCodeBlock--quote[data-source]@data-source", ".bbCodeQuote a.AttributionLink@href"),
    nested=True,
    extra=(".message-attachments img", ".attachedFiles img", ".message-attachments a.file-preview img"),
    drop=(
        ".bbCodeBlock-expandLink, .quoteExpand, .js-selectToQuoteEnd, .messageTextEndMarker, .message-lastEdit, "
        ".editDate, .bbCodeBlock-shrinkLink, .message-signature"
    ),
    gone=".message--deleted, .is-deleted, .message.deleted",
    counts={"reactions": (".reactionsBar-link", ".likesSummary .LikeText")},
    labels={"staff": ".userBanner--staff, .message.staff", "thread starter": ".message-threadStarterPost"},
)
REFUSAL = ".template-error .blockMessage, .template-login .p-body-pageContent, .errorOverlay, .errorPanel, #pageLogin"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    yield from read_blocks(page, SHAPE)


def standing(page: Page) -> Standing | None:
    return forum_standing(page, [SHAPE], refusal=REFUSAL, name="XenForo")


def recognises(page: Page) -> bool:
    html = page.html
    if "data-author" not in html and "XF" not in html and "XenForo" not in html:
        return False
    if first(tree(page), "html#XF", "html#XenForo") is not None:
        return True
    return ("bbWrapper" in html or "messageText" in html) and has_blocks(page, SHAPE)


def identity(url: str) -> Identity | None:
    return named(
        PLATFORM,
        url,
        inbox=r"/(?:conversations|direct-messages)(?:/|$)",
        post=r"/threads/[^/]*?\d+/(?:page-\d+)?#?post-(\d+)|/posts/(\d+)",
        thread=r"/threads/(?:[^/]*\.)?(\d+)/?",
        account=r"/members/(?:[^/]*\.)?(\d+)/?",
    )


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, identity=identity)
