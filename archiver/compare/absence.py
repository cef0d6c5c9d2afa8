"""Why something is not to be seen any more, as far as the page says it; where it does not, that is said. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from extractors.contract import Standing

What = Literal["post", "account", "private", "blocked", "login", "challenge", "country", "unclear", "unreachable", ""]

GONE: tuple[What, ...] = ("post", "account", "private", "blocked", "unclear")
PRIVATE = re.compile(
    r"\b(?:is|are|were|made|set to) private\b|protected|confirmed followers|only (?:friends|members|followers)"
    r"|limits who can|ist privat|es privad|est privé|закрыт",
    re.IGNORECASE,
)
BLOCKED = re.compile(r"(?:has |have )?blocked (?:you|by)|you(?:'re|’re| are) blocked|hat dich blockiert", re.IGNORECASE)
ACCOUNT = re.compile(
    r"\b(?:account|profile|user|channel|konto|profil|compte|cuenta|usuario|utilisateur|nutzer)\b", re.IGNORECASE
)
POST = re.compile(
    r"\b(?:post|tweet|status|video|photo|comment|message|toot|note|story|reel|pin|thread|topic|beitrag|publication"
    r"|publicación|vidéo|kommentar)\b",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"no longer|not (?:be )?(?:found|available|exist)|n't (?:exist|available|be found)|deleted|removed|suspended|gone"
    r"|terminated|deactivated|banned|gelöscht|gesperrt|supprimé|eliminad|unavailable",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Absence:
    """What a page that shows no post any more shows instead."""

    what: What  # empty: it is not absent
    sentence: str
    sure: bool  # False: the page does not say which


def absence_of(standing: Standing) -> Absence:
    state, said = standing.state, standing.why
    if state == "live":
        return Absence("", "It is up.", True)
    if state == "unreachable":
        return Absence("unreachable", "The page could not be reached; that says nothing about the post.", False)
    if state == "error":
        return Absence("unreachable", "The site answered with an error; that says nothing about the post.", False)
    if state == "geo_blocked":
        return Absence("country", "The site says that it may not be shown here. It may still be up elsewhere.", True)
    if state == "challenge":
        return Absence("challenge", "The site asked for proof of a person; the post was not shown.", False)
    if BLOCKED.search(said):
        return Absence("blocked", "The page says that this visitor is blocked. The post may still be up.", True)
    if PRIVATE.search(said):
        return Absence("private", "The page says that this is private now. The post may still be up for others.", True)
    if state == "login_wall":
        return Absence("login", "The page asks for a login; whether the post is still up can't be seen.", False)
    return _removed(state, said)


def _removed(state: str, said: str) -> Absence:
    if state == "suspended":
        return Absence("account", "The page says that the account is suspended or gone.", True)
    if not MISSING.search(said):
        return Absence("unclear", "The page is gone; it does not say whether the post or the whole account is.", False)
    account, post = ACCOUNT.search(said), POST.search(said)
    if account and not post:
        return Absence("account", "The page says that the account is gone.", True)
    if post and not account:
        return Absence("post", "The page says that the post is gone.", True)
    return Absence("unclear", "The page is gone; it does not say whether the post or the whole account is.", False)
