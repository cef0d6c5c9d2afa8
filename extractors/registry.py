"""Finds the reader for a page: every file in `extractors/pages/` that holds an `EXTRACTOR` is known, nothing else.

The order never depends on the machine: hosts first; then what stands in the page, asked of platforms with hosts of
their own before software that runs on anybody's host; within each by file name. The generic reader takes the rest.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import extractors.pages
from extractors.claims import claimed
from extractors.contract import Identity, Page, PageExtractor
from extractors.hosts import host_of

GENERIC = "generic"


@cache
def page_extractors() -> tuple[PageExtractor, ...]:
    """Every platform's reader, by file name; the generic one is not among them."""
    names = sorted(module.name for module in pkgutil.iter_modules(extractors.pages.__path__))
    found = (_extractor(name) for name in names if name != GENERIC)
    return tuple(extractor for extractor in found if extractor is not None)


@cache
def generic_extractor() -> PageExtractor:
    """The reader for pages that no platform claims."""
    extractor = _extractor(GENERIC)
    if extractor is None:
        raise ImportError("extractors/pages/generic.py holds no EXTRACTOR")
    return extractor


def extractor_for(url: str, page: Page | None = None) -> PageExtractor:
    """The reader that claims the address's host; else the one that recognises the page; else the generic one."""
    if (name := claimed(host_of(url))) and (claimant := _extractor(name)):
        return claimant
    if page is not None:
        for extractor in sorted(page_extractors(), key=lambda each: not each.hosts):
            if extractor.recognises(page):
                return extractor
    return generic_extractor()


def identity_of(url: str) -> Identity | None:
    """What the address alone says; None where no reader knows its host, or it says nothing."""
    name = claimed(host_of(url))
    extractor = _extractor(name) if name else None
    found = extractor.identity(url) if extractor else None
    return replace(found, within=found.within or host_of(url)) if found and extractor and extractor.per_host else found


def post_at(url: str) -> tuple[str, str] | None:
    """Equal for all addresses of one post (a phone's, a front end's, a shared one); None: no post is named."""
    found = identity_of(url)
    return (found.within or found.platform, found.post) if found and found.post else None


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


@cache
def _extractor(name: str) -> PageExtractor | None:
    extractor = getattr(importlib.import_module(f"extractors.pages.{name}"), "EXTRACTOR", None)
    return extractor if isinstance(extractor, PageExtractor) else None
