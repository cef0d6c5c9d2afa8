"""Bluesky: the web app, its page for crawlers, embeds and the AT Protocol's answers. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from extractors.claims import CLAIMS
from extractors.contract import (
    Account,
    Identity,
    Page,
    PageExtractor,
    Post,
    Problem,
    Standing,
    StandingState,
)
from extractors.instead import instead_of_post
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages.bluesky import dom
from extractors.pages.bluesky import json as bluesky_json
from extractors.pages.bluesky.json import ADDRESS, APP, shown_and_counted
from extractors.toolbox import (
    attr,
    canonical,
    first,
    holds,
    host_of,
    is_host,
    json_of,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    visible_text,
    written,
)

HOSTS = CLAIMS["bluesky"]
API = "https://public.api.bsky.app/xrpc"
EMBED_HOST = "embed.bsky.app"
STATS = re.compile(r"(?P<name>.*) \((?:@)(?P<handle>[\w.-]+)\)", re.S)
LONGEST_SHELL = 3_000
NOTICES: tuple[tuple[StandingState, re.Pattern[str]], ...] = (  # the app's and the protocol's own words
    ("suspended", re.compile(r"account (?:has been |is )?(?:suspended|taken ?down)|accounttakedown", re.I)),
    (
        "login_wall",
        re.compile(
            r"sign[- ]in required|requested that users sign in|"
            r"only visible to (?:people|users) who are (?:signed|logged) in|"
            r"must (?:be signed in|sign in) to view|you must be logged in|blocked by (?:this )?user|has blocked you",
            re.I,
        ),
    ),
    (
        "removed",
        re.compile(
            r"post not found|post may have been deleted|profile not found|could not locate record|record not found|"
            r"could not find repo|account (?:is |has been )?(?:deactivated|deleted)|accountdeactivated|"
            r"unable to resolve handle|deleted post|post has been deleted",
            re.I,
        ),
    ),
    ("geo_blocked", re.compile(r"not available in your (?:region|country|location)", re.I)),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """The app's items, else the page's structured part, else JSON; the twin fills in ids and is compared."""
    twins = list(_twins(page))
    known = {post.id: post for post in twins if post.id and post.kind != "deleted"}
    found = list(_own(page))
    for post in found:
        twin = known.get(post.id)
        yield _completed(post, twin) if twin is not None else post
        if (
            twin is not None
            and _bare(post.text) != _bare(twin.text)
            and not _bare(twin.text).startswith(_bare(post.text))
        ):
            yield Problem(f"post {post.id}", "the text on the page differs from the platform's machine-readable twin")
    if not any(post.kind == "post" for post in found):
        yield from twins


def standing(page: Page) -> Standing | None:
    found = list(_own(page))
    there = [post for post in found if post.kind == "post"]
    if there:
        return Standing("live", f"posts of Bluesky that stand on the page: {len(there)}")
    value = json_page(page)
    words = f"{text_at(value, 'error')} {text_at(value, 'message')}" if value is not None else visible_text(page)
    if len(words) < LONGEST_SHELL:
        for state, pattern in NOTICES:
            if (said := pattern.search(words)) is not None:
                return Standing(state, f"the page's own words: {said[0]}")
    if found:
        gone = found[0].kind == "deleted"
        return Standing("removed" if gone else "live", f"what stands on the page: {found[0].kind}")
    here = identity(page.url) or identity(canonical(page))
    return instead_of_post(page, wanted=here is not None and here.page == "post") if value is None else None


def companions(url: str) -> list[str]:
    """The thread from the public API and oEmbed; for a profile its record. All are open without a login."""
    here = identity(url)
    if here is None or not (here.handle or here.account):
        return []
    actor = here.account or here.handle
    if here.page == "profile":
        return [f"{API}/app.bsky.actor.getProfile?actor={quote(actor, safe=':')}"]
    if here.page != "post":
        return []
    uri = quote(f"at://{actor}/app.bsky.feed.post/{here.post}", safe="")
    address = quote(f"{APP}/profile/{actor}/post/{here.post}", safe="")
    return [
        f"{API}/app.bsky.feed.getPostThread?uri={uri}&depth=6&parentHeight=80",
        f"https://{EMBED_HOST}/oembed?url={address}",
    ]


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    parts = path_parts(url)
    if host_of(url) == EMBED_HOST and parts[:1] == ["embed"] and len(parts) == 4:
        return Identity("bluesky", "post", parts[3], account=parts[1])
    if parts[:1] == ["messages"]:
        return Identity("bluesky", "inbox")
    if parts[:1] in (["search"], ["hashtag"]):
        return Identity("bluesky", "search")
    if parts[:1] != ["profile"] or len(parts) < 2:
        return Identity("bluesky", "other")
    handle, did = ("", parts[1]) if parts[1].startswith("did:") else (parts[1], "")
    if len(parts) >= 4 and parts[2] == "post":
        return Identity("bluesky", "post", parts[3], handle, did)
    return Identity("bluesky", "profile" if len(parts) == 2 else "other", handle=handle, account=did)


def recognises(page: Page) -> bool:
    value = json_page(page)
    if value is not None:
        return bluesky_json.has_record(value) or "bsky.app" in text_at(value, "provider_url")
    if meta(page, "generator") == "bskyweb" or is_host(host_of(canonical(page)), "bsky.app"):
        return True
    return holds(page, "-by-") and first(tree(page), dom.ITEMS) is not None


@once
def _own(page: Page) -> Iterator[Post]:
    value = json_page(page)
    if value is not None:
        yield from bluesky_json.posts(value)
        return
    root = tree(page)
    described = _described(page)
    met = list(dom.posts(root, canonical(page) or page.url))
    for post in met:
        yield _completed(post, described) if described is not None and described.id == post.id else post
    if met:
        return
    outside = list(bluesky_json.embedded(root)) or ([described] if described is not None else [])
    yield from outside or _embed_page(page)


def _described(page: Page) -> Post | None:
    """What the server gives every visitor: `<meta>`s, and the same in a `<noscript>` with the immutable id."""
    found = ADDRESS.match(meta(page, "og:url")) or ADDRESS.match(canonical(page))
    named = STATS.fullmatch(meta(page, "og:title")[:500])
    if found is None or meta(page, "og:type") != "article":
        return None
    summary = first(tree(page), "#bsky_post_summary")
    name = written(first(tree(page), "#bsky_display_name")) or (named["name"] if named else "")
    handle = written(first(tree(page), "#bsky_handle")) or (named["handle"] if named else "") or found["actor"]
    did = written(first(tree(page), "#bsky_did"))
    whole = first(tree(page), "#bsky_post_text")
    text = written(whole, pre=True) if summary is not None and whole is not None else meta(page, "og:description")
    when = stated(meta(page, "article:published_time")) or shown_and_counted("", found["key"])
    names = {"twitter:label2": "twitter:value2", "twitter:label3": "twitter:value3", "twitter:label4": "twitter:value4"}
    counts = {meta(page, label).lower(): meta(page, value) for label, value in names.items() if meta(page, value)}
    author = Account(name, handle, did, f"{APP}/profile/{handle}")
    address = f"{author.url}/post/{found['key']}"
    return Post(
        "bluesky",
        "post",
        author,
        text,
        time=when,
        id=found["key"],
        permalink=address,
        counts=counts,
        source="structured",
    )


def _embed_page(page: Page) -> Iterator[Post]:
    """embed.bsky.app: plain markup; the link round the time leads to the post."""
    root = tree(page)
    time = first(root, "a[href*='/post/'] time[datetime]", "time[datetime]")
    found = next((m for link in select(root, "a[href*='/post/']") if (m := ADDRESS.match(attr(link, "href")))), None)
    if time is None or found is None or not is_host(host_of(page.url), EMBED_HOST):
        return
    author = dom.author_in(list(root.iter("*")), "")
    text = written(first(root, "p[class*='whitespace-pre']", "main p, body p"), pre=True)
    author = replace(author, id=found["actor"] if found["actor"].startswith("did:") else author.id)
    when, address = stated(attr(time, "datetime"), written(time)), f"{APP}/profile/{found['actor']}/post/{found['key']}"
    yield Post("bluesky", "post", author, text, time=when, id=found["key"], permalink=address, sure=False)


def _twins(page: Page) -> Iterator[Post]:
    for address, data in page.companions.items():
        if any(is_host(host_of(address), host) for host in HOSTS):
            yield from bluesky_json.posts(json_of(data.decode("utf-8", "replace")))


def _completed(post: Post, other: Post) -> Post:
    """A post from the layout with what the structured part knows better: exact time, id, what it answers."""
    author = replace(post.author, id=post.author.id or other.author.id, name=post.author.name or other.author.name)
    proven = other.time if other.time is not None and other.time.basis == "stated" and other.time.utc else None
    return replace(
        post,
        author=author,
        time=proven or post.time,
        in_reply_to=post.in_reply_to or other.in_reply_to,
        thread=post.thread or other.thread,
        labels=tuple(dict.fromkeys((*post.labels, *other.labels))),
    )


def _bare(text: str) -> str:
    """Letters and digits without addresses: the app shortens them."""
    words = (word for word in text.split() if "." not in word or "/" not in word)
    return "".join(char for word in words for char in word.casefold() if char.isalnum())


EXTRACTOR = PageExtractor("bluesky", HOSTS, read, standing, recognises, companions, identity)
