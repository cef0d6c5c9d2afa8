"""Facebook comments: name and words in a box, then an age, "Like" and "Reply"."""

from __future__ import annotations

from extractors.screen_apps import Habits, Palette, reader

READER = reader(
    Habits(
        "facebook",
        (
            Palette(ground=("#ffffff",), received=("#f0f2f5", "#f2f3f5"), sent=("#f0f2f5", "#f2f3f5")),
            Palette(ground=("#242526", "#18191a", "#252728"), received=("#3a3b3c", "#333334"), sent=("#3a3b3c",)),
        ),
        words=("write a comment", "most relevant", "all comments"),
        shape="either",
        style="under",
        titled=False,
        names=True,
        sides=False,
        times="none",
    )
)
