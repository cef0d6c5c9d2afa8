"""Words as they were laid out: line breaks, emoji pictures, links as text. Never the words of scripts or styles."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.etree import _Element as Element

from extractors.contract import Page
from extractors.trees import attr, meta, tree

NEVER_WORDS = frozenset({"script", "style"})
UNSEEN = NEVER_WORDS | {
    "head",
    "title",
    "desc",
    "noscript",
    "noframes",
    "template",
    "datalist",
    "audio",
    "video",
    "canvas",
}
BLOCKS = frozenset(
    re.split(
        r"\s+",
        "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe li main menu nav noscript ol option p pre search "
        "section summary table tbody template tfoot thead title tr ul",
    )
)
KEEPING_SPACE = frozenset({"pre", "textarea", "listing"})
OPENING, CLOSING, CLOSING_KEPT = range(3)  # steps of a walk; the last takes back that white space is kept
UNSEEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
PRE_STYLE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
EMOJI_HINT = re.compile(r"emoji|emoticon|smil(?:ey|ie)|twemoji", re.I)
SHORTCODE = re.compile(r":[\w+-]+:")
SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML collapses; no-break spaces and U+200E stay
BEFORE_BREAK = re.compile(r"[ \t]+(?=\n)")

Drop = Callable[[Element], bool]


def written(node: Element | None, *, drop: Drop | None = None, pre: bool = False, everything: bool = False) -> str:
    """The text as laid out: line breaks kept, emoji pictures as their alt, links as text; nothing that is hidden.

    `drop` leaves out more; `pre` keeps white space as it stands, for platforms whose style sheet does;
    `everything` reads hidden elements too.
    """
    if node is None:
        return ""
    layout = _Layout(pre)
    inside: list[tuple[Element, int]] = [(node, OPENING)]  # a stack: pages nest deeper than Python recurses
    while inside:
        element, step = inside.pop()
        if step != OPENING:
            layout.close(element, kept=step == CLOSING_KEPT)
        elif not isinstance(element.tag, str):
            pass  # a comment or processing instruction: only its tail is text
        elif element is not node and (_left_out(element, everything) or (drop is not None and drop(element))):
            layout.skip(element)
        else:
            inside.append((element, CLOSING_KEPT if layout.open(element) else CLOSING))
            if len(element):
                inside.extend([(child, OPENING) for child in reversed(element)])
            continue
        if element is not node:
            layout.words(element.tail)
    return layout.text()


def text_of(page: Page) -> str:
    """Every word that stands in the HTML, shown or not, but for scripts and styles."""
    described = meta(page, "og:title"), meta(page, "og:description", "description")
    return "\n".join(part for part in (written(tree(page), everything=True), *described) if part)


def visible_text(page: Page) -> str:
    """What a person could read: the browser's own text where it was taken, else what the HTML does not hide."""
    return page.text or written(tree(page))


def aria_hidden(node: Element) -> bool:
    """A `drop` for platforms that mark what only fills space with aria-hidden."""
    return node.get("aria-hidden") == "true"


def emoji(node: Element) -> str:
    """What an emoji picture stands for; empty for any other picture."""
    alt = attr(node, "alt")
    if not alt or len(alt) > 60:
        return ""
    if SHORTCODE.fullmatch(alt) or EMOJI_HINT.search(f"{attr(node, 'class')} {attr(node, 'src')[:300]}"):
        return alt
    return alt if len(alt) <= 12 and not any(char.isalnum() and char.isascii() for char in alt) else ""


def is_hidden(node: Element) -> bool:
    """Whether the element itself says that it is not shown. Style sheets are not read."""
    tag = node.tag
    if tag in UNSEEN:
        return not (tag == "template" and (node.get("shadowrootmode") or node.get("shadowroot")) is not None)
    if node.get("hidden") is not None or (tag == "dialog" and node.get("open") is None):
        return True
    style = node.get("style")
    return bool(style and UNSEEN_STYLE.search(style)) or (tag == "input" and node.get("type") == "hidden")


def _heads_quote(node: Element) -> bool:
    """Forums put who is quoted into a `<cite>` that begins the quote; their style sheets give it a line of its own."""
    above = node.getparent()
    if above is not None and above.tag == "div" and above.getprevious() is None:
        above = above.getparent()
    return above is not None and above.tag == "blockquote" and node.getprevious() is None


def _left_out(node: Element, everything: bool) -> bool:
    return node.tag in NEVER_WORDS if everything else is_hidden(node)


class _Layout:
    """Puts runs of text together as a browser's innerText does: spaces collapse, blocks begin lines."""

    def __init__(self, pre: bool) -> None:
        self.parts: list[str] = []
        self.breaks = 0  # line breaks owed before the next word
        self.bare = True  # at the start of a line or after a space: a further space is not shown
        self.pre = int(pre)  # depth of elements that keep white space

    def open(self, node: Element) -> bool:
        """Puts what stands before the children; whether white space is kept in them."""
        tag = node.tag
        if tag == "br":
            self.put("\n")
            self.bare = True
        elif tag == "img":
            self.words(emoji(node))
        elif tag in BLOCKS:
            self.line(2 if tag == "p" else 1)
        style = node.get("style")
        kept = tag in KEEPING_SPACE or bool(style and PRE_STYLE.search(style))
        self.pre += kept
        if tag != "iframe":  # what stands in a frame's tag is for browsers without frames
            self.words(node.text)
        return kept

    def close(self, node: Element, *, kept: bool) -> None:
        tag = node.tag
        self.pre -= kept
        if tag in BLOCKS or (tag == "cite" and _heads_quote(node)):
            self.line(2 if tag == "p" else 1)
        elif tag in ("td", "th"):
            self.words(" ")

    def skip(self, node: Element) -> None:
        """What is left out still parts the words around it where it is a block; script and style do not."""
        if node.tag in BLOCKS and not is_hidden(node):
            self.line(1)

    def words(self, run: str | None) -> None:
        if not run:
            return
        if self.pre <= 0:
            run = SPACES.sub(" ", run)
            if self.bare:
                run = run.removeprefix(" ")
        if run:
            self.put(run)
            self.bare = run[-1] in " \n"

    def put(self, run: str) -> None:
        if self.breaks and self.parts:
            self.parts.append("\n" * self.breaks)
        self.breaks = 0
        self.parts.append(run)

    def line(self, breaks: int) -> None:
        self.breaks = max(self.breaks, breaks)
        self.bare = True

    def text(self) -> str:
        return BEFORE_BREAK.sub("", "".join(self.parts)).strip(" \t\n\r\f")
