"""The only room that wires instruments to flows: settings become a ready archive."""

from __future__ import annotations

from archiver.assembly.archive import Archive, How, request_for, workers
from archiver.assembly.handing_over import findings, print_sheet, restore
from archiver.assembly.opened import browser_for

__all__ = ["Archive", "How", "browser_for", "findings", "print_sheet", "request_for", "restore", "workers"]
