"""The texts of an exhibit that would leave, out of each layer of each file. Reads what is kept; judges nothing.

What a page shows is one thing; what stands in its code is another: attributes, data inside scripts, answers that came
over the network and were never shown. All of it leaves.
"""

from __future__ import annotations

import email
import email.policy
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html import unescape
from urllib.parse import unquote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archiver.bundle.chosen import Exhibit, Original

MOST_TEXT = 8 << 20  # characters of one text that are looked through
TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,4000}>", re.DOTALL | re.IGNORECASE)
# What no person means by it: style sheets, and the shapes of icons, whose numbers look like places on a map.
DRAWN = re.compile(r"<style\b.*?</style>|\b(?:d|points)=\\?[\"'][\sm\d.,-][^\"'<>]*", re.DOTALL | re.IGNORECASE)
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # as JSON writes a letter (RFC 8259, 7)
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
HTML = ("text/html", "application/xhtml+xml")
LIKE_TEXT = ("text/plain", "text/csv", "text/xml", "application/xml", "application/x-www-form-urlencoded")
UNREAD = ("first-view", "tile", "certificate")  # roles that hold no text


@dataclass(frozen=True)
class Text:
    """One text: as a person reads it, and as it stands in code; either may be empty."""

    shown: str = ""
    coded: str = ""


def texts(exhibit: Exhibit) -> Iterator[Text]:
    """What readers took from the exhibit, what pictures said, its addresses, and what each of its files says."""
    yield Text("\n".join((exhibit.title, exhibit.words)), coded(f"{exhibit.requested}\n{exhibit.final}"))
    yield Text(coded="\n".join(f"{name}: {value}" for name, value in exhibit.headers))
    for post in exhibit.posts:
        author = post.author
        said = (post.text, author.name, author.handle, *(media.alt for media in post.media))
        yield Text("\n".join(said), coded(author.url))
    for original in exhibit.originals:
        if original.leaves and original.role not in UNREAD:
            yield from _of_file(original)


def coded(text: str) -> str:
    """Code with what it writes otherwise written out: `%40`, `&#64;` and `\\u0040` are all one sign."""
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\\/", "/").replace("\\n", "\n")
    return unescape(unquote(text))


def _of_file(original: Original) -> Iterator[Text]:
    kind = original.media_type
    if original.role == "network":
        yield from _of_record(original.read())
    elif kind.startswith("multipart/"):
        message = email.message_from_bytes(original.read(), policy=email.policy.compat32)
        for part in message.walk():
            payload = None if part.is_multipart() else part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield from _text(payload, str(part.get("Content-Type", "")))
    else:
        yield from _text(original.read(), kind)


def _of_record(warc: bytes) -> Iterator[Text]:
    """Each address that was asked for, what was sent, and each answer that is text; if it is no record, all of it."""
    read = warc.startswith(b"WARC/")  # else it would be taken for an older format, which has any words for a record
    try:
        for record in ArchiveIterator(io.BytesIO(warc)):
            http, data = record.http_headers, record.content_stream().read()
            yield Text(coded=coded(record.rec_headers.get_header("WARC-Target-URI") or ""))
            kind = (http.get_header("Content-Type") if http else "") or ""
            yield from _text(data, kind or ("text/plain" if record.rec_type == "request" else ""))
    except (ArchiveLoadFailed, OSError, ValueError):
        read = False
    if not read:
        yield Text(coded=coded(warc.decode("utf-8", "replace")[:MOST_TEXT]))


def _text(data: bytes, media_type: str) -> Iterator[Text]:
    kind = media_type.partition(";")[0].strip().lower()
    if kind in HTML:
        text = _decoded(data, media_type)
        yield Text(unescape(TAG.sub(" ", text)), coded(DRAWN.sub(" ", text)))
    elif kind in LIKE_TEXT:
        text = _decoded(data, media_type)
        yield Text(text, coded(text))
    elif kind.endswith("json"):
        yield Text(coded=coded(DRAWN.sub(" ", _decoded(data, media_type))))


def _decoded(data: bytes, media_type: str) -> str:
    header = Message()
    header["Content-Type"] = media_type or "text/plain"
    said = header.get_content_charset("utf-8")
    charset = next((name for mark, name in MARKS if data.startswith(mark)), said)
    try:
        return data.decode(charset, "replace")[:MOST_TEXT]
    except LookupError:
        return data.decode("utf-8", "replace")[:MOST_TEXT]
