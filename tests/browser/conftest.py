"""One warm browser and one site on loopback for all tests of this room."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from archiver.address import AddressRule, address_rule
from archiver.browser import Browser, Limits, VisitRequest, find_browser
from archiver.records import Snapshot
from tests.site import Server, site

NAMES = {  # what the tests' own name server answers; every name is made up
    "a.example": ["127.0.0.1"],
    "other.example": ["127.0.0.1"],
    "public.example": ["127.0.0.1"],
    "inside.example": ["127.0.0.9"],
    "inside.a.example": ["127.0.0.9"],
    "metadata.example": ["169.254.169.254"],
    "both.example": ["169.254.169.254", "127.0.0.1"],
}
QUICK = Limits(seconds=90, answer_seconds=3, settle_seconds=2, scroll_seconds=10, picture_seconds=20)

Visit = Callable[..., Snapshot]


def resolve(host: str) -> list[str]:
    """The tests' own name server. Nothing is asked of the network."""
    if host in NAMES:
        return NAMES[host]
    if host.replace(".", "").isdigit() or ":" in host:
        return [host]
    raise OSError(-2, "Name or service not known")


def rule(ip: str) -> AddressRule:
    """The real rule, but that 127.0.0.1 stands for a public address: the tests have no other."""
    return "public" if ip == "127.0.0.1" else address_rule(ip)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with site() as running:
        yield running


@pytest.fixture(scope="session")
def warm() -> Iterator[Browser]:
    with Browser(resolve=resolve, rule=rule) as browser:
        yield browser


@pytest.fixture(scope="session")
def path() -> str:
    return find_browser().path


@pytest.fixture
def visit(warm: Browser, server: Server, path: str) -> Visit:
    """Visit a path of the site, or a whole address, with quick bounds."""

    def go(
        where: str,
        *,
        host: str = "a.example",
        allow_private: bool = True,
        limits: Limits = QUICK,
        scale: int = 1,
        viewport: tuple[int, int] = (1280, 800),
        proxy: str = "",
    ) -> Snapshot:
        address = where if where.startswith(("http:", "https:", "chrome:")) else server.address(where, host)
        return warm.visit(
            VisitRequest(address, address, path, allow_private, proxy, limits=limits, scale=scale, viewport=viewport),
        )

    return go
