"""Reads LinkedIn: public posts, articles, comments and profiles. Never calls the page that asks to join a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.contract import (
    Page,
    PageExtractor,
    Post,
    Problem,
    Standing,
)
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
from extractors.pages.linkedin import elements as linkedin_elements
from extractors.pages.linkedin.elements import HOME, HOSTS, POSTS, identity
from extractors.toolbox import (
    canonical,
    decode,
    first,
    holds,
    meta,
    path_parts,
    title_of,
    tree,
)

PLATFORM = "linkedin"
WALLS = rules(
    (
        "challenge",
        r"security verification|quick security check|verify (?:that )?you're (?:not a robot|human)|unusual activity",
    ),
    (
        "removed",
        r"this (?:post|page|content) (?:cannot be displayed|isn't available|is no longer available|doesn't exist)",
    ),
    (
        "removed",
        r"post (?:was )?(?:not found|removed|deleted)|page not found|profile (?:not found|is(?:n't| not) available)",
    ),
    ("removed", r"an exact match for .{1,60} could not be found|seite (?:wurde )?nicht gefunden|page introuvable"),
    ("suspended", r"account (?:has been )?(?:temporarily )?restricted"),
    ("error", r"something went wrong|request denied"),
)


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """Posts with what they share, articles, comments, in page order; else hidden data; else JSON-LD and `<meta>`."""
    value = json_page(page)
    if value is not None:
        posts = list(linkedin_elements.updates(value))
        yield from posts if posts else [Problem("/", "a JSON answer without posts")]
        return
    shown = list(linkedin_elements.posts(page))
    if not any(post.kind != "comment" for post in shown):
        shown = [*linkedin_elements.hidden(page), *shown]
    told = list(structured(page, PLATFORM))
    posts = _filled(shown, [post for post in told if post.kind != "comment"], page)
    if not any(post.kind != "comment" for post in posts):
        posts = told + [post for post in posts if post not in told]
    about = identity(canonical(page)) or identity(page.url)
    twins = [Page(address, decode(data)) for address, data in page.companions.items() if "/embed/" in address]
    posts = posts or [post for twin in twins for post in linkedin_elements.posts(twin)]
    if not posts and about is not None and about.page in ("post", "profile") and meta(page, "og:title"):
        preview = opengraph(page, PLATFORM, kind="profile" if about.page == "profile" else "post")
        posts = [replace(preview, id=about.post)] if preview is not None and not _walled(page) else []
    yield from posts


def standing(page: Page) -> Standing | None:
    """LinkedIn's own removals, and the page that asks to join. A banner over a post that is there is no wall."""
    posts = [record for record in read(page) if isinstance(record, Post) and record.sure]
    if posts:
        return Standing("live", f"{posts[0].kind} {posts[0].id or 'of ' + posts[0].author.name} stands in the page")
    if page.status == 999:
        return Standing("challenge", "HTTP 999, LinkedIn's answer to programs")
    if _walled(page):
        return Standing("login_wall", "the page asks to join or sign in")
    about = identity(page.url)
    wanted = about is not None and about.page == "post"
    return ruled(wall_words(page), WALLS) or (without_post(page, "LinkedIn") if wanted else None)


def companions(url: str) -> list[str]:
    """The page for embedding of a post whose number the address carries."""
    about = identity(url)
    return (
        [f"{HOME}embed/feed/update/urn:li:activity:{about.post}"] if about is not None and about.post.isdigit() else []
    )


def recognises(page: Page) -> bool:
    """Its own marks or canonical address."""
    if json_page(page) is not None:
        return "urn:li:" in page.html[:5_000] and holds(page, "com.linkedin.voyager")
    if belongs(page, *HOSTS) or names_itself(page, "linkedin", "linkedin pulse"):
        return True
    own = "[data-activity-urn^='urn:li:'], [data-urn^='urn:li:activity'], meta[name='linkedin:pageTag']"
    title = title_of(page)
    marked = first(tree(page), own, ".main-feed-activity-card") is not None
    return marked or title == "LinkedIn" or title.endswith("| LinkedIn")


def _filled(shown: list[Post], told: list[Post], page: Page) -> list[Post]:
    """The main post with the time and address that the page's JSON-LD and canonical link give it."""
    at = next((n for n, post in enumerate(shown) if post.kind in ("post", "article")), None)
    if at is None:
        return shown
    post, own = shown[at], canonical(page)
    twin = next((each for each in told if not each.author.name or each.author.name == post.author.name), None)
    about = identity(own)
    ours = (about is not None and about.page == "post" and about.post in (post.id, "")) or not post.id
    if twin is not None and ours:
        better = post.time is None or post.time.utc is None or post.time.basis == "id"
        time = twin.time if better and twin.time is not None else post.time
        post = replace(post, time=time, author=post.author if post.author.name else twin.author)
    shown[at] = replace(post, permalink=own) if own and ours else post
    return shown


def _walled(page: Page) -> bool:
    """Whether the page is nothing but the question to join or sign in."""
    path = "/".join(path_parts(page.url))
    title = title_of(page)
    form = first(tree(page), ".authwall-join-form, #join-form, form.login__form, form[action*='/uas/login-submit']")
    named = re.search(r"^(?:sign (?:in|up)|log ?in|join|linkedin login|einloggen|s.identifier)\b.*", title, re.I)
    return (
        path.startswith(("authwall", "login", "uas/login", "signup", "checkpoint/lg"))
        or bool(named)
        or (form is not None and first(tree(page), POSTS) is None)
    )


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
