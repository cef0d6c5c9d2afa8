"""Reads Hacker News: stories, items with their comments, lists of comments, profiles. Never asks its API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.claims import CLAIMS
from extractors.contract import (
    Account,
    Identity,
    Media,
    Page,
    PageExtractor,
    Post,
    PostKind,
    Problem,
    Standing,
    StatedTime,
)
from extractors.elements import line_of
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    closest,
    first,
    fragment,
    from_epoch,
    holds,
    host_of,
    is_host,
    select,
    stated,
    text_at,
    tree,
    visible_text,
    walk,
    written,
)
from extractors.twins import compared

PLATFORM, ROOT = "hackernews", "https://news.ycombinator.com/"
HOSTS = CLAIMS["hackernews"]  # the page; its twins
ITEM = re.compile(r"(?:^|/)item\?id=(\d+)")
USER = re.compile(r"(?:^|/)user\?id=([\w-]+)")
POINTS = re.compile(r"-?\d+\s+points?")
COMMENTS = re.compile(r"^(\d+)\s+comments?$")
GONE = re.compile(r"^\s*\[(flagged|dead|deleted|dupe)\]")
AGO = re.compile(r"(\d+ \w+ ago|on \w+ \d+, \d+)")
TITLE = (".titleline > a", "a.storylink", "td.title > a", "td.title a[href]")
STEP = 40  # pixels that an answer stands further right
UTC_TITLE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\s+(\d{9,10}))?$")


@once
@compared
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_json(value)
        return
    root = tree(page)
    if (profile := _profile(root)) is not None:
        yield profile
    above: list[str] = []  # the comment at each depth, down to the one at hand
    thread, seen = "", set()
    for node in root.iter("td", "span", "div"):
        names = classes(node)
        if "subtext" in names:
            post = _story(node)
            thread, above = post.id, []
        elif "comhead" in names and (row := _row(node)) is not None:
            depth = _depth(row)
            post = _comment(row, node, thread, above[depth - 1] if 0 < depth <= len(above) else thread)
            above = [*above[:depth], post.id]
        else:
            continue
        if post.id not in seen and (post.id or post.text):
            seen.add(post.id)
            yield post


def standing(page: Page) -> Standing | None:
    wanted = next((post for post in read(page) if isinstance(post, Post)), None)
    if wanted is not None and wanted.kind == "deleted":
        return Standing("removed", f"the item is marked {', '.join(wanted.labels) or 'deleted'}")
    if wanted is not None:
        return Standing("live", "Hacker News shows items")
    text = visible_text(page).strip()
    if text in ("No such item.", "No such user.", "Unknown."):
        return Standing("removed", f"the page's own words: {text}")
    if text.startswith("Sorry.") or "not able to serve your requests this quickly" in text:
        return Standing("challenge", "the page's own words: not able to serve your requests this quickly")
    return None


def recognises(page: Page) -> bool:
    if holds(page, "hnmain"):
        return first(tree(page), "table#hnmain") is not None
    if not holds(page, "Hacker News") or not holds(page, "ycombinator"):
        return False
    return first(tree(page), "td.subtext a[href*='user?id=']", ".comhead a[href*='user?id=']") is not None


def companions(url: str) -> list[str]:
    known = identity(url)
    if known is None or known.page not in ("post", "profile"):
        return []
    if known.page == "profile":
        return [f"https://hacker-news.firebaseio.com/v0/user/{known.handle}.json"]
    return [f"https://hn.algolia.com/api/v1/items/{known.post}"]


def identity(url: str) -> Identity | None:
    if not is_host(host_of(url), HOSTS[0]):
        return None
    if met := ITEM.search(url):
        return Identity(PLATFORM, "post", post=met[1])
    if met := USER.search(url) or re.search(r"/(?:threads|submitted|favorites)\?id=([\w-]+)", url):
        return Identity(PLATFORM, "profile", handle=met[1])
    return Identity(PLATFORM, "other")


# --- stories and comments


def _story(line: Element) -> Post:
    row = closest(line, "tr")
    heading = _heading(row)
    link = first(heading, *TITLE) if heading is not None else None
    title, target = line_of(link), absolute(attr(link, "href"), ROOT)
    id_ = _item(line) or attr(heading, "id")
    words = _self_text(row)
    counts = {"points": met[0]} if (met := POINTS.search(line_of(line))) else {}
    for node in select(line, "a[href*='item?id=']"):
        if met := COMMENTS.match(line_of(node).replace("\xa0", " ")):
            counts["comments"] = met[1]
    return Post(
        PLATFORM,
        "post",
        _author(line),
        f"{title}\n\n{words}".strip(),
        time=_time(line),
        id=id_,
        permalink=f"{ROOT}item?id={id_}" if id_ else "",
        thread=id_,
        media=(Media("link", target, title),) if target and not ITEM.search(target) else (),
        counts=counts,
        labels=_marks(line_of(heading)),
    )


def _heading(row: Element | None) -> Element | None:
    """The row with the title, which stands before the row with author and time."""
    node = row.getprevious() if row is not None else None
    for _ in range(3):
        if node is None or first(node, *TITLE) is not None:
            return node
        node = node.getprevious()
    return None


def _self_text(row: Element | None) -> str:
    """The words of a story that has its own, two or three rows further on, before the form."""
    node = row.getnext() if row is not None else None
    for _ in range(3):
        if node is None or first(node, "form", "td.title", "td.subtext") is not None:
            return ""
        if words := written(first(node, ".toptext", "td:last-child")):
            return words
        node = node.getnext()
    return ""


def _row(head: Element) -> Element | None:
    """The comment that a byline belongs to; a story's site name has the same class."""
    links = (attr(link, "href") for link in head.iter("a"))
    if not any("user?id=" in link or "item?id=" in link for link in links):
        return None
    return next(head.iterancestors("tr"), None)


def _depth(row: Element) -> int:
    indent = first(row, "td[indent]")
    if indent is not None and attr(indent, "indent").isdigit():
        return int(attr(indent, "indent"))
    width = attr(first(row, "td.ind img[width]", "td:first-child > img[width]"), "width")
    return int(width) // STEP if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _comment(row: Element, head: Element, thread: str, parent: str) -> Post:
    id_ = _item(head) or attr(row, "id") or attr(closest(row, "tr.comtr"), "id")
    links = {attr(link.getparent(), "class"): ITEM.search(attr(link, "href")) for link in head.iter("a")}
    story, answered = links.get("onstory") or links.get("storyon"), links.get("par")
    text = written(first(row, ".commtext", ".comment"), drop=lambda node: node.tag == "u" or "reply" in classes(node))
    line = line_of(head)
    marks = _marks(line) or _marks(text)
    counts = {"points": met[0]} if (met := POINTS.search(line)) else {}
    gone: PostKind = "deleted" if marks and not GONE.sub("", text).strip() else "comment"
    return Post(
        PLATFORM,
        gone,
        _author(head),
        text,
        time=_time(head),
        id=id_,
        permalink=f"{ROOT}item?id={id_}" if id_ else "",
        in_reply_to=answered[1] if answered else parent if parent != id_ else "",
        thread=story[1] if story else thread,
        counts=counts,
        labels=marks,
    )


def _item(node: Element) -> str:
    """The item that a line is about: its age links to it, else the first link to any."""
    found = [(link, met[1]) for link in node.iter("a") if (met := ITEM.search(attr(link, "href")))]
    aged = (id_ for link, id_ in found if "age" in attr(link.getparent(), "class"))
    return next(aged, found[0][1] if found else "")


def _author(node: Element) -> Account:
    handle = next((met[1] for link in node.iter("a") if (met := USER.search(attr(link, "href")))), "")
    return Account(handle=handle, url=f"{ROOT}user?id={handle}" if handle else "")


def _time(node: Element) -> StatedTime | None:
    age = next((each for each in node.iter("span") if attr(each, "class") == "age"), None)
    given = UTC_TITLE.match(attr(age, "title"))
    if given is None:
        met = AGO.search(line_of(node))
        return stated(met[1]) if met else None
    if given[2] and (counted := from_epoch(given[2])) is not None:
        return replace(counted, written=given[1])
    # the title is in UTC without saying so; where it carries seconds since 1970 too, the two agree
    proven = stated(given[1] + "Z")
    return replace(proven, written=given[1], basis="inferred") if proven else None


def _marks(line: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"\[(flagged|dead|deleted|dupe)\]", line)))


def _profile(root: Element) -> Post | None:
    cells = {(cell.text or "").strip().rstrip(":"): cell.getnext() for cell in select(root, "td[valign='top']")}
    name, made = cells.get("user"), cells.get("created")
    if name is None or made is None:
        return None
    handle = line_of(name)
    counts = {"karma": line_of(cells["karma"])} if "karma" in cells else {}
    who = Account(handle=handle, url=f"{ROOT}user?id={handle}")
    return Post(PLATFORM, "profile", who, written(cells.get("about")), permalink=who.url, counts=counts)


def _from_json(value: object) -> Iterator[Post | Problem]:
    """Items and accounts as the two public interfaces answer them."""
    found = False
    if (named := text_at(value, "id") or text_at(value, "username")) and text_at(value, "karma"):
        owner = Account(handle=named, url=f"{ROOT}user?id={named}")
        about, counts = written(fragment(text_at(value, "about"))), {"karma": text_at(value, "karma")}
        yield Post(PLATFORM, "profile", owner, about, permalink=owner.url, counts=counts, source="json")
        return
    for _, item in walk(value):
        who = text_at(item, "by") or text_at(item, "author")
        id_ = text_at(item, "id") or text_at(item, "objectID")
        if not id_ or not (who or item.get("deleted")) or not (item.keys() & {"text", "title", "parent_id", "deleted"}):
            continue
        found = True
        title, words = text_at(item, "title"), written(fragment(text_at(item, "text")))
        parent = text_at(item, "parent") or text_at(item, "parent_id")
        yield Post(
            PLATFORM,
            "deleted" if item.get("deleted") else "comment" if parent else "post",
            Account(handle=who, url=f"{ROOT}user?id={who}" if who else ""),
            f"{title}\n\n{words}".strip(),
            time=stated(text_at(item, "created_at")) or from_epoch(item.get("time")),
            id=id_,
            permalink=f"{ROOT}item?id={id_}",
            in_reply_to=parent,
            thread=text_at(item, "story_id") or ("" if parent else id_),
            counts={"points": points} if (points := text_at(item, "score") or text_at(item, "points")) else {},
            source="json",
        )
    if not found:
        yield Problem("JSON", "no item of Hacker News in this answer")


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
