"""The order of the suite: what takes minutes begins first, so that nobody waits for it alone at the end."""

from __future__ import annotations

import pytest

LONG = ("test_every_command_in_readme_runs",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.name not in LONG)
