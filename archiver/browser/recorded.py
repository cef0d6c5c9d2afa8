"""Gives back what a network record holds: the texts that came, decoded. Reads sealed bytes; fetches nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

TEXTS = ("text/", "json", "javascript", "xml", "ecmascript", "x-www-form")

LACKING = ("length", "time")  # the page had more than the record; of what broke off ("disconnect") neither has more


@dataclass(frozen=True)
class Body:
    """One answer of a text type."""

    url: str
    media_type: str
    data: bytes
    whole: bool  # False: the page had more of it than the record


def text_bodies(warc: bytes) -> Iterator[Body]:
    """In the order in which they were asked for; a record that is damaged ends the list."""
    try:
        for record in ArchiveIterator(io.BytesIO(warc)):
            if record.rec_type != "response":
                continue
            media_type = record.http_headers.get_header("Content-Type", "") if record.http_headers else ""
            if not any(name in media_type.lower() for name in TEXTS):
                continue
            whole = record.rec_headers.get_header("WARC-Truncated") not in LACKING
            yield Body(
                record.rec_headers.get_header("WARC-Target-URI", ""), media_type, record.raw_stream.read(), whole
            )
    except ArchiveLoadFailed:
        return
