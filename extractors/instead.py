"""What stands on a post's page in the place of the post, in any language. Asked only where no post could be read."""

from __future__ import annotations

from extractors.challenges import challenge_in
from extractors.contract import Page, Standing, StandingState
from extractors.phrases import folded, pattern
from extractors.toolbox import tree, visible_text

RULES: tuple[tuple[str, StandingState], ...] = (
    ("geo", "geo_blocked"),
    ("suspended", "suspended"),
    ("private", "login_wall"),
    ("removed", "removed"),
    ("login", "login_wall"),
)
LONGEST_LINE = 260  # characters; notices are short
LONGEST_PAGE = 10_000  # characters; past it the page is no notice
SHARE = 0.34  # of a line that the words must fill, as for pages of any kind


def instead_of_post(page: Page, *, wanted: bool) -> Standing | None:
    """`wanted` says that the address is a post's: then a page without one is never live.

    None where nothing platform-specific is to be said: challenges, and pages that need not hold a post.
    """
    text = visible_text(page)
    if not wanted or challenge_in(tree(page), short=len(text) < LONGEST_PAGE):
        return None
    for words, state in RULES:
        if (why := said(page, words)) is not None:
            return Standing(state, why)
    return Standing("error", "the address is a post's, and no post could be read")


def said(page: Page, words: str) -> str | None:
    """Why a vocabulary holds: the first short visible line that it fills enough of; None where there is none."""
    text = visible_text(page)
    lines = [folded(line) for line in text[:LONGEST_PAGE].splitlines() if 2 < len(line.strip()) <= LONGEST_LINE]
    for line in lines:
        found = pattern(words).search(line)
        if found is not None and len(found[0]) >= SHARE * len(line):
            return f"the page's own words: {line[:120]}"
    return None
