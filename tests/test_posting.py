"""What is sent reaches one address, through the proxy where one is set, over TLS that is checked, and nothing else."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from select import select
from socket import create_connection
from threading import Thread

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archiver.errors import UsageError
from archiver.posting import NoAnswer, post, shown
from tests.authority import issued


class Echo(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = b"|".join([self.path.encode(), str(sorted(self.headers.keys())).encode(), body])
        self.send_response(200)
        self.send_header("Content-Type", "Text/Plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests' output is for their own words."""


class Proxy(Echo):
    asked: list[str]

    def do_CONNECT(self) -> None:
        self.asked.append(self.path)
        host, _, port = self.path.rpartition(":")
        with create_connection((host, int(port)), timeout=30) as onward:
            self.send_response(200)
            self.end_headers()
            while True:
                ready, _, _ = select([self.connection, onward], [], [], 30)
                for end, other in ((self.connection, onward), (onward, self.connection)):
                    if end in ready:
                        data = end.recv(65536)
                        if not data:
                            return
                        other.sendall(data)


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], wrap: ssl.SSLContext | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if wrap is not None:
        server.socket = wrap.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    with serving(type("OneProxy", (Proxy,), {"asked": asked})) as port:
        yield f"http://127.0.0.1:{port}", asked


def test_nothing_is_said_beyond_what_an_answer_needs() -> None:
    with serving(Echo) as port:
        answer = post(f"http://127.0.0.1:{port}/a?b=c", b"asked", media_type="x/y")
    assert answer.media_type == "text/plain"
    assert answer.body == b"/a?b=c|['Connection', 'Content-Length', 'Content-Type', 'Host']|asked"


def test_it_goes_through_the_proxy_that_was_set(proxy: tuple[str, list[str]]) -> None:
    address, asked = proxy
    with serving(Echo) as port:
        assert post(f"http://127.0.0.1:{port}/", b"asked", media_type="x/y", proxy=address).body.endswith(b"asked")
        assert asked == [f"127.0.0.1:{port}"]


def test_a_proxy_that_is_not_there_is_never_gone_around() -> None:
    with serving(Echo) as port, pytest.raises(NoAnswer, match="no safe connection"):
        post(f"http://127.0.0.1:{port}/", b"asked", media_type="x/y", proxy="http://127.0.0.1:9")


def test_tls_is_checked_also_through_a_proxy(tmp_path: Path, proxy: tuple[str, list[str]]) -> None:
    root = issued("Made-up root")
    server = issued("Made-up server", root, address="127.0.0.1")
    key = server.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "server.pem").write_bytes(server.certificate.public_bytes(Encoding.PEM) + key)
    wrap = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    wrap.load_cert_chain(tmp_path / "server.pem")
    trust = ssl.create_default_context(cadata=root.certificate.public_bytes(Encoding.PEM).decode())
    with serving(Echo, wrap) as port:
        url = f"https://127.0.0.1:{port}/"
        for through in ("", proxy[0]):
            answer = post(url, b"asked", media_type="x/y", proxy=through, trust=trust)
            assert answer.body.endswith(b"asked")
        with pytest.raises(NoAnswer, match="could not be confirmed"):
            post(url, b"asked", media_type="x/y")


def test_user_name_and_password_are_not_shown() -> None:
    assert shown("https://sam:word@a.test:8/x?y#z") == "https://a.test:8/x?y"
    for url in ("https://a b/", "javascript:x", "http://[::1", "http://a.test:99999/"):
        with pytest.raises(UsageError):
            shown(url)


def test_nobody_there_is_one_sentence() -> None:
    with pytest.raises(NoAnswer, match="no connection"):
        post("http://127.0.0.1:9/", b"", media_type="x/y")
