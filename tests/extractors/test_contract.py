"""What every reader keeps to, whatever its platform: names, versions, honest times, no address that is a script."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from extractors.contract import Identity, PageExtractor, Post, StatedTime
from extractors.registry import generic_extractor, page_extractors
from extractors.times import same_time, stated
from tests.extractors.cases import Case, cases, read

READERS = [*page_extractors(), generic_extractor()]
CASES = cases()


def with_quoted(posts: list[Post]) -> Iterator[Post]:
    for post in posts:
        yield post
        yield from with_quoted([post.quoted] if post.quoted is not None else [])


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
def test_a_reader_names_itself_and_its_version(reader: PageExtractor) -> None:
    assert reader.platform and reader.platform == reader.platform.lower()
    assert reader.version >= 1
    assert all(host == host.lower() and "/" not in host and not host.startswith(".") for host in reader.hosts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_read_keeps_the_contract(case: Case) -> None:
    posts, _, problems = read(case.page)
    for post in with_quoted(posts):
        assert post.platform == case.platform
        assert not post.author.handle.startswith("@")
        for time in filter(None, (post.time, post.edited)):
            assert_time(time)
        addresses = [post.permalink, post.author.url, *(media.url for media in post.media)]
        assert [url for url in addresses if url and urlsplit(url).scheme not in ("http", "https", "at", "")] == []
        assert all(count for count in post.counts.values())
        assert all(label for label in post.labels)
        assert not post.sure or post.source != "visible"  # what only the layout hints at is never sure
    assert all(problem.where and problem.what for problem in problems)


def assert_time(time: StatedTime) -> None:
    """UTC is RFC 3339 with Z, and agrees with what was written where that proves a moment of its own."""
    assert time.written
    if time.utc is None:
        return
    assert time.utc.endswith("Z") and "T" in time.utc
    assert time.zone is not None
    assert time.basis != "stated" or same_time(stated(time.written), time)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reading_twice_gives_the_same(case: Case) -> None:
    assert read(case.page) == read(case.page)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
def test_companions_are_addresses_of_the_same_site_or_its_api(reader: PageExtractor) -> None:
    for case in CASES:
        if case.platform == reader.platform:
            for url in reader.companions(case.page.url):
                parts = urlsplit(url)
                assert parts.scheme == "https" and parts.hostname


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
def test_an_identity_names_the_readers_own_platform(reader: PageExtractor) -> None:
    for case in CASES:
        if case.platform == reader.platform and (here := reader.identity(case.page.url)) is not None:
            assert isinstance(here, Identity)
            assert here.platform == reader.platform
            assert not here.handle.startswith("@")
