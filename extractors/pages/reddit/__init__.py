"""Reads Reddit: old, new and present pages, its JSON answers and embeds. Never reads a stub or a wall as a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Page, PageExtractor, Post, Problem, Standing
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
from extractors.pages.reddit import json as reddit_json
from extractors.pages.reddit.elements import elements
from extractors.toolbox import (
    canonical,
    companion_json,
    first,
    holds,
    host_of,
    is_host,
    path_parts,
    text_of,
    title_of,
    tree,
)
from extractors.twins import disagreements

PLATFORM = "reddit"
HOME = "https://www.reddit.com/"
HOSTS = CLAIMS["reddit"]
OWN = (
    "shreddit-app, shreddit-post, shreddit-comment, .thing[data-fullname], .thing[data-subreddit], body.theme-beta, "
    "[data-testid='post-container'][id^='t3_'], .Post[id^='t3_']"
)
REMOVED_POST = rules(
    ("removed", r"sorry, this post (?:was|has been) (?:deleted|removed)[^.]{0,120}"),
    ("removed", r"this post (?:was|has been) (?:deleted|removed)[^.]{0,120}"),
    ("removed", r"post (?:deleted|removed) by [^.]{0,80}"),
)
WALLS = rules(
    ("challenge", r"prove your humanity|pair your account to this browser|js_challenge|are you a robot"),
    ("challenge", r"whoa there, pardner!?|you've been blocked by network security|blocked due to a network policy"),
    ("challenge", r"our cdn was unable to reach our servers|too many requests"),
    ("removed", r"r/\w+ has been banned|this (?:subreddit|community) (?:was|has been) banned[^.]{0,80}"),
    ("suspended", r"this account has been (?:suspended|banned)|this user has been suspended"),
    ("removed", r"nobody on reddit goes by that name|this user has deleted their account"),
    (
        "login_wall",
        r"(?:r/\w+|this (?:community|subreddit)|.{0,40}) is (?:a )?private (?:community|subreddit)?[^.]{0,60}",
    ),
    ("login_wall", r"you must be (?:18\+|invited|at least eighteen|over 18)[^.]{0,60}|nsfw content .{0,40}log ?in"),
    ("login_wall", r"this (?:community|subreddit) is quarantined|are you sure you want to view this community"),
    ("login_wall", r"log in to (?:use|continue|confirm|view)[^.]{0,60}"),
    ("removed", r"community not found|there aren't any communities on reddit with that name"),
    ("removed", r"(?:sorry, )?(?:we couldn't find|this) (?:that )?page (?:wasn't found|you requested)?|page not found"),
    ("removed", r"the page you requested does not exist"),
    ("error", r"something went wrong|you broke reddit|sorry, we couldn't reach reddit|all of our servers are busy"),
)
STUB = re.compile(r"identified as a social\s+crawler")


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """Posts and comments in page order: the elements first, filled up from JSON; else JSON; else `<meta>`."""
    value = json_page(page)
    if value is not None:
        posts = list(reddit_json.posts(value))
        empty = not posts and reddit_json.standing(value) is None
        yield from [Problem("/", "a JSON answer without posts")] if empty else posts
        yield from reddit_json.left_out(value)
        return
    embedded = {post.id: post for post in reddit_json.embedded(page.html)}
    posts = [_addressed(_filled(post, embedded), page) for post in elements(page)] or list(embedded.values())
    if not posts:
        posts = [post for post in structured(page, PLATFORM) if post.author.name or post.author.handle]
    if not posts and (post := _previewed(page)) is not None:
        posts = [post]
    yield from posts
    address, twin = companion_json(page.companions, ".json")
    if twin is not None:
        twins = list(reddit_json.posts(twin))
        yield from disagreements(posts, twins, where=address)
        yield from twins if not posts else ()


def standing(page: Page) -> Standing | None:
    """Reddit's own removals and walls. A post that is there is live, whatever its comments say."""
    value = json_page(page)
    if value is not None:
        return reddit_json.standing(value)
    posts = [record for record in read(page) if isinstance(record, Post)]
    whole = [post for post in posts if post.sure and post.source in ("dom", "json")]
    main = next((post for post in whole if post.kind != "comment"), None)
    if main is not None and main.kind == "deleted":
        return Standing("removed", f"the page's own words: {', '.join(main.labels) or main.text[:80]}")
    if main is not None and not main.media and len(main.text) < 400 and (gone := ruled(text_of(page), REMOVED_POST)):
        return gone if first(tree(page), "[data-click-id='text'], .RichTextJSON-root, .md") is None else None
    if whole:
        return Standing("live", f"{whole[0].kind} {whole[0].id or whole[0].permalink} stands in the page".strip())
    if STUB.search(text_of(page)):
        return Standing("error", "Reddit answered with its stub for link previews, without the post")
    found = ruled(wall_words(page), WALLS)
    if found is None and first(tree(page), "body.theme-beta") is not None and page.status not in (404, 410):
        return Standing("challenge", "Reddit answered with its block page, without content")
    about = identity(page.url)
    wanted = about is not None and about.page == "post"
    return found or (without_post(page, "Reddit") if wanted else None)


def identity(url: str) -> Identity | None:
    """Post, comment, profile, inbox or search, from the address alone."""
    parts = path_parts(url)
    if is_host(host_of(url), "redd.it"):
        short = bool(parts) and host_of(url) in ("redd.it", "www.redd.it")
        return Identity(PLATFORM, "post", f"t3_{parts[-1]}") if short else None
    if "comments" in parts[:3] and len(parts) > (at := parts.index("comments")) + 1:
        comment = parts[at + 3] if len(parts) > at + 3 else ""
        return Identity(PLATFORM, "post", f"t1_{comment}" if comment else f"t3_{parts[at + 1]}")
    head = parts[0].lower() if parts else ""
    if head in ("user", "u") and len(parts) > 1:
        return Identity(PLATFORM, "profile", handle=parts[1])
    if head in ("message", "chat", "room", "notifications"):
        return Identity(PLATFORM, "inbox")
    if "search" in parts[:3]:
        return Identity(PLATFORM, "search")
    if head == "gallery" and len(parts) > 1:
        return Identity(PLATFORM, "post", f"t3_{parts[1]}")
    return Identity(PLATFORM, "other") if is_host(host_of(url), "reddit.com") else None


def companions(url: str) -> list[str]:
    """The `.json` of a thread or profile, and the thread's oEmbed answer."""
    about, path = identity(url), "/".join(path_parts(url)).removesuffix(".json")
    if about is None or not is_host(host_of(url), "reddit.com"):
        return []
    if about.page == "profile":
        return [f"{HOME}user/{about.handle}/about.json", f"{HOME}user/{about.handle}.json?raw_json=1"]
    return [f"{HOME}{path}.json?raw_json=1", f"{HOME}oembed?url={HOME}{path}/"] if about.page == "post" else []


def recognises(page: Page) -> bool:
    """Its own elements, its own canonical address, or its listing JSON."""
    if json_page(page) is not None:
        return reddit_json.recognises(json_page(page))
    if belongs(page, "reddit.com") or names_itself(page, "reddit", "reddit.com"):
        return True
    if first(tree(page), OWN) is not None or holds(page, "window.___r"):
        return True
    title = title_of(page)
    return title.startswith("Reddit - ") and ruled(wall_words(page), WALLS) is not None


def _filled(post: Post, embedded: dict[str, Post]) -> Post:
    """What the elements leave out, from the page's own JSON."""
    twin = embedded.get(post.id)
    if twin is None:
        return post
    author = post.author if post.author.handle else twin.author
    author = replace(author, id=author.id or twin.author.id)
    time = twin.time if post.time is None or post.time.utc is None else post.time
    parent = twin.in_reply_to or post.in_reply_to
    return replace(post, author=author, time=time, in_reply_to=parent, permalink=post.permalink or twin.permalink)


def _addressed(post: Post, page: Page) -> Post:
    """The page's own address for the post that it names."""
    own = canonical(page) or page.url
    about = identity(own) if not post.permalink else None
    return replace(post, permalink=own) if about is not None and about.post == post.id else post


def _previewed(page: Page) -> Post | None:
    """The title that a stub or shell still gives."""
    title, _, sub = title_of(page).rpartition(" : ")
    about = identity(canonical(page) or page.url)
    if about is None or about.page != "post":
        return None
    post = opengraph(page, PLATFORM)
    if title and sub.removeprefix("r/").isidentifier():
        text = title
        return (
            replace(post, text=text, id=about.post)
            if post
            else Post(PLATFORM, "post", Account(), text, id=about.post, source="structured", sure=False)
        )
    return replace(post, id=about.post) if post else None


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
