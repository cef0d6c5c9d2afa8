"""Reads Pixelfed: a photo's page, its embed, API and ActivityPub JSON. Never calls a cut preview sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import address_of
from extractors.fallbacks import opengraph
from extractors.fediverse import full_handle, notes, statuses
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import absolute, first, holds, json_of, meta, tree
from extractors.twins import disagreements

PLATFORM, HOSTS = "pixelfed", CLAIMS["pixelfed"]
COMMENTS = Shape(
    platform=PLATFORM,
    post=".post-comment-drawer-feed-item, .comment-item, .media.comment",
    text=(".comment-body", ".read-more", ".content"),
    name=(".username", "a.font-weight-bold"),
    named_by_handle=True,
    time=("time[datetime]", "a[title].text-muted"),
    id=("@data-id", "@id"),
    link=("a[href*='/p/']@href",),
)
EMBED = Shape(
    platform=PLATFORM,
    kind="post",
    post=".embed-card, body > .status-card-embed",
    text=(".caption-container .caption", ".caption", ".caption-container"),
    name=(".username", "a.font-weight-bold", ".font-weight-bold"),
    named_by_handle=True,
    time=("time[datetime]",),
    id=("@data-id", "a[href*='/p/']@href"),
    link=("a[href*='/p/']@href",),
    extra=(".embed-card-media img", ".status-photo img", "img.card-img-top", "video"),
    drop=".username",
    counts={"likes": (".like-count",)},
)
PHOTO = re.compile(r"/p/([\w.-]+)/(\d+)")


@once
def read(page: Page) -> Iterator[Post | Problem]:
    base = address_of(page)
    if (value := json_page(page)) is not None:
        found: list[Post | Problem] = [*_from_json(value, base)]
        yield from found or [Problem("JSON", "no status in this answer")]
        return
    twins = {address: list(_from_companion(data, address)) for address, data in page.companions.items()}
    shown = list(_shown(page, base))
    yield from [post for posts in twins.values() for post in posts] or shown
    for address, posts in twins.items():
        yield from disagreements([post for post in shown if isinstance(post, Post)], posts, where=address)
    yield from read_blocks(page, COMMENTS)


def _shown(page: Page, base: str) -> Iterator[Post | Problem]:
    """What the page itself says: its embed's layout, else its head."""
    if has_blocks(page, EMBED):
        yield from read_blocks(page, EMBED)
    elif (told := opengraph(page, PLATFORM)) is not None and (known := PHOTO.search(base)):
        who = Account(handle=full_handle(known[1], base), url=absolute(f"/{known[1]}", base))
        text = meta(page, "og:description", "description")
        yield replace(told, author=who, text=text, id=known[2], permalink=base)


def standing(page: Page) -> Standing | None:
    if json_page(page) is None and first(tree(page), "#content post-component, #content .error-page") is None:
        return Standing("live", "Pixelfed shows the photo") if has_blocks(page, EMBED) else None
    found = next(read(page), None)
    return Standing("live", "the page carries the photo") if isinstance(found, Post) else None


def recognises(page: Page) -> bool:
    if holds(page, '"pf_type"') and next(statuses(json_page(page), PLATFORM, page.url), None) is not None:
        return True
    if not holds(page, "ixelfed"):
        return False
    if (
        meta(page, "generator", "application-name", "og:site_name", "mobile-web-app-title")
        .lower()
        .startswith("pixelfed")
    ):
        return True
    mark = first(tree(page), "script[src*='/js/spa.js']", "post-component", ".embed-card", "meta[content^='Pixelfed']")
    return mark is not None


def companions(url: str) -> list[str]:
    known = PHOTO.search(url)
    return [f"{url[: known.start()]}/api/v2/profile/{known[1]}/status/{known[2]}"] if known else []


def identity(url: str) -> Identity | None:
    if met := PHOTO.search(url):
        return Identity(PLATFORM, "post", post=met[2], handle=met[1])
    if met := re.search(r"/(?:users|stories)/([\w.-]+)", url):
        return Identity(PLATFORM, "story" if "/stories/" in url else "profile", handle=met[1])
    return None


def _from_companion(data: bytes, address: str) -> Iterator[Post]:
    yield from _from_json(json_of(data.decode("utf-8", "replace")), address)


def _from_json(value: Any, base: str) -> Iterator[Post]:
    found = False
    for post in statuses(value, PLATFORM, base):
        found = True
        yield post
    if not found:
        yield from notes(value, PLATFORM)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity, per_host=True)
