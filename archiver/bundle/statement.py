"""Three papers that go with the exhibits: how the copies were made, what was left out, and help with a statement.

The first two say facts only: tools, versions, times, hashes, limits. The third is empty lines for the person's own
words; nothing in it says what happened, who did it, or what to think of it, and it is no legal advice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archiver.bundle import markup, named
from archiver.bundle.chosen import Chosen, Exhibit, File, file_of

EXPORT, SELECTION = "data/export-statement.html", "data/selection-statement.html"
WITNESS, WITNESS_PDF = "data/witness-statement.html", "data/witness-statement.pdf"
NOT_CHOSEN = "not chosen"
LIMITS = (
    "These files show what this computer received and showed at the times given. They do not show that what a page "
    "said is true, who wrote it, or who was using an account.",
    "A page can look different to other people: to those who are logged in, in another country, or at another time.",
    "What a page did not show, kept folded, or loaded only later may be missing. Each exhibit says what is known to be "
    "missing.",
    "Words, names and times marked machine-read were read from the kept files by a program. It can misread. The kept "
    "files decide.",
    "Times of keeping are this computer's own. Where the site gave its time too, the difference is said.",
    "The hashes show whether a file changed after it was sealed. A time-stamp by an outside authority shows that a "
    "list of hashes was there at that time; for what no authority had seen, someone with the key of the collection "
    "could have made another list.",
    "That everything seen was kept, or that all that was kept is in here, is not shown by these files. The list of all "
    "entries' hashes shows how many there are.",
)
METHOD = (
    "Each page was opened in a browser with a fresh profile: no history, no cookies; an exhibit that was made with a "
    "login says so.",
    "Before anything was done to the page a picture was taken. Then the page was scrolled to its end and pictured "
    "whole, in pieces. Every action is listed on the exhibit's page.",
    "The page's HTML, its words, the page as the browser saves it, and what came over the network were kept beside it.",
    "The SHA-256 of every file was written into a log when it was kept. Each entry of the log names the hash of the "
    "one before it.",
    "The files in here named as originals are those files, byte for byte. Pages, tables and PDFs beside them were made "
    "from them for reading.",
)
PRINTED = """@page{size:A4;margin:16mm 16mm 20mm;
@bottom-left{content:%s;font:9pt Arial,sans-serif}
@bottom-right{content:"page " counter(page) " of " counter(pages);font:9pt Arial,sans-serif}}"""
FORM = """textarea,input{font:inherit;width:100%;box-sizing:border-box;border:1px solid #555;padding:.3rem}
textarea{min-height:6rem;field-sizing:content}label{display:block;margin:1rem 0 .2rem;font-weight:600}
@media print{textarea,input{border-color:#999}}"""
LINED = """.line{border-bottom:.3mm solid #333;height:9mm}.ask{break-inside:avoid;margin:5mm 0}
.ask p{font-weight:600;margin:0}"""
LINE = '<div class="line"></div>'
LINES = {"one": 1, "": 3, "long": 7}

Print = Callable[[bytes], bytes]  # HTML -> PDF
# What is asked, in the order of telling: the prompt, and how much room it gets. Each can be skipped.
BEFORE = (
    ("My name is", "one"),
    ("I am (work, study or anything else you want to say about yourself)", "one"),
    ("The accounts that are mine, and where", "one"),
    ("How I know of the account or person that this is about, and since when", ""),
    ("What happened, in my own words, in the order in which it happened", "long"),
)
OF_EXHIBIT = (
    ("I first saw this on (day, and time if you know it; “about” is fine)", "one"),
    ("How I saw it (which device, which app or site, logged in or not)", "one"),
    ("It was kept by (me, or who), with the program named in the export statement, because", ""),
    ("What it shows, and what I know about it myself", ""),
)
AFTER = (
    ("Who I think wrote or did this, and why I think so. (Or: I do not know.)", ""),
    ("What I said or did, if anything: the day, how, and the words", ""),
    ("Who else saw this, or knows of it", ""),
    ("How it affected me then, and does now", "long"),
    ("Anything else that I want to say", ""),
)


def files(chosen: Chosen, print_pdf: Print) -> Iterator[File]:
    yield file_of(EXPORT, export(chosen))
    yield file_of(SELECTION, selection(chosen))
    yield file_of(WITNESS, witness(chosen))
    yield File(WITNESS_PDF, lambda: iter((print_pdf(witness_on_paper(chosen)),)))


def export(chosen: Chosen) -> bytes:
    """How the copies were made: tools, versions, method, times, hashes, limits."""
    rows = (
        (
            markup.label(exhibit.label),
            f"{markup.own(exhibit.started)}<br>{markup.own(exhibit.finished)}",
            markup.own(", ".join(filter(None, (exhibit.tool, exhibit.browser, exhibit.system)))),
            markup.own(", ".join(exhibit.read_with) or "not read"),
            markup.own(exhibit.clock_check),
            f"{exhibit.entry}: {markup.digest(exhibit.entry_sha256)}",
        )
        for exhibit in chosen.exhibits
    )
    body = (
        f"<main><h1>How these copies were made</h1>{_head(chosen)}",
        "<h2>Method</h2>",
        markup.listed(markup.own(sentence) for sentence in METHOD),
        "<h2>Tools, times and entries</h2>",
        markup.table(
            (
                "Exhibit",
                "Begun and ended (UTC)",
                "Made with",
                "Read by machine with",
                "Clock",
                "Log entry and its SHA-256",
            ),
            rows,
            caption="Each exhibit",
        ),
        _hashes(chosen),
        "<h2>Fixing in time</h2>",
        *_tokens(chosen),
        "<h2>Limits</h2>",
        markup.listed(markup.own(sentence) for sentence in LIMITS),
        "</main>",
    )
    return _paper(chosen, "How these copies were made", body)


def selection(chosen: Chosen) -> bytes:
    """How many there are, how many are in, what was left out, and the person's own reason (SAFETY F4)."""
    count, out = len(chosen.exhibits), chosen.left_out
    body = (
        f"<main><h1>What is in here, and what was left out</h1>{_head(chosen)}",
        markup.facts(
            (
                ("Kept in all", markup.own(_pages(chosen.items))),
                ("In here", markup.own(_pages(count))),
                ("Left out", markup.own(_pages(len(out)))),
                ("What was asked for", markup.own(chosen.asked)),
                ("Reason given", markup.captured(chosen.reason) if chosen.reason else "none was given"),
            )
        ),
        "<p>What was left out is not described here. It is still in the collection it came from, and its entries' "
        "hashes stand in the list of all hashes, so that it can be asked for.</p>"
        if out
        else "<p>Nothing was left out.</p>",
        markup.table(
            ("Kept item", "Why it is not in here"),
            ((markup.own(item.capture), markup.captured(item.why)) for item in out),
            caption=f"{len(out)} left out",
        )
        if out
        else "",
        f"<p>{_wholeness(chosen.exhibits)}</p>",
        *_held_back(chosen.exhibits),
        "</main>",
    )
    return _paper(chosen, "What is in here, and what was left out", body)


def witness(chosen: Chosen) -> bytes:
    """Help with a statement, to be typed into on a screen. Nothing typed is kept or sent: it is printed."""
    asked = (f"<label>{markup.own(prompt)}{_field(room)}</label>" for prompt, room in BEFORE)
    after = (f"<label>{markup.own(prompt)}{_field(room)}</label>" for prompt, room in (*AFTER, *_signing()))
    body = (
        "<main><h1>My statement</h1>",
        _guidance(
            "What you type stays on this page and is gone when you close it: print it, or save it as a PDF, first."
        ),
        *asked,
        *(html for exhibit in chosen.exhibits for html in _on_screen(exhibit)),
        "<h2>And then</h2>",
        *after,
        "</main>",
    )
    return _paper(chosen, "My statement", body, FORM)


def witness_on_paper(chosen: Chosen) -> bytes:
    """The same with lines to write on, set for A4."""
    body = (
        "<main><h1>My statement</h1>",
        _guidance("Write on the lines, and on more paper where you need it."),
        *(_lined(prompt, room) for prompt, room in BEFORE),
        *(html for exhibit in chosen.exhibits for html in _with_lines(exhibit)),
        "<h2>And then</h2>",
        *(_lined(prompt, room) for prompt, room in (*AFTER, *_signing())),
        "</main>",
    )
    return _paper(chosen, "My statement", body, LINED)


def _paper(chosen: Chosen, title: str, body: Iterable[str], style: str = "") -> bytes:
    foot = markup.css_text(f"{title}, exhibits {chosen.label}")
    return markup.document(title, filter(None, body), style=PRINTED % foot + style)


def _head(chosen: Chosen) -> str:
    labels = [exhibit.label for exhibit in chosen.exhibits]
    return markup.facts(
        (
            ("Exhibits", markup.own(f"{labels[0]} to {labels[-1]}" if len(labels) > 1 else "".join(labels))),
            ("Written", markup.own(f"{named.spoken(chosen.made)} by {chosen.tool}")),
        )
    )


def _hashes(chosen: Chosen) -> str:
    return markup.facts(
        (
            ("Collection", markup.digest(chosen.vault)),
            ("Entries in its log", str(chosen.entries)),
            ("SHA-256 of the list of all entries' hashes", markup.digest(chosen.commitment)),
            ("Public key, SHA-256", markup.digest(chosen.fingerprint)),
            ("How hashes were made", "SHA-256 (FIPS 180-4) over the bytes of each file"),
        )
    )


def _tokens(chosen: Chosen) -> Iterator[str]:
    if not chosen.tokens:
        yield "<p>No outside authority has put a time on any of this. The times are this computer's own.</p>"
        return
    rows = (
        (markup.own(token.authority), markup.own(token.at), str(token.size), f"<code>{markup.own(token.path)}</code>")
        for token in chosen.tokens
    )
    heads = ("Authority that was asked", "Time in its answer (UTC)", "Log entries it covers", "File")
    yield markup.table(heads, rows, caption="Time-stamps (RFC 3161)")
    covered = max(token.size for token in chosen.tokens)
    later = [exhibit.label for exhibit in chosen.exhibits if exhibit.entry > covered]
    if later:
        yield f"<p>No authority had seen the entries of {markup.own(', '.join(later))} when this was written.</p>"


def _wholeness(exhibits: Iterable[Exhibit]) -> str:
    """Both sides of a conversation are kept (SAFETY F4): what is chosen are pages, and never parts of one."""
    if any(original.copy_of for exhibit in exhibits for original in exhibit.originals):
        return "Something was covered or blurred in these copies: the page “What was covered” says what."
    return "Pages were chosen, not single posts: what everyone wrote on a page, on every side, is in its copy."


def _held_back(exhibits: Iterable[Exhibit]) -> Iterator[str]:
    rows = [
        (
            markup.label(exhibit.label),
            markup.own(named.role(original)),
            markup.digest(original.sha256),
            markup.own(original.held_back),
        )
        for exhibit in exhibits
        for original in exhibit.originals
        if not original.leaves
    ]
    rows += [
        (
            markup.label(exhibit.label),
            f"log entry {exhibit.entry}",
            markup.digest(exhibit.entry_sha256),
            markup.own(exhibit.entry_held_back),
        )
        for exhibit in exhibits
        if exhibit.entry_held_back
    ]
    if rows:
        yield "<h2>Held back from the exhibits that are in here</h2>"
        yield markup.table(("Exhibit", "What", "SHA-256", "Why"), rows, caption=f"{len(rows)} held back")


def _guidance(last: str) -> str:
    return (
        '<p class="note">This page helps you to put down what you know, in your own words. You can leave anything '
        "empty. Write what you saw and did yourself; where you are not sure, say so. Leave out your home address if "
        "this may be read by others: give it to the person who asks for it. It is not legal advice, and the officer "
        f"or solicitor may use a form of their own. {last}</p>"
    )


def _on_screen(exhibit: Exhibit) -> Iterator[str]:
    yield _about(exhibit)
    yield from (f"<label>{markup.own(prompt)}{_field(room)}</label>" for prompt, room in OF_EXHIBIT)


def _with_lines(exhibit: Exhibit) -> Iterator[str]:
    yield _about(exhibit)
    yield from (_lined(prompt, room) for prompt, room in OF_EXHIBIT)


def _about(exhibit: Exhibit) -> str:
    return (
        f"<h2>I produce exhibit {markup.own(exhibit.label)}</h2>"
        f"<p>A copy of the page at {markup.address(exhibit.final)}, "
        f"kept {markup.own(named.spoken(exhibit.started))}.</p>"
    )


def _signing() -> tuple[tuple[str, str], ...]:
    return (
        ("I have read this, and it is what I know and remember. Signed", "one"),
        ("Date", "one"),
        ("Someone helped me to write this down (their name, and how they helped), or nobody did", "one"),
    )


def _field(room: str) -> str:
    return (
        '<input autocomplete="off">' if room == "one" else f'<textarea rows="{12 if room == "long" else 4}"></textarea>'
    )


def _lined(prompt: str, room: str) -> str:
    return f'<div class="ask"><p>{markup.own(prompt)}</p>{LINE * LINES[room]}</div>'


def _pages(count: int) -> str:
    return f"{count} kept page{'' if count == 1 else 's'}"
