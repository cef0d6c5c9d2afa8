"""The readers' toolbox: encodings, trees, words as laid out, proven times, embedded JSON."""

from __future__ import annotations

import time
from html import escape

import pytest

from extractors.contract import Page, StatedTime
from extractors.toolbox import (
    DISCORD_EPOCH,
    absolute,
    attr,
    decode,
    dig,
    find_all_json,
    find_json,
    first,
    fragment,
    from_epoch,
    from_instagram,
    from_snowflake,
    from_tid,
    json_of,
    json_scripts,
    select,
    stated,
    text_at,
    text_of,
    tree,
    visible_text,
    walk,
    written,
)


def page(html: str, **more: str) -> Page:
    return Page("https://site.example/a/b", html, **more)  # type: ignore[arg-type]  # only `text` is ever given


# --- bytes


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Grüße 🙂".encode(), "", "Grüße 🙂"),
        (b"\xef\xbb\xbfmark", "", "mark"),
        ("größer".encode("utf-16"), "", "größer"),
        ('<meta charset="iso-8859-1"><p>Grüße'.encode(), "", '<meta charset="iso-8859-1"><p>Grüße'),
        ('<meta charset="iso-8859-1"><p>“Grüße”'.encode("windows-1252"), "", '<meta charset="iso-8859-1"><p>“Grüße”'),
        ("naïve “quote”".encode("windows-1252"), "", "naïve “quote”"),
        ('<meta charset="shift_jis">こんにちは'.encode("shift_jis"), "", '<meta charset="shift_jis">こんにちは'),
        ("Привет, мир".encode("koi8-r"), "koi8-r", "Привет, мир"),
        (b"\xff\xfe\xfa\x00", "no-such-charset", "\u00fa"),
        (b"", "", ""),
    ],
)
def test_bytes_are_decoded_by_mark_then_utf8_then_what_is_declared(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared).rstrip("\0") == text


# --- trees


def test_a_shadow_root_is_searched_like_ordinary_children() -> None:
    root = tree(page('<x-post><template shadowrootmode="open"><p class="body">inside</p></template></x-post>'))
    assert [written(node) for node in select(root, "x-post .body")] == ["inside"]
    assert written(root) == "inside"


def test_what_stands_in_a_frame_is_searched_too() -> None:
    inner = escape("<p class=deep>deep</p><iframe srcdoc='<b>deeper</b>'></iframe>")
    root = tree(page(f'<p>outside</p><iframe srcdoc="{inner}">for old browsers</iframe>'))
    assert written(first(root, "p.deep")) == "deep"
    assert written(root).split() == ["outside", "deep", "deeper"]


def test_a_page_is_parsed_once_for_all_its_readers() -> None:
    one, other = page("<p>same</p>"), page("<p>same</p>")
    assert tree(one) is tree(other)


def test_words_survive_nesting_that_no_parser_takes() -> None:
    root = tree(page("<div>" * 100_000 + "at the bottom" + "</div>" * 100_000 + "<p>after</p>"))
    assert written(root, everything=True).split("\n")[0] == "at the bottom"
    assert [written(node) for node in select(root, "p")] == ["after"]


def test_a_megabyte_of_ordinary_html_is_read_in_far_less_than_the_bound() -> None:
    block = '<div class="post"><a href="/u/1">Name</a><p>Some words and <b>more</b> words.</p></div>\n'
    html = block * (1_000_000 // len(block))
    begun = time.process_time()
    assert len(select(tree(page(html)), ".post")) > 10_000
    assert time.process_time() - begun < 1.0  # 0.04 s where this was written; the bound is for a loaded machine


# --- words


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("one<br>two", "one\ntwo"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("  many \n\t spaces <b> and </b> bold ", "many spaces and bold"),
        ("<pre>kept   as\n it is</pre>", "kept   as\n it is"),
        ('<span style="white-space: pre-wrap">a\n  b</span>', "a\n  b"),
        ('see <a href="https://x.example/long">x.example/lo…</a>', "see x.example/lo…"),
        ('hot <img alt="🔥" src="/e/1f525.png"> and <img class="emoji" alt=":blobcat:">', "hot 🔥 and :blobcat:"),
        ('a picture <img alt="A green door with a number" src="/door.jpg">', "a picture"),
        ("<script>no()</script><style>p{}</style><p hidden>no</p>yes", "yes"),
        ('<span style="color: red; display:none">no</span>yes', "yes"),
        ("<template>inert</template><noscript>no</noscript>yes", "yes"),
        ("left\u200eright\u00a0kept", "left\u200eright\u00a0kept"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("<!-- no --><?pi no?>yes", "yes"),
    ],
)
def test_words_are_given_as_they_were_laid_out(html: str, text: str) -> None:
    assert written(fragment(html)) == text


def test_the_text_of_a_page_holds_what_is_hidden_and_its_visible_text_does_not() -> None:
    shown = page("<title>T</title><p>seen</p><p hidden>unseen</p><noscript>for crawlers</noscript>")
    assert visible_text(shown) == "seen"
    assert {"T", "seen", "unseen", "for crawlers"} <= set(text_of(shown).split("\n"))
    assert visible_text(page("<p>html</p>", text="as the browser had it")) == "as the browser had it"


@pytest.mark.parametrize(
    ("url", "joined"),
    [
        ("../c", "https://site.example/c"),
        ("//other.example/x", "https://other.example/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("http://[broken", "http://[broken"),
        ("  /x ", "https://site.example/x"),
        ("", ""),
    ],
)
def test_links_are_joined_and_scripts_are_no_addresses(url: str, joined: str) -> None:
    assert absolute(url, "https://site.example/a/b") == joined


# --- times


@pytest.mark.parametrize(
    ("given", "shown", "utc", "zone"),
    [
        ("2026-03-04T21:14:05+01:00", "4 March", "2026-03-04T20:14:05Z", "+01:00"),
        ("2026-03-04T21:14:05.250Z", "", "2026-03-04T21:14:05.25Z", "Z"),
        ("2026-03-04 21:14:05 -0530", "", "2026-03-05T02:44:05Z", "-05:30"),
        ("2026-03-04T21:14", "", None, None),
        ("2026-03-04", "", None, None),
        ("", "04/03/2026 21:14", None, None),
        ("", "5 hours ago", None, None),
        ("Wed, 04 Mar 2026 21:14:05 +0100", "", "2026-03-04T20:14:05Z", "+0100"),
        ("", "4 Mar 2026 21:14 GMT", "2026-03-04T21:14:00Z", "Z"),
        ("", "Mar 4, 2026 · 9:14 PM UTC", "2026-03-04T21:14:00Z", "Z"),
        ("", "Wednesday, March 4th, 2026 at 9:14:05 PM GMT+01:00", "2026-03-04T20:14:05Z", "+01:00"),
        ("", "4 March 2026, 21:14 GMT-5", "2026-03-05T02:14:00Z", "-05:00"),
        ("", "Mar 4, 2026 · 9:14 PM", None, None),
        ("", "Mar 4, 2026 21:14 PM UTC", None, None),
        ("", "Foo 4, 2026 21:14 UTC", None, None),
        ("", "March 2026 21:14 UTC", None, None),
        ("2026-13-45T99:99:99Z", "", None, None),
        ("0001-01-01T00:00:00Z", "", None, None),
    ],
)
def test_utc_is_given_only_where_it_is_proven(given: str, shown: str, utc: str | None, zone: str | None) -> None:
    assert stated(given, shown) == StatedTime(given or shown, utc, zone)


def test_nothing_said_is_no_time() -> None:
    assert stated("", " ") is None


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        (1_772_658_845, "2026-03-04T21:14:05Z"),
        ("1772658845120", "2026-03-04T21:14:05.12Z"),
        ("1772658845120500", "2026-03-04T21:14:05.12Z"),
        (1_772_658_845.5, "2026-03-04T21:14:05.5Z"),
    ],
)
def test_an_epoch_is_told_by_its_size(value: object, utc: str) -> None:
    found = from_epoch(value)
    assert found is not None and found.utc == utc


@pytest.mark.parametrize("value", ["", "x", "nan", "inf", "-1", "12", None, True, [], "9" * 400])
def test_what_is_no_epoch_is_no_time(value: object) -> None:
    assert from_epoch(value) is None


def test_ids_prove_their_moment() -> None:
    found = [
        from_snowflake(str((1_772_658_845_120 - 1_288_834_974_657) << 22)),
        from_snowflake(str((1_772_658_845_120 - DISCORD_EPOCH) << 22), epoch=DISCORD_EPOCH),
        from_snowflake(str(1_772_658_845_120 << 16), epoch=0, shift=16),
        from_instagram(str((1_772_658_845_120 - 1_314_220_021_721) << 23)),
    ]
    assert [one and (one.utc, one.basis) for one in found] == [("2026-03-04T21:14:05.12Z", "id")] * 4
    assert from_tid("3jzfcijpj2z2a") is not None


@pytest.mark.parametrize("identifier", ["", "abc", "٣٣", "1" * 60, "5"])
def test_what_is_no_id_proves_nothing(identifier: str) -> None:
    assert from_snowflake(identifier) is None or identifier == "5"
    assert from_tid(identifier) is None


# --- JSON


def test_json_is_found_after_a_name() -> None:
    text = 'var a = 1; window.DATA = {"a": [1, {"b": "}"}]}; next(); window.DATA = [2];'
    assert find_json(text, "window.DATA") == {"a": [1, {"b": "}"}]}
    assert list(find_all_json(text, "window.DATA")) == [{"a": [1, {"b": "}"}]}, [2]]
    assert find_json(text, "not there") is None


def test_json_that_is_broken_or_too_deep_is_none_and_halves_of_pairs_are_mended() -> None:
    assert json_of("[" * 200_000) is None
    assert json_of('{"a": ') is None
    assert json_of(r'{"a": "\ud83d!", "b": "\ud83d\ude42", "c": "\\ud83d"}') == {
        "a": "\ufffd!",
        "b": "🙂",
        "c": r"\ud83d",
    }
    assert json_of("{}; ") == {}
    assert json_of("{} and more") is None


def test_scripts_of_json_are_given_with_their_place() -> None:
    held = '<script type="application/json" id="s">{"a": 1}</script>'
    broken = '<script type="application/ld+json">{</script>'
    root = tree(page(f"{held}<script>x</script>{broken}"))
    assert list(json_scripts(root)) == [("script 0 #s", {"a": 1}), ("script 2", None)]
    assert list(json_scripts(root, "application/ld+json")) == [("script 2", None)]


def test_a_value_is_walked_in_order_with_pointers() -> None:
    value = {"a": [{"b": 1}, {"c": {"d": 2}}]}
    assert [pointer for pointer, _ in walk(value)] == ["", "/a/0", "/a/1", "/a/1/c"]
    assert dig(value, "a", 1, "c", "d") == 2
    assert dig(value, "a", 9, "c") is None
    assert text_at(value, "a", 0, "b") == "1"
    assert text_at(value, "a") == ""
    assert attr(None, "x") == ""
