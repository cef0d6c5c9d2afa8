"""kill -9 at any moment of each flow: what was said to be done is there, and nothing damaged is called whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from archiver import vault
from archiver.records import Finding
from archiver.verify import verify
from tests.authority import running
from tests.kills import FLOWS, Kills, Place, count
from tests.vault.made import SECRET


@pytest.mark.parametrize("name", FLOWS)
def test_killed_at_any_moment_nothing_that_was_said_to_be_done_is_lost(
    name: str, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    folder, kills, flow = tmp_path / "vault", Kills(f"{name} 20260303"), FLOWS[name]
    vault.create(folder, secret=SECRET).close()
    said: list[str] = []
    during = 0  # kills before anything was told in that turn
    (tmp_path / "authority").mkdir()
    with running(tmp_path / "authority") as authority:
        for turn in range(count()):
            place = Place(folder, 1_000 * turn, f"{authority.url}/good", authority.roots)
            told = kills.one(flow.work, place)
            during += not told
            said += told
            with vault.open_vault(folder, secret=SECRET) as opened:
                assert flow.missing(opened, said) == [], f"turn {turn}"
        with vault.open_vault(folder, secret=SECRET) as opened:
            seen = list(verify(opened, roots=authority.roots))
            assert [each for each in seen if isinstance(each, Finding)] == []
            asked = {anchor.request for anchor in opened.anchors()}
        assert set(authority.heard) <= asked  # a request is kept before it is sent
    assert said
    figure(
        f"kill -9 of {name}: {count()} moments, {during} of them before anything was done; "
        f"of {len(said)} things said to be done none is lost, and the vault is whole"
    )
