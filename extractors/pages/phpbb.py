"""Reads phpBB forums, 2 and 3, and services that look alike (Forumotion). Never claims a page for its footer alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing, StatedTime
from extractors.elements import address_of, base_of, line_of, link_of, media_in
from extractors.forums import forum_standing, named
from extractors.once import once
from extractors.toolbox import Element, absolute, attr, first, holds, stated, tree, written

PLATFORM = "phpbb"
SHAPE = Shape(
    platform=PLATFORM,
    kind="post",
    post="div.post[id^='p'], article.post[id^='p'], li.post[id^='p']",
    text=(".postbody .content", ".post-entry > div", ".post-entry", ".entry-content", ".content", ".postbody .entry"),
    name=(
        ".author .username",
        ".author .username-coloured",
        ".postprofile .username",
        ".postprofile .username-coloured",
        ".author strong",
        ".postprofile-head a",
        ".postprofile-name",
        ".postprofile dt strong",
        ".postprofile strong",
        ".author a[href]",
    ),
    named_by_handle=True,
    person=re.compile(r"[?&]u=(\d+)|/u(\d+)(?:$|[/?#])"),
    time=(
        ".author time[datetime]",
        ".postbody time[datetime]",
        "time[datetime]",
        ".author",
        ".topic-date",
        ".post-date",
    ),
    clock=re.compile(
        r"^(?:.*»|.*?\b(?:on|am|le|el|il|em|op|den|w|в)\s|[^\d:]*\b(?:by|von|par|por|da|door|przez|от)\s|[^\d:]*:)?\W*(.*\d.*)$"
    ),
    edited=(".notice time[datetime]", ".postbody .notice"),
    id=("@id",),
    number=re.compile(r"p(?:ost)?[-_]?(\d+)$"),
    link=(".author a[href*='#p']@href", "h3 a[href*='#p']@href", "h3 a[href*='#']@href", "a.post-date@href"),
    anchor="#p{id}",
    reply=(".content blockquote cite a[href*='#p']@href", ".content blockquote cite a[data-post-id]@data-post-id"),
    extra=(".attachbox img", ".inline-attachment img"),
    drop=(
        ".signature, .signature_div, .notice, .attachbox, .codebox > p, .quotebtn, "
        "blockquote cite .responsive-hide, blockquote cite a[data-post-id]"
    ),
    skip="div.post--0, div.post#p0",  # Forumotion's "sponsored contents"
    gone=".post.deleted, .post-deleted",
)
REFUSAL = "#message .content, #message, .message-content, #login form, form#login, .panel-login"
AUTHOR, WORDS = "postauthor", "postbody"  # subsilver2; phpBB 2 has span.name
SIGNATURE = re.compile(r"\n?_{10,}.*\Z", re.S)
POSTED = re.compile(r"^[^:\d]{0,40}:\s*(.*\d.*)$")
SESSION = re.compile(r"(?<=\?)sid=[0-9a-f]{32}&?|&sid=[0-9a-f]{32}")
SOFTWARE = ("viewtopic.php?", "viewforum.php?", "memberlist.php?", "illiweb.com", "phpbb", "phpBB")


@once
def read(page: Page) -> Iterator[Post | Problem]:
    address = address_of(page)
    for found in read_blocks(page, SHAPE) if has_blocks(page, SHAPE) else _tables(page):
        yield _without_session(found, address) if isinstance(found, Post) else found


def standing(page: Page) -> Standing | None:
    if first(tree(page), "b.postauthor, span.postbody, div.postbody") is not None:
        return Standing("live", "phpBB shows posts")
    return forum_standing(page, [SHAPE], refusal=REFUSAL, name="phpBB")


def recognises(page: Page) -> bool:
    if not any(holds(page, mark) for mark in SOFTWARE):
        return False
    root = tree(page)
    if first(root, "body#phpbb", "div#page-body.page-body", "b.postauthor", "span.postbody") is not None:
        return True
    shown = first(root, ".postprofile", ".post .author", "ul.topiclist", "#wrapheader", "table.forumline")
    return shown is not None and (has_blocks(page, SHAPE) or holds(page, "phpbb.com") or holds(page, "viewforum.php?"))


def identity(url: str) -> Identity | None:
    return named(
        PLATFORM,
        url,
        inbox=r"/ucp\.php\?(?:.*&)?i=(?:pm|ucp_pm)",
        post=r"/viewtopic\.php\?(?:.*&)?p=(\d+)|/t\d+[^/#]*#(\d+)",
        thread=r"/viewtopic\.php\?(?:.*&)?t=(\d+)|/t(\d+)(?:p\d+)?-",
        account=r"/memberlist\.php\?(?:.*&)?u=(\d+)",
    )


def _without_session(post: Post, address: str) -> Post:
    """A visit's own number in each link is no part of the address."""
    author = replace(post.author, url=SESSION.sub("", post.author.url))
    thread = SESSION.sub("", address.partition("#")[0])
    return replace(post, author=author, permalink=SESSION.sub("", post.permalink), thread=thread)


# --- layouts of tables, where a post has no element of its own


def _tables(page: Page) -> Iterator[Post]:
    """Each author's mark opens a post; the first words after it are its text, later ones a signature."""
    base = base_of(page)
    marks: list[Element] = []
    words: Element | None = None
    for node in tree(page).iter("a", "b", "span", "div", "td"):
        names = attr(node, "class").split()
        if AUTHOR in names or (node.tag == "span" and names == ["name"]):
            if words is not None:
                yield _row(marks, words, base)
            marks, words = [node], None
        elif WORDS in names and marks and words is None and line_of(node):
            words = node
        elif marks and node.tag in ("a", "td", "span") and words is None:
            marks.append(node)
        elif marks and node.tag == "a" and "u=" in attr(node, "href") and len(marks) < 400:
            marks.append(node)  # the profile's button stands below the words
    if words is not None:
        yield _row(marks, words, base)


def _row(marks: list[Element], words: Element, base: str) -> Post:
    name = line_of(marks[0])
    target = next((n for n in marks if n.tag == "a" and re.search(r"[?&]p=\d+", attr(n, "href"))), None)
    anchor = next((attr(n, "name") for n in [*marks[0].iter("a"), *_before(marks[0])] if attr(n, "name")), "")
    number = re.search(r"(\d+)$", anchor) or re.search(r"[?&]p=(\d+)", attr(target, "href"))
    profile = link_of(marks[0], base) if first(marks[0], "a[href]") is not None else ""
    links = [absolute(attr(n, "href"), base) for n in marks[1:] if n.tag == "a"]
    profile = profile or next((link for link in links if re.search(r"profile.*[?&]u=\d+", link)), "")
    person = re.search(r"[?&]u=(\d+)", profile)
    return Post(
        PLATFORM,
        "post",
        Account(name, name, person[1] if person else "", profile),
        SIGNATURE.sub("", written(words)).rstrip(),
        time=_posted(target),
        id=number[1] if number else "",
        permalink=absolute(attr(target, "href"), base),
        media=media_in(list(words.iter("img", "iframe", "video")), base),
    )


def _before(node: Element) -> list[Element]:
    """The anchor that subsilver2 puts before the author, in the same cell."""
    above = node.getparent()
    return [each for each in above if each.tag == "a"] if above is not None else []


def _posted(target: Element | None) -> StatedTime | None:
    """The time beside the link to the post: in the element after it (phpBB 2), else in the same cell."""
    if target is None:
        return None
    after, around = target.getnext(), target.getparent()
    lines = [" ".join((after.text or "").split())] if after is not None else []
    lines += [line_of(around)] if around is not None else []
    return next((stated(met[1].strip()) for line in lines if (met := POSTED.match(line))), None)


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, identity=identity)
