"""docs/VAULT.md says what is so: its example hashes as it says, and every table, column, check and file is in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from archiver import integrity
from archiver.records import By
from tests.verify.walked import CHECKS, COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "VAULT.md").read_text("utf-8")


def block(language: str) -> list[str]:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found.splitlines()


def test_the_worked_example_holds() -> None:
    entries, digests = [line.encode() for line in block("json")], block("text")
    vault = integrity.entry_of(entries[0]).body["vault"]
    prev = integrity.GENESIS
    for seq, (data, sha256) in enumerate(zip(entries, digests, strict=True), start=1):
        assert hashlib.sha256(data).hexdigest() == sha256
        assert list(integrity.form_faults(data, vault=vault, seq=seq)) == []
        assert list(integrity.chain_faults(data, prev=prev)) == []
        prev = sha256
    assert f"`{integrity.commitment(digests)}`" in PAGE


def test_the_worked_example_is_made_by_the_program_as_it_stands_there() -> None:
    first, second = block("json")
    made = integrity.entry_bytes(
        vault="3f1c0a9be2d84d7796a5b0c1d2e3f405",
        seq=2,
        prev=hashlib.sha256(first.encode()).hexdigest(),
        salt=bytes.fromhex("ffeeddccbbaa99887766554433221100"),
        kind="remark",
        at="2026-03-03T09:15:00.000Z",
        by=By(operator="Sam"),
        body={"words": "Schön – kept"},
    )
    assert made == second.encode()


@pytest.mark.parametrize(("table", "column"), [pair for pair in COLUMNS if not pair[0].startswith("passage_words_")])
def test_every_column_is_described(table: str, column: str) -> None:
    tables = PAGE.partition("## The tables")[2].partition("\n## ")[0]
    (section,) = re.findall(rf"^\| `{table}` \|.*?(?=^\| `|^$)", tables, re.DOTALL | re.MULTILINE)
    assert f"| `{column}` |" in section


@pytest.mark.parametrize("check", [*CHECKS, "contents"])
def test_every_check_is_described(check: str) -> None:
    assert f"`{check}`" in PAGE.partition("## What `verify` shows")[2]
