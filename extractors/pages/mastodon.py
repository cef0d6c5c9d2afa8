"""Mastodon on anybody's server: pages, embeds, API and ActivityPub JSON. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors import mastodon_dom, mastodon_json
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.fediverse import full_handle
from extractors.hosts import origin_of
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    canonical,
    first,
    from_snowflake,
    holds,
    json_of,
    meta,
    path_parts,
    select,
    stated,
    tree,
    visible_text,
    written,
)
from extractors.twins import disagreements

PLATFORM = mastodon_json.PLATFORM
HOSTS = CLAIMS["mastodon"]
OURS = (
    "#mastodon, #mastodon-status, .detailed-status__display-name, .status__wrapper .status[data-id], "
    "body.error .dialog__message, body.auth-body form#new_user"
)
API = re.compile(r"/api/v[12]/(?:statuses|accounts|timelines)\b")
POST_ID = re.compile(r"\d{6,20}")
SYSTEM = {"home": "other", "public": "other", "explore": "search", "search": "search", "tags": "search"}
SYSTEM |= {"conversations": "inbox", "notifications": "inbox", "favourites": "other", "bookmarks": "other"}
GONE = ".error-column, .missing-indicator, body.error .dialog, .regeneration-indicator--without-header"
SHUT = ".empty-column-indicator, .account__header__badges, .limited-account-hint, .account-memorial-banner, .dialog"
SIGN_IN = "form#new_user, form[action$='/auth/sign_in'], .sign-in-banner--required, .not-signed-in-indicator"
SUSPENDED = re.compile(
    r"suspend|gesperrt|suspendu|suspendid|suspens|sospes|opgeschort|zawieszon|معلّق|معلق|निलंबित|停止|凍結", re.I
)
NEEDS_LOGIN = re.compile(
    r"(?:log|sign)(?:ged)? ?in|anmelden|connecter|iniciar sesión|entrar|accedi|inloggen|zaloguj|ログイン", re.I
)
ATTACHED = re.compile(r"^(?:Attached: [^\n]*|Content warning: [^\n]*)\n+")


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """The drawn posts completed from their twins; then what only a twin holds; else the page's head."""
    base = canonical(page) or page.url
    value = json_page(page)
    if value is not None:
        found = list(mastodon_json.posts_in(value, base))
        yield from found
        if not found and mastodon_json.standing_in(value) is None:
            yield Problem("JSON", "no post or account in this answer")
        return
    root = tree(page)
    twins = {
        address: list(mastodon_json.posts_in(json_of(_text(data)), base)) for address, data in page.companions.items()
    }
    known = {post.id: post for posts in twins.values() for post in posts if post.id}
    owner = mastodon_dom.profile_in(root, base)
    shown = [_completed(post, known.get(post.id)) for post in mastodon_dom.posts_in(root, base)]
    yield from ([owner] if owner is not None else [])
    yield from shown
    seen = {post.id for post in shown}
    yield from (post for post in known.values() if post.id not in seen and post.kind != "profile")
    if not shown and not known and (described := _described(page, base)) is not None:
        yield described
    for address, posts in twins.items():
        yield from disagreements(shown, posts, where=address)


def standing(page: Page) -> Standing | None:
    """The app answers 200 to everything: what it draws decides."""
    value = json_page(page)
    if value is not None:
        return mastodon_json.standing_in(value)
    root = tree(page)
    drawn = first(root, f".{mastodon_dom.MAIN}, .status[data-id], article[data-id] time")
    if drawn is not None:
        return Standing("live", "a post is drawn")
    notice = " ".join(written(node) for node in select(root, SHUT))
    if SUSPENDED.search(notice):
        return Standing("suspended", f"the server's own words: {notice[:120]}")
    gone = first(root, *GONE.split(", "))
    if gone is not None:
        words = " ".join(written(gone).split())
        return Standing("removed" if _is_gone(words) else "error", f"the server's own words: {words[:120]}")
    if first(root, SIGN_IN) is not None or (NEEDS_LOGIN.search(notice) and not _drawn_words(page)):
        return Standing("login_wall", "a form or notice that asks for a login")
    return None


def recognises(page: Page) -> bool:
    value = json_page(page)
    if value is not None:
        asked = API.search(page.url) is not None and mastodon_json.standing_in(value) is not None
        return asked or mastodon_json.is_ours(value)
    if not holds(page, "astodon") and not holds(page, "status__"):
        return False
    root = tree(page)
    state = first(root, "script#initial-state")
    return first(root, OURS) is not None or (
        state is not None and '"streaming_api_base_url"' in (state.text or "")[:20_000]
    )


def companions(url: str) -> list[str]:
    """The post and its thread, or the account, from the server's public API."""
    here, server = identity(url), origin_of(url)
    if here is None or not server:
        return []
    if here.page == "post" and here.post:
        return [f"{server}/api/v1/statuses/{here.post}{part}" for part in ("", "/context")]
    if here.page == "profile" and here.handle:
        return [f"{server}/api/v1/accounts/lookup?acct={here.handle}"]
    return []


def identity(url: str) -> Identity | None:
    """`/@name`, `/@name@host`, either with `/ID`, `/users/name/statuses/ID`, `/web/…`, `/deck/…`, `/ap/users/…`."""
    parts = path_parts(url)
    if parts[:1] in (["web"], ["deck"]):
        parts = parts[1:]
    top = parts[0] if parts else ""
    if top.startswith("@") and len(top) > 1:
        return _of_account(top.removeprefix("@"), "", parts[1:2])
    if top == "users" and len(parts) > 1:
        return _of_account(parts[1], "", parts[3:4] if parts[2:3] == ["statuses"] else [])
    if parts[:2] == ["ap", "users"] and len(parts) > 2:
        return _of_account("", parts[2], parts[4:5] if parts[3:4] == ["statuses"] else [])
    if top == "statuses" and len(parts) > 1 and POST_ID.fullmatch(parts[1]):
        return Identity(PLATFORM, "post", post=parts[1])
    if top == "accounts" and len(parts) > 1 and parts[1].isdigit():
        return Identity(PLATFORM, "profile", account=parts[1])
    kind = SYSTEM.get(top)
    if kind in ("search", "inbox"):
        return Identity(PLATFORM, "search" if kind == "search" else "inbox")
    return Identity(PLATFORM, "other")


def _of_account(handle: str, account: str, rest: list[str]) -> Identity:
    if rest and POST_ID.fullmatch(rest[0]):
        return Identity(PLATFORM, "post", post=rest[0], handle=handle, account=account)
    return Identity(PLATFORM, "profile", handle=handle, account=account)


def _completed(post: Post, twin: Post | None) -> Post:
    """A drawn post with what its twin alone says; what both say stays as drawn, and differing is a Problem."""
    if twin is None:
        return post
    exact = post.time is None or post.time.basis == "id"
    return replace(
        post,
        text=post.text or twin.text,
        author=replace(post.author, id=post.author.id or twin.author.id, name=post.author.name or twin.author.name),
        time=twin.time if exact and twin.time is not None else post.time,
        edited=twin.edited or post.edited,
        permalink=twin.permalink or post.permalink,
        in_reply_to=twin.in_reply_to,
        media=post.media or twin.media,
        counts={**twin.counts, **post.counts},
        labels=tuple(dict.fromkeys((*post.labels, *twin.labels))) if not post.labels else post.labels,
    )


def _described(page: Page, base: str) -> Post | None:
    """A status page as the server sends it, before the app draws anything."""
    here = identity(base)
    text = meta(page, "og:description")
    if here is None or here.page != "post" or not (text or meta(page, "og:image")):
        return None
    title = re.fullmatch(r"(.*) \(@?([^()\s]+)\)", meta(page, "og:title"), re.S)
    handle = meta(page, "profile:username") or (title[2] if title else here.handle)
    name = title[1] if title else ""
    while (attached := ATTACHED.match(text)) is not None:
        text = text[attached.end() :]
    return Post(
        platform=PLATFORM,
        kind="post",
        author=Account(name, full_handle(handle, base), "", base.rpartition("/")[0]),
        text=text,
        time=stated(meta(page, "og:published_time")) or from_snowflake(here.post, **mastodon_json.BASIS_OF_ID),
        id=here.post,
        permalink=base,
        source="structured",
        sure=bool(title),
    )


def _is_gone(words: str) -> bool:
    return not re.search(r"network|verbindung|reseau|réseau|internet|rendered|bug", words, re.I)


def _drawn_words(page: Page) -> bool:
    return len(visible_text(page)) > 4_000


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity, per_host=True)
