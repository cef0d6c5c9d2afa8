"""Reads PeerTube: videos, their comments, and the JSON of both. Never asks the server that a comment came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import address_of, media_in
from extractors.fallbacks import opengraph, structured
from extractors.fediverse import full_handle, words_of
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    absolute,
    dict_at,
    first,
    fragment,
    holds,
    host_of,
    json_of,
    meta,
    path_parts,
    stated,
    text_at,
    tree,
    walk,
)

PLATFORM = "peertube"
COMMENT = Shape(
    platform=PLATFORM,
    post="my-video-comment",
    text=(".comment-html",),
    name=(".comment-account-name", ".comment-account .name", ".comment-account"),
    handle=(".comment-account-fid", ".comment-account-name + span", "a.comment-account@href"),
    handle_part=re.compile(r"(?:^|/)@?([^/@\s]+(?:@[^/\s]+)?)/?(?:video-channels)?$"),
    profile=("a.comment-account@href", ".comment-account a[href]@href", "a[href*='/a/']@href"),
    time=(".comment-date[title]", "a.comment-date", ".comment-date"),
    id=("a.comment-date@href", "@id"),
    number=re.compile(r"threadId=(\d+)|(\d+)$"),
    link=("a.comment-date@href",),
    nested=True,
    gone="my-video-comment.deleted",
    labels={"by the video's account": ".video-author"},
)
WATCH = re.compile(r"/(?:videos/watch|w|videos/embed)/([\w-]{20,36})")
REFUSAL = "my-page-not-found .box, my-error-page .box, .error-page"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    if (value := json_page(page)) is not None:
        yield from _from_json(value, address_of(page))
        return
    video = next((post for post in structured(page, PLATFORM)), None) or opengraph(page, PLATFORM)
    if video is not None and WATCH.search(address_of(page)):
        yield video
    found = list(read_blocks(page, COMMENT))
    yield from found
    if not found:  # the app loads comments on its own; the visit seals the answer beside the page
        for address, data in page.companions.items():
            if "comment-threads" in address:
                yield from _from_json(json_of(data.decode("utf-8", "replace")), address)


def standing(page: Page) -> Standing | None:
    if has_blocks(page, COMMENT):
        return Standing("live", "PeerTube shows comments")
    refused = first(tree(page), REFUSAL)
    if refused is not None and page.status in (None, 200, 404):
        return Standing("removed", "PeerTube's page for what it can't find")
    value = json_page(page)
    if "data" in dict_at(value) or text_at(value, "uuid"):
        return Standing("live", "the answer holds the video or its comments")
    return None


def recognises(page: Page) -> bool:
    if holds(page, "PeerTube") and "peertube" in meta(page, "og:platform", "generator", "application-name").lower():
        return True
    if holds(page, "my-video-comment") or holds(page, "my-app"):
        return first(tree(page), "my-app my-video-comment", "my-app my-root", "my-app [class*='peertube']") is not None
    if not holds(page, '"videoId"') and not holds(page, '"isLocal"'):
        return False
    value = json_page(page)
    return bool(text_at(value, "data", 0, "videoId") or (text_at(value, "uuid") and text_at(value, "embedPath")))


def companions(url: str) -> list[str]:
    known = WATCH.search(url)
    if known is None:
        return []
    base = f"{url[: known.start()]}/api/v1/videos/{known[1]}"
    return [base, f"{base}/comment-threads?count=100"]


def identity(url: str) -> Identity | None:
    if met := re.search(r"[;&?]threadId=(\d+)", url):
        return Identity(PLATFORM, "post", post=met[1])
    if met := WATCH.search(url):
        return Identity(PLATFORM, "post", post=met[1])
    return None


def _from_json(value: Any, base: str) -> Iterator[Post | Problem]:
    found = isinstance(dict_at(value).get("data"), list)
    for _, item in walk(value):
        if "inReplyToCommentId" in item:
            found = True
            yield _comment(item)
        elif text_at(item, "uuid") and text_at(item, "name") and "publishedAt" in item:
            found = True
            yield _video(item, base)
    if not found:
        yield Problem("JSON", "no video and no comment of PeerTube in this answer")


def _comment(item: dict[str, Any]) -> Post:
    gone = item.get("isDeleted") is True or bool(item.get("deletedAt"))
    thread, body = text_at(item, "threadId"), fragment(text_at(item, "text"))
    return Post(
        PLATFORM,
        "deleted" if gone else "comment",
        _account(dict_at(item, "account")),
        words_of(text_at(item, "text")),
        time=stated(text_at(item, "createdAt")),
        id=text_at(item, "id"),
        permalink=text_at(item, "url"),
        in_reply_to=text_at(item, "inReplyToCommentId"),
        thread=thread,
        media=media_in(list(body.iter("img", "video", "audio")), text_at(item, "url")),
        counts={"replies": replies} if (replies := text_at(item, "totalReplies")) else {},
        labels=(f"deleted: {text_at(item, 'deletedAt')}",) if gone and item.get("deletedAt") else (),
        source="json",
    )


def _video(item: dict[str, Any], base: str) -> Post:
    made, changed = text_at(item, "publishedAt"), text_at(item, "updatedAt")
    words = text_at(item, "description") or text_at(item, "truncatedDescription")
    counts = {key: text_at(item, key) for key in ("views", "likes", "dislikes", "comments") if text_at(item, key)}
    link = text_at(item, "url") or absolute(f"/w/{text_at(item, 'shortUUID') or text_at(item, 'uuid')}", base)
    return Post(
        PLATFORM,
        "post",
        _account(dict_at(item, "account")),
        f"{text_at(item, 'name')}\n\n{words}".strip(),
        time=stated(text_at(item, "originallyPublishedAt") or made),
        edited=stated(changed) if changed and changed != made else None,
        id=text_at(item, "uuid"),
        permalink=link,
        media=(Media("video", link, text_at(item, "name")),),
        counts=counts,
        source="json",
    )


def _account(who: dict[str, Any]) -> Account:
    url, name = text_at(who, "url"), text_at(who, "name")
    host = text_at(who, "host") or host_of(url)
    handle = f"{name}@{host}" if name and host else full_handle(name, url)
    parts = path_parts(url)
    return Account(text_at(who, "displayName"), handle or (parts[-1] if parts else ""), text_at(who, "id"), url)


EXTRACTOR = PageExtractor(PLATFORM, (), read, standing, recognises, companions, identity)
