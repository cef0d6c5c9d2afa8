"""Where markup points at a time, a person or a body without a standard saying so: class words, attributes, links."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.contract import StatedTime
from extractors.times import from_epoch, stated
from extractors.trees import Element, attr
from extractors.wording import written

START, END = r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))", r"(?![a-z])"  # a class word stands alone or begins a camelCase hump


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"{START}(?:{'|'.join(words)}){END}", re.I)


TIME = _words("date", "time", "timestamp", "datetime", "posted", "published", "created", "pubdate", "ago", "when")
NAME = _words(
    *("author", "user-?name", "user", "nick", "nickname", "poster", "commenter", "byline", "fn", "writer", "autor"),
    *("screen-?name", "display-?name", "full-?name", "pseudo", "verfasser", "by", "creator", "vcard"),
)
NOT_NAME = _words(
    *(
        "avatar",
        "photo",
        "image",
        "icon",
        "badge",
        "rank",
        "title",
        "status",
        "stats",
        "role",
        "count",
        "group",
        "menu",
    ),
    *("signature", "extras?", "info", "details", "bio", "box"),
)
BODY = re.compile(
    rf"{START}(?:(?:comment|post|message|msg|entry|reply|answer|review|article)[-_]?"
    rf"(?:body|content|text|message|inner|copy)|postbody|content|text|body|message|copy){END}",
    re.I,
)
COMMENT = _words("comments?", "commentlist", "reply", "replies", "answers?", "kommentare?", "reviews?", "respond")
BESIDE = _words(
    *("sig", "signature", "actions?", "buttons?", "toolbar", "share", "sharing", "likes?", "reactions?", "footer"),
    *("edit", "avatar", "rank", "online", "controls", "menu", "nav", "pagination", "report", "permalink", "metadata"),
)
PERSON = re.compile(
    r"/(?:users?|members?|profiles?|author|people|u|account|memberlist|profil|mitglieder)[/.?=]\w?"
    r"|mode=viewprofile|/@\w|user_?id=|[?&]uid=|[?&]u=\d",
    re.I,
)
DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?[ \xa0][^\W\d]{3,10}\.?,?[ \xa0]\d{2,4}"
    r"|\b[^\W\d]{3,10}\.?[ \xa0]\d{1,2}(?:st|nd|rd|th)?,?[ \xa0]\d{4}"
    r"|\b\d+[ \xa0]?(?:second|minute|hour|day|week|month|year|sec|min|hr|yr|[smhdwy])\w*(?:[ \xa0]ago)?\b"
    r"|\b(?:vor|il y a|hace|fa|há) \d+ \w+|\b\d{1,2}:\d{2}\b|\b(?:yesterday|today|gestern|heute|hier|ayer|hoy)\b",
    re.I,
)
EPOCHS = ("data-time", "data-timestamp", "data-utime", "data-epoch", "data-unix", "data-date", "data-created")
NOTHING: frozenset[str] = frozenset()
LONGEST_TIME, LONGEST_NAME = 90, 60  # characters
NOBODY = re.compile(
    r"[\d\W_]*(?:reply|quote|report|share|edit|permalink|guest book|log ?in|register|more)?[\d\W_]*", re.I
)


@lru_cache(maxsize=16_384)  # a page repeats a few hundred class strings; without this they took a third of the time
def points_at(said: str) -> frozenset[str]:
    """What class and id words point at: any of "time", "name", "body", "comment", "beside"."""
    return frozenset(
        what
        for what, words, never in (
            ("time", TIME, None),
            ("name", NAME, NOT_NAME),
            ("body", BODY, None),
            ("comment", COMMENT, None),
            ("beside", BESIDE, None),
        )
        if words.search(said) and not (never and never.search(said))
    )


def pointed(node: Element) -> frozenset[str]:
    """What an element's class and id point at."""
    said = f"{node.get('class') or ''} {node.get('id') or ''}"
    return points_at(said) if len(said) > 1 else NOTHING


def time_at(node: Element) -> StatedTime | None:
    """The time that an element states; None where its markup does not say that it is one, or it is too long."""
    if node.tag == "time":
        return stated(attr(node, "datetime"), written(node, everything=True)[:LONGEST_TIME])
    attributes = node.attrib
    for name in EPOCHS:
        if name in attributes and (time := from_epoch(attr(node, name))):
            return time
    title = attributes.get("title")
    if title and len(title) < LONGEST_TIME and node.tag in ("abbr", "span", "a") and _dated(title):
        shown = _short(node, LONGEST_TIME)
        return stated(title) if shown and DATE.search(shown) else None
    if "time" in pointed(node):
        shown = _short(node, LONGEST_TIME)
        return stated(shown) if shown and DATE.search(shown) else None
    return None


def name_at(node: Element) -> str:
    """The person that an element names; empty where its markup does not say that it is one."""
    points = "name" in pointed(node) or node.get("rel") == "author"
    if not points and node.tag == "a":
        points = bool(PERSON.search(attr(node, "href")))
    if not points:
        return ""
    text = _short(node, LONGEST_NAME)
    return "" if NOBODY.fullmatch(text) or DATE.search(text) else text


def _short(node: Element, most: int) -> str:
    """The element's words on one line; empty where they are too many to be a name or a time."""
    if len(node) > 12:
        return ""
    text = " ".join(written(node).split())
    return text if len(text) <= most else ""


def _dated(text: str) -> bool:
    return any(char.isdigit() for char in text) and bool(DATE.search(text)) and ("20" in text or "19" in text)
