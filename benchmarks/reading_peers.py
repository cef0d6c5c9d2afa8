"""Posts with author and time on pages of no known platform, beside extruct and trafilatura together.

    python -m venv /there && /there/bin/pip install extruct trafilatura
    python -m benchmarks.reading_peers --python /there/bin/python

The peers are no part of the project and run in an interpreter of their own (`peer_posts.py`). Pages are those that no
platform's reader claims at an address that says nothing: of ../shared/real where it is beside the project, else the
made-up ones. A post that two syntaxes or both peers give is one post. Exit code 1 where the peers give more in all.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.samples import REAL, page_from
from extractors.contract import Page, Post
from extractors.registry import GENERIC, extractor_for
from tests.extractors.cases import cases

WORKER = Path(__file__).with_name("peer_posts.py")
UNKNOWN = "https://unknown.example/"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="an interpreter that has extruct and trafilatura")
    arguments = parser.parse_args()
    pages = of_no_platform()
    if not pages:
        print("no page of no known platform is at hand", file=sys.stderr)
        return 1
    theirs = _theirs(arguments.python, pages)
    rows = [(name, ours(page), given["extruct"], given["trafilatura"], given["both"])
            for (name, page), given in zip(pages.items(), theirs, strict=True)]  # fmt: skip
    print(f"{'page':80}{'ours':>8}{'extruct':>9}{'trafilatura':>13}{'both':>6}")
    for name, *counts in rows:
        print(f"{name[-79:]:80}{counts[0]:8}{counts[1]:9}{counts[2]:13}{counts[3]:6}{'  <' * (counts[0] < counts[3])}")
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    print(f"{f'{len(rows)} pages':80}{sums[0]:8}{sums[1]:9}{sums[2]:13}{sums[3]:6}")
    return 1 if sums[0] < sums[3] else 0


def of_no_platform() -> dict[str, Page]:
    """Name -> page, where only the reader for any page is left."""
    if (REAL / "pages").is_dir():
        files = [path for path in sorted((REAL / "pages").rglob("*")) if path.is_file()]
        every = {path.relative_to(REAL).as_posix(): page_from(path.read_bytes()) for path in files}
    else:
        every = {case.name: Page(UNKNOWN, case.page.html) for case in cases() if case.platform == GENERIC}
    return {
        name: page
        for name, page in every.items()
        if page.html.lstrip()[:1] == "<" and extractor_for(page.url, page).platform == GENERIC
    }


def ours(page: Page) -> int:
    """How many posts with somebody and a time are read."""
    found = [record for record in extractor_for(page.url, page).read(page) if isinstance(record, Post)]
    return sum(bool(post.time and (post.author.name or post.author.handle)) for post in found)


def _theirs(python: str, pages: dict[str, Page]) -> list[dict[str, int]]:
    asked = json.dumps([page.html for page in pages.values()])
    answer = subprocess.run([python, str(WORKER)], input=asked, text=True, capture_output=True, check=True)
    given: list[dict[str, int]] = json.loads(answer.stdout)
    return given


if __name__ == "__main__":
    raise SystemExit(main())
