"""The log's bytes: canonical, chained, checkable with the tools of any computer, and damaged nowhere unseen."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import integrity
from archiver.records import By

VAULT = "5e" * 16
AT = "2026-03-03T09:15:00.123Z"
FIELDS: dict[str, Any] = {
    "vault": VAULT,
    "seq": 2,
    "prev": "ab" * 32,
    "salt": bytes(range(16)),
    "kind": "capture",
    "at": AT,
    "by": By(operator="Sam"),
    "body": {"z": [1, None, True], "é": "ü\n", "a": {"n": -5}},
}
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def entry(**changed: Any) -> bytes:
    return integrity.entry_bytes(**(FIELDS | changed))


def faults(data: bytes, sha256: str) -> list[str]:
    return [
        *integrity.byte_faults(data, sha256),
        *integrity.form_faults(data, vault=VAULT, seq=2),
        *integrity.chain_faults(data, prev=str(FIELDS["prev"])),
    ]


def test_an_entry_is_canonical_json_with_its_nine_fields() -> None:
    assert (
        entry()
        == (
            '{"at":"2026-03-03T09:15:00.123Z","body":{"a":{"n":-5},"z":[1,null,true],"é":"ü\\n"},'
            '"by":{"operator":"Sam"},"kind":"capture","prev":"'
            + "ab"
            * 32
            + '","salt":"000102030405060708090a0b0c0d0e0f",'
            '"seq":2,"v":1,"vault":"' + VAULT + '"}'
        ).encode()
    )


def test_keys_are_sorted_as_rfc_8785_sorts_them() -> None:
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(integrity.canonical(names)).values()) == [2, 4, 6, 7, 1, 5, 3]  # RFC 8785, 3.2.3


@pytest.mark.parametrize("value", [0.5, 1.0, float("nan"), 2**53, -(2**53), b"x", {1, 2}, "\ud800"], ids=repr)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    for place in (value, [value], {"deep": {"er": [value]}}):
        with pytest.raises(ValueError):
            integrity.canonical(place)


@given(PLAIN)
def test_whatever_is_plain_and_sound_goes_into_an_entry_and_comes_out(body: Any) -> None:
    data = entry(body={"it": body})
    assert integrity.entry_of(data).body["it"] == integrity.sound(body)
    assert faults(data, hashlib.sha256(data).hexdigest()) == []


def test_lone_surrogates_become_visible_and_pairs_become_what_they_spell() -> None:
    assert integrity.sound({"a\udc80": ["\ud83d", "\ud83d\ude00", "whole 😀"]}) == {
        "a\ufffd": ["\ufffd", "😀", "whole 😀"]
    }
    with pytest.raises(ValueError, match="two names"):
        integrity.sound(dict.fromkeys(("a\udc80", "a\udc81"), 1))


@pytest.mark.parametrize(
    "changed",
    [{"kind": "Capture"}, {"kind": ""}, {"at": "2026-03-03"}, {"at": "2026-03-03T09:15:00+01:00"}, {"salt": b"short"}],
    ids=str,
)
def test_an_entry_of_another_form_is_not_made(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        entry(**changed)


def test_after_any_one_byte_was_changed_the_bytes_and_something_else_say_so() -> None:
    whole = entry()
    sha256 = hashlib.sha256(whole).hexdigest()
    assert faults(whole, sha256) == []
    for at in range(len(whole)):
        for bit in (1, 32, 128):
            changed = whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
            assert "its bytes do not hash to the digest that is recorded for it" in faults(changed, sha256)


WRONG = {
    "another vault": {"vault": "00" * 16},
    "entry 3": {"seq": 3},
    "seq": {"seq": 0},
    "field prev": {"prev": "AB" * 32},
    "field salt": {"salt": "00"},
    "field kind": {"kind": "No Kind"},
    "field at": {"at": "yesterday"},
    "field by": {"by": {"operator": 5}},
    "field body": {"body": []},
    "version 2": {"v": 2},
    "version True": {"v": True},
    "fields": {"more": 1},
}


@pytest.mark.parametrize("said", sorted(WRONG))
def test_each_field_that_is_wrong_is_named(said: str) -> None:
    data = integrity.canonical(json.loads(entry()) | WRONG[said])
    assert any(said in fault for fault in integrity.form_faults(data, vault=VAULT, seq=2))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"v":1}',
        b'"' + b"x" * 100,
        b"[" * 100_000,
        entry() + b"\n",
        entry().replace(b'"n":-5', b'"n":-5.0'),
        entry().replace(b'"n":-5', b'"n":-5,"n":-5'),
        entry().replace(b'"a":', b'"a": '),
        entry().replace(b"Sam", b"\\ud800"),
        entry().replace(b"Sam", b"\\u0053am"),
        entry().replace(b'"n":-5', b'"n":NaN'),
    ],
    ids=range(15),
)
def test_bytes_that_are_no_canonical_entry_are_said_to_be_none(data: bytes) -> None:
    assert list(integrity.form_faults(data, vault=VAULT, seq=2))


def test_the_chain_names_the_entry_before() -> None:
    assert list(integrity.chain_faults(entry(), prev="ab" * 32)) == []
    assert list(integrity.chain_faults(entry(), prev="cd" * 32))
    assert list(integrity.chain_faults(b"no entry", prev="ab" * 32))


def test_the_commitment_is_recomputed_with_head_and_sha256sum(tmp_path: Path) -> None:
    hashes = [hashlib.sha256(bytes([n])).hexdigest() for n in range(9)]
    (tmp_path / "log-hashes.txt").write_bytes(integrity.hash_list(hashes))
    for size in (1, 5, 9):
        run = f"head -n {size} log-hashes.txt | sha256sum"
        done = subprocess.run(["sh", "-c", run], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.split()[0] == integrity.commitment(hashes[:size])
        assert integrity.checkpoint(VAULT, hashes[:size]) == f"{VAULT}\n{size}\n{done.stdout.split()[0]}\n".encode()


def test_a_signature_is_checked_with_openssl_and_fails_after_any_change(tmp_path: Path) -> None:
    private = integrity.new_signing_key()
    data = integrity.checkpoint(VAULT, ["ab" * 32])
    signature = integrity.sign(private, data)
    (tmp_path / "public.pem").write_text(integrity.public_key(private))
    (tmp_path / "checkpoint").write_bytes(data)
    (tmp_path / "signature").write_bytes(signature)
    command = ["openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "checkpoint"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert list(integrity.signature_faults(integrity.public_key(private), data, signature)) == []
    (tmp_path / "checkpoint").write_bytes(data.replace(b"\n1\n", b"\n2\n"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
    for changed in (data + b"\n", data[:-1], data.replace(b"\n1\n", b"\n2\n")):
        assert list(integrity.signature_faults(integrity.public_key(private), changed, signature))
    assert list(integrity.signature_faults(integrity.public_key(integrity.new_signing_key()), data, signature))
    assert list(integrity.signature_faults(integrity.public_key(private), data, b""))
    assert list(integrity.signature_faults("no key", data, signature))


def test_after_any_one_byte_of_the_signing_key_was_changed_it_is_not_the_vaults() -> None:
    private = integrity.new_signing_key()
    public = integrity.public_key(private)
    assert list(integrity.signing_key_faults(private, public)) == []
    assert list(integrity.signing_key_faults(integrity.new_signing_key(), public))
    assert list(integrity.signing_key_faults(b"", public))
    for at in range(len(private)):
        for bit in (1, 128):
            changed = private[:at] + bytes([private[at] ^ bit]) + private[at + 1 :]
            assert list(integrity.signing_key_faults(changed, public)), at
