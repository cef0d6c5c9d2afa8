"""Reads TikTok: videos, comments and profiles, from data, elements and answers. Never guesses a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.claims import CLAIMS
from extractors.contract import Identity, Page, PageExtractor, Post, Problem, Standing
from extractors.fallbacks import (
    belongs,
    names_itself,
    opengraph,
    ruled,
    rules,
    structured,
    wall_words,
    without_post,
)
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages.tiktok import json as tiktok_json
from extractors.pages.tiktok.json import HOME, account_of, by_id, post_of, some
from extractors.toolbox import (
    Element,
    absolute,
    attr,
    canonical,
    companion_json,
    dict_at,
    first,
    host_of,
    is_host,
    json_scripts,
    path_parts,
    select,
    stated,
    text_at,
    tree,
    written,
)

PLATFORM = "tiktok"
HOSTS = CLAIMS["tiktok"]
COMMENT_TEXT = "[data-e2e^='comment-level-']"
COMMENT_AUTHOR = "[data-e2e^='comment-username-']"
VIDEO_TEXT = "[data-e2e='browse-video-desc'], [data-e2e='video-desc'], [data-e2e='new-desc-span']"
VIDEO_AUTHOR = (
    "[data-e2e='browse-username'], [data-e2e='video-author-uniqueid'], [data-e2e='browse-user-avatar'], .tt-author-link"
)
SHOWN = (("likes", "like-count"), ("comments", "comment-count"), ("shares", "share-count"))
COUNT = re.compile(r"\d[\d.,]*[KMB]?")
TILES = "[data-e2e='user-post-item']"
ABOVE = 8  # elements between a comment's words and what holds its author; 4 was the most that was met
WALLS = rules(
    (
        "challenge",
        r"please wait\.\.\.|security verification|verify to continue|drag the (?:slider|puzzle)|access denied",
    ),
    ("geo_blocked", r"(?:isn't|not) available in your (?:country|region)|discontinued operating tiktok"),
    ("removed", r"video currently unavailable|this video is unavailable|video is no longer available"),
    ("removed", r"couldn't find this (?:account|page)|page not (?:available|found)|this post is unavailable"),
    (
        "removed",
        r"(?:video|vídeo) (?:derzeit )?(?:nicht verfügbar|no disponible|indisponível|indisponible|non disponibile)",
    ),
    ("removed", r"konto konnte nicht gefunden|no se pudo encontrar esta cuenta|impossible de trouver ce compte"),
    ("suspended", r"account (?:was |has been )?(?:banned|suspended)"),
    (
        "login_wall",
        r"this account is private|this video is private|dieses konto ist privat|cuenta es privada|compte est privé",
    ),
    ("login_wall", r"log in to (?:tiktok|continue|see)|not be comfortable for some audiences|age-restricted"),
    ("error", r"something went wrong|server error"),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """The video or person, then comments: from the page's data, and from its elements where those hold more."""
    value = json_page(page)
    if value is not None:
        posts = list(tiktok_json.posts(value))
        told = posts or tiktok_json.standing(value) is not None
        yield from posts if told else [Problem("/", "a JSON answer without posts")]
        return
    told_by_data = [post for _, data in json_scripts(tree(page)) for post in tiktok_json.posts(data)]
    wanted = _identity(page)
    posts = [post for post in told_by_data if wanted is None or wanted.page != "post" or post.id == wanted.post]
    posts = posts or told_by_data or list(_shown(page)) or [*structured(page, PLATFORM)]
    comments = [post for post in posts if post.kind == "comment"]
    posts += [] if comments else list(_comments(page, wanted.post if wanted is not None else ""))
    _, twin = companion_json(page.companions, "/oembed")
    posts = posts or list(tiktok_json.posts(twin))
    if not posts and wanted is not None and wanted.page in ("post", "profile"):
        preview = opengraph(page, PLATFORM, kind="profile" if wanted.page == "profile" else "post")
        named = preview is not None and not preview.text.startswith("TikTok")
        posts = [replace(preview, id=wanted.post)] if preview is not None and named else []
    if wanted is not None and wanted.page == "profile" and not any(post.kind == "post" for post in posts):
        posts += _tiles(page)
    yield from posts
    yield from _checked(page, posts)


def standing(page: Page) -> Standing | None:
    """What the data's status code says, else the page's own notices."""
    value = json_page(page)
    for data in [value] if value is not None else [data for _, data in json_scripts(tree(page))]:
        if (found := tiktok_json.standing(data)) is not None:
            return found
    posts = [record for record in read(page) if isinstance(record, Post) and record.sure]
    if posts:
        return Standing("live", f"{posts[0].kind} {posts[0].id or posts[0].author.handle} stands in the page")
    if value is not None:
        return None
    if first(tree(page), "[id*='captcha'], [class*='captcha-verify'], #wci, [id='_wafchallengeid']") is not None:
        return Standing("challenge", "a captcha stands in the page")
    about = _identity(page)
    wanted = about is not None and about.page != "other"
    return ruled(wall_words(page), WALLS) or (without_post(page, "TikTok") if wanted else None)


def identity(url: str) -> Identity | None:
    """Video, photo post, profile, inbox or search, from the address alone."""
    parts = path_parts(url)
    if not any(is_host(host_of(url), claimed) for claimed in HOSTS):
        return None
    handle = parts[0][1:] if parts and parts[0].startswith("@") else ""
    for at, part in enumerate(parts):
        if part in ("video", "photo", "v", "player", "embed") and at + 1 < len(parts):
            post = next((each.partition(".")[0] for each in parts[at + 1 :] if each.partition(".")[0].isdigit()), "")
            if post:
                return Identity(PLATFORM, "post", post, handle)
    if handle and parts[1:2] == ["story"]:
        return Identity(PLATFORM, "story", parts[2] if len(parts) > 2 else "", handle)
    if handle:
        return Identity(PLATFORM, "profile", handle=handle)
    if parts and (host_of(url).startswith(("vm.", "vt.")) or parts[0] == "t"):
        return Identity(PLATFORM, "post")
    head = parts[0] if parts else ""
    return Identity(PLATFORM, "inbox" if head == "messages" else "search" if head in ("search", "tag") else "other")


def companions(url: str) -> list[str]:
    """A video's public oEmbed answer."""
    about = identity(url)
    if about is None or about.page != "post" or not about.post or not about.handle:
        return []
    return [f"{HOME}oembed?url={HOME}@{about.handle}/video/{about.post}"]


def recognises(page: Page) -> bool:
    """Its own data and elements, its canonical address, or its own JSON."""
    value = json_page(page)
    if value is not None:
        named = text_at(value, "provider_name") == "TikTok" or text_at(value, "comments", 0, "aweme_id") != ""
        return (
            named
            or bool(dict_at(value, "itemInfo", "itemStruct"))
            or text_at(value, "itemList", 0, "author", "uniqueId") != ""
        )
    if belongs(page, *HOSTS) or names_itself(page, "tiktok"):
        return True
    own = (
        "#SIGI_STATE, #__UNIVERSAL_DATA_FOR_REHYDRATION__, [data-e2e='browse-video-desc'], [data-e2e^='comment-level-']"
    )
    return first(tree(page), own) is not None


def _checked(page: Page, posts: list[Post]) -> Iterator[Problem]:
    address, twin = companion_json(page.companions, "/oembed")
    main = next((post for post in posts if post.kind == "post"), None)
    handle, title = text_at(twin, "author_unique_id"), text_at(twin, "title")
    if main is not None and handle and main.author.handle and handle != main.author.handle:
        yield Problem(address, f"{main.id}: the page names {main.author.handle}, its twin {handle}")
    if main is not None and title and main.text and title.split() != main.text.split():
        yield Problem(address, f"{main.id}: page and twin give different words")


# --- elements


def _shown(page: Page) -> Iterator[Post]:
    text, link = first(tree(page), VIDEO_TEXT), first(tree(page), VIDEO_AUTHOR)
    if text is None:
        return
    about = _identity(page)
    handle = (about.handle if about is not None else "") or written(link).removeprefix("@")
    nickname = written(first(tree(page), "[data-e2e='browser-nickname'], [data-e2e='video-author-nickname']"))
    name, _, date = nickname.rpartition("·")
    identifier = about.post if about is not None else ""
    shown = first(tree(page), "time")
    words = written(shown) or date.strip()
    given, proven = stated(attr(shown, "datetime"), words), by_id(identifier)
    proven = replace(proven, written=words or proven.written) if proven is not None else None
    time = given if given is not None and given.utc is not None else proven or given
    counts = {name: written(first(tree(page), f"[data-e2e='browse-{key}'], [data-e2e='{key}']")) for name, key in SHOWN}
    post = post_of("post", account_of((name or nickname).strip(), handle, ""), written(text), time, identifier, "dom")
    yield replace(post, counts=some(counts))


def _tiles(page: Page) -> Iterator[Post]:
    """An account's videos as its page lays them out: a link, and what the picture's `alt` says of the video."""
    for tile in select(tree(page), TILES):
        link = first(tile, "a[href*='/video/'], a[href*='/photo/']")
        about = identity(absolute(attr(link, "href"), HOME))
        if about is None or about.page != "post":
            continue
        words = attr(first(tile, "img[alt]"), "alt").partition(" created by ")[0]
        yield post_of("post", account_of("", about.handle, ""), words, by_id(about.post), about.post, "dom")


def _comments(page: Page, thread: str) -> Iterator[Post]:
    for node in select(tree(page), COMMENT_TEXT):
        level = attr(node, "data-e2e").rpartition("-")[2]
        if not level.isdigit():
            continue
        holder = next(
            (
                up
                for _, up in zip(range(ABOVE), node.iterancestors(), strict=False)
                if first(up, COMMENT_AUTHOR) is not None
            ),
            None,
        )
        author = first(holder, COMMENT_AUTHOR) if holder is not None else None
        link = author if attr(author, "href") else _linked(author)
        handle = next((part[1:] for part in path_parts(absolute(attr(link, "href"), HOME)) if part.startswith("@")), "")
        shown, likes = _when_and_likes(holder, level) if holder is not None else ("", "")
        post = post_of("comment", account_of(written(author), handle, ""), written(node), stated("", shown), "", "dom")
        yield replace(
            post,
            permalink="",
            in_reply_to=thread if level == "1" else "",
            thread=thread,
            counts=some({"likes": likes}),
        )


def _when_and_likes(holder: Element, level: str) -> tuple[str, str]:
    """By their names of 2022; since then the time stands before the button that answers, the number behind it."""
    shown = written(first(holder, f"[data-e2e='comment-time-{level}']"))
    likes = written(first(holder, "[data-e2e='comment-like-count']"))
    answer = first(holder, f"[data-e2e='comment-reply-{level}']")
    if answer is not None and not shown:
        before = answer.getprevious()
        shown = written(before) if before is not None else ""
    if answer is not None and not likes:
        after = (written(node) for node in answer.itersiblings())
        likes = next((line for line in after if COUNT.fullmatch(line)), "")
    return shown, likes


def _linked(node: Element | None) -> Element | None:
    if node is None:
        return None
    inside = first(node, "a[href]")
    return inside if inside is not None else next((up for up in node.iterancestors() if up.tag == "a"), None)


def _identity(page: Page) -> Identity | None:
    own = identity(canonical(page))
    return own if own is not None and own.page != "other" else identity(page.url)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
