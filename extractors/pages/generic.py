"""Any page: its standard markup first, then its layout. Never claims a platform; what layout alone says is not sure."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.contract import Page, PageExtractor, Post, Problem, Standing
from extractors.once import once
from extractors.repeated import repeated
from extractors.structured import base_of, merge_into, structured
from extractors.trees import tree

PLATFORM = "generic"


@once
def read(page: Page) -> Iterator[Post | Problem]:
    """Posts that the page's own markup states, then those that only its layout shows, each once."""
    found: list[Post] = []
    for record in structured(page, PLATFORM):
        if isinstance(record, Problem):
            yield record
        else:
            found.append(record)
    told = any(post.time and (post.author.name or post.author.handle) for post in found)
    laid_out = list(repeated(tree(page), base_of(page), PLATFORM, alone=not told))
    merge_into(found, (record for record in laid_out if isinstance(record, Post)))
    yield from found
    yield from (record for record in laid_out if isinstance(record, Problem))


def standing(page: Page) -> Standing | None:
    """Nothing of its own: the rules that hold everywhere are in `extractors.standing`."""
    return None


EXTRACTOR = PageExtractor(platform=PLATFORM, hosts=(), read=read, standing=standing)
