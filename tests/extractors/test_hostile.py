"""Whatever a page holds, no reader raises, hangs, or hands on what a store can't hold.

Every reader is tried on pages made to break parsers, and on its own pages with damage done to them at random. The
randomness is fixed, so a failure comes again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.contract import Page, PageExtractor, Post, Problem, Standing
from extractors.inert import is_inert
from extractors.registry import extractor_for, generic_extractor, page_extractors
from extractors.standing import standing_of
from extractors.toolbox import decode, text_of
from tests.extractors.cases import Case, cases, plain

READERS = [*page_extractors(), generic_extractor()]
URL = "https://unknown.example/users/someone/statuses/112233445566778899?a=b#c"
NEEDLE = "needle7b3"
LONGEST = 20.0  # seconds for one reader and one page; the worst took 2.1 on a quiet machine
SCRIPT = "<script>alert('x')</script>"

NASTY: dict[str, Callable[[], str]] = {
    "ten megabytes of nesting": lambda: "<div>" * 2_000_000 + NEEDLE,
    "inline elements that never end": lambda: "<b><i><a href=x>" * 20_000 + NEEDLE,
    "tables in tables": lambda: "<table><tr><td>" * 5_000 + NEEDLE,
    "NUL characters": lambda: f"<p>a\0b</p>\0<div class='post\0'>{NEEDLE}\0</div>" * 1_000,
    "lone surrogates": lambda: (
        f"<p class='\udfff'>\ud800{NEEDLE}\udc00</p><script type=application/ld+json>" + '"\\ud800"'
    ),
    "one id ten thousand times": lambda: f"<div id=post class='comment post'>{NEEDLE}</div>" * 10_000,
    "an attribute of ten megabytes": lambda: f"<p title='{'a ' * 5_000_000}'>{NEEDLE}</p>",
    "a class of ten thousand words in every element": lambda: f"<p class='{'status post ' * 5_000}'>{NEEDLE}</p>" * 20,
    "broken JSON of five megabytes": lambda: f"<script type='application/json'>{'[{' * 1_250_000}</script><p>{NEEDLE}",
    "deep JSON": lambda: f"<script type='application/ld+json'>{'[' * 50_000}{']' * 50_000}</script><p>{NEEDLE}",
    "JSON that is the page": lambda: '{"error": ' + "[" * 100_000,
    "an XML declaration that lies": lambda: f"<?xml version='1.0' encoding='utf-16'?><html><p>{NEEDLE}</p></html>",
    "a million open brackets": lambda: "<" * 1_000_000 + f"p>{NEEDLE}",
    "entities without end": lambda: f"<p>{'&amp' * 500_000}&#x110000;&#xD800;{NEEDLE}</p>",
    "a frame in a frame in a frame": lambda: _framed(f"<p>{NEEDLE}</p>", 12),
    "shadow roots without end": lambda: "<x-a><template shadowrootmode=open>" * 5_000 + NEEDLE,
    "bytes of three encodings in one page": lambda: decode(
        b"<meta charset=utf-16><p>\xe4\xf6\xfc \xff\xfe "
        + "и".encode("cp1251")
        + f"\u00e9{NEEDLE}</p>".encode()
        + b"\xc3" * 100_000
    ),
    "nothing": lambda: "",
    "a comment that never ends": lambda: f"<p>{NEEDLE}</p><!-- {'x' * 1_000_000}",
    "times and names without posts": lambda: (
        f"<a rel=author href=/u/x>{NEEDLE}</a><time datetime=2026-01-01></time>" * 2_000
    ),
}
WITHOUT_WORDS = {"nothing", "JSON that is the page"}


def _framed(html: str, depth: int) -> str:
    for _ in range(depth):
        html = f'<iframe srcdoc="{escape(html)}"></iframe>'
    return html


@cache
def nasty(name: str) -> Page:
    return Page(URL, NASTY[name]())


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
@pytest.mark.parametrize("name", NASTY)
def test_a_page_made_to_break_readers_breaks_none(name: str, reader: PageExtractor) -> None:
    try_all(reader, nasty(name))


@pytest.mark.parametrize("name", [name for name in NASTY if name not in WITHOUT_WORDS])
def test_the_words_of_a_broken_page_are_still_found(name: str) -> None:
    assert NEEDLE in text_of(nasty(name))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
def test_addresses_that_are_none_break_no_reader(reader: PageExtractor) -> None:
    hosts = [*reader.hosts[:1], "unknown.example"]
    for path in (
        "",
        "/",
        "//",
        "/@",
        "/@/",
        "/%ff%00",
        "/a b",
        "/" + "x/" * 5_000,
        "/\ud800",
        "/?q=" + "&" * 1_000,
        "/#!/",
    ):
        for url in ("", path, "http://[", *(f"https://{host}{path}" for host in hosts)):
            reader.identity(url)
            assert all(isinstance(one, str) for one in reader.companions(url))
            assert extractor_for(url) is not None


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
def test_a_readers_own_pages_may_be_damaged_anywhere(reader: PageExtractor) -> None:
    own = [case for case in cases() if case.platform == reader.platform]
    assert own

    @settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(own), st.lists(DAMAGE, min_size=1, max_size=4))
    def damaged(case: Case, damage: list[Damage]) -> None:
        html = case.page.html
        for do in damage:
            html = do(html)
        try_all(reader, replace(case.page, html=html))

    damaged()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.platform)
def test_no_reader_hands_on_an_address_that_is_a_script_or_a_name_that_is_not_text(reader: PageExtractor) -> None:
    """Each reader's own pages, with every name a script and every address one: words stay words, no address is one."""
    for case in cases():
        if case.platform != reader.platform:
            continue
        for old, new in (
            ("https://", "javascript:alert(1)//"),
            ("https:\\/\\/", "javascript:\\/\\/"),
            ("http", "data"),
        ):
            try_all(reader, replace(case.page, html=case.page.html.replace(old, new)))
        name = next((post.author.name for post in case.posts if len(post.author.name) > 4), "")
        is_json = case.page.html.lstrip()[:1] in ("{", "[")
        hostile = replace(case.page, html=case.page.html.replace(name, SCRIPT if is_json else escape(SCRIPT)))
        if name and name in case.page.html:
            try_all(reader, hostile)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "utf-7", "idna", "nonsense", "\0", "rot13", "unicode_escape"]),
)
def test_any_bytes_are_text(data: bytes, declared: str) -> None:
    decode(data, declared).encode("utf-8")


def test_a_name_that_is_a_script_stays_a_name() -> None:
    name, words = escape(SCRIPT), escape(f'"><img src=x onerror=alert(1)>{SCRIPT}')
    html = (
        f"<div itemscope itemtype=https://schema.org/Comment><span itemprop=author>{name}</span>"
        "<a itemprop=url href='javascript:alert(1)'><time itemprop=dateCreated datetime=2026-03-04></time></a>"
        f"<p itemprop=text>{words}</p></div>"
    )
    found = [record for record in generic_extractor().read(Page(URL, html)) if isinstance(record, Post)]
    assert [(post.author.name, post.text, post.permalink) for post in found] == [
        (SCRIPT, f'"><img src=x onerror=alert(1)>{SCRIPT}', "")
    ]


Damage = Callable[[str], str]


def _cut(share: float) -> Damage:
    return lambda html: html[: int(len(html) * share)]


def _drop(share: float, length: int) -> Damage:
    return lambda html: html[: int(len(html) * share)] + html[int(len(html) * share) + length :]


def _put(share: float, what: str) -> Damage:
    return lambda html: html[: int(len(html) * share)] + what + html[int(len(html) * share) :]


def _swap(old: str, new: str) -> Damage:
    return lambda html: html.replace(old, new)


SHARES = st.floats(0, 1, allow_nan=False)
JUNK = st.sampled_from(
    [
        "\0",
        "\ud800",
        "</div></article></html>",
        "<div>" * 600,
        '"',
        "<!--",
        "<template>",
        "&#0;",
        SCRIPT,
        "{",
        "]",
        "9" * 5_000,
    ]
)
SWAPS = st.sampled_from(
    [
        ('"', "'"),
        ("{", "["),
        (":", ""),
        ("href=", "href="),
        ('href="', 'href="http://['),
        ('datetime="', 'datetime="99999-'),
        (" id=", " id=same id="),
        ("true", "1e999"),
        ("null", "[]"),
        ("1", "٣"),
        ("0", "-0.5e+400"),
        ("<a ", "<a href='javascript:0' "),
        ("/", "//"),
        ("\n", "\u2028"),
    ]
)
DAMAGE = st.one_of(
    st.builds(_cut, SHARES),
    st.builds(_drop, SHARES, st.integers(1, 400)),
    st.builds(_put, SHARES, JUNK),
    SWAPS.map(lambda pair: _swap(*pair)),
)


def addresses(post: Post) -> list[str]:
    below = addresses(post.quoted) if post.quoted is not None else []
    return [post.permalink, post.author.url, *(media.url for media in post.media), *below]


def try_all(reader: PageExtractor, page: Page) -> None:
    """Everything that is asked of a reader about one page, in bounded time, with storable answers."""
    begun = time.process_time()
    assert reader.recognises(page) in (True, False)
    records: list[Post | Problem | Standing] = list(reader.read(page))
    own = reader.standing(page)
    records += [own] if own is not None else []
    records.append(standing_of(page, reader))
    assert time.process_time() - begun < LONGEST
    assert all(isinstance(record, (Post, Problem, Standing)) for record in records)
    assert [
        url for record in records if isinstance(record, Post) for url in addresses(record) if not is_inert(url)
    ] == []
    json.dumps(plain(records), ensure_ascii=False).encode("utf-8")
