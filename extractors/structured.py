"""Posts from everything a page says in a standard way: JSON-LD, microdata, RDFa, microformats, meta elements.

Several syntaxes often speak of the same post; those are one post here, the fuller wording kept and gaps filled from
the others. Never reads what stands in the page for the eye alone (that is `extractors.repeated`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from extractors.contract import Account, Page, Post, Problem
from extractors.embedded import json_scripts
from extractors.head_meta import described
from extractors.microdata import microdata, rdfa
from extractors.microformats import entries
from extractors.schema_org import posts_in, profile
from extractors.trees import absolute, attr, canonical, first, tree

ENOUGH = 24  # characters that tell two posts apart, white space and marks not counted
MARKS = re.compile(r"[\W_]+")
TAIL = re.compile(r"[?#].*$")


def structured(page: Page, platform: str = "generic") -> Iterator[Post | Problem]:
    """The page's posts in its own standard markup, each once, in the order in which they are first met."""
    root, base = tree(page), base_of(page)
    objects: list[dict[str, Any]] = []
    for where, value in json_scripts(root, "application/ld+json"):
        if value is None:
            yield Problem(where, "This JSON-LD can't be read.")
        objects += _top(value)
    groups = [
        list(posts_in(objects, base, platform)),
        list(posts_in(microdata(root), base, platform)),
        list(posts_in(rdfa(root), base, platform)),
        list(entries(root, base, platform)),
    ]
    groups.append([post for node in objects if (post := profile(node, base, platform)) is not None])
    head = described(page, platform)
    met: list[Post] = []
    for group in groups:
        merge_into(met, group)
    if head is not None:
        met = _with_head(met, head, canonical(page))
    yield from met


def base_of(page: Page) -> str:
    """What the page's relative links are relative to."""
    given = attr(first(tree(page), "base[href]"), "href")
    return absolute(given, page.url) or page.url


def merge_into(met: list[Post], more: Iterable[Post]) -> None:
    """Adds posts; one that is already there fills the gaps of the one that was met first."""
    before = len(met)
    for post in more:
        place = next((n for n, known in enumerate(met[:before]) if same_post(known, post)), None)
        if place is None:
            met.append(post)
        else:
            met[place] = merged(met[place], post)


def same_post(one: Post, other: Post) -> bool:
    """Whether two readings speak of one post: the same wording, or the same address and nothing against it."""
    if one.time and other.time and one.time.utc and other.time.utc and one.time.utc[:16] != other.time.utc[:16]:
        return False
    if one.author.name and other.author.name and _bare(one.author.name) != _bare(other.author.name):
        return False
    return same_words(one.text, other.text) or bool(
        one.permalink
        and one.permalink == other.permalink
        and (one.kind == "comment") == (other.kind == "comment")
        and ("#" in one.permalink or one.kind == other.kind)
    )


def same_words(one: str, other: str) -> bool:
    """Whether one text is the beginning of the other, or stands in it after a title; short texts must be equal."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    if len(short) < ENOUGH:
        return short == long
    return short in long


def merged(known: Post, more: Post) -> Post:
    """One post from two readings: the longer wording, and each field from whoever has it."""
    longer = more.text if len(_bare(more.text)) > len(_bare(known.text)) else known.text
    time = known.time
    if more.time and (time is None or (time.utc is None and more.time.utc is not None)):
        time = more.time
    return replace(
        known,
        text=longer,
        time=time,
        edited=known.edited or more.edited,
        author=Account(
            known.author.name or more.author.name,
            known.author.handle or more.author.handle,
            known.author.id or more.author.id,
            known.author.url or more.author.url,
        ),
        id=known.id or more.id,
        permalink=known.permalink or more.permalink,
        in_reply_to=known.in_reply_to or more.in_reply_to,
        thread=known.thread or more.thread,
        media=known.media or more.media,
        counts={**more.counts, **known.counts},
        labels=known.labels or more.labels,
        sure=known.sure or more.sure,
    )


def _top(value: Any) -> list[dict[str, Any]]:
    """The outermost objects of a JSON-LD value: lists and @graph opened."""
    found: list[dict[str, Any]] = []
    waiting = [value]
    while waiting:
        at = waiting.pop(0)
        if isinstance(at, list):
            waiting[:0] = at
        elif isinstance(at, dict):
            graph = at.get("@graph")
            found += [at] if "@type" in at else []
            if isinstance(graph, (list, dict)):
                waiting.insert(0, graph)
    return found


def _with_head(met: list[Post], head: Post, own: str) -> list[Post]:
    """The head's post joined to the one it speaks of; where nothing stands for it, it comes first."""
    at_home = TAIL.sub("", head.permalink)
    for n, post in enumerate(met):
        speaks_of_it = same_words(post.text, head.text) or (
            post.kind in ("article", "post") and TAIL.sub("", post.permalink) == at_home and "#" not in post.permalink
        )
        if speaks_of_it:
            whole = merged(post, replace(head, text=""))
            return [*met[:n], whole if post.text else replace(whole, text=head.text), *met[n + 1 :]]
    mains = [n for n, post in enumerate(met) if post.kind in ("article", "post")]
    if len(mains) == 1 and (not met[mains[0]].permalink or not own):
        whole = merged(met[mains[0]], replace(head, text=""))
        return [*met[: mains[0]], whole, *met[mains[0] + 1 :]]
    return [head, *met]


@lru_cache(maxsize=2048)  # every post is compared with every other
def _bare(text: str) -> str:
    return MARKS.sub("", text[:600]).casefold()
