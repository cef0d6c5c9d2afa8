"""Made-up conversations on made-up phones, and what each screenshot of them says.

All people and words are invented. Pictures are drawn when they are needed and never kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.chats import MARK, NAMES, TALK
from benchmarks.phone_page import page_of
from benchmarks.phones import PHONES, Phone, Shown

# Other scripts: class -> (languages for Tesseract, right to left, made-up lines); Latin words and figures among them
SCRIPTS = {
    "arabic": (("ara",), True, ("أعرف أين تعمل الآن", "لماذا لا تجيب على رسائلي", "انتظرك عند Cafe Rook الساعة 7:45",
               "OK", "سوف أنتظر أمام الباب حتى تخرج من العمل مساء اليوم")),
    "hebrew": (("heb",), True, ("אני יודע איפה את עובדת", "למה את לא עונה לי", "ראיתי אותך ב Tesco אתמול", "OK",
               "אני אחכה ליד הדלת עד שתצאי מהעבודה הערב")),
    "cyrillic": (("rus",), False, ("Я знаю, где ты работаешь", "Почему ты не отвечаешь", "Нет",
                 "Я буду ждать у двери OK")),
    "greek": (("ell",), False, ("Ξέρω πού δουλεύεις", "Γιατί δεν απαντάς", "Όχι", "Θα περιμένω στην πόρτα Rook")),
    "devanagari": (("hin",), False, ("मुझे पता है तुम कहाँ हो", "तुम जवाब क्यों नहीं देते", "OK",
                   "मैं बाहर इंतज़ार करूँगा")),
    "accents": (("deu", "fra", "spa"), False, ("Façade déjà vu, naïve café", "Straße über Öl, jeß",
                "¿Dónde estás? ¡Mañana!", "Où?")),
}  # fmt: skip

CALLS = ("Missed voice call", "Missed video call", "Missed call", "Voice call", "Video call ended")
DAYS = ("Today", "Yesterday", "Tuesday", "12 March 2024", "Mon 4 Nov", "14/02/2024", "March 3, 2023")
RENDERINGS = (  # scale, JPEG quality (0: PNG), shrink, smooth
    (1.0, 0, 1.0, True), (2.0, 0, 1.0, True), (3.0, 0, 1.0, True), (2.0, 60, 1.0, True), (3.0, 75, 0.6, True),
    (3.0, 85, 0.55, False), (2.0, 95, 0.8, False), (1.0, 90, 1.0, True),
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """One screenshot to draw: the page, and what stands on it."""

    name: str
    kind: str  # the class it is scored in
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


def other_scenes(seeds: range, *, held: bool, phones: tuple[Phone, ...] = PHONES) -> Iterator[Scene]:
    """What the plain conversations have not: answers, reactions, deleted and edited messages, voice, pictures, calls in
    bubbles, a draft over a keyboard; long pictures; other scripts and directions."""
    chosen = [(n, phone) for n, phone in enumerate(phones) if phone.held == held]
    for n, phone in chosen:
        if phone.shape in ("bubbles", "discord"):
            for seed in seeds:
                scale, quality, shrink, smooth = RENDERINGS[(n * 3 + seed + 1) % len(RENDERINGS)]
                made = scene(f"{phone.app} {phone.theme} things {seed}", phone, seed * 100 + n + 50, 9, things=True)
                yield replace(made, kind="other things", scale=scale, quality=quality, shrink=shrink, smooth=smooth)
    bubbles = [(n, phone) for n, phone in chosen if phone.shape == "bubbles" and not phone.group]
    for n, phone in bubbles[:2]:
        yield replace(scene(f"{phone.app} {phone.theme} long", phone, seeds[0] * 100 + n, 60), kind="long", scale=2.0)
    for m, (script, (languages, rtl, lines)) in enumerate(SCRIPTS.items()):
        n, phone = bubbles[m % len(bubbles)]
        made = scene(f"{phone.app} {phone.theme} {script}", phone, seeds[0] * 100 + n, 9, lines, rtl)
        yield replace(made, kind=f"script {script}", scale=2.0, languages=languages)


def scene(
    name: str, phone: Phone, seed: int, count: int, words: tuple[str, ...] = (), rtl: bool = False, things: bool = False
) -> Scene:
    rng = random.Random(seed)
    conversation = rng.choice(NAMES)
    shown = tuple(_conversation(phone, rng, conversation, count, words))
    if things:
        shown = tuple(_with_things(phone, rng, shown))
    draft = rng.choice(("", "I am calling the police now")) if things else ""
    rng = random.Random(seed)
    page = page_of(phone, conversation, shown, rng, rtl=rtl, draft=draft)
    told = conversation if phone.shape in ("bubbles", "snapchat", "discord") else ""
    kind = f"{phone.app} {phone.theme}"
    return Scene(name, kind, phone, page, told, tuple(_told(phone, shown, conversation)), right_to_left=rtl)


def _with_things(phone: Phone, rng: random.Random, shown: tuple[Shown, ...]) -> Iterator[Shown]:
    """The same conversation with what else stands in chats, each thing at least once on the way."""
    things = ["quote", "reaction", "edited", "picture", "voice", "deleted", "call", "unread"]
    if phone.shape == "discord":
        things = ["quote", "reaction", "edited"]
    rng.shuffle(things)
    for one in shown:
        thing = things.pop() if things and one.kind == "message" and rng.random() < 0.9 else ""
        if thing == "quote":
            yield replace(one, quote="I was outside on Tuesday")
        elif thing == "voice":
            yield replace(one, text=f"0:{rng.randrange(10, 59)}", beside=thing)
        elif thing == "deleted":
            yield replace(one, text=rng.choice(("This message was deleted", "You deleted this message")), kind=thing)
        elif thing == "call":
            yield replace(one, text="Missed voice call", kind=thing)
        elif thing == "unread":
            yield Shown("2 unread messages", "system")
            yield one
        else:
            yield replace(one, beside=thing)


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
