"""Writes what went over the network as a WARC 1.1 file. Withholds cookies and passwords, and says so in the file.

ISO 28500:2017. Bodies stand unpacked, and Chromium speaks of no chunks: where the server packed a body or sent it in
chunks, those headers are kept under names of ours, so that no reader unpacks it again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.browser.exchange import Exchange
from archiver.browser.record import rfc3339

WITHHELD = frozenset({"cookie", "set-cookie", "set-cookie2", "authorization", "proxy-authorization"})
WITHHELD_WORD = "withheld"
TRANSPORT = frozenset({"content-encoding", "transfer-encoding", "content-length"})
OURS = "X-Archiver-Sent-"  # before the name of a header that no longer fits the body
SAYS = {
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "bodies": "as they came, after Content-Encoding and Transfer-Encoding were undone; where there was any, the"
    f" server's own header stands under {OURS}Content-Encoding, {OURS}Transfer-Encoding or {OURS}Content-Length",
    "withheld": "the values of the headers " + ", ".join(sorted(WITHHELD)) + "; each stands as “withheld”,"
    " and so does whatever was sent that holds a secret of a login",
    "left-out": "answers that a service worker made or that came from memory; what never answered; websockets",
}


def warc_of(
    exchanges: Iterable[Exchange],
    *,
    about: dict[str, str],
    address_of: Callable[[str], str],
    secrets: frozenset[str] = frozenset(),
) -> bytes:
    """The file. `about` says how the visit was made; `address_of` gives the IP address that answered, or nothing.

    `secrets` are values that are withheld wherever they were sent: in a header of any name, and in what was posted.
    """
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=False, warc_version="1.1")
    dates = [exchange.at for exchange in exchanges]
    info = writer.create_warcinfo_record("network.warc", {**about, **SAYS})
    if dates:
        info.rec_headers.replace_header("WARC-Date", rfc3339(min(dates)))
    writer.write_record(info)
    told: set[str] = set()
    for exchange in exchanges:
        if exchange.status and not exchange.made_by:
            _write(writer, _without(exchange, secrets), address_of(exchange.url))
            _write_security(writer, exchange, told)
    return stream.getvalue()


def _without(exchange: Exchange, secrets: frozenset[str]) -> Exchange:
    """The same, with "withheld" for each header and each posted text that holds a secret."""

    def told(text: str) -> str:
        return WITHHELD_WORD if any(secret in unquote(text) for secret in secrets) else text

    if not secrets:
        return exchange
    return replace(
        exchange,
        posted=told(exchange.posted),
        asked={name: told(value) for name, value in exchange.asked.items()},
        headers=[(name, told(value)) for name, value in exchange.headers],
    )


def _write(writer: WARCWriter, exchange: Exchange, address: str) -> None:
    common = {"WARC-Date": rfc3339(exchange.at)} | ({"WARC-IP-Address": address} if address else {})
    truncated = {"WARC-Truncated": exchange.cut} if exchange.cut else {}
    tls = exchange.security.get("cipher", "")
    version = _version(exchange.protocol)
    response = writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.body or b""),
        http_headers=StatusAndHeaders(f"{exchange.status} {exchange.reason}".strip(), _fitting(exchange), version),
        warc_headers_dict=common
        | truncated
        | ({"WARC-Protocol": exchange.protocol} if exchange.protocol else {})
        | ({"WARC-Cipher-Suite": tls} if tls else {}),
    )
    request = writer.create_warc_record(
        exchange.url,
        "request",
        payload=io.BytesIO(exchange.posted.encode("utf-8", "replace")),
        http_headers=StatusAndHeaders(
            f"{exchange.method} {_target(exchange.url)} {version}", _told(exchange.asked.items()), is_http_request=True
        ),
        warc_headers_dict=dict(common),
    )
    writer.write_request_response_pair(request, response)


def _write_security(writer: WARCWriter, exchange: Exchange, told: set[str]) -> None:
    """What Chromium saw of a server's encryption: version, cipher, certificate, SCTs. Once for each origin."""
    parts = urlsplit(exchange.url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if not exchange.security or origin in told:
        return
    told.add(origin)
    body = json.dumps({"tls": {key: value for key, value in exchange.security.items() if key != "certificateId"}})
    writer.write_record(
        writer.create_warc_record(
            origin,
            "metadata",
            payload=io.BytesIO(body.encode()),
            warc_content_type="application/json",
            warc_headers_dict={"WARC-Date": rfc3339(exchange.at)},
        )
    )


def _fitting(exchange: Exchange) -> list[tuple[str, str]]:
    """The answer's headers; those about the body's transport under our names where they don't fit what is kept."""
    length = str(len(exchange.body or b""))
    encoded = any(name.lower() in TRANSPORT - {"content-length"} for name, _ in exchange.headers)
    fits = not encoded and all(value == length for name, value in exchange.headers if name.lower() == "content-length")
    rename = not fits and exchange.body is not None and not exchange.cut
    named = [(OURS + n if rename and n.lower() in TRANSPORT else n, v) for n, v in exchange.headers]
    return _told([*named, ("Content-Length", length)] if rename else named)


def _told(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without secrets, without what a header line can't hold, without HTTP/2's own (:authority)."""
    lines = ((name, WITHHELD_WORD if name.lower() in WITHHELD else " ".join(value.split())) for name, value in headers)
    return [(name, value) for name, value in lines if name and not name.startswith(":")]


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _version(protocol: str) -> str:
    """What HTTP/2 and 3 send has no status line of its own; readers of WARC expect HTTP/1.1's."""
    return "HTTP/1.0" if protocol.lower() == "http/1.0" else "HTTP/1.1"
