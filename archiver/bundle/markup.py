"""HTML of our own: escaped, without script, with nothing to fetch. Every captured text goes through `captured`.

What a page said may hold anything: markup, characters that turn the direction of writing, control characters. It is
shown as it is, inside an element of its own that none of it can get out of.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from archiver.integrity import sound_text

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # HTML can't hold them, or shows nothing
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # Unicode's embeddings, overrides and isolates
STYLE = """:root{color-scheme:light}
body{font:16px/1.5 system-ui,"Segoe UI",Arial,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#111;
background:#fff}
h1{font-size:1.6rem}h2{font-size:1.25rem;border-bottom:1px solid #767676;padding-bottom:.2rem;margin-top:2rem}
h1,h2,h3{line-height:1.25;break-after:avoid}
table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:start;font-weight:600;padding:.3rem 0}
th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:start;vertical-align:top}
thead th{background:#eee}.wide{overflow-x:auto}.label{white-space:nowrap}
td .hash{display:inline-block;min-width:15rem}td code{display:inline-block;min-width:11rem}
dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.2rem 1rem}
dt{font-weight:600}dd{margin:0}dd,p,li,h1,figcaption{overflow-wrap:anywhere}
@media (max-width:40rem){dl{display:block}dd{margin:0 0 .6rem}}
.q{white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:isolate}
code,.hash{font-family:ui-monospace,Consolas,monospace;font-size:.9em;overflow-wrap:anywhere}
blockquote.q{margin:.4rem 0;padding:.4rem .8rem;border-inline-start:4px solid #555}
.machine{border:1px dashed #555;padding:0 .3em;font-size:.85em;white-space:nowrap}
p.note{border:1px solid #767676;padding:.5rem .8rem}small{display:block;font-style:italic}
article{border:1px solid #767676;padding:.6rem .8rem;margin:.8rem 0}
article article{margin-inline-start:1rem}
figure{margin:1rem 0}figcaption{font-size:.9rem}img{max-width:100%;height:auto;border:1px solid #767676}
a{color:#003a8c}a:focus-visible,summary:focus-visible{outline:3px solid #111;outline-offset:2px}
.skip{position:absolute;left:-100rem}.skip:focus{position:static}
@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:"page " counter(page) " of " counter(pages);font:9pt Arial}}
@media print{body{max-width:none;padding:0 .5mm}article,tr{break-inside:avoid}a{color:#111}
.wide{overflow:visible}table{font-size:9pt}td .hash,td code{min-width:0}}"""
MACHINE = '<span class="machine">machine-read</span>'


def document(title: str, body: Iterable[str], *, style: str = "", pictures: str = "'self' file:") -> bytes:
    """A whole page. `pictures`: where its pictures may come from, as a policy says it; a script never runs."""
    sheet = STYLE + style
    policy = (
        f"default-src 'none'; img-src {pictures}; style-src '{_allowed(sheet)}'; base-uri 'none'; form-action 'none'"
    )
    head = (
        '<!doctype html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">',
        f"<title>{own(title)}</title><style>{sheet}</style></head><body>",
    )
    return "".join((*head, "\n".join(body), "</body></html>\n")).encode("utf-8")


def own(text: str) -> str:
    """Words of ours, or plain values: escaped."""
    return escape(_held(text))


def captured(text: str, *, tag: str = "bdi") -> str:
    """What a page said, in an element of its own: its direction is its own too, and nothing of it is markup."""
    kind = ' class="q"' if tag != "bdi" or "\n" in text else ""
    return f'<{tag}{kind} dir="auto">{escape(_held(text))}</{tag}>{_turns(text)}'


def address(url: str) -> str:
    """An address as text that leads nowhere: it is copied, never clicked."""
    return f'<code class="q" dir="ltr">{escape(_held(url))}</code>'


def digest(sha256: str) -> str:
    return f'<span class="hash">{own(sha256)}</span>'


def label(text: str) -> str:
    """An exhibit's label, which is never cut in two."""
    return f'<span class="label">{own(text)}</span>'


def link(path: str, words: str, *, here: str) -> str:
    """To a page of our own in the same bundle; both paths are below the bag's folder."""
    return f'<a href="{relative(path, here)}">{own(words)}</a>'


def relative(path: str, here: str) -> str:
    return escape(quote(posixpath.relpath(path, posixpath.dirname(here) or ".")))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """`heads` and `caption` are words of ours; the cells are HTML."""
    top = "".join(f'<th scope="col">{own(head)}</th>' for head in heads)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="wide" role="region" aria-label="{own(caption)}" tabindex="0">'
        f"<table><caption>{own(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names of ours and values as HTML; what has no value is left out."""
    return f"<dl>{''.join(f'<dt>{own(name)}</dt><dd>{value}</dd>' for name, value in pairs if value)}</dl>"


def listed(items: Iterable[str]) -> str:
    """A list of HTML items."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def css_text(text: str) -> str:
    """Words of ours inside a CSS string."""
    return '"' + re.sub(r"[^\w ./:,·–-]", lambda found: f"\\{ord(found.group()):x} ", _held(text)) + '"'


def _held(text: str) -> str:
    """As HTML can hold it: a control character becomes its picture (U+2400 and on), half a pair U+FFFD."""
    text = sound_text(text).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub(lambda found: chr(0x2400 + ord(found.group())) if found.group() < "\x20" else "\ufffd", text)


def _turns(text: str) -> str:
    if not TURNING.search(text):
        return ""
    return " <small>holds characters that turn the direction of writing</small>"


def _allowed(sheet: str) -> str:
    """The one style sheet that the page's policy lets through, by its digest (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(sheet.encode("utf-8")).digest()).decode("ascii")
