"""Reads VK: walls, posts and comments, on the desktop and the mobile site. Never guesses a relative date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import line_of
from extractors.fallbacks import opengraph, structured
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    first,
    from_epoch,
    holds,
    home,
    host_of,
    is_host,
    list_at,
    meta,
    path_parts,
    text_at,
    tree,
    walk,
)

PLATFORM, HOSTS, ROOT = "vk", CLAIMS["vk"], "https://vk.com/"
PERSON = re.compile(r"^(-?\d+)$|/(?:id|club|public|event)(\d+)$")
WALL_ID = re.compile(r"(?:post|wall|reply|wall_reply)?(-?\d+_\d+)")
DESKTOP = Shape(
    platform=PLATFORM,
    kind="post",
    post=(
        "div.post[id^='post'], div._post[data-post-id], .wall_item, div.reply[id^='post'], div._reply[data-post-id], "
        ".ReplyItem"
    ),
    text=(
        ".wall_post_text",
        ".reply_text .wall_reply_text",
        ".wall_reply_text",
        ".pi_text",
        ".ReplyItem__body",
        ".reply_text",
    ),
    name=(
        ".post_author a.author",
        "a.author",
        ".PostHeaderTitle__authorName",
        ".reply_author a",
        ".pi_author",
        ".ReplyItem__name",
    ),
    handle=("a.author@href", ".PostHeaderTitle__authorLink@href", ".reply_author a@href", "a.pi_author@href"),
    handle_part=re.compile(r"^(?:https?://(?:m\.)?vk\.(?:com|ru))?/([\w.]+)$"),
    person=PERSON,
    person_at=("a.author@data-from-id", "[data-from-id]@data-from-id"),
    time=(
        ".rel_date[time]",
        ".post_date .rel_date",
        ".PostHeaderSubtitle__item time",
        ".rel_date",
        ".wi_date",
        ".post_date",
        "time",
    ),
    id=("@data-post-id", "@id", "a.post_link@href", ".wi_date@href"),
    number=WALL_ID,
    link=(
        "a.post_link@href",
        ".PostHeaderSubtitle__link@href",
        "a.wd_lnk@href",
        "a.wi_date@href",
        "a[href*='/wall']@href",
    ),
    nested=True,
    extra=(".page_post_sized_thumbs a[style] img", ".MediaGrid img", ".thumb_map_img", ".page_post_thumb_wrap img"),
    drop=".wall_post_more, .wall_reply_more, .copy_quote, .reply_to",
    reply=(".reply_to@href", "a[data-reply-to]@data-reply-to"),
    gone=".post_deleted, .reply_deleted, .dld",
    counts={
        "likes": (
            "[data-section-ref='reactions-button'] .PostBottomAction__count",
            ".like_btn.like .like_button_count",
            ".v_like",
        ),
        "shares": (".like_btn.share .like_button_count", ".v_share"),
        "comments": (".like_btn.comment .like_button_count", ".v_replies"),
        "views": (".like_views", ".v_views"),
    },
    labels={"pinned": ".post_fixed, .wall_fixed_label", "advertisement": ".ads_mark, .wall_marked_as_ads"},
)
NEW = Shape(
    platform=PLATFORM,
    kind="post",
    post="[data-testid='post'], [data-testid='wall_post'], [data-testid='comment'], [data-testid='wall_comment']",
    text=(
        "[data-testid='post_text']",
        "[data-testid='showmoretext']",
        "[data-testid='comment-text']",
        "[class*='ShowMoreText']",
    ),
    name=(
        "[data-testid='post-header-title']",
        "[data-testid='post_author_name']",
        "[data-testid='comment-owner']",
        "h5 a",
        "a[href^='/']",
    ),
    person=PERSON,
    person_at=("[data-owner-id]@data-owner-id",),
    time=("time[datetime]", "[data-testid='post_date_block_preview']", "[data-testid='comment-date']", "time"),
    id=("@data-post-id", "[data-testid='post_date_block_preview']@href", "a[href*='/wall']@href"),
    number=WALL_ID,
    link=("a[data-testid='post_date_block_preview']@href", "a[href*='/wall']@href"),
    nested=True,
    extra=("img[data-testid*='photo']", "[data-testid*='primaryattachment'] img"),
    counts={"likes": ("[data-testid='post_footer_action_like']",), "views": ("[data-testid='post_views']",)},
)
SHAPES = (DESKTOP, NEW)
ADDRESS = re.compile(r"[/=%?&](?:w=|z=)?(wall|photo|video|topic|clip)(-?\d+_\d+)(?:.*?(?:reply=|r=)(\d+))?")
REFUSAL = (
    ".message_page_body, .profile_blocked, .page_blocked, .service_msg, .groups_blocked, .ErrorPage, "
    ".profile_deleted_text"
)
GONE = re.compile(
    r"delet|not (?:been )?(?:found|created)|удал|не найден|не создан|ещё не существует|gelöscht|supprim", re.I
)
SHUT = re.compile(
    r"access denied|only (?:friends|members)|private|закрыт|доступ|only to authorized|войдите|log in|авториз", re.I
)
BLOCKED = re.compile(r"\b(?:blocked|banned|suspended)\b|заблокирован|заморожен", re.I)
COUNTRY = re.compile(r"(?:your|ваш\w*) (?:country|region|стран\w+|регион\w*)|территори", re.I)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """What the site draws, else an answer of its API, else what the head tells link previews."""
    if (value := json_page(page)) is not None:
        posts = list(_from_json(value))
        refused = _refused(value) is not None
        yield from posts if posts or refused else [Problem("JSON", "no post and no comment in this answer")]
        return
    wall = ""
    for found in read_blocks(page, *SHAPES):
        if not isinstance(found, Post):
            yield found
            continue
        answer = bool(found.in_reply_to) or "reply" in found.permalink or "r=" in found.permalink
        wall = wall if answer else found.id
        link = found.permalink or (f"{home(page, ROOT).rstrip('/')}/wall{found.id}" if found.id else "")
        yield replace(found, kind="comment" if answer else found.kind, thread=wall, permalink=link)
    if has_blocks(page, *SHAPES):
        return
    linked = list(structured(page, PLATFORM))
    told = opengraph(page, PLATFORM) if ADDRESS.search(meta(page, "og:url") or page.url) else None
    yield from linked or ([replace(told, author=Account(meta(page, "og:title")))] if told is not None else [])


def standing(page: Page) -> Standing | None:
    if (value := json_page(page)) is not None:
        posts = [record for record in read(page) if isinstance(record, Post)]
        return Standing("live", "the answer holds posts of VK") if posts else _refused(value)
    if has_blocks(page, *SHAPES):
        return Standing("live", "VK shows posts")
    root = tree(page)
    words = line_of(first(root, REFUSAL))
    why = f"the page's own words: {words[:120]}"
    if words:
        if COUNTRY.search(words):
            return Standing("geo_blocked", why)
        if BLOCKED.search(words):
            return Standing("suspended", why)
        if GONE.search(words):
            return Standing("removed", why)
        return Standing("login_wall" if SHUT.search(words) else "error", why)
    asked = first(root, "#quick_login_form, .login_mobile_header, form[action*='login.vk'], #index_login_form")
    return Standing("login_wall", "VK asks for a login") if asked is not None else None


def recognises(page: Page) -> bool:
    if (value := json_page(page)) is not None:
        return holds(page, '"from_id"') and holds(page, '"owner_id"') and next(_from_json(value), None) is not None
    if not holds(page, "vk.com") and not holds(page, "vk.ru"):
        return False
    if meta(page, "og:site_name") == "VK" or any(is_host(host_of(meta(page, "og:url")), host) for host in HOSTS):
        return True
    return first(tree(page), ".wall_post_text", ".wall_reply_text", ".PostHeaderTitle__authorName") is not None


def identity(url: str) -> Identity | None:
    if not any(is_host(host_of(url), host) for host in HOSTS):
        return None
    if met := ADDRESS.search(url):
        return Identity(PLATFORM, "post", post=met[2] if not met[3] else f"{met[2]}_r{met[3]}")
    parts = path_parts(url)
    if not parts or parts[0] in ("feed", "login", "search", "settings"):
        return Identity(PLATFORM, "other")
    if parts[0] in ("im", "mail", "write") or parts[0].startswith("write"):
        return Identity(PLATFORM, "inbox")
    if parts[0].startswith("story"):
        return Identity(PLATFORM, "story", post=parts[0].removeprefix("story"))
    if met := re.fullmatch(r"(id|club|public|event)(\d+)", parts[0]):
        return Identity(PLATFORM, "profile", account=met[2] if met[1] == "id" else f"-{met[2]}")
    return Identity(PLATFORM, "profile", handle=parts[0])


# --- answers of the API


def _from_json(value: Any) -> Iterator[Post]:
    """Posts and comments of `wall.get`, `wall.getById` and `wall.getComments`, with the names beside them."""
    names = {_number(who): who for _, who in walk(value) if text_at(who, "id") and _name(who)}
    inside: set[int] = set()
    for _, item in walk(value):
        if id(item) in inside or "from_id" not in item or "text" not in item or not text_at(item, "date"):
            continue
        copies = [copy for copy in list_at(item, "copy_history") if isinstance(copy, dict)]
        inside.update(id(copy) for copy in copies)
        post = _item(item, names)
        yield replace(post, quoted=replace(_item(copies[0], names), kind="quoted")) if copies else post


def _item(item: dict[str, Any], names: dict[str, dict[str, Any]]) -> Post:
    owner, number = text_at(item, "owner_id"), text_at(item, "id")
    wall = text_at(item, "post_id")
    who = text_at(item, "from_id")
    known = names.get(who, {})
    handle = text_at(known, "screen_name")
    kept = f"{ROOT}{handle or ('club' + who[1:] if who.startswith('-') else 'id' + who)}" if who else ""
    counts = {name: text_at(item, name, "count") for name in ("likes", "comments", "reposts", "views")}
    thread = f"{owner}_{wall}" if wall else f"{owner}_{number}"
    parent = text_at(item, "reply_to_comment")
    return Post(
        PLATFORM,
        "deleted" if item.get("deleted") is True else "comment" if wall else "post",
        Account(_name(known), handle, who, kept),
        text_at(item, "text"),
        time=from_epoch(item.get("date")),
        edited=from_epoch(item.get("edited")),
        id=f"{owner}_{number}" if owner else number,
        permalink=f"{ROOT}wall{thread}{f'?reply={number}' if wall else ''}" if owner else "",
        in_reply_to=(f"{owner}_{parent}" if parent else thread) if wall else "",
        thread=thread if owner else "",
        media=tuple(_pictures(item)),
        counts={name: count for name, count in counts.items() if count},
        source="json",
    )


def _pictures(item: dict[str, Any]) -> Iterator[Media]:
    for part in list_at(item, "attachments"):
        kind = text_at(part, "type")
        if kind == "photo":
            sizes = [size for size in list_at(part, "photo", "sizes") if text_at(size, "url")]
            url = text_at(max(sizes, key=_width, default=None), "url")
        else:
            url = text_at(part, kind, "url") or text_at(part, kind, "player")
        if url:
            yield Media("image" if kind == "photo" else "video" if kind == "video" else "link", url)


def _width(size: Any) -> int:
    width = text_at(size, "width")
    return int(width) if width.isascii() and width.isdigit() and len(width) < 6 else 0


def _name(who: dict[str, Any]) -> str:
    return f"{text_at(who, 'first_name')} {text_at(who, 'last_name')}".strip() or text_at(who, "name")


def _number(who: dict[str, Any]) -> str:
    """An account as posts name it: communities stand below zero."""
    return text_at(who, "id") if "first_name" in who else f"-{text_at(who, 'id').lstrip('-')}"


def _refused(value: Any) -> Standing | None:
    """What the API says in the place of an answer, by its numbers."""
    code, words = text_at(value, "error", "error_code"), text_at(value, "error", "error_msg")
    why = f"VK's answer: {code} {words}".strip()
    if code in ("15", "30", "203", "212", "5"):
        return Standing("login_wall", why)
    if code == "18":
        return Standing("removed", why)
    empty = value in ({"response": {"items": []}}, {"response": []})
    return Standing("removed", "VK's answer holds no post") if empty else Standing("error", why) if code else None


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, identity=identity)
