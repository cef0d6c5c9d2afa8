"""X, formerly Twitter: the web app, the server's pages of 2009 to 2020, embeds, API answers. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from extractors.contract import Page, PageExtractor, Post, Problem, Standing, StandingState
from extractors.instead import instead_of_post
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages.x import dom, legacy
from extractors.pages.x import json as x_json
from extractors.pages.x.address import HOSTS, X, account, identity, permalink, status_of, time_in
from extractors.phrases import folded, pattern
from extractors.toolbox import (
    attr,
    canonical,
    find_json,
    first,
    holds,
    host_of,
    is_host,
    json_of,
    json_scripts,
    list_at,
    meta,
    select,
    text_at,
    tree,
    visible_text,
    walk,
    written,
)

SITE_NAMES = frozenset({"x (formerly twitter)", "twitter", "x"})
ONION = "twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion"
MARKS = (
    "[data-testid='tweetText'], article[data-testid='tweet'], article [data-testid='User-Name'], "
    "div.tweet[data-tweet-id], table.main-tweet, li.status a.tweet-url"
)
STATE = "window.__INITIAL_STATE__"
TITLES = (  # of og:title, by era and crawler
    re.compile(r"(?P<name>.*) \(@(?P<handle>\w{1,20})\)(?: (?:on|auf|en|sur|na|в|di|op) (?:X|Twitter))?", re.S | re.A),
    re.compile(r"(?P<name>.*?) (?:on|auf|en|sur|na|в|di|op) (?:X|Twitter)(?:: .*)?", re.S),
)
NOTICES: tuple[tuple[StandingState, re.Pattern[str]], ...] = (  # the platform's words in a post's or page's place
    (
        "suspended",
        re.compile(r"suspended account|account (?:has been |is )?suspended|user (?:has been|is) suspended", re.I),
    ),
    ("geo_blocked", re.compile(r"withheld in|in response to a (?:legal demand|report from)", re.I)),
    (
        "login_wall",
        re.compile(
            r"limits who can view|(?:posts|tweets) are protected|only available to|age-restricted|"
            r"not authorized to see|log in to (?:x|twitter)|has blocked you|you.re blocked|private_tweet|"
            r"only confirmed followers|protected (?:account|tweet)",
            re.I,
        ),
    ),
    (
        "removed",
        re.compile(
            r"deleted by the (?:post|tweet) author|no longer exists|no longer available|page doesn.t exist|"
            r"violated the (?:x|twitter) rules|account doesn.t exist|(?:post|tweet) is unavailable|no status found|"
            r"has been deleted|not_found|user not found|page does not exist|unable to view this (?:post|tweet)",
            re.I,
        ),
    ),
    ("error", re.compile(r"something went wrong|rate limit exceeded|over capacity|try reloading", re.I)),
)
VOCABULARIES: tuple[tuple[str, StandingState], ...] = (  # the same in other languages than English
    ("suspended", "suspended"),
    ("private", "login_wall"),
    ("login", "login_wall"),
    ("removed", "removed"),
)
PLACES = (
    "[data-testid='error-detail'], [data-testid='empty_state_header_text'], [data-testid='emptyState'], "
    ".errorpage-body-content, .ProtectedTimeline, body.search-404, body.account-suspended"
)
LOGIN = (
    "[data-testid='loginButton'], [data-testid='LoginForm_Login_Button'], "
    "input[name='session[password]'], input[autocomplete='current-password']"
)
LONGEST_TITLE = 1_000
MOST_ERRORS = 20
LONGEST_SHELL = 3_000  # characters; a page with more words says more than one notice


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """The web app's articles, else the server's old pages, else JSON, else Open Graph; twins are compared."""
    twins = list(_twins(page))
    found = list(_own(page))
    known = {post.id: post for post in twins if post.id and post.kind != "deleted"}
    ids = _account_ids(page, twins)
    for item in found:
        yield _with_account_id(item, ids) if isinstance(item, Post) else item
        if isinstance(item, Post) and (twin := known.get(item.id)) is not None:
            yield from _differences(item, twin)
    if not any(isinstance(item, Post) and item.kind == "post" for item in found):
        yield from twins


def standing(page: Page) -> Standing | None:
    """Live where a post stands; else what X itself says in its place; a profile without posts is live too."""
    value = json_page(page)
    found = [item for item in _own(page) if isinstance(item, Post)]
    there = [post for post in found if post.kind == "post"]
    notices = [post for post in found if post.kind == "deleted"]
    wanted = _wanted(page)
    in_its_place = notices and wanted and found[0].kind == "deleted" and wanted not in {post.id for post in there}
    if there and not in_its_place:
        return Standing("live", f"posts of X that stand on the page: {len(there)}")
    if notices:
        words = notices[0].text
        return _in_its_place(words) or Standing("removed", f"the page's own words: {words[:200]}")
    if value is not None:
        return _json_standing(value)
    for node in select(tree(page), PLACES):
        if (said := _in_its_place(" ".join(written(node).split()))) is not None:
            return said
    return Standing("live", "a profile of X stands on the page") if found else _shell(page)


def companions(url: str) -> list[str]:
    """oEmbed and the syndication answer for a post; both are open without a login."""
    status = status_of(url)
    if status is None:
        return []
    handle, identifier, _ = status
    address = quote(f"https://twitter.com/{handle or 'i/web'}/status/{identifier}", safe="")
    return [
        f"https://publish.twitter.com/oembed?url={address}&omit_script=true&dnt=true",
        f"https://cdn.syndication.twimg.com/tweet-result?id={identifier}&lang=en&token=a",
    ]


def recognises(page: Page) -> bool:
    """A page of X saved elsewhere: its own names or structure, never a page that only embeds a post."""
    value = json_page(page)
    if value is not None:
        return _is_answer(value)
    if holds(page, ONION) or any(is_host(host_of(canonical(page)), host) for host in HOSTS[:2]):
        return True
    if meta(page, "og:site_name").strip().lower() in SITE_NAMES and holds(page, "twimg.com"):
        return True
    if not any(holds(page, mark) for mark in ("data-testid", "data-tweet-id", "main-tweet", "tweet-url")):
        return False
    return first(tree(page), MARKS) is not None


@once
def _own(page: Page) -> Iterator[Post | Problem]:
    """What the page itself holds, without its twins."""
    value = json_page(page)
    if value is not None:
        yield from x_json.posts(value)
        return
    root, base = tree(page), _base(page)
    if (head := dom.profile(root, base)) is not None:
        yield head
    shown = list(dom.posts(root, base)) or list(legacy.posts(root))
    yield from shown
    if any(isinstance(item, Post) and item.kind == "post" for item in shown):
        return
    held = list(_state(page))
    yield from held
    if not shown and not held and (post := _described(page)) is not None:
        yield post


def _state(page: Page) -> Iterator[Post]:
    """Posts in the web app's own state, and in the data of its embed page."""
    for marker in (STATE, "__NEXT_DATA__"):
        if holds(page, marker) and (value := find_json(page.html, marker)) is not None:
            yield from x_json.posts(value)


def _described(page: Page) -> Post | None:
    """What Open Graph says to crawlers: name and handle in the title, the text cut after some 280 characters."""
    status = status_of(meta(page, "og:url")) or status_of(canonical(page)) or status_of(page.url)
    text, title = meta(page, "og:description", "description"), meta(page, "og:title", "title")
    title = title.strip()[:LONGEST_TITLE]
    found = next((match for pattern in TITLES if (match := pattern.fullmatch(title))), None)
    if status is None or found is None or not text:
        return None
    named = found.groupdict()
    handle = status[0] or named.get("handle") or ""
    identifier = status[1]
    base = _base(page)
    if text[:1] == "“" and text[-1:] == "”":  # 2017 to 2023 the description stood in quotation marks
        text = text[1:-1]
    author = account(named["name"].strip(), handle, base=base)
    address = permalink(handle, identifier, base=base)
    return Post(
        "x",
        "post",
        author,
        text,
        time=time_in(identifier),
        id=identifier,
        permalink=address,
        source="structured",
        sure=False,
    )


def _twins(page: Page) -> Iterator[Post]:
    for address, data in page.companions.items():
        if any(is_host(host_of(address), host) for host in HOSTS):
            yield from x_json.posts(json_of(data.decode("utf-8", "replace")))


def _differences(post: Post, twin: Post) -> Iterator[Problem]:
    for what, one, other in (
        ("text", _bare(post.text), _bare(twin.text)),
        ("handle", post.author.handle.lower(), twin.author.handle.lower()),
    ):
        if one and other and one not in other and other not in one:
            yield Problem(
                f"post {post.id}", f"the {what} on the page differs from the platform's machine-readable twin"
            )


def _bare(text: str) -> str:
    """Letters and digits without addresses: pages cut them, twins shorten them."""
    words = (word for word in text.split() if "." not in word or "/" not in word)
    return "".join(char for word in words for char in word.casefold() if char.isalnum())


def _account_ids(page: Page, twins: Iterable[Post]) -> dict[str, str]:
    """Handle in lower case -> immutable id, from twins and from the profile's structured data."""
    ids = {post.author.handle.lower(): post.author.id for post in twins if post.author.id}
    if holds(page, "ProfilePage") and json_page(page) is None:
        for _, value in json_scripts(tree(page), "application/ld+json"):
            for _, node in walk(value):
                if text_at(node, "identifier").isdigit() and text_at(node, "additionalName"):
                    ids[text_at(node, "additionalName").lower()] = text_at(node, "identifier")
    return ids


def _with_account_id(post: Post, ids: dict[str, str]) -> Post:
    identifier = ids.get(post.author.handle.lower(), "")
    return replace(post, author=replace(post.author, id=identifier)) if identifier and not post.author.id else post


def _base(page: Page) -> str:
    for url in (canonical(page), page.url):
        if is_host(host_of(url), "twitter.com"):
            return legacy.TWITTER
    return X


def _wanted(page: Page) -> str:
    for url in (page.url, canonical(page)) if json_page(page) is None else (page.url,):
        if (status := status_of(url)) is not None:
            return status[1]
    return ""


def _noticed(words: str) -> Standing | None:
    for state, notice in NOTICES:
        if notice.search(words):
            return Standing(state, f"the page's own words: {words[:200]}")
    return None


def _in_its_place(words: str) -> Standing | None:
    """A notice of X in any language; `removed` last, since each of them says that something can't be seen."""
    said = _noticed(words)
    found = (state for name, state in VOCABULARIES if said is None and pattern(name).search(folded(words)))
    state = next(found, None)
    return said or (Standing(state, f"the page's own words: {words[:200]}") if state is not None else None)


def _json_standing(value: Any) -> Standing | None:
    errors = list_at(value, "errors") or [value]
    refused = (node for _, node in walk(value) if text_at(node, "__typename") == "UserUnavailable")
    for error in (*errors[:MOST_ERRORS], *refused):
        words = text_at(error, "message") or text_at(error, "detail") or text_at(error, "title")
        if words and (said := _noticed(words)) is not None:
            return said
    if value in ({}, {"data": {}}, {"data": {"tweetResult": {}}}):
        return Standing("removed", "the platform's answer holds no post")
    return Standing("error", "the platform's answer holds no post") if list_at(value, "errors") else None


def _shell(page: Page) -> Standing | None:
    root = tree(page)
    words = visible_text(page)
    if first(root, LOGIN) is not None or "/i/flow/login" in page.url:
        return Standing("login_wall", "the page asks for a login and shows no post")
    if len(words) < LONGEST_SHELL and (said := _noticed(words)) is not None:
        return said
    refresh = next((attr(n, "content") for n in root.iter("meta") if attr(n, "http-equiv").lower() == "refresh"), "")
    if "migrate" in refresh or (first(root, "#react-root") is not None and not words.strip()):
        return Standing("error", "a shell of X without a post: its script did not run")
    return instead_of_post(page, wanted=bool(_wanted(page)))


def _is_answer(value: Any) -> bool:
    if isinstance(value, dict) and text_at(value, "provider_url"):
        return any(is_host(host_of(text_at(value, "provider_url")), host) for host in HOSTS)
    found = next(x_json.posts(value), None)
    return found is not None and bool(found.author.handle or found.kind == "deleted")


EXTRACTOR = PageExtractor("x", HOSTS, read, standing, recognises, companions, identity)
