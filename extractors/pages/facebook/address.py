"""What Facebook's addresses say by themselves: posts, people, groups, inboxes. Fetches nothing."""

from __future__ import annotations

import re
from base64 import b64decode
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity
from extractors.toolbox import absolute, host_of, is_host, path_parts

PLATFORM = "facebook"
HOME = "https://www.facebook.com/"
HOSTS = CLAIMS["facebook"]
FORMS = "posts|permalink|videos|reel|reels|photos|notes|activity|multi_permalinks|story_fbid|fbid"
IN_COMMENT_KEY = re.compile(r"comment:\d+_(\d+)")
NUMBER = re.compile(r"(?:pfbid\w{20,}|\d{5,})")
KEPT = {"story_fbid", "id", "fbid", "v", "set", "comment_id", "reply_comment_id", "multi_permalinks"}
POST_KEYS = ("reply_comment_id", "comment_id", "story_fbid", "fbid", "v", "multi_permalinks")
NOT_NAMES = frozenset(
    [
        "a",
        "ajax",
        "about",
        "add_friend",
        "ads",
        "browse",
        "business",
        "checkpoint",
        "comment",
        "composer",
        "dialog",
        "directory",
        "events",
        "friends",
        "gaming",
        "groups",
        "hashtag",
        "help",
        "home.php",
        "l.php",
        "legal",
        "login",
        "login.php",
        "marketplace",
        "media",
        "messages",
        "mbasic",
        "nfx",
        "notes",
        "notifications",
        "pages",
        "people",
        "permalink.php",
        "photo",
        "photo.php",
        "photos",
        "plugins",
        "policies",
        "posts",
        "privacy",
        "profile.php",
        "r.php",
        "reactions",
        "recover",
        "reel",
        "reels",
        "search",
        "settings",
        "share",
        "sharer",
        "sharer.php",
        "stories",
        "story.php",
        "t",
        "ufi",
        "video",
        "video.php",
        "video_redirect",
        "videos",
        "watch",
        "permalink",
    ]
)


def identity(url: str) -> Identity | None:
    """Post, comment, profile, story, inbox or search, from the address alone."""
    host = host_of(url)
    if not any(is_host(host, claimed) for claimed in HOSTS):
        return None
    parts, asked = path_parts(url), query(url)
    head = parts[0].lower() if parts else ""
    if is_host(host, "fb.watch") and parts:
        return Identity(PLATFORM, "post", parts[0])
    if head in ("messages", "t", "inbox") or any(is_host(host, each) for each in ("messenger.com", "m.me")):
        return Identity(PLATFORM, "inbox")
    if head == "stories":
        return Identity(PLATFORM, "story", account=_numeric(parts[1:2]))
    if head in ("search", "hashtag"):
        return Identity(PLATFORM, "search")
    if post := post_id(url):
        who = account(url)
        return Identity(PLATFORM, "post", post, who.handle, who.id)
    if head == "share" and len(parts) > 1:
        return Identity(PLATFORM, "post" if parts[1] in ("p", "v", "r") else "other", parts[-1])
    who = account(url)
    if (who.id or who.handle) and len(parts) <= 3 and head != "groups":
        return Identity(PLATFORM, "profile", handle=who.handle, account=who.id or asked.get("id", ""))
    return Identity(PLATFORM, "other")


def post_id(url: str) -> str:
    """The id of the post or comment that an address names; empty where it names none."""
    asked = query(url)
    for key in POST_KEYS:
        if asked.get(key) and NUMBER.match(asked[key]):
            return asked[key]
        if key.endswith("comment_id") and (found := IN_COMMENT_KEY.search(_unwrapped(asked.get(key, "")))):
            return found[1]
    parts = path_parts(url)
    for at, part in enumerate(parts):
        if re.fullmatch(FORMS, part) and at + 1 < len(parts):
            return next((given for given in reversed(parts[at + 1 :]) if NUMBER.fullmatch(given)), "")
    return ""


def _unwrapped(key: str) -> str:
    """A comment's key since 2018: base 64 of "comment:", the post's number and its own."""
    try:
        return b64decode(key + "=" * (-len(key) % 4)).decode("ascii") if key else ""
    except ValueError:
        return ""


def link(url: str, base: str = HOME) -> str:
    """An absolute address less what only tracks: of the query, what names the post stays."""
    whole = absolute(url, base if is_host(host_of(base), "facebook.com") else HOME)
    try:
        parts = urlsplit(whole)
    except ValueError:
        return whole
    if not is_host(host_of(whole), "facebook.com"):
        return whole
    kept = urlencode([(name, value) for name, value in query(whole).items() if name in KEPT])
    host = re.sub(r"^(?:m|mbasic|touch|web|[a-z]{2}-[a-z]{2})\.", "www.", parts.netloc)
    return urlunsplit(("https", host, parts.path, kept, ""))


def account(url: str, name: str = "") -> Account:
    """The person or page that a profile address names: by handle, by id, or by both."""
    parts, asked = path_parts(url), query(url)
    if not url or not is_host(host_of(absolute(url, HOME)), "facebook.com"):
        return Account(name)
    head = parts[0] if parts else ""
    if head in ("profile.php", "permalink.php", "story.php") and asked.get("id"):
        return Account(name, "", asked["id"], f"{HOME}profile.php?id={asked['id']}")
    if head in ("people", "pages", "pg") or (head == "groups" and "user" in parts):
        number = _numeric(reversed(parts))
        where = f"{HOME}{number}" if number else link(url)
        return Account(name, "" if number or len(parts) != 2 else parts[1], number, where)
    if head in NOT_NAMES or not head or head.endswith(".php"):
        return Account(name)
    if head.isdigit():
        return Account(name, "", head, f"{HOME}{head}")
    return Account(name, head, "", f"{HOME}{head}")


def query(url: str) -> dict[str, str]:
    try:
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    except ValueError:
        return {}


def _numeric(parts: object) -> str:
    return next((part for part in parts if str(part).isdigit()), "") if hasattr(parts, "__iter__") else ""
