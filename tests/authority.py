"""A real time-stamp authority on loopback: `openssl ts -reply` behind a small server, with roots made for one session.

The path says how it answers: `/good`, or one of the ways in which an answer can be wrong.
"""

from __future__ import annotations

import ipaddress
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from archiver.timestamp import der, request_for
from archiver.timestamp.token import read_request

CONFIG = """
[ tsa ]
default_tsa = usual
[ usual ]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500
ordering = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ strict ]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha512
ess_cert_id_alg = sha256
"""
STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
Answer = tuple[int, str, bytes]  # status, media type, body


@dataclass(frozen=True)
class Signer:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class Authority:
    """The signers and the ways in which it answers. Files lie in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.heard: list[bytes] = []  # every request body, as it came
        self.down = False  # answers nobody, with HTTP 503
        self.released = Event()  # lets slow answers end
        self._lock = Lock()
        (folder / "ts.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01")
        root, stranger = issued("Made-up root"), issued("Root that nobody trusts")
        signers = {
            "good": issued("Made-up authority", root, purposes=STAMPING),
            "unknown": issued("Made-up stranger", stranger, purposes=STAMPING),
            "expired": issued("Made-up old authority", root, purposes=STAMPING, days=-5),
            "both": issued("Made-up jack of all trades", root, purposes=(*STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)),
            "lenient": issued("Made-up lenient authority", root, purposes=STAMPING, critical=False),
            "none": issued("Made-up authority of nothing", root),
        }
        self.good = signers["good"].certificate.public_bytes(Encoding.DER)
        self.twin = twin(signers["good"], root)
        for name, signer in signers.items():
            pem = signer.certificate.public_bytes(Encoding.PEM)
            (folder / f"{name}.pem").write_bytes(pem)
            key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (folder / f"{name}.key").write_bytes(key)
        self.root_file = folder / "root.pem"
        self.root_file.write_bytes(root.certificate.public_bytes(Encoding.PEM))
        (folder / "stranger.pem").write_bytes(stranger.certificate.public_bytes(Encoding.PEM))
        self.roots = (root.certificate.public_bytes(Encoding.DER),)

    def reply(self, request: bytes, *, signer: str = "good", section: str = "usual") -> bytes:
        """What `openssl ts` answers. It refuses to sign with a file that is not for stamping alone."""
        with self._lock:
            (self.folder / "q").write_bytes(request)
            chain = "stranger.pem" if signer == "unknown" else "root.pem"
            command = ["openssl", "ts", "-reply", "-queryfile", "q", "-config", "ts.cnf", "-section", section]
            command += ["-signer", f"{signer}.pem", "-inkey", f"{signer}.key", "-chain", chain, "-out", "r"]
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=60)
            return (self.folder / "r").read_bytes()

    def answer(self, way: str, request: bytes) -> Answer:
        stamped = "application/timestamp-reply"
        asked = read_request(request)
        ways: dict[str, Callable[[], Answer]] = {
            "good": lambda: (200, stamped, self.reply(request)),
            "wrong-nonce": lambda: (200, stamped, self.reply(request_for(asked.sha256, nonce=asked.nonce ^ 1))),
            "wrong-digest": lambda: (200, stamped, self.reply(request_for("ab" * 32, nonce=asked.nonce))),
            "expired": lambda: (200, stamped, self.reply(request, signer="expired")),
            "unknown-root": lambda: (200, stamped, self.reply(request, signer="unknown")),
            "wrong-purpose": lambda: (200, stamped, self.reply(request).replace(self.good, self.twin)),
            "rejection": lambda: (200, stamped, self.reply(request, section="strict")),
            "with-changes": lambda: (200, stamped, with_status(self.reply(request), 1)),
            "unsorted": lambda: (200, stamped, unsorted(self.reply(request))),
            "garbage": lambda: (200, stamped, b"\x30\x82garbage" * 30),
            "login-page": lambda: (200, "text/html", b"<h1>Welcome to the hotel</h1>"),
            "oversize": lambda: (200, stamped, bytes(1 << 20)),
            "redirect": lambda: (302, "text/html", b""),
            "error": lambda: (500, "text/plain", b"made-up trouble"),
        }
        return ways[way]()


def issued(
    name: str,
    issuer: Signer | None = None,
    *,
    purposes: tuple[x509.ObjectIdentifier, ...] = (),
    critical: bool = True,
    days: int = 30,
    address: str = "",
) -> Signer:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if address:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=critical)
    return Signer(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


def twin(signer: Signer, issuer: Signer) -> bytes:
    """The same signer's file, but for signing code: same name, number, key and length, so that the signature holds."""
    real = signer.certificate
    wanted = len(real.public_bytes(Encoding.DER))
    builder = (
        x509.CertificateBuilder(issuer.certificate.subject, real.subject, real.public_key(), real.serial_number)
        .not_valid_before(real.not_valid_before_utc)
        .not_valid_after(real.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(real.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=True)
    )
    while True:  # a signature's length differs by a byte or two from one to the next
        made = builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)
        if len(made) == wanted:
            return made


def with_status(reply: bytes, status: int) -> bytes:
    """The same answer with another status, which nobody signs."""
    place = reply.index(b"\x02\x01\x00")  # the first integer of an answer is its status
    return reply[: place + 2] + bytes([status]) + reply[place + 3 :]


def unsorted(reply: bytes) -> bytes:
    """The same answer with its certificates against DER's order, as several authorities send them."""
    signed = der.read(reply).part(1, der.SEQUENCE).part(1, der.CONTEXT_0).part(0, der.SEQUENCE)
    there = next(part for part in signed.parts() if part.tag == der.CONTEXT_0)
    wrong = b"".join(sorted((part.whole for part in there.parts()), reverse=True))
    assert wrong != b"".join(sorted(part.whole for part in there.parts()))
    return reply[: there.inside] + wrong + reply[there.end :]


@contextmanager
def running(folder: Path) -> Iterator[Authority]:
    authority = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            authority.heard.append(body)
            way = self.path.strip("/")
            if authority.down:
                self.send_error(503)
                return
            if way == "slow":
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\n")
                authority.released.wait(60)
                return
            status, media_type, data = authority.answer(way, body)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            if status == 302:
                self.send_header("Location", f"{authority.url}/good")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests' output is for their own words."""

        def log_error(self, format: str, *args: object) -> None:
            """As above."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up on an oversize or slow answer is what the test wants."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield authority
    finally:
        authority.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
