"""Which post of one capture is which of another, and which of them are what the address is about. Pure.

A page carries more than its post: suggestions, adverts, other threads. They change at every load and are its frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from archiver.compare.words import bare
from extractors.contract import Post
from extractors.registry import identity_of

ADVERT = frozenset({"promoted", "sponsored", "ad", "advert", "advertisement", "gesponsert", "anzeige", "suggested"})
ALIKE = 0.6  # of a text that must have stayed for a post without an id to be the same one, edited
MOST_PAIRS = 400  # posts without an id that are held against each other: the time grows with the square


@dataclass(frozen=True)
class Role:
    """A post and what it is to the page's address."""

    post: Post
    is_main: bool
    key: str  # what it is known by; empty where it carries nothing of the kind


def posts_of(address: str, posts: Iterable[Post]) -> list[Role]:
    """The posts that the address is about: its own post and the answers to it; on a page without one, all of them.

    Adverts are left out, and beside a known post also what neither is it nor answers it.
    """
    kept = [post for post in posts if not ADVERT.intersection(label.strip().lower() for label in post.labels)]
    main = _main_post(address, kept)
    if main is None:
        return [Role(post, False, key_of(post)) for post in _once(kept)]
    return [
        Role(post, post is main, key_of(post)) for post in _once([main, *kept]) if post is main or _answers(post, main)
    ]


def key_of(post: Post) -> str:
    """What the platform knows it by. An address counts without what follows ? or #, a host without www."""
    if post.id:
        return f"id {post.id}"
    return f"at {_address(post.permalink)}" if post.permalink else ""


def pairs(before: Sequence[Role], after: Sequence[Role]) -> tuple[list[tuple[Role, Role]], list[Role], list[Role]]:
    """Posts that are the same, then what is only in the first, then what is only in the second; in page order."""
    matched: dict[int, int] = {}
    taken: set[int] = set()

    def pair(n: int, m: int) -> None:
        matched[n] = m
        taken.add(m)

    by_key = {role.key: m for m, role in reversed(list(enumerate(after))) if role.key}
    for n, role in enumerate(before):
        if role.key in by_key and by_key[role.key] not in taken:
            pair(n, by_key[role.key])
    mains = [next((n for n, role in enumerate(side) if role.is_main), None) for side in (before, after)]
    if mains[0] is not None and mains[1] is not None and mains[0] not in matched and mains[1] not in taken:
        pair(mains[0], mains[1])
    for n, m in _by_text(before, after, matched, taken):
        pair(n, m)
    return (
        [(before[n], after[m]) for n, m in sorted(matched.items())],
        [role for n, role in enumerate(before) if n not in matched],
        [role for m, role in enumerate(after) if m not in taken],
    )


def _by_text(
    before: Sequence[Role], after: Sequence[Role], matched: dict[int, int], taken: set[int]
) -> Iterable[tuple[int, int]]:
    """Posts of which one side carries no id: the same author and text; then the same author and a text alike."""
    left = [n for n in range(len(before)) if n not in matched]
    right = [m for m in range(len(after)) if m not in taken]
    exact: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for m in right:
        exact[_who(after[m].post), bare(after[m].post.text)].append(m)
    rest, used = [], set()
    for n in left:
        same = [m for m in exact[_who(before[n].post), bare(before[n].post.text)] if m not in used]
        fitting = [m for m in same if not (before[n].key and after[m].key)]
        if fitting:
            used.add(fitting[0])
            yield n, fitting[0]
        else:
            rest.append(n)
    open_right = [m for m in right if m not in used]
    if len(rest) * len(open_right) > MOST_PAIRS:
        return
    for n in rest:
        scored = [
            (_alike(before[n].post, after[m].post), m)
            for m in open_right
            if m not in used and not (before[n].key and after[m].key)
        ]
        best = max(scored, default=(0.0, -1))
        if best[0] >= ALIKE:
            used.add(best[1])
            yield n, best[1]


def _alike(one: Post, other: Post) -> float:
    if _who(one) != _who(other):
        return 0.0
    if one.time is not None and one.time.utc and other.time is not None and one.time.utc == other.time.utc:
        return 1.0
    first, second = bare(one.text)[:2_000], bare(other.text)[:2_000]
    if first and second and (first.startswith(second) or second.startswith(first)):
        return 1.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _main_post(address: str, posts: Sequence[Post]) -> Post | None:
    """The post that the address names: by its id, else by its own address, else the only one that is no answer."""
    identity = identity_of(address)
    if identity is not None and identity.post:
        named = [
            post for post in posts if post.id and (post.id == identity.post or identity.post in post.id.split("/"))
        ]
        if named:
            return named[0]
    here = _address(address)
    there = [post for post in posts if post.permalink and _address(post.permalink) == here]
    if there:
        return next((post for post in there if post.kind in ("post", "article", "story")), there[0])
    if identity is not None and identity.page not in ("post", "story", "thread"):
        return None
    tops = [post for post in posts if post.kind in ("post", "article", "story", "message") and not post.in_reply_to]
    return tops[0] if len(tops) == 1 and (identity is not None or len(posts) > 1 or tops[0].id) else None


def _answers(post: Post, main: Post) -> bool:
    if post.kind in ("comment", "deleted"):
        return True
    names = {main.id, _address(main.permalink)} - {""}
    return any(value in names or _address(value) in names for value in (post.in_reply_to, post.thread) if value)


def _once(posts: Iterable[Post]) -> list[Post]:
    """A post that a page carries twice (its elements and its data) counts once, as it was met first."""
    kept: list[Post] = []
    keys: set[str] = set()
    for post in posts:
        key = key_of(post)
        if post.kind in ("quoted", "profile") or (key and key in keys) or any(post is other for other in kept):
            continue
        keys.add(key)
        kept.append(post)
    return kept


def _who(post: Post) -> str:
    return (post.author.id or post.author.handle or post.author.name).lstrip("@").casefold()


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query and parts.path.strip("/").count("/") == 0 else ""  # forums: ?t=12&p=34
    return f"{(parts.hostname or '').removeprefix('www.').removeprefix('m.')}{parts.path.rstrip('/')}{query}"
