"""A bundle with everything that one can hold: each of its files is changed by one bit, and taken away, one by one."""

from __future__ import annotations

import random
from pathlib import Path

from archiver import vault
from archiver.bundle.choose import Asked, choose
from archiver.bundle.logged import tokens
from archiver.bundle.write import How
from tests.anchors.test_anchoring import asked
from tests.anchors.test_stamped import stamping
from tests.authority import Authority
from tests.bundle.bags import commands, faults, shell, tools, written
from tests.vault.made import AT

PLACES = 2  # bits that are turned in each file


def made(kept: vault.Vault, authority: Authority, folder: Path) -> Path:
    """A bundle with a token over the log and one over itself."""
    asked(kept, authority, "good")
    found = tokens(kept.anchors(), lambda: authority.roots)
    chosen = choose(kept, Asked(), at=AT, tokens=[token.facts for token in found])
    written(kept, chosen, folder, How(), found, stamping(authority, "unsorted"))
    return folder


def test_a_change_of_any_one_file_is_found_by_the_commands_and_by_the_program(
    kept: vault.Vault, authority: Authority, tmp_path: Path
) -> None:
    bag, path, chance = made(kept, authority, tmp_path / "bag"), tools(tmp_path / "bin"), random.Random(20_260_303)
    lines = commands(bag)
    assert [line for line in lines if not shell(bag, path, [line])] == []
    assert faults(bag) == []
    files = sorted(each for each in bag.rglob("*") if each.is_file())
    there = {each.relative_to(bag).parts[0] for each in files}
    assert {"data", "log", "tagmanifest-times", "manifest-sha256.txt", "seals-sha256.txt", "bag-info.txt"} <= there
    for file in files:
        data = file.read_bytes()
        for _ in range(PLACES):
            changed = bytearray(data)
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            file.write_bytes(changed)
            assert not shell(bag, path, lines), (file, changed)
            assert faults(bag) != [], (file, changed)
        file.unlink()
        assert not shell(bag, path, lines), file
        assert faults(bag) != [], file
        file.write_bytes(data)
    assert shell(bag, path, lines)
    assert faults(bag) == []
