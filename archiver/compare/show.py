"""A comparison in words, as plain values, and as one HTML file that needs nothing else. Fetches and runs nothing.

The kept words and pictures stay hidden until they are opened, one by one (SAFETY D1): `<details>`, no script.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from archiver.compare import Change, Comparison
from archiver.compare.words import Run
from archiver.records import plain

LABELS = {
    "standing": "Is it up",
    "text": "Words",
    "handle": "Handle",
    "name": "Name",
    "picture": "Picture",
    "counts": "Counts",
    "added": "New",
    "gone": "Not shown any more",
    "page": "The whole page",
}
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}img{max-width:100%;border:1px solid #ccc}del{background:#eee}
ins{background:#e3eefc;text-decoration:underline}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
details{margin:.4rem 0}summary{cursor:pointer}li{margin:1rem 0}"""


def record(made: Comparison) -> dict[str, Any]:
    """As a JSON line."""
    return dict(plain(made))


def summary(made: Comparison) -> str:
    if made.unchanged:
        return "Nothing changed: HTML, text and pictures are the same, byte for byte."
    if made.frame_only:
        return "Nothing changed in what was kept here; only the page around it did (adverts, suggestions, menus)."
    if not made.changes:
        return "No change could be told."
    return f"{len(made.changes)} change{'' if len(made.changes) == 1 else 's'}."


def words(made: Comparison, *, reveal: bool = False) -> str:
    """For the terminal."""
    lines = [f"{made.before} ({made.before_at}) and {made.after} ({made.after_at}): {summary(made)}"]
    for change in made.changes:
        lines.append(f"  {_heading(change)}: {change.sentence}{'' if change.sure else ' (not sure)'}")
        if reveal:
            lines += [f"    {line}" for line in _shown(change).splitlines()]
    lines += [f"  {note}" for note in made.notes]
    if made.changes and not reveal:
        lines.append("  What was written is hidden; add --reveal to see it.")
    return "\n".join(lines)


def page(made: Comparison, before: Sequence[bytes], after: Sequence[bytes]) -> str:
    """One HTML file: what changed, and both captures' pictures side by side, hidden until opened."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
        f'<meta name="referrer" content="no-referrer"><title>Notes</title><style>{STYLE}</style></head><body><main>',
        f"<h1>{escape(made.before)} and {escape(made.after)}</h1>",
        f"<p>{escape(made.before)}: {escape(made.before_at)}<br>{escape(made.after)}: {escape(made.after_at)}</p>",
        f"<p>{escape(summary(made))}</p>",
        *(f"<p>{escape(note)}</p>" for note in made.notes),
        "<ul>",
        *(_item(change) for change in made.changes),
        "</ul>",
        *_side_by_side(before, after),
        "</main></body></html>\n",
    ]
    return "".join(parts)


def _heading(change: Change) -> str:
    return f"{LABELS[change.what]}{f' ({change.post})' if change.post else ''}"


def _item(change: Change) -> str:
    unsure = "" if change.sure else " <em>Not sure.</em>"
    head = f"<li><strong>{escape(LABELS[change.what])}</strong>: {escape(change.sentence)}{unsure}"
    if change.runs:
        body = f"<pre>{''.join(map(_run, change.runs))}</pre>"
    elif change.before or change.after:
        body = f'<div class="two"><pre>{escape(change.before)}</pre><pre>{escape(change.after)}</pre></div>'
    else:
        return f"{head}</li>"
    return f"{head}<details><summary>Show what was written</summary>{_who(change)}{body}</details></li>"


def _who(change: Change) -> str:
    known = " · ".join(part for part in (change.who, change.post) if part)
    return f"<p>{escape(known)}</p>" if known else ""


def _run(run: Run) -> str:
    tag = {"same": "", "out": "del", "in": "ins"}[run.what]
    return f"<{tag}>{escape(run.text)}</{tag}>" if tag else escape(run.text)


def _shown(change: Change) -> str:
    if change.runs:
        marks = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
        return "".join(marks[run.what].format(run.text) for run in change.runs)
    return f"before: {change.before}\nafter: {change.after}" if change.before or change.after else ""


def _side_by_side(before: Sequence[bytes], after: Sequence[bytes]) -> Iterable[str]:
    for n in range(max(len(before), len(after))):
        yield f'<details><summary>Show picture {n + 1} of both</summary><div class="two">'
        for side, pictures in (("Before", before), ("After", after)):
            if n < len(pictures):
                data = base64.b64encode(pictures[n]).decode("ascii")
                yield f'<figure><img alt="" src="data:image/png;base64,{data}"><figcaption>{side}</figcaption></figure>'
            else:
                yield f"<p>{side}: there is no such picture.</p>"
        yield "</div></details>"
