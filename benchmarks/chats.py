"""Draw made-up chats in the look of the apps people send screenshots of, with the truth beside each picture.

Names, handles and messages are invented. The pictures are drawn by the browser when they are needed and never kept.
"""

from __future__ import annotations

import html
import io
import os
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from archiver.browser.find import find_browser

MARK = "□"  # stands in the truth where the picture has an emoji, a sticker or a badge


@dataclass(frozen=True)
class Look:
    """One app's colours and habits in one theme."""

    app: str
    theme: str
    ground: str  # CSS background behind the messages
    ink: str  # names, separators and text that is in no bubble
    faint: str  # times and other small print
    theirs: str  # background of a received bubble
    theirs_ink: str
    ours: str
    ours_ink: str
    bar: str  # background of the bar on top
    radius: int = 18
    size: int = 16  # CSS pixels
    font: str = "Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
    times: str = "inside"  # "inside" the bubble, "below" it, "beside" the name, or "none"
    names: bool = False
    avatars: bool = False
    bubbles: bool = True


INTER = "Inter, 'SF Pro Text', 'Open Sans', 'DejaVu Sans', sans-serif"
SEGOE = "'Open Sans', 'Segoe UI', 'DejaVu Sans', sans-serif"
ARIAL = "'Liberation Sans', Arial, Helvetica, 'DejaVu Sans', sans-serif"
LATO = "Lato, 'DejaVu Sans', sans-serif"
DOODLES = (
    "url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='90' height='90' fill='none' "
    "stroke='{}' stroke-width='1.5'%3E%3Ccircle cx='20' cy='22' r='9'/%3E%3Cpath d='M50 12l14 8-4 14-12-6zM12 60"
    "q10-14 22 0t20-2M66 52h16v14H66zM70 84l8-12 8 10'/%3E%3C/svg%3E\"), {}"
)
LOOKS = (
    Look("whatsapp", "light", DOODLES.format("%23ddd3c8", "#efeae2"), "#111b21", "#667781", "#ffffff", "#111b21",
         "#d9fdd3", "#111b21", "#008069", 9, 15),
    Look("whatsapp", "dark", DOODLES.format("%23152028", "#0b141a"), "#e9edef", "#8696a0", "#202c33", "#e9edef",
         "#005c4b", "#e9edef", "#202c33", 9, 15),
    Look("instagram", "light", "#ffffff", "#000000", "#737373", "#efefef", "#000000",
         "linear-gradient(#a033ff,#0095f6)", "#ffffff", "#ffffff", 20, 15, INTER, "none", avatars=True),
    Look("instagram", "dark", "#000000", "#f5f5f5", "#a8a8a8", "#262626", "#f5f5f5",
         "linear-gradient(#a033ff,#3797f0)", "#ffffff", "#000000", 20, 15, INTER, "none", avatars=True),
    Look("messenger", "light", "#ffffff", "#050505", "#65676b", "#e4e6eb", "#050505", "#0084ff", "#ffffff",
         "#ffffff", 18, 15, SEGOE, "none", avatars=True),
    Look("messenger", "dark", "#000000", "#e4e6eb", "#b0b3b8", "#303030", "#e4e6eb", "#0084ff", "#ffffff",
         "#1c1c1d", 18, 15, SEGOE, "none", avatars=True),
    Look("imessage", "light", "#ffffff", "#000000", "#8e8e93", "#e9e9eb", "#000000", "#0a84ff", "#ffffff",
         "#f6f6f6", 18, 17, INTER, "none"),
    Look("imessage", "dark", "#000000", "#ffffff", "#8e8e93", "#26252a", "#ffffff", "#34c759", "#ffffff",
         "#161617", 18, 17, INTER, "none"),
    Look("sms", "light", "#fdfbff", "#1b1b1f", "#5f6368", "#e8eaf6", "#1b1b1f", "#0b57d0", "#ffffff", "#fdfbff",
         20, 16, times="below"),
    Look("telegram", "light", "linear-gradient(135deg,#dbddbb,#6ba587,#d5d88d)", "#000000", "#4e6b4c", "#ffffff",
         "#000000", "#effdde", "#000000", "#ffffff", 14, 16),
    Look("telegram", "dark", "#0e1621", "#f5f5f5", "#6d7f8f", "#182533", "#f5f5f5", "#2b5278", "#ffffff", "#17212b",
         14, 16),
    Look("signal", "light", "#ffffff", "#1b1b1b", "#6e6e6e", "#e9e9e9", "#1b1b1b", "#2c6bed", "#ffffff", "#ffffff",
         18, 15, INTER, "inside"),
    Look("snapchat", "light", "#ffffff", "#16191c", "#9b9fa3", "none", "#16191c", "none", "#16191c", "#ffffff",
         0, 15, LATO, "none", names=True, bubbles=False),
    Look("discord", "dark", "#313338", "#f2f3f5", "#949ba4", "none", "#dbdee1", "none", "#dbdee1", "#313338",
         0, 16, SEGOE, "beside", names=True, avatars=True, bubbles=False),
    Look("x", "dark", "#000000", "#e7e9ea", "#71767b", "#2f3336", "#e7e9ea", "#1d9bf0", "#ffffff", "#000000",
         20, 15, INTER, "below"),
    Look("tiktok", "light", "#ffffff", "#161823", "#8a8b91", "none", "#161823", "none", "#161823", "#ffffff", 0, 14,
         ARIAL, "below", names=True, avatars=True, bubbles=False),
    Look("facebook", "light", "#ffffff", "#050505", "#65676b", "#f0f2f5", "#050505", "#f0f2f5", "#050505", "#ffffff",
         16, 14, ARIAL, "below", names=True, avatars=True),
    Look("dating", "light", "#ffffff", "#21262e", "#999999", "#f1f1f4", "#21262e", "#fd5068", "#ffffff", "#ffffff",
         12, 16, LATO, "below"),
)  # fmt: skip

ARTICLE = Look("article", "light", "#ffffff", "#1b1b1b", "#6b6b6b", "", "", "", "", "")
TALK = """I know where you park now and who picks you up after work. Answer me when I write to you! You changed your
number again, did you think that would help? Everyone will see what you sent me. I was outside on Tuesday at
7:45 and your light was on. Tell your sister to stop lying about me. This is the last time that I ask nicely.
Why did you block me on the other account? I only want to talk for five minutes. Fine, then I will come to the
office and wait at the front door. You owe me £120 and an apology. Nobody believes a word you say. I've got the
photos from 14/02/2023, don't forget that... Check www.example.org/p/8841 before you go to bed. OK. No. Stop. k.
Lol, sure :) It's your own fault anyway; my mate Kev saw you "by accident" at the gym (the new one). Please
leave me alone. Do not contact me again. Call me back on 07700 900123 or else. You'll be sorry & so will he.
#liar @quill.heron I can wait. 100% serious"""
NAMES = ("Marlow Quill", "Tess Ardwick", "Jonah Pike", "Ivy Lorne", "Unknown number", "Rook", "dana_w_88")
# Made-up lines in other scripts: class -> (languages for Tesseract, right to left, lines). Chinese, Japanese and Korean
# are not drawn: most machines that run this have no letters for them.
SCRIPTS = {
    "accents": (("eng",), False, ("Façade déjà vu, naïve café", "Straße über Öl, jeß", "¿Dónde estás? ¡Mañana!")),
    "arabic": (("ara",), True, ("أعرف أين تعمل الآن", "لماذا لا تجيب على رسائلي", "سوف أنتظر أمام الباب")),
    "cyrillic": (("rus",), False, ("Я знаю, где ты работаешь", "Почему ты не отвечаешь", "Я буду ждать у двери")),
    "greek": (("ell",), False, ("Ξέρω πού δουλεύεις", "Γιατί δεν απαντάς", "Θα περιμένω στην πόρτα")),
    "devanagari": (("hin",), False, ("मुझे पता है तुम कहाँ हो", "तुम जवाब क्यों नहीं देते", "मैं बाहर इंतज़ार करूँगा")),
}
FACES = (
    "<circle cx='12' cy='12' r='11' fill='#ffcc33'/><circle cx='8' cy='9' r='1.8' fill='#553300'/><circle cx='16' "
    "cy='9' r='1.8' fill='#553300'/><path d='M6 14q6 7 12 0z' fill='#aa2200'/>",
    "<path d='M12 21C-4 10 6 0 12 7c6-7 16 3 0 14z' fill='#e0245e'/>",
    "<path d='M12 1c5 6 8 9 8 14a8 8 0 0 1-16 0c0-4 3-5 4-9 3 3 4 2 4-5z' fill='#ff7722'/><path d='M12 12c3 3 4 5 3 7"
    "a3 3 0 0 1-6 0c0-2 2-3 3-7z' fill='#ffdd55'/>",
)
ICONS = (
    "<path d='M15 4l-8 8 8 8'/>",
    "<circle cx='11' cy='11' r='7'/><path d='M16 16l6 6'/>",
    "<path d='M5 4h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2z'/>",
    "<rect x='2' y='6' width='14' height='12' rx='2'/><path d='M16 10l6-4v12l-6-4z'/>",
    "<path d='M12 20C-3 10 6 1 12 7c6-6 15 3 0 13z'/>",
    "<path d='M4 4h16v12H9l-5 4z'/>",
)


@dataclass(frozen=True)
class Said:
    """One message of a made-up chat."""

    sender: str
    ours: bool
    text: str  # with MARK where an emoji stands
    time: str  # as shown, "" where the app shows none


@dataclass(frozen=True)
class Case:
    """One picture to draw."""

    name: str
    kind: str  # the class it is scored in
    look: Look
    said: tuple[Said | str, ...]  # a plain string is a separator
    width: int = 390  # CSS pixels
    scale: float = 1.0
    quality: int = 0  # JPEG; 0 is PNG
    shrink: float = 1.0  # sent on by an app that makes pictures smaller
    smooth: bool = True  # how: Lanczos, or bilinear
    languages: tuple[str, ...] = ("eng",)
    right_to_left: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Drawn:
    case: Case
    picture: bytes
    truth: str  # all text in reading order, a line a line of the layout's blocks


def talk(seed: int, look: Look, count: int, lines: tuple[str, ...] = ()) -> tuple[Said | str, ...]:
    """A conversation of made-up messages; the same for the same seed."""
    rng = random.Random(seed)
    other, words = rng.choice(NAMES), TALK.split()
    said: list[Said | str] = [rng.choice(("Today", "Yesterday", "Tuesday", "12 March 2024", "Mon 4 Nov"))]
    minute = rng.randrange(600)
    for n in range(count):
        minute += rng.randrange(1, 40)
        start = rng.randrange(len(words))
        chosen = words[start : start + rng.choice((1, 2, 3, 5, 8, 13, 21, 30))]
        text = lines[n % len(lines)] if lines else " ".join(chosen)
        if rng.random() < 0.25:
            text += " " + MARK * rng.randrange(1, 4)
        shown = (
            f"{minute // 60 % 24:02}:{minute % 60:02}" if seed % 2 else f"{minute // 60 % 12 + 1}:{minute % 60:02} PM"
        )
        ours = rng.random() < 0.4
        said.append(Said("Me" if ours else other, ours, text, "" if look.times == "none" else shown))
        if rng.random() < 0.06:
            said.append(rng.choice(("Missed voice call", "Yesterday", "Wed, 6 Nov, 09:15")))
    return tuple(said)


def cases(*, quick: bool = False) -> Iterator[Case]:
    """Every class of picture. `quick` gives a few of each app, for the suite."""
    for n, look in enumerate(LOOKS):
        base = Case(f"{look.app}-{look.theme}", f"{look.app} {look.theme}", look, talk(n, look, 9), seed=n)
        if quick:
            yield replace(base, scale=(1, 2, 3)[n % 3], quality=(0, 85, 70)[n % 3])
            continue
        for scale in (1, 2, 3):
            yield replace(base, name=f"{base.name}-{scale}x", scale=scale, said=talk(n + 100 * scale, look, 9))
        yield replace(base, name=f"{base.name}-jpeg60", scale=2, quality=60, said=talk(n + 400, look, 9))
        yield replace(
            base, name=f"{base.name}-jpeg80-small", scale=3, quality=80, shrink=0.55, said=talk(n + 500, look, 9)
        )
        yield replace(
            base,
            name=f"{base.name}-bilinear",
            scale=2,
            quality=90,
            shrink=0.7,
            smooth=False,
            said=talk(n + 600, look, 9),
        )
    for n, (script, (languages, rtl, lines)) in enumerate(SCRIPTS.items()):
        look = LOOKS[n % 4]
        yield Case(script, script, look, talk(n + 700, look, 3, lines), scale=2, languages=languages, right_to_left=rtl)
    for theme, look in (
        ("light", ARTICLE),
        ("dark", replace(ARTICLE, ground="#15202b", ink="#e7e9ea", faint="#8b98a5")),
    ):
        said = tuple(s if isinstance(s, str) else replace(s, text=s.text.replace(MARK, "")) for s in talk(9, look, 110))
        yield Case(f"long-page-{theme}", "long page", look, said, width=1280)
    for n, look in enumerate((LOOKS[0], LOOKS[3], LOOKS[13])):
        yield Case(f"long-{look.app}", "long chat", look, talk(n + 800, look, 40 if quick else 120), scale=2)


def _text(said: str, rng: random.Random, size: float) -> str:
    def face() -> str:
        box = f"width:{size * 1.2}px;height:{size * 1.2}px"
        return f"<svg class=e viewBox='0 0 24 24' style='{box}'>{rng.choice(FACES)}</svg>"

    return "".join(face() if character == MARK else html.escape(character) for character in said)


def article_of(case: Case) -> str:
    """The same words as a long page of plain text: a heading, paragraphs, small print between them."""
    parts = (
        f"<h2>{html.escape(s)}</h2>"
        if isinstance(s, str)
        else f"<p>{html.escape(s.text)}</p><small>{html.escape(s.sender)} {html.escape(s.time)}</small>"
        for s in case.said
    )
    style = f"body{{margin:40px 200px;color:{case.look.ink};background:{case.look.ground};font:{case.look.size}px/1.5 "
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}{case.look.font}}} small{{color:{case.look.faint}}}</style>"
        + "".join(parts)
    )


def page_of(case: Case) -> str:
    """The chat as one HTML page."""
    look, rng = case.look, random.Random(case.seed)
    other = next((s.sender for s in case.said if isinstance(s, Said) and not s.ours), NAMES[0])
    body = "".join(_separator(s) if isinstance(s, str) else _message(s, look, rng) for s in case.said)
    icon = "<svg class=i viewBox='0 0 24 24'>{}</svg>".format
    bar_ink = "#ffffff" if look.bar in ("#008069",) else look.ink
    direction = "rtl" if case.right_to_left else "ltr"
    return f"""<!doctype html><meta charset=utf-8><html dir={direction}><style>
      *{{box-sizing:border-box}} body{{margin:0;background:{look.ground};color:{look.ink};
      font:{look.size}px/1.3 {look.font}}}
      .bar{{display:flex;align-items:center;gap:12px;padding:12px;background:{look.bar};color:{bar_ink}}}
      .bar b{{flex:1;font-size:1.1em}} .i{{width:22px;height:22px;fill:none;stroke:currentColor;stroke-width:2}}
      .e{{vertical-align:-.2em;display:inline-block}}
      .a{{width:28px;height:28px;border-radius:50%;flex:none;background:conic-gradient(#884,#48a,#a46,#884)}}
      .sep{{text-align:center;color:{look.faint};font-size:.78em;margin:14px 0}}
      .m{{display:flex;gap:8px;margin:6px 10px;align-items:{"flex-start" if look.names else "flex-end"}}}
      .m.o{{justify-content:{"flex-start" if not look.bubbles else "flex-end"}}}
      .b{{max-width:76%;padding:{"7px 12px" if look.bubbles else "0"};border-radius:{look.radius}px;
         background:{look.theirs};color:{look.theirs_ink};overflow-wrap:break-word}}
      .o .b{{background:{look.ours};color:{look.ours_ink}}}
      .n{{font-weight:600;color:{look.ink}}} .t{{color:{look.faint};font-size:.7em}}
      .b .t{{color:inherit;opacity:.6;margin-inline-start:8px;float:inline-end;margin-top:.5em}}
      .below{{margin:0 14px;color:{look.faint};font-size:.7em}} .below.o{{text-align:end}}
      .foot{{margin:14px 10px;padding:9px 14px;border:1px solid {look.faint};border-radius:20px;color:{look.faint}}}
      </style><div class=bar>{icon(ICONS[0])}<div class=a></div>
      <b>{html.escape(other)}</b>{icon(ICONS[2])}{icon(ICONS[3])}</div>
      {body}<div class=foot>Message…</div></html>"""


def _separator(text: str) -> str:
    return f"<div class=sep>{html.escape(text)}</div>"


def _message(said: Said, look: Look, rng: random.Random) -> str:
    side = "o" if said.ours else ""
    text = _text(said.text, rng, look.size)
    time = html.escape(said.time)
    inside = f"<span class=t>{time}</span>" if look.times == "inside" and time else ""
    below = f"<div class='below {side}'>{time}</div>" if look.times == "below" and time else ""
    beside = f" <span class=t style='float:none;margin:0 6px'>{time}</span>" if look.times == "beside" and time else ""
    name = f"<div class=n>{html.escape(said.sender)}{beside}</div>" if look.names else ""
    avatar = "<div class=a></div>" if look.avatars and not (said.ours and look.bubbles) else ""
    return f"<div class='m {side}'>{avatar}<div class=b>{name}{text}{inside}</div></div>{below}"


def truth_of(case: Case) -> str:
    """What a person would read, from top to bottom."""
    if case.look.app == "article":
        return "\n".join(s if isinstance(s, str) else f"{s.text}\n{s.sender} {s.time}" for s in case.said)
    other = next((s.sender for s in case.said if isinstance(s, Said) and not s.ours), NAMES[0])
    lines = [other]
    for said in case.said:
        if isinstance(said, str):
            lines.append(said)
            continue
        if case.look.names:
            lines.append(f"{said.sender} {said.time}" if case.look.times == "beside" else said.sender)
        lines.append(said.text)
        if said.time and case.look.times in ("inside", "below"):
            lines.append(said.time)
    return "\n".join([*lines, "Message…"])


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The browser that the program itself would use; it opens made-up pages only and asks for nothing."""
    unboxed = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().path, args=unboxed)
        try:
            yield browser
        finally:
            browser.close()


def drawn(browser: Browser, chosen: Iterable[Case]) -> Iterator[Drawn]:
    """Each case as the browser paints it, then as a phone or an app would have saved it."""
    for case in chosen:
        context = browser.new_context(viewport={"width": case.width, "height": 844}, device_scale_factor=case.scale)
        page = context.new_page()
        page.set_content(article_of(case) if case.look.app == "article" else page_of(case))
        picture = page.screenshot(full_page=True)
        context.close()
        kept = saved(picture, quality=case.quality, shrink=case.shrink, smooth=case.smooth)
        yield Drawn(case, kept, truth_of(case))


def saved(picture: bytes, *, quality: int, shrink: float, smooth: bool) -> bytes:
    """The picture as a phone or an app would have saved it: JPEG of some quality, made smaller in one of two ways."""
    if not quality and shrink == 1:
        return picture
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if shrink != 1:
        size = (round(image.width * shrink), round(image.height * shrink))
        image = image.resize(size, Image.Resampling.LANCZOS if smooth else Image.Resampling.BILINEAR)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality or 90)
    return data.getvalue()
