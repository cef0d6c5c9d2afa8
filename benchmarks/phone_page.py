"""The HTML of a made-up phone screenshot."""

from __future__ import annotations

import html
import random
from dataclasses import replace

from benchmarks.chats import FACES, ICONS, MARK
from benchmarks.phones import Phone, Shown, W

STATUS = ("9:41", "21:07", "07:55", "3:16", "14:02")


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
        if one.sent is None:
            parts.append(_between(one))
            continue
        side = "o" if one.sent else "r"
        before, after = shown[n - 1] if n else None, shown[n + 1] if n + 1 < len(shown) else None
        first = before is None or before.kind != "message" or before.sent != one.sent or before.sender != one.sender
        last = after is None or after.kind != "message" or after.sent != one.sent or after.sender != one.sender
        inside = one.time and phone.times == "inside"
        edited = "Edited " if one.beside == "edited" else ""
        time = f"<span class=t>{edited}{one.time}{TICKS if phone.ticks and one.sent else ''}</span>" if inside else ""
        name = html.escape(one.sender) if one.sender else ""
        above = f"<div class=na>{name}</div>" if name and phone.avatars and first else ""
        colour = f"hsl({sum(map(ord, name)) * 37 % 360} 70% {45 if 'light' in phone.theme else 65}%)"
        top = f"<div class=n style='color:{colour}'>{name}</div>" if name and not phone.avatars else ""
        face = (
            f"<div class=a style='{'' if last else 'visibility:hidden'}'></div>"
            if phone.avatars and not one.sent
            else ""
        )
        said = f"<i>{html.escape(one.text)}</i>" if one.kind == "deleted" else _text(one.text, rng, phone.size)
        bubble = f"<div class=b>{top}{_quote(one)}{_drawn(one)}{said}{time}</div>"
        parts.append(f"{above}<div class='m {side} {'first' if first else ''}'>{face}{bubble}</div>")
        if one.beside == "reaction":
            count = rng.choice(("", "2", "14"))
            hidden = "<div class=a style='visibility:hidden'></div>" if phone.avatars and not one.sent else ""
            parts.append(f"<div class='m {side} re'>{hidden}<span>{_text(MARK, rng, 12)} {count}</span></div>")
        if edited and phone.times == "none":
            parts.append(f"<div class='below {side}'>Edited</div>")
        same_side = after is not None and after.kind == "message" and after.sent == one.sent
        if one.time and phone.times == "last" and not same_side:
            tail = " · Sent" if phone.app == "x" and one.sent else ""
            parts.append(f"<div class='below {side}'>{one.time}{tail}</div>")
    return "".join(parts)


def _quote(one: Shown) -> str:
    return f"<div class=q><b>Rook</b><br>{html.escape(one.quote)}</div>" if one.quote else ""


def _drawn(one: Shown) -> str:
    """A photograph, or the bars of a voice message."""
    if one.beside == "picture":
        return "<div class=ph></div>"
    if one.beside == "voice":
        bars = "".join(
            f"<rect x='{n * 5}' y='{12 - (n * 7) % 11}' width='2' height='{(n * 14) % 22 + 2}'/>" for n in range(24)
        )
        play = "<path d='M2 2l14 9-14 9z'/>"
        return f"<svg class=vo viewBox='0 0 150 24'>{play}<g transform='translate(26 0)'>{bars}</g></svg> "
    return ""


def _discord(phone: Phone, shown: tuple[Shown, ...], rng: random.Random) -> str:
    parts = []
    for one in shown:
        if one.kind != "message":
            parts.append(f"<div class=rule><span>{html.escape(one.text)}</span></div>")
            continue
        head = f"<div class=n>{html.escape(one.sender)} <span class=tt>{one.time}</span></div>"
        said = _text(one.text, rng, phone.size)
        if one.beside == "edited":
            said += " <span class=tt>(edited)</span>"
        if one.quote:
            parts.append(f"<div class='tt rq'>Replying to @rook: {html.escape(one.quote)}</div>")
        parts.append(f"<div class='m r first'><div class=A></div><div class=c>{head}{said}</div></div>")
        if one.beside == "reaction":
            parts.append(f"<div class='re rq'><span>{_text(MARK, rng, 14)} 2</span></div>")
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


SHAPES = {"bubbles": _bubbles, "discord": _discord, "snapchat": _snapchat, "comments": _comments, "boxes": _comments}


def page_of(
    phone: Phone, conversation: str, shown: tuple[Shown, ...], rng: random.Random, *, rtl: bool, draft: str = ""
) -> str:
    """A screenshot's page, to be drawn by a browser. A `draft` stands in the field for writing, a keyboard under it."""
    body = SHAPES[phone.shape](phone, shown, rng)
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
      .q{{background:#8884;border-inline-start:3px solid {
        phone.faint
    };border-radius:6px;padding:4px 8px;margin:2px 0 5px;
      font-size:.85em}}
      .ph{{width:200px;height:120px;border-radius:8px;margin:2px 0 6px;
      background:radial-gradient(circle at 70% 30%,#fd9 0 14%,#0000 15%),linear-gradient(#48b 0 40%,#274 60%,#132)}}
      .vo{{width:150px;height:24px;fill:{phone.faint};vertical-align:-6px}}
      .re{{margin-top:-7px}} .re span{{background:{phone.theirs if phone.theirs != "none" else phone.ground};
      border:2px solid {phone.ground.split(",")[-1].split(")")[0] if "(" in phone.ground else phone.ground};
      border-radius:12px;padding:1px 7px;font-size:12px;margin:0 8px}}
      .rq{{margin:4px 0 0 60px}} .kb{{background:{phone.faint}44;padding:6px 3px;font-size:20px;text-align:center}}
      .kb div{{display:flex;gap:5px;justify-content:center;margin:9px 0}}
      .kb span{{width:32px;padding:8px 0;border-radius:5px;background:{phone.ground if "(" not in phone.ground else W}}}
      </style><div class=top>{status}<div class=bar>{head}</div></div>{body}<div
      class=foot>{signs}<div>{html.escape(draft) or phone.composer}</div></div>{_keyboard() if draft else ""}</html>"""


def _keyboard() -> str:
    rows = ("".join(f"<span>{key}</span>" for key in row) for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    return f"<div class=kb>{''.join(f'<div>{row}</div>' for row in rows)}</div>"
