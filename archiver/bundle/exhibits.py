"""The exhibits for paper: A4, each with its label, a signature line and its pictures at a legible size.

Every page carries the exhibit, the first digits of the SHA-256 of what stands on it, and page x of y. It shows kept
pictures and facts of the log; what a program read from them stands in the other files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archiver.bundle import markup, named
from archiver.bundle.chosen import Chosen, Exhibit, File, Original
from archiver.bundle.sheets import NotAPicture, Sheet, sheets

MOST_BYTES = 8 * 1024 * 1024  # of pictures in one PDF: for 31 MB of them Chromium took 1.6 GB; more becomes more parts
PREFIX = 16  # hex digits on each page: enough to tell apart, short enough to read out
STYLE = """@page{size:A4;margin:12mm 12mm 20mm;
@bottom-right{content:"page " counter(page) " of " counter(pages);font:9pt Arial,sans-serif}}
body{font-size:10.5pt;max-width:none;padding:0 .5mm;margin:0}
h1{font-size:20pt;margin:0 0 4mm}h2{font-size:13pt}dl{grid-template-columns:42mm 1fr}
section{break-before:page}section:first-of-type{break-before:auto}
.sheet{break-before:page;margin:0}.sheet figcaption{font-size:9.5pt;margin:0 0 2mm}.sheet img{border:.2mm solid #555}
img{max-width:none;box-sizing:border-box}.sign{break-inside:avoid;border:.3mm solid #111;padding:3mm 4mm;margin-top:6mm}
.line{display:inline-block;border-bottom:.3mm solid #111;min-width:52mm}table{font-size:9pt}.hash{font-size:8.5pt}"""

Print = Callable[[bytes], bytes]  # HTML -> PDF


@dataclass(frozen=True)
class Run:
    """An exhibit, or as much of its pictures as one print can hold; its first page comes with picture 0."""

    exhibit: Exhibit
    start: int
    stop: int  # not part of it


def files(chosen: Chosen, print_pdf: Print, *, grey: bool = False) -> Iterator[File]:
    """`data/exhibits.pdf`; of many pictures `data/exhibits-01.pdf` and on, each made when it is written."""
    groups = parts(chosen.exhibits)
    for n, group in enumerate(groups, start=1):
        part = f", part {n} of {len(groups)}" if len(groups) > 1 else ""
        path = f"data/exhibits-{n:02}.pdf" if part else "data/exhibits.pdf"
        yield File(path, _printed(chosen, group, part, print_pdf, grey))


def parts(exhibits: Sequence[Exhibit]) -> list[list[Run]]:
    """Exhibits in order, as many together as one print can hold; one with too many pictures goes on in the next."""
    groups: list[list[Run]] = []
    held = 0
    for exhibit in exhibits:
        start, shown = 0, named.pictures(exhibit)
        for n in range(len(shown)):
            if held and held + shown[n].size > MOST_BYTES:
                groups = _with(groups, Run(exhibit, start, n))
                groups.append([])
                start, held = n, 0
            held += shown[n].size
        groups = _with(groups, Run(exhibit, start, len(shown)))
    return groups


def printable(chosen: Chosen, runs: Sequence[Run], part: str = "", *, grey: bool = False) -> bytes:
    """The exhibits as one HTML page that is set for paper."""
    feet: list[str] = []
    body = [html for run in runs for html in _exhibit(run, feet, grey)]
    rules = "".join(
        f"@page p{n}{{@bottom-left{{content:{markup.css_text(foot)};font:9pt Arial,sans-serif}}}}.p{n}{{page:p{n}}}"
        for n, foot in enumerate(feet)
    )
    title = f"Exhibits {chosen.label}{part}"
    return markup.document(title, ["<main>", *body, "</main>"], style=STYLE + rules, pictures="data:")


def _printed(
    chosen: Chosen, group: Sequence[Run], part: str, print_pdf: Print, grey: bool
) -> Callable[[], Iterator[bytes]]:
    return lambda: iter((print_pdf(printable(chosen, group, part, grey=grey)),))


def _with(groups: list[list[Run]], run: Run) -> list[list[Run]]:
    """The last group with a run more; without one that would say nothing: its pictures all stand in later ones."""
    if run.start == run.stop and named.pictures(run.exhibit):
        return groups
    return [*groups[:-1], [*groups[-1], run]] if groups else [[run]]


def _exhibit(run: Run, feet: list[str], grey: bool) -> Iterator[str]:
    exhibit, shown = run.exhibit, named.pictures(run.exhibit)
    if run.start == 0:
        yield from _first_page(exhibit, shown, feet)
    for n in range(run.start, run.stop):
        yield from _picture(exhibit, shown[n], f"picture {n + 1} of {len(shown)}", feet, grey)


def _first_page(exhibit: Exhibit, shown: Sequence[Original], feet: list[str]) -> Iterator[str]:
    page = _page(feet, f"Exhibit {exhibit.label} · log entry {exhibit.entry} · SHA-256 {exhibit.entry_sha256[:PREFIX]}")
    yield f'<section class="{page}"><h1>Exhibit {markup.own(exhibit.label)}</h1>'
    yield markup.facts(_facts(exhibit))
    if exhibit.missing:
        yield "<h2>What is missing</h2>" + markup.listed(markup.own(thing) for thing in exhibit.missing)
    yield _signature(exhibit)
    yield _digests(shown)
    yield "</section>"


def _facts(exhibit: Exhibit) -> Iterator[tuple[str, str]]:
    standing = exhibit.standing
    yield "What it is", "A copy of a web page, as this computer received and showed it"
    yield "Address", markup.address(exhibit.final)
    if exhibit.requested != exhibit.final:
        yield "Address as given", markup.address(exhibit.requested)
    yield "Kept", markup.own(named.spoken(exhibit.started))
    yield "Local time", markup.own(" ".join((exhibit.local_time, exhibit.time_zone)).strip())
    yield "Clock", markup.own(exhibit.clock_check)
    yield "Answer", markup.own(f"HTTP status {exhibit.status}" if exhibit.status is not None else exhibit.failure)
    if standing is not None:
        yield "What it was", f"{markup.own(named.STANDINGS.get(standing.state, standing.state))} {markup.MACHINE}"
    yield "How whole it is", markup.own(exhibit.verdict)
    yield "Kept with", markup.own(", ".join(filter(None, (exhibit.tool, exhibit.browser, exhibit.system))))
    yield "At the keyboard", markup.own(exhibit.operator)


def _signature(exhibit: Exhibit) -> str:
    line = '<span class="line"></span>'
    return (
        f'<div class="sign"><p>This is the exhibit marked <strong>{markup.own(exhibit.label)}</strong> in the '
        f"statement of {line}</p><p>Signed {line} Date {line}</p></div>"
    )


def _digests(shown: Sequence[Original]) -> str:
    if not shown:
        return "<p>There is no picture in this exhibit.</p>"
    rows = (
        (str(n), f"{picture.size:,}", markup.digest(picture.sha256), _of_which(picture))
        for n, picture in enumerate(shown, start=1)
    )
    return markup.table(("Picture", "Bytes", "SHA-256 of the file", "Note"), rows, caption="Pictures of this exhibit")


def _of_which(picture: Original) -> str:
    return f"a changed copy of {markup.digest(picture.copy_of)}" if picture.copy_of else ""


def _picture(exhibit: Exhibit, picture: Original, which: str, feet: list[str], grey: bool) -> Iterator[str]:
    page = _page(feet, f"Exhibit {exhibit.label} · {which} · SHA-256 {picture.sha256[:PREFIX]}")
    try:
        for sheet in sheets(picture.read(), scale=picture.scale, grey=grey):
            yield _figure(exhibit, picture, which, sheet, page)
    except NotAPicture as error:
        yield f'<p class="sheet {page}">{markup.own(f"{exhibit.label}, {which}: not printed here, {error}.")}</p>'


def _figure(exhibit: Exhibit, picture: Original, which: str, sheet: Sheet, page: str) -> str:
    piece = sheet.piece
    rows = f"pixels {piece.top + 1}-{piece.bottom} of {sheet.height}"
    if piece.right - piece.left < sheet.width:
        rows += f", columns {piece.left + 1}-{piece.right} of {sheet.width}"
    words = f"{exhibit.label}, {which}, {rows}"
    changed = " · a changed copy" if picture.copy_of else ""
    source = markup.data_url("image/png", sheet.png)
    return (
        f'<figure class="sheet {page}"><figcaption>{markup.own(words)} · SHA-256 '
        f"{markup.digest(picture.sha256[:PREFIX])}{changed}</figcaption>"
        f'<img width="{sheet.wide}" src="{source}" alt="{markup.own(words)}">'
        "</figure>"
    )


def _page(feet: list[str], foot: str) -> str:
    feet.append(foot)
    return f"p{len(feet) - 1}"
