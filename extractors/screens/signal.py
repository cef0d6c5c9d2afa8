"""Signal: blue and grey with the time in the bubble."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "signal",
        (
            Palette(
                ground=("#ffffff", "#fbfcff"),
                sent=("#2c6bed", "#3a76f0", "#315ff4"),
                received=("#e9e9e9", "#f0f0f0", "#e7ebf3"),
            ),
            Palette(
                ground=("#121212", "#000000", "#1b1c1f"),
                sent=("#2c6bed", "#3a76f0", "#315ff4"),
                received=("#3b3b3b", "#2e2e2e", "#303133", "#4a4a4a"),
            ),
        ),
        words=("signal message", "disappearing messages"),
        times="inside",
    )
)
