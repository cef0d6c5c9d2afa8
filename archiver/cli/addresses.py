"""Addresses from the command line, a file or another program. Judges none of them."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from archiver.errors import UsageError

COLUMN = "url"
DELIMITERS = (",", ";", "\t")  # spreadsheets write the second one where a comma parts whole from decimals


def addresses_in(source: str) -> Iterator[str]:
    """From a file, or stdin for "-": one a line (# comments), or a table whose header has a `url` column."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"No addresses could be read from {source}: {error}.") from error
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        header = [column.strip().lower() for column in next(rows, [])]
        if COLUMN in header:
            at = header.index(COLUMN)
            yield from (row[at].strip() for row in rows if len(row) > at and row[at].strip())
            return
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()
