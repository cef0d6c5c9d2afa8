"""Reads what else Facebook gives as JSON: comment boxes and plugin of 2012 to 2019, Graph API, oEmbed. No element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Account, Media, Post, Standing, StatedTime
from extractors.pages.facebook.address import HOME, account, post_id
from extractors.toolbox import dict_at, find_all_json, first, fragment, from_epoch, stated, text_at, walk, written

PLATFORM = "facebook"
API_KEYS = ("message", "story", "description", "name")
ERRORS = {
    "190": "login_wall",
    "102": "login_wall",
    "4": "challenge",
    "17": "challenge",
    "32": "challenge",
    "368": "challenge",
}


def boxes(page: str) -> Iterator[Post]:
    """Comments of the comment boxes of 2012 to 2019 and of the comments plugin, which stand in scripts."""
    if '"idMap"' in page:
        for every in find_all_json(page, '"idMap"'):
            if isinstance(every, dict):
                yield from _plugin(every)
    if '"ftentidentifier"' not in page:
        return
    people: dict[str, dict[str, Any]] = {}
    for group in find_all_json(page, '"profiles":'):
        for person in group.values() if isinstance(group, dict) else group:
            if isinstance(person, dict):
                people[text_at(person, "id")] = person
    for group in find_all_json(page, '"comments":'):
        for item in group if isinstance(group, list) else []:
            if isinstance(item, dict) and "ftentidentifier" in item:
                yield _boxed(item, people)


def api(value: Any) -> Iterator[Post]:
    """Posts and comments of a Graph API answer, or of an oEmbed answer."""
    if text_at(value, "provider_name") == "Facebook":
        quote = first(fragment(text_at(value, "html")), "blockquote")
        author = account(text_at(value, "author_url"), text_at(value, "author_name"))
        url = text_at(value, "url")
        yield Post(PLATFORM, "post", author, written(quote), id=post_id(url), permalink=url, source="structured")
        return
    for pointer, item in walk(value):
        text = next((said for key in API_KEYS[:3] if (said := text_at(item, key))), "")
        if not text_at(item, "created_time") or not text_at(item, "id") or not (text or "from" in item):
            continue
        comment = "/comments/" in f"{pointer}/" or "comment_count" in item or "can_remove" in item
        changed = text_at(item, "updated_time") if text_at(item, "is_edited") else ""
        name, number = text_at(item, "from", "name"), text_at(item, "from", "id")
        yield Post(
            PLATFORM,
            "comment" if comment else "post",
            Account(name, text_at(item, "from", "username"), number, f"{HOME}{number}" if number else ""),
            text,
            stated(text_at(item, "created_time")),
            stated(changed) if changed else None,
            text_at(item, "id"),
            text_at(item, "permalink_url"),
            text_at(item, "parent", "id"),
            media=tuple(Media("image", url) for url in [text_at(item, "full_picture")] if url),
            source="json",
        )


def standing(value: Any) -> Standing | None:
    """What an error answer of the Graph API says."""
    error = dict_at(value, "error")
    if not error:
        return None
    code, said = text_at(error, "code"), text_at(error, "message")
    gone = re.search(r"does not exist|cannot be loaded|no longer", said)
    state = "removed" if gone else ERRORS.get(code, "error")
    return Standing(state, f"Facebook's answer: {code} {said}"[:200])  # type: ignore[arg-type]  # the table's values are states


def _plugin(every: dict[str, Any]) -> Iterator[Post]:
    for item in every.values():
        if text_at(item, "type") != "comment" and not ("authorID" in item if isinstance(item, dict) else False):
            continue
        person = dict_at(every, text_at(item, "authorID"))
        author = account(text_at(person, "uri"), text_at(person, "name"))
        target = text_at(item, "targetID")
        yield Post(
            PLATFORM,
            "comment",
            replace(author, id=author.id or text_at(item, "authorID")),
            text_at(item, "body", "text"),
            _moment(item),
            id=text_at(item, "id"),
            in_reply_to=target,
            thread=target.partition("_")[0],
            counts={"likes": text_at(item, "likeCount")} if text_at(item, "likeCount") else {},
            source="json",
        )


def _boxed(item: dict[str, Any], people: dict[str, dict[str, Any]]) -> Post:
    number = text_at(item, "author")
    person = people.get(number, {})
    author = account(text_at(person, "uri"), text_at(person, "name"))
    thread = text_at(item, "ftentidentifier")
    return Post(
        PLATFORM,
        "comment",
        replace(author, handle=author.handle or text_at(person, "vanity"), id=author.id or number),
        text_at(item, "body", "text"),
        _moment(item),
        id=text_at(item, "id") or text_at(item, "legacyid"),
        in_reply_to=text_at(item, "parentcommentid") or thread,
        thread=thread,
        counts={"likes": text_at(item, "likecount")} if text_at(item, "likecount") else {},
        source="json",
    )


def _moment(item: dict[str, Any]) -> StatedTime | None:
    shown = text_at(item, "timestamp", "verbose") or text_at(item, "timestamp", "text")
    proven = from_epoch(text_at(item, "timestamp", "time"))
    return replace(proven, written=shown or proven.written) if proven else stated("", shown)
