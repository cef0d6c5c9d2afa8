"""iMessage: blue, green or grey bubbles under a name in the middle of the bar; times stand between."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "imessage",
        (
            Palette(
                ground=("#ffffff",),
                sent=("#0a84ff", "#007aff", "#0b93f6", "#1982fc", "#34c759", "#30d158", "#35c759"),
                received=("#e9e9eb", "#e5e5ea", "#e6e5eb"),
            ),
            Palette(
                ground=("#000000",),
                sent=("#0a84ff", "#0b84fe", "#34c759", "#30d158"),
                received=("#26252a", "#26262a", "#3b3b3d", "#262628"),
            ),
        ),
        words=("imessage",),
        times="none",
    )
)
