"""Keeps the posts that a visit met while it scrolled, also those that the page dropped again. Moves nothing."""

from __future__ import annotations

import json

from archiver.browser.record import Record
from archiver.browser.tab import Tab, script

FEED = script("feed")
EDGES = script("edges")


def on_feed(source: str) -> str:
    """A script that may use what feed.js and edges.js know; that is there once for each document."""
    return f"(...given) => {{ ({FEED})(); ({EDGES})(); return ({source})(...given); }}"


TOLD = on_feed("() => archiver.told()")
LIMIT = on_feed("(chars) => archiver.limit(chars)")


async def keep_harvest(tab: Tab, record: Record) -> str:
    """Seal what was met, in the page's order. Returns what it was, in words."""
    limits, seen = record.request.limits, record.seen
    told = await tab.run(TOLD, seconds=limits.script_seconds)
    posts = told["posts"]
    seen.posts_met, seen.posts_pictured = len(posts), sum(post["pictured"] for post in posts)
    if told["cut"]:
        seen.miss(f"the markup of {told['cut']:,} posts in the harvest: it is longer than is kept")
    if posts:
        record.keep_text("harvest", "application/json", json.dumps({"posts": posts}, ensure_ascii=False, indent=1))
    return f"{seen.posts_met} met, {seen.posts_pictured} in pictures"
