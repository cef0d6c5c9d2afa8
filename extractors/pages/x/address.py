"""What addresses of X (Twitter) say: handles, post ids, the time in an id. Fetches nothing."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, StatedTime
from extractors.toolbox import from_snowflake, host_of, is_host, stated

X = "https://x.com"
HOSTS = CLAIMS["x"]
STATUS = re.compile(
    r"/(?:#!/)?(?:(?P<handle>\w{1,20})|i/web)/status(?:es)?/(?P<id>\d{1,20})(?P<rest>[/?#].*)?", re.ASCII
)
PROFILE = re.compile(r"/(?:#!/)?(?P<handle>\w{1,20})/?(?:[?#].*)?", re.ASCII)
NOT_HANDLES = frozenset(
    [
        "i",
        "home",
        "explore",
        "search",
        "hashtag",
        "notifications",
        "messages",
        "settings",
        "login",
        "signup",
        "logout",
        "compose",
        "intent",
        "share",
        "about",
        "tos",
        "privacy",
        "jobs",
        "download",
        "account",
        "who_to_follow",
        "oauth",
        "widgets",
        "statuses",
        "status",
        "favorites",
        "lists",
        "bookmarks",
    ]
)
INBOX, SEARCH = frozenset({"messages"}), frozenset({"search", "hashtag", "explore"})
OLD_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
FIRST_SNOWFLAKE = 29_700_859_247  # the first id given out as one (X engineering, "Announcing Snowflake", 2010)


def local_part(href: str) -> str:
    """The path of an address on X, or the relative address as it stands; empty for other hosts."""
    if href.startswith("/") and not href.startswith("//"):
        return href
    try:
        parts = urlsplit(href if not href.startswith("//") else f"https:{href}")
    except ValueError:
        return ""
    if not any(is_host(host_of(href if parts.netloc else ""), host) for host in HOSTS):
        return ""
    return parts.path + (f"#{parts.fragment}" if parts.fragment.startswith("!/") else "")


def status_of(href: str) -> tuple[str, str, str] | None:
    """Handle (may be empty), post id and what follows, from the address of a post; else None."""
    path = local_part(href).replace("/#!/", "/", 1)
    found = STATUS.fullmatch(path.partition("?")[0])
    if found is None:
        return None
    handle = found["handle"] or ""
    return ("" if handle.lower() in NOT_HANDLES else handle), found["id"], found["rest"] or ""


def handle_of(href: str) -> str:
    """The handle in the address of a profile; empty where it is none."""
    found = PROFILE.fullmatch(local_part(href))
    return found["handle"] if found is not None and found["handle"].lower() not in NOT_HANDLES else ""


def account(name: str, handle: str, identifier: str = "", *, base: str = X) -> Account:
    return Account(name, handle, identifier, f"{base}/{handle}" if handle else "")


def permalink(handle: str, identifier: str, *, base: str = X) -> str:
    return f"{base}/{handle or 'i/web'}/status/{identifier}" if identifier else ""


def time_in(identifier: str) -> StatedTime | None:
    """The time in a post's id; ids from before the Snowflakes hold none."""
    if identifier.isdecimal() and len(identifier) < 25 and int(identifier) > FIRST_SNOWFLAKE:
        return from_snowflake(identifier)
    return None


def shown_and_counted(shown: str, identifier: str) -> StatedTime | None:
    """The time as shown, in UTC from the post's id: what is shown carries no zone."""
    counted = time_in(identifier)
    shown = " ".join(shown.split())
    return StatedTime(shown or identifier, counted.utc, counted.zone, "id") if counted else stated("", shown)


def time_of(given: str) -> StatedTime | None:
    """A time as X's JSON gives it: ISO 8601, or "Wed Oct 10 20:19:24 +0000 2018"."""
    old = OLD_DATE.fullmatch(given)
    if old is None:
        return stated(given)
    month, day, clock, zone, year = old.groups()
    moment = stated(f"{day} {month} {year} {clock} {zone}")
    return StatedTime(given, moment.utc, f"{zone[:3]}:{zone[3:]}") if moment is not None else stated(given)


def identity(url: str) -> Identity | None:
    """What the address of a page of X alone says."""
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    if (status := status_of(url)) is not None:
        return Identity("x", "post", status[1], status[0])
    path = unquote(local_part(url))
    parts = [part for part in path.replace("#!/", "").split("/") if part]
    if parts[:2] == ["i", "user"] and len(parts) > 2:
        return Identity("x", "profile", account=parts[2])
    top = parts[0] if parts else ""
    if top.lower() in INBOX or parts[:2] == ["i", "chat"]:
        return Identity("x", "inbox")
    if top.lower() in SEARCH:
        return Identity("x", "search")
    handle = handle_of(f"/{top}")
    return Identity("x", "profile", handle=handle) if handle else Identity("x", "other")
