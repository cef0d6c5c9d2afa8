"""Finds the elements of a Facebook page that each hold one post or comment, whatever the era. Reads none of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.pages.facebook.address import account
from extractors.toolbox import Element, attr, classes, first, matches, select, written

UNITS = (
    "article, [role='article'], .permalink_stream, .fbUserStory, .uiStreamStory, .fbUserContent, .userContentWrapper, "
    "#m_story_permalink_view div[data-ft], [data-sigil~='comment'], .UFIComment, [id^='ufi_'] div[id]"
)
STORIES = {"permalink_stream", "fbUserStory", "uiStreamStory", "fbUserContent", "userContentWrapper"}
COMMENTS = "[data-sigil~='comment'], .UFIComment"
MARKED = (  # elements that the platform itself marks as what a post or comment says
    "[data-ad-comet-preview='message'], [data-ad-preview='message'], [data-ad-rendering-role='story_message'], "
    "[data-testid='post_message'], .userContent, [data-sigil~='comment-body'], .UFICommentBody, "
    ".fbPhotosPhotoCaption .hasCaption, #fbPhotoPageCaption"
)
HEADERS = (
    "h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href], h6 a[href], .permalinkHeaderInfo a[href], "
    ".actor-link, .actor, .UFICommentActorName, [data-ad-rendering-role='profile_name'], .profileLink, strong a[href], "
    "#fbPhotoPageAuthorName a[href], .fbPhotoContributorName a[href]"
)
BY = re.compile(  # "Comment by A B 2 days ago", "Reply by A to B's comment"
    r"^(?:comment(?:aire)?|reply|kommentar|antwort|coment[aá]rio|respuesta|resposta|commento|risposta|réponse|reactie)"
    r"\s+(?:by|from|de|von|di|van|af|av|do|da)\s+(.+?)"
    r"(?:\s+(?:to|auf|à|a|al|ao|op)\s+\S.*['’]s? .+)?(?:,?\s+(?:\d+|an?|il y a|vor|hace|há|about)\s.*)?$",
    re.I,
)
ABOVE = 7  # elements between a message and what holds its author; 5 was the most that was met


class Unit(NamedTuple):
    """One element that holds a post or comment, and who it names."""

    node: Element
    named: Element | None  # what names the author; None where only a label does, or nothing
    comment: bool
    outer: Element | None  # the unit that it stands in


def units(root: Element) -> list[Unit]:
    """In the order of the tree: those that name somebody outside of any unit inside them, and those without a name."""
    found = [node for node in select(root, UNITS) if _is_unit(node)]
    marked = set(select(root, MARKED))
    found += _orphans(root, set(found))
    among = set(found)
    order = {node: n for n, node in enumerate(node for node in root.iter() if node in among)}
    found = sorted(among, key=order.__getitem__)
    headers = _headers(root, among, marked)
    named: dict[Element, Element | None] = {}
    for node in reversed(found):
        header = headers.get(node)
        header = header if header is not None else _header(node, named, marked)
        if header is not None or label(node):
            named[node] = header
    loose = set(found) - set(named)
    whole = [_unit(node, named) for node in found if node in named]
    holding = {up for unit in whole for up in unit.node.iterancestors()}
    for node in found:
        if node in loose and node not in holding and not any(up in named or up in loose for up in node.iterancestors()):
            whole.append(Unit(node, None, False, None))
    return sorted(whole, key=lambda unit: order[unit.node])


def label(node: Element) -> str:
    """The author that a comment's accessible label names."""
    found = BY.search(attr(node, "aria-label").strip()) if attr(node, "role") == "article" else None
    return found[1].strip() if found else ""


def nearest(node: Element, among: object, unit: Element) -> Element | None:
    """The innermost unit around an element, up to the one that is asked about."""
    return next((up for up in node.iterancestors() if up is unit or up in among), None)  # type: ignore[operator]  # any container


def _is_unit(node: Element) -> bool:
    """Comments of the basic pages carry only their number and a heading; `userContentWrapper` was a heading once."""
    if node.tag in ("h5", "h6"):
        return False
    if node.tag == "article" or attr(node, "role") == "article" or STORIES & {*classes(node)}:
        return True
    if matches(node, COMMENTS):
        return True
    return ("data-ft" in node.attrib or attr(node, "id").isdigit()) and first(node, "h3") is not None


def _orphans(root: Element, known: set[Element]) -> list[Element]:
    """What holds messages and headings that stand in no known unit: fragments, and old photo and video pages."""
    found: set[Element] = set()
    for message in select(root, f"{MARKED}, .msg, header"):
        heading = message.tag == "header"
        above = [message, *message.iterancestors()][: ABOVE + 1]
        inside = any(up in known or up in found for up in [message, *message.iterancestors()])
        if inside or (heading and first(message, "h3 a") is None):
            continue
        holder = next((up for up in above if _holds(up, message)), message)
        if len(select(holder, MARKED)) < 2:
            found.add(holder)
        elif not heading:
            found.add(message)
    return list(found)


def _holds(node: Element, message: Element) -> bool:
    """Whether an element holds a heading's words, or a message's author."""
    if message.tag == "header":
        return node is not message and first(node, "p, [dir='auto']") is not None
    return first(node, HEADERS) is not None and (node is not message or "msg" not in classes(node))


def _headers(root: Element, among: set[Element], marked: set[Element]) -> dict[Element, Element]:
    """The first heading with words in it, of each element that has one outside of any message and any further unit."""
    found: dict[Element, Element] = {}
    for header in select(root, HEADERS):
        for up in header.iterancestors():
            if up in marked:
                break
            if up in among:
                if up not in found and written(header):
                    found[up] = header
                break
    return found


def _header(node: Element, named: dict[Element, Element | None], marked: set[Element]) -> Element | None:
    """What names the author where no heading does: the line before a comment's words, the first link to a profile."""
    if matches(node, "[data-sigil~='comment']"):
        body = first(node, "[data-sigil~='comment-body']")
        return body.getprevious() if body is not None else None
    if attr(node, "role") != "article":
        return None
    links = (a for a in select(node, "a[href]") if written(a) and account(attr(a, "href")).url)
    links = (a for a in links if not any(up in marked for up in _between(a, node)))
    return next((a for a in links if nearest(a, named, node) is node), None)


def _between(node: Element, unit: Element) -> list[Element]:
    found = []
    for up in node.iterancestors():
        if up is unit:
            break
        found.append(up)
    return found


def _unit(node: Element, named: dict[Element, Element | None]) -> Unit:
    outer = next((up for up in node.iterancestors() if up in named), None)
    comment = matches(node, COMMENTS) or bool(label(node)) or (attr(node, "id").isdigit() and node.tag == "div")
    if not comment and outer is not None and attr(node, "role") == "article":
        comment = first(node, "a[href*='comment_id=']") is not None
    return Unit(node, named[node], comment, outer)
