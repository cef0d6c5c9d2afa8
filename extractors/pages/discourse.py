"""Reads Discourse topics: the crawler's view, the app's DOM, the preloaded and the bare JSON. Never runs the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import base_of, line_of, media_in
from extractors.forums import forum_standing
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    absolute,
    attr,
    companion_json,
    dict_at,
    first,
    fragment,
    holds,
    host_of,
    is_host,
    json_of,
    list_at,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)
from extractors.twins import disagreements

PLATFORM, HOSTS = "discourse", CLAIMS["discourse"]
DROPPED = (
    ".lightbox-wrapper .meta .informations, .quote-controls, .badge.clicks, .badge-notification.clicks, "
    ".expand-hidden, .codeblock-button-wrapper"
)
APP = Shape(
    platform=PLATFORM,
    kind="post",
    post="article[data-post-id]",
    text=(".cooked",),
    name=(".names .full-name", ".names .second.full-name", ".names .first.full-name", ".names .username"),
    handle=(".names a[data-user-card]@data-user-card", ".names .username"),
    profile=(".names a[data-user-card]@href", ".names a[href]@href"),
    person=re.compile(r"^(-?\d+)$"),
    person_at=("@data-user-id",),
    time=(".post-date .relative-date", ".post-infos .relative-date", "a.post-date", "time[datetime]"),
    edited=(".post-info.edits .relative-date",),
    id=("@data-post-id",),
    link=("a.post-date@href", ".post-date a@href", ".post-date@data-share-url"),
    reply=(".cooked > aside.quote[data-post]@data-post",),
    drop=DROPPED,
    gone=".topic-post.deleted article, article.deleted, .user-deleted",
    counts={"likes": (".like-count", ".discourse-reactions-counter", "button.like-count")},
    labels={"moderator": ".topic-post.moderator article", "whisper": ".topic-post.whisper article"},
)
CRAWLER = Shape(
    platform=PLATFORM,
    kind="post",
    post=".crawler-post",
    text=(".post[itemprop]", ".post"),
    name=("[itemprop='author'] [itemprop='name']", ".creator a", ".creator"),
    named_by_handle=True,
    time=("[itemprop='datePublished']", "time.post-time", "time[datetime]"),
    edited=("time[itemprop='dateModified']", "meta[itemprop='dateModified']"),
    id=("[itemprop='position']", "@id"),
    link=("[itemprop='url'][content*='/t/']@content",),
    drop=DROPPED,
    counts={"likes": (".post-likes",)},
)
FULL_NAME = re.compile(r"\((.+)\)\s*$")
TOPIC = re.compile(r"/t/(?:[^/?#]+/)?(\d+)(?:/(\d+))?(?=[/?#.]|$)")
REFUSAL = ".page-not-found, .login-required-page, .login-welcome, .topic-error, .container.not-found, #not-found"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_topics(value, base_of(page))
        return
    base = base_of(page)
    topics = _preloaded(page)
    stored = {post.id: post for value in topics for post in _from_topics(value, base) if isinstance(post, Post)}
    if has_blocks(page, APP):
        for found in read_blocks(page, APP):
            yield _completed(found, stored) if isinstance(found, Post) else found
        yield from _against_twin(page, list(stored.values()))
    elif stored:
        yield from stored.values()
        yield from _against_twin(page, list(stored.values()))
    else:
        yield from _crawler(page, base)


def standing(page: Page) -> Standing | None:
    if json_page(page) is not None or _preloaded(page):
        return Standing("live", "the page carries the topic") if next(read(page), None) is not None else None
    return forum_standing(page, [APP, CRAWLER], refusal=REFUSAL, name="Discourse")


def recognises(page: Page) -> bool:
    if meta(page, "generator").startswith("Discourse"):
        return True
    if holds(page, "crawler-post") or holds(page, "data-post-id"):
        return first(tree(page), ".topic-post article[data-post-id] .cooked", ".crawler-post [itemprop]") is not None
    return '"post_stream"' in page.html[:5_000_000] and isinstance(json_page(page), dict)


def companions(url: str) -> list[str]:
    known = TOPIC.search(url)
    return [f"{url[: known.start()]}/t/{known[1]}{'/' + known[2] if known[2] else ''}.json"] if known else []


def identity(url: str) -> Identity | None:
    if met := TOPIC.search(url):
        return Identity(PLATFORM, "post" if met[2] else "thread", post=f"{met[1]}/{met[2]}" if met[2] else met[1])
    parts = path_parts(url)
    if len(parts) > 1 and parts[0] in ("u", "users"):
        return Identity(PLATFORM, "inbox" if "messages" in parts else "profile", handle=parts[1])
    return Identity(PLATFORM, "other") if any(is_host(host_of(url), host) for host in HOSTS) else None


# --- the crawler's view and the app


def _crawler(page: Page, base: str) -> Iterator[Post | Problem]:
    names = [FULL_NAME.search(line_of(node)) for node in select(tree(page), ".crawler-post .creator")]
    for n, found in enumerate(read_blocks(page, CRAWLER)):
        if not isinstance(found, Post):
            yield found
            continue
        full = names[n] if n < len(names) else None
        topic = TOPIC.search(found.permalink or base)
        link = found.permalink or (base[: topic.end(1)] + (f"/{found.id}" if found.id != "1" else "") if topic else "")
        same = found.edited is None or (found.time is not None and found.edited.utc == found.time.utc)
        yield replace(
            found,
            author=replace(found.author, name=full[1] if full else found.author.name),
            permalink=link,
            edited=None if same else found.edited,
        )


def _completed(post: Post, stored: dict[str, Post]) -> Post:
    """What the app shows, with what the topic's JSON adds: the numbers of the account and of what it answers."""
    twin = stored.get(post.id)
    if twin is None:  # a link's query names the account that looked
        return replace(post, permalink=post.permalink.partition("?")[0])
    author = Account(
        twin.author.name or post.author.name,
        post.author.handle or twin.author.handle,
        post.author.id or twin.author.id,
        post.author.url or twin.author.url,
    )
    return replace(
        post,
        author=author,
        time=twin.time or post.time,
        permalink=post.permalink.partition("?")[0] or twin.permalink,
        in_reply_to=twin.in_reply_to or post.in_reply_to,
    )


def _against_twin(page: Page, posts: list[Post]) -> Iterator[Problem]:
    where, value = companion_json(page.companions, ".json")
    twins = [post for post in _from_topics(value, page.url) if isinstance(post, Post)] if value is not None else []
    yield from disagreements(posts, twins, where=where)


# --- JSON


def _preloaded(page: Page) -> list[Any]:
    """The topics that the page carries for its own app, each a JSON text in a JSON object in an attribute."""
    held = json_of(attr(first(tree(page), "[data-preloaded]"), "data-preloaded"))
    if not isinstance(held, dict):
        return []
    texts = [text for key, text in held.items() if key.startswith("topic_") and isinstance(text, str)]
    return [value for text in texts if dict_at(value := json_of(text), "post_stream")]


def _from_topics(value: Any, base: str) -> Iterator[Post | Problem]:
    found = False
    for pointer, topic in walk(value):
        for post in list_at(topic, "post_stream", "posts") or list_at(topic, "latest_posts"):
            if isinstance(post, dict) and post.get("cooked") is not None:
                found = True
                yield _from_post(post, topic, base)
        if not pointer and topic.get("cooked") is not None and topic.get("username"):
            found = True
            yield _from_post(topic, {}, base)
    if not found:
        yield Problem("JSON", "no post of a Discourse topic in this answer")


def _from_post(post: dict[str, Any], topic: dict[str, Any], base: str) -> Post:
    number, handle = text_at(post, "post_number"), text_at(post, "username")
    id_ = text_at(post, "topic_id") or text_at(topic, "id")
    slug = text_at(post, "topic_slug") or text_at(topic, "slug") or "-"
    thread = absolute(f"/t/{slug}/{id_}", base)
    body, answered = fragment(text_at(post, "cooked")), text_at(post, "reply_to_post_number")
    made, changed = text_at(post, "created_at"), text_at(post, "updated_at")
    edits = post.get("version")
    labels = [label for label, key in (("moderator", "moderator"), ("admin", "admin")) if post.get(key) is True]
    likes = next((text_at(a, "count") for a in list_at(post, "actions_summary") if text_at(a, "id") == "2"), "")
    return Post(
        PLATFORM,
        "deleted" if post.get("user_deleted") or post.get("deleted_at") else "post",
        Account(
            text_at(post, "name") or text_at(post, "display_username"),
            handle,
            text_at(post, "user_id"),
            absolute(f"/u/{handle}", base) if handle else "",
        ),
        written(body),
        time=stated(made),
        edited=stated(changed) if changed != made and isinstance(edits, int) and edits > 1 else None,
        id=text_at(post, "id"),
        permalink=f"{thread}/{number}" if number != "1" else thread,
        in_reply_to=f"{thread}/{answered}" if answered else "",
        thread=thread,
        media=media_in(list(body.iter("img", "video", "audio", "iframe")), base),
        counts={key: value for key, value in (("likes", likes), ("replies", text_at(post, "reply_count"))) if value},
        labels=tuple(labels),
        source="json",
    )


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity, per_host=True)
