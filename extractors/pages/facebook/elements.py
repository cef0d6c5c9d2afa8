"""Reads the elements of Facebook's pages from 2010 to the present: desktop, touch, basic and embedded. No JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from extractors.contract import Account, Media, Post, StatedTime
from extractors.pages.facebook.address import HOME, account, link, post_id
from extractors.pages.facebook.units import MARKED, Unit, label, units
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    classes,
    first,
    from_epoch,
    json_of,
    matches,
    select,
    stated,
    text_at,
    written,
)

PLATFORM = "facebook"
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TYPED = '[data-ft*=\'"tn":"K"\'], [data-ft*=\'"tn":"*s"\'], [data-gt*=\'"tn":"*s"\'], .messageBody'
UNSPOKEN = (  # parts of a message that are not its words
    ".text_exposed_hide, .text_exposed_link, .see_more_link, [data-sigil~='more'], [role='button'], .actor-link, .actor"
)
ASIDE = ", ".join(
    (  # parts of a post that are not its message
        *("header", "footer", "form", "button", "[role='button']", "[role='toolbar']", "abbr", "iframe"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "[role='presentation']", "[aria-hidden='true']", ".uiStreamAttachments"),
        *(
            '[data-ft*=\'"tn":"H"\']',
            ".UFICommentActorName",
            ".async_elem",
            ".UFIContainer",
            ".UFIList",
            "[id^='ufi_']",
        ),
        *("[data-sigil~='ufi-inline-comment-actions']", "[data-sigil='m-feed-voice-subtitle']", ".commentable_item"),
        *("[data-ad-rendering-role='profile_name']", "[style*='height:0']"),
    )
)
LINKED = (
    "a[href*='/posts/'], a[href*='story_fbid='], a[href*='/permalink'], a[href*='fbid='], a[href*='/videos/'], "
    "a[href*='/photos/'], a[href*='/reel/'], a[href*='/watch/']"
)
PUBLISHED = re.compile(r'"publish_time":(\d{9,10}).{0,120}?"story_fbid":\[?"?(\d+)')
STORY = re.compile(r'(?:top_level_post_id|mf_story_key)"?[.:]"?(\d{5,})')
OWNER = re.compile(r'content_owner_id_new"?[.:]"?(\d{5,})')
VIDEO = re.compile(r'"videoID\\?":\\?"(\d+)')
COMMENT = re.compile(r"^(?!.*/(?:a|ufi|reactions|nfx|comment)/).*[?&](?:reply_)?comment_id=\w+")
AGE = re.compile(r"(?=.*\d)[^\n]{1,40}")  # what a link to the post itself says in any language
RING = re.compile(r"feed_story_ring(\d{5,})")
NO_PICTURE = re.compile(r"rsrc\.php|emoji|static\.xx|hsts-pixel|/p\d\dx\d\d/|[sp]\d\dx\d\d_")

Own = Callable[[str], list[Element]]


class _Tree:
    """One tree and which unit each of its elements belongs to: the innermost one around it."""

    def __init__(self, root: Element, found: list[Unit]) -> None:
        self.root = root
        self.units = {unit.node for unit in found}
        self.aside = set(select(root, ASIDE))
        self.left_out = self.units | set(select(root, UNSPOKEN))
        self.picked: dict[str, dict[Element | None, list[Element]]] = {}

    def own(self, unit: Element, css: str) -> list[Element]:
        """What matches inside a unit and not inside a further one. Every selector runs once for the whole tree."""
        if css not in self.picked:
            self.picked[css] = {}
            for node in select(self.root, css):
                around = next((up for up in node.iterancestors() if up in self.units), None)
                self.picked[css].setdefault(around, []).append(node)
        return self.picked[css].get(unit, [])


def posts(root: Element, base: str) -> Iterator[Post]:
    """Posts, with what they quote, and comments, in the order of the tree."""
    found = units(root)
    if not found:
        return
    whole = _Tree(root, found)
    shared = {unit.outer: unit for unit in reversed(found) if unit.outer is not None and not unit.comment}
    boxes = {attr(box, "id")[4:] for box in select(root, "[id^='ufi_']") if attr(box, "id")[4:].isdigit()}
    thread = ""
    for unit in found:
        if unit.outer is not None and not unit.comment:
            continue  # what a post shares is read with the post
        post = _read(unit, whole, base)
        if post is None:
            continue
        if unit.comment:
            yield replace(post, in_reply_to=_parent(unit, found) or thread, thread=thread)
            continue
        if not post.id and len(boxes) == 1:
            post = replace(post, id=min(boxes))
        thread = post.id or post.permalink
        inner = shared.get(unit.node)
        quoted = _read(inner, whole, base) if inner is not None else None
        yield replace(post, quoted=replace(quoted, kind="quoted")) if quoted is not None else post


def _read(unit: Unit, whole: _Tree, base: str) -> Post | None:
    node = unit.node

    def own(css: str) -> list[Element]:
        return whole.own(node, css)

    text, sure = _words(unit, own, whole)
    told = f"{attr(node, 'data-ft')} {attr(node, 'data-store')} {attr(node, 'data-xt')}".replace("\\", "")
    time, timed = _time(own, unit.named)
    href = _address(unit, own, timed)
    identifier = _id(unit, own, told, href)
    pictures = _media(own, base)
    if not text and not pictures and not (identifier and unit.named is not None):
        return None
    author = _author(unit, own, told)
    return Post(
        PLATFORM,
        "comment" if unit.comment else "post",
        author,
        text or _heading(unit),
        _proven(time, told, identifier),
        id=identifier,
        permalink=link(href, base) if href else "",
        media=pictures,
        counts=_counts(own),
        labels=_labels(own),
        sure=sure and bool(author.name),
    )


def _heading(unit: Unit) -> str:
    """What the platform says that somebody did, as in "N updated their cover photo.", where the post has no words."""
    above = (
        next((up for up in unit.named.iterancestors() if up.tag in HEADINGS), None) if unit.named is not None else None
    )
    return " ".join(written(above).split()) if above is not None and above is not unit.node else ""


def _words(unit: Unit, own: Own, whole: _Tree) -> tuple[str, bool]:
    """What a unit says, and whether an element of the platform's own says so."""
    for css in (MARKED, TYPED):
        found = own(css) or [each for each in [unit.node] if matches(each, css)]
        found = [each for each in found if not any(up in found for up in each.iterancestors())]
        if said := "\n\n".join(words for each in found if (words := written(each, drop=whole.left_out.__contains__))):
            return said, True
    message = unit.node if "msg" in classes(unit.node) else first(unit.node, ".msg")
    if message is not None:
        return written(message, drop=whole.left_out.__contains__), True
    heading = first(unit.node, "h3")
    after = heading.getnext() if unit.comment and heading is not None else None
    if after is not None:
        return written(after, drop=whole.left_out.__contains__), True
    lines = [each for each in own("p, [dir='auto']") if not _stands_aside(each, unit, whole.aside)]
    lines = [each for each in lines if not any(up in lines for up in each.iterancestors())]
    said = "\n".join(words for each in lines if (words := written(each, drop=whole.left_out.__contains__)))
    return (
        (said, True)
        if said
        else (written(unit.node, drop=lambda part: part in whole.left_out or part in whole.aside), False)
    )


def _stands_aside(node: Element, unit: Unit, aside: set[Element]) -> bool:
    """Whether a line belongs to the heading, a button, a link or what is attached, and not to the words."""
    for up in (node, *node.iterancestors()):
        if up is unit.node:
            return False
        if up is unit.named or up in aside or (up.tag == "a" and up is not node):
            return True
    return False


def _author(unit: Unit, own: Own, told: str) -> Account:
    node = unit.named
    if node is None:
        return Account(label(unit.node))
    inside = node if attr(node, "href") else first(node, "a[href]")
    around = next((up for up in node.iterancestors() if up.tag == "a"), None)
    linked = inside if inside is not None else around
    href = attr(linked, "href")
    found = account(absolute(href, HOME) if href else "", " ".join(written(node).split()))
    hover = re.search(r"[?&]id=(\d+)", attr(linked, "data-hovercard"))
    ring = next(
        (known for each in own("[data-sigil*='story_ring']") if (known := RING.search(attr(each, "data-sigil")))), None
    )
    known = OWNER.search(told)
    number = hover or ring or known
    return replace(found, id=found.id or (number[1] if number else ""))


def _time(own: Own, named: Element | None) -> tuple[StatedTime | None, Element | None]:
    """The time that a unit shows or gives, and the link around it."""
    shown = own("abbr[data-utime]") or own("abbr[data-store]") or own("abbr") or own("time")
    if not shown:
        links = own("a[role='link'][aria-label], a[href*='comment_id=']")
        shown = [each for each in links if each is not named and written(each)]
        shown = shown or [a for a in own(LINKED) if post_id(attr(a, "href")) and AGE.fullmatch(written(a).strip())]
    moment = next(iter(shown), None)
    if moment is None:
        return None, None
    linked = next((up for up in (moment, *moment.iterancestors()) if up.tag == "a"), None)
    words = " ".join((attr(moment, "aria-label") or written(moment) or attr(moment, "title")).split())
    given = attr(moment, "data-utime") or text_at(json_of(attr(moment, "data-store") or "0"), "time")
    proven = from_epoch(given)
    if proven is not None:
        return replace(proven, written=attr(moment, "title") or words or given), linked
    return stated(attr(moment, "datetime"), words), linked


def _proven(time: StatedTime | None, told: str, identifier: str) -> StatedTime | None:
    """The time that the post's own data gives, where the page shows only words."""
    if time is not None and time.utc is not None:
        return time
    found = next((each for each in PUBLISHED.finditer(told) if each[2] == identifier), None)
    proven = from_epoch(found[1]) if found else None
    return replace(proven, written=time.written if time else proven.written) if proven else time


def _address(unit: Unit, own: Own, timed: Element | None) -> str:
    if unit.comment:
        links = [a for a in own("a[href*='comment_id=']") if a is not unit.named]  # a name's link tracks the comment
        named = [attr(a, "href") for a in links if COMMENT.search(attr(a, "href"))]
        return next((href for href in named if post_id(href)), "".join(named[:1]))
    if post_id(attr(timed, "href")):
        return attr(timed, "href")
    stories = own("a[href*='/story.php'], a[href*='/posts/'], a[href*='/permalink']") + own(LINKED)
    return next((attr(a, "href") for a in stories if post_id(attr(a, "href")) and "/login" not in attr(a, "href")), "")


def _id(unit: Unit, own: Own, told: str, href: str) -> str:
    node = unit.node
    if unit.comment:
        given = attr(node, "data-commentid") or (attr(node, "id") if attr(node, "id").isdigit() else "")
        return given or post_id(href)
    keyed = STORY.search(told)
    ent = next((attr(each, "value") for each in own("input[name='ft_ent_identifier']")), "")
    return (keyed[1] if keyed else "") or post_id(href) or ent


def _parent(unit: Unit, found: list[Unit]) -> str:
    """The comment that a reply stands in, or that its own address names."""
    outer = next((each for each in found if each.node is unit.outer and each.comment), None)
    if outer is not None:
        return attr(outer.node, "id") if attr(outer.node, "id").isdigit() else ""
    href = attr(first(unit.node, "a[href*='reply_comment_id=']"), "href")
    asked = re.search(r"[?&]comment_id=(\w+)", href)
    return asked[1] if asked else ""


def _media(own: Own, base: str) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    for each in own("img[src], video, a[href*='video_redirect'], [data-sigil~='inlineVideo']"):
        url = absolute(attr(each, "src") or attr(each, "href"), base)
        small = attr(each, "width").isdigit() and int(attr(each, "width")[:6]) < 50
        profile = (
            "profpic" in attr(each, "class")
            or "profile" in attr(each, "alt")
            or any(up.tag in ("header", "h3", "h4", "h5", "h6") for up in each.iterancestors())
        )
        if each.tag == "div":
            url = f"{HOME}watch/?v={video[1]}" if (video := VIDEO.search(attr(each, "data-store"))) else ""
        if not url or small or profile or NO_PICTURE.search(url) or "_s0" in classes(each):
            continue
        found.setdefault(url, Media("image" if each.tag == "img" else "video", url, attr(each, "alt")))
    return tuple(found.values())


def _counts(own: Own) -> dict[str, str]:
    places = (
        ("likes", ".like_def, .UFILikeSentence, [id^='like_sentence_']"),
        ("reactions", "[id^='sentence_'] [aria-label], [data-sigil='reactions-sentence-container']"),
        ("comments", ".cmt_def"),
        ("shares", "[data-sigil='feed-ufi-sharers'], .UFIShareLink"),
    )
    counts = {}
    for name, css in places:
        if said := next((words for each in own(css) if (words := " ".join(written(each).split()))), ""):
            counts[name] = said
    return counts


def _labels(own: Own) -> tuple[str, ...]:
    said = [
        attr(each, "aria-label") for each in own("[role='img'][aria-label^='Verified'], .feedAudienceIcon[aria-label]")
    ]
    return tuple(dict.fromkeys(each for each in said if each))
