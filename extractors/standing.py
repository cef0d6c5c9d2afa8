"""What a page turned out to be: status first, then the platform's own rules, then words and structure anyone can check.

Never calls a page removed because a comment talks of removal, and never calls an empty shell live: the general rules
look only at visible words, line by line, and only where no post could be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.challenges import challenge_in
from extractors.contract import Page, PageExtractor, Post, Standing, StandingState
from extractors.hosts import host_of
from extractors.phrases import folded, pattern
from extractors.trees import Element, attr, closest, path_parts, select, tree
from extractors.wording import is_hidden, visible_text, written

GONE, SHUT, LEGAL, ERRORS = (404, 410), (401, 407), 451, 400
SHARE = 0.34  # of a sentence that the words must fill, so that a sentence about removals is not one
LONGEST_LINE = 260  # characters
FEWEST_WORDS = 40  # characters; with less to read and no picture a page is a shell
SMALLEST = 64  # pixels; smaller pictures are icons
HEADINGS = "h1, h2, [role=heading], [role=alert]"
NOT_FOUND = re.compile(r"(?:(?:http )?(?:error|erreur|fehler|errore|erro|błąd|fout|エラー)[ :]*)?(?:404|410)(?!\d)")
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？।])")
CONSENT_HOSTS = ("consent.google.", "consent.youtube.", "consent.yahoo.", "guce.")
LOGIN_PATHS = frozenset({"login", "signin", "sign_in", "checkpoint", "auth", "authwall", "sessions", "log-in"})
LOGIN_FIELDS = "input[type=password], input[autocomplete=one-time-code], input[name*=approvals_code]"
BESIDE_FORM = 400  # characters beside a login form; with more to read, the form is a box on a page
WALL, NOTICE = 800, 2_500  # characters of a page; walls measured up to 620, notices with a site's menus up to 1,900


@dataclass(frozen=True)
class Rule:
    """One vocabulary, what it means, and on pages of what length its words and its headings count."""

    words: str
    state: StandingState
    longest: int  # visible characters of a page on which any line counts
    heading: bool  # whether a heading counts on a page of any length


RULES = (  # in the order in which they are asked
    Rule("geo", "geo_blocked", NOTICE, True),
    Rule("suspended", "suspended", NOTICE, True),
    Rule("private", "login_wall", NOTICE, True),
    Rule("removed", "removed", NOTICE, True),
    Rule("challenge", "challenge", NOTICE, True),
    Rule("consent", "challenge", WALL, False),
    Rule("login", "login_wall", WALL, False),
    Rule("refused", "error", WALL, False),
)


def standing_of(page: Page, extractor: PageExtractor) -> Standing:
    """The page's standing: by its status, else by the platform's own rules, else live where a post can be read."""
    own = extractor.standing(page)
    return _by_status(page, own) or own or _by_content(page, extractor)


def _by_status(page: Page, own: Standing | None) -> Standing | None:
    status = page.status
    if status is None:
        return Standing("unreachable", "no answer came")
    if status < ERRORS:
        return None
    if status == LEGAL:
        return Standing("geo_blocked", f"HTTP {status}")
    if own is not None and own.state != "live":
        return own
    if status in GONE:
        return Standing("removed", f"HTTP {status}")
    if mark := challenge_in(tree(page), short=True):
        return Standing("challenge", f"HTTP {status}; {mark}")
    said = _said(page, visible_text(page))
    if said is not None and said.state not in ("removed", "error"):
        return Standing(said.state, f"HTTP {status}; {said.why}")
    return Standing("login_wall" if status in SHUT else "error", f"HTTP {status}")


def _by_content(page: Page, extractor: PageExtractor) -> Standing:
    if has_post(extractor, page):
        return Standing("live", "a post was read")
    text = visible_text(page)
    mark = challenge_in(tree(page), short=len(text) < NOTICE)
    return (
        (Standing("challenge", mark) if mark else None)
        or _said(page, text)
        or (_login(page, text) if len(text) < WALL else None)
        or _empty(page, text)
        or Standing("live", "nothing speaks against it")
    )


def has_post(extractor: PageExtractor, page: Page) -> bool:
    """Whether the page shows a post of somebody; what only its head says of a site is none."""
    return any(
        isinstance(record, Post)
        and record.kind not in ("deleted", "profile")
        and bool(record.text or record.media)
        and bool(record.author.name or record.author.handle or record.source in ("dom", "json"))
        for record in extractor.read(page)
    )


def _said(page: Page, text: str) -> Standing | None:
    """The first rule whose words fill enough of a sentence."""
    headings, lines = list(_headings(page)), [folded(part) for part in _sentences(text)]
    for heading in headings:
        if NOT_FOUND.match(heading):
            return Standing("removed", f"the page's own words: {heading[:120]}")
    for rule in RULES:
        looked_at = headings if rule.heading or len(text) < rule.longest else []
        looked_at = looked_at + (lines if len(text) < rule.longest else [])
        for line in looked_at:
            found = pattern(rule.words).search(line)
            if found is not None and len(found[0]) >= SHARE * len(line):
                return Standing(rule.state, f"the page's own words: {line[:120]}")
    return None


def _headings(page: Page) -> Iterator[str]:
    root = tree(page)
    shown = [written(node) for node in select(root, HEADINGS) if not _unseen(node)]
    for text in [*(written(node, everything=True) for node in list(root.iter("title"))[:1]), *shown]:
        yield from map(folded, _sentences(text))


def _sentences(text: str) -> Iterator[str]:
    """Each sentence of each line: walls explain themselves at length."""
    for line in text.splitlines():
        for part in SENTENCE_END.split(line):
            if 2 < len(part.strip()) <= LONGEST_LINE:
                yield part


def _login(page: Page, text: str) -> Standing | None:
    """A form that asks for a password or code and has little beside it, or an address that is a login's."""
    if host_of(page.url).startswith(CONSENT_HOSTS):
        return Standing("challenge", "the address is a consent page's")
    if LOGIN_PATHS.intersection(part.lower() for part in path_parts(page.url)[:2]):
        return Standing("login_wall", "the address is a login's")
    for field in select(tree(page), LOGIN_FIELDS):
        if not _unseen(field) and len(text) - len(written(closest(field, "form"))) < BESIDE_FORM:
            return Standing("login_wall", "a form asks for a password or code")
    return None


def _unseen(node: Element) -> bool:
    return is_hidden(node) or any(is_hidden(up) for up in node.iterancestors())


def _empty(page: Page, text: str) -> Standing | None:
    """A shell: next to no visible words, and no picture or video to look at."""
    if len("".join(text.split())) >= FEWEST_WORDS:
        return None
    if any(not _is_small(node) for node in select(tree(page), "img[src], video, audio, picture")):
        return None
    return Standing("error", "no content: nothing to read without running the page")


def _is_small(node: Element) -> bool:
    sizes = [attr(node, side) for side in ("width", "height")]
    return is_hidden(node) or any(size.isdigit() and int(size) < SMALLEST for size in sizes)
