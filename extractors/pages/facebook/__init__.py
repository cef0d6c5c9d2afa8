"""Reads Facebook: desktop, touch and basic pages of all eras, plugins, answers. Never calls a frame a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.contract import Page, PageExtractor, Post, Problem, Standing
from extractors.fallbacks import (
    belongs,
    disagreements,
    hidden_words,
    names_itself,
    opengraph,
    ruled,
    structured,
    wall_words,
    without_post,
)
from extractors.json_pages import json_page
from extractors.once import once
from extractors.pages.facebook import answers, elements
from extractors.pages.facebook import json as facebook_json
from extractors.pages.facebook.address import HOME, HOSTS, identity, link, post_id
from extractors.pages.facebook.words import BLOCKS, NO_TITLE, OWN, WALLS
from extractors.toolbox import (
    Element,
    canonical,
    decode,
    first,
    fragment,
    holds,
    home,
    json_scripts,
    meta,
    text_at,
    title_of,
    tree,
    visible_text,
    walk,
)

PLATFORM = "facebook"
LOGIN_PAGE = 1_500  # characters; a page with more to read that also holds the form is no wall
HOLDING = re.compile(  # a comment of the markup that holds more markup with posts in it
    r"data-sigil|data-utime|userContent|role=\"article\"|story_body_container|class=\"msg\"|<article|<header|<abbr"
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """What its elements show, hidden in comments of the markup or not; filled up from its JSON; else `<meta>`."""
    value = json_page(page)
    if value is not None:
        posts = list(_answered(value, page))
        empty = not posts and answers.standing(value) is None
        yield from [Problem("/", "a JSON answer without posts")] if empty else posts
        return
    shown = [post for root in _roots(tree(page)) for post in elements.posts(root, home(page, HOME))]
    told = [post for _, data in json_scripts(tree(page)) for post in facebook_json.stories(data)]
    told += answers.boxes(page.html)
    posts = list(_joined(shown, told))
    if not any(post.kind == "post" for post in posts):
        posts = [post for post in structured(page, PLATFORM) if not _known(post, posts)] + posts
    twins = {address: list(_twin(address, data)) for address, data in page.companions.items()}
    posts = posts or [post for address in twins for post in twins[address]]
    if not posts and (post := _previewed(page)) is not None:
        posts = [post]
    alone = sum(1 for post in posts if post.kind == "post") == 1
    yield from (_addressed(post, page) if alone and post.kind == "post" else post for post in posts)
    for address, twin in twins.items():
        yield from disagreements(posts, twin, where=address)


def standing(page: Page) -> Standing | None:
    """Facebook's own removals and walls. A banner that asks for a login over a post that is there is no wall."""
    value = json_page(page)
    records = [record for record in read(page) if isinstance(record, Post)]
    whole = [
        post for post in records if post.source in ("dom", "json", "structured") and (post.sure or post.author.name)
    ]
    if whole:
        return Standing("live", f"{whole[0].kind} {whole[0].id or 'of ' + whole[0].author.name} stands in the page")
    if value is not None:
        return answers.standing(value)
    root = tree(page)
    if (
        first(root, "input[name='approvals_code'], form[action*='/checkpoint/']") is not None
        or "/checkpoint/" in page.url
    ):
        return Standing("login_wall", "Facebook asks for an approval code or a checkpoint")
    if first(root, "[name='captcha_response'], iframe[src*='captcha'], #captcha, .g-recaptcha") is not None:
        return Standing("challenge", "a captcha stands in the page")
    words = wall_words(page)
    if found := ruled(words, WALLS) or ruled(hidden_words(page), BLOCKS):
        return found
    form = first(root, "#login_form, form[action*='/login/'], #login_popup_cta_form, input[name='pass']")
    if form is not None and len(visible_text(page)) < LOGIN_PAGE:
        return Standing("login_wall", "the page holds a form to log in and no post")
    about = identity(page.url) or identity(canonical(page))
    wanted = about is not None and about.page in ("post", "story")
    return without_post(page, "Facebook") if wanted or holds(page, '"fb_comet"') else None


def companions(url: str) -> list[str]:
    """The plugin's page of a public post, which shows it without a login."""
    about = identity(url)
    if about is None or about.page != "post":
        return []
    kind = "video" if "/videos/" in url or "/watch" in url or "/reel/" in url else "post"
    return [f"{HOME}plugins/{kind}.php?href={url.partition('#')[0]}&show_text=true"]


def recognises(page: Page) -> bool:
    """Its own marks and addresses; a page that only embeds a post carries none of them."""
    value = json_page(page)
    if value is not None:
        text = page.html[:3_000]
        return text_at(value, "provider_name") == "Facebook" or "m_story" in text or "mf_story_key" in text
    if belongs(page, *HOSTS) or names_itself(page, "facebook"):
        return True
    title = title_of(page)
    return first(tree(page), OWN) is not None or title.endswith("| Facebook") or holds(page, '"fb_comet"')


# --- where posts stand


def _roots(root: Element) -> Iterator[Element]:
    """The page, then each comment of its markup that holds markup: the page's own script puts it into the page."""
    yield root
    for node in root.iter("code", "div", "body"):
        for inside in node:
            if not isinstance(inside.tag, str) and len(inside.text or "") > 80 and HOLDING.search(inside.text or ""):
                yield fragment(inside.text or "")


def _twin(address: str, untrusted_bytes: bytes) -> Iterator[Post]:
    """Posts of the plugin's page that was sealed beside this one."""
    if "/plugins/" in address:
        for root in _roots(fragment(decode(untrusted_bytes))):
            yield from elements.posts(root, address)


def _answered(value: Any, page: Page) -> Iterator[Post]:
    """Posts of an answer: as data, or as markup that an old page would have put into itself."""
    found = [*facebook_json.stories(value), *answers.api(value)]
    for _, item in walk(value):
        for part in item.values():
            if isinstance(part, str) and len(part) > 80 and "<" in part and HOLDING.search(part):
                found += [post for root in _roots(fragment(part)) for post in elements.posts(root, page.url)]
    yield from found


def _joined(shown: list[Post], told: list[Post]) -> Iterator[Post]:
    """Each shown post with what the data adds to it; then what only the data holds."""
    used: set[int] = set()
    for post in shown:
        twin = next((n for n, each in enumerate(told) if n not in used and _same(post, each)), None)
        if twin is None:
            yield post
            continue
        used.add(twin)
        more = told[twin]
        author = more.author if post.author.name in ("", more.author.name) else post.author
        time = more.time if post.time is None or post.time.utc is None else post.time
        yield replace(
            post,
            author=author,
            time=time or post.time,
            id=post.id or more.id,
            permalink=post.permalink or more.permalink,
            sure=True,
        )
    yield from (post for n, post in enumerate(told) if n not in used)


def _same(one: Post, other: Post) -> bool:
    if one.id and one.id == other.id:
        return True
    words = "".join(one.text.split())[:80], "".join(other.text.split())[:80]
    names = one.author.name == other.author.name or not one.author.name
    return bool(words[0]) and words[0] == words[1] and names


def _known(post: Post, posts: list[Post]) -> bool:
    return any(_same(each, post) for each in posts)


def _addressed(post: Post, page: Page) -> Post:
    """The page's own address for the one post that it shows."""
    own = next((url for url in (canonical(page), page.url) if post_id(url)), "")
    if not own or post.permalink or post.id not in ("", post_id(own)):
        return post
    return replace(post, permalink=link(own), id=post_id(own))


def _previewed(page: Page) -> Post | None:
    about = identity(canonical(page)) or identity(page.url)
    title = meta(page, "og:title")
    if NO_TITLE.match(title) or (about is not None and about.page not in ("post", "profile")):
        return None
    post = opengraph(page, PLATFORM, kind="profile" if about is not None and about.page == "profile" else "post")
    return replace(post, id=about.post or about.account) if post is not None and about is not None else post


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
