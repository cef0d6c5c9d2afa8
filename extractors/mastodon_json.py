"""Mastodon's own JSON: statuses, threads, accounts, errors, and ActivityPub objects. Reads no page and asks no server.

Shapes: docs.joinmastodon.org, entities Status, Context, Account, Poll, Quote (seen November 2026, version 4.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Account, Media, Post, Standing
from extractors.fediverse import full_handle, media_kind, notes, words_of
from extractors.toolbox import absolute, dict_at, dig, from_snowflake, list_at, stated, text_at, walk

PLATFORM = "mastodon"
COUNTS = {"favourites_count": "likes", "reblogs_count": "boosts", "replies_count": "replies", "quotes_count": "quotes"}
OTHERS = ("litepub", "misskey", "pixelfed", "joinpeertube", "join-lemmy", "gotosocial")  # their ActivityPub contexts
ERRORS = (  # what the API says in "error", lower case -> what it means
    ("not found", "removed"),
    ("gone", "removed"),
    ("suspended", "suspended"),
    ("authenticated user", "login_wall"),
    ("access token", "login_wall"),
    ("not authorized", "login_wall"),
)
BASIS_OF_ID = {"epoch": 0, "shift": 16}  # a status id: milliseconds since 1970 above 16 bits (Mastodon::Snowflake)


def posts_in(value: Any, base: str) -> Iterator[Post]:
    """Every post of an answer: statuses in order, profiles, else ActivityPub objects."""
    found = list(_statuses(value, base))
    if found:
        yield from found
    elif _is_account(value):
        yield Post(PLATFORM, "profile", account(value, base), words_of(text_at(value, "note")), source="json")
    else:
        yield from notes(value, PLATFORM)


def is_ours(value: Any) -> bool:
    """Whether a value is an answer of Mastodon's API: the whole entity, so that its relatives are not taken for it."""
    context = str(dig(value, "@context")).lower()
    if "joinmastodon.org" in context and not any(other in context for other in OTHERS):
        return True
    return any(
        "reblogs_count" in item and "content" in item and "spoiler_text" in item and _is_account(item.get("account"))
        for item in [value, *list_at(value), *list_at(value, "ancestors"), *list_at(value, "descendants")]
        if isinstance(item, dict) and "pleroma" not in item
    ) or (_is_account(value) and "pleroma" not in value)


def standing_in(value: Any) -> Standing | None:
    """What an answer that is no post says of itself."""
    said = text_at(value, "error").casefold() or text_at(value, "errors", 0, "detail").casefold()
    for words, state in ERRORS:
        if words in said:
            if state == "login_wall":
                return Standing("login_wall", f"the server's own words: {said[:120]}")
            return Standing("suspended" if state == "suspended" else "removed", f"the server's own words: {said[:120]}")
    return None


def status(item: dict[str, Any], base: str, *, quoted: bool = False) -> Post:
    """One Status entity; of a boost, what was boosted, with who boosted it as a label."""
    boosted = dict_at(item, "reblog")
    if boosted:
        inner = status(boosted, base)
        who = account(dict_at(item, "account"), base)
        return replace(inner, labels=(*inner.labels, f"boosted by {who.handle}"))
    quote = dict_at(item, "quote", "quoted_status") or dict_at(item, "quote")
    identifier = text_at(item, "id")
    return Post(
        platform=PLATFORM,
        kind="quoted" if quoted else "comment" if text_at(item, "in_reply_to_id") else "post",
        author=account(dict_at(item, "account"), base),
        text=words_of(text_at(item, "content")),
        time=stated(text_at(item, "created_at")) or from_snowflake(identifier, **BASIS_OF_ID),
        edited=stated(text_at(item, "edited_at")),
        id=identifier,
        permalink=absolute(text_at(item, "url") or text_at(item, "uri"), base),
        in_reply_to=text_at(item, "in_reply_to_id"),
        quoted=status(quote, base, quoted=True) if "content" in quote and not quoted else None,
        media=tuple(_media(item)),
        counts={name: count for key, name in COUNTS.items() if (count := text_at(item, key))},
        labels=tuple(_labels(item)),
        source="json",
    )


def account(item: Any, base: str) -> Account:
    url = text_at(item, "url") or text_at(item, "uri")
    handle = full_handle(text_at(item, "acct") or text_at(item, "username"), url or base)
    return Account(text_at(item, "display_name") or text_at(item, "username"), handle, text_at(item, "id"), url)


def _statuses(value: Any, base: str) -> Iterator[Post]:
    inside: set[int] = set()
    for _, item in walk(value):
        if id(item) in inside or "content" not in item or not dict_at(item, "account") or not text_at(item, "id"):
            continue
        inside.update(id(part) for key in ("reblog", "quote") for _, part in walk(item.get(key)))
        yield status(item, base)


def _is_account(value: Any) -> bool:
    return bool(text_at(value, "id") and text_at(value, "acct") and "followers_count" in value)


def _media(item: dict[str, Any]) -> Iterator[Media]:
    for part in list_at(item, "media_attachments"):
        if url := text_at(part, "url") or text_at(part, "remote_url"):
            yield Media(media_kind(text_at(part, "type")), url, text_at(part, "description"))
    if url := text_at(item, "card", "url"):
        yield Media("link", url, text_at(item, "card", "title"))


def _labels(item: dict[str, Any]) -> Iterator[str]:
    if warning := text_at(item, "spoiler_text"):
        yield f"content warning: {warning}"
    if (visibility := text_at(item, "visibility")) not in ("", "public"):
        yield f"visibility: {visibility}"
    for option in list_at(item, "poll", "options"):
        votes = text_at(option, "votes_count")
        yield f"poll option: {text_at(option, 'title')}" + (f" ({votes})" if votes else "")
    if (state := text_at(item, "quote", "state")) not in ("", "accepted"):
        yield f"quote: {state}"
