"""The command line. Knows how to ask and to say; every flow is below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.later import later

if TYPE_CHECKING:
    from archiver.cli.keeping import Asked, keep
    from archiver.cli.locked_commands import capture_locked

__all__ = ["Asked", "capture_locked", "keep"]

# What a capture does while its browsers start is imported then; that they start is waited for.
__getattr__ = later(__name__, dict.fromkeys(("Asked", "keep"), "keeping") | {"capture_locked": "locked_commands"})
