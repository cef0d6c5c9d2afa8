"""A web archive file for each capture that has a network record, for programs that replay pages. Adds nothing to it.

WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1): a ZIP of the WARC exactly as it was sealed, an index into it, the page's
address, and a list of their SHA-256. Nothing is fetched; what the visit did not receive can't be replayed.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archiver.bundle import named
from archiver.bundle.chosen import Chosen, Exhibit, File, Original
from archiver.integrity import sha256_of, sound_text

VERSION = "1.1.1"
WARC, INDEX, PAGES, PACKAGE = "archive/data.warc", "indexes/index.cdxj", "pages/pages.jsonl", "datapackage.json"
DIGEST = "datapackage-digest.json"
WHEN = (1980, 1, 1, 0, 0, 0)  # a ZIP holds local times without a zone; the true ones stand inside
REPLAYED = frozenset({"response", "resource", "revisit"})


class NothingToReplay(ValueError):
    """The network record holds no answer, or can't be read."""


@dataclass(frozen=True)
class Line:
    """One answer in the WARC."""

    url: str
    at: str  # RFC 3339
    mime: str
    status: str
    digest: str
    offset: int  # bytes from the file's start
    length: int  # bytes of the record

    def cdxj(self) -> str:
        stamp = "".join(letter for letter in self.at if letter.isdigit())[:14]
        fields = {
            "url": self.url,
            "digest": self.digest,
            "mime": self.mime,
            "offset": str(self.offset),
            "length": str(self.length),
            "status": self.status,
            "filename": WARC.rpartition("/")[2],
        }
        return f"{surt(self.url)} {stamp} {json.dumps({name: value for name, value in fields.items() if value})}"


def path_of(exhibit: Exhibit) -> str:
    return f"data/wacz/{named.slug(exhibit.label)}.wacz"


def files(chosen: Chosen) -> Iterator[File]:
    """One for each exhibit whose network record leaves and holds an answer."""
    for exhibit in chosen.exhibits:
        for record in exhibit.of_role("network")[:1]:
            if exhibit.status is not None and _holds_answers(record):
                yield File(path_of(exhibit), _made(exhibit, record))


def wacz(exhibit: Exhibit, warc: bytes) -> bytes:
    """The file. Raises NothingToReplay."""
    lines = answers(warc)
    if not lines:
        raise NothingToReplay("the network record holds no answer")
    page, at = main_page(exhibit, lines)
    inside = {
        WARC: warc,
        INDEX: "".join(f"{line}\n" for line in sorted(line.cdxj() for line in lines)).encode(),
        PAGES: _jsonl(
            {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"},
            {"id": sha256_of(page.encode())[:32], "url": page, "ts": at, "title": sound_text(exhibit.title)},
        ),
    }
    package = {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": exhibit.label,
        "description": f"Log entry {exhibit.entry}, SHA-256 {exhibit.entry_sha256}",
        "software": exhibit.tool,
        "created": exhibit.started,
        "mainPageUrl": page,
        "mainPageDate": at,
        "resources": [
            {"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{sha256_of(data)}", "bytes": len(data)}
            for name, data in inside.items()
        ],
    }
    inside[PACKAGE] = json.dumps(package, indent=2).encode()
    inside[DIGEST] = json.dumps({"path": PACKAGE, "hash": f"sha256:{sha256_of(inside[PACKAGE])}"}).encode()
    return _zipped(inside)


def answers(warc: bytes) -> list[Line]:
    """What can be replayed, in the WARC's order: answers to GET; an answer to a form is in the WARC alone."""
    found: list[Line] = []
    posted: set[str] = set()  # ids of answers to something else than GET
    records = ArchiveIterator(io.BytesIO(warc))
    try:
        for record in records:
            headers = record.rec_headers
            if record.rec_type == "request" and record.http_headers.protocol != "GET":
                posted.add(headers.get_header("WARC-Concurrent-To") or "")
            record.raw_stream.read()
            if record.rec_type not in REPLAYED:
                continue
            http = record.http_headers
            line = Line(
                url=headers.get_header("WARC-Target-URI"),
                at=headers.get_header("WARC-Date"),
                mime=((http.get_header("Content-Type") if http else "") or "").partition(";")[0].strip(),
                status=http.get_statuscode() if http else "200",
                digest=headers.get_header("WARC-Payload-Digest") or "",
                offset=records.get_record_offset(),
                length=records.get_record_length(),
            )
            found.append(line)
            if headers.get_header("WARC-Record-ID") in posted:
                found.pop()
    except (ArchiveLoadFailed, OSError, ValueError) as error:
        raise NothingToReplay(f"the network record can't be read ({type(error).__name__})") from error
    return found


def main_page(exhibit: Exhibit, lines: list[Line]) -> tuple[str, str]:
    """The address and time under which the replay opens: where the visit ended, as the WARC spells it."""
    by_url = {line.url: line for line in reversed(lines)}
    for wanted in (exhibit.final, exhibit.cleaned):
        line = by_url.get(urldefrag(wanted).url)
        if line is not None:
            return line.url, line.at
    pages = [line for line in lines if line.mime == "text/html" and line.status == "200"]
    first = (pages or lines)[0]
    return first.url, first.at


def surt(url: str) -> str:
    """An address as an index sorts it: com,example)/path?a=1&b=2."""
    parts = urlsplit(url.lower())
    host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
    try:
        port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    except ValueError:
        port = ""
    query = f"?{urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".replace(" ", "%20")


def _holds_answers(record: Original) -> bool:
    try:
        return bool(answers(record.read()))
    except NothingToReplay:
        return False


def _made(exhibit: Exhibit, record: Original) -> Callable[[], Iterator[bytes]]:
    return lambda: iter((wacz(exhibit, record.read()),))


def _jsonl(*lines: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def _zipped(inside: dict[str, bytes]) -> bytes:
    """Stored, not packed, as the format asks of WARCs and indexes: a reader takes parts of it by their place."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in inside.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), data)
    return stream.getvalue()
