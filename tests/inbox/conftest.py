"""A locked vault and the place where this computer keeps its list."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver import keys, vault
from archiver.settings import Settings
from tests.vault.made import SECRET


@pytest.fixture
def here(tmp_path: Path) -> keys.Device:
    return keys.Device(folder=tmp_path / "keys", keyring=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(vault=tmp_path / "vault", quiet_hours=None)
    vault.create(made.vault, secret=SECRET).close()
    return made
