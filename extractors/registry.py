"""Finds the reader for a page: every file in `extractors/pages/` that holds an `EXTRACTOR` is known, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache

import extractors.pages
from extractors.contract import Page, PageExtractor
from extractors.hosts import host_of, is_host
from extractors.pages import generic


@cache
def page_extractors() -> tuple[PageExtractor, ...]:
    """Every platform's reader, by file name; the generic one is not among them."""
    names = sorted(module.name for module in pkgutil.iter_modules(extractors.pages.__path__))
    modules = [importlib.import_module(f"extractors.pages.{name}") for name in names if name != "generic"]
    return tuple(module.EXTRACTOR for module in modules if hasattr(module, "EXTRACTOR"))


def extractor_for(url: str, page: Page | None = None) -> PageExtractor:
    """The reader that claims the address's host; else the one that recognises the page; else the generic one."""
    host = host_of(url)
    for extractor in page_extractors():
        if any(is_host(host, claimed) for claimed in extractor.hosts):
            return extractor
    if page is not None:
        for extractor in page_extractors():
            if extractor.recognises(page):
                return extractor
    return generic.EXTRACTOR


def double_claims(extractors: Iterable[PageExtractor]) -> list[tuple[str, str, str]]:
    """Hosts that two readers claim, as (host, platform, platform)."""
    seen: dict[str, str] = {}
    doubles = []
    for extractor in extractors:
        for host in extractor.hosts:
            if host in seen:
                doubles.append((host, seen[host], extractor.platform))
            seen[host] = extractor.platform
    return doubles
