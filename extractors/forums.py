"""What forum software has in common: how it refuses a page, and what its addresses say. Knows no forum by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.blocks import Shape, has_blocks
from extractors.contract import Identity, Page, Standing
from extractors.elements import line_of
from extractors.toolbox import first, select, tree

GONE = re.compile(  # en de fr es pt it nl pl ru
    r"not (?:be )?found|(?:does|do) ?n[o'’]t exist|no longer (?:exists?|available)|(?:been|was) (?:deleted|removed)|"
    r"invalid (?:thread|post|topic|link)|no (?:thread|post|topic) specified|"
    r"nicht gefunden|existiert nicht|gelöscht|n[’']existe|introuvable|supprimé|"
    r"no existe|eliminad|não (?:existe|foi encontrad)|removid|non esiste|rimoss|bestaat niet|niet gevonden|verwijderd|"
    r"nie istnieje|usunięt|не существует|не найден|удал[её]н",
    re.I,
)
CLOSED = re.compile(
    r"log(?:ged)?[ -]?in|sign in|permission|not (?:allowed|authori[sz]ed)|register|private|anmelden|angemeldet|"
    r"berechtigung|registrier|connect[eé]|autoris|permiso|iniciar sesión|permissão|autenticad|accedere|permess|"
    r"aangemeld|inloggen|zalogow|uprawnie|авториз|войти|прав",
    re.I,
)
LONGEST = 1_500  # characters of a refusal; a list of forums that happens to match is longer
SUSPENDED = re.compile(
    r"\b(?:is|has been|was) (?:banned|suspended|disabled)\b|gesperrt|suspendid|banni|заблокирован", re.I
)


def forum_standing(page: Page, shapes: Sequence[Shape], *, refusal: str, name: str) -> Standing | None:
    """Live where posts stand; else what the software's own message says; None where it shows neither."""
    if has_blocks(page, *shapes):
        return Standing("live", f"{name} shows posts")
    message = first(tree(page), refusal)
    words = line_of(message)
    if message is None or not 0 < len(words) <= LONGEST:
        return None
    why = f"the page's own words: {words[:120]}"
    if page.status in (404, 410) or (GONE.search(words) and not select(message, "input[type='password']")):
        return Standing("removed", why)
    if SUSPENDED.search(words):
        return Standing("suspended", why)
    if page.status in (401, 403) or CLOSED.search(words):
        return Standing("login_wall", why)
    return Standing("error", why)


def named(platform: str, url: str, **patterns: str) -> Identity | None:
    """What an address says by the first pattern that fits: page kind = pattern, whose group is the id or handle."""
    for kind, pattern in patterns.items():
        met = re.search(pattern, url)
        if met is None:
            continue
        value = next((group for group in met.groups() if group), "")
        if kind == "post":
            return Identity(platform, "post", post=value)
        if kind == "thread":
            return Identity(platform, "thread", post=value)
        if kind == "account":
            return Identity(platform, "profile", account=value)
        if kind == "inbox":
            return Identity(platform, "inbox")
        raise ValueError(kind)
    return None
