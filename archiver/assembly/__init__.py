"""The only room that wires instruments to flows: settings become a ready archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.assembly.visiting import How, browser_for, request_for, workers
from archiver.later import later

if TYPE_CHECKING:
    from archiver.assembly.archive import Archive
    from archiver.assembly.handing_over import HandingOver, findings, print_sheet, recovery_sheet, restore
    from archiver.assembly.reads import compared, engine_for, lost, read_with, visited
    from archiver.assembly.stamping import anchor, roots_for

__all__ = [
    "Archive",
    "HandingOver",
    "How",
    "anchor",
    "browser_for",
    "compared",
    "engine_for",
    "findings",
    "lost",
    "print_sheet",
    "read_with",
    "recovery_sheet",
    "request_for",
    "restore",
    "roots_for",
    "visited",
    "workers",
]

# A capture opens the vault while its workers start, reads while its page is visited, and hands nothing over.
__getattr__ = later(
    __name__,
    {"Archive": "archive"}
    | dict.fromkeys(("HandingOver", "findings", "print_sheet", "recovery_sheet", "restore"), "handing_over")
    | dict.fromkeys(("compared", "engine_for", "lost", "read_with", "visited"), "reads")
    | dict.fromkeys(("anchor", "roots_for"), "stamping"),
)
