"""What an address gives away, and to whom, before anything is fetched. Pure: looks at text, asks no network.

Rules are SAFETY C3 and C4. A rule that can't be sure says so in its words; it never stays silent to look tidy.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from extractors.hosts import is_host
from extractors.registry import identity_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Parameters that say who shared a link. They are cut on every host: what they carry is the sharer, not the page.
SHARER_NAMES = _words(
    """
    igsh igshid fbclid gclid mibextid si _t _r u_code rdid __tn__ __cft__ xmt slof rcm lipi trk trackingid
    """
)
SHARER_PREFIXES = ("share_", "sender_", "utm_", "__cft__")
SHARER_ON_HOST = {
    "x.com": frozenset({"s", "t", "ref_src", "ref_url", "cxt"}),
    "twitter.com": frozenset({"s", "t", "ref_src", "ref_url", "cxt"}),
    "tiktok.com": frozenset({"sec_user_id", "user_id", "tt_from", "web_id", "checksum", "timestamp"}),
    "snapchat.com": frozenset({"sc_referrer", "sid"}),
    "pinterest.com": frozenset({"invite_code", "sender"}),
}

# What the readers' `identity` does not know by itself of stories and inboxes: host, path pattern.
STORY = (  # these pages list who looked
    ("facebook.com", r"^/story/"),
    ("snapchat.com", r"^/(story/|add/)"),
)
INBOX = (  # opening these with a login may send "seen"
    ("web.whatsapp.com", r"."),
    ("wa.me", r"."),
    ("outlook.live.com", r"."),
    ("outlook.office.com", r"."),
    ("mail.yahoo.com", r"."),
)
SHARED = (  # made when somebody presses "share": what says who that was is not beside the path, but in it
    ("reddit.com", r"^/(r|u|user)/[^/]+/s/"),
    ("facebook.com", r"^/share/"),
    ("instagram.com", r"^/share/"),
    ("tiktok.com", r"^/t/"),
)
PASSING_ON = (  # platforms' own ways out: they note who goes where
    ("l.facebook.com", r"."),
    ("lm.facebook.com", r"."),
    ("l.instagram.com", r"."),
    ("l.threads.com", r"."),
    ("l.threads.net", r"."),
    ("out.reddit.com", r"."),
    ("youtube.com", r"^/redirect$"),
    ("linkedin.com", r"^/(safety/go|redir/)"),
    ("vk.com", r"^/away\.php$"),
    ("google.com", r"^/url$"),
)
SHORTENERS = _words(
    """
    bit.ly t.co tinyurl.com goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at t.ly rb.gy lnkd.in fb.me
    vm.tiktok.com vt.tiktok.com fb.watch pin.it t.snapchat.com
    s.id v.gd tiny.cc bl.ink dlvr.it trib.al amzn.to spr.ly qr.ae clck.ru shorte.st
    adf.ly soo.gd snip.ly g.co surl.li u.to
    """
)
IP_LOGGERS = _words(
    """
    grabify.link iplogger.org iplogger.com iplogger.ru iplogger.co 2no.co yip.su blasze.com ps3cfw.com ipgrabber.ru
    iplis.ru 02ip.ru ezstat.ru whatstheirip.com
    """
)
SEEN_WITH_LOGIN = (  # host, what its own pages say that others are shown of who looks while logged in
    ("linkedin.com", "LinkedIn tells people who looked at their profile."),
    ("instagram.com", "Instagram lists who watched a story, and marks a message that is opened as seen."),
    ("facebook.com", "Facebook lists who watched a story, and marks a message that is opened as seen."),
    ("messenger.com", "Messenger marks a message that is opened as seen."),
    ("tiktok.com", "TikTok can tell people who looked at their profile and their posts."),
    ("snapchat.com", "Snapchat lists who watched a story, and marks a chat that is opened as seen."),
    ("x.com", "X can mark a message that is opened as seen."),
    ("twitter.com", "X can mark a message that is opened as seen."),
    ("vk.com", "VK lists who watched a story, and marks a message that is opened as seen."),
)
ANY_SITE_WITH_LOGIN = (
    "Stories list who watched them, some sites tell people who looked at their profile, and a message that is opened"
    " can be marked as seen."
)

ONE_TIME_SEGMENT = re.compile(  # a whole path segment or a whole value, so that a title with "confirm" in it is none
    r"(^|[/?&=])(unsubscribe|opt-?out|confirm(ation)?|verify|verification|activat(e|ion)|reset-?password|password-?reset"
    r"|magic-?link|one-?time(-?link)?|accept-?invit(e|ation)|invit(e|ation)|abmelden|bestaetigen|desabonner|desinscription"
    r"|confirmar|cancelar-suscripcion)([_-]?(e?mail|me|account|address|link|subscription))?([/?&=.]|$)",
    re.IGNORECASE,
)
ONE_TIME_PARAMETERS = _words(
    """
    token otp ticket confirmation_token auth_token access_token magic
    """
)
EMAIL = re.compile(r"(?<![@A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
BASE64_RUN = re.compile(r"[A-Za-z0-9+_\-]{12,}={0,2}")


@dataclass(frozen=True)
class Caution:
    """Something to know before the page is opened."""

    kind: Literal["story", "inbox", "one-time", "shortener", "shared", "ip-logger", "own-name", "password", "login"]
    sentence: str


def clean(url: str) -> str:
    """The address without the parameters that say who shared it. Everything else stays as it was, byte for byte."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    here = {name for claimed, names in SHARER_ON_HOST.items() if is_host(host, claimed) for name in names}
    kept = [pair for pair in parts.query.split("&") if not _is_sharer(pair.partition("=")[0], here)]
    return urlunsplit(parts._replace(query="&".join(kept))) if parts.query else url


def cautions_for(url: str, *, own_names: tuple[str, ...] = ()) -> tuple[Caution, ...]:
    """What a person should know before `url` is opened; `own_names` are their own handles and e-mail addresses."""
    parts = urlsplit(url)
    about = identity_of(url)
    page = about.page if about is not None else "other"
    found = [
        _story(parts, page),
        _inbox(parts, page),
        _one_time(parts),
        _shortener(parts),
        _shared(parts),
        _ip_logger(parts),
        _own_name(url, own_names),
        _password(parts),
    ]
    return tuple(caution for caution in found if caution is not None)


def login_caution(name: str, hosts: tuple[str, ...]) -> Caution:
    """SAFETY C2: said each time before a stored login is used, with what its sites show to others."""
    shown = [sentence for known, sentence in SEEN_WITH_LOGIN if any(is_host(host, known) for host in hosts)]
    words = " ".join(dict.fromkeys(shown)) or ANY_SITE_WITH_LOGIN
    return Caution(
        "login",
        f"You will be logged in as {name}. The site, and people on it, can see that this account looked. {words}",
    )


def _is_sharer(name: str, here: set[str]) -> bool:
    name = unquote(name).lower()
    return name in SHARER_NAMES or name in here or name.startswith(SHARER_PREFIXES)


def _matches(parts: SplitResult, rules: tuple[tuple[str, str], ...]) -> bool:
    host = (parts.hostname or "").lower()
    return any(is_host(host, claimed) and re.search(path, parts.path or "/") for claimed, path in rules)


def _story(parts: SplitResult, page: str) -> Caution | None:
    if page != "story" and not _matches(parts, STORY):
        return None
    return Caution("story", "This looks like a story. The person who posted it can see who has looked at it.")


def _inbox(parts: SplitResult, page: str) -> Caution | None:
    if page != "inbox" and not _matches(parts, INBOX):
        return None
    return Caution("inbox", "This looks like an inbox. Opening a message while logged in can tell its sender so.")


def _one_time(parts: SplitResult) -> Caution | None:
    names = {unquote(pair.partition("=")[0]).lower() for pair in parts.query.split("&")}
    if not ONE_TIME_SEGMENT.search(f"{parts.path}?{parts.query}") and not names & ONE_TIME_PARAMETERS:
        return None
    return Caution("one-time", "This looks like a link that does something once it is opened, such as confirming.")


def _shortener(parts: SplitResult) -> Caution | None:
    host = (parts.hostname or "").lower()
    if _matches(parts, PASSING_ON):
        return Caution("shortener", "This link only passes on to another address, and who comes by can be noted.")
    if not any(is_host(host, known) for known in SHORTENERS):
        return None
    return Caution("shortener", "This is a short link. It hides where it leads and can count who opened it.")


def _shared(parts: SplitResult) -> Caution | None:
    if not _matches(parts, SHARED):
        return None
    words = "This link was made by pressing share, and can tell the site who did. The page's own address says less."
    return Caution("shared", words)


def _ip_logger(parts: SplitResult) -> Caution | None:
    host = (parts.hostname or "").lower()
    if not any(is_host(host, known) for known in IP_LOGGERS):
        return None
    return Caution("ip-logger", "This service shows whoever made the link the internet address of those who open it.")


def _own_name(url: str, own_names: tuple[str, ...]) -> Caution | None:
    plain = unquote(unquote(url))
    texts = [plain, *_decoded_runs(plain)]
    handles = [name.lstrip("@").casefold() for name in own_names if name.strip("@ ")]
    own = any(_stands_alone(handle, text.casefold()) for handle in handles for text in texts)
    email = any(EMAIL.search(_without_userinfo(text)) for text in texts)
    if not own and not email:
        return None
    what = "a name or address of yours" if own else "an e-mail address"
    return Caution("own-name", f"This address carries {what}. Whoever made it can tell that you opened it.")


def _password(parts: SplitResult) -> Caution | None:
    if parts.username is None and parts.password is None:
        return None
    return Caution("password", "This address carries a user name or password. It would be sent, and kept as given.")


def _decoded_runs(text: str) -> list[str]:
    """What stands in base64 inside an address: newsletters hide the reader's e-mail address there."""
    decoded = []
    for run in BASE64_RUN.findall(text):
        core = run.rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            decoded.append(base64.b64decode(core + "=" * (-len(core) % 4), validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeDecodeError):
            continue  # not base64: most runs are plain words
    return decoded


def _without_userinfo(text: str) -> str:
    return re.sub(r"^[a-z]+://[^/@]*@", "", text)


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<![0-9a-z_]){re.escape(name)}(?![0-9a-z_])", text) is not None
