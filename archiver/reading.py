"""Runs the readers and OCR over sealed bytes. Never touches what was kept; every reading can be made again.

The one broad `except` of the program lives here: a reader that breaks on a page must lose neither the page nor
the other readers' work, so what it raised becomes a `Problem` that is kept and shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archiver.differences import differences
from archiver.ocr import Engine, look_again, read_picture, screen_of
from archiver.records import OCR, PAGE, WITNESS, Capture, Passage, Reading
from extractors.contract import Message, Page, PageExtractor, Post, Problem, Screen, Standing, StandingState, Word
from extractors.registry import extractor_for
from extractors.screen_registry import screen_reader_for
from extractors.standing import standing_of
from extractors.stitching import stitched
from extractors.toolbox import decode, text_of

SCREENS = "screens"  # the reader of screenshots: of what was supplied, never of a capture
TEXT_TYPES = ("text/", "application/json", "application/ld+json", "application/activity+json", "application/xml")
PICTURE_ROLES = ("tile",)  # what OCR reads; the first view stands in where no tile could be taken
MOST_COMPARED = 2_000  # lines looked up one by one in the whole text: a megabyte costs about 1 ms a line

Fetch = Callable[[str], bytes]  # SHA-256 -> sealed bytes


@dataclass(frozen=True)
class Kept:
    """An artifact as a capture's entry lists it."""

    role: str
    sha256: str
    media_type: str
    url: str = ""


def read_page(capture: Capture, *, fetch: Fetch, at: str) -> Reading:
    """Posts, standing and problems from the sealed HTML, and the passages that search finds."""
    kept = artifacts_of(capture)
    source = _first(kept, "dom") or _first(kept, "first-dom")
    if capture.body["failure"]["kind"] and source is None:
        return _read_failure(capture, kept, fetch=fetch, at=at)
    if source is None:
        return Reading(capture.id, PAGE, "", at, "failed", "No HTML was kept, so there is nothing to read.")
    text = _first(kept, "text")
    page = Page(
        url=capture.body["final"],
        html=decode(fetch(source.sha256)),
        status=capture.body["status"],
        text=fetch(text.sha256).decode("utf-8", "replace") if text else "",
        companions={a.url: fetch(a.sha256) for a in kept if a.role == "companion"},
    )
    extractor, records = _records(page)
    return Reading(
        capture=capture.id,
        reader=PAGE,
        made_with=f"{extractor.platform} {extractor.version}",
        at=at,
        outcome="done",
        of=tuple(artifact.sha256 for artifact in (source, text, _first(kept, "harvest")) if artifact),
        records=tuple(records),
        passages=(*_page_passages(page, records, source, text), *_harvested(_first(kept, "harvest"), page, fetch)),
    )


def read_pictures(
    capture: Capture, *, fetch: Fetch, at: str, engine: Engine | None, languages: Sequence[str], jobs: int
) -> Reading:
    """The words on the pictures, each with its box, and the passages that search finds."""
    kept = artifacts_of(capture)
    pictures = [a for a in kept if a.role in PICTURE_ROLES] or [a for a in kept if a.role == "first-view"]
    if engine is None:
        return Reading(capture.id, OCR, "", at, "skipped", "Tesseract is missing; run setup, then read --missing.")
    if not pictures:
        return Reading(capture.id, OCR, "", at, "done", "There is no picture to read.")
    records: list[Word | Problem] = []
    passages: list[Passage] = []
    made_with: dict[str, None] = {}
    for n, picture in enumerate(pictures):
        try:
            read = read_picture(fetch(picture.sha256), engine, languages=tuple(languages), jobs=jobs)
        except Exception as error:  # noqa: BLE001 - one broken picture must not lose the words of the others
            records.append(Problem(f"picture {n}", _said(error)))
            continue
        records += [*read.problems, *(replace(word, picture=n) for word in read.words)]
        passages.append(Passage("picture", lines_of(read.words), picture.sha256, f"picture {n}"))
        made_with[read.made_with] = None
    return Reading(
        capture=capture.id,
        reader=OCR,
        made_with="; ".join(made_with),
        at=at,
        outcome="done" if made_with else "failed",
        detail="" if made_with else "No picture could be read.",
        of=tuple(picture.sha256 for picture in pictures),
        records=tuple(records),
        passages=tuple(passage for passage in passages if passage.text),
    )


@dataclass(frozen=True)
class Shot:
    """One sealed screenshot, and the file's own time (ISO 8601) where it has one: "Yesterday" is counted from it."""

    sha256: str
    taken: str = ""


def read_screens(
    owner: str,
    shots: Sequence[Shot],
    *,
    fetch: Fetch,
    at: str,
    engine: Engine | None,
    languages: Sequence[str],
    jobs: int,
) -> Reading:
    """The messages on screenshots of one conversation, in order and without doubles. `owner` is what they came in.

    The pictures may come in any order; each message says which of them show it. No picture is changed.
    """
    if engine is None:
        return Reading(owner, SCREENS, "", at, "skipped", "Tesseract is missing; run setup, then read --missing.")
    problems: list[Problem] = []
    told: list[list[Message]] = []
    made_with: dict[str, None] = {}
    for n, shot in enumerate(shots):
        made: list[Message | Problem] = []
        try:
            read = read_picture(fetch(shot.sha256), engine, languages=tuple(languages), jobs=jobs)
            made += read.problems
            screen = screen_of(fetch(shot.sha256), read.words, taken=shot.taken)
            made_with[read.made_with] = None
            if screen is not None:
                platform, found = _messages(screen)
                made += found
                made_with[platform] = None
        except Exception as error:  # noqa: BLE001 - one broken picture must not lose the words of the others
            made.append(Problem("reading", _said(error)))
        problems += [replace(one, where=f"picture {n}, {one.where}") for one in made if isinstance(one, Problem)]
        told.append([one for one in made if isinstance(one, Message)])
    joined = stitched(told)
    messages = [
        replace(message, where=f"picture {' and '.join(map(str, shown))}, {message.where}")
        for message, shown in zip(joined.messages, joined.pictures, strict=True)
    ]
    return Reading(
        capture=owner,
        reader=SCREENS,
        made_with="; ".join(made_with),
        at=at,
        outcome="done" if made_with else "failed",
        detail="" if made_with else "No picture could be read.",
        of=tuple(shot.sha256 for shot in shots),
        records=(*messages, *problems, *joined.problems),
        passages=tuple(
            Passage("picture", message.text, shots[shown[0]].sha256, f"message {n}, picture {shown[0]}")
            for n, (message, shown) in enumerate(zip(messages, joined.pictures, strict=True), start=1)
            if message.text
        ),
    )


def _messages(screen: Screen) -> tuple[str, list[Message | Problem]]:
    """Who read one screenshot, and what was read; what came before a reader broke is kept."""
    reader = screen_reader_for(screen)
    records: list[Message | Problem] = []
    try:
        records.extend(reader.read(screen))
    except Exception as error:  # noqa: BLE001 - as for pages: that it broke is shown
        records.append(Problem(f"reader {reader.platform}", _said(error)))
    return f"{reader.platform} {reader.version}", records


def read_differences(
    capture: Capture, words: Reading | None, *, fetch: Fetch, at: str, engine: Engine | None, languages: Sequence[str]
) -> Reading:
    """What page, pictures and network say differently. `words` is the reading of the capture's pictures."""
    if words is None or words.outcome != "done" or engine is None:
        return Reading(capture.id, WITNESS, "", at, "skipped", "The pictures are not read yet, so nothing is compared.")
    try:
        return differences(
            capture,
            words,
            fetch=fetch,
            at=at,
            look=lambda picture, top, bottom: look_again(picture, top, bottom, engine, languages),
        )
    except Exception as error:  # noqa: BLE001 - text that was made to break the comparison must not lose the readings
        return Reading(capture.id, WITNESS, "", at, "failed", _said(error))


def lines_of(words: Sequence[Word]) -> str:
    """Machine-read words as text: one line a line, in reading order."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())


def unseen_lines(in_html: str, shown: str) -> str:
    """The lines that stand in the HTML and not in the text as it was shown; white space and case do not count."""
    seen_lines = {_bare(line) for line in shown.splitlines()}
    rest = [line for line in in_html.splitlines() if _bare(line) not in seen_lines]
    if len(rest) > MOST_COMPARED:
        return "\n".join(rest)
    seen = _bare(shown)
    return "\n".join(line for line in rest if _bare(line) not in seen)


def _bare(text: str) -> str:
    return "".join(text.split()).casefold()


def artifacts_of(capture: Capture) -> list[Kept]:
    """The artifacts that a capture's entry names, in its order."""
    return [Kept(a["role"], a["sha256"], a["media_type"], a["url"]) for a in capture.body["artifacts"]]


def _read_failure(capture: Capture, kept: Sequence[Kept], *, fetch: Fetch, at: str) -> Reading:
    """A visit that brought no page: its standing, and the text of what it brought instead."""
    failure: Mapping[str, Any] = capture.body["failure"]
    response = _first(kept, "response")
    records: list[Standing | Problem] = [Standing(_failed_state(capture, response), failure["sentence"])]
    passages = []
    if response and response.media_type.startswith(TEXT_TYPES):
        passages.append(Passage("page", decode(fetch(response.sha256)), response.sha256, "the file"))
    elif response:
        records.append(Problem("response", f"A file of type {response.media_type} is kept, but not read."))
    return Reading(
        capture.id,
        PAGE,
        "none",
        at,
        "done",
        of=(response.sha256,) if response else (),
        records=tuple(records),
        passages=tuple(passages),
    )


def _failed_state(capture: Capture, response: Kept | None) -> StandingState:
    """A file that came is there, whatever it is; an answer without a page is an error; no answer is unreachable."""
    if capture.body["failure"]["kind"] == "download" and response is not None:
        return "live"
    return "unreachable" if capture.body["status"] is None else "error"


def _records(page: Page) -> tuple[PageExtractor, list[Post | Problem | Standing]]:
    extractor = extractor_for(page.url, page)
    records: list[Post | Problem | Standing] = []
    try:
        records.extend(extractor.read(page))
    except Exception as error:  # noqa: BLE001 - what was read before it broke is kept, and that it broke is shown
        records.append(Problem(f"reader {extractor.platform}", _said(error)))
    try:
        records.append(standing_of(page, extractor))
    except Exception as error:  # noqa: BLE001 - a page without a standing is still a page with posts
        records.append(Problem(f"standing by {extractor.platform}", _said(error)))
    return extractor, records


def _page_passages(
    page: Page, records: Sequence[Post | Problem | Standing], source: Kept, text: Kept | None
) -> Iterator[Passage]:
    posts = [record for record in records if isinstance(record, Post)]
    for n, post in enumerate(posts, start=1):
        yield Passage("post", _post_text(post), source.sha256, f"post {n}")
    if text is not None:
        yield Passage("page", page.text, text.sha256, "the page's text")
    hidden = unseen_lines(text_of(page), page.text)
    if hidden:
        yield Passage("page", hidden, source.sha256, "in the HTML, not shown")


def _harvested(harvest: Kept | None, page: Page, fetch: Fetch) -> Iterator[Passage]:
    """Posts that the page dropped again while it was scrolled: they stand neither in its HTML nor in its text."""
    if harvest is None:
        return
    there = "\n".join(post["text"] for post in json.loads(fetch(harvest.sha256))["posts"])
    gone = unseen_lines(there, f"{page.text}\n{text_of(page)}")
    if gone:
        yield Passage("page", gone, harvest.sha256, "posts seen while scrolling")


def _post_text(post: Post) -> str:
    """What search finds a post by: who, what, and the words on its pictures as the platform gives them."""
    who = " ".join(filter(None, [post.author.name, post.author.handle and f"@{post.author.handle.lstrip('@')}"]))
    parts = [who, post.text, *(media.alt for media in post.media)]
    if post.quoted is not None:
        parts.append(_post_text(post.quoted))
    return "\n".join(part for part in parts if part)


def _first(kept: Sequence[Kept], role: str) -> Kept | None:
    return next((artifact for artifact in kept if artifact.role == role), None)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
