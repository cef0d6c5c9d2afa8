"""Posts of Instagram and Threads as laid out: a time in a link, a profile link, words. Never reads class names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from extractors.contract import Account, Post, PostKind
from extractors.inline import plain_text
from extractors.meta_media import Site
from extractors.toolbox import Element, absolute, attr, select, stated, written

HIGHEST = 14  # levels from a time to what holds its post
LARGEST = 600  # elements looked at in one post
MOST = 2_000  # times of one page
HANDLE = re.compile(r"(?:https?://[^/]+)?/@?([A-Za-z0-9._]{1,30})/?(?:\?.*)?")
NOT_HANDLES = frozenset(
    {
        "accounts",
        "about",
        "activity",
        "direct",
        "explore",
        "legal",
        "login",
        "p",
        "reel",
        "reels",
        "search",
        "share",
        "stories",
        "tv",
    }
)

Address = Callable[[str], str]  # the code of a post in an address, or ""


def posts(root: Element, site: Site, code_of: Address, comment_of: Address) -> Iterator[Post]:
    """Every post and comment that shows its time in a link to itself, or in an article that links to itself."""
    whole: set[Element] = set()
    for time in select(root, "time[datetime]")[:MOST]:
        article = next(time.iterancestors("article"), None)
        href = attr(next(time.iterancestors("a"), None), "href")
        if not code_of(href) and article is not None and article not in whole:
            whole.add(article)
            links = [found for part in article.iter("a") if code_of(found := attr(part, "href"))]
            href = (
                next((found for found in links if not comment_of(found)), "") or "".join(links[:1]).partition("/c/")[0]
            )
        code, comment = code_of(href), comment_of(href)
        if not code:
            continue
        holder = _holder(time)
        author, text = _author_and_text(holder, time, site)
        if not author.handle:
            continue
        kind: PostKind = "comment" if comment else "post"
        address = absolute(href, site.profile) if comment else site.post.format(handle=author.handle, code=code)
        when = stated(attr(time, "datetime"), attr(time, "title") or written(time))
        yield Post(
            site.platform,
            kind,
            author,
            text,
            time=when,
            id=comment or code,
            permalink=address,
            thread=code if comment else "",
            sure=bool(text),
        )


def _holder(time: Element) -> Element:
    """The nearest element round a time that also holds a profile link and words, and no second time."""
    best = time
    for n, parent in enumerate(time.iterancestors()):
        inside = list(islice(parent.iter("a", "time", "h1", "span"), LARGEST))
        if n > HIGHEST or len(inside) == LARGEST or sum(part.tag == "time" for part in inside) > 1:
            return best
        best = parent
        if any(_handle(part) for part in inside) and any(_is_words(part, time, parent) for part in inside):
            return parent
    return best


def _author_and_text(holder: Element, time: Element, site: Site) -> tuple[Account, str]:
    inside = list(islice(holder.iter("a", "h1", "span"), LARGEST))
    handle = next((found for part in inside if (found := _handle(part)) and written(part).strip()), "")
    words = [part for part in inside if _is_words(part, time, holder)]
    outer = [part for part in words if not any(parent in words for parent in part.iterancestors())]
    text = "\n".join(line for part in outer if (line := plain_text(part)) and line != handle)
    return Account("", handle, "", site.profile.format(handle=handle) if handle else ""), text


def _handle(node: Element) -> str:
    if node.tag != "a":
        return ""
    found = HANDLE.fullmatch(attr(node, "href"))
    return found[1] if found is not None and found[1].lower() not in NOT_HANDLES else ""


def _is_words(node: Element, time: Element, holder: Element) -> bool:
    """Text of the person: `dir="auto"` or a heading, in no link, button or menu, without the time."""
    if not (node.tag == "h1" or (node.tag == "span" and node.get("dir") == "auto")):
        return False
    if any(part is time for part in node.iter("time")) or not written(node):
        return False
    if any(_handle(link) and written(link) == written(node) for link in node.iter("a")):
        return False
    for parent in node.iterancestors():
        if parent is holder:
            return True
        if parent.tag in ("a", "button") or parent.get("role") in ("button", "menu"):
            return False
    return True
