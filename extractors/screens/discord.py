"""Discord: name and time over the words, all on one side."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "discord",
        (
            Palette(ground=("#313338", "#36393f", "#2b2d31", "#323339", "#1a1a1e", "#070709")),
            Palette(ground=("#ffffff", "#fbfbfb", "#f2f3f5")),
        ),
        words=("message #general", "message @", "today at", "yesterday at"),
        shape="rows",
        style="heads",
    )
)
