"""Posts from microformats2 (h-entry, h-cite, h-feed) and the older hAtom classes. Knows class names, no platform."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.contract import Account, Media, Post, PostKind, StatedTime
from extractors.times import stated
from extractors.trees import Element, absolute, attr, classes, select
from extractors.wording import written

ENTRIES = ".h-entry, .h-cite, .hentry"
ROOTS = frozenset({"h-entry", "h-cite", "hentry", "h-card", "vcard"})
MOST = 2_000  # entries of one page
URL_ATTRIBUTES = ("href", "src", "data", "value", "content")


def entries(root: Element, base: str, platform: str) -> Iterator[Post]:
    """Every entry with something to say, outer before inner."""
    nodes = select(root, ENTRIES)[:MOST]
    inner = {node: _owner(node, set(nodes)) for node in nodes}
    read: dict[Element, Post] = {}
    for node in nodes:
        owner = inner[node]
        roles = classes(node)
        if owner is not None and any(role in ("u-in-reply-to", "u-like-of", "u-repost-of") for role in roles):
            continue  # a citation of what is answered: its address stands in the post itself
        post = _entry(node, base, platform, read.get(owner) if owner is not None else None)
        if post.text or post.media or (post.author.name and post.time):
            read[node] = post
            yield post


def _entry(node: Element, base: str, platform: str, owner: Post | None) -> Post:
    roles = classes(node)
    kind: PostKind = "post" if "h-cite" not in roles else "comment" if owner is not None else "quoted"
    author = _author(node, base)
    text = _wording(node)
    if "u-quotation-of" in roles:
        kind = "quoted"
    permalink = _url(_first(node, "u-url", "u-uid", "bookmark"), base)
    answered = _url(_first(node, "u-in-reply-to"), base)
    published, updated = _time(node, "dt-published", "published"), _time(node, "dt-updated", "updated")
    return Post(
        platform=platform,
        kind="comment" if kind == "post" and owner is not None and "u-comment" in roles else kind,
        author=author,
        text=text,
        time=published or updated,
        edited=updated if published and updated and updated.written != published.written else None,
        permalink=permalink,
        in_reply_to=answered or (owner.permalink if owner is not None and kind == "comment" else ""),
        media=tuple(_media(node, base)),
        labels=tuple(dict.fromkeys(written(one) for one in _own(node, "p-category") if written(one))),
        source="structured",
    )


def _own(node: Element, *names: str) -> list[Element]:
    """Elements with one of these classes that belong to this entry and not to one inside it."""
    css = ", ".join(f".{name}" for name in names)
    return [found for found in select(node, css) if found is not node and _owner(found, {node}, stop=True) is node]


def _first(node: Element, *names: str) -> Element | None:
    return next((found[0] for name in names if (found := _own(node, name))), None)


def _owner(node: Element, entries_: set[Element], *, stop: bool = False) -> Element | None:
    """The nearest entry around; with `stop`, any other item ends the search."""
    for up in node.iterancestors():
        if up in entries_:
            return up
        if stop and not ROOTS.isdisjoint(classes(up)):
            return None
    return None


def _author(node: Element, base: str) -> Account:
    card = _first(node, "p-author", "author", "h-card", "vcard")
    if card is None:
        return Account()
    name = next((found for css in (".p-name", ".fn", ".n") for one in select(card, css) if (found := written(one))), "")
    handle = next((found for one in select(card, ".p-nickname, .nickname") if (found := written(one))), "")
    link = next((url for one in select(card, ".u-url, .url, a[href]") if (url := _url(one, base))), "")
    name = name or written(card) or next((attr(one, "alt") for one in select(card, "img[alt]")), "")
    return Account(" ".join(name.split()), handle.removeprefix("@"), "", link)


def _wording(node: Element) -> str:
    body = written(_first(node, "e-content", "entry-content"))
    body = body or written(_first(node, "p-content", "p-summary", "entry-summary"))
    title = written(_first(node, "p-name", "entry-title"))
    if not title or "".join(body.split()).startswith("".join(title.split()).rstrip("….")):
        return body or title
    return f"{title}\n\n{body}" if body else title


def _time(node: Element, *names: str) -> StatedTime | None:
    for found in _own(node, *names):
        inside = next(iter(select(found, "time[datetime], .value-title[title], abbr[title]")), found)
        given = attr(inside, "datetime") or (attr(inside, "title") if inside.tag in ("abbr", "span") else "")
        if time := stated(given or attr(inside, "value"), written(found)):
            return time
    return None


def _url(node: Element | None, base: str) -> str:
    if node is None:
        return ""
    given = next((attr(node, name) for name in URL_ATTRIBUTES if attr(node, name)), "")
    if not given:
        link = next(iter(select(node, ".u-url[href], a[href]")), None)
        given = attr(link, "href") or (written(node) if written(node).startswith("http") else "")
    return absolute(given, base)


def _media(node: Element, base: str) -> Iterator[Media]:
    for found in _own(node, "u-photo", "u-featured"):
        if url := _url(found, base):
            yield Media("image", url, attr(found, "alt"))
    for found in _own(node, "u-video"):
        if url := _url(found, base):
            yield Media("video", url)
    for found in _own(node, "u-audio"):
        if url := _url(found, base):
            yield Media("audio", url)
