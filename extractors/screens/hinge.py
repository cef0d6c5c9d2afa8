"""Hinge: dark purple for what was sent."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "hinge",
        (
            Palette(
                ground=("#ffffff", "#fafafa"),
                sent=("#6e2b62", "#70295c", "#5d2456"),
                received=("#f2f2f2", "#f0f0f0", "#efefef"),
            ),
        ),
        words=("send a message", "sent a like"),
    )
)
