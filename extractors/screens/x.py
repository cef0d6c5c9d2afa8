"""Direct messages on X: the time, and what became of it, under the last bubble."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "x",
        (
            Palette(ground=("#ffffff",), sent=("#1d9bf0",), received=("#eff3f4",)),
            Palette(ground=("#000000", "#15202b"), sent=("#1d9bf0",), received=("#2f3336", "#273340")),
        ),
        words=("start a message", "start a new message"),
        times="none",
    )
)
