"""RFC 3161: a request for a digest, and what there is to say about an answer. Keeps no bytes and asks nobody.

The answer's own bytes are never changed. What the library is handed is a copy in which two things that nobody signed
are put in order: the set of certificates, which several authorities send unsorted and the library then refuses, and
the status, which it wants to be 0 where 1 ("granted, with changes") brings a token too.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import rfc3161_client
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID

from archiver.timestamp import der
from archiver.timestamp.der import CONTEXT_0, INTEGER, OCTETS, OID, SEQUENCE, SET, NotDer, Part

NONCE_BITS = 64
GRANTED, GRANTED_WITH_CHANGES = 0, 1
STATUS_WORDS = {
    0: "granted",
    1: "granted with changes",
    2: "rejected",
    3: "to be fetched later",
    4: "granted, with a warning that its key will be revoked",
    5: "its key was revoked",
}
SHA256_NAME = "2.16.840.1.101.3.4.2.1"
STAMPING = ExtendedKeyUsageOID.TIME_STAMPING
ESS_V1 = bytes.fromhex("2a864886f70d010910020c")  # 1.2.840.113549.1.9.16.2.12, signingCertificate (RFC 2634)
ESS_V2 = bytes.fromhex("2a864886f70d010910022f")  # 1.2.840.113549.1.9.16.2.47, signingCertificateV2 (RFC 5035)
ESS_DIGESTS = {  # DER of the OID's content: the digest's name
    der.SHA256_OID: "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}
TEXT_AT_MOST = 200  # characters of what an authority says; it is shown, so it is cut and cleaned


class NotAReply(ValueError):
    """The bytes are no RFC 3161 answer."""


@dataclass(frozen=True)
class Request:
    """What was asked, read back from the bytes that were sent."""

    sha256: str
    nonce: int


@dataclass(frozen=True)
class Reply:
    """What an answer says of itself. Nothing in it is believed before `faults` has nothing to say."""

    status: int  # RFC 3161, 2.4.2
    said: str = ""  # what the authority adds in words, cut and cleaned
    time: datetime | None = None  # UTC; None where there is no token
    accuracy_ms: int | None = None  # None: not said
    sha256: str = ""  # the digest it is over; empty where it is of another kind
    nonce: int | None = None
    serial: int = 0
    policy: str = ""
    authority: str = ""  # subject of the certificate that signed, RFC 4514
    certificates: tuple[bytes, ...] = field(default=(), repr=False)  # DER, the signer's first
    token: bytes = field(default=b"", repr=False)  # the token's own bytes as they came, DER

    @property
    def status_words(self) -> str:
        return STATUS_WORDS.get(self.status, f"status {self.status}")


def request_for(sha256: str, *, nonce: int | None = None) -> bytes:
    """The bytes to send (RFC 3161, 2.4.1): version 1, the digest, a nonce, and the wish for certificates."""
    digest = bytes.fromhex(sha256)
    if len(digest) != hashlib.sha256().digest_size:
        raise ValueError("not a SHA-256")
    algorithm = der.element(SEQUENCE, der.element(OID, der.SHA256_OID), der.element(der.NULL))
    imprint = der.element(SEQUENCE, algorithm, der.element(OCTETS, digest))
    chosen = secrets.randbits(NONCE_BITS) if nonce is None else nonce
    return der.element(SEQUENCE, der.integer(1), imprint, der.integer(chosen), der.TRUE)


def read_request(data: bytes) -> Request:
    """Raises NotAReply where the bytes are no request that `request_for` could have made."""
    try:
        whole = der.read(data)
        imprint = whole.part(1, SEQUENCE)
        made = Request(imprint.part(1, OCTETS).content.hex(), whole.part(2, INTEGER).integer())
        same = request_for(made.sha256, nonce=made.nonce) == data
    except ValueError as error:
        raise NotAReply("it is not a request for a time stamp") from error
    if not same:
        raise NotAReply("it is not a request for a time stamp")
    return made


def read_reply(data: bytes) -> Reply:
    """What the answer says. Raises NotAReply where it is none, or its token can't be read."""
    try:
        whole = der.read(data)
        said_status = whole.part(0, SEQUENCE)
        status, said = said_status.part(0, INTEGER).integer(), _words(said_status)
        if len(whole.parts()) < 2:
            return Reply(status, said)
        token = whole.part(1, SEQUENCE).whole
        parsed = _parsed(token)
        info, certificates = parsed.tst_info, _certificates(parsed)
        digest, moment = info.message_imprint, info.gen_time
        return Reply(
            status,
            said,
            time=moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC),
            accuracy_ms=_milliseconds(info.accuracy),
            sha256=digest.message.hex() if digest.hash_algorithm.dotted_string == SHA256_NAME else "",
            nonce=info.nonce,
            serial=info.serial_number,
            policy=info.policy.dotted_string,
            authority=certificates[0].subject.rfc4514_string() if certificates else "",
            certificates=tuple(each.public_bytes(Encoding.DER) for each in certificates),
            token=token,
        )
    except (ValueError, TypeError) as error:
        raise NotAReply("it is not the answer of a time-stamp authority") from error


def faults(reply: Reply, *, request: Request, roots: Sequence[bytes]) -> Iterator[str]:
    """Why the token does not show that the digest was there at its time; nothing where it does.

    `roots` are certificates (DER) that are trusted; the chain is judged as of the token's own time. The signer's
    certificate must be for time stamping, for nothing else, and say so critically (RFC 3161, 2.3).
    """
    if reply.status not in (GRANTED, GRANTED_WITH_CHANGES):
        yield f"the authority's answer is: {reply.status_words}{f' ({reply.said})' if reply.said else ''}"
        return
    if not reply.token or reply.time is None:
        yield "the answer brings no token"
        return
    if reply.sha256 != request.sha256:
        yield "it is over another digest than was sent"
    if reply.nonce != request.nonce:
        yield "it does not repeat the number that was sent with the request"
    if not reply.certificates:
        yield "it does not bring the signer's X.509 file"
        return
    yield from _purpose_faults(loaded(reply.certificates[0]))
    if not _names_signer(reply):
        yield "what was signed does not name the signer's own X.509 file"
    if root_of(reply, roots) is None:
        known = any(_candidates(reply, roots))
        yield (
            "its signature, or the chain from its signer to a trusted root, does not hold at its time"
            if known
            else "its signer leads to no root that is trusted here"
        )


def root_of(reply: Reply, roots: Sequence[bytes]) -> bytes | None:
    """The trusted root (DER) from which signature and chain hold at the token's own time."""
    parsed = _parsed(reply.token)
    imprint = parsed.tst_info.message_imprint.message
    for root in _candidates(reply, roots):
        verifier = rfc3161_client.VerifierBuilder().add_root_certificate(root).build()
        try:
            if verifier.verify(parsed, imprint):
                return root.public_bytes(Encoding.DER)
        except rfc3161_client.VerificationError:
            continue
    return None


@lru_cache(maxsize=1024)
def loaded(data: bytes) -> x509.Certificate:
    """One X.509 file (DER); a store's 140 are judged with again and again. Raises ValueError."""
    with warnings.catch_warnings():  # old roots have numbers that are no longer allowed, and nobody here can mend that
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(data)


def _candidates(reply: Reply, roots: Sequence[bytes]) -> Iterator[x509.Certificate]:
    """Roots that one of the answer's certificates names as its issuer: a store has 140, and one is wanted."""
    issuers = {loaded(data).issuer for data in reply.certificates}
    for data in roots:
        root = loaded(data)
        if root.subject in issuers and _openssl_reads(data):
            yield root


@lru_cache(maxsize=64)
def _openssl_reads(data: bytes) -> bool:
    """Whether OpenSSL takes it too: rfc3161-client 1.0.9 panics, which no `except` of ours may catch, where not."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=data)
    except ssl.SSLError:
        return False
    return True


def _purpose_faults(signer: x509.Certificate) -> Iterator[str]:
    try:
        purpose = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError):
        yield "its signer's X.509 file is not one for time stamping"
        return
    if STAMPING not in purpose.value:
        yield "its signer's X.509 file is not one for time stamping"
    elif list(purpose.value) != [STAMPING] or not purpose.critical:
        yield "its signer's X.509 file is not one for time stamping alone"


def _parsed(token: bytes) -> rfc3161_client.TimeStampResponse:
    """Raises ValueError, TypeError."""
    granted = der.element(SEQUENCE, der.element(SEQUENCE, der.integer(GRANTED)), _sorted_certificates(token))
    return rfc3161_client.decode_timestamp_response(granted)


def _signed_data(token: bytes) -> Part:
    return der.read(token).part(1, CONTEXT_0).part(0, SEQUENCE)


def _sorted_certificates(token: bytes) -> bytes:
    """The same token with its certificates in DER's order. The set is as long as before, so nothing else moves."""
    for part in _signed_data(token).parts():
        if part.tag == CONTEXT_0:
            inside = b"".join(sorted(each.whole for each in part.parts()))
            return token[: part.inside] + inside + token[part.end :]
    return token


def _certificates(parsed: rfc3161_client.TimeStampResponse) -> list[x509.Certificate]:
    """The signer's first, the others in a fixed order. Empty where the signer's is not there."""
    there = [loaded(data) for data in sorted(parsed.signed_data.certificates)]
    signers = {(each.issuer, each.serial_number) for each in parsed.signed_data.signer_infos}
    signer = [each for each in there if (each.issuer, each.serial_number) in signers]
    return [*signer, *(each for each in there if each not in signer)] if len(signer) == 1 else []


def _names_signer(reply: Reply) -> bool:
    """Whether the signed attributes hold the digest of the signer's certificate (RFC 3161, 2.4.2; RFC 5816)."""
    try:
        (signer,) = _signed_data(reply.token).parts()[-1].parts()
        attributes = next(part for part in signer.parts() if part.tag == CONTEXT_0)
        for attribute in attributes.parts():
            kind = attribute.part(0, OID).content
            if kind in (ESS_V1, ESS_V2):
                first = attribute.part(1, SET).part(0, SEQUENCE).part(0, SEQUENCE).part(0, SEQUENCE)
                return _is_digest_of(reply.certificates[0], first.parts(), "sha1" if kind == ESS_V1 else "sha256")
    except (NotDer, ValueError, StopIteration, IndexError):
        return False
    return False


def _is_digest_of(certificate: bytes, said: list[Part], usual: str) -> bool:
    if said[0].tag == SEQUENCE:
        name = ESS_DIGESTS.get(said[0].part(0, OID).content)
        said = said[1:]
    else:
        name = usual
    if name is None or said[0].tag != OCTETS:
        return False
    return hashlib.new(name, certificate, usedforsecurity=False).digest() == said[0].content


def _milliseconds(accuracy: rfc3161_client.Accuracy | None) -> int | None:
    if accuracy is None:
        return None
    return (accuracy.seconds or 0) * 1000 + (accuracy.millis or 0)


def _words(status: Part) -> str:
    texts = [text.content for part in status.parts() if part.tag == SEQUENCE for text in part.parts()]
    words = " ".join(data.decode("utf-8", "replace") for data in texts)
    return "".join(letter if letter.isprintable() else " " for letter in words)[:TEXT_AT_MOST]
