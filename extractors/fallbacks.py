"""What the large platforms' readers fall back to: JSON-LD, Open Graph, walls by their words.

Never guesses an author or a time: what a page's own data does not say stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors import structured as standard_markup
from extractors.contract import Account, Media, Page, PageExtractor, Post, PostKind, Problem, Standing, StandingState
from extractors.standing import standing_of
from extractors.toolbox import (
    canonical,
    host_of,
    is_host,
    meta,
    same_time,
    stated,
    text_of,
    title_of,
    visible_text,
)

WALL = 4_000  # characters: a wall is a short page; the longest measured had 1,900
BYLINE_END = re.compile(r"\s*(?:\||-|–|•|·)\s*(?:Facebook|LinkedIn|YouTube|TikTok|Pinterest|Snapchat|Reddit)\s*$")

Rule = tuple[StandingState, re.Pattern[str]]


def belongs(page: Page, *hosts: str) -> bool:
    """Whether the page names one of the hosts as its own, by canonical link or og:url."""
    host = host_of(canonical(page))
    return any(is_host(host, claimed) for claimed in hosts)


def ruled(text: str, rules: Iterable[Rule]) -> Standing | None:
    """The first rule whose words stand in the text, with those words."""
    for state, words in rules:
        if found := words.search(text):
            return Standing(state, f"the page's own words: {' '.join(found[0].split())[:120]}")
    return None


def wall_words(page: Page) -> str:
    """Title, description and visible words of a page short enough to be a wall; else only its title."""
    head = title_of(page)
    shown = visible_text(page)
    return f"{head}\n{shown}" if len(shown) <= WALL else head


def rules(*pairs: tuple[StandingState, str]) -> tuple[Rule, ...]:
    """Rules from patterns; written with spaces, they match any white space and any kind of apostrophe."""
    return tuple((state, re.compile(words.replace("'", "['’]").replace(" ", r"\s+"), re.I)) for state, words in pairs)


def structured(page: Page, platform: str) -> Iterator[Post]:
    """Posts, videos, articles and comments that the page's standard markup describes, in its order."""
    yield from (record for record in standard_markup.structured(page, platform) if isinstance(record, Post))


def opengraph(page: Page, platform: str, *, kind: PostKind = "post", author: Account | None = None) -> Post | None:
    """What the page's `<meta>` tells link previews about itself; None where that is no text at all."""
    title = BYLINE_END.sub("", meta(page, "og:title", "twitter:title"))
    about = meta(page, "og:description", "description", "twitter:description")
    text = (
        title
        if not about or about in title
        else about
        if about.startswith(title.rstrip("…."))
        else f"{title}\n\n{about}"
    )
    if not text.strip():
        return None
    pictures = tuple(Media("image", url, meta(page, "og:image:alt")) for url in [meta(page, "og:image")] if url)
    return Post(
        platform,
        kind,
        author or Account(),
        text.strip(),
        time=stated(meta(page, "article:published_time", "datepublished", "uploaddate")),
        permalink=canonical(page) or page.url,
        media=pictures,
        source="structured",
        sure=False,
    )


def disagreements(posts: Sequence[Post], twins: Iterable[Post], *, where: str) -> Iterator[Problem]:
    """Where a page and its machine-readable twin say different things of the same post."""
    known = {post.id: post for post in posts if post.id}
    for twin in twins:
        post = known.get(twin.id)
        if post is None:
            continue
        if post.author.handle and twin.author.handle and post.author.handle.lower() != twin.author.handle.lower():
            yield Problem(where, f"{post.id}: the page names {post.author.handle}, its twin {twin.author.handle}")
        if not same_time(post.time, twin.time):
            yield Problem(where, f"{post.id}: page and twin give different times")
        if post.text and twin.text and _plain(post.text)[:80] != _plain(twin.text)[:80]:
            yield Problem(where, f"{post.id}: page and twin give different words")


def without_post(page: Page, platform: str) -> Standing:
    """What a page is that came without what its address names: what anybody can read off it; never live."""
    found = standing_of(page, PageExtractor(platform, (), lambda _: iter(()), lambda _: None))
    return found if found.state != "live" else Standing("error", f"{platform} answered without the post")


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def names_itself(page: Page, *names: str) -> bool:
    """Whether og:site_name is one of these names."""
    return meta(page, "og:site_name").strip().casefold() in names


def hidden_words(page: Page) -> str:
    """Every word of a short page, shown or not, for walls that hide their own."""
    words = text_of(page)
    return words if len(words) <= WALL else ""
