"""Finds the reader for a screenshot: every file in `extractors/screens/` that holds a `READER` is known, no other."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import extractors.screens
from extractors.contract import Screen, ScreenReader
from extractors.screen_apps import CLEAR, SURE, read_unknown

UNKNOWN = ScreenReader("unknown", lambda screen: 0.0, read_unknown)


@cache
def screen_readers() -> tuple[ScreenReader, ...]:
    """Every app's reader of screenshots, by file name."""
    names = sorted(module.name for module in pkgutil.iter_modules(extractors.screens.__path__))
    found = (getattr(importlib.import_module(f"extractors.screens.{name}"), "READER", None) for name in names)
    return tuple(reader for reader in found if isinstance(reader, ScreenReader))


def screen_reader_for(screen: Screen) -> ScreenReader:
    """The reader of the app whose look this is; where two come close, or none does, the one that names no app."""
    ranked = sorted(((reader.recognises(screen), n) for n, reader in enumerate(screen_readers())), key=lambda r: -r[0])
    if ranked and ranked[0][0] >= SURE and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= CLEAR):
        return screen_readers()[ranked[0][1]]
    return UNKNOWN
