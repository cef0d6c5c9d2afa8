"""A selection that is too large for one bag, in several. Cuts no exhibit; writes nothing.

What is made for readers can't be weighed before it is made, so it is weighed high: the network record once more for the
web archive, the pictures twice more for paper, where they are packed less tightly than in a PNG.
"""

from __future__ import annotations

from dataclasses import replace

from archiver.bundle import named
from archiver.bundle.chosen import Chosen, Exhibit, LeftOut

OURS = 512 << 10  # bytes of a bag's own pages, statements and papers; measured: 190 KB for 10 exhibits
BESIDE = 64 << 10  # bytes that each exhibit adds to them and to the log and lists; measured: 26 KB
LINE = 66  # bytes of an entry in the list of hashes


def in_parts(chosen: Chosen, limit: int) -> list[Chosen]:
    """Whole exhibits, in order, as many as fit into `limit` bytes with all that is written beside them.

    One that is larger than the limit stands alone.
    """
    if not limit:
        return [chosen]
    groups: list[list[int]] = []
    held = least = OURS + LINE * chosen.entries
    for n, exhibit in enumerate(chosen.exhibits):
        size = _weight(exhibit)
        if not groups or held + size > limit:
            groups.append([])
            held = least
        groups[-1].append(n)
        held += size
    if len(groups) == 1:
        return [chosen]
    return [_part(chosen, groups, n) for n in range(len(groups))]


def _weight(exhibit: Exhibit) -> int:
    kept = sum(original.size for original in exhibit.originals if original.leaves)
    archived = sum(original.size for original in exhibit.of_role("network"))
    printed = sum(picture.size for picture in named.pictures(exhibit))
    return kept + archived + 2 * printed + BESIDE


def _part(chosen: Chosen, groups: list[list[int]], n: int) -> Chosen:
    elsewhere = tuple(
        LeftOut(chosen.exhibits[at].capture, f"{chosen.exhibits[at].label} is in part {m + 1} of {len(groups)}")
        for m, group in enumerate(groups)
        if m != n
        for at in group
    )
    exhibits = tuple(chosen.exhibits[at] for at in groups[n])
    return replace(chosen, exhibits=exhibits, left_out=(*chosen.left_out, *elsewhere))
