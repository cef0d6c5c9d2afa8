"""Every made-up page is read as its folder says, under its own address and under a stranger's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from extractors.registry import extractor_for, generic_extractor, page_extractors
from tests.extractors.cases import ROOT, Case, cases, plain, read

CASES = cases()
GENERIC = "generic"
ELSEWHERE = "https://copy.example/saved/page.html"
if not CASES:
    raise FileNotFoundError(f"No fixtures under {ROOT}: nothing would be tested.")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_is_read_as_its_folder_says(case: Case) -> None:
    posts, standing, problems = read(case.page)
    assert plain(posts) == plain(list(case.posts))
    assert standing.state == case.state, standing
    assert len(problems) == case.problems, problems
    assert standing.why


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_reaches_the_reader_of_its_own_platform(case: Case) -> None:
    found = extractor_for(case.page.url, case.page)
    hosts = (
        next(one.hosts for one in page_extractors() if one.platform == case.platform)
        if case.platform != GENERIC
        else ()
    )
    nothing_to_know_it_by = not hosts and not case.posts  # software on anybody's host, and its plainest error page
    assert found.platform == case.platform or (nothing_to_know_it_by and found.platform == GENERIC)


@pytest.mark.parametrize("case", [case for case in CASES if case.posts], ids=lambda case: case.name)
def test_a_copy_on_another_host_goes_to_its_platform_or_to_none(case: Case) -> None:
    copy = replace(case.page, url=ELSEWHERE)
    assert extractor_for(ELSEWHERE, copy).platform in (case.platform, GENERIC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_second_reader_recognises_the_page(case: Case) -> None:
    copy = replace(case.page, url=ELSEWHERE)
    claims = [extractor.platform for extractor in page_extractors() if extractor.recognises(copy)]
    assert claims in ([], [case.platform])


def test_every_reader_has_a_page_with_a_post_and_one_without() -> None:
    seen: dict[str, set[bool]] = defaultdict(set)
    for case in CASES:
        seen[case.platform].add(bool(case.posts) and case.state == "live")
    platforms = {extractor.platform for extractor in (*page_extractors(), generic_extractor())}
    assert {name: seen[name] for name in platforms if seen[name] != {True, False}} == {}


def test_every_folder_of_pages_is_whole() -> None:
    folders = [path for path in ROOT.glob("*/*") if path.is_dir()]
    assert [str(folder) for folder in folders if not (folder / "expected.json").is_file()] == []
    assert {case.platform for case in CASES} <= {e.platform for e in (*page_extractors(), generic_extractor())}
