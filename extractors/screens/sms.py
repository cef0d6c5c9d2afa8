"""Text messages in Google Messages and apps like it: the time stands under the last bubble."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "sms",
        (
            Palette(
                ground=("#ffffff", "#fdfbff", "#f8fafd", "#fafafa"),
                sent=("#0b57d0", "#1a73e8", "#d3e3fd", "#c2e7ff", "#4285f4"),
                received=("#f0f4f9", "#e8eaf6", "#eceff4", "#f1f3f4", "#e9eef6"),
            ),
            Palette(
                ground=("#131314", "#202124", "#1f1f1f", "#000000"),
                sent=("#7fcfff", "#004a77", "#8ab4f8", "#a8c7fa", "#0842a0"),
                received=("#303030", "#303134", "#28292a", "#3c4043"),
            ),
        ),
        words=("text message", "rcs message", "text message · sms", "text (sms/mms)"),
        times="none",
    )
)
