"""Keeps the posts that a visit met while it scrolled, also those that the page dropped again. Moves nothing."""

from __future__ import annotations

import json

from archiver.browser.record import Record
from archiver.browser.tab import Script, Tab, script

FEED = f"() => {{ ({script('feed')})(); ({script('edges')})(); }}"
HAS_FEED = 'Object.hasOwn(globalThis, "archiver")'


def on_feed(source: str) -> Script:
    """A script that may use what feed.js and edges.js know; that is there once for each document."""
    return Script(source, library=FEED, there=HAS_FEED)


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
