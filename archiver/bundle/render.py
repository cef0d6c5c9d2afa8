"""Everything in a bundle that was made to be read, in the order of its writing. Decides nothing about what leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archiver.bundle import chronology, exhibits, pages, statement, wacz
from archiver.bundle.chosen import Chosen, File
from archiver.bundle.exhibits import Print
from archiver.bundle.redact import Cover, Redacted

PAPER = ".pdf"


@dataclass(frozen=True)
class Dress:
    """How a bundle looks to those who read it."""

    paper: bool = True  # False: without PDFs, for which it takes a browser
    grey: bool = False
    cover: Cover | None = None
    redacted: Redacted | None = None  # what `cover` made of the selection
    progress: Callable[[str], None] = lambda path: None  # hears the path of each file when it is written


def rendered(chosen: Chosen, print_pdf: Print | None, *, grey: bool = False, more: Iterable[File] = ()) -> list[File]:
    """Pages, chronology, exhibits, statements, web archives, and `more`. `print_pdf` None: nothing for paper."""
    paper = print_pdf or _none
    files = [
        *chronology.files(chosen, paper),
        *exhibits.files(chosen, paper, grey=grey),
        *statement.files(chosen, paper),
        *wacz.files(chosen),
        *more,
    ]
    if print_pdf is None:
        files = [file for file in files if not file.path.endswith(PAPER)]
    return [*files, *pages.files(chosen, [file.path for file in files])]


def _none(html: bytes) -> bytes:
    raise AssertionError("nothing is printed where no browser was asked for")
