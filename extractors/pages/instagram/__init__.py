"""Instagram: post pages of 2012 to today, embeds, API answers, Open Graph; walls and missing pages. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors import meta_dom, meta_media
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
    StatedTime,
)
from extractors.instead import instead_of_post, said
from extractors.json_pages import json_page
from extractors.meta_media import INSTAGRAM
from extractors.once import once
from extractors.pages.instagram import old, profile
from extractors.pages.instagram.old import ADDRESS, code_in, comment_in
from extractors.toolbox import (
    Element,
    attr,
    canonical,
    dict_at,
    first,
    fragment,
    from_instagram,
    holds,
    host_of,
    is_host,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    title_of,
    tree,
    visible_text,
    written,
)

HOSTS = CLAIMS["instagram"]
CAPTION = re.compile(r"[^:]{1,200}: ?[\"“„«](?P<text>.*)[\"”“»]\.? ?", re.S)  # of og:title and og:description
HANDLED = re.compile(r"(?P<name>.*?) ?\(@(?P<handle>[\w.]{1,30})\)", re.S)
COUNTED = re.compile(
    r"(?P<likes>[\d.,]+[KMB]?) [Ll]ikes?, (?P<comments>[\d.,]+[KMB]?) [Cc]omments? [-–] (?P<rest>.*)", re.S
)
BY_ON = re.compile(r"(?P<handle>[\w.]{1,30}) (?:on|am|el|le|il|em) (?P<day>[^:]{3,40}):", re.S)
POSTED = re.compile(r"Instagram post by .* • (?P<when>[A-Z][a-z]{2} \d{1,2}, \d{4} at \d{1,2}:\d\d(?:am|pm) UTC)", re.S)
LONGEST = 5_000  # characters of a title or description
LONGEST_SHELL = 3_000
LOGIN = "input[name='password'], form#loginForm, a[href^='/accounts/login']"
NOTICES: tuple[tuple[StandingState, re.Pattern[str]], ...] = (
    ("challenge", re.compile(r"suspicious login attempt|confirm (?:it.s you|you.re human)|checkpoint_required", re.I)),
    (
        "removed",
        re.compile(
            r"page isn.t available|(?:post|profile|content) isn.t available|page not found|media not found|"
            r"link you followed may be broken|user not found|link may be broken|has been removed",
            re.I,
        ),
    ),
    (
        "login_wall",
        re.compile(
            r"this account is private|restricted (?:profile|account|post)|18 years|log ?in • instagram|"
            r"log in to (?:see|continue)|sign up to see|login_required|not authorized to view",
            re.I,
        ),
    ),
    ("geo_blocked", re.compile(r"not available in your (?:country|region|location)", re.I)),
    ("error", re.compile(r"wait a few minutes|something went wrong|couldn.t load", re.I)),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """The page's JSON, else its layout, else Open Graph; the embed twin fills in and is compared."""
    found = list(_own(page))
    twin = next(_twins(page), None)
    for post in found:
        if twin is None or post.kind != "post" or code_in(post.permalink) != code_in(twin.permalink):
            yield post
            continue
        yield _completed(post, twin)
        one, other = _bare(post.text), _bare(twin.text)
        if one and other and not one.startswith(other) and not other.startswith(one):
            yield Problem(f"post {post.id}", "the text on the page differs from the platform's embed of it")
    if twin is not None and not any(post.kind == "post" for post in found):
        yield twin


def standing(page: Page) -> Standing | None:
    there = [post for post in _own(page) if post.kind in ("post", "profile", "comment")]
    if there and all(post.kind == "profile" for post in there) and (closed := said(page, "private")) is not None:
        return Standing("login_wall", closed)
    if there:
        return Standing("live", f"posts and comments of Instagram that stand on the page: {len(there)}")
    parts = path_parts(page.url)
    if parts[:2] == ["accounts", "login"]:
        return Standing("login_wall", "the address is the login page")
    if parts[:1] == ["challenge"]:
        return Standing("challenge", "the address is a challenge")
    value = json_page(page)
    if value is not None:
        words = f"{text_at(value, 'message')} {text_at(value, 'title')} {text_at(value, 'error_type')}"
    else:
        words = f"{written(first(tree(page), 'title'), everything=True)} {visible_text(page)}"
    if len(words) < LONGEST_SHELL:
        for state, pattern in NOTICES:
            if (met := pattern.search(words)) is not None:
                return Standing(state, f"the page's own words: {met[0]}")
    if value is None and first(tree(page), LOGIN) is not None:
        return Standing("login_wall", "the page asks for a login and shows no post")
    wanted = bool(code_in(page.url) or code_in(meta(page, "og:url")))
    return instead_of_post(page, wanted=wanted) if value is None else None


def companions(url: str) -> list[str]:
    """The embed of a post, which is open without a login; oEmbed asks for a key since 2020."""
    code = code_in(url) if any(is_host(host_of(url), host) for host in HOSTS) else ""
    return [f"https://www.instagram.com/p/{code}/embed/captioned/"] if code else []


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    parts = path_parts(url)
    top = parts[0].lower() if parts else ""
    if code := code_in(url):
        return Identity("instagram", "post", code, "" if top in meta_dom.NOT_HANDLES else parts[0])
    if top == "stories" and len(parts) > 1:
        return Identity("instagram", "story", parts[2] if len(parts) > 2 else "", parts[1])
    if top == "s":  # a highlight as it is shared
        return Identity("instagram", "story")
    if top == "direct":
        return Identity("instagram", "inbox")
    if top == "explore":
        return Identity("instagram", "search")
    if not top or top in meta_dom.NOT_HANDLES:
        return Identity("instagram", "other")
    return Identity("instagram", "profile", handle=parts[0])


def recognises(page: Page) -> bool:
    value = json_page(page)
    if value is not None:
        by_name = text_at(value, "provider_name") == "Instagram"
        return by_name or (holds(page, "shortcode") and next(meta_media.posts(value, INSTAGRAM), None) is not None)
    if meta(page, "og:site_name") == "Instagram" or meta(page, "al:android:package") == "com.instagram.android":
        return True
    if any(is_host(host_of(canonical(page)), host) for host in HOSTS):
        return True
    return title_of(page).strip().endswith("• Instagram")


@once
def _own(page: Page) -> Iterator[Post]:
    value = json_page(page)
    if value is not None:
        yield from _answer(value)
        return
    root = tree(page)
    wanted = code_in(page.url) or code_in(meta(page, "og:url")) or code_in(canonical(page))
    held = list(_held(root, wanted))
    shown = [] if held else list(meta_dom.posts(root, INSTAGRAM, code_in, comment_in))
    older = [] if held or shown else list(old.posts(root, wanted))
    yield from held or shown or older
    if not any(post.kind == "post" for post in (*held, *shown, *older)):
        described = _described(page, wanted)
        here = identity(page.url) or identity(meta(page, "og:url"))
        if described is not None:
            yield described
        elif here is not None and here.page == "profile" and not held:
            yield from profile.posts(page, here.handle)


def _held(root: Element, wanted: str) -> Iterator[Post]:
    """Posts of the page's JSON; on a post's page without the others that are offered below it."""
    found = [post for value in meta_media.values(root) for post in meta_media.posts(value, INSTAGRAM)]
    codes = {code_in(post.permalink) for post in found if post.kind == "post"}
    main = next((post for post in found if post.kind == "post" and code_in(post.permalink) == wanted), None)
    seen = set()
    for post in found:
        key = (post.kind, post.id)
        if post.kind == "comment" and not post.thread and main is not None:
            address, answers = f"{main.permalink}c/{post.id}/", post.in_reply_to or main.id
            post = replace(post, thread=main.id, in_reply_to=answers, permalink=address)
        if key in seen or (post.kind == "post" and wanted in codes and code_in(post.permalink) != wanted):
            continue
        seen.add(key)
        yield post


def _answer(value: Any) -> Iterator[Post]:
    if text_at(value, "provider_name") != "Instagram" or "html" not in dict_at([value], 0):
        yield from meta_media.posts(value, INSTAGRAM)
        return
    inside = fragment(text_at(value, "html"))
    quote, time = first(inside, "blockquote.instagram-media"), first(inside, "time[datetime]")
    code = code_in(attr(quote, "data-instgrm-permalink"))
    signed = next((m for link in select(inside, "a") if (m := HANDLED.search(written(link)[:LONGEST]))), None)
    name = signed["name"].rpartition("shared by ")[2] if signed else ""
    handle, media = text_at(value, "author_name"), text_at(value, "media_id").partition("_")[0]
    author = Account(name, handle, text_at(value, "author_id"), INSTAGRAM.profile.format(handle=handle))
    text = text_at(value, "title") or written(first(inside, "blockquote p"))
    when = stated(attr(time, "datetime"), written(time)) or from_instagram(media or code)
    address = INSTAGRAM.post.format(code=code, handle=handle)
    yield Post("instagram", "post", author, text, time=when, id=media, permalink=address, source="json")


def _described(page: Page, wanted: str) -> Post | None:
    """Open Graph gives the caption after a colon in quotation marks, the counts and the day before it."""
    title, about = meta(page, "og:title")[:LONGEST], meta(page, "og:description", "description")[:LONGEST]
    text = CAPTION.fullmatch(title) or CAPTION.fullmatch(about)
    named = HANDLED.search(meta(page, "twitter:title")[:LONGEST]) or HANDLED.search(about)
    counted = COUNTED.match(about)
    by = BY_ON.match(counted["rest"]) if counted else None
    handle = (named["handle"] if named else "") or (by["handle"] if by else "")
    if not wanted or not (handle or text):
        return None
    name = re.split(r" (?:on|auf|en|sur|su|no|em) Instagram", title)[0] if " Instagram" in title else ""
    name = name or (named["name"].rpartition("- ")[2] if named else "")
    media_id = meta(page, "al:ios:url").rpartition("media?id=")[2]
    owner = meta(page, "instapp:owner_user_id")
    return Post(
        "instagram",
        "post",
        Account(name, handle, owner, INSTAGRAM.profile.format(handle=handle) if handle else ""),
        text["text"] if text else "",
        time=_day(by["day"] if by else "", wanted, title),
        id=media_id if media_id.isdecimal() else "",
        permalink=meta(page, "og:url") or INSTAGRAM.post.format(code=wanted, handle=handle),
        counts={"likes": counted["likes"], "comments": counted["comments"]} if counted else {},
        source="structured",
        sure=False,
    )


def _day(shown: str, code: str, title: str) -> StatedTime | None:
    """The day as shown, in UTC from the post's code; in 2017 the title said the minute in UTC."""
    posted = POSTED.match(title)
    shown, counted = (posted["when"] if posted else shown), from_instagram(code)
    if counted is None:
        return stated("", shown)
    return replace(counted, written=shown or counted.written)


def _twins(page: Page) -> Iterator[Post]:
    for address, data in page.companions.items():
        if ADDRESS.match(address) and "/embed" in address:
            root = fragment(data.decode("utf-8", "replace"))
            held = (post for value in meta_media.values(root) for post in meta_media.posts(value, INSTAGRAM))
            yield from (post for post in (*held, *old.posts(root, code_in(address))) if post.kind == "post")


def _completed(post: Post, twin: Post) -> Post:
    author = replace(post.author, id=post.author.id or twin.author.id, name=post.author.name or twin.author.name)
    return replace(post, author=author, id=post.id if len(post.id) > 11 else twin.id or post.id)


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


EXTRACTOR = PageExtractor("instagram", HOSTS, read, standing, recognises, companions, identity)
