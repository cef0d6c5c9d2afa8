"""How apps lay out their screens on a phone, one `Phone` for each look, and what a person would read there.

`chats.py` draws the same frame in eighteen colourings for the reading of letters; here it is the furniture that
differs: status bars, centred and left headers, pills, ticks, names in bubbles, runs of one sender, comment threads.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """One thing that a person would read: a message, or a line between messages."""

    text: str
    kind: str = "message"  # also "date", "system", "call", "deleted"
    sender: str = ""  # as the screen shows it; empty where it shows none
    sent: bool | None = None
    time: str = ""
    quote: str = ""  # what it answers, as the screen repeats it over it
    beside: str = ""  # what else is drawn with it: "reaction", "edited", "picture", "voice"


@dataclass(frozen=True)
class Phone:
    """How one app lays its screen out in one theme."""

    app: str
    theme: str
    ground: str
    ink: str
    faint: str
    theirs: str = "none"
    theirs_ink: str = "inherit"
    ours: str = "none"
    ours_ink: str = "inherit"
    bar: str = ""
    bar_ink: str = ""
    times: str = "inside"  # "inside", "below", "beside", "last" (under the last one), "none"
    header: str = "left"  # or "centred": the name in the middle, a picture over it
    subline: str = ""  # under the name: "online"
    composer: str = "Message"
    pill: str = ""  # background of date lines; empty: plain words
    ticks: bool = False
    avatars: bool = False
    group: bool = False  # several people, each named
    shape: str = "bubbles"  # or "discord", "snapchat", "comments", "boxes" (comments in boxes)
    radius: int = 18
    size: int = 16
    held: bool = False  # was not looked at while the readers were made


W, B = "#ffffff", "#000000"
PHONES = (
    Phone("whatsapp", "dark", "#0b141a", "#e9edef", "#8696a0", "#202c33", "#e9edef", "#005c4b", "#e9edef", "#0b141a",
          subline="online", pill="#182229", ticks=True, radius=10),
    Phone("whatsapp", "light", "#efeae2", "#111b21", "#667781", W, "#111b21", "#d9fdd3", "#111b21", W,
          subline="last seen today at 10:21",
          pill=W, ticks=True, radius=10, size=15),
    Phone("whatsapp", "light group", "#efeae2", "#111b21", "#667781", W, "#111b21", "#d9fdd3", "#111b21", "#008069", W,
          subline="Ivy, Jonah, Rook, You", pill=W, ticks=True, group=True, radius=10, held=True),
    Phone("imessage", "light", W, B, "#8e8e93", "#e9e9eb", B, "#0a84ff", W, "#f6f6f6", times="none", header="centred",
          composer="iMessage", size=17),
    Phone("imessage", "dark", B, W, "#8e8e93", "#26252a", W, "#0a84ff", W, "#161617", times="none", header="centred",
          composer="iMessage", size=17, held=True),
    Phone("sms", "dark", "#131314", "#e3e3e3", "#c4c7c5", "#303030", "#e3e3e3", "#7fcfff", "#001f2a", "#131314",
          times="last",
          composer="Text message", radius=20),
    Phone("sms", "light", W, "#1f1f1f", "#444746", "#f0f4f9", "#1f1f1f", "#0b57d0", W, W, times="last",
          composer="Text message", radius=20, held=True),
    Phone("messenger", "light", W, "#050505", "#65676b", "#f0f0f0", "#050505", "#0a7cff", W, W, times="none",
          subline="Active 5m ago",
          composer="Aa", avatars=True, size=15),
    Phone("messenger", "dark", B, "#e4e6eb", "#b0b3b8", "#303030", "#e4e6eb", "#0a7cff", W, B, times="none",
          subline="Active now",
          composer="Aa", avatars=True, group=True, size=15, held=True),
    Phone("instagram", "dark", B, "#f5f5f5", "#a8a8a8", "#262626", "#f5f5f5", "#6b4bff", W, B, times="none",
          subline="quill.heron", composer="Message...", avatars=True, size=15),
    Phone("instagram", "light", W, B, "#737373", "#efefef", B, "#5b5fff", W, W, times="none", subline="Active 2h ago",
          composer="Message...", avatars=True, size=15, held=True),
    Phone("telegram", "light", "linear-gradient(160deg,#dbddbb,#88b884,#d5d88d)", B, "#3f5b42", W, B, "#effdde", B, W,
          subline="last seen recently", pill="#00000055", ticks=True, radius=15),
    Phone("telegram", "dark", "#0e1621", "#f5f5f5", "#8da2b5", "#182533", "#f5f5f5", "#2b5278", W, "#17212b",
          subline="online", pill="#1e2c3a", ticks=True, radius=15, held=True),
    Phone("signal", "dark", "#121212", "#e9e9e9", "#b9b9b9", "#3b3b3b", "#e9e9e9", "#2c6bed", W, "#121212",
          composer="Signal message", ticks=True),
    Phone("signal", "light", W, "#1b1b1b", "#5e5e5e", "#e9e9e9", "#1b1b1b", "#2c6bed", W, W, composer="Signal message",
          ticks=True, group=True, held=True),
    Phone("x", "light", W, "#0f1419", "#536471", "#eff3f4", "#0f1419", "#1d9bf0", W, W, times="last",
          subline="@quill_heron",
          composer="Start a message"),
    Phone("x", "dark", B, "#e7e9ea", "#71767b", "#2f3336", "#e7e9ea", "#1d9bf0", W, B, times="last",
          subline="@quill_heron",
          composer="Start a message", held=True),
    Phone("tinder", "light", W, "#21262e", "#7c8591", "#e9eaee", "#21262e", "#116df9", W, W, times="none",
          header="centred",
          composer="Type a message"),
    Phone("bumble", "light", W, "#1d1d1d", "#767676", "#f3f3f3", "#1d1d1d", "#ffe8a3", "#1d1d1d", W, times="none",
          header="centred", composer="Aa", held=True),
    Phone("hinge", "light", W, "#1a1a1a", "#7a7a7a", "#f2f2f2", "#1a1a1a", "#6e2b62", W, W, times="none",
          composer="Send a message", held=True),
    Phone("snapchat", "light", W, "#16191c", "#8d9196", shape="snapchat", times="none", composer="Send a chat",
          size=15),
    Phone("snapchat", "dark", "#121212", "#dedede", "#868686", shape="snapchat", times="none",
          composer="Send a chat", size=15,
          held=True),
    Phone("discord", "dark", "#313338", "#dbdee1", "#949ba4", shape="discord", times="beside",
          composer="Message @quill"),
    Phone("discord", "light", W, "#313338", "#5c5e66", shape="discord", times="beside", composer="Message #general",
          held=True),
    Phone("tiktok", "light", W, "#161823", "#8a8b91", shape="comments", composer="Add comment...", size=15),
    Phone("tiktok", "dark", "#121212", "#e8e8e8", "#8a8b91", shape="comments", composer="Add comment...", size=15,
          held=True),
    Phone("facebook", "light", W, "#050505", "#65676b", "#f0f2f5", "#050505", shape="boxes",
          composer="Write a comment...", size=15),
    Phone("facebook", "dark", "#242526", "#e4e6eb", "#b0b3b8", "#3a3b3c", "#e4e6eb", shape="boxes",
          composer="Write a comment...", size=15, held=True),
    Phone("threema", "light", "#f2f2f2", "#101010", "#6a6a6a", W, "#101010", "#c8e6c9", "#101010", "#f2f2f2",
          subline="", composer="Write a message", ticks=True, radius=8, held=True),
    Phone("telegram", "dark group", "#0e1621", "#f5f5f5", "#8da2b5", "#182533", "#f5f5f5", "#2b5278", W, "#17212b",
          subline="4 members, 2 online", pill="#1e2c3a", ticks=True, group=True, radius=15),
    Phone("instagram", "light group", W, B, "#737373", "#efefef", B, "#5b5fff", W, W, times="none",
          subline="Rook, Ivy, Tess", composer="Message...", avatars=True, group=True, size=15),
    Phone("bumble", "dark", "#1d1d1d", W, "#9a9a9a", "#333333", W, "#ffc629", "#1d1d1d", "#1d1d1d", times="none",
          header="centred", composer="Aa"),
    Phone("tinder", "dark", "#111418", W, "#b9bfc8", "#21262e", W, "#116df9", W, "#111418", times="none",
          header="centred", composer="Type a message", held=True),
)  # fmt: skip
