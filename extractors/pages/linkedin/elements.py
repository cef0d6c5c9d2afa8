"""Reads the elements and hidden data of LinkedIn's pages: posts, what they share, comments, articles. No JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, Post, PostKind, StatedTime
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    canonical,
    dict_at,
    first,
    from_epoch,
    from_snowflake,
    host_of,
    is_host,
    json_of,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)

PLATFORM = "linkedin"
HOME = "https://www.linkedin.com/"
HOSTS = CLAIMS["linkedin"]
URN = re.compile(r"urn:li:(?:activity|share|ugcPost|article):(\d{6,})")
COMMENT_URN = re.compile(r"urn:li:comment:\((?:[^,]+),(\d+)\)")
IN_LINK = re.compile(r"(?:activity|share|ugcPost)[-:](\d{15,})")
POSTS = ", ".join(
    (
        *(
            "[data-activity-urn]",
            "[data-featured-activity-urn]",
            "[data-attributed-urn]",
            "[data-urn^='urn:li:activity']",
        ),
        *("[data-urn^='urn:li:ugcPost']", "[data-urn^='urn:li:share']", "[data-test-id='feed-reshare-content']"),
        ".main-feed-activity-card",
    )
)
COMMENTS = "section.comment, .comments-comment-item, .comments-comment-entity"
ARTICLES = ", ".join(
    (
        *("article.article-content", "article.article-grid", "article.stream-article", ".article-main"),
        *(".reader-article-content", "main.pulse"),
    )
)
NAMES = ", ".join(
    (
        *("a[data-tracking-control-name*='actor-name']", ".comment__author", ".comment__actor-name"),
        *(".update-components-actor__single-line-truncate", ".update-components-actor__title"),
        *(".update-components-actor__name", ".feed-shared-actor__name", ".comments-post-meta__name-text"),
        ".comments-comment-meta__description-title",
    )
)
WORDS = ", ".join(
    (
        *("[data-test-id$='commentary']", ".comment__text", ".comment__message", ".update-components-text"),
        *(".comments-comment-item__main-content", ".feed-shared-update-v2__description"),
        ".attributed-text-segment-list__content",
    )
)
MOMENTS = ", ".join(
    (
        *("time", ".update-components-actor__sub-description", ".comment__duration-since"),
        ".comments-comment-meta__data",
    )
)
TITLES = ", ".join(
    (
        *("h1.article-title", "h1.article-content__title", "h1[itemprop='headline']", "h1.pulse-title"),
        *(".reader-article-header__title", "h1"),
    )
)
WRITERS = (  # surest first
    *(
        ".main-author-card h3 a",
        ".author-info h3 a",
        ".main-author-card h3",
        ".author-info h3",
        ".base-main-card__title",
    ),
    *(".author-info__name", ".author-info__author-name", ".publisher-author-card h3", ".article-author__name"),
)
BODIES = ", ".join(
    (
        *("[data-test-id='article-content-blocks']", ".article-content__body", ".article-body", ".prose"),
        *(".article-main__content", ".reader-content-blocks-container", "[itemprop='articleBody']"),
    )
)
DATES = ", ".join(
    (
        *("time[itemprop='datePublished']", ".article-head__timestamp", ".base-main-card__metadata"),
        *(".article-publish-date", ".publish-date", "time"),
    )
)
REACTIONS = ", ".join(
    (
        *("[data-test-id='social-actions__reaction-count']", ".comment__likes-count"),
        ".social-details-social-counts__reactions-count",
    )
)
REPLIES = "[data-test-id='social-actions__comments'], .social-details-social-counts__comments"
NUMBERS = ("data-activity-urn", "data-featured-activity-urn", "data-attributed-urn", "data-urn", "data-id")


def identity(url: str) -> Identity | None:
    """Post, article, profile, inbox or search, from the address alone."""
    parts = path_parts(url)
    if not any(is_host(host_of(url), claimed) for claimed in HOSTS):
        return None
    head = parts[0].lower() if parts else ""
    if head in ("posts", "feed", "embed", "pulse") and len(parts) > 1:
        found = IN_LINK.search(parts[-1]) or URN.search(url.replace("%3A", ":"))
        handle = parts[1].partition("_")[0] if head == "posts" else ""
        post = found[1] if found else parts[1] if head == "pulse" else ""
        return Identity(PLATFORM, "post", post, handle) if post or head == "posts" else Identity(PLATFORM, "other")
    if head in ("in", "company", "school", "showcase", "pub") and len(parts) > 1:
        return Identity(PLATFORM, "profile", handle=parts[1])
    return Identity(PLATFORM, "inbox" if head == "messaging" else "search" if head == "search" else "other")


def posts(page: Page) -> Iterator[Post]:
    root = tree(page)
    thread = ""
    articles = [] if first(root, POSTS) is not None else select(root, ARTICLES)[:1]
    units = {*select(root, POSTS), *select(root, COMMENTS), *articles}
    for node in root.iter():
        if node not in units:
            continue
        outer = next((up for up in node.iterancestors() if up in units), None)
        if node in articles:
            post = _article(node, page)
        elif {"comment", "comments-comment-item", "comments-comment-entity"} & {*attr(node, "class").split()}:
            found = _unit(node, page, units, "comment")
            parent = _number(outer) if outer is not None and "comment" in attr(outer, "class") else ""
            post = replace(found, in_reply_to=parent or thread, thread=thread) if found is not None else None
        elif outer is not None and outer not in articles:
            continue  # what a post shares is read with the post
        else:
            post = _unit(node, page, units, "post")
            inner = next((each for each in select(node, POSTS) if each in units and each is not node), None)
            shared = _unit(inner, page, units, "quoted") if inner is not None and post is not None else None
            post = replace(post, quoted=shared) if post is not None and shared is not None else post
        if post is not None:
            thread = (post.id or post.permalink) if post.kind in ("post", "article") else thread
            yield post


def _unit(node: Element, page: Page, units: set[Element], kind: PostKind) -> Post | None:
    def own(css: str) -> list[Element]:
        return [
            each for each in select(node, css) if next((up for up in each.iterancestors() if up in units), None) is node
        ]

    words = own(WORDS)
    text = written(words[0], pre="pre-wrap" in attr(words[0], "class")) if words else ""
    named = next((each for each in own(NAMES) if written(each)), None)
    if not text and named is None:
        return None
    number = _number(node)
    moment = next((each for each in own(MOMENTS)), None)
    shown = written(moment).partition("•")[0].strip()
    counts = {"reactions": next(map(written, own(REACTIONS)), ""), "comments": next(map(written, own(REPLIES)), "")}
    pictures = [
        attr(each, "src") or attr(each, "data-delayed-url")
        for each in own("[data-test-id*='image'] img, video[poster]")
    ]
    return Post(
        PLATFORM,
        kind,
        _account(named),
        text,
        stated(attr(moment, "datetime")) or _timed(number, shown),
        id=number,
        permalink=f"{HOME}feed/update/urn:li:activity:{number}/" if number and kind != "comment" else "",
        media=tuple(Media("image", absolute(url, page.url)) for url in pictures if url),
        counts={name: " ".join(count.split()) for name, count in counts.items() if count},
    )


def _article(node: Element, page: Page) -> Post | None:
    root = tree(page)
    title = written(first(node, TITLES)) or written(first(root, TITLES))
    writer = first(node, *WRITERS)
    writer = writer if writer is not None else first(root, *WRITERS)
    if writer is None:  # 2016: a list beside the article names title and author of each
        labels = (each for each in select(root, "[itemprop='author'].label") if each.getparent() is not None)
        writer = next((each for each in labels if title and title in written(each.getparent())), None)
    moment = first(node, DATES)
    date = stated(
        attr(moment, "datetime"), re.sub(r"^Published(?:\s+on)?\s+", "", written(moment).partition("•")[0].strip())
    )
    body = first(node, BODIES)
    author = _account(writer)
    return (
        Post(
            PLATFORM,
            "article",
            replace(author, name=author.name.splitlines()[0]) if author.name else author,
            f"{title}\n\n{written(body)}".strip(),
            date,
            permalink=canonical(page) or page.url,
            id=attr(node, "data-stream-article-id"),
        )
        if title
        else None
    )


def _account(node: Element | None) -> Account:
    if node is None:
        return Account()
    linked = node if node.tag == "a" else first(node, "a[href*='/in/'], a[href*='/company/']")
    linked = linked if linked is not None else next((up for up in node.iterancestors() if up.tag == "a"), None)
    url = absolute(attr(linked, "href"), HOME).partition("?")[0]
    parts = path_parts(url)
    handle = parts[1] if len(parts) > 1 and parts[0] in ("in", "company", "school", "showcase", "pub") else ""
    words = written(first(node, "[aria-hidden='true']")) or written(node)
    return Account(words.partition("\n")[0].partition(" • ")[0].strip(), handle, "", url if handle else "")


def _number(node: Element) -> str:
    told = " ".join(attr(node, name) for name in NUMBERS)
    found = COMMENT_URN.search(told) or URN.search(told)
    return found[1] if found else ""


def _timed(number: str, shown: str) -> StatedTime | None:
    """The bits of an activity's number above the 22nd count milliseconds since 1970; the page shows "1mo"."""
    proven = from_snowflake(number, epoch=0, shift=22) if len(number) == 19 else None
    return replace(proven, written=shown or number) if proven is not None else stated("", shown)


def hidden(page: Page) -> Iterator[Post]:
    """Posts of the data that the page of a reader who is logged in carries in comments of `<code>` elements."""
    for node in select(tree(page), "code"):
        inside = next((child.text or "" for child in node if not isinstance(child.tag, str)), node.text or "")
        if "commentary" in inside:
            yield from updates(json_of(inside))


def updates(value: Any) -> Iterator[Post]:
    for _, item in walk(value):
        actor, text = dict_at(item, "actor"), text_at(item, "commentary", "text", "text")
        if not text_at(actor, "name", "text") or not text:
            continue
        found = URN.search(text_at(item, "updateMetadata", "urn") or text_at(item, "entityUrn"))
        url = text_at(actor, "navigationContext", "actionTarget").partition("?")[0]
        parts = path_parts(url)
        number = found[1] if found else ""
        yield Post(
            PLATFORM,
            "post",
            Account(text_at(actor, "name", "text"), parts[1] if len(parts) > 1 else "", "", url),
            text,
            from_epoch(item.get("createdAt"))
            or _timed(number, text_at(actor, "subDescription", "text").partition("•")[0].strip()),
            id=number,
            permalink=f"{HOME}feed/update/urn:li:activity:{number}/" if number else "",
            source="json",
        )
