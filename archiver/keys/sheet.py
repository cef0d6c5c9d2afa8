"""The recovery sheet: one printable page that says nothing about what it is for. Writes no file and keeps no code.

Whoever finds it sees groups of letters and some everyday words (SAFETY B1, E2). It is one HTML file without script or
anything from outside; the browser makes a PDF of it.
"""

from __future__ import annotations

import html
import io

import segno

from archiver.keys.recovery import RecoveryCode

STYLE = """
@page { size: A4; margin: 20mm }
body { font: 12pt/1.5 system-ui, sans-serif; color: #000; background: #fff }
body { max-width: 42em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 18pt; margin: 0 0 .5em }
code, ol { font-family: ui-monospace, monospace; font-size: 14pt }
.code { letter-spacing: .05em; overflow-wrap: anywhere }
ol { columns: 3; padding-left: 2.2em; margin: .5em 0 }
svg { display: block; width: 38mm; height: 38mm; margin: 1em 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; font-size: 10pt }
dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere }
"""


def sheet(code: RecoveryCode, *, made: str, slot: str, fingerprint: str) -> bytes:
    """One page of HTML. `made`: the day, as it is to be shown. `fingerprint`: of the vault's public key, hex."""
    words = "".join(f"<li>{word}</li>" for word in code.words)
    spaced = " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
    page = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Notes</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>{STYLE}</style></head><body><main>
<h1>Notes</h1>
<p>Keep this page somewhere safe, away from the computer. Either of the two below will do; small or capital letters are
the same.</p>
<p class="code"><code>{" ".join(code.groups)}</code></p>
{_picture(code)}
<ol>{words}</ol>
<p>To use it, run <code>recover</code> and type the letters or the words.</p>
<dl><dt>Made</dt><dd>{html.escape(made)}</dd><dt>Number</dt><dd>{html.escape(slot)}</dd>
<dt>Fingerprint</dt><dd>{html.escape(spaced)}</dd></dl>
</main></body></html>
"""
    return page.encode("utf-8")


def _picture(code: RecoveryCode) -> str:
    """The groups as a QR code, inline: no picture file lies about."""
    stream = io.BytesIO()
    segno.make(str(code), error="m", micro=False).save(stream, kind="svg", xmldecl=False, omitsize=True, border=4)
    drawn = stream.getvalue().decode("utf-8")
    return drawn.replace("<svg ", '<svg role="img" aria-label="The same letters as a QR code" ', 1)
