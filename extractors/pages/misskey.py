"""Reads Misskey and its forks: notes in JSON, in the page's own data, its head, its DOM. Asks no other server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing, StatedTime
from extractors.elements import base_of, media_in, time_of
from extractors.fediverse import media_kind
from extractors.fediverse import notes as activity_notes
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    canonical,
    dict_at,
    first,
    from_epoch,
    holds,
    host_of,
    json_of,
    list_at,
    matches,
    meta,
    select,
    stated,
    text_at,
    tree,
    walk,
    written,
)

PLATFORM, HOSTS = "misskey", CLAIMS["misskey"]
NOTE = re.compile(r"/notes/([0-9a-z]{10,26})")
AID_EPOCH = 946_684_800_000  # ms; 2000-01-01: the first eight base-36 digits of an `aid` count milliseconds since then
MISSING = ("NO_SUCH_NOTE", "NO_SUCH_USER")
HEAD = 2_000  # characters: an answer that refuses is short
TITLE = re.compile(r"^(?:(.*) )?\(@([\w.-]+(?:@[\w.-]+)?)\)")
DATA = "script#misskey_clientCtx, script[type='application/json'][data-generated_at]"
LAID_OUT = "[style*='pre-wrap']"  # the words of a note; class names are hashes


@once
def read(page: Page) -> Iterator[Post | Problem]:
    base = base_of(page)
    if (value := json_page(page)) is not None:
        found: list[Post | Problem] = [*(list(notes(value, base)) or activity_notes(value, PLATFORM))]
        yield from found or ([] if _refusal(page) else [Problem("JSON", "no note in this answer")])
        return
    stored = [note for node in select(tree(page), DATA) for note in notes(json_of(node.text or ""), base)]
    shown = list(_drawn(page, base)) if recognises(page) else []
    if stored:
        yield from stored
    elif shown:
        yield from shown
    elif (told := _from_head(page, base)) is not None:
        yield told


def standing(page: Page) -> Standing | None:
    record = next(read(page), None)
    if isinstance(record, Post):
        return Standing("live", "the page carries a note")
    code = _refusal(page)
    return Standing("removed", f"the server answered {code}") if code else None


def recognises(page: Page) -> bool:
    if _refusal(page):
        return True
    if not holds(page, "isskey") and not holds(page, '"renoteId"'):
        return False
    if meta(page, "application-name").lower() in ("misskey", "sharkey", "firefish", "calckey", "foundkey"):
        return True
    if first(tree(page), "#misskey_app") is not None:
        return True
    if meta(page, "misskey:note-id", "misskey:user-id", "misskey:user-username"):
        return True
    return next(notes(json_page(page), page.url), None) is not None


def _refusal(page: Page) -> str:
    """The server's own word for a note or an account that it hasn't; empty where it says nothing such."""
    named = any(code in page.html[:HEAD] for code in MISSING)
    code = text_at(json_page(page), "error", "code") if named else ""
    return code if code in MISSING else ""


def identity(url: str) -> Identity | None:
    if met := NOTE.search(url):
        return Identity(PLATFORM, "post", post=met[1])
    if host_of(url) in HOSTS and (met := re.search(r"/@([\w.-]+(?:@[\w.-]+)?)", url)):
        return Identity(PLATFORM, "profile", handle=met[1])
    return None


def notes(value: Any, base: str) -> Iterator[Post]:
    """Every note of an answer, in order; what it repeats stands in `quoted`, what it answers only as a number."""
    inside: set[int] = set()
    for _, item in walk(value):
        if id(item) in inside or not dict_at(item, "user") or not item.keys() & {"renoteId", "userId"}:
            continue
        inside.update(id(part) for key in ("renote", "reply") for _, part in walk(item.get(key)))
        if text_at(item, "id"):
            yield _note(item, base)


def _note(item: dict[str, Any], base: str, *, depth: int = 0) -> Post:
    who, id_ = dict_at(item, "user"), text_at(item, "id")
    host = text_at(who, "host") or host_of(base)
    name, handle = text_at(who, "username"), ""
    if name:
        handle = f"{name}@{host}" if host else name
    local = f"/@{name}" + (f"@{host}" if text_at(who, "host") else "")
    files = (
        Media(media_kind(text_at(part, "type").partition("/")[0]), text_at(part, "url"), text_at(part, "comment"))
        for part in list_at(item, "files")
        if text_at(part, "url")
    )
    warning, repeated = text_at(item, "cw"), dict_at(item, "renote")
    reactions = {f"reaction {mark}": str(count) for mark, count in dict_at(item, "reactions").items()}
    return Post(
        PLATFORM,
        "quoted" if depth else "comment" if text_at(item, "replyId") else "post",
        Account(text_at(who, "name"), handle, text_at(who, "id"), absolute(local, base) if name else ""),
        text_at(item, "text"),
        time=stated(text_at(item, "createdAt")) or from_aid(id_),
        edited=stated(text_at(item, "updatedAt")),
        id=id_,
        permalink=text_at(item, "url") or text_at(item, "uri") or absolute(f"/notes/{id_}", base),
        in_reply_to=text_at(item, "replyId"),
        quoted=_note(repeated, base, depth=1) if repeated and not depth else None,
        media=tuple(files),
        counts=reactions,
        labels=(f"content warning: {warning}",) if warning else (),
        source="json",
    )


def from_aid(id_: str) -> StatedTime | None:
    """The time in a note's number, in the form that most servers use (`aid`, `aidx`)."""
    if len(id_) not in (10, 16) or not id_.isascii() or not id_.isalnum() or not id_.islower():
        return None
    found = from_epoch(int(id_[:8], 36) + AID_EPOCH, basis="id")
    moment = datetime.fromisoformat(found.utc) if found is not None and found.utc else None
    if found is None or moment is None or not datetime(2014, 1, 1, tzinfo=UTC) < moment:
        return None  # Misskey began in 2014: an earlier moment is another form of number
    return StatedTime(id_, found.utc, "Z", "id")


def _drawn(page: Page, base: str) -> Iterator[Post]:
    """Notes as the app draws them: the one looked at is an article; what it answers stands above it, answers below."""
    seen: set[Element] = set()
    main = ""
    for header in select(tree(page), "header"):
        article = next(header.iterancestors("article"), None)
        holder = article if article is not None else header.getparent()
        if holder is None or holder in seen:
            continue
        seen.add(holder)
        note = _drawn_note(holder, header, base)
        if note is None:
            continue
        if article is None:
            yield replace(note, kind="comment", in_reply_to=main, thread=main)
            continue
        main = main or note.id
        inner = next((each for each in holder.iter("header") if each is not header), None)
        around = inner.getparent() if inner is not None else None
        quoted = _drawn_note(around, inner, base) if inner is not None and around is not None else None
        yield replace(note, quoted=replace(quoted, kind="quoted")) if quoted is not None else note


def _drawn_note(holder: Element, header: Element, base: str) -> Post | None:
    inner = next((each.getparent() for each in holder.iter("header") if each is not header), None)
    aside = {header, *header.iterdescendants(), *(inner.iter() if inner is not None else ())}
    own = [node for node in holder.iter("*") if node is header or node not in aside or header in node.iterancestors()]
    timed = next((node for node in own if node.tag == "time" and NOTE.search(_linked(node))), None)
    person = next((a for a in header.iter("a") if attr(a, "href").startswith("/@") and written(a)), None)
    named = re.match(r"/@([\w.-]+(?:@[\w.-]+)?)", attr(person, "href"))
    number = NOTE.search(_linked(timed)) if timed is not None else None
    if number is None or named is None:
        return None
    words = next((node for node in own if node not in aside and matches(node, LAID_OUT)), None)
    pictures = [node for node in own if node not in aside and node.tag in ("img", "video", "audio")]
    shown, counted = time_of(timed), from_aid(number[1])
    handle = named[1] if "@" in named[1] else f"{named[1]}@{host_of(base)}"
    return Post(
        PLATFORM,
        "post",
        Account(written(person), handle, url=absolute(attr(person, "href"), base)),
        written(words, pre=True),
        time=replace(counted, written=shown.written) if counted is not None and shown is not None else counted or shown,
        id=number[1],
        permalink=absolute(f"/notes/{number[1]}", base),
        media=media_in(pictures, base),
    )


def _linked(node: Element) -> str:
    return attr(next(node.iterancestors("a"), None), "href")


def _from_head(page: Page, base: str) -> Post | None:
    """What the head tells link previews: the whole text of short notes, the name and the handle."""
    title = TITLE.match(meta(page, "og:title", "twitter:title"))
    id_ = meta(page, "misskey:note-id") or (met[1] if (met := NOTE.search(canonical(page) or base)) else "")
    text = meta(page, "og:description", "summary", "description")
    if title is None or not id_ or not text:
        return None
    host = host_of(base)
    handle = title[2] if "@" in title[2] else f"{title[2]}@{host}"
    who = Account(title[1] or "", handle, meta(page, "misskey:user-id"), absolute(f"/@{title[2]}", base))
    picture = meta(page, "og:image") if meta(page, "twitter:card") == "summary_large_image" else ""
    return Post(
        PLATFORM,
        "post",
        who,
        text,
        time=from_aid(id_),
        id=id_,
        permalink=absolute(f"/notes/{id_}", base),
        media=(Media("image", picture),) if picture else (),
        source="structured",
        sure=False,
    )


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, identity=identity, per_host=True)
