"""Put together what Tesseract parts: scripts that are written without spaces, or with fewer than it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archiver.ocr.engine import Found


def unspaced(words: Sequence[Found]) -> list[Found]:
    """Words as they are written: Tesseract gives nearly every Chinese or Japanese sign as one and parts Korean."""
    joined: list[Found] = []
    for word in words:
        before = joined[-1] if joined else None
        gap = word.left - before.left - before.width if before else 0
        near = 0.8 if before and _wide(before.text[-1]) == _wide(word.text[0]) == "sign" else 0.2
        if before and _wide(before.text[-1]) and _wide(word.text[0]) and gap < near * max(before.height, word.height):
            joined[-1] = _one(before, word)
        else:
            joined.append(word)
    return joined


def _wide(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "syllable"
    return "sign" if 0x3000 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xFF00 <= code <= 0xFF60 else ""


def _one(before: Found, after: Found) -> Found:
    right, bottom = after.left + after.width, max(before.top + before.height, after.top + after.height)
    left, top = min(before.left, after.left), min(before.top, after.top)
    sureness = min(before.confidence, after.confidence)
    right = max(right, before.left + before.width)
    text = before.text + after.text
    return replace(before, left=left, top=top, width=right - left, height=bottom - top, confidence=sureness, text=text)
