"""Visits heavy pages in a process of its own, and says of each what came of it and how much memory this process took.

Arguments: the browser's path, then addresses. Prints one JSON object a line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from archiver.browser import Browser, Limits, VisitRequest
from tests.browser.conftest import resolve, rule

# The bounds on bytes are those of every visit; those on time are short, since it is memory that is asked for.
HURRIED = Limits(seconds=10, settle_seconds=2, script_seconds=2, scroll_seconds=2, unfold_seconds=2, picture_seconds=4)


def peak_mebibytes() -> int:
    """The most that this process held at once. `ru_maxrss` would count the process that started it as well."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def main() -> None:
    path, *addresses = sys.argv[1:]
    with Browser(resolve=resolve, rule=rule) as browser:
        for address in addresses:
            snapshot = browser.visit(VisitRequest(address, address, path, allow_private=True, limits=HURRIED))
            told = {
                "failure": snapshot.failure.kind,
                "complete": snapshot.verdict.complete,
                "missing": snapshot.verdict.missing,
                "roles": [artifact.role for artifact in snapshot.artifacts],
                "mebibytes": peak_mebibytes(),
            }
            sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
