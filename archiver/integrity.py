"""What fixes the log: canonical bytes, the chain, hash list and checkpoints, and the check of each. Knows no file.

An entry is the RFC 8785 bytes of `{v, vault, seq, prev, salt, kind, at, by, body}`. Those bytes are stored and
hashed; no check of a hash serialises anything again. docs/VAULT.md holds the format with a worked example.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archiver.records import By, Entry

VERSION = 1  # of the entry's form
GENESIS = "0" * 64  # `prev` of the first entry
SALT_BYTES = 16  # so that the published hash of a short line cannot be guessed
FIELDS = frozenset({"v", "vault", "seq", "prev", "salt", "kind", "at", "by", "body"})
VAULT_KIND = "vault"  # the first entry: the vault's id, the tool's version and the public signing key
CAPTURE_KIND = "capture"
WATCH_KIND = "watch"  # what was done about a watch, and what each of its visits showed
LOGIN_KIND = "login"  # that a login of some name and hosts was added, used or removed; never what is in it
NOTE_KIND = "note"  # the person's own words about a capture: apart, so that the capture can leave without them
BUNDLE_KIND = "bundle"  # what was handed over: ids and hashes, no texts
REDACTION_KIND = "redaction"  # what was covered in the copies of a bundle, by whom, why and where; stays in the vault
BACKUP_KIND = "backup"  # a copy of the vault that was made and checked by a restore
ANCHOR_KIND = "anchor"  # what a time-stamp authority answered to a checkpoint
INBOX_KIND = "inbox"  # what was wrong with something that came while the vault was locked
# What this version knows how to check beyond its bytes.
KINDS = frozenset({VAULT_KIND, CAPTURE_KIND, WATCH_KIND, LOGIN_KIND, NOTE_KIND, BUNDLE_KIND, REDACTION_KIND})
KINDS |= {BACKUP_KIND, ANCHOR_KIND, INBOX_KIND}

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{32}")
_KIND = re.compile(r"[a-z][a-z0-9-]{0,63}")
_TIME = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?Z"
)


class NotAnEntry(ValueError):
    """The bytes are not those of a log entry of this version."""


def sound(value: Any) -> Any:
    """The same plain values with text that UTF-8 can hold: the one place where lone surrogates are dealt with.

    Pages do put half a surrogate pair into a title. I-JSON (RFC 7493, 2.1) forbids it; each becomes U+FFFD, as in
    every browser that turns a script's string into bytes, so the log says what the kept HTML says. Two halves that
    stand together become the character they spell.
    """
    if isinstance(value, str):
        return sound_text(value)
    if isinstance(value, Mapping):
        mended = {sound_text(str(key)): sound(item) for key, item in value.items()}
        if len(mended) != len(value):
            raise ValueError("two names become one when their lone surrogates are replaced")
        return mended
    if isinstance(value, (list, tuple)):
        return [sound(item) for item in value]
    return value


def sound_text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes. Raises ValueError on a float, an integer beyond 2**53 - 1, a lone surrogate, any other type."""
    _refuse_floats(value)
    return rfc8785.dumps(value)


def entry_bytes(
    *, vault: str, seq: int, prev: str, salt: bytes, kind: str, at: str, by: By, body: Mapping[str, Any]
) -> bytes:
    """The bytes of one entry. `at` is RFC 3339 in UTC with a Z. Raises ValueError on what an entry can't hold."""
    if not _KIND.fullmatch(kind) or not _TIME.fullmatch(at) or len(salt) != SALT_BYTES:
        raise ValueError(f"an entry can't be of kind {kind!r} at {at!r} with {len(salt)} bytes of salt")
    said_by = {
        name: text
        for name, text in (
            ("operator", by.operator),
            ("supplied_by", by.supplied_by),
            ("seen_live_by", by.seen_live_by),
        )
        if text
    }
    fields = {"v": VERSION, "vault": vault, "seq": seq, "prev": prev, "salt": salt.hex(), "kind": kind, "at": at}
    return canonical(sound({**fields, "by": said_by, "body": body}))


def entry_of(data: bytes) -> Entry:
    """The entry that the bytes spell. Raises NotAnEntry where they are no entry of this version."""
    fields = _parsed(data)
    wrong = list(_form_faults(fields))
    if wrong:
        raise NotAnEntry(wrong[0])
    return Entry(fields["seq"], sha256_of(data), data, fields["kind"], fields["at"], fields["body"])


def sha256_of(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()


def byte_faults(data: bytes, sha256: str) -> Iterator[str]:
    """The stored bytes against the digest that is recorded beside them."""
    if sha256_of(data) != sha256:
        yield "its bytes do not hash to the digest that is recorded for it"


def form_faults(data: bytes, *, vault: str, seq: int) -> Iterator[str]:
    """The fields: all there, none more, of the right type, of this vault, at this place, in canonical bytes."""
    try:
        fields = _parsed(data)
    except NotAnEntry as error:
        yield str(error)
        return
    wrong = list(_form_faults(fields))
    yield from wrong
    if wrong:
        return
    if fields["vault"] != vault:
        yield "it names another vault"
    if fields["seq"] != seq:
        yield f"it says that it is entry {fields['seq']}"
    try:
        if canonical(fields) != data:
            yield "its bytes are not in canonical form"
    except (ValueError, RecursionError):
        yield "it holds what canonical form can't hold"


def chain_faults(data: bytes, *, prev: str) -> Iterator[str]:
    """The link to the entry before; `prev` is that entry's SHA-256, or GENESIS."""
    try:
        said = _parsed(data).get("prev")
    except NotAnEntry:
        yield "its link to the entry before can't be read"
        return
    if said != prev:
        yield "it does not name the SHA-256 of the entry before it"


def hash_list(sha256s: Iterable[str]) -> bytes:
    """What is published: the entry hashes in hex, one a line, LF after each."""
    return "".join(f"{sha256}\n" for sha256 in sha256s).encode("ascii")


def commitment(sha256s: Iterable[str]) -> str:
    """The log at that size in one digest; `head -n N log-hashes.txt | sha256sum` recomputes it."""
    return sha256_of(hash_list(sha256s))


def checkpoint(vault: str, sha256s: Iterable[str]) -> bytes:
    """What is signed and anchored: vault id, size of the log and its commitment, one a line, LF after each."""
    kept = list(sha256s)
    return f"{vault}\n{len(kept)}\n{commitment(kept)}\n".encode("ascii")


def new_signing_key() -> bytes:
    """A fresh ECDSA P-256 private key, PKCS #8 DER, unencrypted: it is stored inside the encrypted database only."""
    return _private_bytes(ec.generate_private_key(ec.SECP256R1()))


def public_key(private_key: bytes) -> str:
    """The public half as PEM (SubjectPublicKeyInfo). Raises ValueError where the bytes are no such private key."""
    key = _loaded(private_key)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return public.decode("ascii")


def pem_digest(public_pem: str) -> str:
    """A public key's fingerprint: the SHA-256 of its DER, in hex. Raises ValueError where it is none."""
    try:
        key = serialization.load_pem_public_key(public_pem.encode("ascii"))
    except UnsupportedAlgorithm as error:
        raise ValueError("not a public key of a known kind") from error
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return sha256_of(der)


def sign(private_key: bytes, data: bytes) -> bytes:
    """ECDSA with SHA-256, DER: what `openssl dgst -sha256 -verify public.pem -signature FILE` reads."""
    return _loaded(private_key).sign(data, ec.ECDSA(hashes.SHA256()))


def signature_faults(public_pem: str, data: bytes, signature: bytes) -> Iterator[str]:
    try:
        key = serialization.load_pem_public_key(public_pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        yield "the public key can't be read"
        return
    if not isinstance(key, ec.EllipticCurvePublicKey):
        yield "the public key is of another kind"
        return
    try:
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        yield "the signature is not this key's over these bytes"


def signing_key_faults(private_key: bytes, public_pem: str) -> Iterator[str]:
    """A stored private key against the public key that the log's first entry names."""
    try:
        key = _loaded(private_key)
        whole = _private_bytes(key) == private_key and public_key(private_key) == public_pem
        probe = key.sign(b"probe", ec.ECDSA(hashes.SHA256()))
    except ValueError:
        yield "it can't be read"
        return
    if not whole or any(signature_faults(public_pem, b"probe", probe)):
        yield "it is not the key whose public half the first entry names"


def is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _form_faults(fields: Mapping[str, Any]) -> Iterator[str]:
    if fields.keys() != FIELDS:
        yield f"it has not the {len(FIELDS)} fields of an entry, and no more"
        return
    if type(fields["v"]) is not int or fields["v"] != VERSION:
        yield f"its form is version {fields['v']!r}, and this program knows {VERSION}"
        return
    right = {
        "vault": isinstance(fields["vault"], str),
        "seq": type(fields["seq"]) is int and fields["seq"] >= 1,
        "prev": is_digest(fields["prev"]),
        "salt": isinstance(fields["salt"], str) and _SALT.fullmatch(fields["salt"]) is not None,
        "kind": isinstance(fields["kind"], str) and _KIND.fullmatch(fields["kind"]) is not None,
        "at": isinstance(fields["at"], str) and _TIME.fullmatch(fields["at"]) is not None,
        "by": isinstance(fields["by"], dict) and all(isinstance(text, str) for text in fields["by"].values()),
        "body": isinstance(fields["body"], dict),
    }
    for name, is_right in right.items():
        if not is_right:
            yield f"its field {name} is not what it should be"


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotAnEntry("its bytes are not JSON in UTF-8") from error
    if not isinstance(fields, dict):
        raise NotAnEntry("it is not a JSON object")
    return fields


def _refuse_floats(value: Any) -> None:
    """A float's shortest form differs between languages; a log that must be read in thirty years has none."""
    if isinstance(value, float):
        raise ValueError("a log entry can't hold a float")
    if isinstance(value, Mapping):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)


def _loaded(private_key: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_der_private_key(private_key, password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("not a private key of a known kind") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not an elliptic-curve key")
    return key


def _private_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
