"""Draw made-up phone screenshots as the apps lay them out, with what each message says, whose it is, and when.

`chats.py` draws the same frame in eighteen colourings for the reading of letters; here it is the furniture that
differs:
status bars, centred and left headers, pills, ticks, names in bubbles, runs of one sender, quotes, calls, comment
threads.
All people and words are invented. Pictures are drawn when they are needed and never kept.
"""

from __future__ import annotations

import html
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.chats import FACES, ICONS, MARK, NAMES, TALK

STATUS = ("9:41", "21:07", "07:55", "3:16", "14:02")
CALLS = ("Missed voice call", "Missed video call", "Missed call", "Voice call", "Video call ended")
DAYS = ("Today", "Yesterday", "Tuesday", "12 March 2024", "Mon 4 Nov", "14/02/2024", "March 3, 2023")


@dataclass(frozen=True)
class Shown:
    """One thing that a person would read: a message, or a line between messages."""

    text: str
    kind: str = "message"  # also "date", "system", "call", "deleted"
    sender: str = ""  # as the screen shows it; empty where it shows none
    sent: bool | None = None
    time: str = ""


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
)  # fmt: skip
RENDERINGS = (  # scale, JPEG quality (0: PNG), shrink, smooth
    (1.0, 0, 1.0, True), (2.0, 0, 1.0, True), (3.0, 0, 1.0, True), (2.0, 60, 1.0, True), (3.0, 75, 0.6, True),
    (3.0, 85, 0.55, False), (2.0, 95, 0.8, False), (1.0, 90, 1.0, True),
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """One screenshot to draw: the page, and what stands on it."""

    name: str
    phone: Phone
    page: str
    conversation: str
    shown: tuple[Shown, ...]
    scale: float = 1.0
    quality: int = 0
    shrink: float = 1.0
    smooth: bool = True
    width: int = 390
    right_to_left: bool = False
    languages: tuple[str, ...] = ("eng",)


def scenes(seeds: range, *, phones: tuple[Phone, ...] = PHONES, count: int = 9) -> Iterator[Scene]:
    """Each look once for each seed; the renderings take turns."""
    for n, phone in enumerate(phones):
        for seed in seeds:
            scale, quality, shrink, smooth = RENDERINGS[(n * 3 + seed) % len(RENDERINGS)]
            name = f"{phone.app} {phone.theme} {seed}"
            yield replace(
                scene(name, phone, seed * 100 + n, count), scale=scale, quality=quality, shrink=shrink, smooth=smooth
            )


def scene(name: str, phone: Phone, seed: int, count: int, words: tuple[str, ...] = (), rtl: bool = False) -> Scene:
    rng = random.Random(seed)
    conversation = rng.choice(NAMES)
    shown = tuple(_conversation(phone, rng, conversation, count, words))
    rng = random.Random(seed)
    draw = {"bubbles": _bubbles, "discord": _discord, "snapchat": _snapchat, "comments": _comments, "boxes": _comments}
    body = draw[phone.shape](phone, shown, rng)
    page = _page(phone, conversation, body, rng, rtl)
    told = conversation if phone.shape in ("bubbles", "snapchat", "discord") else ""
    return Scene(name, phone, page, told, tuple(_told(phone, shown, conversation)), right_to_left=rtl)


def _told(phone: Phone, shown: tuple[Shown, ...], conversation: str) -> Iterator[Shown]:
    """What the screen itself says of each: times that it does not show are not asked for."""
    if phone.shape == "snapchat":  # what one person says in a row stands as one block
        shown = tuple(_blocks(shown))
    for n, one in enumerate(shown):
        after = shown[n + 1] if n + 1 < len(shown) else None
        if phone.times == "last" and after is not None and after.kind == "message" and after.sent == one.sent:
            one = replace(one, time="")
        if phone.times == "none":
            one = replace(one, time="")
        if phone.shape == "snapchat" and one.kind != "message":
            one = replace(one, text=one.text.upper())
        yield one


def _blocks(shown: tuple[Shown, ...]) -> Iterator[Shown]:
    block: Shown | None = None
    for one in shown:
        if block is not None and one.kind == block.kind == "message" and one.sender == block.sender:
            block = replace(block, text=f"{block.text}\n{one.text}")
            continue
        if block is not None:
            yield block
        block = one
    if block is not None:
        yield block


def _conversation(phone: Phone, rng: random.Random, other: str, count: int, lines: tuple[str, ...]) -> Iterator[Shown]:
    words = TALK.split()
    people = rng.sample([name for name in NAMES if name != other], 3) if phone.group else [other]
    clock24 = rng.random() < 0.5
    minute, ours = rng.randrange(600), rng.random() < 0.5
    threads = phone.shape in ("comments", "boxes")
    if not threads:
        yield Shown(_day(phone, rng, minute), "date")
    for n in range(count):
        minute += rng.randrange(1, 40)
        if rng.random() < 0.6:
            ours = not ours
        start = rng.randrange(len(words))
        text = " ".join(words[start : start + rng.choice((1, 2, 3, 5, 8, 13, 21, 30))])
        if lines:
            text = lines[n % len(lines)]
        elif rng.random() < 0.2:
            text += " " + MARK * rng.randrange(1, 4)
        hour = minute // 60 % 24 if clock24 else minute // 60 % 12 or 12
        time = f"{hour:02}:{minute % 60:02}" if clock24 else f"{hour}:{minute % 60:02} {'AP'[minute // 720 % 2]}M"
        sender = rng.choice(people)
        if threads:
            yield Shown(text, "message", rng.choice(NAMES), None, rng.choice(("2h", "5h", "1d", "3w", "14m", "2-14")))
            continue
        if phone.shape == "discord":
            yield Shown(
                text, "message", sender if not ours else "wren_07", None, f"Today at {time}" if clock24 else time
            )
        elif phone.shape == "snapchat":
            yield Shown(text, "message", "ME" if ours else other.upper(), ours)
        else:
            shows = phone.group and not ours
            yield Shown(text, "message", sender if shows else "", ours, time)
        if rng.random() < 0.07 and n + 1 < count:
            yield Shown(rng.choice(CALLS), "call") if rng.random() < 0.4 else Shown(_day(phone, rng, minute), "date")


def _day(phone: Phone, rng: random.Random, minute: int) -> str:
    day = rng.choice(DAYS)
    return (
        f"{day} {minute // 60 % 24:02}:{minute % 60:02}"
        if phone.times in ("none", "last") and phone.shape == "bubbles"
        else day
    )


def _text(said: str, rng: random.Random, size: float) -> str:
    box = f"width:{size * 1.2}px;height:{size * 1.2}px"
    return "".join(
        f"<svg class=e viewBox='0 0 24 24' style='{box}'>{rng.choice(FACES)}</svg>" if c == MARK else html.escape(c)
        for c in said
    )


def _between(one: Shown) -> str:
    return f"<div class=sep><span>{html.escape(one.text)}</span></div>"


TICKS = "<svg class=tk viewBox='0 0 24 16'><path d='M1 9l5 5L16 3M9 12l2 2L22 3'/></svg>"


def _bubbles(phone: Phone, shown: tuple[Shown, ...], rng: random.Random) -> str:
    parts = []
    for n, one in enumerate(shown):
        if one.kind != "message":
            parts.append(_between(one))
            continue
        side = "o" if one.sent else "r"
        before, after = shown[n - 1] if n else None, shown[n + 1] if n + 1 < len(shown) else None
        first = before is None or before.kind != "message" or before.sent != one.sent or before.sender != one.sender
        last = after is None or after.kind != "message" or after.sent != one.sent or after.sender != one.sender
        inside = one.time and phone.times == "inside"
        time = f"<span class=t>{one.time}{TICKS if phone.ticks and one.sent else ''}</span>" if inside else ""
        name = html.escape(one.sender) if one.sender else ""
        above = f"<div class=na>{name}</div>" if name and phone.avatars and first else ""
        colour = f"hsl({sum(map(ord, name)) * 37 % 360} 70% {45 if 'light' in phone.theme else 65}%)"
        top = f"<div class=n style='color:{colour}'>{name}</div>" if name and not phone.avatars else ""
        face = (
            f"<div class=a style='{'' if last else 'visibility:hidden'}'></div>"
            if phone.avatars and not one.sent
            else ""
        )
        bubble = f"<div class=b>{top}{_text(one.text, rng, phone.size)}{time}</div>"
        parts.append(f"{above}<div class='m {side} {'first' if first else ''}'>{face}{bubble}</div>")
        same_side = after is not None and after.kind == "message" and after.sent == one.sent
        if one.time and phone.times == "last" and not same_side:
            tail = " · Sent" if phone.app == "x" and one.sent else ""
            parts.append(f"<div class='below {side}'>{one.time}{tail}</div>")
    return "".join(parts)


def _discord(phone: Phone, shown: tuple[Shown, ...], rng: random.Random) -> str:
    parts = []
    for one in shown:
        if one.kind != "message":
            parts.append(f"<div class=rule><span>{html.escape(one.text)}</span></div>")
            continue
        head = f"<div class=n>{html.escape(one.sender)} <span class=tt>{one.time}</span></div>"
        said = _text(one.text, rng, phone.size)
        parts.append(f"<div class='m r first'><div class=A></div><div class=c>{head}{said}</div></div>")
    return "".join(parts)


def _snapchat(phone: Phone, shown: tuple[Shown, ...], rng: random.Random) -> str:
    parts, before = [], ""
    for one in shown:
        if one.kind != "message":
            parts.append(_between(replace(one, text=one.text.upper())))
            before = ""
            continue
        colour = "#f23c57" if one.sent else "#0eadff"
        name = f"<div class=sn style='color:{colour}'>{html.escape(one.sender)}</div>" if one.sender != before else ""
        parts.append(
            f"{name}<div class=sb style='border-left:2px solid {colour}'>{_text(one.text, rng, phone.size)}</div>"
        )
        before = one.sender
    return "".join(parts)


def _comments(phone: Phone, shown: tuple[Shown, ...], rng: random.Random) -> str:
    parts = []
    for one in shown:
        likes = rng.choice(("", "3", "12", "1,204"))
        if phone.shape == "boxes":
            box = f"<div class=b><div class=n>{html.escape(one.sender)}</div>{_text(one.text, rng, phone.size)}</div>"
            under = f"<div class=u><span>{one.time}</span><b>Like</b><b>Reply</b><span>{likes}</span></div>"
        else:
            box = f"<div class=cn>{html.escape(one.sender)}</div><div>{_text(one.text, rng, phone.size)}</div>"
            under = f"<div class=u><span>{one.time}</span><b>Reply</b></div>"
        heart = (
            ""
            if phone.shape == "boxes"
            else f"<div class=h><svg class=i viewBox='0 0 24 24'>{ICONS[4]}</svg>{likes}</div>"
        )
        parts.append(f"<div class='m r first'><div class=A></div><div class=c>{box}{under}</div>{heart}</div>")
    return "".join(parts)


def _page(phone: Phone, conversation: str, body: str, rng: random.Random, rtl: bool) -> str:
    icon = "<svg class=i viewBox='0 0 24 24'>{}</svg>".format
    bar, bar_ink = phone.bar or phone.ground, phone.bar_ink or phone.ink
    name = html.escape(conversation)
    sub = f"<div class=sub>{phone.subline}</div>" if phone.subline else ""
    head = f"{icon(ICONS[0])}<div class=a></div><div class=h1>{name}{sub}</div>{icon(ICONS[2])}{icon(ICONS[3])}"
    if phone.header == "centred":
        face = "<div class=A style='margin:0 auto 4px'></div>"
        middle = f"<div class=h1 style='text-align:center;font-size:.8em'>{face}{name}</div>"
        head = f"{icon(ICONS[0])}{middle}{icon(ICONS[3])}"
    if phone.shape in ("comments", "boxes"):
        head = f"<div class=h1 style='text-align:center;font-size:.9em'>{rng.randrange(20, 900)} comments</div>"
    status = f"<div class=st><b>{rng.choice(STATUS)}</b><span>{icon(ICONS[1])}5G {rng.randrange(12, 99)}%</span></div>"
    signs = "<svg class=i viewBox='0 0 24 24'><path d='M12 4v16M4 12h16'/></svg>"
    return f"""<!doctype html><meta charset=utf-8><html dir={"rtl" if rtl else "ltr"}><style>
      *{{box-sizing:border-box}} body{{margin:0;background:{phone.ground};color:{phone.ink};min-height:844px;
      font:{phone.size}px/1.3 'Noto Sans','DejaVu Sans',sans-serif}}
      .top{{background:{bar};color:{bar_ink}}} .bar{{display:flex;align-items:center;gap:12px;padding:8px 12px}}
      .st{{display:flex;justify-content:space-between;padding:10px 22px 4px;font-size:14px}} .st
      .i{{width:12px;height:12px}}
      .h1{{flex:1;font-weight:600;font-size:1.05em}} .sub{{font-weight:400;font-size:.75em;opacity:.75}}
      .i{{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2}}
      .e{{vertical-align:-.2em;display:inline-block}}
      .a{{width:28px;height:28px;border-radius:50%;flex:none;background:conic-gradient(#884,#48a,#a46,#884)}}
      .A{{width:38px;height:38px;border-radius:50%;flex:none;background:conic-gradient(#a84,#4aa,#846,#a84)}}
      .sep{{text-align:center;color:{phone.faint};font-size:.78em;margin:14px 0}}
      .sep span{{background:{phone.pill or "none"};padding:{
        "5px 12px" if phone.pill else "0"
    };border-radius:8px;display:inline-block;
        color:{W if phone.pill.startswith("#0000") else phone.faint}}}
      .rule{{border-top:1px solid {phone.faint}55;text-align:center;margin:18px 16px
      8px;font-size:.75em;color:{phone.faint};line-height:0}}
      .rule span{{background:{phone.ground};padding:0 6px}}
      .m{{display:flex;gap:8px;margin:2px 10px;align-items:flex-end}} .m.first{{margin-top:9px}}
      .m.o{{justify-content:flex-end}}
      .b{{max-width:77%;padding:7px
      12px;border-radius:{phone.radius}px;background:{phone.theirs};color:{phone.theirs_ink};overflow-wrap:anywhere}}
      .o .b{{background:{phone.ours};color:{phone.ours_ink}}} .n{{font-weight:600}}
      .na{{font-size:.72em;color:{phone.faint};margin:9px 0 0 58px}}
      .t{{float:inline-end;margin:.55em 0 0 10px;font-size:.7em;opacity:.65;white-space:nowrap}}
      .tk{{width:16px;height:11px;fill:none;
        stroke:currentColor;stroke-width:2;margin-inline-start:4px;vertical-align:-1px}}
      .below{{margin:3px 22px;color:{phone.faint};font-size:.72em}} .below.o{{text-align:end}}
      .tt{{font-weight:400;font-size:.75em;color:{phone.faint};margin-left:6px}} .c{{flex:1;min-width:0}}
      .m:has(.A){{align-items:flex-start}}
      .sn{{font-weight:700;font-size:.8em;margin:12px 12px 2px}} .sb{{margin:0 12px;padding:2px 10px}}
      .c .b{{display:inline-block;max-width:100%;padding:8px 12px}}
      .u{{display:flex;gap:16px;font-size:.78em;color:{phone.faint};margin:3px 0 6px}}
      .cn{{font-size:.85em;color:{phone.faint};font-weight:600}}
      .h{{display:flex;flex-direction:column;align-items:center;font-size:.72em;color:{phone.faint}}}
      .foot{{display:flex;align-items:center;gap:10px;margin:14px 10px;padding-bottom:14px;color:{phone.faint}}}
      .foot div{{flex:1;border:1px solid {phone.faint}66;border-radius:20px;padding:8px 14px}}
      </style><div class=top>{status}<div class=bar>{head}</div></div>{body}<div
      class=foot>{signs}<div>{phone.composer}</div></div></html>"""
