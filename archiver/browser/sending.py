"""Judges a request that a click of the program may have caused: does it only load, or could it change something?

Pure. Says "loads" only where the request itself shows it: what can't be told apart is held back, since an answer that
was not loaded is a gap that is named, and a like or a report that was sent can't be taken back. Never sends anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ASKING = {"GET", "HEAD", "OPTIONS"}  # RFC 9110, 9.2.1: safe methods
# Words for deeds in addresses and operation names. Programs' own names are English whatever language the page speaks.
DEEDS = frozenset(
    {
        *("accept", "add", "bid", "block", "bookmark", "boost", "buy", "cancel", "checkout", "clap", "confirm"),
        *("create", "deactivate", "delete", "destroy", "dislike", "donate", "downvote", "draft", "edit"),
        *("favorite", "favorites", "favourite", "flag", "follow", "friend", "friendship", "friendships", "gift"),
        *("hide", "invite", "join", "kudos", "leave", "like", "likes", "login", "logout", "mark", "mute", "mutate"),
        *("mutation", "optin", "order", "pay", "pin", "poke", "post", "publish", "purchase", "react", "reaction"),
        *("reactions", "read", "reblog", "reblogged", "register", "remove", "repin", "reply", "report", "repost"),
        *("retweet", "save", "seen", "send", "share", "signin", "signout", "signup", "star", "submit", "subscribe"),
        *("tip", "unblock", "unfollow", "unlike", "unmute", "unsubscribe", "update", "upload", "upvote", "view"),
        *("viewed", "vote", "votes", "write"),
    }
)
# Of these, names of things that are read as well: `/post/12/comments`, `/read`, `views`. At the end they act.
ALSO_THINGS = frozenset({"draft", "gift", "likes", "order", "post", "reactions", "read", "reply", "view", "votes"})
SHOWN = frozenset({"create", "edit", "login", "register", "signin", "signup"})  # with GET: the page that asks for it
NAMES_OF_OPERATIONS = ("operationName", "fb_api_req_friendly_name", "operation", "opname")
READS = re.compile(r"(query|queries|pagination|list|feed|timeline|loader)$", re.IGNORECASE)
QUERY = re.compile(r"\s*(#[^\n]*\n\s*)*(query\b|\{|fragment\b)")
MUTATION = re.compile(r"\b(mutation|subscription)\b\s*[\w({]")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Asked:
    """What a request is, without what varies from page to page."""

    method: str
    address: str  # without its query
    operations: tuple[str, ...] = ()  # names, where it says any


def asked(method: str, url: str, body: str = "") -> Asked:
    parts = urlsplit(url)
    names = tuple(name for name, _ in _operations(url, body)) if method == "POST" else ()
    return Asked(method, f"{parts.scheme}://{parts.netloc}{parts.path}", names)


def only_loads(method: str, url: str, body: str, known: AbstractSet[Asked]) -> bool:
    """Whether a request is let through. `known`: what the page sent by itself, before anything on it was clicked."""
    path = urlsplit(url).path
    if method in ASKING:  # some old sites act on GET; there the last part of the path says what is done
        return not {*_words(path.rstrip("/").rpartition("/")[2])} & (DEEDS - ALSO_THINGS - SHOWN)
    if method != "POST" or _is_deed(path):  # PUT, PATCH, DELETE: RFC 9110 gives them no reading
        return False
    operations = [*_operations(url, body)]
    if not operations:
        return asked(method, url) in known
    return all(_reads(name, text) for name, text in operations) or (
        asked(method, url, body) in known
        and not any(_is_deed(name) or MUTATION.search(text) for name, text in operations)
    )


def _reads(name: str, text: str) -> bool:
    """A GraphQL text of queries can change nothing by its own rules; a name alone has to say that it is one."""
    if text:
        return bool(QUERY.match(text)) and not MUTATION.search(text)
    return bool(READS.search(name)) and not _is_deed(name)


def _is_deed(name: str) -> bool:
    """Whether a path or an operation's name holds a word for a deed: /v1/like, FollowUserMutation, favorites/create."""
    words = _words(name)
    return any(word in DEEDS and (word not in ALSO_THINGS or n == len(words) - 1) for n, word in enumerate(words))


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]


def _operations(url: str, body: str) -> Iterator[tuple[str, str]]:
    """Name and text of each GraphQL operation, from JSON, from a list of them, or from a form."""
    sent: Any = None
    try:
        sent = json.loads(body)
    except ValueError:
        sent = dict(parse_qsl(body)) if "=" in body else None
    address = dict(parse_qsl(urlsplit(url).query))
    for one in sent if isinstance(sent, list) else [sent]:
        fields = {**address, **one} if isinstance(one, dict) else address
        name = next((str(fields[key]) for key in NAMES_OF_OPERATIONS if fields.get(key)), "")
        text = fields.get("query", "")
        text = text if isinstance(text, str) and ("{" in text) else ""
        if name or text:
            yield name, text
