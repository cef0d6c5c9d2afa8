"""What Chromium is started with: one list of features that are off, and nothing of the driver's own affairs."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from archiver.browser.chromium import Chromium
from archiver.browser.switches import FEATURES_OFF, NOT_SWITCHES, PLAYWRIGHTS_FEATURES_OFF
from archiver.errors import InstrumentMissing


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """The switches and the environment that a browser is started with, as one tells that only writes them down."""
    if sys.platform == "win32":
        pytest.skip("the stand-in is a shell script")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.delenv("NODE_COMPILE_CACHE", raising=False)
    stand_in = tmp_path / "browser"
    stand_in.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/switches\nenv > {tmp_path}/environment\nexit 1\n')
    stand_in.chmod(0o700)
    with pytest.raises(InstrumentMissing):
        asyncio.run(Chromium.start(str(stand_in)))
    return (tmp_path / "switches").read_text().splitlines(), (tmp_path / "environment").read_text().splitlines()


def test_all_features_that_are_off_stand_in_one_list(asked: tuple[list[str], list[str]]) -> None:
    # Chromium heeds the last list only: a second one switches on again what the first switched off, without a word.
    lists = [switch.partition("=")[2].split(",") for switch in asked[0] if switch.startswith("--disable-features=")]
    assert lists == [[*PLAYWRIGHTS_FEATURES_OFF, *FEATURES_OFF]]
    assert not set(NOT_SWITCHES) & set(asked[0])


def test_where_the_driver_keeps_its_own_program_is_nobody_elses_affair(asked: tuple[list[str], list[str]]) -> None:
    assert not [line for line in asked[1] if line.startswith("NODE_COMPILE_CACHE")]
    assert "NODE_COMPILE_CACHE" not in os.environ
