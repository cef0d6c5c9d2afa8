"""WhatsApp: white and light green, or dark grey and dark green, with the time and ticks in the bubble."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "whatsapp",
        (
            Palette(
                ground=("#efeae2", "#ece5dd", "#e5ddd5", "#f5f1eb"),
                sent=("#d9fdd3", "#dcf8c6", "#e1ffc7", "#d8fdd2"),
                received=("#ffffff",),
            ),
            Palette(
                ground=("#0b141a", "#0d1418", "#101d25", "#161717"),
                sent=("#005c4b", "#144d37", "#056162", "#025d4b"),
                received=("#202c33", "#1f2c33", "#1f2c34", "#262d31", "#242626"),
            ),
        ),
        times="inside",
    )
)
