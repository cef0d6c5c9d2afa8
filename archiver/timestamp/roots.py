"""The X.509 roots that time stamps are judged by: this system's, or those of a file. Fetches none."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from archiver.errors import UsageError
from archiver.timestamp.token import loaded

BUNDLES = (  # where systems keep theirs in one file, should Python's own search find none
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine
)


def roots_from(file: Path | None) -> tuple[bytes, ...]:
    """DER of each root: of the file where one is named (PEM, one or several), else of this system.

    Raises UsageError where the file holds none.
    """
    if file is None:
        return tuple(_system())
    try:
        found = tuple(_from_pem(file.read_bytes()))
    except OSError as error:
        raise UsageError(f"The roots in {file} can't be read: {error.strerror}.") from error
    if not found:
        raise UsageError(f"{file} holds no root in PEM form.")
    return found


def pem(root: bytes) -> bytes:
    """The same root as `openssl ts -verify -CAfile` reads it."""
    return ssl.DER_cert_to_PEM_cert(root).encode("ascii")


def _system() -> Iterator[bytes]:
    context = ssl.create_default_context()
    found = [data for data in context.get_ca_certs(binary_form=True) if _is_one(data)]
    for name in () if found else BUNDLES:
        if Path(name).is_file():
            found = list(_from_pem(Path(name).read_bytes()))
            break
    yield from found


def _from_pem(data: bytes) -> Iterator[bytes]:
    """Each on its own: one that can't be read must not take the others with it."""
    end = b"-----END CERTIFICATE-----"
    for part in data.split(end)[:-1]:
        begin = part.rfind(b"-----BEGIN CERTIFICATE-----")
        try:
            yield loaded(ssl.PEM_cert_to_DER_cert((part[begin:] + end).decode("ascii"))).public_bytes(Encoding.DER)
        except ValueError:
            continue


def _is_one(data: bytes) -> bool:
    try:
        loaded(data)
    except ValueError:
        return False
    return True
