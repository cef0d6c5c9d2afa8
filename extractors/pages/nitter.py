"""Nitter and its like (XCancel): other people's front ends that show posts of X as plain pages. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.claims import CLAIMS
from extractors.contract import (
    Account,
    Identity,
    Media,
    Page,
    PageExtractor,
    Post,
    Problem,
    Standing,
    StandingState,
    StatedTime,
)
from extractors.inline import plain_text
from extractors.once import once
from extractors.pages.x.address import handle_of, shown_and_counted, status_of
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    first,
    holds,
    host_of,
    is_host,
    meta,
    path_parts,
    select,
    stated,
    tree,
    written,
)

HOSTS = CLAIMS["nitter"]
ITEMS = ".timeline-item, .unavailable-box"
MARKS = ".timeline-item .tweet-body, .error-panel, .profile-card-fullname"
ICONS = {
    "comment": "replies",
    "retweet": "reposts",
    "quote": "quotes",
    "heart": "likes",
    "views": "views",
    "play": "views",
}
NOTICES: tuple[tuple[StandingState, re.Pattern[str]], ...] = (
    ("suspended", re.compile(r"suspended", re.I)),
    ("login_wall", re.compile(r"protected|age-restricted", re.I)),
    ("error", re.compile(r"rate limited|no auth tokens|internal error|api error|try again", re.I)),
    ("removed", re.compile(r"not found|unavailable|doesn.t exist|no longer|deleted", re.I)),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """Every post and notice in page order."""
    for n, node in enumerate(select(tree(page), ITEMS)):
        if "show-more" in classes(node) or any("timeline-item" in classes(parent) for parent in node.iterancestors()):
            continue
        if (post := _post(node, page)) is not None:
            yield post
        elif written(node):
            yield Problem(f"timeline item {n + 1}", "an item without author, text or notice")


def standing(page: Page) -> Standing | None:
    """Nitter says in one panel what is not there."""
    there = [post for post in read(page) if isinstance(post, Post)]
    live = [post for post in there if post.kind == "post"]
    if live:
        return Standing("live", f"posts that stand on the page: {len(live)}")
    places = select(tree(page), ".error-panel, .timeline-protected, .unavailable-box, .timeline-header")
    for words in (" ".join(written(node).split()) for node in places):
        for state, pattern in NOTICES:
            if pattern.search(words):
                return Standing(state, f"the page's own words: {words[:200]}")
    return Standing("live", "a profile") if first(tree(page), ".profile-card-fullname") is not None else None


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    parts = path_parts(url)
    status = status_of("/" + "/".join(parts))
    if status is not None:
        return Identity("nitter", "post", status[1], status[0], within="x")
    handle = handle_of(f"/{parts[0]}") if parts else ""
    return Identity("nitter", "profile", handle=handle) if handle else Identity("nitter", "other")


def recognises(page: Page) -> bool:
    if not holds(page, "timeline") and not holds(page, "itter"):
        return False
    root = tree(page)
    named = meta(page, "og:site_name").lower() in ("nitter", "xcancel") or first(root, "a.site-name") is not None
    return (named and first(root, MARKS) is not None) or first(root, ".timeline-item a.tweet-link") is not None


def _post(node: Element, page: Page) -> Post | None:
    words = first(node, ".tweet-content")
    link = attr(first(node, "a.tweet-link", ".tweet-date a"), "href")
    status = status_of(link)
    if words is None or status is None:
        notice = " ".join(written(node).split())
        is_notice = "unavailable" in attr(node, "class") or first(node, ".unavailable-box") is not None
        return Post("nitter", "deleted", Account(), notice) if is_notice and notice else None
    quote = first(node, ".quote")
    return Post(
        "nitter",
        "post",
        _author(node, status[0], page),
        plain_text(words),
        time=_time(node, status[1]),
        id=status[1],
        permalink=absolute(link, page.url),
        quoted=_quoted(quote, page),
        media=_media(node, quote, page),
        counts=_counts(node),
        labels=_labels(node),
    )


def _quoted(node: Element | None, page: Page) -> Post | None:
    if node is None:
        return None
    link = attr(first(node, "a.quote-link"), "href")
    status = status_of(link)
    words = first(node, ".quote-text")
    if status is None and words is None and "unavailable" in classes(node):
        notice = " ".join(written(node).split())
        return Post("nitter", "deleted", Account(), notice) if notice else None
    handle, identifier, _ = status or ("", "", "")
    return Post(
        "nitter",
        "quoted",
        _author(node, handle, page),
        plain_text(words if words is not None else node),
        time=_time(node, identifier),
        id=identifier,
        permalink=absolute(link, page.url),
        media=_media(node, None, page),
    )


def _author(node: Element, linked: str, page: Page) -> Account:
    """Name and handle as shown; the link to a post names its author too."""
    name, user = first(node, "a.fullname"), first(node, "a.username")
    handle = (attr(user, "title") or written(user)).strip().lstrip("@") or linked
    shown = attr(name, "title") or written(name)
    return Account(shown, handle, "", absolute(attr(user, "href") or f"/{handle}", page.url) if handle else "")


def _time(node: Element, identifier: str) -> StatedTime | None:
    """The title says minutes in UTC in English; before 2021 it was without a zone."""
    link = first(node, ".tweet-date a", "a.tweet-date")
    given = attr(link, "title") or written(first(node, ".tweet-published"))
    proven = stated(given)
    return proven if proven is not None and proven.utc else shown_and_counted(given or written(link), identifier)


def _media(node: Element, quote: Element | None, page: Page) -> tuple[Media, ...]:
    inside = set(quote.iter()) if quote is not None else set()
    media = []
    for part in select(node, "a.still-image, video, a.card-container"):
        if part in inside:
            continue
        if part.tag == "video":
            url = attr(part, "data-url") or attr(first(part, "source"), "src") or attr(part, "poster")
            media.append(Media("video", absolute(url, page.url)))
        elif "card-container" in classes(part):
            media.append(Media("link", attr(part, "href"), written(first(part, ".card-title"))))
        else:
            media.append(Media("image", absolute(attr(part, "href"), page.url), attr(first(part, "img"), "alt")))
    return tuple(piece for piece in media if piece.url)


def _counts(node: Element) -> dict[str, str]:
    counts = {}
    for stat in select(node, ".tweet-stat"):
        icon = attr(first(stat, "[class*='icon-']:not(.icon-container)"), "class").rpartition("icon-")[2]
        if (name := ICONS.get(icon)) and (shown := written(stat).strip()):
            counts[name] = shown
    return counts


def _labels(node: Element) -> tuple[str, ...]:
    lines = [" ".join(written(part).split()) for part in select(node, ".pinned, .retweet-header, .replying-to")]
    verified = ["verified"] if first(node, ".tweet-header .verified-icon, .tweet-header .icon-ok") is not None else []
    return tuple(line for line in (*lines, *verified) if line)


EXTRACTOR = PageExtractor("nitter", HOSTS, read, standing, recognises, identity=identity)
