"""The readable pages of a bundle: a list of its exhibits and one page for each. No script, nothing fetched.

They show what was kept beside what was read from it, and never mix the two: what a program read is marked so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archiver.bundle import markup, named, wacz
from archiver.bundle.chosen import Chosen, Exhibit, File, Original
from extractors.contract import Post, StatedTime

INDEX = "data/index.html"
OTHERS = (  # our own pages beside the exhibits'; only those that are made are linked
    ("data/exhibits.pdf", "All exhibits for printing (PDF)"),
    ("data/chronology.html", "What happened when"),
    ("data/chronology.pdf", "What happened when, for printing (PDF)"),
    ("data/chronology.csv", "What happened when, as a table (CSV)"),
    ("data/export-statement.html", "How these copies were made"),
    ("data/selection-statement.html", "What is in here and what was left out"),
    ("data/redactions.html", "What was covered or changed in these copies"),
    ("data/witness-statement.html", "Help with writing a statement"),
    ("data/witness-statement.pdf", "Help with writing a statement, on paper (PDF)"),
)


def page_path(exhibit: Exhibit) -> str:
    return f"data/pages/{named.slug(exhibit.label)}.html"


def files(chosen: Chosen, made: Iterable[str] = ()) -> Iterator[File]:
    """The pages. `made` are the paths of the other files that the bundle will hold: the list links to those."""
    there = tuple(made)
    yield File(INDEX, lambda: iter((index(chosen, there),)))
    for n, exhibit in enumerate(chosen.exhibits):
        around = chosen.exhibits[n - 1] if n else None, chosen.exhibits[n + 1] if n + 1 < len(chosen.exhibits) else None
        yield File(page_path(exhibit), _later(exhibit, around, there))


def index(chosen: Chosen, made: Iterable[str] = ()) -> bytes:
    """The list. It shows no captured words: those stand on the exhibits' own pages."""
    there = set(made)
    rows = (
        (
            f'<span class="label">{markup.link(page_path(exhibit), exhibit.label, here=INDEX)}</span>',
            markup.own(named.spoken(exhibit.started)),
            markup.address(exhibit.final),
            _standing_words(exhibit),
            "yes" if exhibit.complete else "no, the page of the exhibit says what is missing",
        )
        for exhibit in chosen.exhibits
    )
    parts = [
        f'<main id="top"><h1>Exhibits {markup.own(chosen.label)}</h1>',
        "<p>Copies of web pages, as a computer received and showed them at the times below. These pages work without "
        "the internet. Addresses are shown as text on purpose: opening one can tell the person behind it. "
        "The file VERIFY.txt, in the folder above this one, says how to check that nothing was changed, with "
        "commands that are already on your computer.</p>",
        markup.facts(
            (
                ("Made", markup.own(named.spoken(chosen.made))),
                ("Made with", markup.own(chosen.tool)),
                ("What was asked for", markup.own(chosen.asked)),
                ("In here", markup.own(f"{len(chosen.exhibits)} of {chosen.items} kept pages")),
                (
                    "Log",
                    markup.own(f"{chosen.entries} entries, list of their hashes: SHA-256 ") + _hash(chosen.commitment),
                ),
                ("Public key", markup.own("SHA-256 ") + _hash(chosen.fingerprint)),
            )
        ),
        markup.listed(markup.link(path, words, here=INDEX) for path, words in _linked(there)),
        markup.table(
            ("Exhibit", "Kept", "Address", "What the page was (machine-read)", "Whole?"),
            rows,
            caption=f"{len(chosen.exhibits)} exhibits, in order of time",
        ),
        "</main>",
    ]
    return _document(f"Exhibits {chosen.label}", parts)


def page(
    exhibit: Exhibit, before: Exhibit | None = None, after: Exhibit | None = None, made: Iterable[str] = ()
) -> bytes:
    """One exhibit's page."""
    here = page_path(exhibit)
    parts = (
        '<a class="skip" href="#pictures">To the pictures</a>',
        f"<nav aria-label='Exhibits'>{' · '.join(_ways(before, after, here))}</nav>",
        f"<main><h1>Exhibit {markup.own(exhibit.label)}</h1>",
        markup.facts(_what(exhibit)),
        "<h2>How whole it is</h2>",
        f"<p>{markup.own(exhibit.verdict)}</p>",
        markup.listed(markup.own(thing) for thing in exhibit.missing) if exhibit.missing else "",
        *_posts(exhibit),
        *_pictures(exhibit, here),
        *_words(exhibit),
        *_how(exhibit),
        _files(exhibit),
        _archive(exhibit, made),
        "</main>",
    )
    return _document(f"Exhibit {exhibit.label}", filter(None, parts))


def _document(title: str, parts: Iterable[str]) -> bytes:
    """Printed, each sheet says which exhibit it is of, beside page x of y."""
    return markup.document(
        title, parts, style=f"@page{{@bottom-left{{content:{markup.css_text(title)};font:9pt Arial}}}}"
    )


def _later(
    exhibit: Exhibit, around: tuple[Exhibit | None, Exhibit | None], made: Iterable[str]
) -> Callable[[], Iterator[bytes]]:
    return lambda: iter((page(exhibit, *around, made),))


def _ways(before: Exhibit | None, after: Exhibit | None, here: str) -> Iterator[str]:
    yield markup.link(INDEX, "All exhibits", here=here)
    for other in (before, after):
        if other is not None:
            yield markup.link(page_path(other), other.label, here=here)


def _linked(there: set[str]) -> Iterator[tuple[str, str]]:
    yield from ((path, words) for path, words in OTHERS if path in there)
    parts = sorted(path for path in there if path.startswith("data/exhibits-") and path.endswith(".pdf"))
    yield from ((path, f"Exhibits for printing, part {n} of {len(parts)} (PDF)") for n, path in enumerate(parts, 1))


def _what(exhibit: Exhibit) -> Iterator[tuple[str, str]]:
    yield "Address as given", markup.address(exhibit.requested)
    if exhibit.cleaned != exhibit.requested:
        yield "Address fetched", markup.address(exhibit.cleaned)
    for hop in exhibit.redirects:
        yield "Sent on from", markup.own(f"{hop.status or 'the page itself'}: ") + markup.address(hop.url)
    if exhibit.final != exhibit.cleaned:
        yield "Address where it ended", markup.address(exhibit.final)
    yield "Title", markup.captured(exhibit.title) if exhibit.title else ""
    yield "Kept from", markup.own(named.spoken(exhibit.started))
    yield "to", markup.own(named.spoken(exhibit.finished))
    yield "This computer's time", markup.own(" ".join((exhibit.local_time, exhibit.time_zone)).strip())
    yield "Clock", markup.own(exhibit.clock_check)
    yield "Answer", markup.own(f"HTTP status {exhibit.status}" if exhibit.status is not None else "none came")
    yield "Not loaded because", markup.own(exhibit.failure)
    yield "What the page was", _standing(exhibit)
    yield "Log entry", markup.own(f"{exhibit.entry}, SHA-256 ") + _hash(exhibit.entry_sha256)


def _standing_words(exhibit: Exhibit) -> str:
    found = exhibit.standing
    return markup.own(named.STANDINGS.get(found.state, found.state) if found else "not read")


def _standing(exhibit: Exhibit) -> str:
    why = f" Why: {markup.captured(exhibit.standing.why)}" if exhibit.standing else ""
    return f"{_standing_words(exhibit)}{why} {markup.MACHINE}"


def _posts(exhibit: Exhibit) -> Iterator[str]:
    if not exhibit.posts and not exhibit.read_with:
        return
    yield f"<h2>Posts {markup.MACHINE}</h2>"
    yield (
        f"<p>Read from the page by {markup.own(', '.join(exhibit.read_with) or 'a program')}. A program can misread: "
        "the pictures and files are what was kept.</p>"
    )
    if exhibit.problems:
        many = f"{exhibit.problems} things" if exhibit.problems > 1 else "One thing"
        yield f"<p>{many} on the page could not be understood.</p>"
    yield from (_post(post) for post in exhibit.posts) if exhibit.posts else ("<p>No post was found on it.</p>",)


def _post(post: Post) -> str:
    counts = ", ".join(f"{markup.own(name)} {markup.captured(shown)}" for name, shown in post.counts.items())
    media = (
        f"{markup.own(media.kind)}: {markup.address(media.url)}"
        + (f" described as {markup.captured(media.alt)}" if media.alt else "")
        for media in post.media
    )
    known = markup.facts(
        (
            ("By", markup.captured(named.who(post.author)) if named.who(post.author) else "not said"),
            ("Account number", markup.captured(post.author.id) if post.author.id else ""),
            ("Profile", markup.address(post.author.url) if post.author.url else ""),
            ("Time", _time(post.time)),
            ("Edited", _time(post.edited) if post.edited else ""),
            ("Address", markup.address(post.permalink) if post.permalink else ""),
            ("Number of the post", markup.captured(post.id) if post.id else ""),
            ("Answers", markup.captured(post.in_reply_to) if post.in_reply_to else ""),
            ("As shown", counts),
            ("Marked", ", ".join(markup.captured(label) for label in post.labels)),
            ("With it", "<br>".join(media)),
            ("Sure", "" if post.sure else "no: pieced together from weak hints"),
        )
    )
    quoted = f"<p>It quotes:</p>{_post(post.quoted)}" if post.quoted else ""
    words = markup.captured(post.text, tag="blockquote") if post.text else "<p>(no words)</p>"
    return f"<article><p>{markup.own(post.platform)}: {markup.own(post.kind)}</p>{words}{known}{quoted}</article>"


def _time(time: StatedTime | None) -> str:
    if time is None:
        return "none on it"
    shown = f"{markup.captured(time.written)} as written" if time.written else ""
    if not time.utc:
        return f"{shown}; the page does not prove which moment that was"
    basis = named.BASES.get(time.basis, time.basis)
    return "; ".join(filter(None, (shown, f"{markup.own(named.spoken(time.utc))} ({markup.own(basis)})")))


def _pictures(exhibit: Exhibit, here: str) -> Iterator[str]:
    shown = named.pictures(exhibit)
    yield '<h2 id="pictures">Pictures</h2>'
    if not shown:
        yield "<p>There is no picture in this copy.</p>"
    for n, picture in enumerate(shown, start=1):
        size = f", {picture.width} by {picture.height} CSS pixels from {picture.y} down" if picture.height else ""
        alt = f"Picture {n} of {len(shown)} of exhibit {exhibit.label}{size}; words read from it stand below"
        yield (
            f'<figure><img src="{markup.relative(picture.path, here)}" alt="{markup.own(alt)}" loading="lazy">'
            f"<figcaption>Picture {n} of {len(shown)}{markup.own(size)}. SHA-256 {_hash(picture.sha256)}"
            f"{_copy_of(picture)}</figcaption></figure>"
        )


def _copy_of(picture: Original) -> str:
    return (
        f" This is a changed copy; the picture that was kept has SHA-256 {_hash(picture.copy_of)}"
        if picture.copy_of
        else ""
    )


def _words(exhibit: Exhibit) -> Iterator[str]:
    if exhibit.words:
        yield f"<h2>Words on the pictures {markup.MACHINE}</h2>"
        yield f"<details><summary>Show them</summary>{markup.captured(exhibit.words, tag='div')}</details>"


def _how(exhibit: Exhibit) -> Iterator[str]:
    yield "<h2>How it was kept</h2>"
    yield markup.facts(
        (
            ("With", markup.own(exhibit.tool)),
            ("Browser", markup.own(exhibit.browser)),
            ("System", markup.own(exhibit.system)),
            ("It called itself", markup.own(exhibit.user_agent)),
            ("Window", markup.own(exhibit.viewport)),
            ("Language asked for", markup.own(exhibit.locale)),
            ("Browser's sandbox", markup.own(exhibit.sandbox)),
            ("Proxy", markup.own(exhibit.proxy)),
            (
                "Logged in",
                "yes, with an account that is not named here" if exhibit.login else "no, a fresh profile",
            ),
            ("At the keyboard", markup.own(exhibit.operator)),
            ("Server that answered", markup.own(exhibit.server_address)),
            ("Encryption", markup.captured(exhibit.tls) if exhibit.tls else ""),
        )
    )
    yield markup.table(
        ("Step", "How it ended", "Detail", "Milliseconds"),
        (
            (markup.own(named.STEPS.get(s.name, s.name)), s.outcome, markup.captured(s.detail), str(s.ms))
            for s in exhibit.steps
        ),
        caption="Steps, in order",
    )
    if exhibit.actions:
        yield markup.table(
            ("At (UTC)", "What was done", "To what", "Detail"),
            (
                (markup.own(act.at), markup.own(act.what), markup.captured(act.target), markup.captured(act.detail))
                for act in exhibit.actions
            ),
            caption="Everything that was done to the page",
        )
    if exhibit.headers:
        yield markup.table(
            ("Header", "Value"),
            ((markup.captured(name), markup.captured(value)) for name, value in exhibit.headers),
            caption="The server's own headers; cookies are withheld",
        )


def _files(exhibit: Exhibit) -> str:
    rows = (
        (
            markup.own(named.role(original)),
            markup.own(original.media_type),
            f"{original.size:,}",
            _hash(original.sha256) + _copy_of(original),
            f"<code>{markup.own(original.path)}</code>"
            if original.leaves
            else f"not in here: {markup.own(original.held_back)}",
        )
        for original in exhibit.originals
    )
    heads = ("What it is", "Type", "Bytes", "SHA-256", "Where, below this bundle's folder")
    return "<h2>Files</h2>" + markup.table(heads, rows, caption="Each file that was kept, and those held back")


def _archive(exhibit: Exhibit, made: Iterable[str]) -> str:
    path = wacz.path_of(exhibit)
    if path not in set(made):
        return ""
    words = f"made from the network record. Programs that replay web archives open it, such as ReplayWeb.page: {path}"
    return f"<p>Web archive (WACZ), {markup.own(words)}</p>"


def _hash(sha256: str) -> str:
    return markup.digest(sha256)
