"""A selection that is too large for one bag, in several. Cuts no exhibit; writes nothing."""

from __future__ import annotations

from dataclasses import replace

from archiver.bundle.chosen import Chosen, LeftOut


def in_parts(chosen: Chosen, limit: int) -> list[Chosen]:
    """Whole exhibits, in order, as many in each bag as fit; one that is larger than the limit stands alone."""
    if not limit:
        return [chosen]
    groups: list[list[int]] = []
    held = 0
    for n, exhibit in enumerate(chosen.exhibits):
        size = sum(original.size for original in exhibit.originals if original.leaves)
        if not groups or held + size > limit:
            groups.append([])
            held = 0
        groups[-1].append(n)
        held += size
    if len(groups) == 1:
        return [chosen]
    return [_part(chosen, groups, n) for n in range(len(groups))]


def _part(chosen: Chosen, groups: list[list[int]], n: int) -> Chosen:
    elsewhere = tuple(
        LeftOut(chosen.exhibits[at].capture, f"{chosen.exhibits[at].label} is in part {m + 1} of {len(groups)}")
        for m, group in enumerate(groups)
        if m != n
        for at in group
    )
    exhibits = tuple(chosen.exhibits[at] for at in groups[n])
    return replace(chosen, exhibits=exhibits, left_out=(*chosen.left_out, *elsewhere))
