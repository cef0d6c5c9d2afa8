"""Page, pictures and network of real captures against each other: what differs is said, an honest page has nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.program import Program, picture_with, served

STYLE = "<style>body { font: 20px/1.5 sans-serif; width: 900px }</style>"
FIRST = "The committee met on Tuesday and counted the chairs twice before anyone spoke."
SECOND = "Nobody had asked for the minutes, and so the minutes were never written down."
HIDDEN = "I stand across from your window every night and count your steps."
SWAPPED = "I only wanted to say how sorry I am about the fence between us."
CODED = base64.b64encode(SWAPPED.encode()).decode()
PAGES = {
    "honest": f"<p>{FIRST}</p><p>{SECOND}</p><ul><li>Reply<li>Share</ul>",
    "hidden": f'<p>{FIRST}</p><p style="color: #fff">{HIDDEN}</p><p>{SECOND}</p>',
    "image": f'<p>{FIRST}</p><div><img src="/a.png" alt=""></div><img src="/b.png" alt=""><p>{SECOND}</p>',
    "swapped": f"""<p>{FIRST}</p><p id="it">{HIDDEN}</p><p>{SECOND}</p><script>
        document.getElementById("it").textContent = "{SWAPPED}"</script>""",
    "made": f"""<p>{FIRST}</p><p id="it"></p><p>{SECOND}</p><script>
        document.getElementById("it").textContent = atob("{CODED}")
        </script>""",
}
DRAWN = {"a": "meet me by the quay", "b": "at seven or be sorry"}
EXPECTED = {  # page: how many differences, and words of theirs
    "honest": (0, ""),
    "hidden": (1, "laid out as text, and no picture shows them"),
    "image": (1, "stand on the picture, and nowhere in the page's file"),
    "swapped": (1, "stand in it no longer"),
    "made": (1, "nothing that was recorded from the network"),
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A vault with all pages in it, C1 to C5."""
    pages = {f"/{name}": (200, "text/html; charset=utf-8", (STYLE + body).encode()) for name, body in PAGES.items()}
    pages |= {f"/{name}.png": (200, "image/png", picture_with(words)) for name, words in DRAWN.items()}
    made = Program(tmp_path_factory.mktemp("differences"))
    with served(pages) as site:
        ran = made.run("--json", "capture", *(f"{site}/{name}" for name in PAGES), "--allow-private")
    assert ran.code == 0, ran.err
    yield made


def test_what_differs_is_counted_and_shown_and_an_honest_page_has_nothing(program: Program) -> None:
    lines = {line["requested"].rpartition("/")[2]: line for line in program.run("--json", "list").lines}
    assert {name: line["differences"] for name, line in lines.items()} == {
        name: count for name, (count, _) in EXPECTED.items()
    }
    for name, (count, words) in EXPECTED.items():
        shown = program.run("show", lines[name]["capture"]).out
        assert words in shown
        assert ("differ in 1 place;" in shown) == bool(count)
        for secret in (HIDDEN, SWAPPED, "quay"):  # kept text stays hidden until it is asked for
            assert secret not in shown


def test_hidden_words_are_revealed_when_asked_for(program: Program) -> None:
    shown = program.run("show", "C2", "--reveal").out
    assert HIDDEN in shown.partition("in the page's text, not on its pictures")[2]


def test_search_says_of_a_word_that_it_stands_only_in_a_picture(program: Program) -> None:
    ran = program.run("search", "quay")
    assert ran.out.count("only in the picture") == 1
    [hit] = program.run("--json", "search", "quay").lines
    assert (hit["source"], hit["machine_read"], hit["only_in_picture"]) == ("picture", True, True)
    assert not any(hit["only_in_picture"] for hit in program.run("--json", "search", "committee").lines)


def test_the_comparison_can_be_made_again_and_the_vault_verifies(program: Program) -> None:
    before = program.run("--json", "list").lines
    assert program.run("read", "C3").code == 0
    assert program.run("--json", "list").lines == before
    assert program.run("verify").code == 0
