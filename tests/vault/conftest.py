"""A fresh vault for each test, and one that is filled once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver import vault
from tests.vault.made import SECRET, filled


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[vault.Vault]:
    with vault.create(tmp_path / "vault", secret=SECRET) as made:
        yield made


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "vault"
    filled(folder)
    return folder


@pytest.fixture
def filled_folder(filled_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled_once, tmp_path / "vault"))
