"""Scores every page reader: made-up pages always, real ones where ../shared/real is beside the project.

`python -m benchmarks.extractors [--check] [--platform P] [--list-misses] [--speed] [--raise] [--lower]`. A real page
is read twice: at an address that says nothing ("elsewhere"), and at the one it gives as its own ("at home"). Floors
are kept in fixtures/floors.json: `--check` fails below one, `--raise` lifts them to today's figures, only `--lower`
lowers.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.reading_speed import MOST, RUNS, SMALLEST, cost_of, told
from benchmarks.samples import REAL, Sample, at_home, samples, untold
from benchmarks.scoring import Score, score
from extractors.contract import Page, Post
from extractors.registry import extractor_for
from extractors.standing import standing_of
from tests.extractors.cases import Case, cases

FLOORS = Path(__file__).parents[1] / "fixtures" / "floors.json"
COLUMNS = ("recall", "precision", "whole", "author", "handle", "time", "text", "permalink", "standing")
Table = dict[str, Score]  # platform -> sums


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit 1 below a floor")
    parser.add_argument("--platform", default="", help="only this one")
    parser.add_argument("--list-misses", action="store_true")
    parser.add_argument("--speed", action="store_true", help="only what reading costs, page by page, the worst named")
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift floors to today's figures")
    parser.add_argument("--lower", action="store_true", help="also lower them to today's figures")
    arguments = parser.parse_args()
    if arguments.speed:
        return speed(arguments.platform)
    tables = measured(arguments.platform)
    for name, table in tables.items():
        show(name, table, misses=arguments.list_misses)
    figures = {name: {platform: sums.shares() for platform, sums in table.items()} for name, table in tables.items()}
    floors = json.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {}
    if arguments.lift or arguments.lower:
        FLOORS.write_text(json.dumps(moved(floors, figures, down=arguments.lower), indent=1, sort_keys=True) + "\n")
    broken = below(floors, figures, only=arguments.platform) if arguments.check else []
    for line in broken:
        print(line)
    if not arguments.check:
        speed(arguments.platform)
    return 1 if broken else 0


def speed(platform: str = "") -> int:
    """Prints what each page costs, at its own address and at one that says nothing; 1 where a large one is slow."""
    slow = 0
    for name, pages in _timed(platform).items():
        costs = [cost_of(file, page) for file, page in pages]
        slow += sum(cost.megabytes >= SMALLEST and cost.rate > MOST for cost in costs)
        print(f"\n{name}, processor time, median of {RUNS}")
        for line in told(costs):
            print(line)
    return 1 if slow else 0


def _timed(platform: str) -> dict[str, list[tuple[str, Page]]]:
    """The pages that are timed: real ones, else made-up ones."""
    if not (REAL / "truth.jsonl").is_file():
        return {"made up": [(case.name, case.page) for case in cases() if platform in ("", case.platform)]}
    served = [sample for sample in samples() if platform in ("", sample.platform) and sample.page.html.strip()]
    return {
        "at home": [(sample.file, at_home(sample)) for sample in served],
        "elsewhere": [(sample.file, sample.page) for sample in served],
        "without truth": [(name, page) for name, page in untold() if not platform and page.html.strip()],
    }


def measured(platform: str = "", *, real: bool = True) -> dict[str, Table]:
    """Every table that can be made here: made-up pages, real pages elsewhere, real pages at home."""
    made = _table(_made(case) for case in cases() if platform in ("", case.platform))
    tables = {"made up": made}
    if real and (REAL / "truth.jsonl").is_file():
        served = [sample for sample in samples() if platform in ("", sample.platform)]
        tables["elsewhere"] = _table(_real(sample, sample.page) for sample in served)
        tables["at home"] = _table(_real(sample, at_home(sample)) for sample in served)
    return tables


def show(name: str, table: Table, *, misses: bool) -> None:
    print(f"\n{name:12}" + "".join(f"{column:>10}" for column in ("posts", *COLUMNS)))
    total = Score()
    for platform, sums in sorted(table.items()):
        total.add(sums)
        print(_line(platform, sums))
    print(_line("all", total))
    for miss in total.misses if misses else []:
        print(f"  {miss}")


def below(floors: dict[str, Any], figures: dict[str, Any], *, only: str = "") -> list[str]:
    """Every floor that today's figures don't reach; one that is not measured any more counts as missed."""
    missed = []
    for name, table in floors.items():
        if name not in figures:
            continue  # real pages are not everywhere
        for platform, pinned in table.items():
            if only in ("", platform):
                now = figures[name].get(platform, {})
                missed += [
                    f"{name}, {platform}: {column} is {now.get(column, 0):.3f}, its floor {floor:.3f}"
                    for column, floor in pinned.items()
                    if now.get(column, 0) < floor
                ]
    if not floors.get("made up"):
        missed.append(f"{FLOORS.name} pins no floor, so nothing was checked")
    return missed


def moved(floors: dict[str, Any], figures: dict[str, Any], *, down: bool) -> dict[str, Any]:
    """The floors lifted to today's figures, cut at three digits; lowered too where that was asked for."""
    new: dict[str, Any] = json.loads(json.dumps(floors))
    for name, table in figures.items():
        for platform, shares in table.items():
            pinned = new.setdefault(name, {}).setdefault(platform, {})
            for column, share in shares.items():
                cut = math.floor(share * 1000) / 1000
                pinned[column] = cut if down else max(cut, pinned.get(column, 0.0))
    return new


def _table(scores: Iterable[tuple[str, Score]]) -> Table:
    table: Table = defaultdict(Score)
    for platform, one in scores:
        table[platform].add(one)
    return dict(table)


def _made(case: Case) -> tuple[str, Score]:
    rows = [
        {
            "author": post.author.name,
            "handle": post.author.handle,
            "time": post.time.utc or post.time.written if post.time else None,
            "text": post.text[:200],
            "permalink": post.permalink,
        }
        for post in case.posts
    ]
    return case.platform, _scored(case.name, case.page, rows, frozenset({case.state}), complete=True)


def _real(sample: Sample, page: Page) -> tuple[str, Score]:
    return sample.platform, _scored(sample.file, page, sample.posts, sample.right_states, complete=sample.complete)


def _scored(name: str, page: Page, rows: Any, states: frozenset[str], *, complete: bool) -> Score:
    extractor = extractor_for(page.url, page)
    posts = [record for record in extractor.read(page) if isinstance(record, Post)]
    result = score(rows, posts, complete=complete)
    standing = standing_of(page, extractor)
    result.standings, result.standings_right = 1, int(standing.state in states)
    if standing.state not in states:
        result.misses.append(f"standing {standing.state} ({standing.why}), right: {', '.join(sorted(states))}")
    result.misses = [f"{name} [{extractor.platform}]: {miss}" for miss in result.misses]
    return result


def _line(platform: str, sums: Score) -> str:
    shares = sums.shares()
    cells = [f"{shares[column]:10.3f}" if column in shares else f"{'-':>10}" for column in COLUMNS]
    return f"{platform:12}{sums.wanted:10}" + "".join(cells)


if __name__ == "__main__":
    raise SystemExit(main())
