"""Tinder: two colours of bubble under a name in the middle of the bar."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "tinder",
        (
            Palette(
                ground=("#ffffff",),
                sent=("#116df9", "#fd5068", "#106bd5", "#1786ff"),
                received=("#e9eaee", "#f1f1f4", "#f0f2f4"),
            ),
            Palette(ground=("#111418", "#000000"), sent=("#116df9", "#1786ff"), received=("#21262e", "#2c3038")),
        ),
        words=("you matched with", "it’s a match", "type a message"),
    )
)
