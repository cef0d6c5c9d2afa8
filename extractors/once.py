"""Keeps what a reader found in the page at hand, so that posts and standing cost one pass. Never keeps two pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from extractors.contract import Page

Found = TypeVar("Found")


def once(find: Callable[[Page], Iterator[Found]]) -> Callable[[Page], Iterator[Found]]:
    """The same finds for the same page object: looked for as far as somebody asks, and never twice."""

    @wraps(find)
    def again(page: Page) -> Iterator[Found]:
        shelf = _Shelf.of(page)
        return iter(shelf.setdefault(find, _Replay(find(page))))

    return again


class _Shelf:
    """What was found in the last page that anybody asked about."""

    last: tuple[Page | None, dict[Any, _Replay[Any]]] = (None, {})

    @classmethod
    def of(cls, page: Page) -> dict[Any, _Replay[Any]]:
        known, found = cls.last
        if known is not page:
            found = {}
            cls.last = (page, found)
        return found


class _Replay(list[Found]):
    """A list that is filled from its source while it is read."""

    def __init__(self, source: Iterator[Found]) -> None:
        super().__init__()
        self.source = source

    def __iter__(self) -> Iterator[Found]:
        n = 0
        while True:
            if n == len(self):
                try:
                    self.append(next(self.source))
                except StopIteration:
                    return
            yield self[n]
            n += 1
