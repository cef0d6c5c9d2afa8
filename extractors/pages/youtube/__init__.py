"""Reads YouTube: videos, comments, live chat, community posts and channels. Never calls a player's frame a video."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.contract import Page, PageExtractor, Post, Problem, Standing
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
from extractors.pages.youtube import elements
from extractors.pages.youtube import json as youtube_json
from extractors.pages.youtube.address import HOSTS, VIDEO_ID, identity, query
from extractors.toolbox import (
    canonical,
    companion_json,
    find_json,
    first,
    holds,
    host_of,
    is_host,
    json_of,
    meta,
    text_at,
    title_of,
    tree,
    walk,
    written,
)

PLATFORM = "youtube"
HOME = "https://www.youtube.com/"
PLAYER_ERROR = (
    "#unavailable-message",
    ".ytp-error-content",
    "yt-player-error-message-renderer",
    "#player-unavailable .content",
)
WALLS = rules(
    ("challenge", r"unusual traffic from your computer|detected unusual traffic|not a robot|not a bot"),
    ("removed", r"error 404 \(|this page isn't available|404 not found"),
    (
        "login_wall",
        r"before you continue to youtube|bevor sie zu youtube|avant d'accéder à youtube|antes de ir a youtube",
    ),
    ("error", r"error 5\d\d \(|oops, something went wrong|something went wrong"),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """The video or channel, then what is written under it, in page order."""
    value = json_page(page)
    about = identity(canonical(page) or "") or identity(page.url)
    thread = about.post if about is not None and value is None else ""
    if value is not None:
        player, data = _player(value), value
        main = youtube_json.video(player, data) or youtube_json.channel(data)
    else:
        player, data = _player(_script(page, "ytInitialPlayerResponse")), _script(page, "ytInitialData")
        main = youtube_json.video(player, data) or elements.video(page) or youtube_json.channel(data)
    thread = (main.id if main is not None and main.kind == "post" else "") or thread or _thread_of(value)
    main = main or (_fallback(page) if value is None and _unplayable(page, player, data) is None else None)
    if main is None:
        main = next(youtube_json.posts(companion_json(page.companions, "/oembed")[1]), None)
    if main is not None:
        yield main
    comments = list(elements.comments(page, thread)) or list(youtube_json.posts(data, thread))
    yield from comments
    if value and main is None and not comments and _answered(value) is None:
        yield Problem("/", "a JSON answer without posts")
    yield from _checked(page, main)


def standing(page: Page) -> Standing | None:
    """What the player and the page's own notices say. A video that plays is live, whatever notices stand hidden."""
    value = json_page(page)
    if value is not None:
        return _answered(value)
    player, data = _player(_script(page, "ytInitialPlayerResponse")), _script(page, "ytInitialData")
    if (found := _unplayable(page, player, data)) is not None:
        return found
    posts = [record for record in read(page) if isinstance(record, Post) and record.sure]
    if posts:
        return Standing("live", f"{posts[0].kind} {posts[0].id} stands in the page".strip())
    if first(tree(page), "#captcha-form, .g-recaptcha, #recaptcha") is not None:
        return Standing("challenge", "a captcha form stands in the page")
    if (
        is_host(host_of(page.url), "consent.youtube.com")
        or first(tree(page), "form[action*='consent.youtube.com']") is not None
    ):
        return ruled(wall_words(page), WALLS) or Standing("challenge", "YouTube asks for consent first")
    about = identity(page.url)
    wanted = about is not None and about.page in ("post", "profile")
    return ruled(wall_words(page), WALLS) or (without_post(page, "YouTube") if wanted else None)


def companions(url: str) -> list[str]:
    """A video's public oEmbed answer."""
    about = identity(url)
    if about is None or about.page != "post" or not VIDEO_ID.fullmatch(about.post):
        return []
    return [f"{HOME}oembed?format=json&url={HOME}watch?v={about.post}"]


def recognises(page: Page) -> bool:
    """Its own elements and data, its canonical address, or its own JSON."""
    value = json_page(page)
    if value is not None:
        own = {
            "playabilityStatus",
            "playerResponse",
            "onResponseReceivedEndpoints",
            "frameworkUpdates",
            "responseContext",
        }
        kind = text_at(value, "kind")
        named = (
            text_at(value, "provider_name") == "YouTube" or text_at(value, "alerts", 0, "alertRenderer", "type") != ""
        )
        return isinstance(value, dict) and (bool(own & value.keys()) or kind.startswith("youtube#") or named)
    if belongs(page, "youtube.com", "youtu.be") or names_itself(page, "youtube"):
        return True
    if holds(page, "ytInitial") and re.search(r"\bytInitial(?:PlayerResponse|Data)\b[\"'\]]*\s*=", page.html):
        return True
    title = title_of(page)
    return first(
        tree(page), "ytd-app, ytm-app, #watch7-main, #watch7-content, form[action*='consent.youtube.com']"
    ) is not None or (
        title.startswith(("https://www.youtube.com/", "http://www.youtube.com/")) or title.endswith(" - YouTube")
    )


# --- data


def _script(page: Page, name: str) -> Any:
    for marker in (f"{name} =", f'{name}"] =', f"{name}=", name):
        value = find_json(page.html, marker)
        if isinstance(value, dict) and value:
            return value
    return _quoted(page.html, name)


def _quoted(html: str, name: str) -> Any:
    """The mobile page gives the data as an escaped string, `ytInitialData = '\\x7b…'`; an embed page inside JSON."""
    found = re.search(rf"{name} = '((?:[^'\\]|\\.)*)'", html)
    if found is not None:
        plain = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), found[1])
        return json_of(plain.replace("\\'", "'").replace("\\\\", "\\"))
    embedded = re.search(r'"embedded_player_response":("(?:[^"\\]|\\.)*")', html) if "Player" in name else None
    return json_of(inner) if embedded and isinstance(inner := json_of(f"[{embedded[1]}]"), str) else None


def _player(value: Any) -> Any:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict) and "playerResponse" in item), None)
    inner = value.get("playerResponse") if isinstance(value, dict) else None
    return (json_of(inner) if isinstance(inner, str) else inner) or value


def _unplayable(page: Page, player: Any, data: Any) -> Standing | None:
    found = youtube_json.playability(player) or youtube_json.alert(data)
    if found is None:
        node = first(tree(page), *PLAYER_ERROR)
        said = written(node)
        state = next((kind for kind, rule in youtube_json.PLAYABILITY if rule.search(said)), None) if said else None
        playing = elements.video(page) is not None
        found = (
            Standing(state, f"the page's own words: {' '.join(said.split())[:120]}") if state and not playing else None
        )
    return found if found is not None and found.state != "live" else None


def _answered(value: Any) -> Standing | None:
    if isinstance(value, (dict, list)) and not value:
        return Standing("removed", "YouTube's answer is empty")
    found = youtube_json.alert(value) or youtube_json.playability(_player(value))
    if found is None and text_at(value, "error", "code"):
        code = text_at(value, "error", "code")
        return Standing("removed" if code in ("404", "410") else "error", f"YouTube's answer: {code}")
    some = next(youtube_json.posts(value), None)
    return found or (Standing("live", f"{some.kind} {some.id} stands in the answer") if some is not None else None)


def _thread_of(value: Any) -> str:
    """The video that a comment answer belongs to: the address of its first comment names it."""
    for _, item in walk(value):
        url = item.get("url")
        if isinstance(url, str) and "lc=" in url and (video := query(url).get("v")):
            return video
    return ""


def _checked(page: Page, main: Post | None) -> Iterator[Problem]:
    address, twin = companion_json(page.companions, "/oembed")
    if main is not None and isinstance(twin, dict):
        title, name = text_at(twin, "title"), text_at(twin, "author_name")
        if title and not main.text.startswith(title):
            yield Problem(address, f"{main.id}: page and twin give different titles")
        if name and main.author.name and name != main.author.name:
            yield Problem(address, f"{main.id}: the page names {main.author.name}, its twin {name}")


def _fallback(page: Page) -> Post | None:
    found = next((post for post in structured(page, PLATFORM) if post.kind != "comment"), None)
    about = identity(canonical(page) or page.url)
    titled = meta(page, "og:title") not in ("", "YouTube")
    return found or (opengraph(page, PLATFORM) if titled and about is not None and about.page == "post" else None)


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
