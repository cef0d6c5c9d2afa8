"""What is folded is opened, whatever the page's language; nothing that acts is ever touched, and nothing is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archiver.browser import Browser, VisitRequest
from archiver.records import Action, Snapshot
from tests.browser.conftest import QUICK, Visit
from tests.browser.test_visit import text_of
from tests.browser.test_wide import harvest_of
from tests.site import Server

# Bounds for a loaded machine: what is tested is what is opened, and not how quickly.
PATIENT = replace(QUICK, seconds=120, scroll_seconds=30, unfold_seconds=60, script_seconds=15, picture_seconds=30)


def clicks(snapshot: Snapshot) -> list[Action]:
    return [action for action in snapshot.actions if action.what == "click"]


@pytest.fixture(scope="module")
def folded(warm: Browser, server: Server, path: str) -> Snapshot:
    server.deeds.clear()
    address = server.address("folded.html", "a.example")
    return warm.visit(VisitRequest(address, address, path, allow_private=True, limits=PATIENT))


def test_what_is_folded_is_opened_without_a_word_of_the_page_s_language(folded: Snapshot, server: Server) -> None:
    snapshot, text = folded, text_of(folded)
    for words in (
        "reply-one",
        "reply-two",
        "hidden-sibling",
        "inside-details",
        "bare-inside",
        "behind-a-warning",
        "3-2 of more",
    ):
        assert words in text, words
    said = {action.detail.split("”")[0].strip("“") for action in clicks(snapshot)}
    assert said == {
        "Zibba",
        "Vexa 2 brim",
        "Morvu",
        "Prask",
        "Dremo",
        "blacked-out",
        "blurred-words",
        "Hurz",
        "Glab brox",
    }
    assert {action.detail.rpartition(": ")[2] for action in clicks(snapshot)} == {"it opened"}
    assert all(action.at and action.target for action in snapshot.actions)
    assert snapshot.verdict.folded == ()
    assert snapshot.verdict.complete, snapshot.verdict.sentence
    assert server.deeds == []


def test_posts_that_were_opened_are_the_same_posts_with_more_words(folded: Snapshot) -> None:
    posts = harvest_of(folded)
    assert [post["text"].split("\n")[0] for post in posts] == ["Ada Fern", "Ben Moss", "Cleo Reed", "Dan Hill"]
    assert "end-of-clamped" in posts[0]["text"]
    assert "hidden-sibling" in posts[1]["text"]
    assert all(post["pictured"] for post in posts)


def test_what_more_is_folded_than_is_opened_is_named(visit: Visit) -> None:
    snapshot = visit("folded.html", limits=replace(PATIENT, max_clicks=3))
    assert len(clicks(snapshot)) == 3
    assert not snapshot.verdict.complete
    [left] = [words for words in snapshot.verdict.folded if "left closed" in words]
    assert left == "5 folded parts left closed: more than the 3 that are opened in one visit"
    assert left in snapshot.verdict.sentence


def test_no_control_that_acts_is_ever_touched(visit: Visit, server: Server) -> None:
    server.deeds.clear()
    snapshot = visit("dangerous.html", limits=PATIENT)
    assert server.deeds == []
    assert [
        action for action in snapshot.actions if action.what in ("click", "open", "choose-order", "hold-back")
    ] == []
    assert snapshot.verdict.folded == ("the end of 99 texts that the page cuts short",)


def test_a_button_that_lies_sends_nothing(visit: Visit, server: Server) -> None:
    server.deeds.clear()
    snapshot = visit("sly.html?sends", limits=PATIENT)
    held = [action.detail.rpartition("/")[2] for action in snapshot.actions if action.what == "hold-back"]
    assert {"a", "b", "late", "beacon", "data.json", "like", "worker", "form", "framed"} <= {*held}
    assert any(action.what == "stay" and "/did/away" in action.detail for action in snapshot.actions)
    assert server.deeds == []
    assert not snapshot.verdict.complete
    assert any("it would have sent something" in words for words in snapshot.verdict.folded)
    assert text_of(snapshot).count("which have to stay.") == len(clicks(snapshot))


@pytest.mark.parametrize(
    ("only", "came", "back"),
    [
        ("state", "the page went to another address", True),
        ("veil", "something else covered the page", True),
        ("modal", "something else covered the page", True),
        ("gone", "posts went away", False),
        ("other", "the words became others", False),
    ],
)
def test_what_a_click_did_instead_is_put_back_or_named(
    visit: Visit, server: Server, only: str, came: str, back: bool
) -> None:
    server.deeds.clear()
    snapshot = visit(f"sly.html?only={only}", limits=PATIENT)
    assert [action.detail.rpartition(": ")[2] for action in clicks(snapshot)] == [came]
    [undo] = [action for action in snapshot.actions if action.what == "undo"]
    assert undo.detail.endswith("put back" if back else "it could not be put back")
    assert snapshot.verdict.complete is back, snapshot.verdict
    if back:
        assert snapshot.final.endswith(f"sly.html?only={only}")
        assert "Sign in to go on" not in text_of(snapshot)
    assert (
        f"called {only}, which have to stay" in harvest_of(snapshot)[0]["text"] + text_of(snapshot) or only == "other"
    )
    assert server.deeds == []


@pytest.mark.parametrize("how", ["select", "menu"])
def test_of_several_orders_of_comments_the_one_that_shows_most_is_taken(visit: Visit, server: Server, how: str) -> None:
    server.deeds.clear()
    snapshot = visit(f"orders.html?{how}", limits=PATIENT)
    assert "comment-that-is-filtered-out" in text_of(snapshot)
    assert [action.detail for action in snapshot.actions if action.what == "choose-order"][-1].startswith("“Ulm brox”")
    assert server.deeds == []


def test_an_order_that_shows_no_more_is_put_back(visit: Visit) -> None:
    snapshot = visit("orders.html?select&same", limits=PATIENT)
    assert [action.detail for action in snapshot.actions if action.what == "choose-order"][-1].startswith("“Zib”")


def test_folds_in_a_list_that_drops_its_posts_are_opened(visit: Visit) -> None:
    posts = harvest_of(visit("folded-list.html", limits=PATIENT))
    assert [n for n, post in enumerate(posts) if f"the-rest-of-{n}." not in post["text"]] == []
    assert len(posts) == 18


def test_what_is_folded_in_a_frame_of_another_site_is_opened_and_sends_nothing(visit: Visit, server: Server) -> None:
    server.deeds.clear()
    snapshot = visit("folded-frame.html", limits=PATIENT)
    for words in ("reply-one", "reply-two", "hidden-sibling", "behind-a-warning", "3-2 of more"):
        assert words in text_of(snapshot), words
    assert all("in frame http://other.example" in action.target for action in clicks(snapshot))
    assert any(action.what == "hold-back" and action.detail.endswith("/did/sly") for action in snapshot.actions)
    assert server.deeds == []


def test_a_page_without_folds_is_not_touched(visit: Visit) -> None:
    snapshot = visit("plain.html")
    [step] = [step for step in snapshot.steps if step.name == "unfold"]
    assert (step.outcome, step.detail) == ("skipped", "nothing is folded")
    assert clicks(snapshot) == []
