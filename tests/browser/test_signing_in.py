"""What a window to sign in with holds is looked at again and again; a page that never answers ends no login."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from archiver.browser import signing_in
from archiver.browser.signing_in import _Window

COOKIE = {"name": "session", "value": "made-up-value", "domain": "a.example", "path": "/"}


class Context:
    """A browser's profile with one page that was on its way to another one when it was asked."""

    def __init__(self) -> None:
        self.pages = [SimpleNamespace(evaluate=self._never)]

    async def cookies(self) -> list[dict[str, str]]:
        return [COOKIE]

    async def _never(self, script: str) -> Any:
        await asyncio.Event().wait()


def test_a_page_that_never_answers_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "ANSWER_SECONDS", 0.05)
    context: Any = Context()
    window = _Window(context, ("a.example",))
    asyncio.run(window.look())
    assert window.state() == {"cookies": [COOKIE], "origins": []}
