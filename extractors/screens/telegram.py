"""Telegram: time and ticks in the bubble, days in see-through pills."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "telegram",
        (
            Palette(ground=(), sent=("#effdde", "#eeffde", "#e1ffc7", "#e3fee0"), received=("#ffffff",)),
            Palette(
                ground=("#0e1621", "#17212b", "#0f0f0f", "#000000", "#181818"),
                sent=("#2b5278", "#3e6a97", "#766ac8", "#8774e1"),
                received=("#182533", "#212121", "#262628", "#212d3b"),
            ),
        ),
        words=("last seen recently", "last seen a long time ago", "last seen within a week"),
        times="inside",
    )
)
