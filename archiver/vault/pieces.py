"""Where a saved page or a network record carries whole files, so that those are kept once however often they come.

A page saved again differs in dates, boundaries and names made up by chance; what it carries does not. Nothing is left
out and nothing is changed: the pieces and the rest spell the artifact byte for byte, and its SHA-256 proves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SMALLEST = 2_048  # bytes; below it the row that names a piece costs too much of what it saves
HEAD = 8_192  # bytes in which a saved page names its boundary
BOUNDARY = re.compile(rb'boundary="?([^"\r\n;]{8,200})"?')
MADE_UP = re.compile(rb"cid:(?:=\r\n|[^\"'\s<>()]){8,160}")  # Chromium names frames and styles anew each time
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})", re.IGNORECASE)
BLANK = b"\r\n\r\n"


def pieces_of(media_type: str, data: bytes) -> list[tuple[int, int]]:
    """Start and end of each piece, in order, none overlapping; none in what is of another kind or damaged."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "multipart/related":
        found = _in_saved_page(data)
    elif kind == "application/warc":
        found = _in_network_record(data)
    else:
        return []
    return [(start, end) for start, end in found if end - start >= SMALLEST]


def _in_saved_page(data: bytes) -> Iterator[tuple[int, int]]:
    named = BOUNDARY.search(data, 0, HEAD)
    if named is None:
        return
    line = b"--" + named[1]
    at = data.find(line)
    while at >= 0:
        following = data.find(line, at + len(line))
        end = following if following >= 0 else len(data)
        body = data.find(BLANK, at, end)
        if body >= 0:
            start = body + len(BLANK)
            for made_up in MADE_UP.finditer(data, start, end):
                yield start, made_up.start()
                start = made_up.end()
            yield start, end
        at = following


def _in_network_record(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while data.startswith(b"WARC/", at):
        head = data.find(BLANK, at)
        length = LENGTH.search(data, at, head) if head >= 0 else None
        if length is None:
            return
        start = head + len(BLANK)
        end = start + int(length[1])
        if end > len(data):
            return
        body = data.find(BLANK, start, end) if data.startswith(b"HTTP/", start) else -1
        yield (body + len(BLANK) if body >= 0 else start), end
        at = end + len(BLANK)
