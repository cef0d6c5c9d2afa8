"""Bumble: light yellow for what was sent."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "bumble",
        (
            Palette(
                ground=("#ffffff",),
                sent=("#ffe8a3", "#ffc629", "#fff0c2", "#ffe9a8"),
                received=("#f3f3f3", "#f2f2f2", "#f5f5f5"),
            ),
            Palette(
                ground=("#1d1d1d", "#000000", "#141414"), sent=("#ffc629", "#5c4a12"), received=("#333333", "#2b2b2b")
            ),
        ),
        words=("your move",),
    )
)
