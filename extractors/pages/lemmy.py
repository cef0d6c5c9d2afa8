"""Reads Lemmy: posts and comments in the page's own data, its DOM and its API's answers. Never asks another server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing, StatedTime
from extractors.elements import base_of, line_of
from extractors.fediverse import notes
from extractors.forums import forum_standing
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    absolute,
    dict_at,
    find_json,
    first,
    holds,
    host_of,
    select,
    stated,
    text_at,
    tree,
    walk,
)
from extractors.twins import compared

PLATFORM, HOSTS = "lemmy", CLAIMS["lemmy"]
POST = Shape(
    platform=PLATFORM,
    kind="post",
    post=".post-listing",
    text=("#postContent .md-div", "#postContent", "article#postContent", ".md-div"),
    title=("h1 .link-dark", "h1", ".post-title h1", ".post-title", "h5", "h2"),
    name=(".person-listing",),
    handle=("a.person-listing@href",),
    handle_part=re.compile(r"/u/([^/?#]+)"),
    time=(".moment-time time[datetime]", "time[datetime]", ".moment-time"),
    id=("a[href*='/post/']@href",),
    number=re.compile(r"/post/(\d+)"),
    link=("a[href*='/post/']@href",),
    extra=(".post-thumbnail img", "img.img-expanded"),
    skip=".post-listing .post-listing",
)
COMMENT = Shape(
    platform=PLATFORM,
    post="article.comment-node, .comment-node",
    text=(".comment-content .md-div", ".comment-content", ".md-div"),
    name=(".person-listing",),
    handle=("a.person-listing@href",),
    handle_part=re.compile(r"/u/([^/?#]+)"),
    time=(".moment-time time[datetime]", "time[datetime]", ".moment-time"),
    id=("@id",),
    link=("a[href*='/comment/']@href",),
    labels={"op": ".badge.text-info"},
)
ADDRESS = re.compile(r"/(post|comment)/(\d+)")
GONE = ("deleted", "removed")
HEAD = 2_000  # characters: an answer that refuses is short
MISSING = re.compile(r"couldnt_find_\w+")
DATA = "window.isoData"


@once
@compared
def read(page: Page) -> Iterator[Post | Problem]:
    base = base_of(page)
    if (value := json_page(page)) is not None:
        found: list[Post | Problem] = [*(list(_views(value, base)) or notes(value, PLATFORM))]
        yield from found or ([] if _refusal(page) else [Problem("JSON", "no post and no comment in this answer")])
        return
    held = next((text for node in select(tree(page), "script") if DATA in (text := node.text or "")), "")
    stored = list(_views(find_json(held, DATA), base)) if held else []
    if stored:
        yield from stored
        return
    opening = ""
    for found_post in read_blocks(page, POST):
        if isinstance(found_post, Post):
            opening = opening or found_post.id
            yield _homed(found_post, base)
    parents = _parents(page)
    for record in read_blocks(page, COMMENT):
        if isinstance(record, Post):
            yield replace(_homed(record, base), in_reply_to=parents.get(record.id, opening), thread=opening)
        else:
            yield record


def standing(page: Page) -> Standing | None:
    if code := _refusal(page):
        return Standing("removed", f"the server answered {code}")
    post = next(read(page), None)
    if isinstance(post, Post):
        if post.kind == "deleted":
            return Standing("removed", f"Lemmy marks the post {', '.join(post.labels)}")
        return Standing("live", "Lemmy shows posts")
    return forum_standing(page, [POST, COMMENT], refusal=".error-page, #app .alert-danger", name="Lemmy")


def recognises(page: Page) -> bool:
    if _refusal(page):
        return True
    if holds(page, DATA) and (holds(page, "lemmy") or holds(page, "Lemmy")):
        return True
    if holds(page, "comment-node") or holds(page, "post-listing"):
        return first(tree(page), ".person-listing") is not None and has_blocks(page, POST, COMMENT)
    return holds(page, '"ap_id"') and next(_views(json_page(page), page.url), None) is not None


def companions(url: str) -> list[str]:
    known = ADDRESS.search(url)
    if known is None:
        return []
    root = url[: known.start()]
    if known[1] == "post":
        return [
            f"{root}/api/v3/post?id={known[2]}",
            f"{root}/api/v3/comment/list?post_id={known[2]}&max_depth=8&limit=50",
        ]
    return [f"{root}/api/v3/comment?id={known[2]}"]


def identity(url: str) -> Identity | None:
    if met := ADDRESS.search(url):
        return Identity(PLATFORM, "post", post=met[2])
    if met := re.search(r"/u/([\w.-]+(?:@[\w.-]+)?)", url):
        return Identity(PLATFORM, "profile", handle=met[1])
    return Identity(PLATFORM, "inbox") if re.search(r"/inbox(?:$|[?#])", url) else None


def _refusal(page: Page) -> str:
    """The server's own word for what it can't find; empty where it says nothing such."""
    if not holds(page, "couldnt_find_"):
        return ""
    code = text_at(json_page(page), "error") or line_of(first(tree(page), ".error-page"))
    met = MISSING.search(code[:HEAD])
    return met[0] if met is not None else ""


# --- the DOM


def _homed(post: Post, base: str) -> Post:
    handle = post.author.handle
    return replace(post, author=replace(post.author, handle=_full(handle, base)))


def _full(handle: str, base: str) -> str:
    host = host_of(base)
    return handle if "@" in handle or not handle or not host else f"{handle}@{host}"


def _parents(page: Page) -> dict[str, str]:
    """Which comment each answers: answers stand in a list after the comment, in the same list element."""
    found: dict[str, str] = {}
    for node in select(tree(page), "li.comment"):
        own = first(node, ".comment-node")
        above = next((up for up in node.iterancestors("li") if "comment" in (up.get("class") or "").split()), None)
        outer = first(above, ".comment-node") if above is not None else None
        if own is not None and outer is not None and own is not outer:
            mine, theirs = (re.sub(r"\D", "", each.get("id") or "") for each in (own, outer))
            found[mine] = theirs
    return found


# --- JSON


def _views(value: Any, base: str) -> Iterator[Post]:
    """Posts and comments of an answer with who made them, each once."""
    seen: set[str] = set()
    for _, view in walk(value):
        who = dict_at(view, "creator")
        for kind in ("comment", "post"):
            item = dict_at(view, kind)
            if not who or not text_at(item, "ap_id") or (kind == "post" and "comment" in view):
                continue
            if (key := kind + text_at(item, "id")) not in seen:
                seen.add(key)
                yield _comment(view, item, who) if kind == "comment" else _post(view, item, who, base)


def _post(view: dict[str, Any], item: dict[str, Any], who: dict[str, Any], base: str) -> Post:
    target = text_at(item, "url")
    media = (Media("link", target, text_at(item, "name")),) if target else ()
    text = f"{text_at(item, 'name')}\n\n{text_at(item, 'body')}".strip()
    return _record(view, item, who, text, "post", media, f"/post/{text_at(item, 'id')}", base)


def _comment(view: dict[str, Any], item: dict[str, Any], who: dict[str, Any]) -> Post:
    above = text_at(item, "path").split(".")[1:-1]  # "0.12.34": 34 answers 12
    found = _record(view, item, who, text_at(item, "content"), "comment", (), "", "")
    thread = text_at(item, "post_id")
    return replace(found, in_reply_to=above[-1] if above else thread, thread=thread)


def _record(
    view: dict[str, Any],
    item: dict[str, Any],
    who: dict[str, Any],
    text: str,
    kind: str,
    media: tuple[Media, ...],
    path: str,
    base: str,
) -> Post:
    actor, marks = text_at(who, "actor_id"), [mark for mark in GONE if item.get(mark) is True]
    counts = {key: number for key in ("score", "comments", "child_count") if (number := text_at(view, "counts", key))}
    return Post(
        PLATFORM,
        "deleted" if marks else "post" if kind == "post" else "comment",
        Account(
            text_at(who, "display_name") or text_at(who, "name"),
            _full(text_at(who, "name"), actor),
            text_at(who, "id"),
            actor,
        ),
        text,
        time=_time(text_at(item, "published")),
        edited=_time(text_at(item, "updated")),
        id=text_at(item, "id"),
        permalink=text_at(item, "ap_id") or absolute(path, base),
        media=media,
        counts=counts,
        labels=tuple(marks),
        source="json",
    )


def _time(written: str) -> StatedTime | None:
    """Servers before 0.19 leave out the zone of what is UTC."""
    time = stated(written)
    if time is None or time.utc is not None:
        return time
    proven = stated(written + "Z")
    return replace(proven, written=written, basis="inferred") if proven is not None and proven.utc else time


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity, per_host=True)
