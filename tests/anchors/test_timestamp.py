"""A token is believed only where digest, number, signer, purpose, chain and time all hold; its bytes stay."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
import rfc3161_client

from archiver import timestamp
from archiver.errors import UsageError
from archiver.integrity import sha256_of
from tests.authority import Authority, unsorted, with_status

DATA = b"three\nmade up\nlines\n"
REQUEST = timestamp.request_for(sha256_of(DATA), nonce=7)


def faults(authority: Authority, way: str) -> list[str]:
    reply = timestamp.read_reply(authority.answer(way, REQUEST)[2])
    return list(timestamp.faults(reply, request=timestamp.read_request(REQUEST), roots=authority.roots))


@pytest.mark.parametrize("way", ["good", "with-changes", "unsorted"])
def test_a_token_that_holds_has_no_faults(way: str, authority: Authority) -> None:
    assert faults(authority, way) == []


@pytest.mark.parametrize(
    ("way", "what"),
    [
        ("wrong-nonce", "the number that was sent"),
        ("wrong-digest", "another digest"),
        ("unknown-root", "no root that is trusted here"),
        ("expired", "does not hold at its time"),
        ("wrong-purpose", "not one for time stamping"),
        ("wrong-purpose", "does not name the signer's own"),
        ("rejection", "rejected"),
    ],
)
def test_a_token_that_does_not_hold_says_why(way: str, what: str, authority: Authority) -> None:
    assert [fault for fault in faults(authority, way) if what in fault]


@pytest.mark.parametrize("name", ["both", "lenient", "none"])
def test_a_signer_whose_file_allows_more_or_less_than_stamping_is_refused(name: str, authority: Authority) -> None:
    assert "for time stamping" in " ".join(faults_of_swapped(authority, name))


def faults_of_swapped(authority: Authority, name: str) -> list[str]:
    data = authority.reply(REQUEST)
    reply = timestamp.read_reply(data)
    signer = timestamp.roots_from(authority.folder / f"{name}.pem")[0]
    changed = timestamp.Reply(**{**reply.__dict__, "certificates": (signer, *reply.certificates[1:])})
    return list(timestamp.faults(changed, request=timestamp.read_request(REQUEST), roots=authority.roots))


def test_nothing_is_believed_without_a_root(authority: Authority) -> None:
    reply = timestamp.read_reply(authority.reply(REQUEST))
    assert list(timestamp.faults(reply, request=timestamp.read_request(REQUEST), roots=()))


def test_openssl_reads_the_same_request_and_token(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "q").write_bytes(REQUEST)
    (tmp_path / "r").write_bytes(authority.reply(REQUEST))
    (tmp_path / "root").write_bytes(timestamp.pem(authority.roots[0]))
    command = ["openssl", "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "root"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert b"Verification: OK" in done.stdout


def test_what_is_not_signed_may_be_put_in_order_and_what_is_signed_may_not(authority: Authority) -> None:
    data = authority.reply(REQUEST)
    asked, chance = timestamp.read_request(REQUEST), random.Random(3161)
    told = []
    for place in sorted(chance.sample(range(len(data)), 120)):
        changed = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
        try:
            reply = timestamp.read_reply(changed)
        except timestamp.NotAReply:
            continue
        if not list(timestamp.faults(reply, request=asked, roots=authority.roots)):
            told.append((reply.time, reply.sha256, reply.nonce))
    whole = timestamp.read_reply(data)
    assert set(told) <= {(whole.time, whole.sha256, whole.nonce)}  # the root that is sent along is not what is trusted


@pytest.mark.parametrize("data", [b"", b"0", b"\x30\x80\x00\x00", b"<html>", bytes(300), b"\x30\x03\x02\x01\x00"])
def test_bytes_that_are_no_answer_are_named_so(data: bytes) -> None:
    with pytest.raises(timestamp.NotAReply):
        timestamp.read_reply(data)


@pytest.mark.parametrize(
    "data", [b"", REQUEST + b"x", REQUEST[:-1], b"\x30\x00", REQUEST.replace(b"\x01\x01\xff", b"\x01\x01\x00")]
)
def test_bytes_that_are_no_request_are_named_so(data: bytes) -> None:
    with pytest.raises(timestamp.NotAReply):
        timestamp.read_request(data)


def test_helpers_of_this_test_change_what_they_say(authority: Authority) -> None:
    data = authority.reply(REQUEST)
    assert timestamp.read_reply(with_status(data, 1)).status_words == "granted with changes"
    with pytest.raises(ValueError, match="InvalidSetOrdering"):
        rfc3161_client.decode_timestamp_response(unsorted(data))  # should it take them one day, the sorting can go


def test_roots_come_from_a_file_or_the_system(authority: Authority, tmp_path: Path) -> None:
    assert timestamp.roots_from(authority.root_file) == authority.roots
    assert len(timestamp.roots_from(None)) > 50
    (tmp_path / "none.pem").write_text("nothing here")
    for missing in (tmp_path / "none.pem", tmp_path / "absent.pem"):
        with pytest.raises(UsageError):
            timestamp.roots_from(missing)
