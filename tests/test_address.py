"""Which addresses may be visited at all, by how they are written."""

from __future__ import annotations

import pytest

from archiver.address import address_from, address_rule, literal_rule
from archiver.capture import order_for
from archiver.errors import AddressError


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("  https://example.org/  ", "https://example.org/"),
        ("//example.org/a", "https://example.org/a"),
        ("localhost:8000/a", "https://localhost:8000/a"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("https://пример.example/ñ", "https://пример.example/ñ"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(typed: str, meant: str) -> None:
    assert address_from(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "hello world",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "view-source:https://example.org",
        "chrome://settings",
        "ftp://example.org/",
        "mailto:a@example.org",
        "http://",
        "http://exa%6dple.org/",
        "http://a..b/",
        "http://example.org:99999/",
        "http://example.org/\nb",
        "http://a\\b.org/",
    ],
)
def test_what_is_no_address_is_refused_in_one_sentence(typed: str) -> None:
    with pytest.raises(AddressError) as refused:
        address_from(typed)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("ip", "rule"),
    [
        ("93.184.215.14", "public"),
        ("2606:4700::1111", "public"),
        ("10.1.2.3", "private"),
        ("127.0.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("::1", "private"),
        ("fd12::1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("64:ff9b::7f00:1", "private"),
        ("2002:7f00:1::", "private"),
        ("169.254.169.254", "never"),
        ("::ffff:169.254.169.254", "never"),
        ("64:ff9b::a9fe:a9fe", "never"),
        ("fe80::1%eth0", "never"),
        ("fd00:ec2::254", "never"),
        ("100.100.100.200", "never"),
        ("168.63.129.16", "never"),
        ("0.0.0.0", "never"),
        ("0.1.2.3", "never"),
        ("::", "never"),
        ("224.0.0.1", "never"),
        ("ff02::1", "never"),
        ("not an ip", "never"),
    ],
)
def test_an_ip_address_is_judged_by_where_it_leads(ip: str, rule: str) -> None:
    assert address_rule(ip) == rule


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://127.0.0.1:8000/", "private"),
        ("http://2130706433/", "private"),
        ("http://0x7f.1/", "private"),
        ("http://017700000001/", "private"),
        ("http://localhost/", "private"),
        ("http://a.localhost/", "private"),
        ("http://localhost./", "private"),
        ("http://[::ffff:127.0.0.1]/", "private"),
        ("http://2852039166/", "never"),
        ("http://metadata.google.internal/", "never"),
        ("http://999.1.1.1/", "never"),
        ("http://93.184.215.14/", "public"),
        ("http://example.org/", None),
        ("http://1and1.example/", None),
    ],
)
def test_numbers_are_read_as_a_browser_reads_them(url: str, rule: str | None) -> None:
    assert literal_rule(url) == rule


def test_private_addresses_need_to_be_asked_for_and_metadata_stays_shut() -> None:
    assert order_for("http://127.0.0.1/", allow_private=True).cleaned == "http://127.0.0.1/"
    with pytest.raises(AddressError, match="--allow-private"):
        order_for("http://127.0.0.1/")
    with pytest.raises(AddressError, match="never opened"):
        order_for("http://169.254.169.254/latest/", allow_private=True)


def test_the_address_as_supplied_is_kept_beside_the_cleaned_one() -> None:
    order = order_for("https://example.org/a?utm_source=x&b=1")
    assert (order.supplied, order.cleaned) == ("https://example.org/a?utm_source=x&b=1", "https://example.org/a?b=1")
