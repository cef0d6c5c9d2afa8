"""Time-stamp tokens over the list of lists itself, beside it in the bag. Asks nobody; keeps what was answered.

They came after the list that they speak of, so no list but the last names them. `bag-info.txt`, which is signed, says
who was asked: where a token is not there, a reader sees that it was not given, or was taken out.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.anchored import Judged
from archiver.bundle.bag import STAMPS
from archiver.bundle.chosen import File, file_of
from archiver.timestamp import pem, read_reply, root_of

ASKED = "Time-Stamp-Asked"  # in bag-info.txt, once for each authority


@dataclass(frozen=True)
class Stamp:
    """What one authority answered."""

    authority: str  # its address, without user name or password
    why: str = ""  # why there is no token that holds; else empty
    time: str = ""  # the token's, RFC 3339
    request: bytes = b""
    reply: bytes = b""
    root: bytes = b""  # DER
    chain: tuple[bytes, ...] = ()  # DER, the signer's first


@dataclass(frozen=True)
class Stamping:
    """Who is asked for a token over the list of lists, and how. Only its digest leaves."""

    authorities: tuple[str, ...] = ()  # as they may be shown
    ask: Callable[[bytes], Iterable[Stamp]] = lambda data: ()


def stamp_of(authority: str, request: bytes, reply: bytes, judged: Judged, *, roots: Sequence[bytes]) -> Stamp:
    """An answer with the root that it is judged by; one that does not hold stays out of the bundle."""
    if not judged.granted:
        return Stamp(authority, judged.why or "no time stamp was given")
    token = read_reply(reply)
    root = root_of(token, roots)
    if root is None:
        return Stamp(authority, "its root certificate is not known here")
    chain = tuple(data for data in token.certificates if data != root)
    return Stamp(authority, "", judged.time, request, reply, root, chain)


def files(stamps: Sequence[Stamp]) -> Iterator[File]:
    """The tokens that hold, with the certificates that they are judged by."""
    for n, stamp in enumerate((each for each in stamps if not each.why), start=1):
        folder = f"{STAMPS}{n}"
        yield file_of(f"{folder}/ca.pem", pem(stamp.root))
        chain = stamp.chain or (stamp.root,)  # never empty, so that one command fits all
        yield file_of(f"{folder}/chain.pem", "".join(map(ssl.DER_cert_to_PEM_cert, chain)).encode("ascii"))
        yield file_of(f"{folder}/reply.tsr", stamp.reply)
        yield file_of(f"{folder}/request.tsq", stamp.request)
