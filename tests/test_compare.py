"""What changed between two captures: each true change once, none that is only the page's frame, unsure said so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from archiver.compare import Comparison, Seen, compare, show
from archiver.compare.absence import absence_of
from archiver.compare.words import word_runs
from archiver.pictures import Look, look_at, looks_same, pictures_in
from extractors.contract import Account, Media, Post, Standing, StatedTime
from extractors.registry import extractor_for
from extractors.standing import standing_of
from tests.extractors.cases import Case, cases
from tests.month import mhtml, picture

URL = "https://fen.example/posts/1"
LIVE, REMOVED = Standing("live", "nothing speaks against it"), Standing("removed", "HTTP 404")
ANN, BO = Account("Ann Ember", "ann", "7", ""), Account("Bo Birch", "bo", "8", "")
MAIN = Post("fen", "post", ANN, "I know where you park.", id="1", permalink=URL, counts={"likes": "3"})
REPLY = Post("fen", "comment", BO, "Leave her be.", id="2", in_reply_to="1")
CASES = [case for case in cases() if case.state == "live" and case.posts]


def platform(case: Case) -> str:
    return case.name.partition("/")[0]


def seen(*posts: Post, standing: Standing = LIVE, name: str = "C1", pictures: Any = None, **changed: Any) -> Seen:
    looks = pictures or {}
    whole: dict[str, Any] = {
        "capture": name,
        "at": "2026-03-03T09:15:00.000Z",
        "address": URL,
        "standing": standing,
        "posts": posts,
        "digests": {"dom": (f"{name} dom",)},
        "look": looks.get,
    }
    return Seen(**(whole | changed))


def again(after: Seen) -> Seen:
    """As another capture would have it: its files are never byte-equal."""
    return replace(after, capture="C2", digests={"dom": ("C2 dom",)})


def whats(before: Seen, after: Seen) -> list[tuple[str, bool]]:
    return [(change.what, change.sure) for change in compare(before, again(after)).changes]


def test_nothing_is_told_where_nothing_changed() -> None:
    made = compare(seen(MAIN, REPLY), seen(MAIN, REPLY, name="C2"))
    assert made.changes == ()
    assert made.frame_only
    assert not made.unchanged


def test_byte_equal_captures_are_unchanged_and_the_files_that_prove_it_are_named() -> None:
    digests = {"dom": ("a",), "text": ("b",), "tile": ("c", "d")}
    before = seen(MAIN, digests=digests | {"mhtml": ("e",)})
    made = compare(before, seen(MAIN, name="C2", digests=digests | {"mhtml": ("f",)}))
    assert made.unchanged
    assert (made.same, made.differs) == (("a", "b", "c", "d"), ("mhtml",))
    assert not compare(before, seen(MAIN, digests=digests | {"tile": ("c", "x")})).unchanged
    assert not compare(seen(digests={}), seen(digests={})).unchanged


def test_an_edit_is_told_word_by_word() -> None:
    edited = replace(MAIN, text="I know where you sleep.", edited=StatedTime("2 h"))
    [change] = compare(seen(MAIN), again(seen(edited))).changes
    assert (change.what, change.sure, change.who) == ("text", True, "ann")
    assert [(run.what, run.text) for run in change.runs] == [
        ("same", "I know where you "),
        ("out", "park"),
        ("in", "sleep"),
        ("same", "."),
    ]
    assert "edited 2 h" in change.sentence


@pytest.mark.parametrize(
    "other",
    ["I know  where\nyou park.", " I know where you park. "],
)
def test_white_space_is_no_edit(other: str) -> None:
    assert whats(seen(MAIN), seen(replace(MAIN, text=other))) == []


def test_a_text_that_is_cut_short_by_the_page_is_no_edit() -> None:
    long = replace(MAIN, text="I know where you park, and I know much more about you than that.")
    assert whats(seen(long), seen(replace(long, text="I know where you park, and I know…"))) == []
    assert whats(seen(long), seen(replace(long, text="Nothing…"))) == [("text", True)]


def test_the_words_out_and_in_spell_both_texts() -> None:
    before, after = "One two  three.\nFour 👩‍👩‍👧 five", "One 2 three!\n\nfour 👩‍👩‍👧 five six"
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.what != "in") == before
    assert "".join(run.text for run in runs if run.what != "out") == after


def test_huge_texts_are_compared_in_bounded_time() -> None:
    before, after = "ab " * 200_000, "ac " * 200_000
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.what != "in") == before


def test_a_new_handle_or_name_is_told_with_the_same_account_id_and_unsure_without() -> None:
    renamed = replace(MAIN, author=replace(ANN, handle="cinder", name="C"))
    assert whats(seen(MAIN), seen(renamed)) == [("handle", True), ("name", True)]
    without = [replace(post, author=replace(post.author, id="")) for post in (MAIN, renamed)]
    assert whats(seen(without[0]), seen(without[1])) == [("handle", False), ("name", False)]


def test_two_account_ids_are_no_new_name_and_what_a_page_leaves_out_is_no_change() -> None:
    assert whats(seen(MAIN), seen(replace(MAIN, author=BO))) == []
    assert whats(seen(MAIN), seen(replace(MAIN, author=Account()))) == []
    with_host = replace(MAIN, author=replace(ANN, handle="@Ann@fen.example"))
    assert whats(seen(MAIN), seen(with_host)) == []
    moved = replace(MAIN, author=replace(ANN, handle="ann@moor.example"))
    assert whats(seen(with_host), seen(moved)) == [("handle", True)]


def test_answers_that_come_and_go_are_told_and_what_is_missing_may_be_folded() -> None:
    other = replace(REPLY, id="3", text="Same here.")
    assert whats(seen(MAIN, REPLY), seen(MAIN, REPLY, other)) == [("added", True)]
    assert whats(seen(MAIN, REPLY, other), seen(MAIN, REPLY)) == [("gone", False)]
    deleted = replace(REPLY, kind="deleted", text="[deleted]")
    assert whats(seen(MAIN, REPLY), seen(MAIN, deleted)) == [("gone", True)]
    assert whats(seen(MAIN, deleted), seen(MAIN, deleted)) == []
    assert whats(seen(MAIN, REPLY), seen(MAIN, REPLY, other, complete=False)) == [("added", False)]


def test_adverts_and_suggestions_are_the_pages_frame() -> None:
    advert = replace(MAIN, id="9", permalink="", text="Buy this", labels=("Promoted",), author=BO)
    suggested = replace(MAIN, id="10", permalink="https://fen.example/posts/10", text="Look here", author=BO)
    assert whats(seen(MAIN), seen(MAIN, advert, suggested)) == []
    assert compare(seen(MAIN, suggested), again(seen(MAIN, advert))).frame_only


def test_posts_without_an_id_are_known_by_author_and_words() -> None:
    def bare(post: Post, text: str) -> Post:
        return replace(post, id="", permalink="", in_reply_to="", text=text)

    one, two = bare(REPLY, "Leave her be, all of you."), bare(REPLY, "Nobody asked you about it.")
    edited = replace(one, text="Leave her be, all of you!!")
    assert whats(seen(MAIN, one, two), seen(MAIN, two, one)) == []
    assert whats(seen(MAIN, one, two), seen(MAIN, two, edited)) == [("text", True)]


def test_counts_are_told_as_counts() -> None:
    [change] = compare(seen(MAIN), again(seen(replace(MAIN, counts={"likes": "9", "shares": "1"})))).changes
    assert (change.what, change.before, change.after, change.minor) == ("counts", "likes 3", "likes 9", True)


def with_picture(url: str, data: bytes | None) -> Seen:
    post = replace(MAIN, media=(Media("image", url),))
    return seen(post, pictures={url: look_at(data)} if data else {})


def test_a_picture_is_known_by_what_it_shows_and_not_by_its_address() -> None:
    door = with_picture("https://c.example/a.jpg?sig=1", picture("door"))
    assert whats(door, with_picture("https://d.example/b.jpg?sig=2", picture("door", quality=40))) == []
    assert whats(door, with_picture("https://c.example/a.jpg?sig=1", picture("hill"))) == [("picture", True)]
    assert whats(door, seen(MAIN)) == [("picture", True)]
    assert whats(seen(MAIN), door) == [("picture", True)]


def test_a_picture_that_was_not_kept_is_told_as_unsure_or_not_at_all() -> None:
    door = with_picture("https://c.example/a.jpg?sig=1", picture("door"))
    assert whats(door, with_picture("https://c.example/a.jpg?sig=2", None)) == []
    assert whats(door, with_picture("https://c.example/b.jpg", None)) == [("picture", False)]


def test_pictures_come_out_of_the_saved_page_and_damage_gives_what_is_left() -> None:
    saved = mhtml("<p>words</p>", {"https://c.example/a.jpg": picture("door")})
    assert pictures_in(saved) == {"https://c.example/a.jpg": picture("door")}
    assert pictures_in(b"") == {}
    assert pictures_in(saved[: len(saved) // 2]).keys() <= {"https://c.example/a.jpg"}
    assert look_at(b"no picture").bits is None
    assert looks_same(look_at(b"no picture"), look_at(picture("door"))) is None
    assert looks_same(Look("a"), Look("a")) is True


@pytest.mark.parametrize(
    ("state", "why", "what", "sure"),
    [
        ("removed", "HTTP 404", "unclear", False),
        ("removed", "the page's own words: this post was deleted", "post", True),
        ("removed", "the page's own words: this account doesn't exist", "account", True),
        ("suspended", "the page's own words: account suspended", "account", True),
        ("login_wall", "the page's own words: this account is private", "private", True),
        ("login_wall", "these posts are protected", "private", True),
        ("login_wall", "@bo has blocked you", "blocked", True),
        ("login_wall", "a form asks for a password or code", "login", False),
        ("geo_blocked", "HTTP 451", "country", True),
        ("challenge", "the page's own words: verify you are human", "challenge", False),
        ("error", "HTTP 503", "unreachable", False),
        ("unreachable", "no answer came", "unreachable", False),
        ("live", "a post was read", "", True),
    ],
)
def test_why_it_is_not_to_be_seen_is_said_as_far_as_the_page_says_it(
    state: Any, why: str, what: str, sure: bool
) -> None:
    told = absence_of(Standing(state, why))
    assert (told.what, told.sure) == (what, sure)


def test_going_and_coming_back_are_told_and_errors_are_not() -> None:
    gone = seen(standing=REMOVED)
    assert whats(seen(MAIN), gone) == [("standing", False)]
    assert whats(gone, seen(MAIN)) == [("standing", True)]
    assert whats(gone, seen(standing=Standing("removed", "HTTP 410"))) == []
    for standing in (Standing("error", "HTTP 503"), Standing("unreachable", "no answer came")):
        made = compare(seen(MAIN), again(seen(standing=standing)))
        assert (made.changes, made.frame_only, made.unchanged) == ((), False, False)
        assert any("says nothing about the post" in note for note in made.notes)


def read(case: Case, html: str) -> tuple[Seen, Sequence[Post]]:
    page = replace(case.page, html=html)
    extractor = extractor_for(page.url, page)
    posts = tuple(record for record in extractor.read(page) if isinstance(record, Post))
    return seen(*posts, address=page.url, standing=standing_of(page, extractor)), posts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_platforms_page_against_itself_shows_no_change(case: Case) -> None:
    same, _ = read(case, case.page.html)
    assert whats(same, same) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_platforms_page_with_one_text_edited_shows_that_edit_and_nothing_else(case: Case) -> None:
    before, posts = read(case, case.page.html)
    tried = 0
    for n, post in enumerate(posts):
        edited = replace(post, text=f"{post.text} And one thing more.")
        others = [*posts[:n], edited, *posts[n + 1 :]]
        found = [change.what for change in compare(before, again(replace(before, posts=tuple(others)))).changes]
        assert found in (["text"], []), post
        tried += found == ["text"]
    assert tried or all(post.kind in ("deleted", "profile", "quoted") or not post.text for post in posts)


GONE = [case for case in cases() if case.state in ("removed", "suspended", "login_wall", "challenge", "geo_blocked")]
PAIRS = [(live, gone) for gone in GONE for live in CASES if platform(live) == platform(gone)]


@pytest.mark.parametrize(("live", "gone"), PAIRS, ids=lambda case: case.name)
def test_every_platforms_page_that_goes_and_comes_back_is_told_once_each_way(live: Case, gone: Case) -> None:
    up, down = read(live, live.page.html)[0], read(gone, gone.page.html)[0]
    assert [what for what, _ in whats(up, down)] == ["standing"]
    assert [what for what, _ in whats(down, up)] == ["standing"]
    assert whats(down, down) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_platforms_page_with_one_count_or_name_changed_shows_that_and_nothing_else(case: Case) -> None:
    before, posts = read(case, case.page.html)
    for n, post in enumerate(posts):
        if not (post.id or post.permalink):  # known by its author's name alone: by another it is another post
            continue
        counted = replace(post, counts={name: f"{count}7" for name, count in post.counts.items()})
        named = replace(post, author=replace(post.author, name=f"{post.author.name} Ash"))
        for changed, what in ((counted, "counts"), (named, "name")):
            others = [*posts[:n], changed, *posts[n + 1 :]]
            found = [change.what for change in compare(before, again(replace(before, posts=tuple(others)))).changes]
            assert found in ([what], []), (what, post)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.bare: list[str] = []  # text that stands outside of any <details>
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "details" not in self.open:
            self.bare.append(data)


def shown(made: Comparison) -> tuple[str, Tags]:
    html = show.page(made, [b"one", b"two"], [b"three"])
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return html, tags


def test_the_page_runs_nothing_asks_for_nothing_and_hides_what_was_written_until_it_is_opened() -> None:
    nasty = replace(MAIN, text='</pre><script>alert(1)</script><img src="https://bad.example/x.png"> sesame')
    html, tags = shown(compare(seen(MAIN), again(seen(nasty))))
    assert {tag for tag, _ in tags.tags} & {"script", "iframe", "link", "object", "a"} == set()
    for _, attributes in tags.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("src") or "data:").startswith("data:image/png;base64,") or "src" not in attributes
    assert "default-src 'none'" in html.replace("&#x27;", "'")
    assert "sesame" not in "".join(tags.bare)
    assert "sesame" in html
    assert "<title>Notes</title>" in html
    assert len(re.findall("<img ", html)) == 3
    assert all("open" not in attributes for tag, attributes in tags.tags if tag == "details")


def test_the_words_hide_what_was_written_unless_asked() -> None:
    made = compare(seen(MAIN), again(seen(replace(MAIN, text="I know where you sleep."))))
    assert "sleep" not in show.words(made)
    assert "[-park-]{+sleep+}" in show.words(made, reveal=True)
    assert show.record(made)["changes"][0]["what"] == "text"
