"""Puts what went wrong on the way to a page into one kind and one sentence. Guesses nothing that is not recorded."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archiver.browser.guard import Connection, Guard
from archiver.records import Failure, FailureKind

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
REASON = re.compile(r"net::(ERR_[A-Z0-9_]+)")
TLS = ("ERR_CERT_", "ERR_SSL_", "ERR_BAD_SSL", "ERR_TLS")
CONNECTION = ("ERR_CONNECTION_", "ERR_SOCKS_", "ERR_EMPTY_RESPONSE", "ERR_ADDRESS_", "ERR_NETWORK_", "ERR_PROXY_")
TOLD: dict[str, tuple[FailureKind, str]] = {  # by the guard's word for it
    "name": ("name", "There is no computer of the name {host} ({why})."),
    "connection": ("connection", "{host} did not accept the connection on port {port} ({why})."),
    "timeout": ("timeout", "{host} did not answer on port {port}: {why}."),
    "private": ("private", "{host} is on a private network ({why}), which is opened with --allow-private only."),
    "never": ("private", "{host} is an address of a machine's own inner workings ({why}), which is never opened."),
    "bound": ("too-large", "More came from {host} than is taken in one visit ({why})."),
    "proxy": ("connection", "{host} could not be reached through the proxy: {why}."),
}


def host_and_port(url: str) -> tuple[str, int]:
    """As the guard records them; ("", 0) where the address has none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", 0


def connection_of(url: str, guard: Guard) -> Connection | None:
    """What became of the newest connection to an address's host and port."""
    return guard.last(*host_and_port(url))


def load_failure(url: str, reason: str, guard: Guard) -> Failure:
    """Why an address did not load. `reason` is Chromium's word, such as net::ERR_CONNECTION_RESET."""
    connection = connection_of(url, guard)
    if connection is not None and connection.refused:
        kind, sentence = TOLD[connection.refused]
        return Failure(kind, sentence.format(host=connection.host, port=connection.port, why=connection.why))
    if guard.bound_reached:
        return Failure("too-large", "More came over the network than is taken in one visit.")
    found = REASON.search(reason)
    code = found.group(1) if found else reason
    host = host_and_port(url)[0] or url
    if code.startswith(TLS):
        return Failure(
            "tls", f"{host} could not show that it is {host}: its certificate or encryption failed ({code})."
        )
    if code.startswith(CONNECTION):
        return Failure("connection", f"The connection to {host} broke before an answer came ({code}).")
    if "TIMED_OUT" in code:
        return Failure("timeout", f"{host} did not answer in time ({code}).")
    if code == "ERR_TOO_MANY_REDIRECTS":
        return Failure("other", f"{host} sent the browser in a circle: more redirects than a browser follows.")
    if code == "ERR_UNSAFE_PORT":
        return Failure("other", f"{url} names a port that browsers never open.")
    if "invalid URL" in code:
        return Failure("other", f"This is no address that a browser can open: {url}")
    return Failure("other", f"{host} gave nothing that a browser can show ({code}).")
