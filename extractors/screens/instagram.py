"""Instagram direct messages: purple to blue for what was sent; times stand between."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "instagram",
        (
            Palette(
                ground=("#ffffff",),
                sent=("#5b5fff", "#6b4bff", "#5d54ff", "#7638fa", "#3797f0", "#5865f2"),
                received=("#efefef", "#f0f0f0"),
            ),
            Palette(
                ground=("#000000", "#0c1014"),
                sent=("#5b5fff", "#6b4bff", "#5d54ff", "#7638fa", "#3797f0"),
                received=("#262626", "#25282d"),
            ),
        ),
        words=("active on instagram", "message...", "view profile"),
        times="none",
    )
)
