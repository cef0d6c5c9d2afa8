"""One authority for the session, and for each test a small vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver import vault
from tests.authority import Authority, running
from tests.vault.made import SECRET, page_artifacts, snapshot


@pytest.fixture(scope="session")
def authority_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with running(tmp_path_factory.mktemp("authority")) as made:
        yield made


@pytest.fixture
def authority(authority_once: Authority) -> Authority:
    authority_once.down = False
    authority_once.heard.clear()
    return authority_once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A vault with two captures; closed."""
    with vault.create(tmp_path / "vault", secret=SECRET) as made:
        for n in (1, 2):
            made.append_capture(snapshot(n, artifacts=page_artifacts(n, 500)))
    return tmp_path / "vault"


@pytest.fixture
def kept(folder: Path) -> Iterator[vault.Vault]:
    with vault.open_vault(folder, secret=SECRET) as opened:
        yield opened
