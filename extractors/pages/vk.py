"""Reads VK: walls, posts and comments, on the desktop and the mobile site. Never guesses a relative date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import line_of
from extractors.fallbacks import opengraph, structured
from extractors.once import once
from extractors.toolbox import first, holds, home, host_of, is_host, meta, path_parts, tree

PLATFORM, HOSTS, ROOT = "vk", ("vk.com", "vk.ru", "vkontakte.ru"), "https://vk.com/"
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
    time=("[data-testid='post_date_block_preview']", "[data-testid='comment-date']", "time"),
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


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, identity=identity)
