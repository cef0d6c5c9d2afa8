"""What changed between two captures of one address, as readings of readings. Pure: touches nothing that was kept.

What the page's frame does (adverts, suggestions, menus) is left out. What a page did not show is not called changed,
and what can't be told is said as unsure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from archiver.compare.absence import GONE, absence_of
from archiver.compare.matching import Role, pairs, posts_of
from archiver.compare.words import Run, bare, is_shortened, same_words, word_runs
from archiver.pictures import Look, looks_same
from extractors.contract import Media, Post, Standing

What = Literal["standing", "text", "handle", "name", "picture", "counts", "added", "gone", "page"]
MINOR = frozenset({"counts"})  # shown by `compare`; no reason to look sooner
UNTOLD = ("error", "unreachable")  # standings that say nothing about what was there


@dataclass(frozen=True)
class Seen:
    """One capture as comparison sees it."""

    capture: str
    at: str
    address: str  # where the visit ended; of a page that is gone, what was asked for
    standing: Standing
    posts: tuple[Post, ...]
    digests: Mapping[str, tuple[str, ...]]  # role: SHA-256 of its artifacts
    look: Callable[[str], Look | None]  # a picture's address to how it looks; None where it was not kept
    complete: bool = True
    text: str = ""  # the visible text


@dataclass(frozen=True)
class Change:
    """One thing that differs."""

    what: What
    who: str  # of the post it is about; empty: the whole page
    post: str  # its id or address, where it has one
    before: str
    after: str
    sentence: str
    sure: bool = True
    runs: tuple[Run, ...] = ()  # word by word, of a text

    @property
    def minor(self) -> bool:
        return self.what in MINOR


@dataclass(frozen=True)
class Comparison:
    before: str  # "C1"
    after: str
    before_at: str
    after_at: str
    changes: tuple[Change, ...]
    same: tuple[str, ...]  # SHA-256 of files that are byte-equal in both
    differs: tuple[str, ...]  # roles of files that are not
    unchanged: bool  # what is shown is byte for byte the same: rendered HTML, text and pictures
    frame_only: bool  # files differ, and nothing of what the address is about does
    notes: tuple[str, ...] = field(default=())


SHOWN = ("dom", "text", "tile")  # when these are byte-equal, nothing that can be seen or read has changed


def compare(before: Seen, after: Seen) -> Comparison:
    same, differs = _files(before, after)
    unchanged = any(before.digests.get(role) for role in SHOWN) and not set(SHOWN) & set(differs)
    changes = () if unchanged and before.standing.state == after.standing.state else tuple(_changes(before, after))
    return Comparison(
        before.capture,
        after.capture,
        before.at,
        after.at,
        changes,
        same,
        differs,
        unchanged and not changes,
        not changes and not unchanged and before.standing.state == after.standing.state == "live",
        tuple(_notes(before, after)),
    )


def _files(before: Seen, after: Seen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    roles = sorted(before.digests.keys() | after.digests.keys())
    differs = tuple(role for role in roles if before.digests.get(role) != after.digests.get(role))
    first = {sha256 for digests in before.digests.values() for sha256 in digests}
    return tuple(sorted({sha for digests in after.digests.values() for sha in digests if sha in first})), differs


def _notes(before: Seen, after: Seen) -> Iterator[str]:
    for seen in (before, after):
        if seen.standing.state in UNTOLD:
            yield f"{seen.capture}: {absence_of(seen.standing).sentence}"
        elif not seen.complete:
            yield f"{seen.capture} is not complete: what is missing in it may still have been there."


def _changes(before: Seen, after: Seen) -> Iterator[Change]:
    if before.standing.state in UNTOLD or after.standing.state in UNTOLD:
        return
    yield from _standing(before, after)
    if before.standing.state != "live" or after.standing.state != "live":
        return
    old, new = posts_of(before.address, before.posts), posts_of(after.address, after.posts)
    if not old and not new:
        yield from _page(before, after)
        return
    if not old or not new:
        return  # one of the two was read without a single post: that is the reading's gap, and no change
    both, gone, added = pairs(old, new)
    if any(role.is_main for role in old) and any(role.is_main for role in gone):
        gone, added = [role for role in gone if role.is_main], []  # the answers stand or fall with their post
    for one, other in both:
        yield from _post(one, other, before, after)
    sure = before.complete and after.complete
    for role in gone:
        yield _of(role, "gone", role.post.text, "", "It is not shown any more; it may only be folded away.", sure=False)
    for role in added:
        if role.post.kind != "deleted":
            yield _of(role, "added", "", role.post.text, "It was not shown before.", sure=sure)


def _standing(before: Seen, after: Seen) -> Iterator[Change]:
    one, other = absence_of(before.standing), absence_of(after.standing)
    same_state = before.standing.state == after.standing.state
    if same_state and (one.what == other.what or "unclear" in (one.what, other.what)):
        return
    sentence, sure = other.sentence, other.sure
    if not other.what:
        sentence = "It is up again."
    elif not one.what and other.what in GONE:
        sentence += f" It was up at {before.at} and not at {after.at}; a second visit would prove it."
    yield Change("standing", "", "", before.standing.state, after.standing.state, sentence, sure)


def _page(before: Seen, after: Seen) -> Iterator[Change]:
    """A page on which no post could be read, in its words; whether its frame or its matter changed can't be told."""
    if not same_words(before.text, after.text) and (before.text or after.text):
        runs = word_runs(before.text, after.text)
        what = "The page's words differ; no post could be read in it, so this may be an advert."
        yield Change("page", "", "", "", "", what, False, runs)


def _post(one: Role, other: Role, before: Seen, after: Seen) -> Iterator[Change]:
    old, new = one.post, other.post
    sure = old.sure and new.sure
    if new.kind == "deleted" and old.kind != "deleted":
        yield _of(one, "gone", old.text, new.text, "The page says that it was deleted.")
        return
    if old.kind == "deleted":
        return
    if not same_words(old.text, new.text) and not is_shortened(old.text, new.text):
        said = f" The page says: edited {new.edited.written}." if new.edited else ""
        exact = old.source == new.source
        yield _of(other, "text", old.text, new.text, f"The words were changed.{said}", sure=sure and exact)
    yield from _author(one, other)
    if sure:
        yield from _pictures(one, other, before, after)
        yield from _counts(one, other)


def _author(one: Role, other: Role) -> Iterator[Change]:
    old, new = one.post.author, other.post.author
    if old.id and new.id and old.id != new.id:
        return  # two accounts: the post was given to another, or one page was read wrongly; not a new name
    sure = bool(old.id and new.id)
    how = "the account is the same" if sure else "the post is the same; the page carries no account id"
    old_handle, new_handle = old.handle.lstrip("@"), new.handle.lstrip("@")
    if old_handle and new_handle and _differ(old_handle, new_handle):
        yield _of(other, "handle", old_handle, new_handle, f"The handle was changed; {how}.", sure=sure)
    if old.name and new.name and bare(old.name) != bare(new.name):
        yield _of(other, "name", old.name, new.name, f"The name was changed; {how}.", sure=sure)


def _differ(one: str, other: str) -> bool:
    """On the fediverse a page may leave out the host: that is no other handle."""
    if "@" in one and "@" in other:
        return one.casefold() != other.casefold()
    return one.partition("@")[0].casefold() != other.partition("@")[0].casefold()


def _pictures(one: Role, other: Role, before: Seen, after: Seen) -> Iterator[Change]:
    old, new = _images(one.post), _images(other.post)
    if one.post.source != other.post.source and len(old) != len(new):
        return
    for n in range(max(len(old), len(new))):
        first = old[n].url if n < len(old) else ""
        second = new[n].url if n < len(new) else ""
        if not first or not second:
            what = "A picture was taken away." if first else "A picture was added."
            yield _of(other, "picture", first, second, what, sure=before.complete and after.complete)
            continue
        a, b = before.look(first), after.look(second)
        alike = looks_same(a, b) if a and b else None
        if alike is False:
            yield _of(other, "picture", first, second, "The picture shows something else.")
        elif alike is None and _file_name(first) != _file_name(second):
            what = "The picture's address was changed; whether it shows something else could not be seen."
            yield _of(other, "picture", first, second, what, sure=False)


def _images(post: Post) -> list[Media]:
    return [media for media in post.media if media.kind == "image" and media.url]


def _file_name(url: str) -> str:
    return url.partition("?")[0].partition("#")[0].rsplit("/", 1)[-1]


def _counts(one: Role, other: Role) -> Iterator[Change]:
    old, new = one.post.counts, other.post.counts
    differ = [name for name in sorted(old.keys() & new.keys()) if old[name] != new[name]]
    if differ:
        first, second = (", ".join(f"{name} {side[name]}" for name in differ) for side in (old, new))
        yield _of(other, "counts", first, second, "The counts differ.")


def _of(role: Role, what: What, before: str, after: str, sentence: str, *, sure: bool = True) -> Change:
    post = role.post
    who = post.author.handle or post.author.name
    runs = word_runs(before, after) if what == "text" else ()
    return Change(what, who, post.id or post.permalink, before, after, sentence, sure, runs)
