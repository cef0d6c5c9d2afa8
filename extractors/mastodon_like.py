"""Truth Social and Gab, which speak Mastodon's API and not its markup: JSON, layout, Open Graph. Calls nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from extractors.contract import Account, Identity, Media, Page, Post, Problem, Standing
from extractors.instead import instead_of_post
from extractors.json_pages import json_page
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    canonical,
    dict_at,
    first,
    fragment,
    from_snowflake,
    host_of,
    is_host,
    json_of,
    json_scripts,
    list_at,
    meta,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    written,
)
from extractors.twins import disagreements

MOST = 200_000  # values that are looked at
DEEPEST = 3  # statuses in statuses
MOST_POSTS = 2_000  # of one layout
HOLDERS = frozenset({"status", "detailed-status"})  # data-testid
WORDS = ("[data-testid='status-content']", "[data-markup]", ".status__content")
COUNTS = {
    "replies_count": "replies",
    "reblogs_count": "reposts",
    "favourites_count": "likes",
    "quotes_count": "quotes",
}
KINDS = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}
TITLED = re.compile(r"(?P<name>.{1,200}?) (?:\(@(?P<handle>\w{1,60})\)|on Gab).*", re.S)
SEARCH, INBOX = frozenset({"search", "tags", "hashtag", "explore"}), frozenset({"messages", "chats", "conversations"})
NOT_HANDLES = (
    SEARCH | INBOX | {"home", "groups", "about", "login", "api", "auth", "settings", "notifications", "news", "compose"}
)


@dataclass(frozen=True)
class Site:
    platform: str
    host: str
    at: str  # what stands before a handle in an address: "@" or nothing

    def profile(self, handle: str) -> str:
        return f"https://{self.host}/{self.at}{handle}" if handle else ""

    def post(self, handle: str, identifier: str) -> str:
        return f"{self.profile(handle)}/posts/{identifier}" if handle and identifier else ""


def identity(url: str, site: Site) -> Identity | None:
    if not is_host(host_of(url), site.host):
        return None
    parts = path_parts(url)
    handle, identifier = _post_in(parts)
    if identifier:
        return Identity(site.platform, "post", identifier, handle)
    top = parts[0].lower() if parts else ""
    if top in SEARCH or top in INBOX:
        return Identity(site.platform, "search" if top in SEARCH else "inbox")
    profile = _handle_in(parts) if len(parts) < 3 else ""
    return Identity(site.platform, "profile", handle=profile) if profile else Identity(site.platform, "other")


def companions(url: str, site: Site) -> list[str]:
    """The status and its thread from the API, where it answers without a login."""
    here = identity(url, site)
    if here is None or here.page != "post":
        return []
    return [f"https://{site.host}/api/v1/statuses/{here.post}{part}" for part in ("", "/context")]


def read(page: Page, site: Site) -> Iterator[Post | Problem]:
    """The JSON that the page is or holds, else its layout, else its twins, else Open Graph."""
    value = json_page(page)
    if value is not None:
        yield from statuses(value, site)
        return
    root = tree(page)
    held = {post.id: post for _, found in json_scripts(root) for post in statuses(found, site)}
    twins = {
        address: list(statuses(json_of(data.decode("utf-8", "replace")), site))
        for address, data in page.companions.items()
        if is_host(host_of(address), site.host)
    }
    held |= {post.id: post for posts in twins.values() for post in posts}
    drawn = list(_layout(root, site))
    shown = [_completed(post, held.get(post.id)) for post in drawn]
    yield from shown
    for address, posts in twins.items():
        yield from disagreements(drawn, posts, where=address)
    ids = {post.id for post in shown}
    yield from (post for identifier, post in held.items() if identifier not in ids)
    if not shown and not held:
        yield from _described(page, site)


def standing(page: Page, site: Site) -> Standing | None:
    there = sum(isinstance(post, Post) and post.kind == "post" for post in read(page, site))
    if there:
        return Standing("live", f"posts that stand on the page: {there}")
    value = json_page(page)
    if value is not None:
        words = text_at(value, "error").lower()
        gone = "not found" in words or "gone" in words
        return Standing("removed" if gone else "error", f"the platform's answer: {words[:120]}") if words else None
    here = identity(page.url, site) or identity(canonical(page), site)
    return instead_of_post(page, wanted=here is not None and here.page == "post")


def recognises(page: Page, site: Site) -> bool:
    """By the page's own address of itself; the API's answers by the author's address."""
    value = json_page(page)
    if value is not None:
        found = next(statuses(value, site), None)
        return found is not None and is_host(host_of(found.author.url), site.host) and site.host in page.html
    return is_host(host_of(canonical(page)), site.host)


def statuses(value: Any, site: Site) -> Iterator[Post]:
    """Every status in a JSON value, in document order."""
    waiting = [value]
    for _ in range(MOST):
        if not waiting:
            return
        at = waiting.pop()
        if isinstance(at, list):
            waiting.extend(reversed(at))
        elif isinstance(at, dict):
            post = status(at, site)
            if post is not None:
                yield post
            else:
                waiting.extend(part for part in reversed(at.values()) if isinstance(part, (dict, list)))


def status(at: dict[str, Any], site: Site, depth: int = 0) -> Post | None:
    """Mastodon's Status entity, with what Truth Social adds: `in_reply_to` and `quote` as whole statuses."""
    user = dict_at(at, "account")
    if not user or "content" not in at or not text_at(at, "id") or depth > DEEPEST:
        return None
    author = account(user, site)
    again = status(dict_at(at, "reblog"), site, depth + 1) if dict_at(at, "reblog") else None
    if again is not None:
        return replace(again, labels=(*again.labels, f"reposted by {author.name} (@{author.handle})"))
    quote = dict_at(at, "quote") or dict_at(at, "quoted_status")
    quoted = status(quote, site, depth + 1) if quote else None
    identifier = text_at(at, "id")
    return Post(
        site.platform,
        "post",
        author,
        written(fragment(text_at(at, "content"))) if text_at(at, "content") else "",
        time=stated(text_at(at, "created_at")) or from_snowflake(identifier, epoch=0, shift=16),
        edited=stated(text_at(at, "edited_at") or text_at(at, "revised_at")),
        id=identifier,
        permalink=text_at(at, "url") or site.post(author.handle, identifier),
        in_reply_to=text_at(at, "in_reply_to_id") or text_at(at, "in_reply_to", "id"),
        quoted=replace(quoted, kind="quoted") if quoted is not None else None,
        media=tuple(_media(at)),
        counts={name: shown for key, name in COUNTS.items() if (shown := text_at(at, key))},
        labels=tuple(_labels(at, user)),
        source="json",
    )


def account(user: dict[str, Any], site: Site) -> Account:
    handle = text_at(user, "acct") or text_at(user, "username")
    url = text_at(user, "url") or site.profile(handle)
    return Account(text_at(user, "display_name"), handle, text_at(user, "id"), url)


def _media(at: dict[str, Any]) -> Iterator[Media]:
    for piece in list_at(at, "media_attachments"):
        url, kind = text_at(piece, "url") or text_at(piece, "preview_url"), KINDS.get(text_at(piece, "type"), "link")
        if url and kind == "image":
            yield Media("image", url, text_at(piece, "description"))
        elif url:
            yield Media("video" if kind == "video" else "audio" if kind == "audio" else "link", url)
    if url := text_at(at, "card", "url"):
        yield Media("link", url, text_at(at, "card", "title"))


def _labels(at: dict[str, Any], user: dict[str, Any]) -> Iterator[str]:
    if user.get("verified") is True or user.get("is_verified") is True:
        yield "verified"
    if warning := text_at(at, "spoiler_text"):
        yield warning
    if at.get("sensitive") is True:
        yield "sensitive"
    if (seen_by := text_at(at, "visibility")) not in ("", "public"):
        yield seen_by


def _layout(root: Element, site: Site) -> Iterator[Post]:
    """A time in a link to a post; author and words stand in what holds it."""
    base = f"https://{site.host}"
    seen: set[Element] = set()
    for time in select(root, "a[href] time")[:MOST_POSTS]:
        href = attr(next(time.iterancestors("a"), None), "href")
        handle, identifier = _post_in(path_parts(absolute(href, base)))
        holder = next((parent for parent in time.iterancestors() if _holds(parent)), None)
        if not identifier or holder is None or holder in seen:
            continue
        if any(parent in seen for parent in holder.iterancestors()):
            continue  # a quotation inside
        seen.add(holder)
        words = first(holder, *WORDS)
        text = written(words) if words is not None else "\n\n".join(written(part) for part in select(holder, "p"))
        when = stated(attr(time, "datetime"), attr(time, "title") or written(time))
        yield Post(
            site.platform,
            "post",
            Account(_name(holder, handle), handle, "", site.profile(handle)),
            text,
            time=when or from_snowflake(identifier, epoch=0, shift=16),
            id=identifier,
            permalink=site.post(handle, identifier),
            sure=words is not None,
        )


def _holds(node: Element) -> bool:
    return node.tag == "article" or "data-id" in node.attrib or node.get("data-testid") in HOLDERS


def _name(holder: Element, handle: str) -> str:
    for link in select(holder, "a[href]"):
        parts = path_parts(attr(link, "href"))
        lines = [line.strip() for line in written(link).split("\n") if line.strip()]
        if len(parts) == 1 and _handle_in(parts).lower() == handle.lower() and lines and not lines[0].startswith("@"):
            return lines[0]
    return ""


def _described(page: Page, site: Site) -> Iterator[Post]:
    address = meta(page, "og:url") or canonical(page) or page.url
    handle, identifier = _post_in(path_parts(address)) if is_host(host_of(address), site.host) else ("", "")
    named = TITLED.fullmatch(meta(page, "og:title")[:1_000])
    text = meta(page, "og:description")
    if identifier and text and named is not None:
        yield Post(
            site.platform,
            "post",
            Account(named["name"], handle or named["handle"] or "", "", site.profile(handle)),
            text,
            time=from_snowflake(identifier, epoch=0, shift=16),
            id=identifier,
            permalink=site.post(handle, identifier),
            source="structured",
            sure=False,
        )


def _completed(post: Post, held: Post | None) -> Post:
    return post if held is None else replace(held, source="dom", text=post.text or held.text)


def _handle_in(parts: list[str]) -> str:
    top = parts[0].removeprefix("@") if parts else ""
    return top if re.fullmatch(r"\w{1,60}", top) and top.lower() not in NOT_HANDLES else ""


def _post_in(parts: list[str]) -> tuple[str, str]:
    """`/@name/posts/1`, `/@name/1`, `/name/posts/1`, `/users/name/statuses/1`."""
    rest = parts[1:] if parts[:1] == ["users"] else parts
    inner = rest[2:3] if rest[1:2] in (["posts"], ["statuses"]) else rest[1:2]
    identifier = inner[0] if inner and inner[0].isascii() and inner[0].isdecimal() else ""
    return (_handle_in(rest), identifier) if identifier and _handle_in(rest) else ("", "")
