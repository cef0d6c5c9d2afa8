"""Reads a page's machine-readable twin with the page's own reader and says where both differ. Never mixes the two.

A twin that still holds what the page does not show is told as a `Problem` and not given as a post: that the page is
without it is what the capture saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps

from extractors.contract import Page, Post, Problem
from extractors.toolbox import decode, same_time

Read = Callable[[Page], Iterator[Post | Problem]]
BEGINNING = 80  # letters that are compared: twins cut texts, and pages do


def compared(read: Read) -> Read:
    """A reader that also reads each twin sealed beside the page, for the posts that both hold."""

    @wraps(read)
    def both(page: Page) -> Iterator[Post | Problem]:
        posts = []
        for record in read(page):
            posts += [record] if isinstance(record, Post) else []
            yield record
        for address, data in page.companions.items():
            twins = [record for record in read(Page(address, decode(data))) if isinstance(record, Post)]
            yield from disagreements(posts, twins, where=address)
            if not posts and any(twin.kind not in ("deleted", "profile") for twin in twins):
                yield Problem(address, f"the twin holds {len(twins)} posts, and the page shows none")

    return both


def disagreements(posts: Sequence[Post], twins: Iterable[Post], *, where: str) -> Iterator[Problem]:
    """Where a page and its machine-readable twin say different things of the same post."""
    known = {key: post for post in posts for key in (post.permalink.rstrip("/"), post.id) if key}
    for twin in twins:
        post = known.get(twin.id) or known.get(twin.permalink.rstrip("/"))
        if post is None:
            continue
        name = post.id or post.permalink
        for one, other in ((post.author.handle, twin.author.handle), (post.author.id, twin.author.id)):
            if one and other and one.lower() != other.lower():
                yield Problem(where, f"{name}: the page names {one}, its twin {other}")
        if not same_time(post.time, twin.time):
            yield Problem(where, f"{name}: page and twin give different times")
        if not _begin_alike(post.text, twin.text):
            yield Problem(where, f"{name}: page and twin give different words")


def _begin_alike(one: str, other: str) -> bool:
    """Whether the shorter text begins the longer; an empty one says nothing."""
    mine, theirs = _plain(one)[:BEGINNING], _plain(other)[:BEGINNING]
    return mine.startswith(theirs) or theirs.startswith(mine)


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
