"""An Instagram account's page as laid out or as told to link previews: the account, and its posts as tiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.contract import Account, Media, Page, Post
from extractors.meta_dom import NOT_HANDLES
from extractors.meta_media import INSTAGRAM
from extractors.pages.instagram.old import code_in
from extractors.toolbox import absolute, attr, first, from_instagram, meta, path_parts, select, title_of, tree

TITLE = re.compile(r"\s*(?P<name>.*?) ?\([@＠](?P<handle>[\w.]{1,30})\)", re.S)
NUMBER = r"[\d.,\u00a0\u202f]+ ?(?:[KMB]\b|Mio\.?|mil\b|tys\.?|тыс\.?)?"
COUNTED = re.compile(rf"\s*(?P<followers>{NUMBER}) \w+, (?P<following>{NUMBER}) [\w ]+?, (?P<posts>{NUMBER}) \w+")
WORDS = re.compile(r"[^:]{1,200}: ?[\"“„«](?P<text>.*)[\"”“»]\s*", re.S)  # the account's own, after a colon
TILES = "a[href*='/p/'], a[href*='/reel/'], a[href*='/tv/']"
MOST_TILES = 400
LONGEST = 5_000  # characters of a title or description


def posts(page: Page, handle: str) -> Iterator[Post]:
    """The account whose page this is, then each tile: a picture in a link to a post. A tile shows no words of it."""
    told = TITLE.match(meta(page, "og:title")[:LONGEST] or title_of(page)[:LONGEST])
    if told is not None and told["handle"].casefold() == handle.casefold():
        yield _account(page, told["name"].strip(), told["handle"])
    seen: set[str] = set()
    for link in select(tree(page), TILES)[:MOST_TILES]:
        code, picture = code_in(attr(link, "href")), first(link, "img")
        if not code or code in seen or picture is None:
            continue
        seen.add(code)
        top = path_parts(attr(link, "href"))[0]
        owner = handle if top in NOT_HANDLES else top
        yield Post(
            "instagram",
            "post",
            Account("", owner, "", INSTAGRAM.profile.format(handle=owner)),
            "",
            time=from_instagram(code),
            id=code,
            permalink=INSTAGRAM.post.format(handle=owner, code=code),
            media=(Media("image", absolute(attr(picture, "src"), page.url), attr(picture, "alt")),),
            sure=False,
        )


def _account(page: Page, name: str, handle: str) -> Post:
    about = meta(page, "og:description", "description")[:LONGEST]
    counted, words = COUNTED.match(about), WORDS.fullmatch(about)
    return Post(
        "instagram",
        "profile",
        Account(name, handle, meta(page, "instapp:owner_user_id"), INSTAGRAM.profile.format(handle=handle)),
        words["text"] if words else "",
        permalink=INSTAGRAM.profile.format(handle=handle),
        counts=counted.groupdict() if counted else {},
        source="structured",
        sure=False,
    )
