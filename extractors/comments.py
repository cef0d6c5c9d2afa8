"""Reads comment services that stand in other sites' pages: Disqus and Isso. Never the site's own comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Page, Post, Problem
from extractors.toolbox import holds

DISQUS = Shape(
    platform="disqus",
    post="li.post[id^='post-'], li[data-role='post'], .post[data-role='post-content']",
    text=(".post-message", "[data-role='message']", ".post-body-inner .post-message-container"),
    name=(".post-byline .author", "[data-role='username']", ".post-byline .publisher-anchor-color", ".author"),
    handle=(
        ".post-byline a[href*='disqus.com/by/']@href",
        ".avatar a[href*='disqus.com/by/']@href",
        ".post-byline a[data-username]@data-username",
        "a[data-username]@data-username",
    ),
    handle_part=re.compile(r"(?:disqus\.com/by/)?([^/]+)/?$"),
    profile=(".post-byline a[href*='disqus.com/by/']@href", ".avatar a[href*='disqus.com/by/']@href"),
    person=re.compile(r"^(\d+)$"),
    person_at=(".post-byline a[data-user]@data-user", ".avatar [data-user]@data-user", "a[data-user]@data-user"),
    time=("a.time-ago", "[data-role='relative-time']", ".post-meta .time-ago", "time[datetime]"),
    id=("@id", "@data-post-id"),
    link=("a.time-ago@href", "[data-role='relative-time']@href"),
    nested=True,
    extra=(".media-container img", ".post-media img"),
    drop=".see-more, .media-button, .media-expand",
    gone="li.post.deleted, .post--deleted, .post.minimized.deleted",
    counts={"up": ("[data-role='likes']", ".vote-up .count"), "down": ("[data-role='dislikes']",)},
    labels={"moderator": ".badge.moderator, .has-moderator", "deleted": ".post-body-deleted, .is-deleted"},
)
ISSO = Shape(
    platform="isso",
    post=".isso-comment",
    text=(".isso-text", ".text-wrapper > .text", ".text"),
    name=(".isso-author", ".author"),
    time=(".isso-permalink time[datetime]", ".permalink time[datetime]", "time[datetime]", "a.isso-permalink > span"),
    id=("@id",),
    link=("a.isso-permalink@href", "a.permalink@href", ".isso-permalink a@href"),
    anchor="#isso-{id}",
    nested=True,
    gone=".isso-comment.isso-deleted",
    counts={"votes": (".isso-votes", ".votes")},
    labels={"by the site": ".isso-is-page-author", "waits for approval": ".isso-note"},
)


def embedded_comments(page: Page) -> Iterator[Post | Problem]:
    """The comments of services that the page carries, frames included; nothing where there are none."""
    for shape, mark in ((DISQUS, "data-role"), (ISSO, "isso-comment")):
        if holds(page, mark) and has_blocks(page, shape):
            yield from read_blocks(page, shape)


def with_comments(page: Page, around: Iterable[Post | Problem]) -> Iterator[Post | Problem]:
    """What any page shows, then the services' comments; what is such a comment is not given twice."""
    comments = list(embedded_comments(page))
    known = [post for post in comments if isinstance(post, Post)]
    yield from (found for found in around if not isinstance(found, Post) or not _is_one_of(found, known))
    yield from comments


def _is_one_of(found: Post, comments: list[Post]) -> bool:
    """Whether a post is a comment met again: the same words, or laid out with its author's name and more."""
    return any(
        found.text == comment.text
        or (found.source == "visible" and found.author.name == comment.author.name and comment.text in found.text)
        for comment in comments
    )
