"""Messenger: grey and the theme's colour, pictures beside what others wrote; times stand between."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "messenger",
        (
            Palette(
                ground=("#ffffff",),
                sent=("#0084ff", "#0a7cff", "#0099ff"),
                received=("#e4e6eb", "#f0f0f0", "#e4e6e9", "#f1f0f0"),
            ),
            Palette(
                ground=("#000000", "#1c1c1d"),
                sent=("#0084ff", "#0a7cff", "#0099ff"),
                received=("#303030", "#3e4042", "#262626"),
            ),
        ),
        words=("aa",),
        times="none",
    )
)
