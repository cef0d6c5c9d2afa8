"""What reading one page costs: finding its reader, its posts and its standing, from HTML. Knows no platform.

Processor time, the median of several runs, each on a page that was never seen before. A page of a few kilobytes costs
a few milliseconds whatever it holds, so milliseconds a megabyte are given for pages of at least `SMALLEST` alone, and
for smaller ones the milliseconds themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median

from extractors.contract import Page
from extractors.registry import extractor_for
from extractors.standing import standing_of

SMALLEST = 0.1  # megabytes
MOST = 150.0  # milliseconds a megabyte
RUNS = 5
WORST = 12  # pages that are named


@dataclass(frozen=True)
class Cost:
    """One page and what it costs to read."""

    name: str
    reader: str
    megabytes: float
    milliseconds: float

    @property
    def rate(self) -> float:
        return self.milliseconds / self.megabytes


def cost_of(name: str, page: Page, *, runs: int = RUNS) -> Cost:
    """The median of several whole readings; a space more at the end makes each page a new one."""
    taken = []
    for run in range(runs):
        fresh = replace(page, html=page.html + " " * (run + 1))
        begun = time.process_time()
        extractor = extractor_for(fresh.url, fresh)
        for _ in extractor.read(fresh):
            pass
        standing_of(fresh, extractor)
        taken.append((time.process_time() - begun) * 1000)
    return Cost(name, extractor.platform, len(page.html.encode("utf-8", "replace")) / 1e6, median(taken))


def told(costs: Iterable[Cost]) -> list[str]:
    """The figures as lines: all large pages together, the worst of them by name, and the small ones."""
    every = list(costs)
    large = sorted((cost for cost in every if cost.megabytes >= SMALLEST), key=lambda cost: -cost.rate)
    small = sorted((cost for cost in every if cost.megabytes < SMALLEST), key=lambda cost: -cost.milliseconds)
    lines = []
    if large:
        whole = sum(cost.milliseconds for cost in large) / sum(cost.megabytes for cost in large)
        over = sum(cost.rate > MOST for cost in large)
        rates = [cost.rate for cost in large]
        lines.append(
            f"{len(large)} pages of at least {SMALLEST * 1000:.0f} kB: {whole:.0f} ms/MB in all, median "
            f"{median(rates):.0f}, worst {rates[0]:.0f}; {over} of them over {MOST:.0f}"
        )
        lines += [_line(cost, f"{cost.rate:6.0f} ms/MB") for cost in large[:WORST]]
    if small:
        times = [cost.milliseconds for cost in small]
        lines.append(f"{len(small)} smaller pages: median {median(times):.1f} ms a page, worst {times[0]:.1f}")
        lines += [_line(cost, f"{cost.milliseconds:6.1f} ms") for cost in small[:3]]
    return lines


def _line(cost: Cost, figure: str) -> str:
    return f"  {figure:13} {cost.megabytes * 1000:6.0f} kB  {cost.reader:12} {cost.name}"
