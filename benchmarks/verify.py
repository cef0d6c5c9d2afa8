"""How fast a vault is verified, beside reading the same bytes from it and piping them to `sha256sum`. Run by hand.

    python -m benchmarks.verify --megabytes 400 --rounds 5

The rounds take turns, so that a machine that is busy with other things is so for both. The ratio is the benchmark's
figure: at least 0.6 is what was asked for.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archiver import keys, vault
from archiver.records import Artifact, Failure, Finding, Provenance, Snapshot, Verdict
from archiver.verify import verify

SECRET = keys.Passphrase("for the benchmark", keys.KdfCost(1, 64, 1, for_tests=True))
SIZES = (2_500_000, 1_000_000, 300_000, 150_000, 50_000)  # bytes: a page's tiles, its network record, its texts
LOADED, WHOLE = Failure(), Verdict(True, "")
AT = "2026-03-03T09:15:00.000Z"


def fill(folder: Path, megabytes: int) -> None:
    with vault.create(folder, secret=SECRET) as made:
        for n in range(megabytes * 1_000_000 // sum(SIZES)):
            chance, address = random.Random(n), f"http://127.0.0.1/{n}"
            kept = tuple(Artifact("tile", "image/png", chance.randbytes(size)) for size in SIZES)
            made.append_capture(
                Snapshot(
                    address,
                    address,
                    address,
                    AT,
                    AT,
                    200,
                    Failure(),
                    "",
                    (),
                    (),
                    (),
                    kept,
                    Verdict(True, ""),
                    Provenance(),
                )
            )


def piped(opened: vault.Vault, names: list[str]) -> int:
    """The baseline: every artifact's bytes out of the vault and through one `sha256sum`."""
    count = 0
    with subprocess.Popen(["sha256sum"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as summing:
        assert summing.stdin is not None
        for name in names:
            data = opened.artifact(name)
            count += len(data)
            summing.stdin.write(data)
        summing.stdin.close()
        summing.wait()
    return count


def verified(opened: vault.Vault) -> None:
    found = [seen for seen in verify(opened) if isinstance(seen, Finding)]
    assert not found, found


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processor in this process and those that it started."""
    started, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - started, sum(os.times()[:4]) - before


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--megabytes", type=int, default=400)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "vault"
        fill(folder, given.megabytes)
        with vault.open_vault(folder, secret=SECRET) as opened:
            names = [artifact["sha256"] for capture in opened.captures() for artifact in capture.body["artifacts"]]
            size = piped(opened, names) / 1e6  # and everything is in the system's cache, for both
            base: list[tuple[float, float]] = []
            ours: list[tuple[float, float]] = []
            for _ in range(given.rounds):
                base.append(cost(lambda: piped(opened, names)))
                ours.append(cost(lambda: verified(opened)))
    print(f"{size:.0f} MB in {len(names)} artifacts, {given.rounds} rounds in turn, medians")
    for which, unit in ((0, "by the clock"), (1, "of processor")):
        ratios = [one[which] / other[which] for one, other in zip(base, ours, strict=True)]
        speeds = [size / statistics.median(each[which] for each in rounds) for rounds in (base, ours)]
        print(f"per second {unit}: vault | sha256sum {speeds[0]:.0f} MB, verify {speeds[1]:.0f} MB")
        print(f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
