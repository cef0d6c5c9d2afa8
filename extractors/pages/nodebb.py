"""Reads NodeBB forums: the rendered topic and the JSON twin of it. Never runs the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import address_of, media_in
from extractors.fallbacks import disagreements
from extractors.forums import forum_standing, named
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import absolute, companion_json, fragment, from_epoch, holds, list_at, stated, text_at, written

PLATFORM = "nodebb"
SHAPE = Shape(
    platform=PLATFORM,
    kind="post",
    post="[component='post'][data-pid]",
    text=("[component='post/content']", ".post-content", ".content"),
    name=("@data-username", "[data-username]@data-username"),
    handle=("@data-userslug", "@data-username"),
    profile=("a[href*='/user/']@href",),
    person=re.compile(r"^(-?\d+)$"),
    person_at=("@data-uid", "[data-uid]@data-uid"),
    time=("[component='post/header'] .timeago", ".timeago", "time[datetime]"),
    edited=("[component='post/editor'] .timeago", ".edited-info .timeago"),
    id=("@data-pid",),
    number=re.compile(r"^(.+)$"),
    link=("a.permalink@href", "a[href*='/post/']@href"),
    reply=("[component='post/parent']@data-topid", "[component='post/parent']@href"),
    drop="[component='post/reply-count']",
    gone=".deleted[component='post']",
    counts={"votes": ("[component='post/vote-count']",)},
)
REFUSAL = "[data-template='404'], .page-404 #content, .page-403 #content, #content .alert-danger, .page-login #content"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_json(value, address_of(page))
        return
    found = list(read_blocks(page, SHAPE))
    yield from found
    where, value = companion_json(page.companions, "")
    if value is not None:
        twins = [twin for twin in _from_json(value, address_of(page)) if isinstance(twin, Post)]
        yield from disagreements([post for post in found if isinstance(post, Post)], twins, where=where)


def standing(page: Page) -> Standing | None:
    if json_page(page) is not None:
        return Standing("live", "the answer holds posts") if isinstance(next(read(page), None), Post) else None
    return forum_standing(page, [SHAPE], refusal=REFUSAL, name="NodeBB")


def recognises(page: Page) -> bool:
    if holds(page, '"pid"') and text_at(json_page(page), "posts", 0, "pid"):
        return True
    return holds(page, "component=") and has_blocks(page, SHAPE)


def identity(url: str) -> Identity | None:
    return named(
        PLATFORM,
        url,
        inbox=r"/user/[^/]+/chats|/chats(?:/|$)",
        post=r"/post/(\d+)(?:$|[?#])",
        thread=r"/topic/(\d+)(?:/|$)",
    )


def _from_json(value: Any, base: str) -> Iterator[Post | Problem]:
    posts = [post for post in list_at(value, "posts") if isinstance(post, dict) and text_at(post, "pid")]
    for post in posts:
        body, handle = fragment(text_at(post, "content")), text_at(post, "user", "userslug")
        edited = from_epoch(post.get("edited"))
        yield Post(
            PLATFORM,
            "deleted" if post.get("deleted") in (1, True) else "post",
            Account(
                text_at(post, "user", "displayname") or text_at(post, "user", "username"),
                handle,
                text_at(post, "uid"),
                absolute(f"/user/{handle}", base) if handle else "",
            ),
            written(body),
            time=stated(text_at(post, "timestampISO")) or from_epoch(post.get("timestamp")),
            edited=edited,
            id=text_at(post, "pid"),
            permalink=absolute(f"/post/{text_at(post, 'pid')}", base),
            in_reply_to=text_at(post, "toPid"),
            thread=absolute(f"/topic/{text_at(post, 'tid')}", base),
            media=media_in(list(body.iter("img", "video", "audio", "iframe")), base),
            counts={"votes": text_at(post, "votes")} if text_at(post, "votes") else {},
            source="json",
        )
    if not posts:
        yield Problem("JSON", "no post of a NodeBB topic in this answer")


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, identity=identity)
