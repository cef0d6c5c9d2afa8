"""What `capture` and `watch run` do while the vault is locked. Opens nothing, and shows nothing that was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Any

from archiver.assembly import How
from archiver.browser import BrowserFound
from archiver.capture import Lost, Order
from archiver.cli.context import Door
from archiver.cli.words import capture_record, kept_words, was_reached
from archiver.locked import Locked, Sealed

LATER = "It is sealed for the vault, and is taken in when the vault is opened next."


def capture_locked(
    door: Door, orders: Iterable[Order], how: How, found: BrowserFound, pool: Callable[[], Executor]
) -> int:
    """0 where every page was reached and sealed, else 1."""
    code = 0
    for ended in Locked(door.settings).capture(orders, how, found, pool):
        code = max(code, _tell(door, ended))
    return code


def round_locked(door: Door, how: How) -> None:
    for ended in Locked(door.settings).watch_round(how):
        _tell(door, ended)


def _tell(door: Door, ended: Sealed | Lost) -> int:
    supplied = ended.order.supplied
    if isinstance(ended, Lost):
        door.result({"requested": supplied, "error": ended.sentence}, f"{supplied}: {ended.sentence}")
        return 1
    cautions = [caution.sentence for caution in ended.order.cautions]
    record: dict[str, Any] = capture_record(ended.capture, [ended.reading])
    del record["capture"], record["entry"]  # given when it is taken in
    said: dict[str, Any] = {"inbox": ended.n, "watch": ended.watch} | record | {"cautions": cautions}
    what = ended.capture.body["failure"]["sentence"] or f"The page answered {ended.capture.body['status']}."
    name = f"{ended.watch}, " if ended.watch else ""
    door.result(said, f"{name}inbox {ended.n}  {supplied}\n    {kept_words(ended.capture)} {LATER}\n    {what}")
    return 0 if was_reached(ended.capture) else 1
