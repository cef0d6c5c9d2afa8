"""Takes addresses that would run something out of posts, wherever a reader had them from. Changes nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Post

RUN = ("javascript", "data", "vbscript", "blob", "about")


def inert(records: Iterator[Any]) -> Iterator[Any]:
    """The same records; a post's addresses are empty, and its media gone, where following them could run a script."""
    for record in records:
        yield _without_scripts(record) if isinstance(record, Post) else record


def is_inert(url: str) -> bool:
    """Whether an address runs nothing: browsers pass over white space and control characters in a scheme."""
    head = url[:200].partition(":")[0]
    return "".join(char for char in head if char > " ").lower() not in RUN


def _without_scripts(post: Post) -> Post:
    media = tuple(each for each in post.media if is_inert(each.url))
    quoted = _without_scripts(post.quoted) if post.quoted is not None else None
    whole = len(media) == len(post.media) and quoted is post.quoted
    if whole and is_inert(post.permalink) and is_inert(post.author.url):
        return post
    author = post.author if is_inert(post.author.url) else replace(post.author, url="")
    permalink = post.permalink if is_inert(post.permalink) else ""
    return replace(post, author=author, permalink=permalink, media=media, quoted=quoted)
