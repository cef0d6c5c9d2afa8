"""Gab, a fork of Mastodon with pages of its own. Fetches nothing; what is read stands in `mastodon_like`."""

from __future__ import annotations

from functools import partial

from extractors import mastodon_like
from extractors.contract import PageExtractor
from extractors.once import once

SITE = mastodon_like.Site("gab", "gab.com", "")

EXTRACTOR = PageExtractor(
    SITE.platform,
    (SITE.host,),
    once(partial(mastodon_like.read, site=SITE)),
    partial(mastodon_like.standing, site=SITE),
    partial(mastodon_like.recognises, site=SITE),
    partial(mastodon_like.companions, site=SITE),
    partial(mastodon_like.identity, site=SITE),
)
