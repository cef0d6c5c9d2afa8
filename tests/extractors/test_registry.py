"""The registry finds every reader by its file, and the same reader for the same page on every machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import extractors.pages
from extractors.claims import CLAIMS
from extractors.contract import Page, PageExtractor, Standing
from extractors.registry import double_claims, extractor_for, generic_extractor, identity_of, page_extractors

PAGES = Path(extractors.pages.__file__).parent
README = Path(extractors.pages.__file__).parents[1] / "README.md"


def made(platform: str, *hosts: str) -> PageExtractor:
    return PageExtractor(platform, hosts, lambda page: iter(()), lambda page: None)


def test_every_file_and_folder_in_pages_is_a_reader() -> None:
    names = {path.stem for path in PAGES.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert len(names - {"__init__", "generic"}) == len(page_extractors()) > 0
    assert generic_extractor().platform == "generic"


def test_the_claims_that_readers_are_found_by_are_those_that_they_make() -> None:
    assert dict(CLAIMS) == {reader.platform: reader.hosts for reader in page_extractors() if reader.hosts}


def test_an_address_alone_loads_no_reader_but_the_one_that_claims_it() -> None:
    program = (
        "import sys; from extractors.registry import identity_of; "
        "identity_of('https://unknown.example/'); identity_of('https://bsky.app/profile/somebody'); "
        "print(*(name for name in sys.modules if name.count('.') == 2 and name.startswith('extractors.pages.')))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=PAGES.parents[1], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["extractors.pages.bluesky"]


def test_no_two_readers_claim_one_host() -> None:
    assert double_claims(page_extractors()) == []


def test_a_double_claim_is_seen() -> None:
    assert double_claims([made("one", "x.example"), made("two", "x.example")]) == [("x.example", "one", "two")]


def test_no_two_readers_have_one_name() -> None:
    names = [reader.platform for reader in page_extractors()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("reader", page_extractors(), ids=lambda reader: reader.platform)
def test_a_host_leads_to_its_reader_with_or_without_a_prefix(reader: PageExtractor) -> None:
    for host in reader.hosts:
        assert extractor_for(f"https://{host}/some/thing").platform == reader.platform
        assert extractor_for(f"https://www.{host.upper()}:443/").platform == reader.platform
        assert extractor_for(f"https://not{host}/").platform != reader.platform or f"not{host}" in reader.hosts


def test_an_unknown_page_goes_to_the_generic_reader() -> None:
    page = Page("https://unknown.example/", "<html><body><p>Nothing to know it by.</p></body></html>")
    assert extractor_for(page.url, page) is generic_extractor()
    assert extractor_for("not an address") is generic_extractor()
    assert extractor_for("http://[broken/") is generic_extractor()


def test_an_address_alone_says_what_it_is() -> None:
    here = identity_of("https://mastodon.social/@somebody@other.example/112233445566778899")
    assert here is not None
    assert (here.page, here.post, here.handle) == ("post", "112233445566778899", "somebody@other.example")
    assert identity_of("https://unknown.example/") is None


def test_the_readme_lists_every_reader() -> None:
    text = README.read_text("utf-8")
    missing = [reader.platform for reader in page_extractors() if f"`{reader.platform}`" not in text]
    assert missing == []


def test_a_standing_says_why() -> None:
    assert Standing("removed", "HTTP 404").why
