"""Reads WordPress: posts, pages, lists of them and the comments of most themes. Never claims a site by its address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.comments import embedded_comments, with_comments
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import base_of, line_of, media_in, time_of
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages import generic
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    closest,
    dict_at,
    first,
    fragment,
    holds,
    likely,
    list_at,
    meta,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)

PLATFORM = "wordpress"
COMMENT = Shape(
    platform=PLATFORM,
    post="li.comment, li.pingback, li.trackback, ol.wp-block-comment-template > li, ol.commentlist > li",
    text=(
        ".comment-content",
        ".comment-text",
        ".comment_content",
        ".comment__content",
        ".commentcontent",
        ".comment-entry",
        ".commenttext",
        ".wp-block-comment-content",
        "[itemprop='text']",
        "section.comment",
        ".comment-body",
        ".comment-holder",
        ".commentbody",
    ),
    name=(
        ".comment-author .fn",
        ".wp-block-comment-author-name",
        ".fn",
        ".comment-author-name",
        ".comment-author-link",
        ".comment__author-name",
        ".comment-author cite",
        ".commentauthor",
        ".comment-author strong",
        ".comment-author b",
        "cite",
        ".comment-author",
        ".author",
    ),
    handle=("@class",),
    handle_part=re.compile(r"\bcomment-author-(?!is-site-member)(\S+)"),
    time=(
        ".comment-metadata time[datetime]",
        ".wp-block-comment-date time[datetime]",
        "time[datetime]",
        ".comment-meta .commentmetadata",
        ".comment-meta a[href*='#comment']",
        ".commentmetadata a[href*='#comment']",
        ".comment-date",
        ".comment-time",
        ".commentmetadata",
        ".comment-meta",
        ".comment-author.meta",
        ".comment-author",
        "small",
    ),
    clock=re.compile(r"^\D{0,12}?(\w*[.,]?\s?\d.*\d(?:\s*[ap]\.?m\.?| Uhr)?)", re.I),
    clock_drop="a.comment-reply-link, a.comment-edit-link, .edit-link, .reply, .says, cite, strong, .fn",
    id=("@id", "[id^='comment-']@id", "[id^='div-comment-']@id"),
    link=(
        ".comment-metadata a[href*='#comment-']@href",
        ".wp-block-comment-date a@href",
        "a[href*='#comment-']@href",
    ),
    anchor="#comment-{id}",
    nested=True,
    drop=(
        ".comment-meta, .commentmetadata, .comment-author, .reply, .comment-likes, .comment-reply-link, .pd-rating, "
        ".comment-metadata, .comment-edit-link, .comment-awaiting-moderation, .comment-respond, .comment-gravatar, "
        ".sharedaddy, .comment-rating, .comment-header, .comment-footer"
    ),
    skip="li.comment-respond, li.ad, ol.commentlist > li:not([id]):not([class])",
    labels={"by the post's author": ".bypostauthor", "pingback": ".pingback, .trackback"},
)
LOOSE = replace(
    COMMENT,
    post="div.comment[id*='comment-'], article.comment[id*='comment-'], div[id^='comment-'], article[id^='comment-']",
    id=("@id",),
    number=re.compile(r"comment-(\d+)$"),
    numbered=True,
    text=(*COMMENT.text, "[class*='CommentMessage']:not([class*='Container'])", ".content", ".text", ".body"),
    name=(*COMMENT.name, "[class*='nickname']", "[class*='uthor'] a", "[class*='Info'] a[href]"),
)
ARTICLE = (
    ".hentry, article.post, article.page, article.type-post, div.post[id^='post-'],  "
    "article[id^='post-'], .wp-site-blocks main"
)
BODY = (
    ".entry-content",
    ".single-entry-content",
    ".post-content",
    ".wp-block-post-content",
    ".post-entry",
    ".td-post-content",
    ".entry-summary",
    ".entry",
    ".post_content",
    "[itemprop='articleBody']",
    ".wp-block-post-excerpt",
)
TITLE = (".entry-title", ".post-title", ".wp-block-post-title", ".single-title", "h1", "h2")
WRITER = (
    ".author.vcard .fn",
    ".author .fn",
    ".entry-author-name",
    ".author.vcard",
    "a[rel~='author']",
    ".byline .author",
    ".post-author a",
    ".entry-author",
    ".wp-block-post-author__name",
    ".author-name",
)
WHEN = (
    "time.entry-date.published[datetime]",
    "time.published[datetime]",
    "time.entry-date[datetime]",
    ".wp-block-post-date time[datetime]",
    "header time[datetime]",
    ".entry-meta time[datetime]",
    ".entry-date",
    ".post-date",
    ".updated",
)
DROPPED = (
    ".sharedaddy, .jp-relatedposts, .wpcnt, .addtoany_share_save_container, .post-views, .entry-meta, "
    ".post-navigation, .comments-area, #comments, .comment-respond, .nav-links, .author-box, .yarpp-related, "
    ".social-share, .screen-reader-text, .wp-block-post-comments, .crp_related, .wpulike, .edit-link"
)
MADE = ("wp-content/", "wp-includes/", "wp-json", 'content="WordPress')
POST_ID = re.compile(r"\bpost-(\d+)\b")


@once
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_json(value)
        return
    base = base_of(page)
    articles = list(_articles(page, base))
    if not articles and not has_blocks(page, COMMENT):  # a theme of its own: what any page's markup and layout say
        yield from _as_any_page(page)
        return
    yield from articles
    whole = articles[0].id or articles[0].permalink if len(articles) == 1 else ""
    for shape in (COMMENT, LOOSE):
        if has_blocks(page, shape):
            for found in read_blocks(page, shape):
                answers = found.in_reply_to or whole if isinstance(found, Post) else ""
                yield replace(found, in_reply_to=answers) if isinstance(found, Post) else found
            break
    yield from embedded_comments(page)


def _as_any_page(page: Page) -> Iterator[Post | Problem]:
    for found in with_comments(page, generic.read(page)):
        ours = isinstance(found, Post) and found.platform == generic.PLATFORM
        yield replace(found, platform=PLATFORM) if isinstance(found, Post) and ours else found


def standing(page: Page) -> Standing | None:
    root = tree(page)
    if first(root, "body.error404") is not None:
        return Standing("removed", "WordPress shows its page for a missing address")
    if first(root, "body.login form#loginform", "form.post-password-form") is not None and not _any_words(page):
        return Standing("login_wall", "WordPress asks for a password")
    return Standing("live", "WordPress shows a post") if next(read(page), None) is not None else None


def recognises(page: Page) -> bool:
    if holds(page, "date_gmt") and (value := json_page(page)) is not None:
        item = value[0] if isinstance(value, list) and value else value
        return bool(text_at(item, "date_gmt") and dict_at(item, "content"))
    if not any(holds(page, mark) for mark in MADE):
        return False
    if meta(page, "generator").startswith("WordPress"):
        return True
    return (
        first(tree(page), "link[href*='wp-content/']", "link[href*='wp-includes/']", "link[href*='wp-json']")
        is not None
    )


def companions(url: str) -> list[str]:
    return []


def identity(url: str) -> Identity | None:
    if met := re.search(r"#(?:div-|li-)?comment-(\d+)", url):
        return Identity(PLATFORM, "post", post=met[1])
    if met := re.search(r"^https?://([\w-]+)\.wordpress\.com(/\d{4}/)?", url):
        return Identity(PLATFORM, "post" if met[2] else "profile", handle=met[1])
    return None


# --- articles


def _articles(page: Page, base: str) -> Iterator[Post]:
    root, bodies = tree(page), likely(page, BODY)
    blocks = [
        node for css in likely(page, (ARTICLE,)) for node in select(root, css) if first(node, *bodies) is not None
    ]
    inside = set(blocks)
    for node in blocks:
        if any(above in inside for above in node.iterancestors()) or closest(node, ".comment, #comments") is not None:
            continue
        yield _article(page, node, base, alone=len(blocks) == 1)


def _article(page: Page, node: Element, base: str, *, alone: bool) -> Post:
    titles, writers = likely(page, TITLE), likely(page, WRITER)
    body, heading = first(node, *likely(page, BODY)), first(node, *titles)
    if alone and heading is None:
        heading = first(tree(page), *titles)
    writer, when = _named(node, writers), first(node, *likely(page, WHEN))
    if alone and writer is None:
        writer = _named(tree(page), writers)
    dropped = {each for css in likely(page, (DROPPED, "h1.entry-title")) for each in select(node, css)}
    link = attr(first(heading, "a[href]"), "href") if heading is not None else ""
    number = POST_ID.search(f"{attr(node, 'id')} {attr(node, 'class')}")
    name = line_of(writer) or (meta(page, "author", "article:author") if alone else "")
    text = written(body, drop=lambda inner: inner in dropped)
    title = line_of(heading)
    made = stated(meta(page, "article:published_time")) if alone else None
    time = time_of(when) if when is not None else None
    changed = stated(meta(page, "article:modified_time")) if alone else None
    return Post(
        PLATFORM,
        "article",
        Account(name if not name.startswith("http") else "", url=_profile(writer, base)),
        f"{title}\n\n{text}".strip() if title and not text.startswith(title) else text,
        time=time if time is not None and (time.utc or made is None) else made,
        edited=changed if changed is not None and made is not None and changed.utc != made.utc else None,
        id=number[1] if number else "",
        permalink=absolute(link, base) if link else base if alone else "",
        media=media_in(list(body.iter("img", "video", "audio", "iframe")), base) if body is not None else (),
    )


def _named(node: Element, writers: tuple[str, ...]) -> Element | None:
    """The first place that names somebody; themes leave some of them empty."""
    return next((place for css in writers for place in select(node, css) if line_of(place)), None)


def _profile(writer: Element | None, base: str) -> str:
    link = (
        writer if writer is not None and writer.tag == "a" else first(writer, "a[href]") if writer is not None else None
    )
    return absolute(attr(link, "href"), base)


def _any_words(page: Page) -> bool:
    return has_blocks(page, COMMENT)


def _from_json(value: Any) -> Iterator[Post | Problem]:
    """Posts and comments as the REST interface answers them."""
    found = False
    for _, item in walk(value):
        words, made = text_at(item, "content", "rendered"), text_at(item, "date_gmt")
        if not made or not words:
            continue
        found, body = True, fragment(words)
        title = written(fragment(text_at(item, "title", "rendered")))
        who = text_at(item, "author_name") or text_at(list_at(item, "_embedded", "author"), 0, "name")
        yield Post(
            PLATFORM,
            "comment" if "author_name" in item else "article",
            Account(who, id=_number(item, "author"), url=text_at(item, "author_url")),
            f"{title}\n\n{written(body)}".strip(),
            time=stated(made + "Z" if made[-1].isdigit() else made),
            id=text_at(item, "id"),
            permalink=text_at(item, "link"),
            in_reply_to=_number(item, "parent") or _number(item, "post"),
            media=media_in(list(body.iter("img", "video", "audio", "iframe")), text_at(item, "link")),
            source="json",
        )
    if not found:
        yield Problem("JSON", "no post and no comment of WordPress in this answer")


def _number(item: dict[str, Any], name: str) -> str:
    """A number of the database; nought is none."""
    number = text_at(item, name)
    return number if number != "0" else ""


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, companions, identity)
