"""Time stamps of an authority (RFC 3161): the request, what the answer says, and why it may not be believed.

Keeps no bytes and asks nobody: `archiver.posting` sends, the vault keeps both sides as they are.
"""

from __future__ import annotations

from archiver.timestamp.roots import pem, roots_from
from archiver.timestamp.token import (
    NotAReply,
    Reply,
    Request,
    faults,
    read_reply,
    read_request,
    request_for,
    root_of,
)

ASKS = "application/timestamp-query"  # RFC 3161, 3.4
ANSWERS = "application/timestamp-reply"

__all__ = [
    "ANSWERS",
    "ASKS",
    "NotAReply",
    "Reply",
    "Request",
    "faults",
    "pem",
    "read_reply",
    "read_request",
    "request_for",
    "root_of",
    "roots_from",
]
