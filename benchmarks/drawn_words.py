"""The words of a page as the browser drew them, with boxes: what a reading without a single error would give.

So it can be told whether a message came out wrong for its letters or for what was made of them; and scripts are looked
at whose language Tesseract has not got here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from benchmarks.chats import MARK
from extractors.contract import Word

GAP = 2.5  # heights of a word: wider gaps part a line, as they do for Tesseract's lines
LETTERS, SIGN = 0.18, 0.05  # of its box that stands empty over and under a word, and an emoji
# each word, and each part of it where it is broken over lines: text, left, top, width, height in CSS pixels
SCRIPT = """(mark) => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node; (node = walk.nextNode()); ) {
    if (node.nodeType === 1) {
      if (node.classList.contains('e')) {
        const box = node.getBoundingClientRect();
        found.push([mark, box.x, box.y + scrollY, box.width, box.height]);
      }
      continue;
    }
    for (const word of node.textContent.matchAll(/\\S+/g)) {
      let part = null;
      for (let at = word.index; at < word.index + word[0].length; at++) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const box = [...range.getClientRects()].find((each) => each.width > 0);
        if (box && (!part || Math.abs(box.y + scrollY - part[2]) > box.height / 2)) {
          part = [node.textContent[at], box.x, box.y + scrollY, box.width, box.height];
          found.push(part);
        } else if (part) {
          part[0] += node.textContent[at];
          if (box) {
            const right = Math.max(part[1] + part[3], box.right);
            part[1] = Math.min(part[1], box.x);
            part[3] = right - part[1];
          }
        }
      }
    }
  }
  return found;
}"""


def words_drawn_on(page: Page, scale: float) -> tuple[Word, ...]:
    """Every word of the page in pixels of its picture, line by line; along a line in the order in which it is read."""
    found: list[list[Any]] = page.evaluate(SCRIPT, MARK)
    boxes = []
    for text, x, y, width, height in found:
        empty = (SIGN if text == MARK else LETTERS) * height
        boxes.append((text, x * scale, (y + empty) * scale, width * scale, (height - 2 * empty) * scale))
    lines = _lines([box[1:] for box in boxes])
    return tuple(
        Word(text, round(x), round(y), max(1, round(width)), max(1, round(height)), 0 if text == MARK else 95, number)
        for number, line in enumerate(lines)
        for text, x, y, width, height in (boxes[n] for n in line)
    )


def _lines(boxes: list[tuple[float, float, float, float]]) -> list[list[int]]:
    """Places of the boxes that stand level and close to each other, from top to bottom."""
    rows: list[list[int]] = []
    for n in sorted(range(len(boxes)), key=lambda n: boxes[n][1] + boxes[n][3] / 2):
        for row in rows[-6:]:
            first = boxes[row[0]]
            if abs(_middle(boxes[n]) - _middle(first)) < 0.5 * max(boxes[n][3], first[3]):
                row.append(n)
                break
        else:
            rows.append([n])
    lines = []
    for row in rows:
        row.sort(key=lambda n: boxes[n][0])
        part = [row[0]]
        for before, n in pairwise(row):
            gap = boxes[n][0] - boxes[before][0] - boxes[before][2]
            if gap > GAP * max(boxes[n][3], boxes[before][3]):
                lines.append(sorted(part))
                part = []
            part.append(n)
        lines.append(sorted(part))
    return lines


def _middle(box: tuple[float, float, float, float]) -> float:
    return box[1] + box[3] / 2
