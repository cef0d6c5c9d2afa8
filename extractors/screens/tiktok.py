"""TikTok comments: name, words, then an age and "Reply"."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "tiktok",
        (
            Palette(ground=("#ffffff",)),
            Palette(ground=("#121212", "#1e1e1e", "#000000")),
        ),
        words=("add comment", "add comment...", "add a comment for", "liked by creator"),
        shape="rows",
        style="under",
        titled=False,
    )
)
