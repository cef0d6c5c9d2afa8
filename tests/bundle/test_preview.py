"""What a preview finds: people, numbers and places in every layer of what would leave, and the name of each file."""

from __future__ import annotations

import base64
import quopri
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.bundle import pages
from archiver.bundle.chosen import Exhibit, Original
from archiver.bundle.preview import Leaving, leaving, words
from extractors.contract import Account
from tests.bundle.samples import awkward, exhibit, original, post, warc

MAIL = "robin.hartley@harbour.test"
PAGE = "http://harbour.example/posts/1"
HTML = "text/html; charset=utf-8"


def left(*originals: Original, **changed: object) -> Leaving:
    """What would leave, of one exhibit with these files and nothing else that names anybody."""
    bare: dict[str, object] = {"operator": "", "time_zone": "", "posts": (), "words": "", "headers": ()}
    one: Exhibit = exhibit(1, originals, **(bare | changed))
    return leaving(replace(awkward(), exhibits=(one,)), own_names=("@robin_h",), made=("data/index.html",))


def file(role: str, data: bytes | str, kind: str) -> Original:
    return original(role, data.encode() if isinstance(data, str) else data, kind, "AB/1", f"{role}.bin")


def saved(body: str, encoding: str) -> bytes:
    packed = base64.encodebytes(body.encode()) if encoding == "base64" else quopri.encodestring(body.encode())
    head = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n'
    )
    return head + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + packed + b"\r\n--x--\r\n"


LAYERS = {
    "the words": file("text", f"write to {MAIL}.", "text/plain"),
    "an attribute": file("dom", f'<a href="mailto:{MAIL}">write</a>', HTML),
    "an address in code": file("dom", f"<a href='/?to={MAIL.replace('@', '%40')}'>x</a>", HTML),
    "a sign by its number": file("dom", f"<p>{MAIL.replace('@', '&#64;')}</p>", HTML),
    "data in a script": file("first-dom", f'<script>{{"email": "{MAIL}"}}</script>', HTML),
    "data with escapes": file(
        "companion", f'{{"email": "{MAIL.replace("@", chr(92) + "u0040")}"}}', "application/json"
    ),
    "posts as met": file("harvest", f'[{{"html": "<a title={MAIL}>"}}]', "application/json"),
    "letters of two bytes": file("dom", b"\xff\xfe" + f"<p>{MAIL}</p>".encode("utf-16-le"), HTML),
    "a saved page": file("mhtml", saved(f"<p>{'x' * 60}{' ' * 9}{MAIL}</p>", "quoted-printable"), "multipart/related"),
    "a packed part of it": file("mhtml", saved(f"<p>{MAIL}</p>", "base64"), "multipart/related"),
    "an answer that was not shown": file(
        "network", warc({"http://x.test/api": ("application/json", f'{{"e":"{MAIL}"}}'.encode())}), "application/warc"
    ),
    "an address that was asked for": file(
        "network", warc({f"http://x.test/?u={MAIL}": ("text/plain", b"x")}), "application/warc"
    ),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_an_e_mail_address_is_found_wherever_it_stands(layer: str) -> None:
    assert left(LAYERS[layer]).emails == {MAIL: ("AB/1",)}


def test_what_the_program_itself_took_down_is_looked_through_too() -> None:
    assert left(requested=f"{PAGE}?me=robin.hartley%40harbour.test").emails == {MAIL: ("AB/1",)}
    assert left(headers=(("X-Account", MAIL),)).emails == {MAIL: ("AB/1",)}
    assert left(words=f"on a picture: {MAIL}").emails == {MAIL: ("AB/1",)}
    assert left(time_zone="Pacific/Chatham").places == {"Pacific/Chatham (the time zone of this computer)": ("AB/1",)}


def test_the_name_of_a_login_is_said_where_its_entry_leaves_and_stands_on_no_page() -> None:
    assert set(left(login="quiet fox").people) == {"quiet fox (your name for the login; the log's entry holds it)"}
    assert left(login="quiet fox", entry_path="").people == {}
    assert b"quiet fox" not in pages.page(exhibit(1, login="quiet fox"))
    assert b"an account that is not named here" in pages.page(exhibit(1, login="quiet fox"))


@pytest.mark.parametrize(
    ("code", "phone"),
    [
        ('<a href="tel:+442079460111">', "+442079460111"),
        ('<script>{"telephone":"+44 20 7946 0958"}</script>', "+44 20 7946 0958"),
        ("<script>{'phone_number': '02079460958'}</script>", "02079460958"),
        ("<b data-x='020 7946 0123'>", "020 7946 0123"),
    ],
)
def test_phone_numbers_in_code_are_found_and_other_numbers_are_not(code: str, phone: str) -> None:
    noise = (
        "<script>var id=0123456789012, t='1711630000123', c=[+1234567890123456789]</script><i style='top:0.12345678'>"
    )
    assert left(file("dom", code + noise, HTML)).phones == {phone: ("AB/1",)}


@pytest.mark.parametrize(
    "code",
    [
        '{"latitude":51.508530,"longitude":-0.076132}',
        "<i data-lat='51.508530' data-lng='-0.076132'>",
        "<a href='https://maps.test/@51.508530,-0.076132,17z'>",
        "<a href='https://maps.test/?ll=51.508530%2C-0.076132'>",
    ],
)
def test_places_in_code_are_found(code: str) -> None:
    assert left(file("dom", code, HTML)).places == {"51.508530, -0.076132": ("AB/1",)}


def test_the_shape_of_an_icon_is_no_place() -> None:
    path = "M51.508530,-0.076132 12.345678,1.234567"
    drawn = (
        f"<svg><path d='{path}'/><polygon points='{path[1:]}'/></svg><script>x = \"<path d=\\\"{path}\\\"/>\"</script>"
    )
    assert left(file("dom", drawn, HTML)).places == {}


def test_the_internet_address_of_a_visitor_is_a_place_and_the_servers_own_is_not() -> None:
    told = '{"visitor":"81.2.69.142","proxy":"10.0.0.7","by":"93.184.215.14","app":"120.0.6099.109","no":"999.1.1.1"}'
    seen = left(file("companion", told, "application/json"), server_address="93.184.215.14:443")
    assert seen.places == {"81.2.69.142 (an internet address)": ("AB/1",)}


def test_a_street_that_only_the_network_told_is_found() -> None:
    answer = warc({"http://x.test/api": ("application/json", b'{"home":"14 Lantern Road","code":"SW1A 1AA"}')})
    assert set(left(file("network", answer, "application/warc")).addresses) == {"14 Lantern Road", "SW1A 1AA"}


def test_handles_in_words_are_people_and_pictures_of_two_sizes_are_no_e_mail_addresses() -> None:
    seen = left(
        file("text", "so @robin_h said, and @sam@fen.test.", "text/plain"), file("dom", "<img src=a@2x.png>", HTML)
    )
    assert set(seen.people) == {"@robin_h", "@sam@fen.test"}
    assert (seen.emails, seen.own_names) == ({}, {"robin_h": ("AB/1",)})


def test_a_name_can_not_draw_on_the_terminal_and_half_a_letter_can_be_written() -> None:
    author = Account("Al\x1b[2Jex \u202e\ud83d", "alex")
    seen = left(posts=(post(author=author),))
    assert [name for name in seen.people if name.startswith("Al")] == ["Al\ufffd[2Jex \ufffd\ufffd @alex"]
    words(replace(awkward(), exhibits=(exhibit(1),)), seen).encode()


def test_a_record_that_can_not_be_read_is_looked_through_as_it_is(tmp_path: Path) -> None:
    assert left(file("network", f"no record, but {MAIL} in it", "application/warc")).emails == {MAIL: ("AB/1",)}
