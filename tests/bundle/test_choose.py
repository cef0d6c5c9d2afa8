"""Captures are chosen by account: by any of its names, and by its number where it was renamed meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from archiver.bundle.choose import Asked, selected
from archiver.records import Capture
from extractors.contract import Account, Post


def kept(platform: str, *authors: Account) -> Any:
    return [SimpleNamespace(records=[Post(platform, "post", author, "words") for author in authors])]


READ = {
    "C1": kept("x", Account("Odo", "odo_fenn_made", "77")),
    "C2": kept("x", Account("Somebody new", "quiet_harbour", "77")),  # the same account under a new name
    "C3": kept("x", Account("Mara", "mara_quill_made", "12")),
    "C4": kept("vk", Account("Odo", "id77", "77")),  # another platform's number 77
}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("@odo_fenn_made", {"C1", "C2"}),
        ("quiet_harbour", {"C1", "C2"}),
        ("77", {"C1", "C2", "C4"}),
        ("mara_quill_made", {"C3"}),
        ("nobody", set()),
    ],
)
def test_an_account_is_found_under_its_old_and_new_names(name: str, ids: set[str]) -> None:
    address = "https://a.example/made"
    body = {"requested": address, "cleaned": address, "final": address}
    captures = [Capture(identifier, n, "2026-03-01T00:00:00Z", body) for n, identifier in enumerate(READ, start=1)]
    vault: Any = SimpleNamespace(readings=READ.__getitem__)
    assert selected(vault, captures, Asked(account=name)) == ids
