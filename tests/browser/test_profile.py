"""A profile that lies ready for a visit: used once, by a visit that it fits, and gone else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from archiver.browser import Browser, VisitRequest
from archiver.browser.profile import Profile
from tests.browser import conftest
from tests.browser.conftest import QUICK
from tests.browser.test_visit import text_of
from tests.site import Server


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Profile]:
    """Every profile that is opened, in order."""
    made: list[Profile] = []
    real = Profile.open.__func__  # type: ignore[attr-defined]  # a class method's own function

    async def noted(cls: type[Profile], *arguments: object) -> Profile:
        made.append(await real(cls, *arguments))
        return made[-1]

    monkeypatch.setattr(Profile, "open", classmethod(noted))
    return made


@pytest.fixture
def browser() -> Iterator[Browser]:
    with Browser(resolve=conftest.resolve, rule=conftest.rule) as made:
        yield made


@pytest.fixture
def like(path: str) -> VisitRequest:
    return VisitRequest("", "", path, allow_private=True, limits=QUICK)


def test_a_visit_that_it_fits_uses_it_and_the_next_has_its_own(
    browser: Browser, like: VisitRequest, opened: list[Profile], server: Server
) -> None:
    browser.start(like)
    browser.start(like)  # as one worker does that was quicker than the other
    assert len(opened) == 1
    address = server.address("plain.html")
    for profiles in (1, 2):
        snapshot = browser.visit(replace(like, requested=address, cleaned=address))
        assert "marigold" in text_of(snapshot)
        assert snapshot.verdict.complete
        assert len(opened) == profiles


@pytest.mark.parametrize(
    "other", [{"locale": "de-DE"}, {"allow_private": False}, {"viewport": (900, 700)}, {"scale": 2}]
)
def test_a_visit_of_another_kind_does_not_use_it(
    browser: Browser, like: VisitRequest, opened: list[Profile], server: Server, other: dict[str, object]
) -> None:
    browser.start(like)
    address = server.address("plain.html", "a.example")
    request = replace(like, requested=address, cleaned=address, **other)  # type: ignore[arg-type]  # fields of it, by name
    assert browser.visit(request).status == 200
    assert len(opened) == 2
    assert opened[0].tab.page.is_closed()


def test_a_login_finds_none_ready(browser: Browser, like: VisitRequest, opened: list[Profile]) -> None:
    browser.start(replace(like, login="mine"))
    assert opened == []


def test_one_that_crashed_while_it_waited_costs_the_visit_nothing(
    browser: Browser, like: VisitRequest, opened: list[Profile], server: Server
) -> None:
    browser.start(like)
    browser._beside.do(_crash(opened[0]))
    address = server.address("plain.html")
    assert browser.visit(replace(like, requested=address, cleaned=address)).status == 200
    assert len(opened) == 2


async def _crash(profile: Profile) -> None:
    gone = asyncio.Event()
    profile.tab.page.once("crash", lambda _: gone.set())
    never_answered = asyncio.ensure_future(profile.tab.session.send("Page.crash"))
    await asyncio.wait_for(gone.wait(), 30)
    never_answered.cancel()
    await asyncio.gather(never_answered, return_exceptions=True)


def test_one_that_was_never_used_is_gone_with_its_browser(
    browser: Browser, like: VisitRequest, opened: list[Profile]
) -> None:
    browser.start(like)
    browser.close()
    assert opened[0].tab.page.is_closed()
