"""What the addresses of a capture say by themselves: which post, whose account. Pure; nothing kept is opened."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.records import Capture
from extractors.registry import identity_of, post_at


def posts_at(capture: Capture) -> set[tuple[str, str]]:
    """The posts that it was asked for and that it ended at; a shared link or a login wall may name only one of them."""
    return {post for address in _addresses(capture) if (post := post_at(address)) is not None}


def accounts_at(capture: Capture) -> set[str]:
    """Handles and immutable ids that stand in its addresses, in small letters: also where no post could be read."""
    found = (identity_of(address) for address in _addresses(capture))
    names = {name for one in found if one is not None for name in (one.handle, one.account)}
    return {name.lstrip("@").casefold() for name in names if name}


def same_post(capture: Capture, captures: Iterable[Capture]) -> list[Capture]:
    """The other captures of a post that it shows, under whatever address."""
    posts = posts_at(capture)
    return [other for other in captures if posts and other.id != capture.id and posts & posts_at(other)]


def _addresses(capture: Capture) -> list[str]:
    return list(dict.fromkeys(str(capture.body[name]) for name in ("requested", "cleaned", "final")))
