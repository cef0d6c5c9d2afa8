"""A room's names that are imported when they are first asked for, since what stands behind them takes long to load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def later(room: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """A room's `__getattr__`. `names`: the module of the room that each stands in."""

    def look(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{names[name]}"), name)

    return look
