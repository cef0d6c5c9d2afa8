"""Snapchat: no bubbles; a name in its own colour over what it wrote, days in capitals."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "snapchat",
        (
            Palette(ground=("#ffffff",)),
            Palette(ground=("#121212", "#000000", "#16191c")),
        ),
        words=("send a chat", "new chat"),
        shape="rows",
        style="names",
    )
)
