"""Threads: post pages with their embedded JSON, layout and Open Graph; walls and missing pages. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors import meta_dom, meta_media
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing, StandingState
from extractors.instead import instead_of_post
from extractors.json_pages import json_page
from extractors.meta_media import THREADS
from extractors.once import once
from extractors.toolbox import (
    canonical,
    first,
    from_instagram,
    holds,
    host_of,
    is_host,
    meta,
    path_parts,
    text_at,
    tree,
    visible_text,
    written,
)

HOSTS = CLAIMS["threads"]
POST = re.compile(
    r"(?:https?://(?:www\.)?threads\.(?:net|com))?/(?:@(?P<handle>[\w.]{1,30})/post|t)/(?P<code>[\w-]{5,40})/?(?:[?#].*)?"
)
TITLE = re.compile(r"(?P<name>.*) \(@(?P<handle>[\w.]{1,30})\) \w{1,8} Threads", re.S)
COUNTED = re.compile(r"(?:(?P<likes>[\d.,]+[KM]?) likes?)?(?:, )?(?:(?P<replies>[\d.,]+[KM]?) repl(?:y|ies))?\. ")
LONGEST_SHELL = 3_000
NOTICES: tuple[tuple[StandingState, re.Pattern[str]], ...] = (
    ("login_wall", re.compile(r"this (?:profile|account) is private|log in to see|18 years old", re.I)),
    (
        "removed",
        re.compile(
            r"page isn.t available|page not found|not all who wander are lost|(?:post|thread|content) (?:is |isn.t )?"
            r"(?:unavailable|no longer available|not available|available)|link (?:you followed )?may be broken|"
            r"media not found|user not found",
            re.I,
        ),
    ),
    ("error", re.compile(r"something went wrong|please wait a few minutes", re.I)),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """What is laid out, completed from the page's JSON; then what stands in that JSON alone; else Open Graph."""
    yield from _own(page)


def standing(page: Page) -> Standing | None:
    there = [post for post in _own(page) if post.kind == "post"]
    if there:
        return Standing("live", f"posts of Threads that stand on the page: {len(there)}")
    if path_parts(page.url)[:1] == ["login"]:
        return Standing("login_wall", "the address is the login page")
    value = json_page(page)
    words = (
        text_at(value, "message")
        if value is not None
        else f"{written(first(tree(page), 'title'))} {visible_text(page)}"
    )
    if len(words) < LONGEST_SHELL:
        for state, pattern in NOTICES:
            if (said := pattern.search(words)) is not None:
                return Standing(state, f"the page's own words: {said[0]}")
    if value is None and meta(page, "og:title") and TITLE.fullmatch(meta(page, "og:title")[:500]) is None:
        return Standing("login_wall", "the page asks for a login and shows no post")
    here = identity(page.url) or identity(meta(page, "og:url"))
    return instead_of_post(page, wanted=here is not None and here.page == "post") if value is None else None


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    if (found := POST.fullmatch(url)) is not None:
        return Identity("threads", "post", found["code"], found["handle"] or "")
    parts = path_parts(url)
    if parts[:1] in (["search"], ["explore"], ["tag"]):
        return Identity("threads", "search")
    if parts[:1] in (["messages"], ["direct"]):
        return Identity("threads", "inbox")
    handle = parts[0][1:] if parts and parts[0].startswith("@") else ""
    return Identity("threads", "profile", handle=handle) if handle else Identity("threads", "other")


def recognises(page: Page) -> bool:
    value = json_page(page)
    if value is not None:
        return holds(page, "thread_items") and next(meta_media.posts(value, THREADS), None) is not None
    by_name = meta(page, "og:site_name") == "Threads" or meta(page, "al:android:package") == "com.instagram.barcelona"
    return by_name or any(is_host(host_of(canonical(page)), host) for host in HOSTS)


@once
def _own(page: Page) -> Iterator[Post]:
    value = json_page(page)
    if value is not None:
        yield from meta_media.posts(value, THREADS)
        return
    root = tree(page)
    held = {post.permalink: post for value in meta_media.values(root) for post in meta_media.posts(value, THREADS)}
    shown = {post.permalink: post for post in meta_dom.posts(root, THREADS, _code, lambda href: "")}
    for address, post in shown.items():
        yield replace(held[address], source="dom", text=post.text or held[address].text) if address in held else post
    yield from (post for address, post in held.items() if address not in shown)
    described = None if held or shown else _described(page)
    if described is not None:
        yield described


def _code(href: str) -> str:
    found = POST.fullmatch(href)
    return found["code"] if found is not None else ""


def _described(page: Page) -> Post | None:
    """Open Graph; in 2023 the description began with the counts."""
    found = POST.fullmatch(meta(page, "og:url")) or POST.fullmatch(canonical(page))
    named = TITLE.fullmatch(meta(page, "og:title")[:500])
    text = meta(page, "og:description", "description")
    if found is None or named is None or not text:
        return None
    counted = COUNTED.match(text)
    counts = {name: shown for name, shown in counted.groupdict().items() if shown} if counted else {}
    if counted is not None and counts:
        text = text[counted.end() :]
    handle = named["handle"]
    author = Account(named["name"], handle, "", THREADS.profile.format(handle=handle))
    return Post(
        "threads",
        "post",
        author,
        text,
        time=from_instagram(found["code"]),
        id=found["code"],
        permalink=meta(page, "og:url") or canonical(page),
        counts=counts,
        source="structured",
        sure=False,
    )


EXTRACTOR = PageExtractor("threads", HOSTS, read, standing, recognises, identity=identity)
