"""Reads imageboards: 4chan, vichan and LynxChan pages, and the JSON that the first two answer. Never guesses who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from extractors.blocks import Shape, has_blocks, read_blocks
from extractors.claims import CLAIMS
from extractors.contract import Account, Identity, Media, Page, PageExtractor, Post, Problem, Standing
from extractors.elements import address_of
from extractors.json_pages import json_page
from extractors.once import once
from extractors.toolbox import (
    dict_at,
    fragment,
    from_epoch,
    holds,
    host_of,
    is_host,
    list_at,
    text_at,
    title_of,
    written,
)
from extractors.twins import compared

PLATFORM, HOSTS = "imageboard", CLAIMS["imageboard"]
FOURCHAN = Shape(
    platform=PLATFORM,
    kind="post",
    post="div.post[id^='p'].op, div.post[id^='p'].reply",
    text=(".postMessage",),
    name=(".postInfo .nameBlock .name", ".nameBlock .name"),
    handle=(".postInfo .postertrip", ".postertrip"),
    time=(".postInfo .dateTime", ".dateTime"),
    id=("@id",),
    link=(".postInfo .postNum a[href]@href", ".postNum a[href]@href"),
    reply=(".postMessage a.quotelink@href",),
    title=(".postInfo .subject",),
    extra=(".fileThumb img",),
    drop=".abbr, .summary",
    labels={"file deleted": ".fileDeletedRes, .fileDeleted"},
)
VICHAN = Shape(
    platform=PLATFORM,
    kind="post",
    post="div.post.op, div.post.reply, article.post.op, article.post.reply",
    text=(".body", ".message", ".post-message"),
    name=(".intro .name", ".name"),
    handle=(".trip", ".tripcode"),
    time=(".intro time[datetime]", "time[datetime]"),
    id=("@id",),
    link=("a.post_no[href]@href", ".intro a[href*='#']@href"),
    reply=(".body a[href*='#']@href",),
    title=(".intro .subject", ".subject"),
    extra=(".files img.post-image", ".files video", "img.post-image"),
    drop=".toolong, .abbr",
)
LYNXCHAN = Shape(
    platform=PLATFORM,
    kind="post",
    post=".innerOP, .innerPost",
    text=(".divMessage",),
    name=(".linkName",),
    handle=(".labelTrip", ".tripcode"),
    time=("time[datetime]", ".labelCreated"),
    id=("a.linkSelf@href", "a.linkQuote@href"),
    link=("a.linkSelf@href",),
    reply=(".divMessage a.quoteLink@href",),
    title=(".labelSubject",),
    extra=(".imgLink img", ".panelUploads img"),
)
POSTER = {"poster id": (".postInfo .posteruid .hand", ".posteruid .hand", ".poster_id", ".labelId")}
SHAPES = tuple(replace(shape, tags=POSTER) for shape in (FOURCHAN, VICHAN, LYNXCHAN))
ANSWERED = re.compile(r"(\d+)$")
GONE = re.compile(r"404\s*-?\s*not found|thread (?:specified )?does not exist|no longer exists", re.I)
THREAD = re.compile(r"/([\w+]+)/(?:thread|res)/(\d+)(?:[^#]*#[pq]?(\d+))?")


@once
@compared
def read(page: Page) -> Iterator[Post | Problem]:
    address = address_of(page)
    if (value := json_page(page)) is not None:
        yield from _from_json(value, address)
        return
    thread = ""
    for found in read_blocks(page, *SHAPES):
        if not isinstance(found, Post):
            yield found
            continue
        opening = found.id and THREAD.search(found.permalink or address)
        thread = opening[2] if opening else thread or found.id
        answered = ANSWERED.search(found.in_reply_to)
        yield replace(found, in_reply_to=answered[1] if answered else "", thread=thread)


def standing(page: Page) -> Standing | None:
    if has_blocks(page, *SHAPES) or dict_at(json_page(page)).get("posts"):
        return Standing("live", "the board shows posts")
    title = title_of(page)
    if page.status == 404 or GONE.search(title):
        return Standing("removed", "the board's page for a thread that is gone")
    return None


def recognises(page: Page) -> bool:
    if any(holds(page, mark) for mark in ('="postMessage', "innerPost", "innerOP", "post_no")):
        return has_blocks(page, *SHAPES)
    return holds(page, '"resto"') and isinstance(dict_at(json_page(page)).get("posts"), list)


def companions(url: str) -> list[str]:
    known = THREAD.search(url)
    ours = any(is_host(host_of(url), host) for host in HOSTS)
    return [f"https://a.4cdn.org/{known[1]}/thread/{known[2]}.json"] if known and ours else []


def identity(url: str) -> Identity | None:
    if met := THREAD.search(url):
        board = f"{host_of(url)}/{met[1]}"
        return Identity(PLATFORM, "post" if met[3] else "thread", post=met[3] or met[2], within=board)
    return Identity(PLATFORM, "other") if any(is_host(host_of(url), host) for host in HOSTS) else None


def _from_json(value: Any, address: str) -> Iterator[Post | Problem]:
    posts = [post for post in list_at(value, "posts") if text_at(post, "no")]
    known = THREAD.search(address)
    for post in posts:
        number, thread = text_at(post, "no"), text_at(post, "resto").strip("0") and text_at(post, "resto")
        body = fragment(text_at(post, "com"))
        quotes = (ANSWERED.search(link.get("href") or "") for link in body.iter("a"))
        subject, words = text_at(post, "sub"), written(body)
        file = f"{text_at(post, 'tim')}{text_at(post, 'ext')}" if text_at(post, "tim") else ""
        yield Post(
            PLATFORM,
            "post",
            Account(text_at(post, "name"), text_at(post, "trip")),
            f"{subject}\n\n{words}".strip(),
            time=from_epoch(post.get("time")),
            id=number,
            permalink=f"{address.partition('#')[0]}#p{number}" if known else "",
            in_reply_to=next((met[1] for met in quotes if met), ""),
            thread=thread or number,
            media=(Media("image", f"https://i.4cdn.org/{known[1]}/{file}", text_at(post, "filename")),)
            if file and known
            else (),
            labels=(f"poster id: {text_at(post, 'id')}",) if text_at(post, "id") else (),
            source="json",
        )
    if not posts:
        yield Problem("JSON", "no post of an imageboard in this answer")


EXTRACTOR = PageExtractor(PLATFORM, HOSTS, read, standing, recognises, companions, identity)
