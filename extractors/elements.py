"""What stands in one element of a page: a line of words, a time, a link, pictures. Knows no platform and no layout."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.contract import Media, Page, StatedTime
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    canonical,
    emoji,
    first,
    from_epoch,
    host_of,
    stated,
    tree,
    written,
)

EPOCHS = ("data-time", "data-timestamp", "data-epoch", "data-utc", "data-unixtime", "data-livestamp", "time")
DIGIT = re.compile(r"\d")
FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|bmp|webm|mp4)$", re.I)
LAZY = ("data-src", "data-original", "data-lazy-src", "src")
MOST_MEDIA = 200  # of one post


def base_of(page: Page) -> str:
    """What relative links are relative to."""
    start = address_of(page)
    return absolute(attr(first(tree(page), "base[href]"), "href"), start) or start


def address_of(page: Page) -> str:
    """Where the page belongs: its own word for it where a copy was served from another host."""
    own = canonical(page)
    return own if own and host_of(own) != host_of(page.url) else page.url


def line_of(node: Element | None) -> str:
    """The words of an element on one line."""
    return " ".join(written(node).split())


def time_of(node: Element | None, shown: str | None = None) -> StatedTime | None:
    """A time from an element: its machine-readable attributes, its title, its words; UTC where one proves it."""
    if node is None:
        return None
    title = " ".join((attr(node, "title") or attr(node, "data-tippy-content")).split()) if shown is None else ""
    shown = line_of(node) if shown is None else shown
    said = title if DIGIT.search(title) and len(title) > 7 else shown
    given = attr(node, "datetime") or attr(node, "content") or said
    time = stated(given, said) or stated(said)
    if time is None or time.utc is None:
        for name in EPOCHS:
            if (counted := from_epoch(attr(node, name))) is not None:
                return replace(counted, written=said or given or counted.written)
    return time if time is None or DIGIT.search(time.written) else None


def link_of(node: Element | None, base: str) -> str:
    """The address of the element's own link, the one it stands in, or the one in it."""
    if node is None:
        return ""
    if node.tag == "a" and node.get("href"):
        return absolute(attr(node, "href"), base)
    above = node.getparent()
    for around in (above, above.getparent() if above is not None else None):
        if around is not None and around.tag == "a" and around.get("href"):
            return absolute(attr(around, "href"), base)
    return absolute(attr(first(node, "a[href]"), "href"), base)


def media_in(nodes: list[Element], base: str) -> tuple[Media, ...]:
    """Pictures, videos and sounds among the elements, each once; emoji pictures are text."""
    found: dict[str, Media] = {}
    for node in nodes:
        if node.tag == "img" and not emoji(node):
            above = node.getparent()
            whole = attr(above, "href") if above is not None and above.tag == "a" else ""
            source = absolute(whole, base) if FILE.search(whole) else ""  # the picture that a small one leads to
            source = source or next((s for name in LAZY if (s := absolute(attr(node, name), base))), "")
            media = Media("image", source, attr(node, "alt"))
        elif node.tag in ("video", "audio"):
            source = absolute(attr(node, "src") or attr(first(node, "source[src]"), "src"), base)
            media = Media("video" if node.tag == "video" else "audio", source, attr(node, "aria-label"))
        elif node.tag == "iframe":
            source = absolute(attr(node, "src") or attr(node, "data-src"), base)
            media = Media("link", source, attr(node, "title"))
        else:
            continue
        if source and len(found) < MOST_MEDIA:
            found.setdefault(source, media)
    return tuple(found.values())
