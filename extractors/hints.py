"""Where markup points at a time, a person or a body without a standard saying so: class words, attributes, links."""

from __future__ import annotations

import re
from functools import lru_cache

from extractors.contract import StatedTime
from extractors.times import from_epoch, stated
from extractors.trees import Element, attr
from extractors.wording import written

WORD = re.compile(r"[^\s_-]+")  # one word of `post-author` or `post_author`; of `postAuthor` the end is looked at
HOOK = re.compile(
    r"(?:^|\s)(?:js|is|has|u|no|qa|test)-\S+"
)  # for scripts and states: these say nothing of what stands there
HINTS = {  # what class and id words point at
    "time": "date time timestamp datetime posted published created pubdate ago when",
    "name": "author username user nick nickname poster commenter byline fn writer autor pseudo verfasser by creator "
    "vcard screenname displayname fullname",
    "body": "content text body message copy postbody commentbody commentcontent commenttext messagetext bbwrapper",
    "comment": "comment comments commentlist reply replies answer answers kommentar kommentare review reviews respond",
    "beside": "sig signature action actions button buttons toolbar share sharing like likes reaction reactions footer "
    "edit avatar rank online controls menu nav pagination report permalink metadata",
    "not name": "avatar photo image icon badge rank title status stats role count group menu signature extra extras "
    "info details bio box",
}
WORDS = {what: frozenset(words.split()) for what, words in HINTS.items()}
ENDINGS = {
    what: tuple(word for word in words if len(word) > 3) for what, words in WORDS.items()
}  # `hnuser`, `postbody`
NOT_HINTS = frozenset({"update", "updates", "lifetime", "anytime", "candidate"})
PERSON = re.compile(
    r"(?:^|/)(?:users?|members?|profiles?|author|people|u|account|memberlist|profil|mitglieder)[/.?=]\w?"
    r"|mode=viewprofile|action=profile|showuser=\d|/@\w|user_?id=|[?&;]uid=|[?&;]u=\d",
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
FULL_DATE = re.compile(  # a day with its month, and a year or an hour
    r"(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:(?:19|20)\d\d|\d\d,? \d{1,2}:\d\d)"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?(?: de)?[ \xa0]+[^\W\d]{3,10}\.?(?: de)?,?[ \xa0]+(?:(?:19|20)\d\d|\d{1,2}:\d\d)"
    r"|\b[^\W\d]{3,10}\.?[ \xa0]+\d{1,2}(?:st|nd|rd|th)?,?[ \xa0]+(?:(?:19|20)\d\d|(?:at )?\d{1,2}:\d\d)"
    r"|(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
    r"|\b\d+[ \xa0](?:second|minute|hour|day|week|month|year|sec|min|hr|yr)s?[ \xa0]ago\b"
    r"|\bvor \d+ (?:sekunde|minute|stunde|tag|woche|monat|jahr)\w*|\b(?:il y a|hace|há) \d+ [^\W\d]{1,9}",
    re.I,
)
BY = "by|von|par|por|di|door|από|от|автор|av|af|przez|autor"
ON = "on|am|le|el|il|op|στις|в|den|dnia|em"
CLOCK = r",?(?: at| um| à| v)? ?\d{1,2}:\d\d(?::\d\d)?(?: ?(?:[ap]m\b|[ap]\.m\.))?"
SOMEBODY = r"[^\d\s][^|·]{0,58}"
BYLINE = re.compile(  # a line that says when and who, or who and when: "Posted 13-06-2026 16:41 by Jo"
    rf"(?:[^\d]{{0,24}}?(?P<first>(?:{FULL_DATE.pattern})(?:{CLOCK})?)[\s,–—|·-]*(?:{BY}):? (?P<after>{SOMEBODY})"
    rf"|[^\d]{{0,24}}?\b(?:{BY}):? (?P<before>{SOMEBODY}?)[\s,–—|·-]+(?:(?:{ON})\b )?"
    rf"(?P<second>(?:{FULL_DATE.pattern}).{{0,16}}))",
    re.I,
)
EPOCHS = ("data-time", "data-timestamp", "data-utime", "data-epoch", "data-unix", "data-date", "data-created")
HOOKS = ("data-testid", "data-test-id", "itemprop")  # names for tests, where classes are hashes
PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])|[\s.:]+")  # of `commentAuthor`
JOINED = re.compile(
    r"(?:joined|join(?:ed)? date|date joined|registered|registration|member since|active since"
    r"|last (?:seen|visit|active)|registriert|dabei seit|mitglied seit|beigetreten|anmeldung"
    r"|inscri(?:t|ption|to)|membre depuis|registrad[oa]|ingreso"
    r"|se unió|miembro desde|iscritto|membro (?:desde|dal)|cadastr|geregistreerd|lid sinds|dołączył|rejestracja"
    r"|регистрация|зарегистрирован|с нами с)",
    re.I,
)
NOTHING: frozenset[str] = frozenset()
DIGITS = re.compile(r"\d+")
LONGEST_TIME, LONGEST_NAME, LONGEST_BYLINE = 90, 60, 120  # characters
NOBODY = re.compile(
    r"[\d\W_]*(?:reply|quote|report|share|edit|permalink|guest book|log ?in|register|more)?[\d\W_]*", re.I
)


@lru_cache(maxsize=16_384)  # a page repeats a few hundred class strings
def points_at(said: str) -> frozenset[str]:
    """What class and id words point at: any of "time", "name", "body", "comment", "beside"."""
    said = HOOK.sub("", said)
    found = _pointed_by(said)
    if "name" in found and "not name" in found:  # `status-username` names somebody, `author-status` does not
        others = " ".join(one for one in said.split() if "name" not in _pointed_by("".join(WORD.findall(one)[-1:])))
        found -= {"not name"} if "not name" not in _pointed_by(others) else {"name"}
    return frozenset(found)


def _pointed_by(said: str) -> set[str]:
    words = {word.lower() for word in (*WORD.findall(said), *WORD.findall(PARTS.sub("-", said)))} - NOT_HINTS
    return {
        what for what, of in WORDS.items() if not words.isdisjoint(of) or any(w.endswith(ENDINGS[what]) for w in words)
    }


def pointed(node: Element) -> frozenset[str]:
    """What an element's class and id point at. An id's digits are left out: they are what differs between posts."""
    names, own = node.get("class"), node.get("id")
    for name in HOOKS:
        if hook := node.get(name):
            names = f"{names or ''} {PARTS.sub('-', hook)}"
    found = points_at(names) if names else NOTHING
    return found | points_at(DIGITS.sub("", own)) if own else found


def time_at(node: Element) -> StatedTime | None:
    """The time that an element's own attributes state."""
    if node.tag == "time":
        return stated(attr(node, "datetime"), written(node, everything=True)[:LONGEST_TIME])
    for name in EPOCHS:
        if name in node.attrib and (time := from_epoch(attr(node, name))):
            return time
    title = attr(node, "title")
    return stated(title) if len(title) < LONGEST_TIME and FULL_DATE.search(title) else None


def is_of_a_person(run: str, before: str) -> bool:
    """Whether a day is said to be the one on which somebody came here, and not when something was written."""
    return any(JOINED.match(" ".join(words.split())) for words in (run, before))


def time_in(run: str, holder: Element) -> StatedTime | None:
    """The time that a run of text states: a whole date anywhere, a loose one where a class word says time."""
    text = " ".join(run.split()).strip(" ·•|,–—-")
    found = FULL_DATE.search(text)
    if found is not None and (said := said_by(text)) is not None:
        return stated(said[1])
    if found is None and any("time" in pointed(node) for node in (holder, *_above(holder))):
        found = DATE.search(text)
    return stated(text) if found is not None and 2 * len(found[0]) >= len(text) - len("posted on ") else None


def said_by(text: str) -> tuple[str, str] | None:
    """Who and when, of a line that says both in words."""
    line = " ".join(text.split())
    found = BYLINE.fullmatch(line) if len(line) <= LONGEST_BYLINE else None
    if found is None:
        return None
    return (found["after"] or found["before"]).strip(), found["first"] or found["second"]


def name_at(node: Element) -> str:
    """The person that an element names; empty where its markup does not say that it is one."""
    points = "name" in pointed(node) or node.get("rel") == "author"
    if not points and node.tag == "a":
        points = is_person(attr(node, "href"))
    if not points:
        return ""
    text = _short(node, LONGEST_NAME)
    if DATE.search(text) or not text:  # a line with more than the name: what is set apart in it is the name
        inner = next(iter(node.iter("strong", "b", "cite", "a")), None)
        text = _short(inner, LONGEST_NAME) if inner is not None and inner is not node else ""
    return "" if NOBODY.fullmatch(text) or DATE.search(text) else text


def is_person(href: str) -> bool:
    """Whether an address has the form of a person's page."""
    return bool(href) and PERSON.search(href) is not None


def _above(node: Element) -> list[Element]:
    up = node.getparent()
    return [up] if up is not None and len(up) < 6 else []


def _short(node: Element, most: int) -> str:
    """The element's words on one line; empty where they are too many to be a name or a time."""
    if not len(node):
        text = " ".join((node.text or "").split())
        return text if len(text) <= most else ""
    size = 0
    for run in node.itertext():  # laying out costs fifty times as much as counting
        size += len(run.strip())
        if size > most:
            return ""
    text = " ".join(written(node).split())
    return text if len(text) <= most else ""
