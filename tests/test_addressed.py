"""The same post under several addresses, and accounts that only an address names: found without opening anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver import keys, vault
from archiver.bundle.choose import Asked, selected
from archiver.clock import utc_now
from extractors.registry import post_at
from tests.program import Program
from tests.vault.made import CHEAP, snapshot

SAME = [
    ("https://x.com/rook/status/1790000000000000001", "https://twitter.com/i/status/1790000000000000001/photo/1"),
    ("https://x.com/rook/status/1790000000000000001", "https://nitter.net/rook/status/1790000000000000001#m"),
    ("https://www.youtube.com/watch?v=maDe_vid_01&t=4s", "https://youtu.be/maDe_vid_01"),
    ("https://t.me/Rook_News/12", "https://t.me/s/rook_news/12"),
    ("https://m.facebook.com/story.php?story_fbid=555001&id=77", "https://www.facebook.com/rook/posts/555001"),
    ("https://www.instagram.com/reel/CmadeUp0001/", "https://www.instagram.com/harrow.made/p/CmadeUp0001/"),
    ("https://vk.com/feed?w=wall-12_34", "https://m.vk.com/wall-12_34"),
    ("https://old.reddit.com/r/millbrook/comments/1maded1/", "https://redd.it/1maded1"),
]
OTHERS = [
    ("https://x.com/rook/status/1790000000000000001", "https://x.com/rook/status/1790000000000000002"),
    ("https://t.me/rook/12", "https://t.me/crow/12"),
    ("https://lemmy.world/post/5", "https://lemmy.ml/post/5"),
    ("https://t.me/c/12345/12", "https://t.me/rook/12"),
    ("https://mastodon.social/@rook/112233445566778899", "https://mastodon.online/@rook/112233445566778899"),
    ("https://boards.4chan.org/b/thread/100#p123", "https://boards.4chan.org/g/thread/100#p123"),
    ("https://x.com/rook", "https://x.com/rook"),  # no post at all
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_addresses_of_one_post_name_the_same(one: str, other: str) -> None:
    assert post_at(one) is not None
    assert post_at(one) == post_at(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_posts_with_one_number_in_two_places_are_two(one: str, other: str) -> None:
    assert post_at(one) is None or post_at(one) != post_at(other)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """A vault with a post, the same behind a login wall, another post, and a profile without a post."""
    made = Program(tmp_path, "four made up words")
    addresses = [(SAME[0][0], SAME[0][0]), (SAME[0][1], "https://x.com/login"), (OTHERS[0][1],) * 2]
    addresses.append(("https://www.instagram.com/Grey.Rook/",) * 2)
    with vault.create(made.vault, secret=keys.Passphrase("four made up words", CHEAP), now=utc_now) as opened:
        for n, (asked, final) in enumerate(addresses):
            opened.append_capture(snapshot(n, requested=asked, cleaned=asked, final=final))
    return made


def test_other_captures_of_a_post_are_named_and_it_is_watched_once(program: Program) -> None:
    assert [line["same_post"] for line in (program.run("--json", "show", f"C{n}").lines[0] for n in (1, 2, 3))] == [
        ["C2"],
        ["C1"],
        [],
    ]
    assert f"Same post   C2, {SAME[0][1]}" in program.run("show", "C1").out
    added = program.run("--json", "watch", "add", SAME[1][1])
    assert (added.code, added.lines[0]["capture"]) == (0, "C2"), added.err
    again = program.run("watch", "add", "C1")
    assert again.code == 2
    assert "watched already, as W1" in again.err


def test_an_account_that_only_an_address_names_is_found(program: Program) -> None:
    with vault.open_vault(program.vault, secret=keys.Passphrase("four made up words")) as opened:
        captures = list(opened.captures())
        assert selected(opened, captures, Asked(account="@grey.rook")) == {"C4"}
        assert selected(opened, captures, Asked(account="rook")) == {"C1", "C3"}
