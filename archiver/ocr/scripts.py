"""Find the script of lines that could not be read, and the installed languages that write it. Guesses no language."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from archiver.ocr.engine import Engine, script_of
from archiver.ocr.strips import sheaf

# Script as Tesseract's detection names it -> Tesseract's names of languages written in it, the commonest first.
LANGUAGES = {
    "Arabic": ("ara", "fas", "urd", "pus", "ckb", "uig"),
    "Armenian": ("hye",),
    "Bengali": ("ben", "asm"),
    "Cyrillic": ("rus", "ukr", "bul", "srp", "mkd", "bel", "kaz"),
    "Devanagari": ("hin", "mar", "nep"),
    "Ethiopic": ("amh", "tir"),
    "Georgian": ("kat",),
    "Greek": ("ell",),
    "Gujarati": ("guj",),
    "Gurmukhi": ("pan",),
    "Han": ("chi_sim", "chi_tra", "jpn"),
    "Hangul": ("kor",),
    "Hebrew": ("heb", "yid"),
    "Japanese": ("jpn",),
    "Kannada": ("kan",),
    "Khmer": ("khm",),
    "Korean": ("kor",),
    "Lao": ("lao",),
    "Malayalam": ("mal",),
    "Myanmar": ("mya",),
    "Oriya": ("ori",),
    "Sinhala": ("sin",),
    "Tamil": ("tam",),
    "Telugu": ("tel",),
    "Thai": ("tha",),
    "Tibetan": ("bod",),
}
MOST = 3  # languages of a script that are tried together: each costs as much time again
TRIED = 8  # scripts that are tried where the detection was wrong
ENOUGH = 20  # lines: more do not make the detection surer
SECONDS = 20.0


def script_on(engine: Engine, strips: Sequence[Image.Image]) -> str:
    """The script of most of these lines, "" where it can't be said or is Latin."""
    if not strips or "osd" not in engine.languages:
        return ""
    script, _ = script_of(engine, sheaf([_stacked(strips[:ENOUGH])]), seconds=SECONDS)
    return script if script in LANGUAGES else ""


def candidates(engine: Engine, script: str, without: Sequence[str]) -> list[tuple[str, ...]]:
    """Installed languages by script, the detected one first, without those that were read with.

    The detection is often wrong on a line or two (a Korean headline was called Arabic), so others follow.
    """
    names = [script, *(name for name in LANGUAGES if name != script)]
    sets = (tuple(name for name in LANGUAGES.get(each, ()) if name in engine.languages)[:MOST] for each in names)
    distinct = dict.fromkeys(each for each in sets if each and not set(each) & set(without))
    return list(distinct)[:TRIED]


def _stacked(strips: Sequence[Image.Image]) -> Image.Image:
    page = Image.new("L", (max(strip.width for strip in strips), sum(strip.height for strip in strips)), 255)
    top = 0
    for strip in strips:
        page.paste(strip, (0, top))
        top += strip.height
    return page
