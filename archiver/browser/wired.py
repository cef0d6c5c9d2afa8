"""Keeps the network record of a visit, at its end or wherever it was cut, and says in a step what is in it."""

from __future__ import annotations

import time

from archiver.browser.failure import connection_of
from archiver.browser.guard import Guard
from archiver.browser.record import Record
from archiver.browser.warc import warc_of
from archiver.browser.wire import Wire


def keep_network(wire: Wire, guard: Guard, record: Record) -> None:
    """Add the file and the step `network`. Waits for nothing: what has come by now is what is kept."""
    since, exchanges = time.monotonic(), wire.exchanges()
    answered = [exchange for exchange in exchanges if exchange.status and not exchange.made_by]
    if not answered:
        record.end("network", "skipped", "nothing answered", since)
        return
    for exchange in answered:
        if not exchange.finished and not exchange.cut:
            exchange.cut = "time"

    def address_of(url: str) -> str:
        connection = connection_of(url, guard)
        return connection.address if connection else ""

    about = {"software": record.provenance.tool, "http-header-user-agent": record.provenance.user_agent}
    about |= {
        "description": f"What {record.provenance.browser} loaded for one visit, seen through its DevTools protocol"
    }
    file = warc_of(answered, about=about, address_of=address_of, secrets=record.request.secrets)
    record.keep("network", "application/warc", file)
    cut = sum(bool(exchange.cut) for exchange in answered)
    words = [f"{len(answered)} answers"]
    words += [f"{cut} without all of their body"] if cut else []
    words += [f"{wire.left_out} requests more than are recorded"] if wire.left_out else []
    record.end("network", "done", ", ".join(words), since)
