"""Gathers the readings of one capture for the witness to compare, and says what differs. Makes none of them itself."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from archiver.browser.recorded import Body, text_bodies
from archiver.records import WITNESS, Capture, Passage, Reading
from archiver.witness import Difference, Picture, Sides, compare_text, said_only_in_pictures
from extractors.contract import Page, Problem, Word
from extractors.toolbox import decode, text_of

MADE_WITH = "witness 1"
MOST_NAMED = 10  # differences of one kind that are named one by one
LONGEST_TEXT = 400_000  # characters of the page's text that are compared: an hour of feed has 200,000

# Words that a picture can show and that stand in no element: all of them are the page's own.
IN_ATTRIBUTES = re.compile(
    r"\s(?:alt|title|aria-label|aria-description|placeholder|value|label|content|summary|data-[\w-]+)=\"([^\"]{1,4000})\""
)
SAYS = {
    "replaced": "came with the page, or stood in it as it was loaded, and stand in it no longer",
    "not-sent": "are shown, and stand in nothing that was recorded from the network",
    "not-pictured": "are laid out as text, and no picture shows them: hidden, cut off or covered",
    "only-picture": "stand on the picture, and nowhere in the page's file: part of an image, or drawn",
}
FOUND_AT = {
    "replaced": "came over the network, no longer in the page",
    "not-sent": "in the page, not in what came over the network",
    "not-pictured": "in the page's text, not on its pictures",
}

FOREIGN = re.compile(r"\w{2}[^\x00-\x7f]+\w?")  # letters beyond ASCII with what stands before them
SAMPLE = 50

Fetch = Callable[[str], bytes]
LookAgain = Callable[[bytes, int, int], str]


def differences(capture: Capture, words: Reading, *, fetch: Fetch, at: str, look: LookAgain) -> Reading:
    """What the page's text, its pictures (`words` is their reading) and the network record say differently.

    `look` reads a band of a picture, from its bytes, once more.
    """
    by_role = _by_role(capture)
    made = Reading(capture.id, WITNESS, MADE_WITH, at, "done")
    if "dom" not in by_role or "text" not in by_role:
        return replace(made, detail="There is no page whose readings could be compared.")
    sides, left_out = sides_of(capture, words, fetch=fetch)
    found = compare_text(sides, look=lambda picture, top, bottom: look(fetch(words.of[picture]), top, bottom))
    used = [sha256 for role in ("dom", "text", "first-dom", "harvest", "network") if (sha256 := by_role.get(role))]
    return replace(
        made,
        detail=left_out,
        of=(*used, *words.of),
        records=tuple(_problems(found)),
        passages=tuple(_passages(found, sides, by_role, words)),
    )


def sides_of(capture: Capture, words: Reading, *, fetch: Fetch) -> tuple[Sides, str]:
    """The readings as text, and in words what could not be compared."""
    by_role = _by_role(capture)

    def text(role: str) -> str:
        return decode(fetch(by_role[role])) if role in by_role else ""

    markup, first = text("dom"), _said(text("first-dom"))
    bodies = list(text_bodies(fetch(by_role["network"]))) if "network" in by_role else []
    document = next((_as_the_browser(b.data, markup) for b in bodies if _is_document(b, capture)), "")
    clicked = any(action["what"] == "click" for action in capture.body["actions"])
    before = [_said(document)] if document else []
    # A click takes words away (a banner, a cover), and the page is not to be blamed for that.
    dropped = [_harvested(fetch(by_role["harvest"])) if "harvest" in by_role else "", first if clicked else ""]
    whole = bool(document) and all(body.whole for body in bodies)
    sides = Sides(
        shown=text("text")[:LONGEST_TEXT],
        written="\n".join([_said(markup), *_attributes(markup), capture.body["title"]]),
        dropped="\n".join(dropped),
        before=tuple(each[:LONGEST_TEXT] for each in (before if clicked else [*before, first])),
        pictures=_pictures(capture, words),
        sent=(document, *(decode(body.data) for body in bodies)) if whole else (),
    )
    return sides, "" if whole else "What came over the network was not compared: the record of it is not whole."


def _problems(found: Sequence[Difference]) -> Iterator[Problem]:
    """Where and how many words; never the words: they stay hidden until they are asked for."""
    named: Counter[str] = Counter()
    for each in found:
        named[each.kind] += 1
        if named[each.kind] <= MOST_NAMED:
            count = len(each.text.split())
            yield Problem(_where(each), f"{count} word{'' if count == 1 else 's'} {SAYS[each.kind]}")
    for kind, count in named.items():
        if count > MOST_NAMED:
            yield Problem("elsewhere on the page", f"{count - MOST_NAMED} more runs of words {SAYS[kind]}")


def _where(each: Difference) -> str:
    if each.kind == "only-picture":
        return f"picture {each.place}, {each.down:,} px from its top"
    return f"line {each.place + 1} of the page's text{' as it came' if each.kind == 'replaced' else ''}"


def _passages(found: Sequence[Difference], sides: Sides, by_role: dict[str, str], words: Reading) -> Iterator[Passage]:
    roles = {"replaced": "network", "not-sent": "text", "not-pictured": "text"}
    for kind, role in roles.items():
        lines = [each.text for each in found if each.kind == kind]
        if lines:
            yield Passage("page", "\n".join(lines), by_role.get(role, by_role["text"]), FOUND_AT[kind])
    only: dict[int, list[str]] = {}
    for each in said_only_in_pictures(sides):
        only.setdefault(each.place, []).append(each.text)
    for picture, lines in only.items():
        yield Passage("picture-only", "\n".join(lines), words.of[picture], f"picture {picture}")


def _pictures(capture: Capture, words: Reading) -> tuple[Picture, ...]:
    heights = {
        artifact["sha256"]: artifact["place"]["height"] * artifact["place"]["scale"]
        for artifact in capture.body["artifacts"]
        if artifact["place"]
    }
    standing: list[list[Word]] = [[] for _ in words.of]
    for record in words.records:
        if isinstance(record, Word) and record.picture < len(standing):
            standing[record.picture].append(record)
    return tuple(
        Picture(tuple(there), heights.get(sha256, 0)) for there, sha256 in zip(standing, words.of, strict=True)
    )


def _by_role(capture: Capture) -> dict[str, str]:
    return {artifact["role"]: artifact["sha256"] for artifact in reversed(capture.body["artifacts"])}


def _is_document(body: Body, capture: Capture) -> bool:
    return "html" in body.media_type.lower() and body.url.partition("#")[0] in {
        capture.body[name].partition("#")[0] for name in ("final", "cleaned")
    }


def _as_the_browser(data: bytes, markup: str) -> str:
    """The document decoded as the browser did, as far as the page shows it: without a charset it takes Windows-1252."""
    decoded, narrow = decode(data), data.decode("cp1252", "replace")
    return max((decoded, narrow), key=lambda text: sum(run in markup for run in FOREIGN.findall(text)[:SAMPLE]))


def _said(markup: str) -> str:
    return text_of(Page("", markup)) if markup else ""


def _attributes(markup: str) -> list[str]:
    return [html.unescape(value) for value in IN_ATTRIBUTES.findall(markup)]


def _harvested(data: bytes) -> str:
    return "\n".join(post["text"] for post in json.loads(data)["posts"])
