"""Reads Disqus: its own frame, and threads that a captured page carries. Never leaves out the page round them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractors.blocks import has_blocks
from extractors.claims import CLAIMS
from extractors.comments import DISQUS, with_comments
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.fallbacks import ruled, rules, wall_words
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages import generic
from extractors.toolbox import (
    dict_at,
    first,
    fragment,
    holds,
    host_of,
    is_host,
    json_of,
    list_at,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)

PLATFORM, HOSTS = "disqus", CLAIMS["disqus"]
WALLS = rules(
    ("login_wall", r"(?:user's|user) activity is private|this (?:profile|user) is private|log in to (?:see|view)"),
    ("suspended", r"(?:user|account|forum) (?:has been |is |was )?(?:banned|suspended|disabled)"),
    ("removed", r"(?:thread|discussion|forum|user|page) (?:was )?(?:not found|deleted|doesn't exist|does not exist)"),
    ("removed", r"this (?:thread|comment|discussion) (?:was|has been) (?:deleted|removed)"),
    ("error", r"we were unable to load disqus|disqus seems to be taking longer than usual"),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    stored = list(_from_json(json_page(page))) + list(_from_scripts(page))
    if has_blocks(page, DISQUS):
        yield from with_comments(page, () if _own(page) else generic.read(page))
    else:
        yield from stored


def standing(page: Page) -> Standing | None:
    """Live where comments stand; on Disqus's own pages else what they say; nothing of a page that only embeds it."""
    if next(read(page), None) is not None:
        return Standing("live", "Disqus shows comments")
    return ruled(wall_words(page), WALLS) if is_host(host_of(page.url), HOSTS[0]) else None


def recognises(page: Page) -> bool:
    return holds(page, "post-message") and holds(page, "disqus") and has_blocks(page, DISQUS)


def identity(url: str) -> Identity | None:
    if not is_host(host_of(url), HOSTS[0]):
        return None
    parts = path_parts(url)
    if parts[:1] == ["by"] and len(parts) > 1:
        return Identity(PLATFORM, "profile", handle=parts[1])
    if "inbox" in parts[:2]:
        return Identity(PLATFORM, "inbox")
    if "#comment-" in url:
        return Identity(PLATFORM, "post", post=url.rpartition("#comment-")[2])
    if parts[:2] == ["home", "discussion"] and len(parts) > 3:
        return Identity(PLATFORM, "thread", post=parts[3], within=f"disqus.com/{parts[2].lower()}")
    return Identity(PLATFORM, "other")


def _own(page: Page) -> bool:
    """Whether the page is Disqus's own frame and not a site that holds one."""
    return is_host(host_of(page.url), HOSTS[0]) or first(tree(page), "body > #layout, body > #conversation") is not None


def _from_scripts(page: Page) -> Iterator[Post]:
    """The thread that the frame carries for its own app, `<script type="text/json" id="disqus-threadData">`."""
    for node in select(tree(page), "script#disqus-threadData"):
        yield from _from_json(json_of(node.text or ""))


def _from_json(value: Any) -> Iterator[Post]:
    for _, item in walk(value):
        words = item.get("raw_message") or item.get("message")
        if not isinstance(words, str) or not text_at(item, "createdAt") or not text_at(item, "id"):
            continue
        body, who = fragment(text_at(item, "message") or words), dict_at(item, "author")
        made = text_at(item, "createdAt")
        yield Post(
            PLATFORM,
            "deleted" if item.get("isDeleted") is True else "comment",
            Account(text_at(who, "name"), text_at(who, "username"), text_at(who, "id"), text_at(who, "profileUrl")),
            written(body),
            time=stated(made if made.endswith("Z") or "+" in made else made + "Z"),
            id=text_at(item, "id"),
            permalink=text_at(item, "url"),
            in_reply_to=text_at(item, "parent"),
            thread=text_at(item, "thread"),
            media=tuple(Media("image", url) for entry in list_at(item, "media") if (url := text_at(entry, "url"))),
            counts={key: text_at(item, key) for key in ("likes", "dislikes") if text_at(item, key)},
            source="json",
        )


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, identity=identity)
