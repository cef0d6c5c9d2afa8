"""The one post that a page's `<meta>` elements describe: Open Graph, article:, twitter:, Dublin Core. Never guesses."""

from __future__ import annotations

import re

from extractors.contract import Account, Media, Page, Post, PostKind, StatedTime
from extractors.times import stated
from extractors.trees import absolute, attr, canonical, meta, tree

TEXTS = ("og:description", "twitter:description", "description", "dc.description", "dcterms.description")
TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title", "headline")
AUTHORS = (
    *("author", "article:author", "article:author_name", "dc.creator", "dcterms.creator", "parsely-author", "byl"),
    *("citation_author", "sailthru.author", "cxenseparse:author", "og:article:author", "book:author", "video:director"),
)
PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time", "datepublished", "dc.date.issued"),
    *("dcterms.created", "dc.date", "dcterms.date", "date", "pubdate", "publish-date", "publish_date", "created"),
    *("parsely-pub-date", "sailthru.date", "citation_publication_date", "article.published", "video:release_date"),
)
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
NAMED = re.compile(r"(?P<name>.{1,60}) \(@(?P<handle>[\w.-]{1,40})\)")  # a title that is a person and no headline
POSTS = ("article", "post", "video", "music", "blog", "status", "book", "discussion")


def described(page: Page, platform: str) -> Post | None:
    """The page's own post as its head describes it; None where the head speaks of a site or of nothing."""
    kind = meta(page, "og:type").lower()
    author, time = _author(page), _time(page, PUBLISHED)
    from_head = time is not None
    is_post = kind.startswith(POSTS) or "tweet" in kind or "photo" in kind
    if kind.startswith("profile") or not (is_post or time is not None):
        return None
    title, text = meta(page, *TITLES), meta(page, *TEXTS)
    if not (title or text):
        return None
    if not (author.name or author.handle or author.url) and (named := NAMED.fullmatch(title)):
        author, title = Account(named["name"], named["handle"]), ""
    time = time or _only_time(page)
    wording = text if not title or text.startswith(title.rstrip("….")) else f"{title}\n\n{text}".strip()
    edited = _time(page, MODIFIED)
    post_kind: PostKind = "post" if kind and not kind.startswith(("article", "blog")) else "article"
    return Post(
        platform=platform,
        kind=post_kind,
        author=author,
        text=wording,
        time=time,
        edited=edited if edited and time and edited.written != time.written else None,
        permalink=canonical(page) or page.url,
        media=_media(page),
        source="structured",
        sure=bool(from_head and (author.name or author.handle)),
    )


def _author(page: Page) -> Account:
    given = meta(page, *AUTHORS)
    handle = meta(page, "twitter:creator").removeprefix("@")
    if given.startswith(("http://", "https://")):
        named = meta(page, *(name for name in AUTHORS if name != "article:author"))
        return Account("" if named == given else named, "", "", absolute(given, page.url))
    if not given and handle and handle.casefold() != meta(page, "twitter:site").removeprefix("@").casefold():
        return Account(name=handle) if " " in handle else Account(handle=handle)
    return Account(name=given)


def _only_time(page: Page) -> StatedTime | None:
    """The one moment that the page's `<time>` elements state, where they all state the same."""
    stated_at = {attr(node, "datetime") for node in tree(page).iter("time")} - {""}
    return stated(stated_at.pop()) if len(stated_at) == 1 else None


def _time(page: Page, names: tuple[str, ...]) -> StatedTime | None:
    return stated(meta(page, *names))


def _media(page: Page) -> tuple[Media, ...]:
    found = []
    if url := absolute(meta(page, "og:image", "og:image:url", "og:image:secure_url", "twitter:image"), page.url):
        found.append(Media("image", url, meta(page, "og:image:alt", "twitter:image:alt")))
    if url := absolute(meta(page, "og:video", "og:video:url", "og:video:secure_url"), page.url):
        found.append(Media("video", url))
    return tuple(found)
