"""Reads Misskey and its forks: notes in JSON, in the page's own data, its head, its DOM. Asks no other server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from extractors.blocks import Shape, read_blocks
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing, StatedTime
from extractors.elements import base_of
from extractors.fediverse import media_kind
from extractors.fediverse import notes as activity_notes
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    absolute,
    canonical,
    dict_at,
    first,
    from_epoch,
    holds,
    host_of,
    json_of,
    list_at,
    meta,
    select,
    stated,
    text_at,
    tree,
    walk,
)

PLATFORM, HOSTS = "misskey", ("misskey.io",)
NOTE = re.compile(r"/notes/([0-9a-z]{10,26})")
AID_EPOCH = 946_684_800_000  # ms; 2000-01-01: the first eight base-36 digits of an `aid` count milliseconds since then
MISSING = ("NO_SUCH_NOTE", "NO_SUCH_USER")
HEAD = 2_000  # characters: an answer that refuses is short
TITLE = re.compile(r"^(?:(.*) )?\(@([\w.-]+(?:@[\w.-]+)?)\)")
DATA = "script#misskey_clientCtx, script[type='application/json'][data-generated_at]"
SHAPE = Shape(
    platform=PLATFORM,
    kind="post",
    post="article",
    text=("[class*='-text'] .mfm", ".mfm", "[class*='text'] > span", "[class*='-text']", ".text"),
    name=("header a[href^='/@'] ", "a[href^='/@'] .mfm", "a[href^='/@']"),
    handle=("header a[href^='/@']@href", "a[href^='/@']@href"),
    handle_part=re.compile(r"/@([\w.-]+(?:@[\w.-]+)?)"),
    profile=("header a[href^='/@']@href", "a[href^='/@']@href"),
    time=("a[href*='/notes/'] time", "time"),
    id=("a[href*='/notes/']@href",),
    number=NOTE,
    numbered=True,
    link=("a[href*='/notes/']@href",),
    extra=("[class*='edia'] img", "video"),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    base = base_of(page)
    if (value := json_page(page)) is not None:
        found: list[Post | Problem] = [*(list(notes(value, base)) or activity_notes(value, PLATFORM))]
        yield from found or ([] if _refusal(page) else [Problem("JSON", "no note in this answer")])
        return
    stored = [note for node in select(tree(page), DATA) for note in notes(json_of(node.text or ""), base)]
    shown = list(read_blocks(page, SHAPE)) if recognises(page) else []
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
