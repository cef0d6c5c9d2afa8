"""A page and the machine-readable twin sealed beside it: where they differ it is said, where they agree nothing is."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from extractors.contract import Account, Page, Post, Problem, StatedTime
from extractors.registry import extractor_for
from extractors.twins import compared, disagreements
from tests.extractors.cases import Case, cases

SAME_SHAPE = ["hackernews", "imageboard", "lemmy", "linkedin", "peertube", "pinterest", "tumblr"]
STATUSES = {  # page, and the address of its twin: Mastodon's entity
    "gab/layout": "https://gab.com/api/v1/statuses/116167307755520009",
    "truthsocial/layout": "https://truthsocial.com/api/v1/statuses/116167307755520009",
    "pixelfed/embed": "https://lens.example/api/v2/profile/plover/status/600000000000000001",
}


def case_named(name: str) -> Case:
    return next(case for case in cases() if case.name == name)


def problems(page: Page, twins: dict[str, bytes]) -> list[Problem]:
    """What is said of the page with its twins that is not said of the page alone."""
    reader = extractor_for(page.url, page)
    alone = [record for record in reader.read(page) if isinstance(record, Problem)]
    both = [record for record in reader.read(replace(page, companions=twins)) if isinstance(record, Problem)]
    return [problem for problem in both if problem not in alone]


def long_word(text: str) -> str:
    return max(re.findall(r"[A-Za-z]{4,}", text[:60]), key=len, default="")


@pytest.mark.parametrize("platform", SAME_SHAPE)
def test_a_twin_with_other_words_is_a_problem_and_one_with_the_same_is_none(platform: str) -> None:
    told = 0
    for case in cases():
        if case.platform != platform or not case.posts:
            continue
        page, word = case.page, next((word for post in case.posts if (word := long_word(post.text))), "")
        address = page.url
        assert problems(page, {address: page.html.encode()}) == [], case.name
        changed = page.html.replace(word, "Otherwise") if word else page.html
        told += any("different words" in problem.what for problem in problems(page, {address: changed.encode()}))
    assert told > 0


@pytest.mark.parametrize("name", STATUSES)
def test_an_api_answer_with_another_author_time_or_wording_is_a_problem(name: str) -> None:
    page, post = case_named(name).page, case_named(name).posts[0]
    status = {
        "id": post.id,
        "content": "<p>Nothing of the kind was ever written.</p>",
        "created_at": "2001-01-01T00:00:00Z",
        "url": post.permalink,
        "account": {
            "id": "1",
            "acct": "somebody_else",
            "url": f"https://{STATUSES[name].split('/')[2]}/@somebody_else",
        },
    }
    said = " ".join(problem.what for problem in problems(page, {STATUSES[name]: json.dumps(status).encode()}))
    assert "different words" in said


def test_each_thing_that_differs_is_named_and_a_text_that_is_cut_is_not() -> None:
    time = StatedTime("2026-03-04T10:00:00Z", "2026-03-04T10:00:00Z", "Z")
    post = Post("x", "post", Account("Ada", "ada", "7"), "I know where you live", time, id="1")
    later = replace(time, utc="2026-03-04T12:00:00Z")
    for twin, word in (
        (replace(post, author=Account("Ada", "eve", "7")), "names ada"),
        (replace(post, author=Account("Ada", "ada", "8")), "names 7"),
        (replace(post, time=later), "times"),
        (replace(post, text="I know nothing"), "words"),
    ):
        assert [word in problem.what for problem in disagreements([post], [twin], where="twin")] == [True]
    for twin in (post, replace(post, text="I know wh…"), replace(post, text=""), replace(post, id="2")):
        assert list(disagreements([post], [twin], where="twin")) == []
    bare = replace(post, id="", permalink="https://x.example/p/1/")
    assert list(disagreements([bare], [replace(bare, permalink="https://x.example/p/1", text="No")], where="t")) != []


def test_what_only_the_twin_holds_is_said_and_not_given_as_a_post() -> None:
    post = Post("x", "post", Account(), "still here", id="1")
    reader = compared(lambda page: iter([post] if page.url == "twin" else []))
    found = list(reader(Page("https://x.example/1", "", companions={"twin": b"<p>"})))
    assert [type(record) for record in found] == [Problem]
